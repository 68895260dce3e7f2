"""Scorecards as they are stored, for tests: by hand, and any that there may be; and every way to damage an item."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from shared.opmm.agenda import Action, Agenda, Expectation, Goal, Met, Talk
from shared.opmm.discussion import Reason
from shared.opmm.inputs import Answer, Description, LatestResponse, ScoringInputs, Status
from shared.opmm.ledger import Change, Move, Reading, readings
from shared.opmm.months import month_ends
from shared.opmm.nps import Tally
from shared.opmm.scorecard import QuestionSnapshot, Scorecard, Snapshot, known_points, scorecard
from shared.storage.client_agenda import Planned
from shared.storage.holdings import Holdings
from shared.storage.records import Alias, MadeWith, Scored
from tests.unit.opmm.inputs import DAY, FULL, MODEL, days_ago, reported, standings

NOW = datetime(2026, 11, 23, 9, 30, 0, 250, tzinfo=UTC)
MADE_WITH = MadeWith(MODEL.fingerprint, "Europe/Amsterdam")
SINCE = days_ago(454)
ALIASES = {"acme-bv": frozenset({"nps.response", "survey.roadmap"}), "acme-nl": frozenset({"consultants"})}

Item = dict[str, Any]
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Written:
    """What is handed in to be stored."""

    record: Scored
    card: Scorecard


def written(inputs: ScoringInputs, **parts: Any) -> Written:
    """A scorecard of these inputs as the score function writes it."""
    card = scorecard(inputs, MODEL, parts.get("as_of", DAY))
    earlier = parts.get("earlier", replace(inputs, latest_response=None))
    values = {
        "version": 7,
        "inputs": inputs,
        "earlier": earlier,
        "since": SINCE,
        "earlier_total": scorecard(earlier, MODEL, card.as_of - timedelta(days=MODEL.discussion.days)).total,
        "earlier_points": known_points(scorecard(earlier, MODEL, card.as_of - timedelta(days=MODEL.discussion.days))),
        "discussion": (Reason("low", "roadmap", 1, 190),),
        "holdings": Holdings(inputs.client_id),
        "as_of": card.as_of,
        "made_with": MADE_WITH,
        "model": MODEL.id,
        "readings": readings(card),
        "changed_at": NOW,
        **parts,
    }
    return Written(Scored(**values), card)


def placed(inputs: ScoringInputs, description: Description) -> ScoringInputs:
    """The same, of a client whose facts lie under several names: every answer knows where it stands."""
    latest = inputs.latest_response
    return replace(
        inputs,
        description=description,
        answers={key: _placed(answered) for key, answered in inputs.answers.items()},
        reported=inputs.reported and _placed(inputs.reported),
        latest_response=latest and LatestResponse(latest.observed_at, latest.source, "p-3", "acme-bv"),
    )


def _placed(answered: Answer) -> Answer:
    return replace(answered, position=f"p-{answered.value}", name="acme-nl")


AGENDA = Agenda(
    talks=(
        Talk("t-1", "talk#people#t-1", days_ago(60), days_ago(60)),
        Talk("t-2", "talk#people#t-2", days_ago(-10), days_ago(2)),
    ),
    actions=(
        Action(
            "a-1", "action#people#a-1", "Replace two developers", "agency", days_ago(60), days_ago(-20), days_ago(60)
        ),
        Action(
            "a-3",
            "action#people#a-3",
            "A session",
            "agency",
            days_ago(60),
            days_ago(9),
            days_ago(8),
            closed="done",
        ),
        Action(
            action_id="a-2",
            fact_id="action#people#a-2",
            title="A seat in the product council",
            side="client",
            agreed_on=days_ago(60),
            due=days_ago(-30),
            recorded_on=days_ago(59),
            who="Marit de Wit",
            talk_id="t-1",
            expects=Expectation("roadmap", 4),
            internal=True,
        ),
    ),
    goals=(Goal("g-1", "goal#people#g-1", 16, days_ago(-200), days_ago(60), "roadmap"),),
    met={"action#people#a-2": Met(days_ago(10), "survey#s#1#roadmap")},
)
PLANNED = Planned(
    AGENDA,
    {
        day: Snapshot(day, (QuestionSnapshot("roadmap", 4, "co_creating", stale=True), QuestionSnapshot("nps")))
        for day in (days_ago(150), days_ago(60))
    },
    (days_ago(60),),
)

SCORED = written(
    placed(
        replace(FULL, reported=reported(-7, days_ago(40)), responses={SINCE: Tally(1), DAY: Tally(128, 0, 300)}),
        Description("Acme B.V.", "ended", ("acme-bv", "acme-nl"), described=True, owner="Noor van Dalen"),
    ),
    planned=PLANNED,
    months={end: {"roadmap": 4, "nps": 1} if place else {} for place, end in enumerate(month_ends(DAY))},
    holdings=Holdings("acme", ALIASES, {"acme-bv": frozenset({"survey#s#1#roadmap"})}),
    unnamed={"response#delighted#r-1": "new", "response#delighted#r-2": "retraction"},
)
"""Everything that a scorecard may hold."""

ALIAS = Alias(3, "acme", ("acme", "beta"), NOW)
CHANGE = Change(
    version=7,
    at=NOW,
    cause="correction",
    total_before=4,
    total_after=6,
    moves=(
        Move("roadmap", Reading(), Reading(4, "co_creating")),
        Move("nps", Reading(4, 33), Reading(2, 0)),
        Move("gone", Reading(2, "x"), Reading()),
    ),
    facts=("response#delighted#r-1", "survey#s#1#roadmap"),
    names=("acme-bv", "acme-nl"),
    latest=DAY,
)

_texts = st.text(max_size=8)
_causes = st.sampled_from(["new", "correction", "retraction", "erasure"])
_reasons = st.builds(
    Reason, _texts, st.none() | _texts, st.none() | st.integers(0, 20), st.none() | st.integers(0, 900)
)
_points = st.dictionaries(st.sampled_from(MODEL.keys), st.integers(0, 4))
_lanes = st.frozensets(st.sampled_from(["nps.response", "nps.reported", "consultants", "survey.roadmap"]), min_size=1)
_aliases = st.dictionaries(st.sampled_from(["acme-bv", "acme-nl", "beta"]), _lanes)


@st.composite
def any_written(draw: st.DrawFn) -> Written:
    """Any scorecard that the score function may write."""
    as_of = DAY + timedelta(days=draw(st.integers(-3, 3)))
    since = as_of - timedelta(days=454)
    aliases = draw(_aliases)
    status: Status = draw(st.sampled_from(["active", "ended"]))
    description = Description(draw(_texts), status, tuple(sorted(aliases)), described=draw(st.booleans()))
    now, then = draw(standings), draw(standings)
    tallies = {day: counts for day, counts in now.responses.items() if _held(day, since, as_of) and counts.count}
    now, then = (replace(inputs, description=description, responses=tallies) for inputs in (now, then))
    if aliases:
        now, then = placed(now, description), placed(then, description)
    return written(
        now,
        earlier=then,
        since=since,
        as_of=as_of,
        version=draw(st.integers(1, 10**9)),
        discussion=tuple(draw(st.lists(_reasons, max_size=3))),
        months={end: draw(_points) for end in month_ends(as_of)} if draw(st.booleans()) else {},
        holdings=Holdings("acme", aliases),
        made_with=MadeWith(draw(_texts), draw(_texts)),
        changed_at=draw(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))),  # noqa: DTZ001 - hypothesis takes bounds without a zone
        unnamed=draw(st.dictionaries(_texts, _causes, max_size=3)),
    )


def _held(day: date, since: date, as_of: date) -> bool:
    return since <= day <= as_of + timedelta(days=1)


OTHERS: tuple[Item, ...] = (
    {"S": "x"},
    {"S": ""},
    {"N": "7"},
    {"N": "1.5"},
    {"BOOL": True},
    {"NULL": True},
    {"B": b"\x01"},
    {"SS": ["x"]},
    {"NS": ["1"]},
    {"L": []},
    {"L": [{"S": "x"}]},
    {"M": {}},
    {"M": {"x": {"S": "x"}}},
)
"""An attribute of every type that DynamoDB has."""


def nodes(item: Item, under: Path = ()) -> Iterator[tuple[Path, Item]]:
    """Every attribute of an item, at any depth, with its path."""
    for key, attribute in item.items():
        yield from _node(attribute, (*under, key))


def _node(attribute: Item, path: Path) -> Iterator[tuple[Path, Item]]:
    yield path, attribute
    if "M" in attribute:
        yield from nodes(attribute["M"], path)
    for place, member in enumerate(attribute.get("L", [])):
        yield from _node(member, (*path, place))


def without(item: Item, path: Path) -> Item:
    """The item without the attribute at this path."""
    damaged = copy.deepcopy(item)
    del _around(damaged, path)[path[-1]]
    return damaged


def with_other(item: Item, path: Path, other: Item) -> Item:
    """The item with another attribute at this path."""
    damaged = copy.deepcopy(item)
    _around(damaged, path)[path[-1]] = other
    return damaged


def _around(item: Item, path: Path) -> Any:
    """What holds the attribute at this path."""
    around: Any = item
    for part in path[:-1]:
        attribute = around[part]
        around = attribute["M"] if "M" in attribute else attribute["L"]
    return around
