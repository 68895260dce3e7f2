"""What a scorecard must be, worked out word by word from the rules in the simplest way, from nothing but the events.

Independent on purpose: it shares no code with what it checks, keeps no state and is as slow as it likes.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.names import claims, names_of, owner

Event = Mapping[str, Any]
Digest = Callable[..., str]
"""What breaks the tie between versions of the same time: of an event, or of what it says to one question."""

RESPONSES = ("nps.responded", "nps.retracted")
SURVEY_KEYS = ["specialisms", "roadmap", "inspiration"]
KEYS = ["happy_consultants", "specialisms", "roadmap", "inspiration", "nps"]
FRESH_DAYS = {"happy_consultants": 45, "specialisms": 180, "roadmap": 365, "inspiration": 365}
ROADMAP = {"co_creating": 4, "yes": 3, "no": 2, "third_party": 1}
INSPIRATION = {"regularly": 4, "incidentally": 3, "no": 2, "third_party": 1}
WINDOW_DAYS = 365

# Where a fact has its business time, and what makes it the same fact again (with its client and source).
TIME_OF = {
    "nps.responded": "responded_at",
    "nps.reported": "measured_at",
    "consultants.counted": "as_of",
    "survey.answered": "answered_at",
}


def evaluate(events: Sequence[Event], client_id: str, day: date, zone: str, digest: Digest) -> dict[str, Any] | None:
    """The scorecard of the client known by this name, as the events give it for the end of the day.

    Without digest, version, changed_at, fact ids and band texts. None when no event was ever about that client. The
    `digest` of an event breaks the tie between events of the same time.
    """

    def revision(event: Event) -> Revision:
        return datetime.fromisoformat(event["time"]), taken_away(event), digest(event)

    claimed = claims(events, revision)
    client = owner(client_id, claimed)
    names = names_of(client, claimed)
    about = sorted((event for event in events if event["subject"] in names), key=revision)
    if not about:
        return None
    told = [*responses(events, names, revision), *figures(about, revision), *answered(about, digest)]
    facts = [(fact, rank) for fact, rank in told if day_of(fact, zone) <= day]
    facts.sort(key=lambda fact: (instant_of(fact[0], zone), fact[1]))
    return scored([fact for fact, _ in facts], about, client, day, zone)


def scored(facts: Sequence[Event], about: Sequence[Event], client: str, day: date, zone: str) -> dict[str, Any]:
    """The scorecard of facts that stand, the oldest first."""
    dimensions = [dimension(key, facts, day, zone) for key in KEYS]
    answered = [entry for entry in dimensions if entry["points"] is not None]
    return {
        "client_id": client,
        "name": described(about, "name") or client,
        "as_of": day.isoformat(),
        "total": sum(entry["points"] for entry in answered),
        "max_total": 20,
        "attainable": 4 * len(answered),
        "complete": len(answered) == len(KEYS),
        "stale": any(entry["stale"] for entry in dimensions),
        "model": "opmm-1",
        "dimensions": dimensions,
    }


def status(events: Sequence[Event], client_id: str, digest: Digest) -> str:
    """`active` or `ended`, as the latest description that mentions it says; active when none does."""

    def revision(event: Event) -> Revision:
        return datetime.fromisoformat(event["time"]), taken_away(event), digest(event)

    claimed = claims(events, revision)
    names = names_of(owner(client_id, claimed), claimed)
    about = sorted((event for event in events if event["subject"] in names), key=revision)
    return str(described(about, "status") or "active")


def was_described(events: Sequence[Event], client_id: str, digest: Digest) -> bool:
    """Whether anybody has said anything of the client itself, under any of its names."""

    def revision(event: Event) -> Revision:
        return datetime.fromisoformat(event["time"]), taken_away(event), digest(event)

    claimed = claims(events, revision)
    names = names_of(owner(client_id, claimed), claimed)
    about = [event for event in events if event["subject"] in names and event["type"] == "client.described"]
    return any(event["data"] for event in about)  # one without a field says nothing


def described(about: Sequence[Event], field: str) -> Any:
    """The field as the latest event that mentions it has it, whatever its source or name; events oldest first."""
    mentions = [
        event["data"][field]
        for event in about
        if event["type"] == "client.described" and event["data"].get(field) is not None
    ]
    return mentions[-1] if mentions else None


Revision = tuple[datetime, bool, str]


def taken_away(event: Event) -> bool:
    """Whether this version takes the fact out of the score: at the same time it outranks one that tells a value."""
    return event["type"] == "nps.retracted" or bool(event["data"].get("excluded"))


def responses(
    events: Sequence[Event], names: Collection[str], revision: Callable[[Event], Revision]
) -> list[tuple[Event, Any]]:
    """Responses count once, at the client that their latest version names, whatever clients were named before."""
    return [
        (event, revision(event))
        for event in latest_of_responses(events, revision)
        if event["subject"] in names and not taken_away(event)
    ]


def latest_of_responses(events: Sequence[Event], revision: Callable[[Event], Revision]) -> list[Event]:
    """Of each response its latest version, taken back or not."""
    latest: dict[tuple[str, str], Event] = {}
    for event in sorted(events, key=revision):
        if event["type"] in RESPONSES:
            latest[event["source"], event["data"]["response_id"]] = event
    return list(latest.values())


def left_by_all(events: Sequence[Event], client_id: str, digest: Digest) -> bool:
    """Whether nothing was said of the client but responses whose latest versions name others.

    It is in no list; whether it is known, as one that had responses, depends on when its scores were made.
    """

    def revision(event: Event) -> Revision:
        return datetime.fromisoformat(event["time"]), taken_away(event), digest(event)

    claimed = claims(events, revision)
    names = names_of(owner(client_id, claimed), claimed)
    about = [event for event in events if event["subject"] in names]
    stand = any(event["subject"] in names for event in latest_of_responses(events, revision))
    return bool(about) and not stand and all(event["type"] in RESPONSES for event in about)


def figures(about: Sequence[Event], revision: Callable[[Event], Revision]) -> list[tuple[Event, Any]]:
    """Head counts and reported figures: of each the latest version, of events oldest first."""
    latest: dict[tuple[str, str, str], Event] = {}
    for event in about:
        if event["type"] in ("nps.reported", "consultants.counted"):
            latest[event["type"], event["source"], event["data"][TIME_OF[event["type"]]]] = event
    return [(event, revision(event)) for event in latest.values()]


def answered(about: Sequence[Event], digest: Digest) -> list[tuple[Event, Any]]:
    """Each question of a survey by itself, as the latest version of the survey answers it, if it still does."""
    latest: dict[tuple[str, str, str], tuple[Revision, Event]] = {}
    for event in about:
        if event["type"] != "survey.answered":
            continue
        survey_id = event["data"].get("survey_id") or event["id"]
        for key in SURVEY_KEYS:
            silent = event["data"]["answers"].get(key) is None
            rank = (datetime.fromisoformat(event["time"]), silent, digest(event, key))
            identity = (event["source"], survey_id, key)
            if identity not in latest or rank > latest[identity][0]:
                latest[identity] = (rank, event)
    return [
        ({**event, "data": {**event["data"], "answers": {key: event["data"]["answers"][key]}}}, rank)
        for (_, _, key), (rank, event) in latest.items()
        if not rank[1]
    ]


def instant_of(fact: Event, zone: str) -> datetime:
    """When it was so; a date means the start of that day where the tenant is."""
    text = fact["data"][TIME_OF[fact["type"]]]
    if is_date(text):
        return datetime.combine(date.fromisoformat(text), time.min, ZoneInfo(zone)).astimezone(UTC)
    return datetime.fromisoformat(text).astimezone(UTC)


def day_of(fact: Event, zone: str) -> date:
    """The day on which it was so, where the tenant is."""
    return instant_of(fact, zone).astimezone(ZoneInfo(zone)).date()


def is_date(text: str) -> bool:
    """Whether this is a date without a time."""
    return len(text) == len("2026-11-01")


def observed_at(fact: Event) -> str:
    """A date as it was sent; a time in UTC, with microseconds only when there are any."""
    text: str = fact["data"][TIME_OF[fact["type"]]]
    if is_date(text):
        return text
    return datetime.fromisoformat(text).astimezone(UTC).isoformat().replace("+00:00", "Z")


def dimension(key: str, facts: Sequence[Event], day: date, zone: str) -> dict[str, Any]:
    """One of the five questions, from the client's facts, oldest first."""
    if key == "nps":
        return nps(facts, day, zone)
    if key == "happy_consultants":
        answers = [fact for fact in facts if fact["type"] == "consultants.counted"]
    else:
        answers = [fact for fact in facts if fact["type"] == "survey.answered" and is_answered(fact, key)]
    if not answers:
        return entry(key)
    latest = answers[-1]
    stale = (day - day_of(latest, zone)).days > FRESH_DAYS[key]
    if key == "happy_consultants":
        happy = latest["data"].get("happy")
        value = latest["data"]["working"] if happy is None else happy
        basis = "headcount" if happy is None else "measured"
        return entry(key, happy_points(value), value, basis, latest, stale=stale)
    answer = latest["data"]["answers"][key]
    if key == "specialisms":
        value = len({name.strip().casefold() for name in answer}) if isinstance(answer, list) else answer
        return entry(key, min(value, 4), value, "answered", latest, stale=stale)
    points = (ROADMAP if key == "roadmap" else INSPIRATION)[answer]
    return entry(key, points, answer, "answered", latest, stale=stale)


def is_answered(survey: Event, key: str) -> bool:
    """Whether the survey, as it stands now, answers the question: 0 is an answer."""
    return survey["data"]["answers"].get(key) is not None


def happy_points(happy: int) -> int:
    """Read from the top, the first row that fits: ">10", "5 to 10", "2 to 5", "only 1"."""
    if happy > 10:
        return 4
    if happy >= 5:
        return 3
    return min(happy, 2)


def nps(facts: Sequence[Event], day: date, zone: str) -> dict[str, Any]:
    """Responses of the window; without any, what was reported in the window."""
    first = day - timedelta(days=WINDOW_DAYS - 1)
    inside = [fact for fact in facts if first <= day_of(fact, zone) <= day]
    responses = [fact for fact in inside if fact["type"] == "nps.responded" and not fact["data"].get("excluded")]
    reported = [fact for fact in inside if fact["type"] == "nps.reported"]
    if not responses:
        if not reported:
            return entry("nps") | {"responses": None}
        value = reported[-1]["data"]["nps"]
        return entry("nps", nps_points(value), value, "reported", reported[-1]) | {"responses": None}
    scores = [fact["data"]["score"] for fact in responses]
    promoters = len([score for score in scores if score >= 9])
    passives = len([score for score in scores if score in (7, 8)])
    detractors = len([score for score in scores if score <= 6])
    value = rounded(Fraction(100 * (promoters - detractors), len(scores)))
    return entry("nps", nps_points(value), value, "responses", responses[-1]) | {
        "responses": {
            "promoters": promoters,
            "passives": passives,
            "detractors": detractors,
            "count": len(scores),
        }
    }


def rounded(exact: Fraction) -> int:
    """The nearest whole number, half away from zero."""
    size = int(abs(exact) + Fraction(1, 2))
    return size if exact >= 0 else -size


def nps_points(value: int) -> int:
    """At least 10: 4, at least 1: 3, 0: 2, below: 1."""
    if value >= 10:
        return 4
    if value >= 1:
        return 3
    return 2 if value == 0 else 1


def entry(
    key: str,
    points: int | None = None,
    value: Any = None,
    basis: str | None = None,
    fact: Event | None = None,
    *,
    stale: bool = False,
) -> dict[str, Any]:
    """A dimension of the scorecard; all but its key unknown when no fact answers it."""
    return {
        "key": key,
        "points": points,
        "max": 4,
        "value": value,
        "basis": basis,
        "observed_at": observed_at(fact) if fact else None,
        "source": fact["source"] if fact else None,
        "stale": stale,
    }
