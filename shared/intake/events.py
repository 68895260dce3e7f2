"""The events that are taken, as their senders write them, and the fact that each leaves behind."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal, Self, TypedDict

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, create_model, field_validator, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import override

from shared.intake import fields
from shared.opmm.facts import Fact, counted_revision, fact_id, revision
from shared.opmm.inputs import Status
from shared.opmm.kinds import KINDS, FactKind
from shared.opmm.model import Dimension, Model
from shared.opmm.nps import rounded
from shared.opmm.timestamps import Timestamp

Hash = Callable[[str], str]
"""Turns a respondent into the keyed hash by which they are known."""


class Envelope(BaseModel):
    """A CloudEvent 1.0 in structured JSON. Extension attributes are allowed, and not looked at."""

    model_config = ConfigDict(frozen=True, extra="ignore", arbitrary_types_allowed=True)

    specversion: Literal["1.0"]
    type: str
    source: fields.SourceName
    id: fields.Identifier
    subject: fields.Slug
    time: fields.Instant
    sequence: fields.Count | None = None
    """The extension of this name: the sender's own count of the versions of a fact, which then orders them."""


class Content(TypedDict, total=False):
    """The parts of a fact that its event tells, besides its identity and revision; as `Fact` has them."""

    timestamp: Timestamp
    answer: Mapping[str, Any]
    counts: bool
    details: Mapping[str, Any]


class Data(BaseModel):
    """What an event of one type carries. Unknown fields are refused: this contract is ours."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    kind: ClassVar[FactKind]

    def identity(self, envelope: Envelope) -> tuple[str, ...]:
        """What tells this fact from others of its kind, client and source."""
        raise NotImplementedError

    def content(self, hashed: Hash) -> Content:
        """What the fact says."""
        raise NotImplementedError

    def facts(self, envelope: Envelope, hashed: Hash, order: int | None = None) -> tuple[Fact, ...]:
        """The facts that this event leaves behind under its subject: one, but for a survey.

        `order` is the sender's own count of its versions, where the event does not tell it as `sequence`.
        """
        return (self._fact(envelope, self.content(hashed), order),)

    def _fact(
        self,
        envelope: Envelope,
        content: Content,
        order: int | None,
        *,
        question: str | None = None,
        part: str | None = None,
    ) -> Fact:
        if order is None and envelope.sequence is not None:
            order = int(envelope.sequence)
        timestamp = content.get("timestamp")
        said = {"kind": self.kind, **content, "timestamp": timestamp and timestamp.text}
        if KINDS[self.kind].unique:
            # Two versions that differ in nothing but their client are two: one of them is the latest.
            said["client"] = envelope.subject
        takes_away = not content.get("counts", True)
        return Fact(
            client_id=envelope.subject,
            fact_id=fact_id(self.kind, envelope.source, *self.identity(envelope), *([question] if question else [])),
            kind=self.kind,
            source=envelope.source,
            revision=revision(envelope.time.instant, said, takes_away=takes_away)
            if order is None
            else counted_revision(order, said, takes_away=takes_away),
            recorded_at=envelope.time.instant,
            question=question,
            part=part,
            **content,
        )


class NpsResponded(Data):
    """One rating by one respondent."""

    kind = "response"

    response_id: fields.Identifier
    score: fields.Rating
    responded_at: fields.Instant
    respondent: fields.Respondent | None = None
    comment: fields.Comment | None = None
    excluded: fields.Flag | None = None

    @override
    def identity(self, envelope: Envelope) -> tuple[str, ...]:
        return (self.response_id,)

    @override
    def content(self, hashed: Hash) -> Content:
        details = {"respondent": self.respondent and hashed(self.respondent), "comment": self.comment or None}
        return {
            "timestamp": self.responded_at,
            "answer": {"score": self.score},
            "counts": not self.excluded,
            "details": _given(details),
        }


class NpsRetracted(Data):
    """A response that never was; may arrive before it."""

    kind = "response"

    response_id: fields.Identifier

    @override
    def identity(self, envelope: Envelope) -> tuple[str, ...]:
        return (self.response_id,)

    @override
    def content(self, hashed: Hash) -> Content:
        return {"counts": False}


class NpsReported(Data):
    """An NPS that somebody else has computed."""

    kind = "reported"

    nps: fields.NpsFigure
    responses: fields.Responses | None = None
    measured_at: fields.Instant

    @override
    def identity(self, envelope: Envelope) -> tuple[str, ...]:
        return (self.measured_at.text,)

    @override
    def content(self, hashed: Hash) -> Content:
        nps = rounded(self.nps)
        exact = None if self.nps == nps else f"{self.nps:f}"
        answer = {"nps": nps, "exact": exact, "responses": self.responses}
        return {"timestamp": self.measured_at, "answer": _given(answer)}


class ConsultantsCounted(Data):
    """How many consultants work at the client, and how many of them are happy there."""

    kind = "count"

    working: fields.Headcount
    happy: fields.Headcount | None = None
    as_of: fields.DayOrInstant

    @field_validator("happy")
    @classmethod
    def _happy_ones_work_there(cls, happy: int | None, info: ValidationInfo) -> int | None:
        """Told beside every other fault: a check of the whole would wait until nothing else is wrong."""
        if happy is not None and happy > info.data.get("working", happy):
            raise PydanticCustomError("invalid", "more are happy than work there")
        return happy

    @override
    def identity(self, envelope: Envelope) -> tuple[str, ...]:
        return (self.as_of.text,)

    @override
    def content(self, hashed: Hash) -> Content:
        return {"timestamp": self.as_of, "answer": _given({"working": self.working, "happy": self.happy})}


class Answers(BaseModel):
    """Answers to the questions of the model that people answer; at least one. `event_types` adds the questions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="after")
    def _at_least_one(self) -> Self:
        if not self.given():
            questions = ", ".join(self.questions())
            raise PydanticCustomError("invalid", "needs at least one of {questions}", {"questions": questions})
        return self

    @classmethod
    def questions(cls) -> tuple[str, ...]:
        """Every question that may be answered."""
        return tuple(str(field.alias) for field in cls.model_fields.values())

    def given(self) -> dict[str, Any]:
        """By question, what was answered; names of specialisms are a tuple."""
        return _given(self.model_dump(by_alias=True))


class SurveyAnswered(Data):
    """A survey about the partnership, answered in whole or in part."""

    kind = "survey"

    answered_at: fields.Instant
    survey_id: fields.Identifier | None = None
    answers: Answers

    @override
    def identity(self, envelope: Envelope) -> tuple[str, ...]:
        return (self.survey_id or envelope.id,)

    @override
    def facts(self, envelope: Envelope, hashed: Hash, order: int | None = None) -> tuple[Fact, ...]:
        """A fact for each question that surveys of the model answer.

        A question that this survey leaves unanswered is withdrawn: an earlier version may have answered it.
        """
        given = self.answers.given()
        return tuple(
            self._fact(envelope, self._answered(question, given.get(question)), order, question=question)
            for question in self.answers.questions()
        )

    def _answered(self, question: str, answer: Any) -> Content:
        if answer is None:
            return {"counts": False}
        if isinstance(answer, tuple):
            details = {"names": list(answer)}
            return {"timestamp": self.answered_at, "answer": {question: len(answer)}, "details": details}
        return {"timestamp": self.answered_at, "answer": {question: answer}}


class ClientDescribed(Data):
    """What a client is called, its other names, and whether the partnership goes on.

    What a description leaves out stays as it was: the versions that tell of one combination of fields are a part of the
    fact by themselves, and the latest part that mentions a field tells it.
    """

    kind = "description"

    name: fields.Name | None = None
    aliases: list[fields.Alias] | None = Field(default=None, max_length=20)
    status: Status | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self._told():
            told_fields = ", ".join(type(self).model_fields)
            raise PydanticCustomError("invalid", "needs at least one of {fields}", {"fields": told_fields})
        return self

    def _told(self) -> dict[str, Any]:
        aliases = None if self.aliases is None else sorted(set(self.aliases))
        return _given({"aliases": aliases, "name": self.name, "status": self.status})

    @override
    def identity(self, envelope: Envelope) -> tuple[str, ...]:
        return ()

    @override
    def content(self, hashed: Hash) -> Content:
        return {"answer": self._told()}

    @override
    def facts(self, envelope: Envelope, hashed: Hash, order: int | None = None) -> tuple[Fact, ...]:
        content = self.content(hashed)
        return (self._fact(envelope, content, order, part="+".join(content["answer"])),)


EventTypes = Mapping[str, type[Data]]
"""By the type of event, what its data is."""


def event_types(model: Model) -> EventTypes:
    """Every event type; surveys may answer the questions of the model, with the answers that it knows."""
    questions: dict[str, Any] = {
        # Under a name of their own, so that no question can hide a method of the class.
        f"answer_{dimension.key}": (_answer_type(dimension) | None, Field(default=None, alias=dimension.key))
        for dimension in model.survey_questions
    }
    answers = create_model("Answers", __base__=Answers, __doc__=Answers.__doc__, **questions)
    survey = create_model(
        "SurveyAnswered", __base__=SurveyAnswered, __doc__=SurveyAnswered.__doc__, answers=(answers, ...)
    )
    return {
        "nps.responded": NpsResponded,
        "nps.retracted": NpsRetracted,
        "nps.reported": NpsReported,
        "consultants.counted": ConsultantsCounted,
        "survey.answered": survey,
        "client.described": ClientDescribed,
    }


def _answer_type(dimension: Dimension) -> Any:
    """What a question takes: one of its answers, or a number, which may be told as names."""
    if dimension.kind == "choice":
        return Literal.__getitem__(dimension.answers)
    return fields.NumberOrNames


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Only what was given."""
    return {key: value for key, value in values.items() if value is not None}
