"""Sentences about steps and reasons, in the languages of the model."""

from datetime import date

from shared.opmm.discussion import Reason
from shared.opmm.model import Model
from shared.opmm.next_steps import Step

_COUNTS = {
    "en": {
        "happy": ("happy consultant", "happy consultants"),
        "specialisms": ("specialism", "specialisms"),
        "promoters": ("promoter", "promoters"),
        "detractors": ("detractor", "detractors"),
        "more": "{count} more {what}",
        "fewer": "{count} fewer {what}",
        "arrive": "{count} {what}",
    },
    "nl": {
        "happy": ("blije consultant", "blije consultants"),
        "specialisms": ("specialisme", "specialismen"),
        "promoters": ("promotor", "promotors"),
        "detractors": ("criticaster", "criticasters"),
        "more": "{count} {what} meer",
        "fewer": "{count} {what} minder",
        "arrive": "{count} {what}",
    },
}
_ANSWER = {"en": "{question}: {answer}", "nl": "{question}: {answer}"}
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
    if isinstance(step.change, str):
        dimension = model.dimension(step.dimension)
        answer = dimension.band_of(step.change).text[language]
        return _ANSWER[language].format(question=dimension.name[language], answer=answer)
    words = _COUNTS[language]
    how = "fewer" if step.change < 0 else "more" if step.input in ("happy", "specialisms") else "arrive"
    count = abs(step.change)
    return str(words[how]).format(count=count, what=words[step.input][count != 1])


def reason_text(reason: Reason, model: Model, language: str) -> str:
    """Why to talk, in words that both sides understand."""
    return model.discussion.texts[reason.key][language].format(
        dimension=model.dimension(reason.dimension).name[language] if reason.dimension else "",
        points=points_text(reason.points or 0, language) if reason.key == "fell" else reason.points,
        max=model.dimension(reason.dimension).max if reason.dimension else "",
        days=model.discussion.days,
    )
