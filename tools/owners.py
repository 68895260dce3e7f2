"""Who answers for clients of a stack, for commands that name somebody."""

from collections.abc import Mapping

from shared.opmm.inputs import ACTIVE
from shared.reading.portfolio import owners_of
from shared.storage.queries import Queries

_ROWS_AT_ONCE = 1000
_TOLD = 20


def owners(queries: Queries) -> dict[str, str]:
    """By the key of a person, each owner of clients that are served, as one of these has it written."""
    return owners_of(queries.all_of(ACTIVE, _ROWS_AT_ONCE))


def in_a_sentence(known: Mapping[str, str]) -> str:
    """The first of them, in a sentence."""
    return ", ".join([*known.values()][:_TOLD]) or "nobody yet"
