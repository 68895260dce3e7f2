"""The page of those who look after sources: how each fares, and what is parked of it, to be mended and taken again."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from functions.pages.layout import HEADERS, PageContext
from functions.pages.sources_drawing import FORGET, LONGEST_CLIENT, PLACE, REPLAY, REPLAY_ALL, Asked, Drawing
from shared.http.problems import CrossSiteError, InvalidError, NotFoundError, UnavailableError
from shared.http.requests import Response
from shared.http.tokens import Token, mint
from shared.opmm.dataclass import dataclass
from shared.opmm.slugs import is_slug
from shared.storage.deadline import OutOfTimeError
from shared.storage.functions import CalledFunctionError

READS, WRITES = "parked:read", "parked:write"

_LIFETIME = timedelta(minutes=1)
"""Of the token with which the other function is asked: as long as the question takes."""

_ROWS = 25
_MOST_CALLS = 5
"""Of the other function, to take a whole source once more: 100 items each, fewer calls when they take long. The rest is
there when the page is drawn."""

_OF_ONE, _OF_ALL = (REPLAY, FORGET), (REPLAY_ALL,)


@dataclass(frozen=True, slots=True)
class SourcesPage:
    """`/sources`. What it shows and does is asked of the function that has the secrets and the parked calls."""

    ingest: Callable[[Mapping[str, Any]], dict[str, Any]]
    """Raises CalledFunctionError."""
    keys: Callable[[], list[str]]
    clock: Callable[[], datetime]
    zone: tzinfo

    def show(self, context: PageContext, token: Token) -> Response:
        """`GET`: every source, or one with what is parked of it. Raises ForbiddenError, or NotFoundError."""
        token.require(READS)
        token.require_client("")
        name = context.request.query.get("source")
        if name is None:
            return self._drawing(context, token).all(self._ask(token, "GET", "/v1/sources")[1]["sources"])
        query = context.request.query
        asked = Asked(cursor=query.get("cursor", ""), item=query.get("item", ""))
        return self._one(context, token, self._source(token, name), asked)

    def _one(self, context: PageContext, token: Token, source: Mapping[str, Any], asked: Asked) -> Response:
        """One source with what is parked of it: the page that was asked for, else the first."""
        query = {"source": source["name"], "limit": str(_ROWS)}
        lost = False
        try:
            parked = self._ask(token, "GET", "/v1/parked", query | ({"cursor": asked.cursor} if asked.cursor else {}))[
                1
            ]
        except InvalidError:
            lost, parked = True, self._ask(token, "GET", "/v1/parked", query)[1]
            asked = replace(asked, cursor="")
        shape = self._shape(token, source, asked.item)
        return self._drawing(context, token).one(source, parked, shape, asked, lost=lost)

    def _drawing(self, context: PageContext, token: Token) -> Drawing:
        today = self.clock().astimezone(self.zone).date()
        return Drawing(context, self.zone, today, may_write=WRITES in token.scopes)

    def _shape(self, token: Token, source: Mapping[str, Any], item: str) -> Mapping[str, Any] | None:
        """The names in a parked call that somebody looks at; those of the sample where nobody chose one."""
        if not _is_of(item, source["name"]):
            sample: Mapping[str, Any] | None = source["sample"]
            return sample
        status, document = self._ask(token, "GET", f"/v1/parked/{item}")
        return None if status == HTTPStatus.NOT_FOUND else document

    def act(self, context: PageContext, token: Token) -> Response:
        """`POST`: takes parked calls once more, or forgets one; leads back.

        What somebody wrote wrongly is told on the form. Raises CrossSiteError, ForbiddenError, NotFoundError, or
        InvalidError for what no form of ours sends.
        """
        if not context.request.is_from_own_page:
            raise CrossSiteError
        token.require(WRITES)
        token.require_client("")
        form = context.request.form()
        name, item, wish = form.get("source", ""), form.get("id", ""), form.get("act", "")
        if not is_slug(name) or (item and not _is_of(item, name)):
            raise NotFoundError("There is no source of this name.")
        if wish not in (_OF_ALL if not item else _OF_ONE):
            raise InvalidError("The form does not say what is to be done.")
        if wish == FORGET:
            status = self._ask(token, "DELETE", f"/v1/parked/{item}")[0]
            became = "gone" if status == HTTPStatus.NOT_FOUND else "forgotten"
        elif wish == REPLAY:
            client = form.get("client", "").strip()
            if len(client) > LONGEST_CLIENT:
                told = Asked(cursor=form.get("cursor", ""), item=item, client=client)
                return self._one(context, token, self._source(token, name), told)
            became = self._replayed(token, item, client)
        else:
            became = self._all_replayed(token, name)
        place = context.link(PLACE, source=name, became=became)
        return Response(303, None, {**HEADERS, "Location": place}, about={"source": name})

    def _source(self, token: Token, name: str) -> Mapping[str, Any]:
        """What is told of a source. Raises NotFoundError."""
        listed: list[Mapping[str, Any]] = self._ask(token, "GET", "/v1/sources")[1]["sources"]
        chosen = next((source for source in listed if source["name"] == name), None)
        if chosen is None:
            raise NotFoundError("There is no source of this name.")
        return chosen

    def _replayed(self, token: Token, item: str, client: str) -> str:
        query = {"client": client} if client else {}
        status, document = self._ask(token, "POST", f"/v1/parked/{item}/replay", query)
        return "gone" if status == HTTPStatus.NOT_FOUND else f"{document['status']}1"

    def _all_replayed(self, token: Token, source: str) -> str:
        statuses: Counter[str] = Counter()
        query = {"source": source}
        for _ in range(_MOST_CALLS):
            try:
                document = self._ask(token, "POST", "/v1/parked/replay", query)[1]
            except (OutOfTimeError, UnavailableError):
                if not statuses:
                    raise
                break  # what was taken is told
            statuses.update(document["statuses"])
            if document["next"] is None:
                break
            query["cursor"] = document["next"]
        return "-".join(f"{status}{min(count, 9999)}" for status, count in statuses.items()) or "gone"

    def _ask(self, token: Token, method: str, path: str, query: Mapping[str, str] | None = None) -> tuple[int, Any]:
        """What the other function responds, in the name of who looks, and with no more than they may.

        Raises InvalidError as that refuses what somebody wrote, and UnavailableError for what is no fault of theirs.
        """
        bearer = mint(
            self.keys()[0],
            subject=token.subject,
            scopes=[scope for scope in (READS, WRITES) if scope in token.scopes],
            expires_at=self.clock() + _LIFETIME,
            sources=sorted(token.sources or ()),
            name=token.name,
        )
        asked = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": urlencode(query or {}),
            "headers": {"authorization": f"Bearer {bearer}"},
            "requestContext": {"http": {"method": method, "path": path}},
            "isBase64Encoded": False,
        }
        try:
            responded = self.ingest(asked)
        except CalledFunctionError:
            raise _unavailable() from None
        status, document = int(responded["statusCode"]), json.loads(responded["body"] or "null")
        if status == HTTPStatus.UNPROCESSABLE_ENTITY:
            raise InvalidError(document["detail"])
        if status >= HTTPStatus.BAD_REQUEST and status != HTTPStatus.NOT_FOUND:
            raise _unavailable()
        return status, document


def _unavailable() -> UnavailableError:
    return UnavailableError("The sources cannot be reached.", headers={"Retry-After": "5"})


def _is_of(item: str, source: str) -> bool:
    """Whether this may be the id of a call that is parked of the source."""
    return item.rpartition(".")[0] == source
