import itertools
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from tests.support.calls import in_memory_with_clients, stored
from tests.support.faults import WRITES, Crash
from tests.support.ledgers import adds_up, ledger
from tests.support.service import Answer, Service, event, in_memory, lanes, responses

pytestmark = pytest.mark.usefixtures("plainly")


def described(subject: str = "acme", minute: int = 0, source: str = "tests", **data: Any) -> dict[str, Any]:
    return event("client.described", data, subject=subject, source=source, time=f"2026-11-23T15:{minute:02d}:00Z")


def joined(service: Service, *events: dict[str, Any]) -> None:
    """Posts one by one, each settled before the next."""
    for each in events:
        assert service.post(each).status in {200, 202}
        service.settle()


def listed(service: Service) -> dict[str, int]:
    return {row["client_id"]: row["total"] for row in service.get("/v1/clients?status=all").json["clients"]}


def counts(answer: Answer) -> tuple[str, int | None]:
    """Whose answer it is, and how many responses count."""
    card = answer.json
    tally = card["dimensions"][4]["responses"]
    return card["client_id"], tally and tally["count"]


COUNTED = event("consultants.counted", {"working": 6, "happy": 6, "as_of": "2026-11-01"}, subject="stray")
RATED = responses([9, 10], subject="stray")


def test_facts_of_an_alias_count_whether_it_is_declared_before_or_after_them() -> None:
    told = []
    for order in itertools.permutations([described(aliases=["stray"]), COUNTED, RATED[0]]):
        with mock_aws():
            service = in_memory()
            joined(service, *order)
            card = service.get("/v1/clients/acme").json
            assert service.get("/v1/clients/stray").json == card
            assert listed(service) == {"acme": 7}
            told.append((card["total"], card["aliases"], card["digest"]))

    assert told == [(7, ["stray"], told[0][2])] * 6


def test_facts_in_flight_under_the_stray_name_count_for_the_client(service: Service) -> None:
    joined(service, COUNTED)  # the ingest function now takes stray for a client, for a minute
    other = Service(service.tables)
    other.post(described(aliases=["stray"]))
    service.settle()

    answer = service.post(RATED)
    service.settle()

    assert {result["client_id"] for result in answer.json["results"]} == {"stray"}
    assert counts(service.get("/v1/clients/acme")) == ("acme", 2)
    assert listed(service) == {"acme": 7}


def test_an_alias_is_known_at_once_to_the_function_that_took_it(service: Service) -> None:
    service.post(COUNTED)

    results = service.post([described(aliases=["stray"]), RATED[0]]).json["results"]

    assert results[1]["client_id"] == "acme"


def test_an_alias_is_any_name_by_its_slug(service: Service) -> None:
    joined(service, described(aliases=["Étray  B.V.", "stray"]), {**COUNTED, "subject": "etray-b-v"})

    assert service.get("/v1/clients/acme").json["aliases"] == ["etray-b-v", "stray"]
    assert listed(service) == {"acme": 3}


def test_an_alias_brings_its_own_aliases_along(service: Service) -> None:
    joined(service, COUNTED, described("middle", aliases=["stray"]), described("acme", aliases=["middle"]))

    assert [service.get(f"/v1/clients/{name}").json["client_id"] for name in ("acme", "middle", "stray")] == [
        "acme"
    ] * 3
    assert service.get("/v1/clients/acme").json["aliases"] == ["middle", "stray"]
    assert listed(service) == {"acme": 3}


@pytest.mark.parametrize("swap", [False, True])
def test_the_later_claim_on_an_alias_wins_whichever_comes_first(service: Service, *, swap: bool) -> None:
    claims = [described("acme", 1, aliases=["stray"]), described("beta", 2, aliases=["stray"])]

    joined(service, COUNTED, *(claims[::-1] if swap else claims))

    assert service.get("/v1/clients/stray").json["client_id"] == "beta"
    assert listed(service) == {"acme": 0, "beta": 3}


def test_an_alias_that_is_no_longer_claimed_is_a_client_of_its_own_again(service: Service) -> None:
    joined(service, COUNTED, described(minute=1, aliases=["stray"]), RATED[0], described(minute=2, aliases=[]))

    assert listed(service) == {"acme": 0, "stray": 7}
    assert service.get("/v1/clients/stray").json["client_id"] == "stray"


@pytest.mark.parametrize("hours", [0, 1, -1])
def test_a_client_that_was_an_alias_for_a_while_has_a_ledger_that_adds_up(service: Service, hours: int) -> None:
    joined(service, COUNTED)
    for step in (described(minute=1, aliases=["stray"]), described(minute=2, aliases=[])):
        service.clock.now += timedelta(hours=hours)  # also clocks of different machines, that disagree
        joined(service, step)

    told = ledger(service, "stray")
    assert [(each["cause"], each["total_before"], each["total_after"]) for each in told] == [
        ("new", 0, 3),
        ("rebuild", 3, 0),
        ("rebuild", 0, 3),
    ]
    assert adds_up(told, 3)
    assert adds_up(ledger(service, "acme"), 0)


def test_when_the_later_claim_is_withdrawn_the_earlier_one_holds_again(service: Service) -> None:
    joined(
        service,
        COUNTED,
        described("acme", 1, aliases=["stray"]),
        described("beta", 2, aliases=["stray"]),
        described("beta", 3, aliases=[]),
    )

    assert service.get("/v1/clients/stray").json["client_id"] == "acme"


def test_the_silence_of_one_source_takes_nothing_back(service: Service) -> None:
    joined(service, COUNTED, described(minute=1, source="hr", aliases=["stray"]), described(minute=2, aliases=[]))

    assert listed(service) == {"acme": 3}


def test_a_name_without_facts_leaves_nothing_when_it_is_no_longer_an_alias(service: Service) -> None:
    joined(service, described(minute=1, aliases=["stray"]), described(minute=2, aliases=[]))

    assert listed(service) == {"acme": 0}
    assert service.get("/v1/clients/stray").status == 404


@pytest.mark.parametrize("answered_at", ["2026-11-14T09:00:00Z", "2026-10-01T09:00:00Z", "2024-01-01T09:00:00Z"])
@pytest.mark.parametrize("declared", [0, 1, 2])
def test_a_response_sent_under_both_names_counts_once_by_its_later_version(
    service: Service, declared: int, answered_at: str
) -> None:
    under_stray = {**RATED[0], "data": {**RATED[0]["data"], "score": 0}}
    later = event(
        "nps.responded", {**RATED[0]["data"], "responded_at": answered_at}, id="e-9", time="2026-11-23T13:00:00Z"
    )
    events = [under_stray, later]
    events.insert(declared, described(aliases=["stray"]))

    joined(service, *events)

    tally = service.get("/v1/clients/acme").json["dimensions"][4]["responses"]
    once = {"promoters": 1, "passives": 0, "detractors": 0, "count": 1}
    assert tally == (None if answered_at.startswith("2024") else once)


@pytest.mark.parametrize("declared", [0, 1, 2])
def test_a_retraction_under_one_name_takes_back_the_response_under_the_other(service: Service, declared: int) -> None:
    events = [RATED[0], event("nps.retracted", {"response_id": "stray-r-0"}, time="2026-11-23T13:00:00Z")]
    events.insert(declared, described(aliases=["stray"]))

    joined(service, *events)

    assert service.get("/v1/clients/acme").json["dimensions"][4]["points"] is None


def test_a_client_that_ended_keeps_its_score_and_leaves_the_default_list(service: Service) -> None:
    joined(service, {**COUNTED, "subject": "acme"}, described(minute=1, status="ended"))

    card = service.get("/v1/clients/acme").json
    assert (card["total"], card["status"]) == (3, "ended")
    rows = {
        status: [row["client_id"] for row in service.get(f"/v1/clients?status={status}").json["clients"]]
        for status in ("active", "ended", "all")
    }
    assert rows == {"active": [], "ended": ["acme"], "all": ["acme"]}
    assert service.get("/v1/clients").json["clients"] == []
    joined(service, described(minute=2, status="active"))
    assert [row["client_id"] for row in service.get("/v1/clients").json["clients"]] == ["acme"]


def test_what_a_description_leaves_out_stays_as_it_was(service: Service) -> None:
    joined(service, described(minute=1, name="Acme B.V.", status="ended"), described(minute=2, aliases=["stray"]))

    card = service.get("/v1/clients/acme").json
    assert (card["name"], card["status"], card["aliases"]) == ("Acme B.V.", "ended", ["stray"])


def claims(*steps: tuple[str, str]) -> list[dict[str, Any]]:
    """In each step a name claims another."""
    return [
        event("client.described", {"aliases": [alias]}, subject=subject, id=f"e-{place}")
        for place, (subject, alias) in enumerate(steps)
    ]


LOOPS = [
    claims(("acme", "beta"), ("beta", "acme")),
    claims(("acme", "beta"), ("beta", "core"), ("core", "acme")),
]
REFUSED_ALIAS = [{"pointer": "/data/aliases/0", "detail": "would make the client an alias of itself"}]


@pytest.mark.parametrize("steps", LOOPS)
@pytest.mark.parametrize("settled", [True, False])
def test_an_alias_that_closes_a_circle_is_refused(
    service: Service, steps: list[dict[str, Any]], *, settled: bool
) -> None:
    for step in steps[:-1]:
        assert service.post(step).status == 202
        if settled:
            service.settle()
    held = stored()

    answer = service.post(steps[-1])

    assert (answer.status, answer.json["errors"]) == (422, REFUSED_ALIAS)
    assert stored() == held


@pytest.mark.parametrize("steps", LOOPS)
def test_an_alias_that_closes_a_circle_within_a_batch_is_refused(service: Service, steps: list[dict[str, Any]]) -> None:
    answer = service.post(steps)

    assert answer.status == 207
    assert [result["status"] for result in answer.json["results"]] == ["accepted"] * (len(steps) - 1) + ["rejected"]
    assert answer.json["results"][-1]["problem"]["errors"] == REFUSED_ALIAS
    assert len(stored()) == len(steps) - 1


def test_a_name_that_is_given_back_is_a_client_again_also_when_a_try_ends_halfway() -> None:
    with mock_aws():
        service, clients = in_memory_with_clients()
        service.post(event("consultants.counted", {"working": 3, "as_of": "2026-11-01"}, subject="stray"))
        service.post(event("client.described", {"aliases": ["stray"]}, time="2026-11-23T12:00:00Z"))
        service.settle()
        service.post(event("client.described", {"aliases": []}, time="2026-11-23T13:00:00Z"))
        refused: list[str] = []

        def refuse(params: dict[str, Any], **_: Any) -> None:
            """When it is asked whether the name has facts of its own."""
            if params.get("ProjectionExpression") == "moved" and not refused:
                refused.append("any")
                raise ConnectionError

        clients.score.meta.events.register("provide-client-params.dynamodb.Query", refuse)
        service.settle()

        assert refused == ["any"]
        assert service.get("/v1/clients/stray").json["client_id"] == "stray"
        assert service.get("/v1/clients/stray").json["total"] == 2


def test_a_name_that_is_given_back_and_taken_again_before_the_client_was_made_without_it_brings_all_its_facts() -> None:
    with mock_aws():
        service, clients = in_memory_with_clients()
        joined(service, described(aliases=["stray"]), COUNTED)
        stream = lanes(service, 4, seed=1)
        stream.deliver(service.score)

        def fails(params: dict[str, Any], model: Any, **_: Any) -> None:
            if model.name in WRITES and "'client_id': {'S': 'acme'}" in repr(params):
                raise Crash

        calls = clients.score.meta.events
        calls.register_first("before-parameter-build.dynamodb", fails)
        for each in ([described(minute=1, aliases=[])], RATED):
            service.post(each)
            for _ in range(10):
                stream.step(service.score)
        # Its facts count for itself, and those from before for the other client as well, which nobody could write yet.
        assert counts(service.get("/v1/clients/stray")) == ("stray", 2)
        assert listed(service) == {"acme": 3, "stray": 7}

        service.post(described(minute=2, aliases=["stray"]))
        calls.unregister("before-parameter-build.dynamodb", fails)
        stream.deliver(service.score)

        assert counts(service.get("/v1/clients/stray")) == ("acme", 2)
        assert listed(service) == {"acme": 7}
        assert service.get("/v1/clients/acme/verify").json["differs"] == []
