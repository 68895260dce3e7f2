"""Who may read what: the token of a visitor, the client behind a name, the place where a page begins."""

from collections.abc import Callable

from shared.http import cursors
from shared.http.problems import NotFoundError
from shared.http.requests import Request
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.slugs import is_slug
from shared.storage.records import Record, Scored, Unreadable, Vacant
from shared.storage.scores import Scores


@dataclass(frozen=True, slots=True)
class Access:
    """Lets readers in."""

    scores: Scores
    keys: Callable[[], list[str]]
    anew: Callable[[str], Scored | None]
    """Makes a scorecard from the facts where the one that lies there cannot be read, or was let go."""

    def scored(self, token: Token, name: str) -> Scored:
        """What is held of the client that goes by this name: one read, one more for an alias.

        A token that is limited to some clients is refused whether or not there is such a client.
        """
        client_id, record = self.scores.read_client(name) if is_slug(name) else (name, Vacant())
        scored = self.anew(client_id) if _is_made_anew(record) else record
        token.require_client(scored.inputs.client_id if isinstance(scored, Scored) else client_id)
        if not isinstance(scored, Scored):
            raise NotFoundError("There is no client of this name.")
        return scored

    def client(self, token: Token, name: str) -> str:
        """The client that goes by this name, whatever is held of it: one read, one more for an alias.

        A token that is limited to some clients is refused whether or not there is such a client.
        """
        client_id = self.scores.read_client(name)[0] if is_slug(name) else name
        token.require_client(client_id)
        if not is_slug(client_id):
            raise NotFoundError("There is no client of this name.")
        return client_id

    def position(self, request: Request, purpose: str) -> list[str] | None:
        """Where the page begins; None for the first. Raises InvalidError for a cursor of another list."""
        return self.position_of(request, "cursor", purpose)

    def position_of(self, request: Request, parameter: str, purpose: str) -> list[str] | None:
        """The same where a page has several lists, each with a parameter of its own."""
        cursor = request.query.get(parameter)
        return None if cursor is None else cursors.decode(cursor, purpose, self.keys())

    def opened(self, cursor: str, purpose: str) -> list[str]:
        """What was put into a cursor for this purpose. Raises InvalidError for any other."""
        return cursors.decode(cursor, purpose, self.keys())

    def cursor(self, position: list[str] | None, purpose: str) -> str | None:
        """What `next` says: where the next page begins, None at the end."""
        return None if position is None else cursors.encode(position, purpose, self.keys()[0])


def _is_made_anew(record: Record) -> bool:
    """Whether there may be a scorecard though none lies there: a client that left the lists still has its history."""
    let_go = isinstance(record, Vacant) and record.version > 0 and not record.erasing
    return let_go or isinstance(record, Unreadable)
