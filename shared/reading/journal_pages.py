"""What was written of all clients, as somebody may see it: page by page, in the order in which it was written."""

from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.ledger import Change
from shared.opmm.signals import Signal
from shared.reading.disclosure import SCOPE
from shared.storage.entries import Entries
from shared.storage.journal import Journal, Position, Reference
from shared.storage.records import Scored
from shared.storage.scores import Scores

_AT_ONCE = 100
"""References that are read at once, at least."""

_MOST_READS = 10
"""For one page: what lies behind a thousand entries that may not be seen is on a later one."""


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Some entries, those written first first."""

    entries: tuple[tuple[Reference, Change | Signal], ...]
    behind: Position
    """Where the next page begins, also where nothing is behind it yet."""
    more: bool
    """Whether there may be more already."""


@dataclass(frozen=True, slots=True)
class JournalPages:
    """Reads the journal for whoever holds a token.

    A token that is limited to clients sees what is entered under their ids, and of that not what rests on names that
    are no longer theirs. What is internal is for those who may see it elsewhere.
    """

    journal: Journal
    entries: Entries
    scores: Scores

    def page(self, token: Token, after: Position, limit: int) -> JournalPage:
        """At most `limit` entries behind a position. What is gone is left out."""
        seen: list[tuple[Reference, Change | Signal]] = []
        at_once, names = max(limit, _AT_ONCE), dict[str, tuple[str, ...]]()
        for _ in range(_MOST_READS):
            listed = self.journal.read(after, at_once)
            mine = [
                each.reference for each in listed if token.clients is None or each.reference.client_id in token.clients
            ]
            said = self.entries.read(mine)
            for each in listed:
                after = each.behind
                found = said.get(each.reference)
                if found is None or not self._sees(token, each.reference, found, names):
                    continue
                seen.append((each.reference, found))
                if len(seen) == limit:
                    return JournalPage(tuple(seen), after, more=each is not listed[-1] or len(listed) == at_once)
            if len(listed) < at_once:
                return JournalPage(tuple(seen), after, more=False)
            if seen:
                break
        return JournalPage(tuple(seen), after, more=True)

    def _sees(
        self, token: Token, reference: Reference, found: Change | Signal, names: dict[str, tuple[str, ...]]
    ) -> bool:
        if isinstance(found, Signal) and found.standing.internal and SCOPE not in token.scopes:
            return False
        if token.clients is None or not found.names:
            return True
        client_id = reference.client_id
        if client_id not in names:
            record = self.scores.read(client_id)
            names[client_id] = record.names if isinstance(record, Scored) else ()
        return {*found.names} <= {*names[client_id]}
