"""The columns of the campaign: what goes wrong in a history, besides what always does.

In all of them processes die before and after writes, writes time out and land later, invocations end unheard, and
batches come again after newer ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Beside = Literal["refresh", "rebuild", "aliases"]
"""What other workers do all the time while events come in."""


@dataclass(frozen=True)
class Column:
    """One sort of history."""

    name: str
    says: str
    lanes: int = 1
    """How many workers read the stream; with one, nothing runs beside it."""
    beside: tuple[Beside, ...] = ()
    tries: int = -1
    """How often a batch that failed is sent again before it is given up; -1 is for ever."""
    lost: float = 0
    """How likely it is, after a batch of events, that all records that wait are lost."""
    throttled: float = 0.01
    """How likely it is that a call of the score function is throttled: then of a batch a part fails."""
    older: bool = False
    """Whether the history begins with what the release before left, and finds its items again and again."""
    apart: bool = False
    """Whether each worker has a clock of its own: minutes apart, and a day where midnight lies between."""

    @property
    def loses(self) -> bool:
        """Whether facts change of which the score function never hears, until the night."""
        return self.lost > 0 or self.tries >= 0

    @property
    def remakes(self) -> bool:
        """Whether scorecards are made anew, for reasons that are no facts."""
        return self.loses or self.older or bool(self.beside)


COLUMNS: Mapping[str, Column] = {
    column.name: column
    for column in (
        Column("one-lane", "one worker reads the stream"),
        Column("four-lanes", "four workers read the stream, their calls in any order", lanes=4),
        # A client of many names takes some eighty calls: of one in twelve throttled, a thousand tries were too few.
        Column("throttled", "one call in twenty-five throttled: batches fail in part", throttled=0.04),
        Column("given-up", "batches that failed are given up, then a night", lanes=4, tries=1),
        Column("lost-shard", "stretches of records never come, then a night", lanes=2, lost=0.3),
        Column("older-items", "items of the release before, and damaged ones", lanes=4, older=True),
        Column("refresh", "refreshes at every call", lanes=2, beside=("refresh",)),
        Column("rebuild", "rebuilds at every call", lanes=2, beside=("rebuild",)),
        Column("aliases", "names join clients and leave them at every call", lanes=2, beside=("aliases",)),
        Column("clocks", "workers whose clocks disagree, around midnight", lanes=4, beside=("refresh",), apart=True),
    )
}
