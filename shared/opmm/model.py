"""The model: the published table as a versioned document, checked when it is loaded."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, cast, get_args

DIMENSIONS = ("happy_consultants", "specialisms", "roadmap", "inspiration", "nps")
RoadmapAnswer = Literal["co_creating", "yes", "no", "third_party"]
InspirationAnswer = Literal["regularly", "incidentally", "no", "third_party"]
ROADMAP_ANSWERS: tuple[str, ...] = get_args(RoadmapAnswer)
INSPIRATION_ANSWERS: tuple[str, ...] = get_args(InspirationAnswer)
LANGUAGES = ("en", "nl")

_T = TypeVar("_T")

Kind = Literal["count", "choice", "nps"]
ReasonKey = Literal["fell", "low", "nps_up_happy_down", "stale"]

Text = Mapping[str, str]
"""A text in every language of `LANGUAGES`."""

_KINDS: Mapping[str, Kind] = {
    "happy_consultants": "count",
    "specialisms": "count",
    "roadmap": "choice",
    "inspiration": "choice",
    "nps": "nps",
}
_REASONS: tuple[ReasonKey, ...] = ("fell", "low", "nps_up_happy_down", "stale")
_ANSWERS = {"roadmap": ROADMAP_ANSWERS, "inspiration": INSPIRATION_ANSWERS}
_RANGES: Mapping[Kind, tuple[int, int | None]] = {"count": (0, None), "nps": (-100, 100)}


class ModelError(ValueError):
    """The document is no model: a question is missing, or a value has no band or more than one."""


@dataclass(frozen=True, slots=True)
class Band:
    """One row of the table: the points for an answer, or for every whole number from `low` to `high`."""

    points: int
    text: Text
    answer: str | None = None
    low: int | None = None
    high: int | None = None

    def holds(self, value: int | str) -> bool:
        """Whether the value lies in this band; an open end holds everything on its side."""
        if isinstance(value, str):
            return value == self.answer
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the five questions."""

    key: str
    kind: Kind
    max: int
    name: Text
    question: Text
    fresh_days: int | None
    """Days after which an answer is called stale; None for NPS, where the window takes care of age."""
    bands: tuple[Band, ...]

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
class DiscussionRules:
    """When a partnership needs a talk."""

    days: int
    """How far back a scorecard is compared."""
    fell_by: int
    """Points of the total whose loss is a reason."""
    low_points: int
    """Points of a question that are a reason, and fewer."""
    texts: Mapping[ReasonKey, Text]
    """What is said of each reason; `{dimension}`, `{points}` and `{days}` stand for what it is about."""


@dataclass(frozen=True, slots=True)
class Model:
    """Five questions, what they are worth, for how long an answer counts, and when to talk."""

    id: str
    max_total: int
    nps_window_days: int
    dimensions: tuple[Dimension, ...]
    discussion: DiscussionRules
    document: Mapping[str, Any]

    def dimension(self, key: str) -> Dimension:
        """The question with this key. Raises KeyError when there is none."""
        return {dimension.key: dimension for dimension in self.dimensions}[key]


def load_model(document: Mapping[str, Any]) -> Model:
    """Reads a model document. Raises ModelError, naming the place, unless every value has exactly one band."""
    dimensions = _member(document, "dimensions", "", list)
    model = Model(
        id=_member(document, "model", "", str),
        max_total=_member(document, "max_total", "", int),
        nps_window_days=_member(document, "nps_window_days", "", int),
        dimensions=tuple(_dimension(entry, place) for place, entry in enumerate(dimensions)),
        discussion=_discussion(_member(document, "discussion", "", dict)),
        document=document,
    )
    if tuple(dimension.key for dimension in model.dimensions) != DIMENSIONS:
        raise ModelError(f"dimensions must be {', '.join(DIMENSIONS)}, in this order")
    if model.max_total != sum(dimension.max for dimension in model.dimensions):
        raise ModelError("max_total is not the sum of what the dimensions are worth")
    if model.nps_window_days < 1:
        raise ModelError("nps_window_days must be at least 1")
    return model


def published_model() -> Model:
    """The model of the published table, `opmm-1`."""
    path = Path(__file__).with_name("models") / "opmm-1.json"
    return load_model(json.loads(path.read_text(encoding="utf-8")))


def _member(entry: Any, name: str, place: str, expected: type[_T], *, nullable: bool = False) -> _T:
    """A member of the right type. Raises ModelError with the place; true is no number here."""
    where = f"{place}/{name}".lstrip("/")
    if not isinstance(entry, Mapping) or name not in entry:
        raise ModelError(f"{where} is missing")
    value = entry[name]
    if not (nullable and value is None) and (not isinstance(value, expected) or isinstance(value, bool)):
        raise ModelError(f"{where} must be of type {expected.__name__}")
    return cast("_T", value)


def _dimension(entry: Any, number: int) -> Dimension:
    key = place = _member(entry, "key", f"dimensions/{number}", str)
    kind = _KINDS.get(key)
    if kind is None or _member(entry, "kind", place, str) != kind:
        raise ModelError(f"{place}: kind must be {kind}")
    bands = _member(entry, "bands", place, list)
    dimension = Dimension(
        key=key,
        kind=kind,
        max=_member(entry, "max", place, int),
        name=_text(entry, "name", place),
        question=_text(entry, "question", place),
        fresh_days=_member(entry, "fresh_days", place, int, nullable=True),
        bands=tuple(_band(band, f"{place}/bands/{number}") for number, band in enumerate(bands)),
    )
    if any(not 0 <= band.points <= dimension.max for band in dimension.bands):
        raise ModelError(f"{place}: points lie between 0 and {dimension.max}")
    if dimension.fresh_days is not None and (kind == "nps" or dimension.fresh_days < 0):
        raise ModelError(f"{place}: fresh_days must be 0 or more, and none for the NPS, whose window takes care of age")
    if kind == "choice":
        _one_band_per_answer(dimension)
    else:
        _one_band_per_number(dimension)
    return dimension


def _discussion(entry: dict[str, Any]) -> DiscussionRules:
    place = "discussion"
    texts = _member(entry, "texts", place, dict)
    rules = DiscussionRules(
        days=_member(entry, "days", place, int),
        fell_by=_member(entry, "fell_by", place, int),
        low_points=_member(entry, "low_points", place, int),
        texts={key: _text(texts, key, f"{place}/texts") for key in _REASONS},
    )
    if rules.days < 1 or rules.fell_by < 1 or rules.low_points < 0:
        raise ModelError("discussion: days and fell_by must be at least 1, low_points at least 0")
    return rules


def _band(entry: Any, place: str) -> Band:
    points = _member(entry, "points", place, int)
    entry = {"answer": None, "from": None, "to": None, **entry}
    return Band(
        points=points,
        text=_text(entry, "text", place),
        answer=_member(entry, "answer", place, str, nullable=True),
        low=_member(entry, "from", place, int, nullable=True),
        high=_member(entry, "to", place, int, nullable=True),
    )


def _text(entry: Any, name: str, place: str) -> Text:
    text = _member(entry, name, place, dict)
    absent = [language for language in LANGUAGES if not isinstance(text.get(language), str) or not text[language]]
    if absent:
        raise ModelError(f"{place}/{name}: no text in {', '.join(absent)}")
    return text


def _one_band_per_answer(dimension: Dimension) -> None:
    answers = sorted(band.answer or "" for band in dimension.bands)
    if answers != sorted(_ANSWERS[dimension.key]):
        raise ModelError(f"{dimension.key}: exactly one band each for {', '.join(_ANSWERS[dimension.key])}")


def _one_band_per_number(dimension: Dimension) -> None:
    """Bands, sorted, must follow each other without gap or overlap from one end of the range to the other."""
    lowest, highest = _RANGES[dimension.kind]
    expected: int | None = lowest
    for band in sorted(dimension.bands, key=lambda band: lowest if band.low is None else band.low):
        if expected is None or (lowest if band.low is None else band.low) != expected:
            raise ModelError(f"{dimension.key}: every number needs exactly one band; look at {band.low} to {band.high}")
        if band.high is not None and band.high < expected:
            raise ModelError(f"{dimension.key}: a band ends before it begins, at {band.high}")
        expected = None if band.high is None else band.high + 1
    if expected != (None if highest is None else highest + 1):
        raise ModelError(f"{dimension.key}: the highest numbers have no band")
