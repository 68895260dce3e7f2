"""A sender that repeats what got 503 leaves what stands as if there had been no outage."""

from collections.abc import Callable
from typing import Any

import pytest
from moto import mock_aws

from tests.support.calls import stored
from tests.support.everything import told
from tests.support.outages import NOTED, OUTAGES, Failure, Wire, unheard, wired
from tests.support.readings import counted
from tests.support.service import Answer, Service, in_memory
from tests.support.webhooks import SOURCES, register, sample, send, values

PLACES = 8
"""In which an outage begins, spread over the calls of a request."""

BUSY = OUTAGES["Throttling"]


def webhook(service: Service) -> Answer:
    return send(service, "delighted", sample("delighted"))


def nobodys_webhook(service: Service) -> Answer:
    sent = values("delighted")
    sent["event_data"]["person_properties"] = {}
    return send(service, "delighted", sent)


SENDS: dict[str, Callable[[Service], Answer]] = {
    "a batch": lambda service: service.post(told()),
    "one event": lambda service: service.post(told()[4]),
    "a webhook": webhook,
    "a webhook that is parked": nobodys_webhook,
}


def sent_in_an_outage(name: str, begins: int, failure: Failure) -> tuple[int, list[dict[str, Any]]]:
    """What stands after a request in an outage that begins at this call, and the same request later.

    Gives how many calls the first one made, too.
    """
    with mock_aws():
        service = in_memory()
        register(service, SOURCES)
        service.post(counted(6))
        wire = Wire(lambda _, place: failure if place == begins else BUSY if place > begins >= 0 else None)
        with wired(wire):
            first = SENDS[name](service)
        if begins >= 0:
            assert first.status == (200 if wire.calls[begins] == NOTED else 503)
            assert SENDS[name](service).status in (200, 202)
        service.settle()
        parked = service.get_ingest("/v1/parked").json["parked"]
        return len(wire.calls), [*stored("FactsTable"), *(without_count(item) for item in parked)]


def without_count(item: dict[str, Any]) -> dict[str, Any]:
    """What is parked counts how often it was delivered."""
    return {key: value for key, value in item.items() if key != "count"}


@pytest.mark.parametrize("failure", [BUSY, unheard], ids=["refused", "done and unheard"])
@pytest.mark.parametrize("name", SENDS)
def test_nothing_is_lost_or_stored_twice_wherever_an_outage_begins(name: str, failure: Failure) -> None:
    calls, usual = sent_in_an_outage(name, -1, failure)
    assert usual

    for begins in range(0, calls, max(calls // PLACES, 1)):
        assert sent_in_an_outage(name, begins, failure)[1] == usual, f"begins at call {begins}"
