from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from functions.score.nightly import UnfinishedJobError, UnknownJobError
from tests.support.calls import in_memory_with_clients
from tests.support.service import Service, event, responses


def test_a_day_that_begins_moves_the_window_and_says_so_in_the_ledger(service: Service) -> None:
    service.post([*responses([9]), event("consultants.counted", {"working": 3, "as_of": "2026-11-23"})])
    service.settle()
    service.clock.now += timedelta(days=365 - 10)

    assert service.score({"job": "nightly_refresh"}, None) == {"clients": 1}

    [row] = service.get("/v1/clients").json["clients"]
    assert (row["total"], row["as_of"], row["stale"]) == (2, "2027-11-14", True)
    latest = service.get("/v1/clients/acme/history").json["changes"][0]
    assert (latest["cause"], latest["facts"]) == ("window", [])
    assert latest["dimensions"] == [
        {
            "key": "nps",
            "before": {"points": 4, "value": 100, "band": "10 or higher"},
            "after": {"points": None, "value": None, "band": None},
        }
    ]


def test_a_rebuild_finds_what_stands_and_changes_nothing(service: Service) -> None:
    service.post([*responses([9, 0, 7]), event("client.described", {"status": "ended"})])
    service.settle()
    before = service.get("/v1/clients/acme").json

    assert service.score({"job": "rebuild"}, None) == {"clients": 1}

    assert service.get("/v1/clients/acme").json == before


def test_a_call_that_is_no_bell_is_refused(service: Service) -> None:
    with pytest.raises(UnknownJobError):
        service.score({"ball": "day"}, None)


def test_a_rebuild_finds_clients_that_have_no_scorecard(service: Service) -> None:
    service.post(responses([9]))

    assert service.score({"job": "rebuild"}, None) == {"clients": 1}

    assert service.get("/v1/clients/acme").json["total"] == 4


def test_a_client_that_fails_does_not_hold_up_the_others() -> None:
    with mock_aws():
        service, clients = in_memory_with_clients()
        service.post(
            [event("consultants.counted", {"working": 3, "as_of": "2026-11-23"}, subject=name) for name in "ab"]
        )
        service.settle()
        service.clock.now += timedelta(days=60)

        def refuse(params: dict[str, Any], **_: Any) -> None:
            if params["Key"]["client_id"]["S"] == "a":
                raise ConnectionError

        clients.score.meta.events.register("provide-client-params.dynamodb.GetItem", refuse)
        with pytest.raises(UnfinishedJobError, match="1 of 2"):
            service.score({"job": "nightly_refresh"}, None)

        stale = {row["client_id"]: row["stale"] for row in service.get("/v1/clients").json["clients"]}
        assert stale == {"a": False, "b": True}
