"""What a history must leave behind, and what of it is wrong.

A score is wrong when a client's scorecard says something else than the oracle, or when what is kept of talks, actions,
goals and months is not what all facts give. A ledger is wrong when one of these does not hold:

- entries are written once: none is written over, changed or taken away;
- every write of a scorecard moves its version on: by one, or by as many entries as lie between;
- each entry starts at what was told last, in total and question by question, and says something else;
- the parts of an entry add up to the difference of its totals;
- what was told last is what the scorecard says now; of a name that is no client (any more) that is nothing;
- an entry that facts have moved names them: each is stored under the client's names, and each question that moved has
  one that answers it, unless names came or went. Responses alone may be named by the next entry that
  the NPS has: they are counted together, and the record that wakes the function may be another's. What time has moved
  names none, and is the NPS;
- a retraction names a fact that an event takes away, a correction one that was told at least twice or of two clients;
- no day is taken back: a scorecard that is held is not replaced by one of an earlier day.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shared.storage.dynamodb import from_item
from tests.campaigns.history import CLIENTS
from tests.support.agendas import can_be_read, kept, kept_months, months_anew, read_anew
from tests.support.oracle import evaluate, left_by_all, status, was_described
from tests.support.plain_tables.calls import PlainTables
from tests.support.plain_tables.expressions import Item
from tests.support.portfolios import ZONE, digest
from tests.support.readings import said
from tests.support.service import Service

NOTHING = (None, None)
"""Points and value of a question that is unanswered."""

Entry = Mapping[str, Any]


@dataclass
class Watch:
    """What is written to the scores table, as it is written."""

    told_before: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """By name, the versions of entries that lay there already."""
    scorecards: list[tuple[str, int, int]] = field(default_factory=list)
    """The name, the version before and the one after."""
    faults: list[str] = field(default_factory=list)

    def __call__(self, before: Item | None, after: Item | None) -> None:
        """One change of an item."""
        item: Item = after or before or {}
        name, place = item["client_id"]["S"], item["item"]["S"]
        if place.startswith("change#"):
            if before is not None:
                self.faults.append(f"{name}: {place} is written over")
        elif place == "scorecard":
            if after is None:
                self.faults.append(f"{name}: {place} is taken away")
            self.scorecards.append((name, _version(before), _version(after)))
            days = [_day(before), _day(after)]
            if all(days) and days[0] > days[1]:
                self.faults.append(f"{name}: goes back from {days[0]} to {days[1]}")


def _version(item: Item | None) -> int:
    return int((item or {}).get("version", {}).get("N", 0))


def _day(item: Item | None) -> str:
    return str((item or {}).get("summary", {}).get("M", {}).get("as_of", {}).get("S", ""))


def wrong_scores(service: Service, sent: Sequence[dict[str, Any]], day: date | None = None) -> list[str]:
    """Clients whose scorecards are not as the events give them, for the day that they are of unless one is given."""
    wrong = []
    for name in CLIENTS:
        card, left = said(service, name), left_by_all(sent, name, digest)
        of = day or date.fromisoformat(card["as_of"] if card else "2026-11-24")
        expected = evaluate(sent, name, of, ZONE, digest)
        if expected:
            expected |= {"status": status(sent, name, digest), "described": was_described(sent, name, digest)}
        if card != expected and not (left and card is None):
            wrong.append(f"{name}: {_difference(card, expected)}")
        # Until the night a scorecard may be one that nobody can read: it is told from the facts, and nothing is kept.
        # So is one whose responses all count elsewhere: whether it has a scorecard depends on when scores were made.
        elif card and card["client_id"] == name and ((day and not left) or can_be_read(service, name)):
            anew = (read_anew(service, name), months_anew(service, name))
            if (kept(service, name), kept_months(service, name)) != anew:
                wrong.append(f"{name}: its agenda or its months are not what the facts give")
    return wrong


def _difference(card: Mapping[str, Any] | None, expected: Mapping[str, Any] | None) -> str:
    if card is None or expected is None:
        return f"{'a' if card else 'no'} scorecard where the events give {'one' if expected else 'none'}"
    return ", ".join(
        f"{key}: {card[key]!r} for {expected.get(key)!r}" for key in card if card[key] != expected.get(key)
    )


@dataclass(frozen=True)
class Told:
    """What the events tell of facts, as far as causes go."""

    times: Mapping[str, int]
    """By the beginning of a fact's identity, how many events told of it."""
    taken_away: frozenset[str]

    def fact(self, fact_id: str) -> str:
        """What a fact of a survey has in common with those to its other questions."""
        return fact_id.rpartition("#")[0] if fact_id.startswith("survey#") else fact_id


def told_by(sent: Iterable[Mapping[str, Any]]) -> Told:
    """The facts of these events."""
    times: dict[str, int] = {}
    taken_away = set()
    for event in sent:
        data, source = event["data"], event["source"]
        match event["type"]:
            case "nps.responded" | "nps.retracted":
                fact = f"response#{source}#{data['response_id']}"
            case "survey.answered":
                fact = f"survey#{source}#{data['survey_id']}"
            case "nps.reported":
                fact = f"reported#{source}#{data['measured_at']}"
            case "consultants.counted":
                fact = f"count#{source}#{data['as_of']}"
            case _:
                continue
        times[fact] = times.get(fact, 0) + 1
        if event["type"] in ("nps.retracted", "survey.answered") or data.get("excluded"):
            taken_away.add(fact)
    return Told(times, frozenset(taken_away))


def wrong_ledgers(
    service: Service, tables: PlainTables, watch: Watch, sent: Sequence[dict[str, Any]], *, calm: bool = False
) -> list[str]:
    """What is wrong with the ledgers. `calm` says that nothing but the events had to be told, under no aliases."""
    items = [from_item(item) for item in tables.table("ScoresTable").scanned()]
    facts = {(item["client_id"]["S"], item["fact_id"]["S"]) for item in tables.table("FactsTable").scanned()}
    wrong = list(watch.faults)
    told = told_by(sent)
    for name in CLIENTS:
        entries = [item for item in items if item["client_id"] == name and item["item"].startswith("change#")]
        versions = [entry["version"] for entry in entries]
        spans = [(before, after) for written, before, after in watch.scorecards if written == name]
        card = said(service, name)
        # What time makes of it is told by the night: what was told is what the scorecard says on its own day.
        days = [item["summary"]["as_of"] for item in items if item["client_id"] == name and "summary" in item]
        if card and days and card["client_id"] == name and days[0] < card["as_of"]:
            card = service.get(f"/v1/clients/{name}/score?as_of={days[0]}").json
        faults = [
            *_chain(entries, card if card and card["client_id"] == name else None),
            *_versions(versions, spans, watch.told_before.get(name, frozenset())),
            *(
                fault
                for entry in entries
                for fault in _causes(name, entry, facts, told, parted=_parted(entries, entry))
            ),
        ]
        if calm:
            faults += [f"{entry['version']}: made anew" for entry in entries if entry["cause"] in ("rebuild", "model")]
        wrong += [f"{name}: {fault}" for fault in faults]
    return wrong


def _chain(entries: Sequence[Entry], card: Mapping[str, Any] | None) -> Iterator[str]:
    """Each entry goes on from the one before, and the last ends where the scorecard is."""
    total = 0
    questions: dict[str, tuple[Any, Any]] = {}
    for entry in entries:
        version, parts = entry["version"], 0
        if not entry["moves"]:
            yield f"{version}: says nothing"
        for key, points, value, points_after, value_after in entry["moves"]:
            if questions.get(key, NOTHING) != (points, value):
                yield f"{version}: {key} starts at {points, value}, told was {questions.get(key, NOTHING)}"
            if (points, value) == (points_after, value_after):
                yield f"{version}: {key} stays as it was"
            questions[key] = points_after, value_after
            parts += (points_after or 0) - (points or 0)
        if entry["total_before"] != total or entry["total_after"] != total + parts:
            yield f"{version}: {entry['total_before']} to {entry['total_after']} where {total} moves by {parts}"
        total = entry["total_after"]
    last = {key: reading for key, reading in questions.items() if reading != NOTHING}
    dimensions = card["dimensions"] if card else []
    now = {each["key"]: (each["points"], each["value"]) for each in dimensions if each["points"] is not None}
    if last != now:
        yield f"told was {last}, the scorecard says {now}"


def versions_told(tables: PlainTables) -> Mapping[str, frozenset[int]]:
    """By name, the versions of the entries that its ledger has."""
    found: dict[str, frozenset[int]] = {}
    for item in tables.table("ScoresTable").scanned():
        if item["item"]["S"].startswith("change#"):
            name = item["client_id"]["S"]
            found[name] = found.get(name, frozenset()) | {_version(item)}
    return found


def _versions(versions: Sequence[int], spans: Sequence[tuple[int, int]], before: frozenset[int]) -> Iterator[str]:
    """Every version was written once, with the entries that it counts."""
    if list(versions) != sorted(set(versions)):
        yield f"its entries are numbered {versions}"
    left = set(versions) - before
    for start, end in spans:
        between = left & set(range(start + 1, end + 1))
        if end <= start or len(between) not in (0, end - start) or (not between and end != start + 1):
            yield f"its scorecard goes from version {start} to {end} with the entries {sorted(between)}"
        left -= between
    if left:
        yield f"the entries {sorted(left)} came without a scorecard"


def _parted(entries: Sequence[Entry], entry: Entry) -> bool:
    """Whether names came or went with this entry: then what moved may lie under a name that is another client's."""
    at = entries.index(entry)
    around = [*entries[max(0, at - 1) : at + 2], *([{"names": []}] if at == len(entries) - 1 else [])]
    return any(set(other["names"]) != set(entry["names"]) for other in around)


def _causes(name: str, entry: Entry, stored: set[tuple[str, str]], told: Told, *, parted: bool) -> Iterator[str]:
    """Whether an entry names what moved it."""
    version, cause, facts = entry["version"], entry["cause"], entry["facts"]
    moved = {move[0] for move in entry["moves"]}
    names = {name, *entry["names"]}
    strange = [fact for fact in facts if not any((known, fact) in stored for known in names)]
    if strange:
        yield f"{version}: names {strange}, which nobody told of {sorted(names)}"
    if cause == "window" and (facts or moved != {"nps"}):
        yield f"{version}: time has moved {sorted(moved)} by {facts}"
    if cause not in ("new", "correction", "retraction"):
        return
    described = parted or any(fact.startswith("description#") for fact in facts)
    unnamed = sorted(key for key in moved - {"nps"} if not any(_answers(fact, key) for fact in facts))
    if unnamed and not described:
        yield f"{version}: {cause} of {unnamed} names {facts}"
    known = {told.fact(fact) for fact in facts}
    if cause == "retraction" and not known & told.taken_away:
        yield f"{version}: nobody has taken back any of {facts}"
    if cause == "correction" and not described and not any(told.times.get(fact, 0) > 1 for fact in known):
        yield f"{version}: nobody has corrected any of {facts}"


def _answers(fact_id: str, key: str) -> bool:
    kind, *rest = fact_id.split("#")
    match kind:
        case "response" | "reported":
            return key == "nps"
        case "count":
            return key == "happy_consultants"
    return kind == "survey" and rest[-1] == key
