"""What a talk should be about: why to talk, what moved since the last one, and what became of what was agreed.

Reasons are exact, and one cause may give several of them. People talk about questions: so each question is one topic
with all that belongs to it, and beside them stands what no question tells.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from shared.opmm.advice import Advice, advice, risks
from shared.opmm.agenda import Action, Agenda
from shared.opmm.dataclass import dataclass
from shared.opmm.discussion import DayThen, QuestionThen, Reason
from shared.opmm.ledger import UNKNOWN, Reading
from shared.opmm.model import Dimension, Model
from shared.opmm.next_steps import Step
from shared.opmm.scorecard import Scorecard

TopicKind = Literal["fell", "lapsed", "low", "diverging", "agreement", "stale", "not_held", "quiet"]
"""A question lost points, or nobody can tell it any more; it has few; it fell while another rose; an agreement was
missed or is overdue; an answer is out of date; a planned talk was not held; the last talk is long ago."""

_RANKS: Mapping[TopicKind, int] = {
    "fell": 0,
    "lapsed": 0,
    "low": 1,
    "diverging": 2,
    "agreement": 3,
    "stale": 4,
    "not_held": 5,
    "quiet": 5,
}


@dataclass(frozen=True, slots=True)
class Topic:
    """Something to talk about."""

    kind: TopicKind
    """What is the heaviest about it."""
    dimension: str | None = None
    """The question that it is about; None when it is about none, or about all."""
    reasons: tuple[Reason, ...] = ()
    """The reasons to talk that it tells of. A fall of the total belongs to every question that lost points."""
    since: date | None = None
    """The earlier day that the question is compared with."""
    before: Reading = UNKNOWN
    after: Reading = UNKNOWN
    broken: tuple[Action, ...] = ()
    """What was agreed and was not done in time, or without effect."""
    under_way: tuple[Action, ...] = ()
    """What was agreed to move the question, and still has time; the soonest first."""
    advice: Advice | None = None
    """What it would take to gain points."""
    risk: Step | None = None
    """What would lose more."""
    stale: bool = False
    """Whether the answer is out of date."""
    day: date | None = None
    """On which the talk was planned that was not held."""

    @property
    def lost(self) -> int:
        """The points that the question had on the earlier day and has not today."""
        return max((self.before.points or 0) - (self.after.points or 0), 0)


@dataclass(frozen=True, slots=True)
class Known:
    """What topics are made of."""

    card: Scorecard
    earlier: DayThen
    """What it is compared with, some months before."""
    reasons: Sequence[Reason]
    agenda: Agenda
    """Every talk that was planned or held, and every action, those that are settled too."""
    talked: DayThen | None = None
    """The day of the last talk, by the facts known today."""
    steps: Sequence[Step] = ()


def topics(known: Known, model: Model) -> tuple[Topic, ...]:
    """What to talk about, the heaviest first: lost points, then few of them, then agreements, then what to ask anew.

    Every reason is among them. A question is one topic, whatever is the matter with it.
    """
    broken = _broken(known, model)
    of_questions = list(_of_questions(known, broken, model))
    told = {topic.dimension for topic in of_questions}
    found = [*of_questions, *_of_agreements(known, broken, told, model), *_of_talks(known)]
    return tuple(sorted(found, key=lambda topic: _weight(topic, model)))


def _of_questions(known: Known, broken: Sequence[Action], model: Model) -> Iterator[Topic]:
    for now in known.card.dimensions:
        dimension = model.dimension(now.key)
        then, since = _compared_with(known, dimension.key)
        own = tuple(reason for reason in known.reasons if _is_about(reason, dimension, model))
        lost = max((then.points or 0) - (now.points or 0), 0) if then else 0
        kind = _kind(own, lost=lost, told=now.points is not None, stale=now.stale)
        if kind is None:
            continue
        fall = tuple(reason for reason in known.reasons if reason.key == "fell") if lost else ()
        yield Topic(
            kind=kind,
            dimension=dimension.key,
            reasons=(*fall, *own),
            since=since if then else None,
            before=Reading(then.points, then.value) if then else UNKNOWN,
            after=Reading(now.points, now.value),
            broken=tuple(action for action in broken if _question(action) == dimension.key),
            under_way=_under_way(known, dimension.key),
            advice=_advice(known, dimension.key, model),
            risk=next((step for step in risks(known.steps, model) if step.dimension == dimension.key), None),
            stale=now.stale,
        )


def _compared_with(known: Known, key: str) -> tuple[QuestionThen | None, date | None]:
    """The day on which a question had most, of those that it is compared with; of equals the later one.

    What a talk of the meantime knew already is settled by it, unless the total has fallen all the same.
    """
    days = [known.earlier]
    if known.talked:
        fell = any(reason.key == "fell" for reason in known.reasons)
        settled = known.talked.as_of >= known.earlier.as_of and not fell
        days = [known.talked] if settled else [known.earlier, known.talked]
    found = [(question, day.as_of) for day in days for question in day.dimensions if question.key == key]
    return max(found, key=lambda pair: (pair[0].points or 0, pair[1]), default=(None, None))


def _is_about(reason: Reason, dimension: Dimension, model: Model) -> bool:
    rules = (rule.down for rule in model.discussion.diverging if rule.key == reason.key)
    return dimension.key == (reason.dimension or next(rules, None))


def _kind(own: Sequence[Reason], *, lost: int, told: bool, stale: bool) -> TopicKind | None:
    """What is the heaviest about a question; None when nothing is."""
    keys = {reason.key for reason in own}
    if lost:
        return "fell" if told else "lapsed"
    if "low" in keys:
        return "low"
    if keys - {"stale"}:
        return "diverging"
    return "stale" if stale else None


def _of_agreements(known: Known, broken: Sequence[Action], told: set[str | None], model: Model) -> Iterator[Topic]:
    """Those on one question stand together, unless that is a topic by itself; so do those on none."""
    scores = {score.key: score for score in known.card.dimensions}
    apart: dict[str | None, list[Action]] = {}
    for action in broken:
        question = _question(action)
        if question is None or question not in told:
            apart.setdefault(question, []).append(action)
    for question, actions in apart.items():
        if question is None:
            yield Topic("agreement", broken=tuple(actions))
            continue
        now = scores[question]
        yield Topic(
            "agreement",
            question,
            after=Reading(now.points, now.value),
            broken=tuple(actions),
            under_way=_under_way(known, question),
            advice=_advice(known, question, model),
        )


def _of_talks(known: Known) -> Iterator[Topic]:
    day = known.card.as_of
    quiet = tuple(reason for reason in known.reasons if reason.key == "quiet")
    missed = known.agenda.missed_talk(day)
    if missed:
        yield Topic("not_held", reasons=quiet, day=missed)
    elif quiet:
        yield Topic("quiet", reasons=quiet)


def _broken(known: Known, model: Model) -> list[Action]:
    """What is overdue, and what was missed since the last talk, or lately where there was none; the oldest first."""
    day = known.card.as_of
    last = known.agenda.last_talk(day) or day - timedelta(days=model.discussion.talk_days)
    found = []
    for action in known.agenda.actions:
        settled = known.agenda.settled(action, day)
        if settled.status == "overdue" or (
            settled.status in ("missed", "no_effect") and settled.on is not None and settled.on > last
        ):
            found.append(action)
    return sorted(found, key=_order)


def _under_way(known: Known, key: str) -> tuple[Action, ...]:
    day = known.card.as_of
    standing = (action for action in known.agenda.actions if known.agenda.settled(action, day).status == "open")
    return tuple(sorted((action for action in standing if _question(action) == key), key=_order))


def _advice(known: Known, key: str, model: Model) -> Advice | None:
    return next((one for one in advice(known.steps, known.card, model) if one.dimension == key), None)


def _question(action: Action) -> str | None:
    return action.expects.dimension if action.expects else None


def _order(action: Action) -> tuple[date, str, str]:
    return action.due, action.action_id, action.fact_id


def _weight(topic: Topic, model: Model) -> tuple[int, int, bool, int]:
    place = model.keys.index(topic.dimension) if topic.dimension else len(model.keys)
    low = model.discussion.is_low(topic.after.points)
    return _RANKS[topic.kind], -topic.lost, not low, place
