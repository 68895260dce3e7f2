"""Maps: which columns of a tool's export are ours. Small documents, built in or of one's own."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from fnmatch import translate
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails

from shared.intake.validation import pointer
from shared.opmm.dataclass import dataclass
from shared.sheets.cells import rating
from shared.sheets.errors import SheetError
from shared.sheets.kinds import FileKind
from shared.sheets.layouts import Layout, headings_of, unrecognised
from shared.sheets.tables import Row
from shared.sheets.times import Order, TimeFormError, read_time
from shared.texts.fault_texts import sentence
from shared.texts.words import Words

_FOLDER = Path(__file__).parent / "maps"
_ANY = "any"
_UTC = ZoneInfo("UTC")

MOST_BYTES = 65_536
"""Of a map."""

HEAD = 40
"""Rows in which a header is looked for."""


class ColumnMap(BaseModel):
    """Which columns of a file are those of one of our kinds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["responses", "counts", "surveys"] = "responses"
    known_by: tuple[str, ...] = ()
    """Headings that such a file has; of a map of one's own none are needed."""
    columns: Mapping[str, tuple[str, ...]]
    """By our column, the headings that may be it, the best first; `*` stands for anything."""
    constants: Mapping[str, str] = Field(default_factory=dict)
    """By our column, what stands in all rows."""
    values: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    """By our column, by cell, what it stands for."""
    only: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """By heading, the cells of the rows that are read; others are left out."""
    zone: str | None = None
    """That of times without one."""
    dates: Order | None = None
    header_rows: int = Field(default=1, ge=1, le=3)
    """Rows of the header at most."""

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, zone: str | None) -> str | None:
        if zone is not None:
            try:
                ZoneInfo(zone)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                raise ValueError("there is no such time zone") from None
        return zone


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a file would be read that has not our own columns."""

    name: str
    """Of the map; that of one's own is its file."""
    layout: Layout
    dates: Order | None
    found: ColumnMap
    """The map with the very headings of this file, to be kept."""


def published_maps() -> tuple[str, ...]:
    """The names of the maps that are built in."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.json") if path.stem != _ANY))


@cache
def published_map(name: str) -> ColumnMap:
    """A map that is built in."""
    return ColumnMap.model_validate_json((_FOLDER / f"{name}.json").read_bytes())


def read_map(content: bytes, words: Words) -> ColumnMap:
    """A map of one's own. Raises SheetError with all that is wrong with it."""
    try:
        if len(content) > MOST_BYTES:
            raise SheetError(words("map_too_long", most=MOST_BYTES))
        return ColumnMap.model_validate(json.loads(content))
    except ValidationError as error:
        faults = (_fault(fault, words) for fault in error.errors(include_url=False, include_input=False))
        raise SheetError(words("map_faults", faults="; ".join(faults))) from None
    except (ValueError, RecursionError) as error:
        raise SheetError(words("map_not_json", error=str(error))) from None


def _fault(fault: ErrorDetails, words: Words) -> str:
    return f"{pointer(fault['loc']) or '/'} {sentence(fault, words.language)}"


def proposal(
    head: Sequence[Row], kinds: Sequence[FileKind], words: Words, told: tuple[str, ColumnMap] | None = None
) -> Proposal:
    """How the first rows of a file say that it is to be read; `told` is the map that somebody has named.

    Raises SheetError where nothing tells, with what was looked for.
    """
    if not head:
        raise SheetError(words("file_is_empty"))
    candidates = [told] if told else [(name, published_map(name)) for name in published_maps()]
    for name, known in candidates:
        for place, row in enumerate(head):
            headings = headings_of(row.cells)
            if _all_known(known.known_by, headings) and (known.known_by or told):
                return _proposed(name, known, head[place:], kinds, words)
            if told and not known.known_by:
                break
    if told:
        raise SheetError(words("map_unlike", name=told[0], headings=", ".join(told[1].known_by)))
    own = [
        kind for kind in kinds if {"client", *kind.required} <= {cell.lower() for cell in headings_of(head[0].cells)}
    ]
    known = _of_own(own[0]) if own else published_map(_ANY)
    return _proposed(own[0].name if own else _ANY, known, head, kinds, words)


def _of_own(kind: FileKind) -> ColumnMap:
    """A file with our own columns, and others besides."""
    name: Literal["responses", "counts", "surveys"] = (
        "counts" if kind.name == "counts" else "surveys" if kind.name == "surveys" else "responses"
    )
    return ColumnMap(kind=name, columns={column: (column,) for column in kind.columns})


def _all_known(known_by: Iterable[str], headings: Iterable[str]) -> bool:
    return {heading.casefold() for heading in known_by} <= {heading.casefold() for heading in headings}


def _proposed(name: str, known: ColumnMap, rows: Sequence[Row], kinds: Sequence[FileKind], words: Words) -> Proposal:
    """The columns of a file as a map finds them below its header. Raises SheetError for what it does not find."""
    kind = next(kind for kind in kinds if kind.name == known.kind)
    headings = headings_of(rows[0].cells)
    places = {
        column: place
        for column, patterns in known.columns.items()
        if column in kind.columns and (place := _place(column, patterns, headings, rows[1:], words)) is not None
    }
    missing = [
        column for column in ("client", *kind.required) if column not in places and column not in known.constants
    ]
    if name == _ANY and len(missing) > len(kind.required) // 2:
        raise unrecognised(rows[0], kinds, words)
    if missing:
        raise SheetError(
            words.counted(
                "map_missing", len(missing), columns=", ".join(missing), headings=", ".join(filter(None, headings))
            )
        )
    body = _body(rows, known, places, kind)
    zone = _zone_of(rows[: len(rows) - len(body)], headings, places, kind)
    only = {
        place: frozenset(cell.casefold() for cell in cells)
        for heading, cells in known.only.items()
        if (place := _matching([heading], headings)) is not None
    }
    layout = Layout(
        kind,
        headings,
        places,
        body[0].number if body else rows[-1].number + 1,
        zone=zone or (ZoneInfo(known.zone) if known.zone else None),
        values={
            column: {cell.casefold(): value for cell, value in cells.items()} for column, cells in known.values.items()
        },
        constants=dict(known.constants),
        only=only,
        mapped=True,
    )
    kept = known.model_copy(
        update={"columns": {column: (headings[place],) for column, place in places.items()}, "known_by": ()}
    )
    return Proposal(name, layout, known.dates, kept)


def _place(
    column: str, patterns: Sequence[str], headings: Sequence[str], below: Sequence[Row], words: Words
) -> int | None:
    """Where a column stands. Of several that a rating may stand in, the one with ratings in it.

    Raises SheetError where that leaves several.
    """
    if column != "score":
        return _matching(patterns, headings)
    for pattern in patterns:
        found = [place for place in _all_matching(pattern, headings) if _holds_ratings(place, below)]
        if len(found) > 1:
            names = ", ".join(headings[place] for place in found)
            raise SheetError(words("map_several", column=column, headings=names))
        if found:
            return found[0]
    return None


def _matching(patterns: Sequence[str], headings: Sequence[str]) -> int | None:
    return next((place for pattern in patterns for place in _all_matching(pattern, headings)), None)


def _all_matching(pattern: str, headings: Sequence[str]) -> list[int]:
    if "*" not in pattern:
        return [place for place, heading in enumerate(headings) if heading.casefold() == pattern.casefold()]
    like = re.compile(translate(pattern.casefold()))
    return [place for place, heading in enumerate(headings) if like.fullmatch(heading.casefold())]


def _holds_ratings(place: int, rows: Sequence[Row]) -> bool:
    cells = [row.cells[place].strip() for row in rows if place < len(row.cells) and row.cells[place].strip()]
    return not cells or any(isinstance(rating(cell), int) for cell in cells)


def _body(rows: Sequence[Row], known: ColumnMap, places: Mapping[str, int], kind: FileKind) -> Sequence[Row]:
    """The rows below the header: further rows of it have no time where each fact has one."""
    begin = 1
    while begin < min(known.header_rows, len(rows)) and not _has_time(rows[begin], places.get(kind.happened)):
        begin += 1
    return rows[begin:]


def _has_time(row: Row, place: int | None) -> bool:
    if place is None or place >= len(row.cells):
        return False
    try:
        read_time(row.cells[place].strip(), "dmy", _UTC)
    except TimeFormError as error:
        return error.key == "time_none"
    return True


def _zone_of(
    header: Sequence[Row], headings: Sequence[str], places: Mapping[str, int], kind: FileKind
) -> tzinfo | None:
    """The zone that a header tells: in the heading of the time, or as Qualtrics does in its third row."""
    place = places.get(kind.happened)
    if place is None:
        return None
    if re.search(r"\b(?:UTC|GMT)\b", headings[place]):
        return _UTC
    for row in header:
        try:
            told = json.loads(row.cells[place]) if place < len(row.cells) else None
            if isinstance(told, dict) and isinstance(told.get("timeZone"), str):
                return ZoneInfo(told["timeZone"])
        except (ValueError, ZoneInfoNotFoundError, OSError):
            continue
    return None
