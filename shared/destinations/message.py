"""What a destination is sent: the same whichever channel carries it, so that each channel only draws it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from shared.opmm.dataclass import dataclass

Kind = Literal["score.changed", "signal", "alert", "digest", "test"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a message: plain text, which may lead somewhere."""

    text: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Some lines under a heading; one without a heading belongs to the title."""

    heading: str | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A message in the language of its destination, for people, with the document of it for machines."""

    id: str
    """The same in every try, and whenever it is sent again: by it a receiver knows what it has had already."""
    kind: Kind
    occurred_at: datetime
    title: str
    sections: tuple[Section, ...]
    data: Mapping[str, Any]
    """What a `webhook` sends as `data`, beside `type` (`opmm.` and the kind) and `timestamp` (when it occurred)."""
    link: str | None = None
    """The page that shows it."""
