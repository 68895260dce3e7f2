"""Records of the facts table: a detractor who says why is told at once, whether or not the score moves."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from hashlib import sha256
from typing import Any

from functions.notify.routing import Pressing
from shared.opmm.alerts import alerts_of_response
from shared.opmm.dataclass import dataclass
from shared.opmm.slugs import PROOF_CLIENT
from shared.storage.fact_items import read_fact
from shared.storage.responses import reference_of, said_in

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Detractors:
    """Finds them among records, and has them told."""

    at_once: Callable[[Sequence[Pressing]], None]
    named: Callable[[str], str]
    """The client that a name belongs to."""
    zone: tzinfo

    def __call__(self, records: Sequence[Record]) -> int:
        """Gives how many there are. Safe to repeat: what is told has an id that follows from the record."""
        found = [pressing for record in records if (pressing := self._pressing(record))]
        if found:
            self.at_once(found)
        return len(found)

    def _pressing(self, record: Record) -> Pressing | None:
        change = record["dynamodb"]
        new, old = (_alarms(change.get(image), self.zone, _at(record)) for image in ("NewImage", "OldImage"))
        fact = read_fact(change["NewImage"]) if new else None
        if not new or old or fact is None or fact.name == PROOF_CLIENT:
            return None
        at, reference = _at(record), reference_of(fact)
        return Pressing(self.named(fact.name), pressing_id(at, reference), at, "detractor", reference)


def pressing_id(at: datetime, reference: str) -> str:
    """The id of what is told of a response."""
    return f"{at:%Y%m%dT%H%M%S%fZ}-{sha256(reference.encode()).hexdigest()[:16]}-alert"


def _alarms(image: Mapping[str, Any] | None, zone: tzinfo, at: datetime) -> bool:
    said = said_in(dict(image), zone) if image else None
    if said is None:
        return False
    day, on = said.timestamp.day(zone), at.astimezone(zone).date()
    return bool(alerts_of_response(said.score, comment=said.comment is not None, day=day, on=on))


def _at(record: Record) -> datetime:
    """When the fact was written, to the second."""
    at = record["dynamodb"]["ApproximateCreationDateTime"]
    return at if isinstance(at, datetime) else datetime.fromtimestamp(int(at), UTC)
