"""What a type of the API says beside its Python type: bounds, patterns, formats.

Metadata of `Annotated`, read where the description of the API is made and nowhere else: keywords of JSON Schema.
"""

from collections.abc import Mapping, Sequence
from typing import Any


class Constraint:
    """One or more keywords of JSON Schema."""

    def __init__(self, **keywords: Any) -> None:
        self.keywords: Mapping[str, Any] = keywords


def at_least(lowest: int) -> Constraint:
    """A number that is no lower."""
    return Constraint(minimum=lowest)


def between(lowest: int, highest: int) -> Constraint:
    """A number in a range, both ends included."""
    return Constraint(minimum=lowest, maximum=highest)


def pattern(expression: str) -> Constraint:
    """A text that fits a regular expression."""
    return Constraint(pattern=expression)


def formatted(name: str, example: str) -> Constraint:
    """A text in one of the formats that JSON Schema names."""
    return Constraint(format=name, examples=[example])


def one_of(choices: Sequence[str]) -> Constraint:
    """One of these texts; the first where none is given. Generated clients can name those that begin with `-`, too."""
    names = [f"{choice[1:]}_descending" if choice.startswith("-") else choice for choice in choices]
    named = {"x-enum-varnames": names} if names != list(choices) else {}
    return Constraint(enum=list(choices), default=choices[0], **named)


def exactly(count: int) -> Constraint:
    """A list of this many."""
    return Constraint(minItems=count, maxItems=count)
