"""Which client a name belongs to, remembered for a minute by a warm function."""

from collections.abc import Callable
from time import monotonic

from shared.storage.scores import Scores

REMEMBERED_FOR = 60.0
"""Seconds. A fact that is stored under a name which has just become an alias counts for the client all the same."""

_MOST_NAMES = 10_000


class ClientNames:
    """The clients behind subjects: one read a minute for each."""

    def __init__(self, scores: Scores, clock: Callable[[], float] = monotonic) -> None:
        self._scores = scores
        self._clock = clock
        self._known: dict[str, tuple[str, float]] = {}

    def client(self, name: str, *, afresh: bool = False) -> str:
        """The client that a name belongs to. `afresh` trusts only what says that the name is an alias."""
        now = self._clock()
        client_id, until = self._known.get(name, (name, now))
        if until > now and not (afresh and client_id == name):
            return client_id
        client_id = self._scores.client_named(name)
        self._remember(name, client_id, now)
        return client_id

    def learn(self, alias: str, client_id: str) -> None:
        """Takes note of an alias that was just declared, before the score function has marked it."""
        self._remember(alias, client_id, self._clock())

    def _remember(self, name: str, client_id: str, now: float) -> None:
        if len(self._known) >= _MOST_NAMES:
            self._known = {known: held for known, held in self._known.items() if held[1] > now}
            if len(self._known) >= _MOST_NAMES:
                self._known.clear()
        self._known[name] = (client_id, now + REMEMBERED_FOR)
