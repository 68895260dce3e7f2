"""The scorecard as it would be: some answers others than they are, and some responses more."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date

from shared.opmm.dataclass import dataclass
from shared.opmm.inputs import Answer, LatestResponse, ScoringInputs
from shared.opmm.model import Model
from shared.opmm.next_steps import Step, next_steps
from shared.opmm.nps import Tally
from shared.opmm.scorecard import Scorecard, scorecard

CATEGORIES = ("promoters", "passives", "detractors")
"""What responses may be supposed of."""

_DIGITS = 5

_MOST_STEPS = 40
"""Steps of a path: more than any table of points can take."""


@dataclass(frozen=True, slots=True)
class Supposition:
    """What is supposed."""

    answers: Mapping[str, int | str] = field(default_factory=dict)
    """By question, what would be answered; of head counts how many would be happy."""
    responses: Tally = field(default_factory=Tally)
    """Responses that would come today."""


def supposition(text: str, model: Model, card: Scorecard) -> Supposition:
    """Reads `happy:8,roadmap:co_creating,promoters:+2`; raises ValueError with what is wrong, for people.

    Numbers are those that would be, or with a sign that many more or fewer; responses always that many more. A space
    is a plus: so it arrives in an address.
    """
    questions = {name: dimension for dimension in model.dimensions for name in (dimension.input, dimension.key)}
    answers: dict[str, int | str] = {}
    responses: dict[str, int] = {}
    for part in text.split(","):
        name, colon, value = part.partition(":")
        name, value = name.strip(), value.replace(" ", "+")
        dimension = questions.get(name)
        if not colon or name in responses or (dimension and dimension.key in answers):
            raise ValueError(f"is what to suppose, such as happy:8,roadmap:co_creating,promoters:+2; look at {part!r}")
        if name in CATEGORIES and model.answered_from("nps"):
            responses[name] = _number(name, value.removeprefix("+"), 0)
        elif dimension is None or dimension.kind == "nps":
            raise ValueError(f"{name!r} cannot be supposed; there are {', '.join(_inputs(model))}")
        elif dimension.kind == "choice":
            if value not in dimension.answers:
                raise ValueError(f"{name} is one of {', '.join(dimension.answers)}")
            answers[dimension.key] = value
        else:
            held = next(score.value for score in card.dimensions if score.key == dimension.key)
            base = held if isinstance(held, int) and value[:1] in ("+", "-") else 0
            answers[dimension.key] = base + _number(name, value.removeprefix("+"), -base)
    return Supposition(answers, Tally(**responses))


def _inputs(model: Model) -> list[str]:
    """What may be supposed, by name."""
    inputs = [dimension.input for dimension in model.dimensions if dimension.kind != "nps"]
    return [*inputs, *(CATEGORIES if model.answered_from("nps") else ())]


def _number(name: str, text: str, lowest: int) -> int:
    """A whole number within reason."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS) or int(text) < lowest:
        raise ValueError(f"{name} takes a whole number, from {lowest} up and of at most {_DIGITS} digits")
    return int(text)


def supposing(inputs: ScoringInputs, model: Model, supposed: Supposition, day: date) -> ScoringInputs:
    """What a scorecard of a day would be made from. Raises ValueError for a value that a question has no points for."""
    answers = dict(inputs.answers)
    for key, value in supposed.answers.items():
        dimension = model.dimension(key)
        dimension.points_for(value)
        counted = dimension.answers_from == "consultants"
        answers[key] = Answer(value, "measured" if counted else "answered", day, day.isoformat(), source="", fact_id="")
    responses = dict(inputs.responses)
    latest = inputs.latest_response
    if supposed.responses.count:
        responses[day] = responses.get(day, Tally()) + supposed.responses
        latest = LatestResponse(day.isoformat(), "")
    return replace(inputs, answers=answers, responses=responses, latest_response=latest)


def path(
    inputs: ScoringInputs, model: Model, day: date, wanted: int, dimension: str | None = None
) -> tuple[tuple[Step, ...], Scorecard]:
    """The cheapest steps that bring the total, or one question, to the points that are wanted; and where they lead.

    Each time the step is taken that changes the least for a point that it gains; of equals the first question's. Steps
    of one question become one. Where no step leads there, the path ends before.
    """
    taken: dict[str, Step] = {}
    now = inputs
    card = scorecard(now, model, day)
    for _ in range(_MOST_STEPS):
        if _points(card, dimension) >= wanted:
            break
        gains = [
            step
            for step in next_steps(now, card, model)
            if step.points > 0 and step.input != "day" and dimension in (None, step.dimension)
        ]
        if not gains:
            break
        step = min(gains, key=lambda gain: (_amount(gain) / gain.points, model.keys.index(gain.dimension)))
        now = supposing(now, model, _supposed(step, card), day)
        card = scorecard(now, model, day)
        held = taken.get(step.dimension)
        taken[step.dimension] = _joined(held, step) if held else step
    return tuple(taken.values()), card


def _supposed(step: Step, card: Scorecard) -> Supposition:
    if step.input in CATEGORIES:
        return Supposition(responses=Tally(**{step.input: int(str(step.change))}))
    held = next(score for score in card.dimensions if score.key == step.dimension)
    if step.input == "answer":
        return Supposition({step.dimension: str(step.change)})
    value = held.value if isinstance(held.value, int) else 0
    return Supposition({step.dimension: value + int(str(step.change))})


def _amount(step: Step) -> int:
    return abs(step.change) if isinstance(step.change, int) else 1


def _joined(first: Step, second: Step) -> Step:
    """Two steps of one question, one after the other."""
    points, of_band = first.points + second.points, first.of_band or second.of_band
    if isinstance(first.change, int) and isinstance(second.change, int):
        return replace(second, points=points, change=first.change + second.change, of_band=of_band)
    return replace(second, points=points, of_band=of_band)


def _points(card: Scorecard, dimension: str | None) -> int:
    if dimension is None:
        return card.total
    return next((score.points or 0 for score in card.dimensions if score.key == dimension), 0)
