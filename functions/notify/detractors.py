"""Records of the facts table: a detractor who says why is told at once, whether or not the score moves."""

from collections.abc import Callable, Sequence
from datetime import tzinfo

from functions.notify.apart import Apart, one_by_one
from functions.notify.batch import Record, written_at
from functions.notify.routing import News
from shared.opmm.alerts import alerts_of_response
from shared.opmm.dataclass import dataclass
from shared.opmm.message_ids import response_id
from shared.opmm.slugs import PROOF_CLIENT
from shared.storage.responses import said_in


@dataclass(frozen=True, slots=True)
class Detractors:
    """Finds them among records, and has them told."""

    wanted: Callable[[], bool]
    """Whether anybody wants to hear at once of anything; without anybody nothing is read."""
    at_once: Callable[[Sequence[News]], None]
    named: Callable[[str], str]
    """The client that a name belongs to."""
    zone: tzinfo

    def together(self, records: Sequence[Record]) -> int:
        """Gives how many there are. Safe to repeat: what is told has an id that follows from the record."""
        if not self.wanted():
            return 0
        found = [news for record in records if (news := self._news(record))]
        if found:
            self.at_once(found)
        return len(found)

    def apart(self, records: Sequence[Record]) -> Apart[Record]:
        """The same of each by itself: done are those that had something to tell."""
        told: list[Record] = []

        def tell(record: Record) -> None:
            if self.together([record]):
                told.append(record)

        apart = one_by_one(records, tell)
        return Apart(told, apart.failed, apart.left)

    def _news(self, record: Record) -> News | None:
        change, at = record["dynamodb"], written_at(record)
        said, before = (
            said_in(dict(change[image]), self.zone) if change.get(image) else None for image in ("NewImage", "OldImage")
        )
        if not said or not said.detracts or (before and before.detracts) or said.name == PROOF_CLIENT:
            return None
        day, on = (each.astimezone(self.zone).date() for each in (said.timestamp.instant, at))
        if not alerts_of_response(said.score, comment=True, day=day, on=on):
            return None
        return News(self.named(said.name), response_id(at, said.reference), at, "detractor", said.reference)
