"""Calls and metered units of what happens, score and ledger included."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any

from moto import mock_aws

from tests.benchmarks.report import Figure, Section
from tests.benchmarks.usual import Usual
from tests.benchmarks.warm import response_event
from tests.support.calls import HandlerClients, in_memory_with_clients, look
from tests.support.metering import Meter, metered
from tests.support.readings import counted
from tests.support.service import Service, event

SURVEY = {"answered_at": "2026-11-20T10:00:00Z", "answers": {"specialisms": 3, "roadmap": "yes", "inspiration": "no"}}
TALK = {"talk_id": "t-1", "on": "2026-11-20", "with": ["Sam"], "summary": "What went well, and what did not."}
ACTION = {"action_id": "a-1", "title": "Plan a session", "side": "agency", "due": "2026-12-20"}


def history(service: Service) -> None:
    """A year of one client: sixty responses, a head count, a survey."""
    service.post(
        [
            event(
                "nps.responded",
                {
                    "response_id": f"r-{number}",
                    "score": 9 if number % 3 else 5,
                    "responded_at": f"2026-{1 + number % 10:02}-{1 + number % 28:02}T10:00:00Z",
                    "respondent": f"r-{number}@example.com",
                    "comment": "Fine with us, more of the same.",
                },
            )
            for number in range(60)
        ]
    )
    service.post([counted(3), event("survey.answered", SURVEY)])
    service.settle()


def happenings(service: Service) -> Mapping[str, tuple[Callable[[], object], float | None]]:
    """By name, and how many writes the ingest function may make of it at most."""
    newer = "2026-11-24T10:00:00Z"
    return {
        "a new response": (lambda: service.post(response_event(1)), 2),
        "the same response again": (lambda: service.post(response_event(1)), 1),
        "a batch of ten new responses": (lambda: service.post([response_event(n) for n in range(10, 20)]), 20),
        "a head count that moves its question": (lambda: service.post(counted(6, time=newer)), 1),
        "a survey of three questions": (lambda: service.post(event("survey.answered", SURVEY, id="s", time=newer)), 3),
        "a reported NPS": (
            lambda: service.post(event("nps.reported", {"nps": 40, "measured_at": "2026-11-20T10:00:00Z"})),
            1,
        ),
        "a description": (lambda: service.post(event("client.described", {"name": "Acme", "owner": "Sam"})), 1),
        "a talk": (lambda: service.post(event("talk.recorded", TALK)), 1),
        "an agreement": (lambda: service.post(event("action.agreed", ACTION)), 1),
        "a new response of a client with a talk and an agreement": (lambda: service.post(response_event(30)), 2),
        "GET a client": (lambda: service.get("/v1/clients/acme"), 0),
    }


@mock_aws
def metered_units() -> Section:
    """Each happening once, on a client with a year of history."""
    service, clients = in_memory_with_clients()
    history(service)
    figures: list[Figure] = []
    for name, (act, writes) in happenings(service).items():
        service.clock.now += timedelta(seconds=1)  # or what is sorted by the time of a change would stay in its place
        meters = _meter(service, clients, act)
        written = sum(meter.write_units for meter in meters.values())
        read = sum(meter.read_units for meter in meters.values())
        figures += [
            Figure(f"{name}: writes in ingest", "calls", _writes(meters["ingest"]), bar=writes),
            Figure(f"{name}: write units in all", "units", written, note=_told(meters)),
            Figure(f"{name}: read units in all", "units", read),
        ]
    with metered(clients.pages) as page:
        look(service, "/clients/acme")
    figures.append(Figure("the page of a client: read units", "units", page.read_units))
    usual = _of_the_usual()
    return Section(
        "Calls and units",
        "What DynamoDB meters by its published rules for a client with sixty responses, an answer to every question "
        "and a ledger. The reference stores a response and counts it, and keeps neither a ledger nor an index.",
        [replace(figure, reference=usual.get(figure.what)) for figure in figures],
    )


def _meter(service: Service, clients: HandlerClients, act: Callable[[], object]) -> dict[str, Meter]:
    with ExitStack() as stack:
        held = {"ingest": clients.ingest, "score": clients.score, "query": clients.query}
        meters = {name: stack.enter_context(metered(client)) for name, client in held.items()}
        act()
        service.settle()
    return meters


def _writes(meter: Meter) -> int:
    return sum(count for operation, count in meter.calls.items() if operation in ("PutItem", "UpdateItem"))


def _told(meters: Mapping[str, Meter]) -> str:
    return "; ".join(
        f"{name}: {meter.write_units} written, {meter.read_units:g} read"
        for name, meter in meters.items()
        if meter.calls
    )


def _of_the_usual() -> dict[str, float]:
    """The figures of the reference, by the names of ours."""
    usual = Usual()
    usual.ask("POST", "/v1/events", response_event(0))
    usual.score()
    found: dict[str, float] = {}
    acts: Mapping[str, Any] = {
        "a new response": lambda: (usual.ask("POST", "/v1/events", response_event(1)), usual.score()),
        "the same response again": lambda: usual.ask("POST", "/v1/events", response_event(1)),
        "GET a client": lambda: usual.ask("GET", "/v1/clients/acme"),
    }
    for name, act in acts.items():
        with ExitStack() as stack:
            meters = [stack.enter_context(metered(client)) for client in usual.clients]
            act()
        found[f"{name}: write units in all"] = sum(meter.write_units for meter in meters)
        found[f"{name}: read units in all"] = sum(meter.read_units for meter in meters)
    return found
