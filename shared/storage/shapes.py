"""Values of stored items, of the type that they should be: whatever lies there, nothing of another type gets through.

Everything here raises TypeError or ValueError.
"""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any, TypeVar

_T = TypeVar("_T")


def of_type(kind: type[_T], value: Any) -> _T:
    """The value, of this very type: true is no number here."""
    if type(value) is not kind:
        raise TypeError(f"no {kind.__name__}")
    return value


def one_of(known: Collection[Any], value: Any) -> Any:
    """The value, which is one of these texts."""
    if of_type(str, value) not in known:
        raise ValueError("no value that is known")
    return value


def saying(value: Any) -> str:
    """A text that says something."""
    if not of_type(str, value):
        raise ValueError("nothing is said")
    return str(value)


def texts(value: Any) -> tuple[str, ...]:
    """A list of texts."""
    return tuple(of_type(str, member) for member in of_type(list, value))


def number_or_text(value: Any) -> int | str:
    """What a question is answered with."""
    return value if type(value) is str else of_type(int, value)


def plain(value: Any) -> int | str | bool:
    """A number, a text or a flag."""
    return value if type(value) is bool else number_or_text(value)


def optional(read: Callable[[Any], _T], value: Any) -> _T | None:
    """What `read` makes of a value; None of none."""
    return None if value is None else read(value)


def whole(value: Any) -> int:
    """A whole number."""
    return of_type(int, value)


def day(value: Any) -> date:
    """A date, as it is laid down."""
    return date.fromisoformat(of_type(str, value))
