"""The document of a model: the published table, with its version and its texts, checked when it is loaded."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

from shared.opmm.model import LANGUAGES, AnswersFrom, Band, Dimension, DiscussionRules, Diverging, Kind, Model, Text

_T = TypeVar("_T")

_KINDS: Mapping[AnswersFrom, tuple[Kind, ...]] = {
    "consultants": ("count",),
    "survey": ("count", "choice"),
    "nps": ("nps",),
}
"""By where answers come from, the kinds of question that they can answer."""

_ALONE: tuple[AnswersFrom, ...] = ("consultants", "nps")
"""Sources that answer one question at most."""

_REASONS = ("fell", "low", "stale", "quiet")
"""Reasons to talk that any model has; those of `diverging` come beside them."""

_RANGES: Mapping[Kind, tuple[int, int | None]] = {"count": (0, None), "nps": (-100, 100)}
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


class ModelError(ValueError):
    """The document is no model: a part or a text is missing, or a value has no band or more than one."""


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
    _text(document, "name", "")
    if not model.dimensions:
        raise ModelError("dimensions: there is no question")
    if len(set(model.keys)) < len(model.keys):
        raise ModelError("dimensions: a key stands twice")
    for source in _ALONE:
        if sum(dimension.answers_from == source for dimension in model.dimensions) > 1:
            raise ModelError(f"dimensions: at most one question is answered from {source}")
    if model.max_total != sum(dimension.max for dimension in model.dimensions):
        raise ModelError("max_total is not the sum of what the dimensions are worth")
    if model.nps_window_days < 1:
        raise ModelError("nps_window_days must be at least 1")
    for rule in model.discussion.diverging:
        for key in (rule.up, rule.down):
            dimension = model.find(key)
            if dimension is None or dimension.kind == "choice":
                raise ModelError(f"discussion/diverging/{rule.key}: {key} is no question with a number")
    return model


def published_model(name: str = "opmm-1") -> Model:
    """The model of this name in the folder `models`; without a name that of the published table.

    Raises ModelError when there is none, or when the document there is another one.
    """
    path = Path(__file__).with_name("models") / f"{name}.json"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"there is no model document {name}.json that can be read") from error
    model = load_model(document)
    if model.id != name:
        raise ModelError(f"{name}.json: model must be {name}")
    return model


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
    if not _KEY.fullmatch(key):
        raise ModelError(f"dimensions/{number}/key must be a lower-case name of letters, digits and _")
    source: Any = _member(entry, "answers_from", place, str)
    kind: Any = _member(entry, "kind", place, str)
    if source not in _KINDS:
        raise ModelError(f"{place}/answers_from must be one of {', '.join(_KINDS)}")
    if kind not in _KINDS[source]:
        raise ModelError(f"{place}/kind must be {' or '.join(_KINDS[source])} when answers come from {source}")
    bands = _member(entry, "bands", place, list)
    dimension = Dimension(
        key=key,
        kind=kind,
        answers_from=source,
        max=_member(entry, "max", place, int),
        name=_text(entry, "name", place),
        short=_text(entry, "short", place),
        question=_text(entry, "question", place),
        unit=_unit(entry, place) if kind == "count" else {},
        answers=_answers(entry, place) if kind == "choice" else (),
        fresh_days=_member(entry, "fresh_days", place, int, nullable=True),
        bands=tuple(_band(band, f"{place}/bands/{number}") for number, band in enumerate(bands)),
    )
    if dimension.max < 1 or any(not 0 <= band.points <= dimension.max for band in dimension.bands):
        raise ModelError(f"{place}: points lie between 0 and {dimension.max}, which is at least 1")
    if dimension.fresh_days is not None and (kind == "nps" or dimension.fresh_days < 0):
        raise ModelError(f"{place}: fresh_days must be 0 or more, and none for the NPS, whose window takes care of age")
    if kind == "choice":
        _one_band_per_answer(dimension)
    else:
        _one_band_per_number(dimension)
    return dimension


def _unit(entry: Any, place: str) -> Mapping[str, tuple[str, str]]:
    """One and several of what is counted, in each language."""
    unit = _member(entry, "unit", place, dict)
    found: dict[str, tuple[str, str]] = {}
    for language in LANGUAGES:
        match unit.get(language):
            case [str(one), str(several)] if one and several:
                found[language] = (one, several)
            case _:
                raise ModelError(f"{place}/unit/{language} must be two texts: one of them, and several")
    return found


def _discussion(entry: dict[str, Any]) -> DiscussionRules:
    place = "discussion"
    texts = _member(entry, "texts", place, dict)
    diverging = tuple(
        Diverging(*(_member(rule, name, f"{place}/diverging/{number}", str) for name in ("key", "up", "down")))
        for number, rule in enumerate(_member(entry, "diverging", place, list))
    )
    keys = (*_REASONS, *(rule.key for rule in diverging))
    if len(set(keys)) < len(keys):
        raise ModelError(f"{place}/diverging: a key stands twice, or is one of {', '.join(_REASONS)}")
    rules = DiscussionRules(
        days=_member(entry, "days", place, int),
        fell_by=_member(entry, "fell_by", place, int),
        low_points=_member(entry, "low_points", place, int),
        talk_days=_member(entry, "talk_days", place, int),
        diverging=diverging,
        texts={key: _text(texts, key, f"{place}/texts") for key in keys},
    )
    if min(rules.days, rules.fell_by, rules.talk_days) < 1 or rules.low_points < 0:
        raise ModelError("discussion: days, fell_by and talk_days must be at least 1, low_points at least 0")
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


def _answers(entry: Any, place: str) -> tuple[str, ...]:
    answers = _member(entry, "answers", place, list)
    if not answers or not all(isinstance(answer, str) and _KEY.fullmatch(answer) for answer in answers):
        raise ModelError(f"{place}/answers must be names of lower-case letters, digits and _")
    if len(set(answers)) < len(answers):
        raise ModelError(f"{place}/answers: one stands twice")
    return tuple(answers)


def _one_band_per_answer(dimension: Dimension) -> None:
    if sorted(band.answer or "" for band in dimension.bands) != sorted(dimension.answers):
        raise ModelError(f"{dimension.key}: exactly one band each for {', '.join(dimension.answers)}")


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
