"""The events that tell what people plan, agree, aim at and write down."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, create_model, field_validator
from typing_extensions import override

from shared.intake import fields
from shared.intake.envelope import Content, Data, Envelope, Hash, given
from shared.opmm.agenda import Closed, Side
from shared.opmm.facts import Fact
from shared.opmm.model import Model
from shared.opmm.timestamps import Timestamp, rfc3339

_M = TypeVar("_M", bound=BaseModel)


class AgendaData(Data):
    """What such events have in common: they say when they were recorded, as what becomes of them depends on it."""

    @override
    def facts(self, envelope: Envelope, hashed: Hash, order: int | None = None) -> tuple[Fact, ...]:
        instant = envelope.time.instant
        content = self.content(hashed)
        content["timestamp"] = content.get("timestamp") or Timestamp(instant, rfc3339(instant))
        content["answer"] = {**content["answer"], "recorded_at": rfc3339(instant)}
        return (self._fact(envelope, content, order),)


class TalkRecorded(AgendaData):
    """A talk about the scorecard: planned when its day is later than that of recording, else held."""

    kind = "talk"

    talk_id: fields.Identifier
    on: fields.Day
    with_: fields.People | None = Field(default=None, alias="with")
    summary: fields.Prose | None = None
    internal: fields.Prose | None = None
    cancelled: fields.Flag | None = None

    @override
    def identity(self, envelope: Envelope) -> tuple[str, ...]:
        return (self.talk_id,)

    @override
    def content(self, hashed: Hash) -> Content:
        return {
            "timestamp": self.on,
            "answer": given({"talk_id": self.talk_id, "cancelled": self.cancelled or None}),
            "details": given({"with": self.with_ or None, "summary": self.summary, "internal": self.internal}),
        }


class Expects(BaseModel):
    """The points of a question that an action should bring. `agenda_types` adds the questions."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    dimension: str
    points: fields.Points


class ActionAgreed(AgendaData):
    """What was agreed: who does what by when, and which question it should move."""

    kind = "action"

    action_id: fields.Identifier
    title: fields.Title
    side: Side
    who: fields.Owner | None = None
    agreed_on: fields.Day | None = None
    due: fields.Day
    talk_id: fields.Identifier | None = None
    expects: Expects | None = None
    closed: Closed | None = None
    internal: fields.Flag | None = None

    @field_validator("due")
    @classmethod
    def _due_after_agreed(cls, due: Timestamp, info: ValidationInfo) -> Timestamp:
        agreed_on = info.data.get("agreed_on")
        if agreed_on is not None and due.instant < agreed_on.instant:
            raise fields.fault("before_agreed")
        return due

    @override
    def identity(self, envelope: Envelope) -> tuple[str, ...]:
        return (self.action_id,)

    @override
    def content(self, hashed: Hash) -> Content:
        answer = {
            "action_id": self.action_id,
            "title": self.title,
            "side": self.side,
            "who": self.who,
            "due": self.due.text,
            "talk_id": self.talk_id,
            "dimension": self.expects and self.expects.dimension,
            "points": self.expects and self.expects.points,
            "closed": self.closed,
            "internal": self.internal or None,
        }
        content: Content = {"answer": given(answer)}
        return {**content, "timestamp": self.agreed_on} if self.agreed_on else content


class GoalSet(AgendaData):
    """The total, or the points of one question, aimed at by a day."""

    kind = "goal"

    goal_id: fields.Identifier
    dimension: str | None = None  # before its points, which are validated against it
    points: fields.Points
    by: fields.Day
    withdrawn: fields.Flag | None = None

    @override
    def identity(self, envelope: Envelope) -> tuple[str, ...]:
        return (self.goal_id,)

    @override
    def content(self, hashed: Hash) -> Content:
        answer = {
            "goal_id": self.goal_id,
            "points": self.points,
            "dimension": self.dimension,
            "by": self.by.text,
            "withdrawn": self.withdrawn or None,
        }
        return {"answer": given(answer)}


class NoteWritten(AgendaData):
    """A note on a partnership, or on one of its questions."""

    kind = "note"

    note_id: fields.Identifier
    text: fields.Prose
    dimension: str | None = None
    internal: fields.Flag = True
    withdrawn: fields.Flag | None = None

    @override
    def identity(self, envelope: Envelope) -> tuple[str, ...]:
        return (self.note_id,)

    @override
    def content(self, hashed: Hash) -> Content:
        answer = {
            "note_id": self.note_id,
            "dimension": self.dimension,
            "internal": self.internal or None,
            "withdrawn": self.withdrawn or None,
        }
        return {"answer": given(answer), "details": {"text": self.text}}


def agenda_types(model: Model) -> Mapping[str, type[Data]]:
    """By the type of event, what its data is; questions are those of the model."""
    question: Any = Literal.__getitem__(model.keys)
    most = {dimension.key: dimension.max for dimension in model.dimensions}

    def within(points: int, info: ValidationInfo) -> int:
        """No more than there are: of the question, or in all."""
        highest = most.get(info.data.get("dimension") or "", model.max_total)
        if points > highest:
            raise fields.fault("above", highest=highest)
        return points

    points = Annotated[fields.Points, AfterValidator(within)]
    expects = _of_model(Expects, dimension=(question, ...), points=(points, ...))
    action = _of_model(ActionAgreed, expects=(expects | None, None))
    goal = _of_model(GoalSet, dimension=(question | None, None), points=(points, ...))
    note = _of_model(NoteWritten, dimension=(question | None, None))
    return {"talk.recorded": TalkRecorded, "action.agreed": action, "goal.set": goal, "note.written": note}


def _of_model(base: type[_M], **questions: Any) -> type[_M]:
    """The same data, with the questions of a model."""
    made: type[_M] = create_model(base.__name__, __base__=base, __doc__=base.__doc__, **questions)
    return made
