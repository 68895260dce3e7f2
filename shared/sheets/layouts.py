"""Where in a table stands what: which of its columns are those of a kind of file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import tzinfo

from shared.opmm.dataclass import dataclass
from shared.sheets.errors import SheetError
from shared.sheets.kinds import FileKind
from shared.sheets.tables import Row
from shared.texts.words import Words


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of a table are rows of a kind."""

    kind: FileKind
    headings: tuple[str, ...]
    """As they stand in the file."""
    places: Mapping[str, int]
    """By column of the kind, the place of the heading that it is read from."""
    first_row: int
    """The number of the first row that may hold a fact."""
    zone: tzinfo | None = None
    """That of times without one, where the header tells it."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By column of the kind, by folded cell, what it stands for."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """By column of the kind, what stands in all rows."""
    only: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """By place of a heading, the folded cells of the rows that are read."""
    mapped: bool = False
    """Whether its columns are another's, whatever else stands in them left out."""

    def heading(self, column: str) -> str:
        """What the file calls a column of the kind."""
        place = self.places.get(column)
        return self.headings[place] if self.mapped and place is not None else column

    @property
    def left_out(self) -> tuple[str, ...]:
        """The headings of which nothing is read."""
        taken = {*self.places.values(), *self.only}
        return tuple(heading for place, heading in enumerate(self.headings) if place not in taken and heading)


def is_own_header(cells: Iterable[str], kinds: Iterable[FileKind]) -> bool:
    """Whether these are columns of ours."""
    return recognised([heading.lower() for heading in headings_of(cells)], kinds) is not None


def headings_of(cells: Iterable[str]) -> tuple[str, ...]:
    """The headings in a row, without the empty ones that a spreadsheet adds behind the last."""
    found = [cell.strip() for cell in cells]
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def own_layout(first: Row | None, kinds: Iterable[FileKind]) -> Layout | None:
    """That of a file with our own columns; None for any other."""
    headings = headings_of(first.cells) if first else ()
    columns = [heading.lower() for heading in headings]
    kind = recognised(columns, kinds)
    if first is None or kind is None or len(set(columns)) < len(columns):
        return None
    places = {column: place for place, column in enumerate(columns)}
    return Layout(kind, headings, places, first.number + 1)


def recognised(header: Iterable[str], kinds: Iterable[FileKind]) -> FileKind | None:
    """The kind that has this header, None when no kind has."""
    columns = set(header)
    return next((kind for kind in kinds if {"client", *kind.required} <= columns <= {*kind.columns}), None)


def unrecognised(first: Row | None, kinds: Sequence[FileKind], words: Words) -> SheetError:
    """Which columns there may be, and which are wrong.

    Without a header the first line would be data, so that nothing of it is told unless it has columns of ours.
    """
    columns = [heading.lower() for heading in headings_of(first.cells)] if first else []
    known = "\n".join(
        f"  {kind.name}: client,{','.join(kind.required)}[,{','.join((*kind.optional, 'source'))}]" for kind in kinds
    )
    nearest = max(kinds, key=lambda kind: len({"client", *kind.required} & set(columns)))
    missing = [column for column in ("client", *nearest.required) if column not in columns]
    unknown = sorted(set(columns) - {*nearest.columns, ""})
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if len(missing) > len(nearest.required) // 2 + 1 or not columns:
        reason = words.counted("header_none", len(columns))
    elif twice:
        return SheetError(words("header_twice", names=", ".join(twice)))
    elif unknown:
        reason = words.counted("header_unknown", len(unknown), names=", ".join(unknown))
    else:
        reason = words.counted("header_missing", len(missing), names=", ".join(missing))
    return SheetError(f"{reason}\n{known}")
