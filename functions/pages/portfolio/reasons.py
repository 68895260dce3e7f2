"""Why a client needs a talk, in a few words: what its row knows."""

from collections.abc import Sequence
from datetime import date, timedelta

from shared.opmm.discussion import Reason
from shared.opmm.model import Dimension, Model
from shared.storage.records import Summary, SummaryDimension
from shared.texts.words import Words

_SEVERAL = 2
"""From so many questions on a reason is told of them together."""

_AHEAD = timedelta(days=60)
"""How long before a talk is long ago that is told."""


def why_text(row: Summary, model: Model, words: Words, day: date) -> str | None:
    """Why a client needs a talk; None when it does not."""
    parts = []
    for key in dict.fromkeys(reason.key for reason in row.discussion):
        reasons = [reason for reason in row.discussion if reason.key == key]
        match key:
            case "fell":
                fell = words.points(reasons[0].points or 0)
                parts.append(words("why_fell", points=fell, days=model.discussion.days))
            case "low":
                parts.append(_low(reasons, row, model, words))
            case "stale":
                parts.append(_together("why_old", reasons, model, words))
            case "quiet" if row.last_talk:
                parts.append(words("why_quiet", days=(day - row.last_talk).days))
            case _:
                text = model.discussion.texts.get(key)
                parts.append(text[words.language].rstrip(".") if text and "{" not in text[words.language] else "")
    said = "; ".join(_lower_first(part) if place else part for place, part in enumerate(filter(None, parts)))
    return said[:1].upper() + said[1:] or None


def rest_text(row: Summary, model: Model, words: Words, day: date) -> str:
    """What is told of a client that needs no talk: when there was one, and when that will be long ago."""
    if row.last_talk is None:
        return words("no_talk_yet")
    last = words.day_of_year(row.last_talk, day)
    quiet = row.last_talk + timedelta(days=model.discussion.talk_days)
    if row.next_talk(day) is None and day < quiet <= day + _AHEAD:
        return words("last_talk_quiet", day=last, quiet=words.day_of_year(quiet, day))
    return words("last_talk", day=last)


def _low(reasons: Sequence[Reason], row: Summary, model: Model, words: Words) -> str:
    if len(reasons) >= _SEVERAL:
        most = words.points(max(reason.points or 0 for reason in reasons))
        alike = len({reason.points for reason in reasons}) == 1
        return words("why_low_alike" if alike else "why_low_several", number=words.number(len(reasons)), points=most)
    dimension = _asked(reasons[0], model)
    if dimension is None:
        return ""
    text = words("why_low", name=dimension.name[words.language], points=words.points(reasons[0].points or 0))
    value = _value(reasons[0], row.dimensions)
    chosen = dimension.kind == "choice" and value is not None
    return f"{text}: {_lower_first(words.band(value, dimension))}" if chosen else text


def _together(key: str, reasons: Sequence[Reason], model: Model, words: Words) -> str:
    """One question by its name, several by their number."""
    if len(reasons) >= _SEVERAL:
        return words(f"{key}_several", number=words.number(len(reasons)))
    dimension = _asked(reasons[0], model)
    return words(key, name=dimension.name[words.language]) if dimension else ""


def _asked(reason: Reason, model: Model) -> Dimension | None:
    return model.find(reason.dimension) if reason.dimension else None


def _value(reason: Reason, scores: Sequence[SummaryDimension]) -> int | str | None:
    return next((score.value for score in scores if score.key == reason.dimension), None)


def _lower_first(text: str) -> str:
    """Within a sentence; a name of capitals stays."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
