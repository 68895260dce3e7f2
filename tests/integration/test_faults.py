"""Exactly once, whatever breaks: processes that die, writes that land late, batches that come again, lanes that race.

One seed is one history of four clients: 120 events, sent in an order of their own, in batches of ten; the stream is
delivered in one lane or in four while it goes on. In both functions a process dies before or after a write, and writes
time out and land later; batches come again after newer ones, and functions of other lanes run between what a function
reads and what it writes. `FAULT_SEEDS=400 pytest tests/integration/test_faults.py` is the long run.
"""

import os
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from moto import mock_aws

from shared.opmm.timestamps import rfc3339
from tests.support.agendas import kept, kept_months, months_anew, read_anew
from tests.support.calls import in_memory_with_clients, insist
from tests.support.faults import ClientFaults, injected
from tests.support.ledgers import adds_up, ledger
from tests.support.oracle import evaluate, status, was_described
from tests.support.plain_tables import plain_tables
from tests.support.portfolios import ZONE, digest
from tests.support.readings import said
from tests.support.service import NOW, Service, event, lanes
from tests.support.stream import Faults

CLIENTS = ("acme", "beta", "core", "dune")
EVENTS = 120
SEEDS = int(os.environ.get("FAULT_SEEDS", "6"))

# In each of the two functions, per write.
WRITES = ClientFaults(crash_before=0.05, crash_after=0.05, timeout=0.025, overlap=0.1)
INVOCATIONS = Faults(redelivery=0.1, crash_before=0.02, crash_after=0.02, short_batch=0.2)


def drawn(rng: Random) -> list[dict[str, Any]]:
    """Events that contradict, correct and retract one another, and join clients and part them again."""
    return [_event(rng, place) for place in range(EVENTS)]


def _event(rng: Random, place: int) -> dict[str, Any]:
    subject = rng.choice(CLIENTS)
    then = rfc3339(NOW - timedelta(hours=rng.randint(3, 24 * 420)))
    day = then[:10]
    working = rng.randint(0, 14)
    later = CLIENTS[CLIENTS.index(subject) + 1 :]
    number = str(rng.randint(1, 12))
    kinds: list[tuple[str, dict[str, Any]]] = [
        ("nps.responded", {"response_id": number, "score": rng.randint(0, 10), "responded_at": then}),
        ("nps.responded", {"response_id": number, "score": rng.randint(7, 10), "responded_at": then, "excluded": True}),
        ("nps.retracted", {"response_id": number}),
        ("nps.reported", {"nps": rng.randint(-100, 100), "measured_at": then}),
        ("consultants.counted", {"working": working, "happy": rng.randint(0, working), "as_of": day}),
        ("survey.answered", {"survey_id": number, "answered_at": then, "answers": _answers(rng)}),
        ("client.described", {"status": rng.choice(["active", "ended"]), "name": f"{subject} {number}"}),
        ("talk.recorded", {"talk_id": number, "on": _day(rng, -60, 400), "cancelled": rng.random() < 0.2}),
        ("action.agreed", _action(rng, number)),
        ("goal.set", {"goal_id": number, "points": rng.randint(1, 20), "by": _day(rng, -200, 0)}),
        ("client.described", {"aliases": rng.sample(later, min(len(later), rng.randint(0, 1)))}),
    ]
    [(type_, data)] = rng.choices(kinds, weights=[36, 5, 8, 6, 13, 13, 5, 5, 8, 2, 6])
    recorded = rfc3339(NOW - timedelta(minutes=rng.randint(0, 90)))
    source = rng.choice(["hr", "delighted"])
    return event(type_, data, subject=subject, source=source, id=f"e-{place}", time=recorded)


def _day(rng: Random, latest: int, earliest: int) -> str:
    """A day so many days ago; a negative number is a day to come."""
    return (NOW.date() - timedelta(days=rng.randint(latest, earliest))).isoformat()


def _action(rng: Random, number: str) -> dict[str, Any]:
    expects = {"dimension": rng.choice(["nps", "roadmap", "happy_consultants"]), "points": rng.randint(1, 4)}
    return {
        "action_id": number,
        "title": "Something",
        "side": rng.choice(["agency", "client"]),
        "agreed_on": _day(rng, 100, 400),
        "due": _day(rng, -300, 100),
        **({"expects": expects} if rng.random() < 0.7 else {}),
        **({"closed": rng.choice(["done", "dropped"])} if rng.random() < 0.2 else {}),
    }


def _answers(rng: Random) -> dict[str, Any]:
    answers = {
        "specialisms": rng.randint(0, 5),
        "roadmap": rng.choice(["co_creating", "yes", "no", "third_party"]),
        "inspiration": rng.choice(["regularly", "incidentally", "no", "third_party"]),
    }
    return {key: answers[key] for key in rng.sample(sorted(answers), rng.randint(1, 3))}


def expected(sent: list[dict[str, Any]], name: str) -> dict[str, Any] | None:
    card = evaluate(sent, name, NOW.date(), ZONE, digest)
    about = {"status": status(sent, name, digest), "described": was_described(sent, name, digest)}
    return card and card | about


def play(service: Service, clients: Any, rng: Random, count: int) -> list[dict[str, Any]]:
    """Lets one history happen, to its end, and gives its events."""
    sent = drawn(rng)
    stream = lanes(service, count, rng.randrange(2**32), faults=INVOCATIONS, batch_size=10, maximum_retry_attempts=-1)
    with (
        injected(clients.ingest, WRITES, rng),
        injected(clients.score, WRITES, rng, meanwhile=lambda: stream.step(service.score)),
    ):
        for start in range(0, EVENTS, 10):
            batch = sent[start : start + 10]
            assert insist(lambda batch=batch: service.post(batch)).status == 200  # type: ignore[misc]
            for _ in range(rng.randint(0, 4)):
                stream.step(service.score)
        stream.deliver(service.score)
    # What landed late may have changed the facts once more.
    stream.redeliver(0.2)
    stream.deliver(service.score)
    return sent


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("seed", range(SEEDS // 2))
def test_faults_leave_the_score_that_the_events_give(seed: int, count: int) -> None:
    rng = Random(2 * seed + (count == 4))
    with mock_aws(), plain_tables():
        service, clients = in_memory_with_clients()

        sent = play(service, clients, rng, count)

        cards = {name: said(service, name) for name in CLIENTS}
        assert cards == {name: expected(sent, name) for name in CLIENTS}
        told = {name: ledger(service, name) for name, card in cards.items() if card}
        totals = {name: card["total"] for name, card in cards.items() if card}
        months = {name: kept_months(service, name) for name in totals}
        assert months == {name: months_anew(service, name) for name in totals}
        agendas = {name: kept(service, name) for name in totals}
        assert agendas == {name: read_anew(service, name) for name in totals}
        added_up = {name: adds_up(changes, totals[name]) for name, changes in told.items()}
        assert added_up == dict.fromkeys(told, True)
