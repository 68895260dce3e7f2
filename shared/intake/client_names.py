"""Which client a name belongs to: by its id, an alias, or what people call it. Remembered for a minute when warm."""

from collections.abc import Callable, Sequence
from datetime import datetime
from time import monotonic

from shared.opmm.dataclass import dataclass
from shared.opmm.display import NOT_DISPLAYABLE, is_displayable
from shared.opmm.slugs import name_key, slugify
from shared.storage.scores import Scores

REMEMBERED_FOR = 60.0
"""Seconds. A fact that is stored under a name which has just become an alias counts for the client all the same."""

_MOST_NAMES = 10_000


class NoNameError(ValueError):
    """A text without a letter, a digit or a sign names no client, and one that cannot be displayed neither."""


class AmbiguousNameError(ValueError):
    """Several clients are called this: only an id or an alias tells which is meant."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a name was found to stand for."""

    subject: str
    """The id or alias that an event about the client is sent under."""
    client_id: str
    """The client that this leads to."""
    is_new: bool
    """Whether nothing is known of the client yet: its first scorecard is still to be written."""
    erased_at: datetime | None = None
    """When a client of this very name was erased: what was recorded by then is not taken any more."""

    def was_erased(self, recorded_at: datetime) -> bool:
        """Whether an event that was recorded then told of a client that was erased since."""
        return self.erased_at is not None and recorded_at <= self.erased_at


def find_client(name: str, look_up: Callable[[str], Named], clients_called: Callable[[str], Sequence[str]]) -> Named:
    """The client that somebody means who calls it by any name; for webhooks, imports and pages alike.

    An id or alias that equals the slug of the name comes first; then the one client whose display name is this; else it
    is a new client. `look_up` knows ids and aliases, `clients_called` the clients whose display names have a key.

    Raises NoNameError or AmbiguousNameError.
    """
    if not is_displayable(name.strip()):  # else it would be the client of what the eye sees
        raise NoNameError(f"a name {NOT_DISPLAYABLE}")
    slug = slugify(name)
    if not slug:
        raise NoNameError("a name needs a letter, a digit or a sign")
    found = look_up(slug)
    key = name_key(name)
    if not found.is_new or key is None:
        return found
    called = clients_called(key)
    if len(called) > 1:
        raise AmbiguousNameError("several clients are called this; only an id or an alias tells which is meant")
    return look_up(called[0]) if called else found


@dataclass(frozen=True, slots=True)
class _Remembered:
    named: Named
    until: float


class ClientNames:
    """The clients behind names: for ids and aliases one read a minute each, for display names one query more."""

    def __init__(self, scores: Scores, clock: Callable[[], float] = monotonic) -> None:
        self._scores = scores
        self._clock = clock
        self._subjects: dict[str, _Remembered] = {}
        self._called: dict[str, _Remembered] = {}
        self._made: dict[str, _Remembered] = {}
        """By key of its id, which is what people call a client that was just made."""

    def client(self, subject: str, *, afresh: bool = False) -> Named:
        """The client that an id or alias belongs to. `afresh` trusts nothing that is remembered."""
        held = self.remembered(subject)
        if held and not afresh:
            return held
        known = self._scores.look_up(subject)
        named = Named(subject, known.client_id, is_new=not known.is_known, erased_at=known.erased_at)
        return self._remember(self._subjects, subject, named)

    def remembered(self, subject: str) -> Named | None:
        """What is remembered of an id or alias; None when it has to be looked up."""
        return self._held(self._subjects, subject)

    def called(self, name: str, *, afresh: bool = False) -> Named:
        """The client that somebody means by any name. Raises NoNameError or AmbiguousNameError."""
        held = self._held(self._called, name)
        if held and not afresh:
            return held
        found = find_client(name, lambda slug: self.client(slug, afresh=afresh), self._clients_called)
        if found.is_new:  # the next one may be known by its display name already
            return found
        return self._remember(self._called, name, found)

    def learn(self, subject: str, client_id: str, erased_at: datetime | None = None) -> None:
        """Takes note that a name is a client's from now on, before the score function has said so.

        `erased_at` is what was looked up of the name before.
        """
        self._remember(self._subjects, subject, Named(subject, client_id, is_new=False, erased_at=erased_at))

    def made(self, client_id: str) -> None:
        """Takes note of a client that nothing has described: another spelling of its name shall not make another."""
        key = name_key(client_id)
        if key:
            self._remember(self._made, key, Named(client_id, client_id, is_new=True))

    def forget(self, client_id: str) -> None:
        """Takes back what leads to a client, after its names were told anew."""
        for known in (self._subjects, self._called, self._made):
            for name in [name for name, held in known.items() if held.named.client_id == client_id]:
                del known[name]

    def _clients_called(self, key: str) -> Sequence[str]:
        made = self._held(self._made, key)
        return self._scores.clients_called(key) or ([made.client_id] if made else ())

    def _held(self, known: dict[str, _Remembered], name: str) -> Named | None:
        held = known.get(name)
        return held.named if held and held.until > self._clock() else None

    def _remember(self, known: dict[str, _Remembered], name: str, named: Named) -> Named:
        now = self._clock()
        if len(known) >= _MOST_NAMES:
            for old in [old for old, held in known.items() if held.until <= now]:
                del known[old]
            if len(known) >= _MOST_NAMES:
                known.clear()
        known[name] = _Remembered(named, now + REMEMBERED_FOR)
        return named
