"""The endpoints that list parked items, replay them after a mapping was mended, and delete them."""

import re
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from functions.ingest.webhooks.processing import Processing, summarised
from shared.http import cursors
from shared.http.parameters import Parameters
from shared.http.problems import NotFoundError
from shared.http.requests import Request, Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.slugs import is_slug
from shared.opmm.timestamps import rfc3339
from shared.storage.parked import Listed, Parked, ParkedItem
from shared.webhooks.payloads import shape_of
from shared.webhooks.provider import Reason, Source, Status

if TYPE_CHECKING:
    from shared.api.intake_documents import (
        ParkedDocument,
        ParkedItemDocument,
        ParkedListDocument,
        ReplayDocument,
        WebhookResultDocument,
    )

_ID = re.compile(r"[a-z0-9-]{1,63}\.[0-9a-f]{1,64}", re.ASCII)

_LONGEST_CLIENT = 200

_AT_ONCE = 100
"""Items that one call replays; `next` says when there are more."""


@dataclass(frozen=True, slots=True)
class ParkedEndpoints:
    """What an operator or integrator does with parked items. Listings hold nothing of what was sent."""

    parked: Parked
    processing: Processing
    sources: Callable[[str], Source | None]
    keys: Callable[[], list[str]]

    def list_parked(self, request: Request, token: Token) -> Response:
        """`GET /v1/parked`: reason, source, time and count of each; `source` limits it to one."""
        require_every_client(token)
        parameters = Parameters(request.query)
        limit, source = parameters.limit(), request.query.get("source")
        if source is not None and not is_slug(source):
            parameters.refuse("source", "is no name of a source")
        parameters.check()
        if source is not None:
            token.require_source(source)
        purpose = f"parked {source}"
        page = self.parked.page(source, limit, self._after(request, purpose))
        items = [_document(item) for item in page.items if token.sources is None or item.source in token.sources]
        document: ParkedListDocument = {"parked": items, "next": self._cursor(page.next, purpose)}
        return Response(200, document)

    def show(self, request: Request, token: Token, parked_id: str) -> Response:  # noqa: ARG002 - endpoints take it
        """`GET /v1/parked/{parked_id}`: the item, and the names in what was sent, without the values."""
        item = self._item(token, parked_id)
        document: ParkedItemDocument = {**_document(item.listed), "shape": shape_of(item.body, item.media_type)}
        return Response(200, document)

    def replay(self, request: Request, token: Token, parked_id: str) -> Response:
        """`POST /v1/parked/{parked_id}/replay`: takes it once more; it stays parked while it cannot be mapped.

        `client` says whom it is about, where the payload does not.
        """
        parameters = Parameters(request.query)
        client = parameters.said("client", _LONGEST_CLIENT)
        parameters.check()
        item = self._item(token, parked_id)
        replayed = self._replayed(item, client)
        about = {"source": item.listed.source, "outcomes": {replayed["status"]: 1}}
        return Response(200, replayed, about=about)

    def replay_all(self, request: Request, token: Token) -> Response:
        """`POST /v1/parked/replay?source=nps`: replays a source, `_AT_ONCE` items a call; go on with `next`."""
        require_every_client(token)
        source = request.query.get("source", "")
        parameters = Parameters(request.query)
        if not is_slug(source):
            parameters.refuse("source", "is missing, or no name of a source: which one was mended?")
        parameters.check()
        token.require_source(source)
        purpose = f"replay {source}"
        page = self.parked.page(source, _AT_ONCE, self._after(request, purpose))
        statuses: Counter[Status] = Counter()
        for listed in page.items:
            item = self.parked.get(listed.id)
            if item is not None:
                statuses[self._replayed(item)["status"]] += 1
        document: ReplayDocument = {
            "replayed": sum(statuses.values()),
            "statuses": dict(statuses),
            "next": self._cursor(page.next, purpose),
        }
        return Response(200, document, about={"source": source, "outcomes": dict(statuses)})

    def delete(self, request: Request, token: Token, parked_id: str) -> Response:  # noqa: ARG002 - endpoints take it
        """`DELETE /v1/parked/{parked_id}`: forgets it."""
        item = self._item(token, parked_id)
        self.parked.delete(parked_id)
        return Response(204, None, about={"source": item.listed.source})

    def _replayed(self, item: ParkedItem, client: str | None = None) -> "WebhookResultDocument":
        """Idempotent: facts that are stored already stay as they are."""
        source = self.sources(item.listed.source)
        if source is None:
            return {"status": "parked", "results": [{"status": "parked", "reason": "unknown_source"}]}
        outcomes = self.processing.process(source, item.body, item.media_type, again=True, client=client)
        if item.listed.id not in {outcome.parked_id for outcome in outcomes}:
            self.parked.delete(item.listed.id)
        return summarised(outcomes)

    def _item(self, token: Token, parked_id: str) -> ParkedItem:
        require_every_client(token)
        item = self.parked.get(parked_id) if _ID.fullmatch(parked_id) else None
        if item is None or (token.sources is not None and item.listed.source not in token.sources):
            raise NotFoundError("There is no parked item of this id.")
        return item

    def _after(self, request: Request, purpose: str) -> tuple[str, str] | None:
        cursor = request.query.get("cursor")
        if cursor is None:
            return None
        source, digest = cursors.decode(cursor, purpose, self.keys())
        return source, digest

    def _cursor(self, position: tuple[str, str] | None, purpose: str) -> str | None:
        return None if position is None else cursors.encode(position, purpose, self.keys()[0])


def require_every_client(token: Token) -> None:
    """Items are not of one client, so a token that is limited to clients reaches none."""
    token.require_client("")


def _document(item: Listed) -> "ParkedDocument":
    return {
        "id": item.id,
        "source": item.source,
        "reason": cast("Reason", item.reason),
        "detail": item.detail,
        "received_at": rfc3339(item.received_at),
        "count": item.count,
    }
