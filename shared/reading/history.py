"""A client's ledger as somebody may see it, page by page."""

from datetime import datetime

from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.ledger import Change
from shared.storage.ledger_codec import change_key
from shared.storage.queries import Queries
from shared.storage.records import Scored

_FURTHER = 100
"""Entries that are read at once behind a page of which nothing may be seen."""

_MOST_READS = 10
"""For one page: what lies behind some thousand entries that may not be seen is on the next one."""


@dataclass(frozen=True, slots=True)
class History:
    """A page of the ledger, the newest first."""

    changes: tuple[Change, ...]
    hidden: int
    """Changes among them, or before them where there are none, that may not be seen."""
    next: str | None
    """Where the next page begins; None at the end."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Reads the ledger of a client for whoever holds a token.

    What was told while the client was joined with another by mistake is another's business once that is undone: a token
    that is limited to clients does not see the changes that rest on names which are no longer the client's.
    """

    queries: Queries
    scored: Scored
    token: Token

    def page(self, since: datetime | None, until: datetime | None, limit: int, before: str | None) -> History:
        """At most `limit` changes from `since` up to, not including, `until`, behind the place where a page ended.

        One query; more, `_MOST_READS` at most, while nothing that was read may be seen and there is more. Every change
        that may not be seen is counted on one page and no other.
        """
        seen: list[Change] = []
        hidden, at_once = 0, limit
        for _ in range(_MOST_READS):
            found = self.queries.ledger(self.scored.inputs.client_id, since, until, at_once, before)
            for place, change in enumerate(found.rows, 1):
                if not self._sees(change):
                    hidden += 1
                    continue
                seen.append(change)
                if len(seen) == limit and place < len(found.rows):
                    return History(tuple(seen), hidden, change_key(change))
            before, at_once = found.next, max(limit, _FURTHER)
            if seen or before is None:
                break
        return History(tuple(seen), hidden, before)

    def _sees(self, change: Change) -> bool:
        return self.token.clients is None or change.rests_on(self.scored.names)
