"""The kinds of facts: which events leave them, where they stand, which questions they answer and what they say.

One table. Intake, storage, score, evidence, export and pages read it: a new kind is a row here and its data model.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from shared.opmm.dataclass import dataclass
from shared.opmm.model import AnswersFrom, Dimension

FactKind = Literal["response", "reported", "count", "survey", "description", "talk", "action", "goal", "note"]

Basis = Literal["measured", "headcount", "answered", "responses", "reported", "band"]
"""What a value on a scorecard rests on."""

BASIS = "basis"
"""Stands in an answer of which nothing but the band is known, beside the value that stands for it."""

Said = tuple[int | str, Basis]
"""The value that a fact answers with, and what that rests on."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact."""

    name: FactKind
    """Begins the fact's identity."""
    events: tuple[str, ...]
    """The types of the events that leave such facts."""
    lane: str | None
    """Where its facts stand in the index, ordered by business time; None for facts that have no business time."""
    answers_from: AnswersFrom | None = None
    """The questions it answers: those of a model whose answers come from here. None for a fact that counts for none."""
    by_question: bool = False
    """Whether an event leaves a fact for each question it answers, each in a lane of its own."""
    unique: bool = False
    """Whether a fact's identity within its source holds for all clients: it counts at the one named last (rule 16)."""
    said: Callable[[Mapping[str, Any], str], Said] | None = None
    """What an answer says to a question; None where facts are counted together instead."""

    def lane_for(self, question: str | None) -> str | None:
        """The lane of a fact of this kind; of the question that it answers, where each has its own."""
        return f"{self.lane}.{question}" if self.by_question else self.lane


def is_band(answer: Mapping[str, Any]) -> bool:
    """Whether nothing but the band of an answer is known."""
    return answer.get(BASIS) == "band"


def _counted(answer: Mapping[str, Any], _question: str) -> Said:
    """A head count without happiness counts as happy, and says so (rule 10)."""
    if is_band(answer):
        return answer["working"], "band"
    working, happy = answer["working"], answer.get("happy")
    return (working, "headcount") if happy is None else (happy, "measured")


def _reported(answer: Mapping[str, Any], _question: str) -> Said:
    return answer["nps"], "band" if is_band(answer) else "reported"


def _answered(answer: Mapping[str, Any], question: str) -> Said:
    return answer[question], "band" if is_band(answer) else "answered"


TALKS, ACTIONS, GOALS, NOTES = "talk", "action", "goal", "note"
"""The lanes of what people plan, agree and write down; they answer no question."""

AGENDA = (TALKS, ACTIONS, GOALS)
"""The lanes that say when to talk, and what about."""

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("response", ("nps.responded", "nps.retracted"), "nps.response", "nps", unique=True),
        Kind("reported", ("nps.reported",), "nps.reported", "nps", said=_reported),
        Kind("count", ("consultants.counted",), "consultants", "consultants", said=_counted),
        Kind(
            "survey",
            ("survey.answered",),
            "survey",
            "survey",
            by_question=True,
            said=_answered,
        ),
        Kind("description", ("client.described",), None),
        Kind("talk", ("talk.recorded",), TALKS),
        Kind("action", ("action.agreed",), ACTIONS),
        Kind("goal", ("goal.set",), GOALS),
        Kind("note", ("note.written",), NOTES),
    )
}
"""Every kind by its name."""

RESPONSES = "nps.response"
"""The lane of the responses that an NPS is counted from."""

REPORTED = "nps.reported"
"""The lane of the figures that are told where nobody has responded."""


def lanes_behind(dimension: Dimension) -> tuple[str, ...]:
    """The lanes in which the facts behind a question stand."""
    lanes = (kind.lane_for(dimension.key) for kind in KINDS.values() if kind.answers_from == dimension.answers_from)
    return tuple(lane for lane in lanes if lane is not None)


DESCRIPTION = "description#"
"""How the identity of a description begins."""


def lane_of(fact_id: str) -> str | None:
    """The lane that the facts of an identity stand in while they count; None for those that never do."""
    name, *parts = fact_id.split("#")
    kind = KINDS.get(name)
    return kind.lane_for(parts[-1]) if kind else None
