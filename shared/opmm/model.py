"""The model: the published table as a versioned document, checked when it is loaded."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

DIMENSIONS = ("happy_consultants", "specialisms", "roadmap", "inspiration", "nps")
ROADMAP_ANSWERS = ("co_creating", "yes", "no", "third_party")
INSPIRATION_ANSWERS = ("regularly", "incidentally", "no", "third_party")
LANGUAGES = ("en", "nl")

Kind = Literal["count", "choice", "nps"]
Text = Mapping[str, str]
"""A text in every language of `LANGUAGES`."""

_KINDS: Mapping[str, Kind] = {
    "happy_consultants": "count",
    "specialisms": "count",
    "roadmap": "choice",
    "inspiration": "choice",
    "nps": "nps",
}
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
class Model:
    """Five questions, what they are worth, and for how long an answer counts."""

    id: str
    max_total: int
    nps_window_days: int
    dimensions: tuple[Dimension, ...]
    document: Mapping[str, Any]

    def dimension(self, key: str) -> Dimension:
        """The question with this key. Raises KeyError when there is none."""
        return {dimension.key: dimension for dimension in self.dimensions}[key]


def load_model(document: Mapping[str, Any]) -> Model:
    """Reads a model document. Raises ModelError, naming the place, unless every value has exactly one band."""
    try:
        model = Model(
            id=document["model"],
            max_total=document["max_total"],
            nps_window_days=document["nps_window_days"],
            dimensions=tuple(_dimension(entry) for entry in document["dimensions"]),
            document=document,
        )
    except KeyError as missing:
        raise ModelError(f"{missing.args[0]} is missing") from missing
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


def _dimension(entry: Mapping[str, Any]) -> Dimension:
    key = entry["key"]
    kind = _KINDS.get(key)
    if kind is None or entry["kind"] != kind:
        raise ModelError(f"{key}: kind must be {kind}")
    dimension = Dimension(
        key=key,
        kind=kind,
        max=entry["max"],
        name=_text(entry["name"], f"{key}/name"),
        question=_text(entry["question"], f"{key}/question"),
        fresh_days=entry["fresh_days"],
        bands=tuple(_band(band, f"{key}/bands/{place}") for place, band in enumerate(entry["bands"])),
    )
    if any(not 0 <= band.points <= dimension.max for band in dimension.bands):
        raise ModelError(f"{key}: points lie between 0 and {dimension.max}")
    if kind == "choice":
        _one_band_per_answer(dimension)
    else:
        _one_band_per_number(dimension)
    return dimension


def _band(entry: Mapping[str, Any], place: str) -> Band:
    return Band(
        points=entry["points"],
        text=_text(entry["text"], f"{place}/text"),
        answer=entry.get("answer"),
        low=entry.get("from"),
        high=entry.get("to"),
    )


def _text(entry: Mapping[str, str], place: str) -> Text:
    absent = [language for language in LANGUAGES if not entry.get(language)]
    if absent:
        raise ModelError(f"{place}: no text in {', '.join(absent)}")
    return entry


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
