"""Which client a person means, by an id, an alias or what it is called: as imports and webhooks find it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.intake.client_names import AmbiguousNameError, NoNameError
from shared.opmm.slugs import name_key
from shared.storage.records import Scored
from tools.errors import ToolError
from tools.transfer.clients import StackNames

if TYPE_CHECKING:
    from tools.target import Target

_TOLD = 10
"""Clients of one name that are told of."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client of a stack."""

    client_id: str
    """As it is now, whatever name was given."""
    name: str | None
    """What it is called; None where nothing says so."""


def find_client(target: "Target", text: str) -> Client | None:
    """The client that goes by this id, alias or display name; None when the stack has none.

    Raises ToolError when several clients are called this.
    """
    scores = target.scores()
    try:
        found = StackNames(scores)(text)
    except NoNameError:
        return None
    except AmbiguousNameError as several:
        ids = ", ".join(scores.clients_called(name_key(text) or "", _TOLD))
        raise ToolError(f"{target.name} has several clients called {text!r}: give the id of one, {ids}.") from several
    if found.is_new:
        return None
    record = scores.read(found.client_id)
    return Client(found.client_id, record.inputs.description.name if isinstance(record, Scored) else None)
