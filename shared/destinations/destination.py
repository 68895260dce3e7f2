"""A destination: an address that is told what happens, what it wants to hear, and of which clients."""

from datetime import time
from typing import Literal

from shared.opmm.dataclass import dataclass
from shared.opmm.persons import person_key

Channel = Literal["webhook", "slack", "teams", "email"]
"""How a destination is reached."""

Wants = Literal["digest", "alerts", "changes"]
"""What is told: the week in one message, what cannot wait, or every change and signal as a document for a machine."""

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """One destination, as the destinations document describes it."""

    name: str
    channel: Channel
    addresses: tuple[str, ...]
    """One https address; for `email` the mailboxes, each of which gets a message of its own."""
    secrets: tuple[str, ...] = ()
    """`whsec_...` keys that sign a `webhook`, the current one first; none for the others."""
    wants: frozenset[Wants]
    owner: str | None = None
    """Tells of this person's clients only."""
    clients: frozenset[str] | None = None
    """Tells of these clients only; None for all."""
    language: Literal["en", "nl"] = "nl"
    days: tuple[Weekday, ...] = ("monday",)
    """When the digest comes, in the stack's zone."""
    at: time = time(7, 30)
    comments: bool = False
    """Whether whoever reads this destination may read comments of respondents."""

    def hears_of(self, client_id: str, person: str | None) -> bool:
        """Whether it is told of a client that this person answers for."""
        if self.clients is not None and client_id not in self.clients:
            return False
        return self.owner is None or self.belongs_to(person)

    def belongs_to(self, person: str | None) -> bool:
        """Whether it is that of a person, whoever has written the name, and however."""
        return self.owner is not None and person_key(self.owner) == person_key(person)
