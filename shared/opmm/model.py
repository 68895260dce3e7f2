"""The model: the questions, their bands, and the rules of when to talk."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Literal

from shared.opmm.dataclass import dataclass

LANGUAGES = ("en", "nl")

Kind = Literal["count", "choice", "nps"]
"""What a question is answered with: a whole number from 0 up, one of a few answers, or an NPS of -100 to 100."""

AnswersFrom = Literal["consultants", "survey", "nps"]
"""Where the answers to a question come from: head counts, surveys, or responses and reported figures."""

Text = Mapping[str, str]
"""A text in every language of `LANGUAGES`."""


@dataclass(frozen=True, slots=True)
class Band:
    """One row of the table: the points for an answer, or for every whole number from `low` to `high`."""

    points: int
    text: Text
    answer: str | None = None
    low: int | None = None
    high: int | None = None

    @property
    def end(self) -> int | None:
        """What stands for it where nothing but the band is known: its lower end, of one below zero the upper one.

        None for an answer, and for a row of one number, which is that number.
        """
        if self.answer is not None or self.low == self.high:
            return None
        return self.low if self.low is not None and self.low >= 0 else self.high

    def holds(self, value: int | str) -> bool:
        """Whether the value lies in this band; an open end holds everything on its side."""
        if self.answer is not None or isinstance(value, str):
            return value == self.answer
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the questions."""

    key: str
    kind: Kind
    answers_from: AnswersFrom
    max: int
    name: Text
    short: Text
    """The name where there is little room."""
    question: Text
    unit: Mapping[str, tuple[str, str]]
    """What is counted, in the singular and the plural of each language; empty unless the kind is `count`."""
    answers: tuple[str, ...]
    """What can be chosen; empty unless the kind is `choice`."""
    fresh_days: int | None
    """Days after which an answer is called stale; None for NPS, where the window takes care of age."""
    bands: tuple[Band, ...]

    @property
    def input(self) -> str:
        """What a next step or a supposition calls the number or answer that people can change."""
        return "happy" if self.answers_from == "consultants" else self.key

    @property
    def band_ends(self) -> tuple[int, ...]:
        """The values that stand for its bands, where nothing else is known."""
        return tuple(band.end for band in self.bands if band.end is not None)

    def holds(self, value: int | str) -> bool:
        """Whether the value has a band: answers of another model may have none."""
        return any(band.holds(value) for band in self.bands)

    def band_of(self, value: int | str) -> Band:
        """The one band that holds the value. Raises ValueError for a value outside of the question's range."""
        for band in self.bands:
            if band.holds(value):
                return band
        raise ValueError(f"{self.key} has no band for {value!r}")

    def points_for(self, value: int | str) -> int:
        """The points of the published table for this value."""
        return self.band_of(value).points


@dataclass(frozen=True, slots=True)
class Diverging:
    """A reason to talk: one number rises while another falls."""

    key: str
    up: str
    down: str


@dataclass(frozen=True, slots=True)
class DiscussionRules:
    """When a partnership needs a talk."""

    days: int
    """How far back a scorecard is compared."""
    fell_by: int
    """Points of the total whose loss is a reason."""
    low_points: int
    """Points of a question that are a reason, and fewer."""
    talk_days: int
    """For how long a talk settles the reasons of its day; without another one that is a reason by itself."""
    diverging: tuple[Diverging, ...]
    texts: Mapping[str, Text]
    """What is said of each reason, by its key; `{dimension}`, `{points}`, `{max}` and `{days}` stand for what it is
    about; `{days}` of `quiet` for those since the last talk."""

    def is_low(self, points: int | None) -> bool:
        """Whether these points of a question are a reason to talk; an unanswered question has none."""
        return points is not None and points <= self.low_points


@dataclass(frozen=True, slots=True)
class Model:
    """The questions, what they are worth, for how long an answer counts, and when to talk."""

    id: str
    max_total: int
    nps_window_days: int
    dimensions: tuple[Dimension, ...]
    discussion: DiscussionRules
    document: Mapping[str, Any]

    @property
    def fingerprint(self) -> str:
        """The id and a digest of the document: what was made with another document of the same id shows."""
        canonical = json.dumps(self.document, sort_keys=True, separators=(",", ":"))
        return f"{self.id}#{hashlib.sha256(canonical.encode()).hexdigest()[:16]}"

    @property
    def keys(self) -> tuple[str, ...]:
        """The questions by their keys, in their order."""
        return tuple(dimension.key for dimension in self.dimensions)

    @property
    def survey_questions(self) -> tuple[Dimension, ...]:
        """The questions that surveys answer."""
        return tuple(dimension for dimension in self.dimensions if dimension.answers_from == "survey")

    def dimension(self, key: str) -> Dimension:
        """The question with this key. Raises KeyError when there is none."""
        return {dimension.key: dimension for dimension in self.dimensions}[key]

    def find(self, key: str) -> Dimension | None:
        """The question with this key; None when there is none, as in a ledger that another model has begun."""
        return next((dimension for dimension in self.dimensions if dimension.key == key), None)

    def answered_from(self, source: AnswersFrom) -> Dimension | None:
        """The one question that head counts, or NPS responses, answer; None when the model does not ask it."""
        return next((dimension for dimension in self.dimensions if dimension.answers_from == source), None)
