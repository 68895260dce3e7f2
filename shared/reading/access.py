"""Who may read what: the token of a request, the client behind a name, the place where a page begins."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.http import cursors
from shared.http.problems import NotFoundError
from shared.http.requests import Request
from shared.http.tokens import Token, verify
from shared.opmm.slugs import is_slug
from shared.storage.records import Alias, Entry, Scored, Vacant
from shared.storage.scores import MOST_HOPS, Scores

_SCOPE = "scores:read"


@dataclass(frozen=True, slots=True)
class Access:
    """Lets readers in."""

    scores: Scores
    keys: Callable[[], list[str]]

    def reader(self, request: Request) -> Token:
        """The token of somebody who may read scores. Raises UnauthenticatedError or ForbiddenError."""
        token = verify(request.headers.get("authorization"), self.keys())
        token.require(_SCOPE)
        return token

    def scored(self, token: Token, name: str) -> Scored:
        """What is held of the client that goes by this name: one read, one more for an alias.

        A token that is limited to some clients is refused whether or not there is such a client.
        """
        entry: Entry = self.scores.read(name) if is_slug(name) else Vacant()
        for _ in range(MOST_HOPS):
            if not isinstance(entry, Alias):
                break
            name = entry.alias_of
            entry = self.scores.read(name)
        token.require_client(name)
        if not isinstance(entry, Scored):
            raise NotFoundError("There is no client of this name.")
        return entry

    def position(self, request: Request, purpose: str) -> list[str] | None:
        """Where the page begins; None for the first. Raises InvalidError for a cursor of another list."""
        cursor = request.query.get("cursor")
        return None if cursor is None else cursors.decode(cursor, purpose, self.keys())

    def cursor(self, position: list[str] | None, purpose: str) -> str | None:
        """What `next` says: where the next page begins, None at the end."""
        return None if position is None else cursors.encode(position, purpose, self.keys()[0])
