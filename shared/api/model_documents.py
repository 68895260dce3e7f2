"""What the API responds with about the model: its questions, texts and bands; as `documents`."""

from typing import Annotated, NotRequired, TypedDict

from shared.api.constraints import exactly
from shared.api.fields import Count, QuestionKey
from shared.opmm.model import AnswersFrom, Kind


class TextDocument(TypedDict):
    """A text in every language."""

    en: str
    nl: str


class UnitDocument(TypedDict):
    """What is counted in every language: one of them, and several."""

    en: Annotated[list[str], exactly(2)]
    nl: Annotated[list[str], exactly(2)]


_RangeDocument = TypedDict("_RangeDocument", {"from": NotRequired[int | None], "to": NotRequired[int | None]})


class BandDocument(_RangeDocument):
    """A row of the table: an answer, or whole numbers from one to another, both included; null for an open end."""

    points: Count
    text: TextDocument
    answer: NotRequired[str]


class QuestionDocument(TypedDict):
    """A question of the model."""

    key: QuestionKey
    kind: Kind
    answers_from: AnswersFrom
    max: Count
    name: TextDocument
    short: TextDocument
    question: TextDocument
    unit: NotRequired[UnitDocument]
    answers: NotRequired[list[str]]
    fresh_days: Count | None
    """Days after which an answer is called stale."""
    bands: list[BandDocument]


class DivergingDocument(TypedDict):
    """A reason to talk: one number rises while another falls."""

    key: str
    up: QuestionKey
    down: QuestionKey


class DiscussionRulesDocument(TypedDict):
    """When a partnership needs a talk."""

    days: Count
    """How far back a scorecard is compared."""
    fell_by: Count
    low_points: Count
    talk_days: Count
    """For how long a talk settles the reasons of its day."""
    diverging: list[DivergingDocument]
    texts: dict[str, TextDocument]
    """What is said of each reason, by its key."""


class ModelDocument(TypedDict):
    """The questions, what they are worth, and for how long an answer counts."""

    model: str
    name: TextDocument
    max_total: Count
    nps_window_days: Count
    discussion: DiscussionRulesDocument
    dimensions: list[QuestionDocument]
