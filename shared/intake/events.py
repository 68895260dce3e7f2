"""The events that are taken, as their senders write them, and the fact that each leaves behind."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from importlib import import_module
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    create_model,
    field_validator,
    model_validator,
)
from typing_extensions import override

from shared.intake import fields
from shared.intake.envelope import Content, Data, Envelope, Hash, given
from shared.opmm.facts import Fact
from shared.opmm.inputs import Status
from shared.opmm.kinds import BASIS
from shared.opmm.model import Dimension, Model
from shared.opmm.nps import rounded

_D = TypeVar("_D", bound=Data)


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
            "details": given(details),
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
    basis: fields.BandBasis | None = None

    @override
    def identity(self, envelope: Envelope) -> tuple[str, ...]:
        return (self.measured_at.text,)

    @override
    def content(self, hashed: Hash) -> Content:
        nps = rounded(self.nps)
        exact = None if self.nps == nps else f"{self.nps:f}"
        answer = {"nps": nps, "exact": exact, "responses": self.responses, BASIS: self.basis}
        return {"timestamp": self.measured_at, "answer": given(answer)}


class ConsultantsCounted(Data):
    """How many consultants work at the client, and how many of them are happy there."""

    kind = "count"

    working: fields.Headcount
    happy: fields.Headcount | None = None
    as_of: fields.DayOrInstant
    basis: fields.BandBasis | None = None

    @field_validator("happy")
    @classmethod
    def _happy_ones_work_there(cls, happy: int | None, info: ValidationInfo) -> int | None:
        """Told beside every other fault: a check of the whole would wait until nothing else is wrong."""
        if happy is not None and happy > info.data.get("working", happy):
            raise fields.fault("happy_above_working")
        return happy

    @field_validator("basis")
    @classmethod
    def _a_band_tells_no_happy_ones(cls, basis: str | None, info: ValidationInfo) -> str | None:
        if basis is not None and info.data.get("happy") is not None:
            raise fields.fault("happy_of_band")
        return basis

    @override
    def identity(self, envelope: Envelope) -> tuple[str, ...]:
        return (self.as_of.text,)

    @override
    def content(self, hashed: Hash) -> Content:
        answer = {"working": self.working, "happy": self.happy, BASIS: self.basis}
        return {"timestamp": self.as_of, "answer": given(answer)}


class Answers(BaseModel):
    """Answers to the questions of the model that people answer; at least one. `event_types` adds the questions."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @model_validator(mode="after")
    def _at_least_one(self) -> Self:
        if not self.told():
            questions = ", ".join(self.questions())
            raise fields.fault("needs_one", names=questions)
        return self

    @classmethod
    def questions(cls) -> tuple[str, ...]:
        """Every question that may be answered."""
        return tuple(str(field.alias) for field in cls.model_fields.values())

    def told(self) -> dict[str, Any]:
        """By question, what was answered; names of specialisms are a tuple."""
        return given(self.model_dump(by_alias=True))


class SurveyAnswered(Data):
    """A survey about the partnership, answered in whole or in part."""

    kind = "survey"

    answered_at: fields.Instant
    survey_id: fields.Identifier | None = None
    answers: Answers
    bands: list[str] | None = None
    """The questions of which nothing but the band is known."""

    @override
    def identity(self, envelope: Envelope) -> tuple[str, ...]:
        return (self.survey_id or envelope.id,)

    @override
    def facts(self, envelope: Envelope, hashed: Hash, order: int | None = None) -> tuple[Fact, ...]:
        """A fact for each question that surveys of the model answer.

        A question that this survey leaves unanswered is withdrawn: an earlier version may have answered it.
        """
        given = self.answers.told()
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
        band = {BASIS: "band"} if question in (self.bands or ()) else {}
        return {"timestamp": self.answered_at, "answer": {question: answer, **band}}


class ClientDescribed(Data):
    """What a client is called, its other names, and whether the partnership goes on.

    What a description leaves out stays as it was: the versions that tell of one combination of fields are a part of the
    fact by themselves, and the latest part that mentions a field tells it.
    """

    kind = "description"

    name: fields.Name | None = None
    aliases: list[fields.Alias] | None = Field(default=None, max_length=20)
    status: Status | None = None
    owner: fields.Owner | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self._told():
            told_fields = ", ".join(type(self).model_fields)
            raise fields.fault("needs_one", names=told_fields)
        return self

    def _told(self) -> dict[str, Any]:
        aliases = None if self.aliases is None else sorted(set(self.aliases))
        return given({"aliases": aliases, "name": self.name, "owner": self.owner, "status": self.status})

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


_AGENDA = ("talk.recorded", "action.agreed", "goal.set", "note.written")


class _EventTypes(Mapping[str, type[Data]]):
    """Most calls bring responses: what other events are is built when the first of them comes."""

    def __init__(self, builders: Mapping[str, Callable[[], type[Data]]]) -> None:
        self._builders = builders
        self._built: dict[str, type[Data]] = {}

    def __getitem__(self, name: str) -> type[Data]:
        if name not in self._built:
            self._built[name] = self._builders[name]()
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._builders)

    def __len__(self) -> int:
        return len(self._builders)


def event_types(model: Model) -> EventTypes:
    """Every event type; surveys may answer the questions of the model, with the answers that it knows."""

    @cache
    def agenda() -> Mapping[str, type[Data]]:
        types: Mapping[str, type[Data]] = import_module("shared.intake.agenda_events").agenda_types(model)
        return types

    def of_agenda(name: str) -> type[Data]:
        return agenda()[name]

    return _EventTypes(
        {
            "nps.responded": lambda: NpsResponded,
            "nps.retracted": lambda: NpsRetracted,
            "nps.reported": lambda: _with_bands(NpsReported, "nps", model.answered_from("nps")),
            "consultants.counted": lambda: _with_bands(
                ConsultantsCounted, "working", model.answered_from("consultants")
            ),
            "survey.answered": lambda: _survey(model),
            "client.described": lambda: ClientDescribed,
            **{name: partial(of_agenda, name) for name in _AGENDA},
        }
    )


def _survey(model: Model) -> type[SurveyAnswered]:
    """A survey with the questions of the model."""
    questions: dict[str, Any] = {
        # Under a name of their own, so that no question can hide a method of the class.
        f"answer_{dimension.key}": (_answer_type(dimension) | None, Field(default=None, alias=dimension.key))
        for dimension in model.survey_questions
    }
    answers = create_model("Answers", __base__=Answers, __doc__=Answers.__doc__, **questions)
    return create_model(
        "SurveyAnswered",
        __base__=SurveyAnswered,
        __doc__=SurveyAnswered.__doc__,
        answers=(answers, ...),
        bands=(_bands_type(model) | None, None),
    )


def _with_bands(base: type[_D], field: str, dimension: Dimension | None) -> type[_D]:
    """The same data; where nothing but a band is known, the value has to be one that stands for a band of the model."""

    def stands_for_a_band(basis: str, info: ValidationInfo) -> str:
        if field in info.data:
            _require_end(info.data[field], dimension)
        return basis

    basis = Annotated[fields.BandBasis, AfterValidator(stands_for_a_band)]
    made: type[_D] = create_model(base.__name__, __base__=base, __doc__=base.__doc__, basis=(basis | None, None))
    return made


def _bands_type(model: Model) -> Any:
    """Questions that are counted, once each, whose answers stand for bands of the model."""
    counted = {dimension.key: dimension for dimension in model.survey_questions if dimension.kind == "count"}

    def stand_for_bands(questions: list[str], info: ValidationInfo) -> list[str]:
        answers = info.data.get("answers")
        for question in questions:
            if answers is not None:
                _require_end(answers.told().get(question), counted[question])
        return questions

    question: Any = Literal.__getitem__(tuple(counted)) if counted else str
    return Annotated[list[question], Field(max_length=len(counted)), AfterValidator(stand_for_bands)]


def _require_end(value: Any, dimension: Dimension | None) -> None:
    """Raises a fault unless the value stands for a band of the question."""
    ends = dimension.band_ends if dimension else ()
    if value not in ends:
        raise fields.fault("no_band_begins", ends=", ".join(map(str, sorted(ends))))


def _answer_type(dimension: Dimension) -> Any:
    """What a question takes: one of its answers, or a number, which may be told as names."""
    if dimension.kind == "choice":
        return Literal.__getitem__(dimension.answers)
    return fields.NumberOrNames
