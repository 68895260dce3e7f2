"""Rows of a CSV file: the event that a row is, and the row that a stored fact is."""

import hashlib
from datetime import tzinfo
from functools import lru_cache
from typing import Any

from shared.opmm.slugs import slugify
from shared.opmm.timestamps import parse_timestamp, rfc3339
from shared.sheets.kinds import FileKind, Item, Row
from shared.sheets.revisions import count_of, version_cell
from shared.texts.spreadsheets import guarded

Event = dict[str, Any]
"""A CloudEvent as JSON values."""

_slug = lru_cache(maxsize=10_000)(slugify)
"""A file has many rows of few clients."""


def event_of(kind: FileKind, row: Row, source: str, zone: tzinfo, subject: str) -> Event:
    """The event that a row is, whose cells are read already, about this subject; `source` is for rows without one.

    Its id depends on nothing but the row's identity: a client that is found under another id later changes nothing.
    """
    happened = _instant(row[kind.happened], zone)
    source = row["source"] or source
    identity = (kind.event, source, _slug(row["client"]), row[kind.identity] or happened)
    recorded = row[kind.recorded]
    counted = count_of(recorded)
    return {
        "specversion": "1.0",
        "type": kind.event,
        "source": source,
        "id": event_id(*identity),
        "subject": subject,
        "time": happened if counted else recorded or happened,
        **({"sequence": counted} if counted else {}),
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
        kind.recorded: version_cell(version),
        "source": item["source"],
        **kind.cells(item, identity),
    }
    return {column: guarded(cell) for column, cell in row.items()}


def _instant(text: str, zone: tzinfo) -> str:
    """A business time as the instant it is, a day as its beginning; what is no time stays as it is."""
    try:
        return rfc3339(parse_timestamp(text, zone).instant)
    except ValueError:
        return text
