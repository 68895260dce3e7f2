"""What the two ways of a restore tell alike."""

from collections import Counter
from collections.abc import Iterator

_CLIENTS_TOLD = 20


def told_by_client(by_client: Counter[str]) -> Iterator[str]:
    """A line of the clients of which most changes; none where nothing does."""
    most = by_client.most_common(_CLIENTS_TOLD)
    if most:
        more = len(by_client) - len(most)
        clients = ", ".join(f"{name} {count}" for name, count in most)
        yield f"Changes by client: {clients}{f', and {more} more' if more else ''}."
