"""Reads the parameters of a query, telling all faults at once."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from typing import Literal, TypeVar, get_args

from shared.http.problems import Fault, InvalidError, QueryNamesError
from shared.http.requests import Request

T = TypeVar("T")
Choice = TypeVar("Choice", bound=str)

MOST_ROWS = 100
DEFAULT_ROWS = 25
MOST_DAYS = 1100
"""Three years and a bit: what one response over time may hold."""

Granularity = Literal["month", "day"]
GRANULARITIES: tuple[Granularity, ...] = get_args(Granularity)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_FIRST, _LAST = date(1900, 1, 1), date(9000, 1, 1)
"""Days that have a day before and after them in every time zone."""


def refuse_other_names(request: Request, known: AbstractSet[str]) -> None:
    """Raises QueryNamesError when the query has a parameter that is not known here, or one more than once.

    What was misspelt would else be left out in silence, and a list show more than was asked for.
    """
    unknown = request.query.keys() - known
    if unknown or request.repeated:
        raise QueryNamesError(unknown, request.repeated - unknown, known)


class Parameters:
    """The query string of one request. Read what is wanted, then `check`."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self._query = query
        self._faults: list[Fault] = []

    def limit(self) -> int:
        """Rows of a page."""
        text = self._query.get("limit", str(DEFAULT_ROWS))
        if text.isascii() and text.isdigit() and len(text) <= len(str(MOST_ROWS)) and 1 <= int(text) <= MOST_ROWS:
            return int(text)
        return self._refused("limit", f"must be a whole number from 1 to {MOST_ROWS}", DEFAULT_ROWS)

    def choice(self, name: str, choices: Sequence[Choice], default: Choice | None = None) -> Choice:
        """One of the choices; the default, or else the first, when it is not given."""
        text = self._query.get(name)
        if text is None:
            return default or choices[0]
        chosen = next((choice for choice in choices if choice == text), None)
        return chosen or self._refused(name, f"must be one of {', '.join(choices)}", choices[0])

    def whole(self, name: str, lowest: int, highest: int) -> int | None:
        """A whole number; None when it is not given."""
        text = self._query.get(name)
        if text is None:
            return None
        if text.isascii() and text.isdigit() and len(text) <= len(str(highest)) and lowest <= int(text) <= highest:
            return int(text)
        return self._refused(name, f"must be a whole number from {lowest} to {highest}", None)

    def text(self, name: str, longest: int) -> str | None:
        """Some text to look for, blanks around it left out; None when nothing is left."""
        text = self._query.get(name, "").strip()
        if len(text) > longest:
            return self._refused(name, f"must have at most {longest} characters", None)
        return text or None

    def said(self, name: str, longest: int) -> str | None:
        """Some text that says something, blanks around it left out; None when it is not given."""
        text = self._query.get(name)
        if text is not None and not (text.strip() and len(text) <= longest):
            return self._refused(name, f"must have from 1 to {longest} characters, and not blanks alone", None)
        return text and text.strip()

    def flag(self, name: str) -> bool | None:
        """True or false; None when it is not given."""
        text = self._query.get(name)
        if text in (None, "true", "false"):
            return None if text is None else text == "true"
        return self._refused(name, "must be true or false", None)

    def day(self, name: str, latest: date | None = None) -> date | None:
        """A day such as 2026-06-30, `latest` at the latest; None when it is not given."""
        text = self._query.get(name)
        if text is None:
            return None
        try:
            day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None or not _FIRST <= day <= _LAST:
            return self._refused(name, "must be a day such as 2026-06-30", None)
        if latest is not None and day > latest:
            return self._refused(name, f"must not lie behind {latest.isoformat()}", None)
        return day

    def days(self) -> tuple[date | None, date | None]:
        """`from` and `to`, both included; None for an end that is not given."""
        first, last = self.day("from"), self.day("to")
        if first and last and first > last:
            self.refuse("from", "must not lie behind to")
        return first, last

    def span(self, today: date) -> tuple[date, date]:
        """`from` and `to`, both included, fewer than `MOST_DAYS`: without `to` up to today, without `from` a year."""
        first, last = self.days()
        last = last or today
        first = first or last - timedelta(days=364)
        if not 0 <= (last - first).days < MOST_DAYS:
            self.refuse("from", f"must lie before to, by less than {MOST_DAYS} days")
        return first, last

    def refuse(self, name: str, detail: str) -> None:
        """Takes down a fault that only the caller can see."""
        self._faults.append(Fault(f"/query/{name}", detail))

    def check(self) -> None:
        """Raises InvalidError when anything was wrong."""
        if self._faults:
            raise InvalidError("The query is not valid.", self._faults)

    def _refused(self, name: str, detail: str, instead: T) -> T:
        self.refuse(name, detail)
        return instead
