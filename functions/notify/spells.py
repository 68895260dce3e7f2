"""What moved a client within a minute, as one: the answers of one survey may move it in several steps."""

from datetime import datetime, tzinfo

from shared.opmm.alerts import TOGETHER, is_of_names, is_old, is_told_by_facts
from shared.opmm.dataclass import dataclass
from shared.opmm.ledger import Change, points_moved, together
from shared.storage.queries import Queries

_MOST = 100
"""Changes that are looked at, the latest of them."""


@dataclass(frozen=True, slots=True)
class Spells:
    """Reads the ledgers of clients."""

    queries: Queries
    zone: tzinfo

    def is_news(self, change: Change) -> bool:
        """Whether it says what somebody told, and not long after it happened."""
        day = change.at.astimezone(self.zone).date()
        return is_told_by_facts(change) and not is_old(change, day) and not is_of_names(change)

    def around(self, client_id: str, at: datetime) -> Change | None:
        """What is news from `at` on for a minute, with the steps before it that went the same way; None without."""
        page = self.queries.ledger(client_id, at - TOGETHER, at + TOGETHER, _MOST, None, consistent=True)
        news = sorted(filter(self.is_news, page.rows), key=lambda change: change.version)
        begins = next((place for place, change in enumerate(news) if change.at >= at), None)
        if begins is None:
            return None
        falls = is_fall(news[begins])
        while begins and is_fall(news[begins - 1]) is falls:
            begins -= 1
        return together(news[begins:])


def is_fall(change: Change) -> bool:
    """Whether the answers that there were are worth less than before."""
    return points_moved(change.moves) < 0
