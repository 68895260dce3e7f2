"""What to tell people who want to raise a score: the next steps, told as advice.

`next_steps` is exact: it says of every input what would move the total. As advice that would be odd: "no" is a smaller
step up from "through a third party", and an unanswered question gains by any answer. So people are told to ask what
nobody has answered, and of answers only those that are worth aiming at.
"""

from collections.abc import Sequence

from shared.opmm.dataclass import dataclass
from shared.opmm.model import Band, Dimension, Model
from shared.opmm.next_steps import Step
from shared.opmm.scorecard import DimensionScore, Scorecard


@dataclass(frozen=True, slots=True)
class Advice:
    """What could be done about one question."""

    dimension: str
    step: Step | None = None
    """What would gain points; None when the question has to be asked first."""

    @property
    def points(self) -> int | None:
        """What it gains; None when nobody can tell before the question is answered."""
        return self.step.points if self.step else None


def advice(steps: Sequence[Step], card: Scorecard, model: Model) -> tuple[Advice, ...]:
    """What would help, the biggest gain first, then what has to be asked; each in the order of the questions.

    What time alone will do is nobody's to do, and left out. Of a question that offers answers, it is the next better
    one that is worth more than half of its points.
    """
    scores = {score.key: score for score in card.dimensions}
    open_questions = [key for key, score in scores.items() if score.points is None]
    told = (_told(step, scores[step.dimension], model) for step in steps if step.dimension not in open_questions)
    gains = [step for step in told if step]
    ordered = sorted(gains, key=lambda step: (-step.points, model.keys.index(step.dimension)))
    return (*(Advice(step.dimension, step) for step in ordered), *map(Advice, open_questions))


def risks(steps: Sequence[Step], model: Model) -> tuple[Step, ...]:
    """What would lower the total, the biggest loss first: of what is counted only, as nobody is told to answer "no"."""
    losses = [step for step in steps if step.points < 0 and step.input not in ("answer", "day")]
    return tuple(sorted(losses, key=lambda step: (step.points, model.keys.index(step.dimension))))


def is_worth_aiming_at(band: Band, dimension: Dimension) -> bool:
    """Whether an answer is one to wish for: it is worth more than half of what its question can give."""
    return 2 * band.points > dimension.max


def _told(step: Step, score: DimensionScore, model: Model) -> Step | None:
    """The step that people are told of instead of an exact one; None where there is nothing to advise."""
    if step.points <= 0 or step.input == "day":
        return None
    return _next_better(score, model.dimension(step.dimension)) if step.input == "answer" else step


def _next_better(score: DimensionScore, dimension: Dimension) -> Step | None:
    held = score.points or 0
    better = [band for band in dimension.bands if band.points > held and is_worth_aiming_at(band, dimension)]
    band = min(better, key=lambda band: band.points, default=None)
    if band is None or band.answer is None:
        return None
    return Step(dimension.key, band.points - held, "answer", band.answer)
