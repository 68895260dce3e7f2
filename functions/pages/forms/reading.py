"""Reads the fields of a form, takes down what is wrong with each, and keeps what was typed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, timedelta
from secrets import token_hex

from shared.opmm.dataclass import dataclass
from shared.opmm.display import is_displayable
from shared.opmm.timestamps import parse_instant
from shared.texts.words import Words

FORM = "form"
"""The hidden field that tells one drawing of a form from any other."""

_RANDOM_BYTES = 6
_KEPT_FOR = timedelta(days=30)
_FORM_ID = re.compile(r"(\d{8})-(\d{6})-(\d{6})-[0-9a-f]{12}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_FIRST, _LAST = date(1900, 1, 1), date(2999, 12, 31)
_NUMBER = re.compile(r"[+-]?\d{1,5}", re.ASCII)
_MINUS = "\N{MINUS SIGN}"
LONGEST_TITLE = 200
LONGEST_NAME = 100
LONGEST_TEXT = 4000
MOST_PEOPLE = 20


def new_form_id(now: datetime) -> str:
    """The id of a form that is drawn now: it says when, and becomes the identity of what the form tells."""
    return f"{now:%Y%m%d-%H%M%S-%f}-{token_hex(_RANDOM_BYTES)}"


def drawn_at(form_id: str, now: datetime) -> datetime | None:
    """When a form was drawn; None for what is no id of ours, and for a form that is too old to be trusted."""
    match = _FORM_ID.fullmatch(form_id)
    if match is None:
        return None
    day, time, fraction = match.groups()
    text = f"{day[:4]}-{day[4:6]}-{day[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}.{fraction}Z"
    try:
        drawn = parse_instant(text)
    except ValueError:
        return None
    return min(drawn, now) if now - drawn < _KEPT_FOR else None


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a field: the key of the text that says so."""

    key: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    def said(self, words: Words) -> str:
        """The same, to the reader."""
        return words(self.key, **self.values)


@dataclass(slots=True)
class Form:
    """What was typed, and what is wrong with it. Every field is read before anything is refused."""

    typed: Mapping[str, str]
    faults: dict[str, Wrong] = field(default_factory=dict)
    """By field, in the order in which they were read."""

    @property
    def id(self) -> str:
        """Tells this drawing of the form from others."""
        return self.typed.get(FORM, "")

    def refuse(self, name: str, key: str, **values: str | int) -> None:
        """Takes down a fault; the first one of a field is told."""
        self.faults.setdefault(name, Wrong(key, values))

    def raw(self, name: str) -> str:
        """What was typed, without blanks around it."""
        return self.typed.get(name, "").strip()

    def drawn(self, now: datetime) -> datetime | None:
        """When the form was drawn; None, and a fault, where it cannot be taken any more."""
        found = drawn_at(self.id, now)
        if found is None:
            self.refuse(FORM, "fault_form")
        return found

    def line(self, name: str, longest: int, *, needed: bool = False) -> str | None:
        """A line of text; None when there is none."""
        text = self.raw(name)
        if not text:
            if needed:
                self.refuse(name, "fault_empty")
            return None
        if len(text) > longest:
            self.refuse(name, "fault_long", most=longest)
        elif not is_displayable(text):
            self.refuse(name, "fault_signs")
        else:
            return text
        return None

    def prose(self, name: str, *, needed: bool = False) -> str | None:
        """Some lines of text; None when there are none."""
        text = self.raw(name).replace("\r\n", "\n")
        if not text and needed:
            self.refuse(name, "fault_empty")
        if len(text) > LONGEST_TEXT:
            self.refuse(name, "fault_long", most=LONGEST_TEXT)
            return None
        return text or None

    def names(self, name: str, longest: int = LONGEST_NAME, most: int = MOST_PEOPLE) -> list[str]:
        """Some names, with commas or new lines between them."""
        found = list(dict.fromkeys(part.strip() for part in re.split(r"[,;\n]", self.raw(name)) if part.strip()))
        if len(found) > most:
            self.refuse(name, "fault_many", most=most)
        elif any(len(part) > longest for part in found):
            self.refuse(name, "fault_long", most=longest)
        elif not all(map(is_displayable, found)):
            self.refuse(name, "fault_signs")
        else:
            return found
        return []

    def day(self, name: str) -> date | None:
        """A day; None, and a fault, where there is none."""
        text = self.raw(name)
        try:
            day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None or not _FIRST <= day <= _LAST:
            self.refuse(name, "fault_day" if text else "fault_empty")
            return None
        return day

    def day_up_to(self, name: str, today: date) -> date | None:
        """A day that is not in the future."""
        day = self.day(name)
        if day and day > today:
            self.refuse(name, "fault_future")
            return None
        return day

    def number(self, name: str, lowest: int, highest: int, *, needed: bool = True) -> int | None:
        """A whole number; None where none was typed, or where it is none."""
        text = self.raw(name).replace(_MINUS, "-")
        if not text and not needed:
            return None
        if _NUMBER.fullmatch(text) is None or not lowest <= int(text) <= highest:
            self.refuse(name, "fault_number" if text else "fault_empty", low=lowest, high=highest)
            return None
        return int(text)

    def choice(self, name: str, among: Sequence[str], *, needed: bool = True) -> str | None:
        """One of some choices; None where none was made."""
        text = self.raw(name)
        if text in among:
            return text
        if text or needed:
            self.refuse(name, "fault_choose")
        return None

    def checked(self, name: str) -> bool:
        """Whether a box was checked."""
        return bool(self.raw(name))
