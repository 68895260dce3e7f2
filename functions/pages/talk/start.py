"""What the form says before anybody has filled in anything, and how its buttons fill in more."""

import calendar
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from functions.pages.scorecard_components import advice_text
from functions.pages.talk.form import DISCUSSED, FIRST_ROWS, MOST_AGREEMENTS, day_of, is_row_empty, rows_of
from functions.pages.talk.loading import Loaded
from shared.opmm.advice import Advice
from shared.opmm.model import Dimension, Model
from shared.texts.words import Words

_WEEKEND = (calendar.SATURDAY, calendar.SUNDAY)

MONTHS = (3, 6)
"""In how many months the next talk may be, by a button."""


def starting_fields(loaded: Loaded, model: Model, drawn: Callable[[], str]) -> dict[str, str]:
    """The fields of a talk as it is known: who was to be there, when; no question is discussed yet."""
    talk, following = loaded.talk, loaded.next_talk
    held = loaded.status == "held"
    fields = {
        "talk_id": talk.talk.talk_id if talk else drawn(),
        "about": talk.talk.talk_id if talk else "",
        "known": talk.fact.revision if talk and held else "",
        "rows": str(FIRST_ROWS),
        "held": (min(talk.talk.on, loaded.today) if talk else loaded.today).isoformat(),
        "next": following.talk.on.isoformat() if following else "",
        "next_id": following.talk.talk_id if following else drawn(),
        "summary": talk.text("summary") if talk else "",
        "internal": talk.text("internal") if talk else "",
    }
    if talk:
        fields |= {f"who.is.{place}": name for place, name in enumerate(talk.people)}
    for dimension in model.dimensions:
        fields |= _question(dimension, loaded)
    for row in range(1, MOST_AGREEMENTS + 1):
        fields |= {f"a{row}.id": drawn(), f"a{row}.side": "agency"}
    return fields


def _question(dimension: Dimension, loaded: Loaded) -> dict[str, str]:
    """What stands in the fields of a question, so that "still so" is one click; it is not discussed all the same."""
    name, told = f"q.{dimension.key}", loaded.told.get(dimension.key)
    answer = loaded.card.inputs.answers.get(dimension.key)
    if dimension.kind == "choice":
        return {name: told if isinstance(told, str) else ""}
    if dimension.kind != "count":
        return {}
    if dimension.answers_from == "consultants":
        happy = str(answer.value) if answer and answer.basis == "measured" else ""
        working = "" if loaded.working is None else str(loaded.working)
        return {f"{name}.working": working, f"{name}.happy": happy, f"{name}.was": f"{working}/{happy}"}
    names = told if isinstance(told, tuple) else loaded.names.get(dimension.key, ())
    number = "" if names or answer is None else str(answer.value)
    fields = {f"{name}.name.{place}": each for place, each in enumerate(names)}
    fields |= {f"{name}.other": number, f"{name}.was": ",".join(names) or number}
    return fields | ({name: DISCUSSED} if told is not None else {})


def filled_by(
    button: str, fields: Mapping[str, str], loaded: Loaded, words: Words, model: Model
) -> tuple[dict[str, str], str]:
    """The fields after a button that fills in something, and the id of the place where it did."""
    filled = dict(fields)
    name, _, value = button.partition(".")
    if name == "row":
        rows = min(rows_of(fields) + 1, MOST_AGREEMENTS)
        filled["rows"] = str(rows)
        return filled, f"a{rows}-title"
    if name == "take":
        return _taken_over(value, filled, loaded, words, model)
    if name == "in" and value in map(str, MONTHS):
        held = day_of(fields.get("held", "").strip()) or loaded.today
        filled["next"] = _months_later(max(held, loaded.today), int(value)).isoformat()
        return filled, "next"
    return filled, "kept"


def _taken_over(
    key: str, filled: dict[str, str], loaded: Loaded, words: Words, model: Model
) -> tuple[dict[str, str], str]:
    """A next step as an agreement, in the first row that is empty."""
    one = next((one for one in loaded.advised if one.dimension == key), None)
    row = next((row for row in range(1, MOST_AGREEMENTS + 1) if is_row_empty(filled, row)), None)
    if one is None or row is None:
        return filled, "agreements"
    filled[f"a{row}.title"] = advice_text(one, model, words)
    filled[f"a{row}.moves"] = expected_by(one, loaded)
    filled["rows"] = str(max(rows_of(filled), min(row + 1, MOST_AGREEMENTS)))
    return filled, f"a{row}-who"


def expected_by(one: Advice, loaded: Loaded) -> str:
    """The points that a step leads to, as the form says them; nothing where the question has to be asked first."""
    if one.points is None:
        return ""
    score = next(score for score in loaded.card.score.dimensions if score.key == one.dimension)
    return f"{one.dimension}:{(score.points or 0) + one.points}"


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last day; of a weekend the Monday behind it."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    later = date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    return later + timedelta(days=7 - later.weekday()) if later.weekday() in _WEEKEND else later
