"""What time alone will do to a scorecard, as far as it is known today: answers that grow old, and an NPS that moves."""

from collections.abc import Sequence
from datetime import date, timedelta

from functions.pages.scorecard_components import Coming, nps_value
from shared.opmm.intervals import end_of_month
from shared.opmm.model import Model
from shared.opmm.next_steps import Step
from shared.opmm.scorecard import DimensionScore, Scorecard, scorecard
from shared.reading.scorecards import Card
from shared.texts.words import Words, signed

_AHEAD = timedelta(days=365)


def coming(card: Card, steps: Sequence[Step], model: Model, words: Words, *, people: bool) -> list[Coming]:
    """Everything within a year, the soonest first."""
    found = [*_growing_old(card, model, words), *_leaving(card, steps, model, words, people=people)]
    last = card.score.as_of + _AHEAD
    return sorted((one for one in found if one.day <= last), key=lambda one: one.day)


def _growing_old(card: Card, model: Model, words: Words) -> list[Coming]:
    """The first day on which an answer is out of date, for each that is not yet."""
    return [
        Coming(
            answer.day + timedelta(days=dimension.fresh_days + 1),
            words("will_be_old", name=dimension.name[words.language]),
            words("ask_again"),
        )
        for dimension in model.dimensions
        if (answer := card.inputs.answers.get(dimension.key))
        and dimension.fresh_days is not None
        and answer.day + timedelta(days=dimension.fresh_days) >= card.score.as_of
    ]


def _leaving(card: Card, steps: Sequence[Step], model: Model, words: Words, *, people: bool) -> list[Coming]:
    """The day on which the answers of a year ago move the NPS.

    Told only when it is that one day (or month) that does it, and when something is left: an NPS that runs dry is not
    a fall, nobody knows it then.
    """
    step = next((step for step in steps if isinstance(step.change, date)), None)
    if step is None or not isinstance(step.change, date):
        return []
    day = step.change
    then = _of(scorecard(card.inputs, model, day), step.dimension)
    if not step.leaving or then.tally is None or _leaving_then(card, day, model, people=people) != step.leaving:
        return []
    now = _of(card.score, step.dimension)
    text = words.counted("will_leave", step.leaving, before=signed(nps_value(now)), after=signed(nps_value(then)))
    return [Coming(day, text, points=step.points, whole_month=not people)]


def _leaving_then(card: Card, day: date, model: Model, *, people: bool) -> int:
    """How many answers leave on that very day, or in that month."""
    first, last = (day, day) if people else (day.replace(day=1), end_of_month(day))
    window = timedelta(days=model.nps_window_days)
    today = card.score.as_of
    return sum(
        counts.count
        for answered, counts in card.inputs.responses.items()
        if first <= answered + window <= last and answered + window > today
    )


def _of(card: Scorecard, key: str) -> DimensionScore:
    return next(score for score in card.dimensions if score.key == key)
