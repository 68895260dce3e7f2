"""Which names are one client, for the oracle: what clients claim as their aliases, and who has it in the end.

A name's own claims are the aliases in each source's latest event about that very name that mentions them. An alias
brings its own aliases along. When two claim a name the latest claim wins, of two that say the same at the same time
that of the name that comes last; a claim that would close a circle against later ones falls.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Event = Mapping[str, Any]
Revision = Callable[[Event], Any]


def claims(events: Sequence[Event], revision: Revision) -> dict[str, str]:
    """For every claimed name the name that has it directly."""
    latest: dict[tuple[str, str], Event] = {}
    for event in sorted(events, key=revision):
        if event["type"] == "client.described" and event["data"].get("aliases") is not None:
            latest[event["subject"], event["source"]] = event
    claimed: dict[str, str] = {}
    for event in sorted(latest.values(), key=lambda event: (revision(event), event["subject"]), reverse=True):
        for alias in event["data"]["aliases"]:
            if alias not in claimed and owner(event["subject"], claimed) != alias:
                claimed[alias] = event["subject"]
    return claimed


def owner(name: str, claimed: Mapping[str, str]) -> str:
    """The client that a name leads to, in as many steps as it takes."""
    while name in claimed:
        name = claimed[name]
    return name


def names_of(client: str, claimed: Mapping[str, str]) -> set[str]:
    """Every name of a client, its own first of all."""
    return {client} | {alias for alias in claimed if owner(alias, claimed) == client}
