"""Sentences about steps and reasons, in the languages of the model."""

from datetime import date

from shared.opmm.discussion import Reason
from shared.opmm.model import Model
from shared.opmm.next_steps import Step

_COUNTED = {
    "en": ("{count} more {what}", "{count} fewer {what}"),
    "nl": ("{count} {what} meer", "{count} {what} minder"),
}
_COUNTED_FROM_A_BAND = {
    "en": ("up to {count} more {what}", "{count} fewer {what} or more"),
    "nl": ("hooguit {count} {what} meer", "{count} of meer {what} minder"),
}
"""Where nothing but the band is known: it begins at its lowest number, and there may be more."""
_RESPONSES = {
    "en": {"promoters": ("promoter", "promoters"), "detractors": ("detractor", "detractors")},
    "nl": {"promoters": ("promotor", "promotors"), "detractors": ("criticaster", "criticasters")},
}
"""Of an NPS people do not have more, they arrive."""
_LEAVING = {
    "en": ("on {day} {count} response leaves the window", "on {day} {count} responses leave the window"),
    "nl": ("op {day} valt {count} reactie uit het venster", "op {day} vallen {count} reacties uit het venster"),
}
_EXPIRING = {
    "en": "on {day} the reported NPS leaves the window",
    "nl": "op {day} valt de gemelde NPS uit het venster",
}
_MONTHS = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "nl": (
        *("januari", "februari", "maart", "april", "mei", "juni"),
        *("juli", "augustus", "september", "oktober", "november", "december"),
    ),
}
_POINTS = {"en": ("{count} point", "{count} points"), "nl": ("{count} punt", "{count} punten")}


def day_text(day: date, language: str) -> str:
    """A day as it is written in the language: 14 January 2027."""
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"


def points_text(count: int, language: str) -> str:
    """Some points, in the singular or plural."""
    return _POINTS[language][count != 1].format(count=count)


def step_text(step: Step, model: Model, language: str) -> str:
    """What a step asks for: 5 more happy consultants."""
    if isinstance(step.change, date):
        sentence = _LEAVING[language][step.leaving != 1] if step.leaving else _EXPIRING[language]
        return sentence.format(day=day_text(step.change, language), count=step.leaving)
    dimension, count = model.dimension(step.dimension), step.change
    if isinstance(count, str):
        return f"{dimension.name[language]}: {dimension.band_of(count).text[language]}"
    if dimension.kind == "nps":
        return f"{count} {_RESPONSES[language][step.input][count != 1]}"
    what = dimension.unit[language][abs(count) != 1]
    sentences = _COUNTED_FROM_A_BAND if step.of_band else _COUNTED
    return sentences[language][count < 0].format(count=abs(count), what=what)


def reason_text(reason: Reason, model: Model, language: str) -> str:
    """Why to talk, in words that both sides understand."""
    dimension = model.dimension(reason.dimension) if reason.dimension else None
    return model.discussion.texts[reason.key][language].format(
        dimension=dimension.name[language] if dimension else "",
        points=points_text(reason.points or 0, language) if reason.key == "fell" else reason.points,
        max=dimension.max if dimension else "",
        days=model.discussion.days if reason.days is None else reason.days,
    )
