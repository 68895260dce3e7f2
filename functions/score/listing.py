"""Lists the clients of a part of a table, and sends them on in messages."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from functions.score.messages import AT_ONCE, Left, Parcel, portions
from functions.score.progress import Progress
from shared.opmm.dataclass import dataclass
from shared.storage.dynamodb import Pause, Segment
from shared.storage.facts import Facts, client_names
from shared.storage.queue import Queue
from shared.storage.scores import Scores

RESERVE = 60.0
"""Seconds that must be left to read one more page: else another message goes on."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Lists what there is to look at, a segment of a table at a time.

    The scores table has every client that has a scorecard; the facts table also those that have none, because their
    only records were lost. So that no client is looked at twice, those are sent on by the facts table only.
    """

    facts: Facts
    scores: Scores
    progress: Progress
    queue: Queue
    pause: Pause

    def __call__(self, message: Mapping[str, Any], left: Left) -> None:
        """Reads on to the end of the segment, or to that of the time that is left."""
        run, table, number = Parcel.read(message), message["list"], message["number"]
        if self.progress.is_overtaken(run.kind, run.run):
            return
        segment = Segment(message["segment"], message["of"], message["after"])
        names_of: Callable[[Segment], Any] = self._unscored if table == "facts" else self.scores.names
        last: str | None = message["last"]
        waiting: list[str] = []
        while True:
            found, after = names_of(segment)
            names = sorted(found - {last})
            boundary = after["client_id"]["S"] if after else None  # a client may go on over the end of a page
            last = boundary if boundary in {*found, last} else None
            waiting += names
            over = after is None or left() < RESERVE
            whole = len(waiting) if over else len(waiting) // AT_ONCE * AT_ONCE
            number += self._send(run, f"{table}.{segment.number}", number, waiting[:whole])
            waiting = waiting[whole:]
            if after is None:
                self.progress.listed(run.kind, run.run, f"{table}.{segment.number}", number)
                return
            if over:
                going_on = run.listing(table, segment.number, segment.of, number=number, after=after, last=last)
                self.queue.send(going_on)
                return
            segment = Segment(segment.number, segment.of, after)

    def _send(self, run: Parcel, part: str, first: int, names: list[str]) -> int:
        """How many messages were sent."""
        messages = [
            run.of(part, number, portion) for number, portion in enumerate(portions(names, AT_ONCE), start=first)
        ]
        self.queue.send_all(messages)
        return len(messages)

    def _unscored(self, segment: Segment) -> tuple[Iterable[str], Any]:
        """Clients that have facts and of whom nothing is held, aliases left out; and where the next page begins."""
        partitions, after = self.facts.names(segment)
        names = client_names(partitions)
        return names - self.scores.held(sorted(names), self.pause), after
