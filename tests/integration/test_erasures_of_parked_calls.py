"""Parked calls of whoever is erased go as well, and no table and no export holds anything afterwards."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.opmm.model_document import published_model
from shared.sheets.kinds import file_kinds
from tests.support.clients import dynamodb_client
from tests.support.erasing import COMMENT, HASH, ROBIN, WISHES, ask, erased, everything, full, post, response
from tests.support.service import Service
from tests.support.webhooks import SOURCES, connected, sample, send, store, values
from tools.transfer.exporting import export
from tools.transfer.stored import facts


def parked(service: Service) -> list[Any]:
    items: list[Any] = service.get_ingest("/v1/parked").json["parked"]
    return items


def unmapped() -> dict[str, Any]:
    return SOURCES | {"nps": SOURCES["nps"] | {"client": "event_data.client"}}


def test_a_parked_call_of_a_person_goes_and_is_not_kept_again() -> None:
    with connected(unmapped()) as service:
        payload = values("delighted")
        payload["event_data"]["person"]["email"] = ROBIN
        other = sample("delighted")
        for body in (payload, other):
            send(service, "delighted", body)
        assert len(parked(service)) == 2
        held = ask(service, "GET", f"/v1/subjects?respondent={ROBIN}").json
        assert held["sources"] == [{"source": "nps", "parked": 1}]

        receipt = erased(service, respondent=ROBIN)

        assert receipt["counts"] == {"parked": 1}
        assert len(parked(service)) == 1
        again = send(service, "delighted", payload)
        assert (again.status, again.json["status"]) == (200, "superseded")
        assert len(parked(service)) == 1
        assert ROBIN not in everything()
        [marker] = [item for item in dynamodb_client().scan(TableName="ParkedTable")["Items"] if "erased" in item]
        assert marker.keys() == {"source", "digest", "format", "erased", "expires_at"}
        store(SOURCES)
        service.clock.now += timedelta(minutes=1)
        replayed = service.get_ingest("/v1/parked/replay?source=nps", method="POST")
        assert replayed.json["replayed"] == 1


def test_a_parked_call_that_names_an_erased_client_goes_as_well() -> None:
    with connected(unmapped()) as service:
        full(service)
        for name in ("ACME BV", "Somebody else"):
            payload = values("delighted")
            payload["event_data"]["person_properties"] = {"company": name}
            payload["event_data"]["id"] = name
            send(service, "delighted", payload)

        receipt = erased(service, client_id="acme")

        assert receipt["counts"]["parked"] == 1
        assert len(parked(service)) == 1


def exported(folder: Path) -> str:
    """All that an export writes."""
    export(facts(dynamodb_client(), "FactsTable", []), folder, file_kinds(published_model()))
    return "".join(file.read_text() for file in folder.iterdir())


@pytest.mark.parametrize("wish", WISHES.values(), ids=list(WISHES))
def test_tables_and_exports_hold_a_canary_before_and_not_after(wish: dict[str, Any], tmp_path: Path) -> None:
    with connected(unmapped()) as service:
        payload = values("delighted")
        payload["event_data"]["person"]["email"] = ROBIN
        payload["event_data"]["person_properties"] = {"company": "Acme"}
        send(service, "delighted", payload)
        post(service, response(1))
        held = everything()
        assert [text in held for text in (COMMENT, ROBIN, HASH)] == [True] * 3
        assert COMMENT in exported(tmp_path)

        erased(service, **wish)

        held = everything()
        assert [text in held for text in (COMMENT, ROBIN, HASH)] == [False] * 3
        assert COMMENT not in exported(tmp_path)
        service.restart_ingest()
        send(service, "delighted", payload)
        post(service, response(1))
        assert [text in everything() for text in (ROBIN, HASH)] == [False] * 2
