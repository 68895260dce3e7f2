"""What the tests of import and export have in common."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from shared.intake.events import event_types
from shared.intake.fields import Validation
from shared.intake.validation import validate_event
from shared.opmm.facts import Fact
from shared.opmm.model import published_model
from shared.storage.dynamodb import from_item
from shared.storage.facts import Facts
from tests.support.portfolios import ZONE
from tests.support.service import NOW
from tools.transfer.lines import Line, read

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TYPES = event_types(published_model())
WORLD: Validation = {"now": NOW, "zone": ZoneInfo(ZONE)}


def fact_of(event: dict[str, Any], order: int | None = None) -> Fact:
    """The fact that an event leaves behind."""
    envelope, data = validate_event(event, TYPES, WORLD)
    return data.fact(envelope, envelope.subject, lambda respondent: f"hash of {respondent}", order)


class _Table:
    """Keeps what is put; enough of a client for `Facts.put`."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []

    def put_item(self, **arguments: Any) -> None:
        self.items.append(from_item(arguments["Item"]))


def stored(facts: Iterable[Fact]) -> list[dict[str, Any]]:
    """The items that facts are stored as."""
    table = _Table()
    for fact in facts:
        Facts(cast("DynamoDBClient", table), "facts").put(fact)
    return table.items


def lines(path: Path, text: str | bytes, source: str = "nps") -> list[Line]:
    """The lines of a file that holds this text."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read(path, source, WORLD))


def events(path: Path, text: str | bytes, source: str = "nps") -> list[dict[str, Any]]:
    """The events in a file that holds this text, all of whose lines are good."""
    found = lines(path, text, source)
    assert [line.faults for line in found] == [()] * len(found)
    return [line.event for line in found]
