"""What was erased, as far as receipts say it: beside an export, which may be older than they are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from shared.intake.fields import CLOCK_SKEW
from shared.opmm.facts import Fact
from shared.opmm.slugs import slugify
from shared.opmm.timestamps import parse_instant
from shared.sheets.reading import Line
from shared.storage.dynamodb import Item
from shared.storage.erasures import Erasure
from shared.storage.facts import ERASED_CLIENT
from tools.restore.compare import Key


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased, as the receipts say: they name clients, and of people only when they were erased."""

    clients: Mapping[str, datetime] = field(default_factory=dict)
    """By name, up to when."""
    people: datetime | None = None
    """Until when people were erased; None where nobody was."""
    ratings: datetime | None = None
    """Until when people were erased with their ratings."""

    @classmethod
    def of(
        cls,
        erasures: Iterable[Erasure],
        lines: Callable[[], Iterable[Line]],
        erased_at: Callable[[str], datetime | None],
    ) -> "Erased":
        """By their receipts; `lines` give the export, which says what else the clients were called.

        That is asked only where the word is gone that the table had of this erasure (`erased_at`, of a client): with it
        are the words of all names that went, and a name that the client did not have any more is none of them. The word
        of a later erasure says nothing of the names of an earlier one.
        """
        people: list[tuple[datetime, bool]] = []
        asked: dict[str, datetime] = {}
        for erasure in erasures:
            if erasure.client_id is None:
                people.append((erasure.done_at or _FOR_EVER, erasure.ratings))
            elif erased_at(erasure.client_id) != erasure.asked_at:
                asked[erasure.client_id] = max(erasure.asked_at, asked.get(erasure.client_id, erasure.asked_at))
        return cls(
            _under_all_names(asked, _aliases(lines()) if asked else {}),
            max((until for until, _ in people), default=None),
            max((until for until, ratings in people if ratings), default=None),
        )

    def up_to(self, held: Mapping[Key, Item], name: str) -> datetime | None:
        """Up to when the client of a name was erased, as its receipts or the word in the table say."""
        mark = held.get((f"{ERASED_CLIENT}{name}", ERASED_CLIENT))
        told = [self.clients[name]] if name in self.clients else []
        return max([*told, *([parse_instant(mark["erased_at"]["S"])] if mark else [])], default=None)

    def level_of(self, fact: Fact) -> Literal["person", "response"] | None:
        """What may have been erased of a response, as far as nothing else says it: one that is recorded later was not.

        The clock of its sender may be ahead.
        """
        recorded = fact.recorded_at - CLOCK_SKEW
        if self.ratings and recorded <= self.ratings:
            return "response"
        return "person" if self.people and recorded <= self.people else None


_FOR_EVER = datetime.max.replace(tzinfo=UTC)
"""An erasure that was given up goes on some day."""


def _aliases(lines: Iterable[Line]) -> dict[str, set[str]]:
    """By name, what descriptions in an export declare to be other names of the same client."""
    found: dict[str, set[str]] = {}
    for line in lines:
        if not line.faults and line.event["type"] == "client.described":
            told = {slugify(alias) for alias in line.event["data"].get("aliases") or ()}
            found.setdefault(slugify(line.event["subject"]), set()).update(told)
    return found


def _under_all_names(asked: Mapping[str, datetime], aliases: Mapping[str, set[str]]) -> dict[str, datetime]:
    """By each name of these clients, up to when they were erased."""
    found: dict[str, datetime] = {}
    waiting = list(asked.items())
    while waiting:
        name, until = waiting.pop()
        if name not in found or found[name] < until:
            found[name] = until
            waiting += [(alias, until) for alias in aliases.get(name, ())]
    return found
