"""Takes one event in: validates it, finds its client, stores its fact."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from shared.http.problems import Fault, InvalidError
from shared.http.tokens import Token
from shared.intake.client_names import ClientNames
from shared.intake.events import ClientDescribed, Envelope, EventTypes, Hash
from shared.intake.validation import validate_event
from shared.storage.facts import Facts, PutOutcome


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an event."""

    id: str
    client_id: str
    status: PutOutcome


@dataclass(frozen=True, slots=True)
class Intake:
    """Stores events as facts: one conditional write each, and at most one look-up a minute for each subject."""

    facts: Facts
    types: EventTypes
    names: ClientNames
    zone: tzinfo
    clock: Callable[[], datetime]
    hashed: Hash

    def take(self, sent: Any, token: Token, *, order: int | None = None) -> Taken:
        """Takes one event, as JSON values; `order` is the sender's own count of its versions.

        Raises InvalidError, or ForbiddenError for a client or source not granted.

        Nothing is stored unless all of it is right.
        """
        envelope, data = validate_event(sent, self.types, {"now": self.clock(), "zone": self.zone})
        token.require_source(envelope.source)
        described = data if isinstance(data, ClientDescribed) else None
        client_id = self.names.client(envelope.subject, afresh=described is not None)
        token.require_client(client_id)
        if described:
            _refuse_loops(described, envelope, client_id)
            for alias in described.aliases or ():
                token.require_client(alias)  # or a token for one client could join another client to it
        # Under the very name it was sent for: whose alias that is may change, and no fact may depend on when it came.
        status = self.facts.put(data.fact(envelope, envelope.subject, self.hashed, order))
        if described and status != "superseded":
            for alias in described.aliases or ():
                self.names.learn(alias, client_id)
        return Taken(envelope.id, client_id, status)


def _refuse_loops(described: ClientDescribed, envelope: Envelope, client_id: str) -> None:
    """A client is no alias of itself, nor of one of its own aliases."""
    faults = [
        Fault(f"/data/aliases/{place}", "would make the client an alias of itself")
        for place, alias in enumerate(described.aliases or ())
        if alias in (client_id, envelope.subject)
    ]
    if faults:
        raise InvalidError("The event is not valid.", faults)
