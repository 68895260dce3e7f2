"""Tells of every destination what people may know: what it wants, for whom, and how it fares. No secret is in it."""

from typing import Any
from urllib.parse import urlsplit

from shared.destinations.destination import Destination
from shared.destinations.document import DestinationsDocument, UnreadableDestinationError
from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import rfc3339
from shared.storage.destination_states import DestinationState, DestinationStates


@dataclass(frozen=True, slots=True)
class Describing:
    """Describes destinations, of an address the host alone, and of mailboxes how many there are."""

    destinations: DestinationsDocument
    states: DestinationStates

    def run(self) -> dict[str, Any]:
        """All of them: `{"job": "describe_destinations"}`. `readable` is false where nobody can say which there are."""
        try:
            names = self.destinations.names()
        except UnreadableDestinationError:
            return {"readable": False, "destinations": []}
        states = self.states.all()
        described = [self._described(name, states.get(name, DestinationState())) for name in names]
        return {"readable": True, "destinations": described}

    def _described(self, name: str, state: DestinationState) -> dict[str, Any]:
        """One destination; `said` is null for one that cannot be read."""
        try:
            destination = self.destinations(name)
        except UnreadableDestinationError:
            destination = None
        ended = state.ended_at if state.is_ended(self.destinations.version(name)) else None
        return {
            "name": name,
            "failing_since": state.failing_since and rfc3339(state.failing_since),
            "ended_at": ended and rfc3339(ended),
            "delivered_at": state.delivered_at and rfc3339(state.delivered_at),
            "said": destination and _said(destination),
        }


def _said(destination: Destination) -> dict[str, Any]:
    email = destination.channel == "email"
    return {
        "channel": destination.channel,
        "host": None if email else urlsplit(destination.addresses[0]).hostname,
        "mailboxes": len(destination.addresses) if email else None,
        "wants": sorted(destination.wants),
        "owner": destination.owner,
        "clients": None if destination.clients is None else sorted(destination.clients),
        "language": destination.language,
        "days": list(destination.days),
        "at": f"{destination.at:%H:%M}",
        "comments": destination.comments,
    }
