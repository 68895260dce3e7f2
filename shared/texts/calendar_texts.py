"""What time alone will do, in words: what a day of the calendar says."""

from shared.opmm.calendar import Entry
from shared.opmm.ledger import Reading
from shared.opmm.model import Dimension, Model
from shared.texts.sentences import points_text

_MINUS = "\N{MINUS SIGN}"

_UNKNOWN = {"en": "nothing", "nl": "niets"}
_WINDOW = {
    "en": (
        "{count} response leaves, {name} {before} to {after}",
        "{count} responses leave, {name} {before} to {after}",
    ),
    "nl": (
        "{count} reactie valt weg, {name} {before} naar {after}",
        "{count} reacties vallen weg, {name} {before} naar {after}",
    ),
}
_REPORTED = {
    "en": "the reported figure no longer counts, {name} {before} to {after}",
    "nl": "het gemelde cijfer telt niet meer, {name} {before} naar {after}",
}
_MOVES = {"en": "{text}, {before} to {after}", "nl": "{text}, {before} naar {after}"}
_STALE = {"en": "{name} is out of date", "nl": "{name} is verouderd"}
_QUIET = {"en": "{days} days since the last talk", "nl": "{days} dagen sinds het laatste gesprek"}
_TALK = {"en": "talk", "nl": "gesprek"}
_DUE = {"en": "due: {title}", "nl": "afgesproken: {title}"}
_GOAL = {"en": "a goal ends", "nl": "een doel loopt af"}


def entry_text(entry: Entry, model: Model, language: str) -> str:
    """What a day will bring: 3 responses leave, NPS 33 to 8, 4 to 3 points."""
    dimension = model.find(entry.dimension) if entry.dimension else None
    if entry.kind == "window" and dimension is not None:
        return _window_text(entry, dimension, language)
    if entry.kind == "stale" and dimension is not None:
        return _STALE[language].format(name=dimension.name[language])
    if entry.kind == "quiet":
        return _QUIET[language].format(days=model.discussion.talk_days)
    if entry.kind == "action":
        return _DUE[language].format(title=entry.title)
    return (_TALK if entry.kind == "talk" else _GOAL)[language]


def _window_text(entry: Entry, dimension: Dimension, language: str) -> str:
    sentence = _WINDOW[language][entry.leaving != 1] if entry.leaving else _REPORTED[language]
    text = sentence.format(
        count=entry.leaving,
        name=dimension.name[language],
        before=_value(entry.before, language),
        after=_value(entry.after, language),
    )
    if entry.before.points == entry.after.points:
        return text
    after = points_text(entry.after.points or 0, language)
    return _MOVES[language].format(text=text, before=entry.before.points or 0, after=after)


def _value(reading: Reading, language: str) -> str:
    if reading.value is None:
        return _UNKNOWN[language]
    return str(reading.value).replace("-", _MINUS)
