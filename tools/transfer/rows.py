"""Rows of a CSV file: the event that a row is, and the row that a stored fact is."""

import hashlib
from collections.abc import Iterable
from datetime import tzinfo
from typing import Any

from shared.opmm.slugs import slugify
from shared.opmm.timestamps import parse_timestamp, rfc3339
from shared.texts.spreadsheets import guarded, unguarded
from tools.transfer.kinds import FileKind, Item, Row
from tools.transfer.revisions import is_counted

Event = dict[str, Any]
"""A CloudEvent as JSON values."""


def event_of(kind: FileKind, cells: Row, source: str, zone: tzinfo, subject: str) -> Event:
    """The event that a row is, about this subject; `source` is for rows without one.

    Its id depends on nothing but the row's identity: a client that is found under another id later changes nothing.
    """
    row = {
        column: cell if column in kind.texts else cell.strip()
        for column, cell in ((column, unguarded(cells.get(column, ""))) for column in kind.columns)
    }
    happened = _instant(row[kind.happened], zone)
    source = row["source"] or source
    identity = (kind.event, source, slugify(row["client"]), row[kind.identity] or happened)
    counted = is_counted(row[kind.recorded])
    return {
        "specversion": "1.0",
        "type": kind.event,
        "source": source,
        "id": event_id(*identity),
        "subject": subject,
        "time": happened if counted else row[kind.recorded] or happened,
        **({"sequence": row[kind.recorded]} if counted else {}),
        "data": {field: value for field, value in kind.data(row).items() if value is not None},
    }


def event_id(*identity: str) -> str:
    """The id of an imported event: the same whenever it is imported."""
    return hashlib.sha256("\0".join(identity).encode(errors="surrogatepass")).hexdigest()[:32]


def row_of(kind: FileKind, item: Item, identity: str, version: str) -> dict[str, str]:
    """The row that is read as the event which left this fact."""
    row = {
        "client": item["client_id"],
        kind.happened: item["observed_at"],
        kind.recorded: version,
        "source": item["source"],
        **kind.cells(item, identity),
    }
    return {column: guarded(cell) for column, cell in row.items()}


def recognised(header: Iterable[str], kinds: Iterable[FileKind]) -> FileKind | None:
    """The kind that has this header, None when no kind has."""
    columns = set(header)
    return next((kind for kind in kinds if {"client", *kind.required} <= columns <= {*kind.columns}), None)


def _instant(text: str, zone: tzinfo) -> str:
    """A business time as the instant it is, a day as its beginning; what is no time stays as it is."""
    try:
        return rfc3339(parse_timestamp(text, zone).instant)
    except ValueError:
        return text
