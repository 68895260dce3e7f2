from datetime import timedelta

import pytest

from functions.score.bell import UnknownBellError
from tests.support.service import Service, event, responses


def test_a_day_that_begins_moves_the_window_and_says_so_in_the_ledger(service: Service) -> None:
    service.post([*responses([9]), event("consultants.counted", {"working": 3, "as_of": "2026-11-23"})])
    service.settle()
    service.clock.now += timedelta(days=365 - 10)

    assert service.score({"bell": "day"}, None) == {"clients": 1}

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

    assert service.score({"bell": "rebuild"}, None) == {"clients": 1}

    assert service.get("/v1/clients/acme").json == before


def test_a_call_that_is_no_bell_is_refused(service: Service) -> None:
    with pytest.raises(UnknownBellError):
        service.score({"ball": "day"}, None)
