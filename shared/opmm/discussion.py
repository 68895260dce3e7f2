"""When a partnership needs a talk: what a scorecard says, compared with some months before, and with the last talk."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from shared.opmm.dataclass import dataclass
from shared.opmm.model import Model


class QuestionThen(Protocol):
    """What is known of a question on some day."""

    @property
    def key(self) -> str:
        """The question."""

    @property
    def points(self) -> int | None:
        """None when nobody had answered it."""

    @property
    def value(self) -> int | str | None:
        """What the points were given for."""

    @property
    def stale(self) -> bool:
        """Whether the answer was out of date."""


class DayThen(Protocol):
    """What is known of a client on some day: a scorecard, or what is kept of one."""

    @property
    def as_of(self) -> date:
        """The day."""

    @property
    def total(self) -> int:
        """The sum of the points that were known."""

    @property
    def dimensions(self) -> Sequence[QuestionThen]:
        """The questions, in the model's order."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why agency and client should talk. The words stand in the model document, under the key."""

    key: str
    dimension: str | None = None
    """The question it is about; None when it is about all of them."""
    points: int | None = None
    """By how many points the total fell, or how many a question has."""
    days: int | None = None
    """How many days have passed since the last talk, where that is the reason."""


@dataclass(frozen=True, slots=True)
class Talked:
    """What stood on the day of the last talk that was held, by the facts known today."""

    then: DayThen
    before: DayThen
    """The day that its reasons came from a comparison with."""


def reasons_to_talk(card: DayThen, earlier: DayThen, model: Model, talked: Talked | None = None) -> tuple[Reason, ...]:
    """Every reason there is, the weightiest first; none when all is well. `earlier` is `discussion.days` older.

    A talk settles the reasons of its day. Such a reason comes back when it is worse than then, and all of them when
    `discussion.talk_days` have passed since; then that is a reason, too.
    """
    reasons = _reasons(card, earlier, model)
    if talked is None:
        return reasons
    days = (card.as_of - talked.then.as_of).days
    if days >= model.discussion.talk_days:
        return (*reasons, Reason("quiet", days=days))
    settled = {_about(reason) for reason in _reasons(talked.then, talked.before, model)}
    return tuple(
        reason for reason in reasons if _about(reason) not in settled or _is_worse(reason, talked.then, card, model)
    )


def _reasons(card: DayThen, earlier: DayThen, model: Model) -> tuple[Reason, ...]:
    rules = model.discussion
    reasons: list[Reason] = []
    fell = earlier.total - card.total
    if fell >= rules.fell_by:
        reasons.append(Reason("fell", points=fell))
    reasons += [
        Reason("low", dimension.key, dimension.points)
        for dimension in card.dimensions
        if rules.is_low(dimension.points)
    ]
    reasons += [Reason(rule.key) for rule in rules.diverging if _diverged(rule.up, rule.down, earlier, card)]
    reasons += [Reason("stale", dimension.key) for dimension in card.dimensions if dimension.stale]
    return tuple(reasons)


def _about(reason: Reason) -> tuple[str, str | None]:
    return reason.key, reason.dimension


def _is_worse(reason: Reason, then: DayThen, card: DayThen, model: Model) -> bool:
    """Whether what was talked about has become worse since: staleness cannot, another question is another reason."""
    if reason.key == "fell":
        return then.total - card.total >= model.discussion.fell_by
    if reason.key == "low" and reason.dimension is not None:
        old, new = (_of(reason.dimension, day) for day in (then, card))
        return old is not None and new is not None and (new.points or 0) < (old.points or 0)
    return any(
        _diverged(rule.up, rule.down, then, card) for rule in model.discussion.diverging if rule.key == reason.key
    )


def _diverged(up: str, down: str, before: DayThen, after: DayThen) -> bool:
    """Whether one number rose while the other fell."""
    return _rose(up, before, after) and _rose(down, after, before)


def _rose(key: str, before: DayThen, after: DayThen) -> bool:
    """Whether a number is higher on one day than on the other; unknown numbers have not risen."""
    old, new = _of(key, before), _of(key, after)
    if old is None or new is None:
        return False
    return isinstance(old.value, int) and isinstance(new.value, int) and new.value > old.value


def _of(key: str, day: DayThen) -> QuestionThen | None:
    return next((dimension for dimension in day.dimensions if dimension.key == key), None)
