"""The events of one history: they contradict, correct and retract one another, and join clients and part them again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from shared.opmm.timestamps import rfc3339
from tests.support.service import NOW, event

CLIENTS = ("acme", "beta", "core", "dune")
"""Names; each may be an alias of those before it."""

_DAYS = 420
"""How far back it goes: somewhat more than the window."""


def drawn(rng: Random, count: int, start: int = 0, now: datetime = NOW) -> list[dict[str, Any]]:
    """So many events, numbered from `start`. Numbers of responses and surveys are few, so that they meet."""
    return [_event(rng, place, now) for place in range(start, start + count)]


def joining(
    rng: Random, place: int, now: datetime = NOW, subject: str | None = None, aliases: Sequence[str] | None = None
) -> dict[str, Any]:
    """The word that a client has an alias, or none; most are later than the ones before, and so take a name away."""
    claimant = subject or rng.choice(CLIENTS[:-1])
    later = CLIENTS[CLIENTS.index(claimant) + 1 :]
    data = {"aliases": rng.sample(later, rng.choice([0, 1, 1])) if aliases is None else aliases}
    recorded = rfc3339(now - timedelta(minutes=90 - 2 * place + rng.randint(0, 5)))
    return event("client.described", data, subject=claimant, source=_source(rng), id=f"j-{place}", time=recorded)


def _event(rng: Random, place: int, now: datetime) -> dict[str, Any]:
    subject = rng.choice(CLIENTS)
    then = rfc3339(now - timedelta(hours=_hours(rng), seconds=rng.randint(0, 3600)))
    day = then[:10]
    working = rng.randint(0, 14)
    number = str(rng.randint(1, 7))
    later = CLIENTS[CLIENTS.index(subject) + 1 :]
    kinds: list[tuple[int, str, dict[str, Any]]] = [
        (36, "nps.responded", {"response_id": number, "score": rng.randint(0, 10), "responded_at": then}),
        (5, "nps.responded", {"response_id": number, "score": 9, "responded_at": then, "excluded": True}),
        (8, "nps.retracted", {"response_id": number}),
        (6, "nps.reported", {"nps": rng.randint(-100, 100), "measured_at": then}),
        (13, "consultants.counted", {"working": working, "happy": rng.randint(0, working), "as_of": day}),
        (15, "survey.answered", {"survey_id": number, "answered_at": then, "answers": _answers(rng)}),
        (4, "client.described", {"status": rng.choice(["active", "ended"]), "name": f"{subject} {number}"}),
        (4, "talk.recorded", {"talk_id": number, "on": _day(rng, now, -60, 400), "cancelled": rng.random() < 0.2}),
        (5, "action.agreed", _action(rng, number, now)),
        (2, "goal.set", {"goal_id": number, "points": rng.randint(1, 20), "by": _day(rng, now, -200, 0)}),
        (8, "client.described", {"aliases": rng.sample(later, min(len(later), rng.randint(0, 1)))}),
    ]
    [(_, type_, data)] = rng.choices(kinds, weights=[weight for weight, _, _ in kinds])
    return event(type_, data, subject=subject, source=_source(rng), id=f"e-{place}", time=_time(rng, now))


def _hours(rng: Random) -> int:
    """Anywhere in the window, but often where a day begins or the window ends."""
    edge = rng.choice([3, 24, 48, 24 * 364, 24 * 365, 24 * 366])
    return edge + rng.randint(-2, 2) if rng.random() < 0.25 else rng.randint(3, 24 * _DAYS)


def _source(rng: Random) -> str:
    return rng.choice(["hr", "delighted"])


def _time(rng: Random, now: datetime) -> str:
    return rfc3339(now - timedelta(minutes=rng.randint(0, 90)))


def _day(rng: Random, now: datetime, latest: int, earliest: int) -> str:
    """A day so many days ago; a negative number is a day to come."""
    return (now.date() - timedelta(days=rng.randint(latest, earliest))).isoformat()


def _action(rng: Random, number: str, now: datetime) -> dict[str, Any]:
    expects = {"dimension": rng.choice(["nps", "roadmap", "happy_consultants"]), "points": rng.randint(1, 4)}
    return {
        "action_id": number,
        "title": "Something",
        "side": rng.choice(["agency", "client"]),
        "agreed_on": _day(rng, now, 100, 400),
        "due": _day(rng, now, -300, 100),
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
