"""A message within the bounds of a channel: its first lines, and how many more there are."""

from collections.abc import Callable
from typing import TypeVar

from shared.destinations.message import Message, Section

Drawn = TypeVar("Drawn")

Sections = tuple[Section, ...]

_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def fitted(message: Message, draw: Callable[[Sections, int], Drawn], fits: Callable[[Drawn], bool]) -> Drawn:
    """A message as it is drawn, with as many of its lines as fit; what draws it is told how many are left out."""
    total = most = sum(len(section.lines) for section in message.sections)
    while True:
        drawn = draw(first_lines(message.sections, most), total - most)
        if most == 0 or fits(drawn):
            return drawn
        most = most * 9 // 10


def first_lines(sections: Sections, most: int) -> Sections:
    """The sections up to so many lines, without those of which nothing is left."""
    kept: list[Section] = []
    for section in sections:
        lines = section.lines[:most]
        most -= len(lines)
        if lines:
            kept.append(Section(section.heading, lines))
    return tuple(kept)


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters, which says when it is cut."""
    return text if len(text) <= most else text[: most - 1] + _ELLIPSIS
