from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from shared.http.tokens import Token
from shared.opmm.ledger import Change
from shared.reading.history import Ledger
from shared.storage.ledger_codec import change_key
from shared.storage.queries import Page

if TYPE_CHECKING:
    from shared.storage.queries import Queries
    from shared.storage.records import Scored

LIMITED = Token("t", frozenset(), clients=frozenset({"acme"}))
UNLIMITED = Token("t", frozenset())
NOW = datetime(2026, 11, 24, tzinfo=UTC)


class Acme:
    """A client without other names."""

    names = ("acme",)
    inputs = type("Inputs", (), {"client_id": "acme"})


@dataclass
class Stored:
    """A ledger, the newest first: `s` may be seen, `h` is hidden from limited tokens, `u` cannot be read."""

    entries: str
    reads: list[int] = field(default_factory=list)

    def changes(self) -> list[Change]:
        count = len(self.entries)
        return [
            Change(count - place, NOW - timedelta(days=place), "new", 0, 0, (), (), ("other",) if kind == "h" else ())
            for place, kind in enumerate(self.entries)
        ]

    def ledger(self, _client: str, _since: Any, _until: Any, limit: int, before: str | None) -> Page[Change]:
        self.reads.append(limit)
        every = [*zip(self.changes(), self.entries, strict=True)]
        found = [(change, kind) for change, kind in every if before is None or change_key(change) < before]
        rows = tuple(change for change, kind in found[:limit] if kind != "u")
        return Page(rows, change_key(found[limit - 1][0]) if len(found) >= limit else None)

    def walk(self, limit: int, token: Token = LIMITED) -> list[tuple[int, int]]:
        """How many changes each page shows, and how many it hides."""
        ledger = Ledger(cast("Queries", self), cast("Scored", Acme), token)
        pages = [ledger.page(None, None, limit, None)]
        while pages[-1].next:
            pages.append(ledger.page(None, None, limit, pages[-1].next))
        shown = [change for page in pages for change in page.changes]
        seen = "su" if token is LIMITED else "shu"
        assert shown == [
            change for change, kind in zip(self.changes(), self.entries, strict=True) if kind in seen and kind != "u"
        ]
        return [(len(page.changes), page.hidden) for page in pages]


@pytest.mark.parametrize(
    ("entries", "pages"),
    [
        ("sss", [(2, 0), (1, 0)]),
        ("shs", [(1, 1), (1, 0)]),
        ("hhhhs", [(1, 4)]),
        ("hhhhsss", [(2, 4), (1, 0)]),
        ("hhsshsh", [(2, 2), (1, 1), (0, 1)]),
        ("hhhhh", [(0, 5)]),
        ("uuuus", [(1, 0)]),
        ("", [(0, 0)]),
    ],
)
def test_a_page_goes_on_until_something_may_be_seen_and_counts_what_it_passes_over_once(
    entries: str, pages: list[tuple[int, int]]
) -> None:
    assert Stored(entries).walk(2) == pages


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
@pytest.mark.parametrize("entries", ["h" * 150 + "s" + "h" * 150 + "ss", "shh" * 90, "uhs" * 40, "h" * 1200 + "s"])
def test_every_change_is_shown_or_counted_whatever_the_size_of_a_page(entries: str, limit: int) -> None:
    assert sum(hidden for _, hidden in Stored(entries).walk(limit)) == entries.count("h")


def test_a_page_reads_once_where_something_may_be_seen_and_ten_times_at_most() -> None:
    few, many = Stored("hs" * 50), Stored("h" * 5000)
    for stored, token in ((few, LIMITED), (many, LIMITED)):
        Ledger(cast("Queries", stored), cast("Scored", Acme), token).page(None, None, 3, None)

    assert (few.reads, many.reads) == ([3], [3, *[100] * 9])


def test_nothing_is_hidden_from_a_token_that_is_not_limited() -> None:
    assert sum(hidden for _, hidden in Stored("hshs").walk(2, UNLIMITED)) == 0
