"""Figures beside their bars, as Markdown and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import quantiles
from typing import Any, Self

MARKS = {True: "holds", False: "**MISSED**", None: ""}


@dataclass(frozen=True)
class Figure:
    """One measured figure."""

    what: str
    unit: str
    measured: float
    low: float | None = None
    """The lower quartile, where it was measured more than once."""
    high: float | None = None
    reference: float | None = None
    """The same of the reference handler."""
    bar: float | None = None
    """At most so much."""
    note: str = ""

    @classmethod
    def of(cls, what: str, unit: str, samples: Sequence[float], **told: Any) -> Self:
        """The median of what was measured several times, with its quartiles."""
        low, middle, high = quantiles(samples, n=4, method="inclusive")
        return cls(what, unit, middle, low, high, **told)

    @property
    def holds(self) -> bool | None:
        """Whether the bar is met; None without one."""
        return None if self.bar is None else self.measured <= self.bar


@dataclass(frozen=True)
class Section:
    """Figures of one kind, and how they were measured."""

    title: str
    how: str
    figures: Sequence[Figure]


def markdown(sections: Sequence[Section], made: str) -> str:
    """The report for people."""
    figures = [figure for section in sections for figure in section.figures]
    missed = [figure.what for figure in figures if figure.holds is False]
    barred = sum(figure.bar is not None for figure in figures)
    lines = ["# Cost and speed", "", made, ""]
    lines += [f"{barred - len(missed)} of {barred} bars hold." + (f" Missed: {'; '.join(missed)}." if missed else "")]
    for section in sections:
        lines += ["", f"## {section.title}", "", section.how, ""]
        lines += ["| what | measured | quartiles | reference | bar | |", "|---|---|---|---|---|---|"]
        lines += [_row(figure) for figure in section.figures]
    return "\n".join(lines) + "\n"


def _row(figure: Figure) -> str:
    quartiles = "" if figure.low is None or figure.high is None else f"{_told(figure.low)} - {_told(figure.high)}"
    bar = "" if figure.bar is None else f"{_told(figure.bar)}"
    reference = "" if figure.reference is None else _told(figure.reference)
    measured = f"{_told(figure.measured)} {figure.unit}".strip()
    mark = " ".join(part for part in (MARKS[figure.holds], figure.note) if part)
    return f"| {figure.what} | {measured} | {quartiles} | {reference} | {bar} | {mark} |"


def _told(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) or abs(number) >= 1000 else f"{number:.2f}"


def as_json(sections: Sequence[Section], made: str) -> str:
    """The same for programs."""
    document: dict[str, Any] = {
        "made": made,
        "sections": [
            {
                "title": section.title,
                "how": section.how,
                "figures": [{**asdict(figure), "holds": figure.holds} for figure in section.figures],
            }
            for section in sections
        ],
    }
    return json.dumps(document, indent=2) + "\n"
