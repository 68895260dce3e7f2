"""Responses of a file that the service knows already from another source: they would count twice."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Protocol

from shared.sheets.reading import Line
from shared.texts.words import Words

MOST_LOOKED_AT = 50
"""Responses of a file, and of all files: one of another source shares most of them, or none."""

_MOST_LINES = 200
"""Of a table in which responses are looked for."""


class Elsewhere(Protocol):
    """Whether responses are known under another source."""

    def __call__(self, *, source: str, ids: list[str], names: list[str]) -> Counter[str]:
        """By other source, how many of them are."""


def told_twice(tables: Iterable[Iterable[Line]], source: str, known: Elsewhere, words: Words) -> Iterator[str]:
    """What would count twice, in a sentence for each other source; not of rows that name their own source."""
    clients = _sample(tables, source)
    if not clients:
        return
    found = known(source=source, ids=list(clients), names=list(dict.fromkeys(clients.values())))
    for other, count in found.most_common():
        yield words.counted("twice_known", count, looked=len(clients), source=source, other=other)


def _sample(tables: Iterable[Iterable[Line]], source: str) -> dict[str, str]:
    """By the id of a response, the client that it is about: of the first ones in these tables."""
    lines = (line for table in tables for line in islice(table, _MOST_LINES) if not line.faults)
    told = (line.event for line in lines if line.event["type"] == "nps.responded" and line.event["source"] == source)
    found: dict[str, str] = {}
    for event in told:
        found.setdefault(event["data"]["response_id"], event["subject"])
        if len(found) == MOST_LOOKED_AT:
            break
    return found
