"""The fields of the form: what they are called, and what was filled in, with all that is wrong with it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date

from shared.opmm.dataclass import dataclass
from shared.opmm.display import is_displayable
from shared.opmm.model import Dimension, Model
from shared.opmm.persons import person_key

MOST_AGREEMENTS = 5
MOST_FIELDS = 400
FIRST_ROWS = 3
DISCUSSED = "told"
"""What a question says that is answered with a number or with names; empty says that it was not discussed."""

MOST_WORKING = 10_000
_MOST_COUNTED = 100
_MOST_PEOPLE = 20
_LONGEST_NAME = 100
_LONGEST_SPECIALISM = 200
_LONGEST_TITLE = 200
_LONGEST_TEXT = 4000
_LONGEST_ID = 128
_FIRST, _LAST = date(1900, 1, 1), date(9000, 1, 1)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_KEPT = re.compile(
    r"talk_id|known|about|rows|held|next|next_id|summary|internal|who\.(is\.\d{1,2}|else)"
    r"|a[1-5]\.(id|title|side|who|due|moves)|q\.[a-z0-9_]+(\.(was|other|working|happy|name\.\d{1,3}))?",
    re.ASCII,
)

Value = str | int | date
Answer = str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with a field, by the keys of its texts."""

    name: str
    """Of the field."""
    key: str
    values: Mapping[str, Value] = field(default_factory=dict)
    place: str = ""
    """The text that says which field it is; without one that of the question in `values`."""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is to be done, as it was filled in."""

    action_id: str
    title: str
    side: str
    who: str
    due: date
    expects: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What was filled in, as far as it can be read."""

    talk_id: str
    on: date | None
    people: tuple[str, ...]
    answers: Mapping[str, Answer]
    """By question, what surveys answer."""
    counted: tuple[int, int | None] | None
    """How many work there, and how many of them are happy."""
    agreements: tuple[Agreement, ...]
    next_on: date | None
    summary: str
    internal: str

    def values(self, model: Model) -> dict[str, int | str]:
        """By question, the value that points are given for."""
        found = {key: len(answer) if isinstance(answer, tuple) else answer for key, answer in self.answers.items()}
        asked = model.answered_from("consultants")
        if asked and self.counted:
            working, happy = self.counted
            found[asked.key] = working if happy is None else happy
        return found


def id_of(name: str) -> str:
    """The id of a field."""
    return name.replace(".", "-")


def kept_fields(sent: Mapping[str, str]) -> dict[str, str]:
    """The fields of the form that a draft keeps; those of buttons are none of them."""
    return {name: value for name, value in sent.items() if _KEPT.fullmatch(name)}


def rows_of(fields: Mapping[str, str]) -> int:
    """How many rows there are for agreements."""
    text = fields.get("rows", "")
    return int(text) if text in map(str, range(1, MOST_AGREEMENTS + 1)) else FIRST_ROWS


def is_row_empty(fields: Mapping[str, str], row: int) -> bool:
    """Whether nobody has written anything into a row: its side is chosen from the beginning."""
    return not any(fields.get(f"a{row}.{name}", "").strip() for name in ("title", "who", "due", "moves"))


def day_of(text: str) -> date | None:
    """A day as browsers send it; None for anything else."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return day if day and _FIRST <= day <= _LAST else None


def read_form(fields: Mapping[str, str], model: Model, today: date) -> tuple[Said, tuple[FieldFault, ...]]:
    """What was filled in, and everything that is wrong with it, from the top."""
    return _Reading(fields, model, today).read()


def named(fields: Mapping[str, str], beginning: str) -> list[str]:
    """What is ticked of names, in their order."""
    ticked = [(name, value) for name, value in fields.items() if name.startswith(beginning)]
    return [value for name, value in sorted(ticked, key=lambda pair: (len(pair[0]), pair[0])) if value.strip()]


def listed(text: str) -> list[str]:
    """Names with commas between them."""
    return [name.strip() for name in text.split(",") if name.strip()]


def _distinct(names: list[str]) -> tuple[str, ...]:
    return tuple({person_key(name): name for name in reversed([name.strip() for name in names])}.values())[::-1]


class _Reading:
    """Reads the fields one after the other."""

    def __init__(self, fields: Mapping[str, str], model: Model, today: date) -> None:
        self._fields = fields
        self._model = model
        self._today = today
        self._faults: list[FieldFault] = []

    def read(self) -> tuple[Said, tuple[FieldFault, ...]]:
        on = self._held()
        people = self._people()
        answers, counted = self._questions()
        said = Said(
            talk_id=self._text("talk_id"),
            on=on,
            people=people,
            answers=answers,
            counted=counted,
            agreements=tuple(self._agreements(on)),
            next_on=self._next(on),
            summary=self._prose("summary"),
            internal=self._prose("internal"),
        )
        return said, tuple(self._faults)

    def _text(self, name: str) -> str:
        return self._fields.get(name, "").strip()

    def _refuse(self, name: str, key: str, place: str = "", row: int = 0, **values: Value) -> None:
        self._faults.append(FieldFault(name, key, values, place, row))

    def _day(self, name: str, place: str, row: int = 0) -> date | None:
        text = self._text(name)
        day = day_of(text)
        if day is None:
            self._refuse(name, "talk_bad_day" if text else "talk_no_day", place, row)
        return day

    def _held(self) -> date | None:
        on = self._day("held", "talk_held")
        if on and on > self._today:
            self._refuse("held", "talk_future", "talk_held")
        return on

    def _people(self) -> tuple[str, ...]:
        people = _distinct([*named(self._fields, "who.is."), *listed(self._text("who.else"))])
        if len(people) > _MOST_PEOPLE:
            self._refuse("who.else", "talk_many_people", "talk_people", most=_MOST_PEOPLE)
        if any(not _is_name(name, _LONGEST_NAME) for name in people):
            self._refuse("who.else", "talk_no_name", "talk_people", most=_LONGEST_NAME)
        return people

    def _questions(self) -> tuple[dict[str, Answer], tuple[int, int | None] | None]:
        answers: dict[str, Answer] = {}
        counted = None
        for dimension in self._model.dimensions:
            if dimension.answers_from == "consultants":
                counted = self._counted(dimension)
            elif dimension.kind == "choice":
                answer = self._text(f"q.{dimension.key}")
                if answer in dimension.answers:
                    answers[dimension.key] = answer
                elif answer:
                    self._refuse(f"q.{dimension.key}", "talk_no_choice", question=dimension.key)
            elif dimension.kind == "count":
                told = self._number_or_names(dimension)
                if told is not None:
                    answers[dimension.key] = told
        return answers, counted

    def _is_discussed(self, dimension: Dimension, now: str) -> bool:
        """What was filled in of a question that says "not discussed" is neither taken nor left out in silence."""
        name = f"q.{dimension.key}"
        if self._text(name) == DISCUSSED:
            return True
        if now.strip("/") != self._text(f"{name}.was").strip("/"):
            self._refuse(name, "talk_undecided", question=dimension.key)
        return False

    def _counted(self, dimension: Dimension) -> tuple[int, int | None] | None:
        name = f"q.{dimension.key}"
        working, happy = self._text(f"{name}.working"), self._text(f"{name}.happy")
        if not self._is_discussed(dimension, f"{working}/{happy}"):
            return None
        if not _is_number(working, MOST_WORKING):
            self._refuse(f"{name}.working", "talk_no_number", question=dimension.key, most=MOST_WORKING)
            return None
        if happy and not _is_number(happy, MOST_WORKING):
            self._refuse(f"{name}.happy", "talk_no_number", question=dimension.key, most=MOST_WORKING)
            return None
        if happy and int(happy) > int(working):
            self._refuse(f"{name}.happy", "talk_happier", question=dimension.key)
            return None
        return int(working), int(happy) if happy else None

    def _number_or_names(self, dimension: Dimension) -> Answer | None:
        name = f"q.{dimension.key}"
        ticked, other = named(self._fields, f"{name}.name."), self._text(f"{name}.other")
        names = _distinct([*ticked, *listed(other)])
        if not self._is_discussed(dimension, ",".join((*ticked, *([other] if other else [])))):
            return None
        if not ticked and _is_number(other, _MOST_COUNTED):
            return int(other)
        if not names:
            if self._text(f"{name}.was").strip("0123456789"):
                return ()  # there were names, and every tick was taken away
            self._refuse(f"{name}.other", "talk_no_names", question=dimension.key)
            return None
        if len(names) > _MOST_COUNTED or any(not _is_name(each, _LONGEST_SPECIALISM) for each in names):
            self._refuse(f"{name}.other", "talk_no_name", question=dimension.key, most=_LONGEST_SPECIALISM)
            return None
        return names

    def _agreements(self, on: date | None) -> Iterator[Agreement]:
        for row in range(1, MOST_AGREEMENTS + 1):
            if not is_row_empty(self._fields, row):
                agreement = self._agreement(row, on)
                if agreement:
                    yield agreement

    def _agreement(self, row: int, on: date | None) -> Agreement | None:
        faults = len(self._faults)
        title, who = self._text(f"a{row}.title"), self._text(f"a{row}.who")
        if not title:
            self._refuse(f"a{row}.title", "talk_no_title", "talk_what", row)
        elif not _is_name(title, _LONGEST_TITLE):
            self._refuse(f"a{row}.title", "talk_no_name", "talk_what", row, most=_LONGEST_TITLE)
        if who and not _is_name(who, _LONGEST_NAME):
            self._refuse(f"a{row}.who", "talk_no_name", "talk_who", row, most=_LONGEST_NAME)
        due = self._day(f"a{row}.due", "talk_due", row)
        if due and on and due < on:
            self._refuse(f"a{row}.due", "talk_due_early", "talk_due", row, day=on)
        side, moves = self._text(f"a{row}.side") or "agency", self._text(f"a{row}.moves")
        action_id = self._text(f"a{row}.id")
        expects = self._expected(moves)
        if side not in ("agency", "client") or not 1 <= len(action_id) <= _LONGEST_ID or (moves and not expects):
            self._refuse(f"a{row}.moves", "talk_no_choice", "talk_moves", row)
        if len(self._faults) > faults or due is None:
            return None
        return Agreement(action_id, title, side, who, due, expects)

    def _expected(self, moves: str) -> tuple[str, int] | None:
        key, _, points = moves.partition(":")
        dimension = self._model.find(key)
        if dimension is None or not _is_number(points, dimension.max):
            return None
        return key, int(points)

    def _next(self, on: date | None) -> date | None:
        if not self._text("next"):
            return None
        day = self._day("next", "talk_next")
        if day and (day <= self._today or (on and day <= on)):
            self._refuse("next", "talk_next_early", "talk_next")
        return day

    def _prose(self, name: str) -> str:
        text = self._fields.get(name, "").replace("\r\n", "\n").strip()
        if len(text) > _LONGEST_TEXT:
            self._refuse(name, "talk_long", f"talk_{name}", most=_LONGEST_TEXT)
        return text


def _is_name(text: str, longest: int) -> bool:
    return len(text) <= longest and is_displayable(text)


def _is_number(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(most)) and int(text) <= most
