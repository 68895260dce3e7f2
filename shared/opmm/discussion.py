"""When a partnership needs a talk: what a scorecard says, compared with the one of some months before."""

from dataclasses import dataclass

from shared.opmm.model import Model
from shared.opmm.scorecard import DimensionScore, Scorecard


@dataclass(frozen=True, slots=True)
class Reason:
    """Why agency and client should talk. The words stand in the model document, under the key."""

    key: str
    dimension: str | None = None
    """The question it is about; None when it is about all of them."""
    points: int | None = None
    """By how many points the total fell, or how many a question has."""


def reasons_to_talk(card: Scorecard, earlier: Scorecard, model: Model) -> tuple[Reason, ...]:
    """Every reason there is, the weightiest first; none when all is well. `earlier` is `discussion.days` older."""
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
    reasons += [
        Reason(rule.key)
        for rule in rules.diverging
        if _rose(rule.up, earlier, card) and _rose(rule.down, card, earlier)
    ]
    reasons += [Reason("stale", dimension.key) for dimension in card.dimensions if dimension.stale]
    return tuple(reasons)


def _rose(key: str, before: Scorecard, after: Scorecard) -> bool:
    """Whether a number is higher in one scorecard than in the other; unknown numbers have not risen."""
    old, new = _of(key, before).value, _of(key, after).value
    return isinstance(old, int) and isinstance(new, int) and new > old


def _of(key: str, card: Scorecard) -> DimensionScore:
    return next(dimension for dimension in card.dimensions if dimension.key == key)
