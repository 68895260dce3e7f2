"""What an adapter makes of a payload: events as the tool tells them, or the reason why there are none."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from functions.ingest.webhooks.sources import Source

Reason = Literal["not_readable", "unknown_shape", "unknown_client", "no_usable_score", "not_valid", "thin"]
"""Why an item is parked: the words that are listed, and nothing of what was sent."""


class UnmappableError(Exception):
    """A payload that no event can be made of, with the reason. Never quotes the payload."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An event as `POST /v1/events` takes it, before it is validated."""

    type: Any
    id: Any
    time: Any
    """When the tool recorded it: the revision of the fact, unless `order` is given."""
    data: Any
    order: int | None = None
    """A counter of the tool's that rises with each version: the revision of the fact."""
    sequence: Any = None
    """The same, where the payload is an event of ours."""
    subject: Any = None
    """The client, where the payload is an event of ours; else the source's `client` expression finds it."""

    def event(self, source: str, subject: Any) -> dict[str, Any]:
        """The CloudEvent of this source about this client."""
        return {
            "specversion": "1.0",
            "type": self.type,
            "source": source,
            "id": self.id,
            "subject": subject,
            "time": self.time,
            "data": self.data,
            **({} if self.sequence is None else {"sequence": self.sequence}),
        }


Adapter = Callable[[Any, "Source"], Iterable[Draft]]
"""Turns a payload (JSON values) into events. None at all says that there is nothing to do: no answer yet, a decline.

Raises UnmappableError when there is something to do and nobody can say what. An adapter that yields may do so behind
the events that it could make: those are taken, and the payload is parked for the rest.
"""
