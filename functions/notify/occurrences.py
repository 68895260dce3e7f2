"""What was written of a client, as those see it who decide who is told."""

from collections.abc import Mapping
from typing import Any, Self

from shared.opmm.dataclass import dataclass
from shared.opmm.ledger import Change
from shared.opmm.signals import Signal
from shared.opmm.slugs import PROOF_CLIENT, is_slug
from shared.storage.entries import BEGINNINGS, entry
from shared.storage.journal import Reference


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A change or a signal of a client, and where it stands."""

    reference: Reference
    said: Change | Signal | None
    """None for what this release cannot read: it is entered in the journal all the same."""

    @property
    def client_id(self) -> str:
        """The client that it is about."""
        return self.reference.client_id

    @property
    def id(self) -> str:
        """By what it is known wherever it is told."""
        return self.reference.id

    @classmethod
    def read(cls, reference: Reference, item: Mapping[str, Any]) -> Self:
        """An occurrence from its item in the scores table."""
        return cls(reference, entry({**item}))


def is_told(keys: Mapping[str, Any]) -> bool:
    """Whether the item of these keys is an entry of a client that is told."""
    client_id = keys["client_id"]["S"]
    return is_slug(client_id) and client_id != PROOF_CLIENT and keys["item"]["S"].startswith(BEGINNINGS)
