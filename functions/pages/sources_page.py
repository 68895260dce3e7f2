"""The page of those who look after sources: how each fares, and what is parked of it, to be mended and taken again."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from functions.pages.controls import button, fault_strip, flag, link_button, saved_strip
from functions.pages.controls import field as labelled
from functions.pages.layout import HEADERS, PageContext, page
from functions.pages.markup import Child, Markup, tag
from functions.pages.sections import Section, crumb, section_of, title_row
from shared.http.problems import CrossSiteError, InvalidError, NotFoundError, UnavailableError
from shared.http.requests import Response
from shared.http.tokens import Token, mint
from shared.opmm.dataclass import dataclass
from shared.opmm.slugs import is_slug
from shared.opmm.timestamps import parse_instant
from shared.texts.words import Words

READS, WRITES = "parked:read", "parked:write"
PLACE = "/sources"

_LIFETIME = timedelta(minutes=1)
"""Of the token with which the other function is asked: as long as the question takes."""

_ROWS = 25
_MOST_CALLS = 5
"""Of the other function, to take a whole source once more: 100 items each. The rest is there when the page is drawn."""

_NAMELESS = ("unknown_client", "ambiguous_client")
"""Reasons that somebody mends who knows whom a call is about."""

_OUTCOMES = ("accepted", "duplicate", "superseded", "ignored", "parked", "thin", "rejected", "refused")
_BECAME = re.compile(r"(accepted|duplicate|superseded|ignored|parked)([0-9]{1,4})", re.ASCII)
_DONE = {"forgotten": "parked_forgotten", "gone": "parked_gone"}


@dataclass(frozen=True, slots=True)
class SourcesPage:
    """`/sources`. What it shows and does is asked of the function that has the secrets and the parked calls."""

    ingest: Callable[[Mapping[str, Any]], dict[str, Any]]
    keys: Callable[[], list[str]]
    clock: Callable[[], datetime]
    zone: tzinfo

    def show(self, context: PageContext, token: Token) -> Response:
        """`GET`: every source, or one with what is parked of it. Raises ForbiddenError, or NotFoundError."""
        token.require(READS)
        token.require_client("")
        listed = self._ask(token, "GET", "/v1/sources")[1]["sources"]
        name = context.request.query.get("source")
        if name is None:
            return self._all(context, listed)
        chosen = next((source for source in listed if source["name"] == name), None)
        if chosen is None:
            raise NotFoundError("There is no source of this name.")
        query = {"source": name, "limit": str(_ROWS)}
        if cursor := context.request.query.get("cursor"):
            query["cursor"] = cursor
        parked = self._ask(token, "GET", "/v1/parked", query)[1]
        return self._one(context, chosen, parked, may_write=WRITES in token.scopes)

    def act(self, context: PageContext, token: Token) -> Response:
        """`POST`: takes parked calls once more, or forgets one; leads back. Raises CrossSiteError or ForbiddenError."""
        if not context.request.is_from_own_page:
            raise CrossSiteError
        token.require(WRITES)
        token.require_client("")
        form = context.request.form()
        name, item = form.get("source", ""), form.get("id", "")
        if not is_slug(name) or (item and item.rpartition(".")[0] != name):
            raise NotFoundError("There is no source of this name.")
        if form.get("act") == "forget":
            status = self._ask(token, "DELETE", f"/v1/parked/{item}")[0]
            became = "gone" if status == HTTPStatus.NOT_FOUND else "forgotten"
        elif item:
            became = self._replayed(token, item, form.get("client", "").strip())
        else:
            became = self._all_replayed(token, name)
        place = context.link(PLACE, source=name, became=became)
        return Response(303, None, {**HEADERS, "Location": place}, about={"source": name})

    def _replayed(self, token: Token, item: str, client: str) -> str:
        query = {"client": client} if client else {}
        status, document = self._ask(token, "POST", f"/v1/parked/{item}/replay", query)
        return "gone" if status == HTTPStatus.NOT_FOUND else f"{document['status']}1"

    def _all_replayed(self, token: Token, source: str) -> str:
        statuses: Counter[str] = Counter()
        query = {"source": source}
        for _ in range(_MOST_CALLS):
            document = self._ask(token, "POST", "/v1/parked/replay", query)[1]
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
        responded = self.ingest(
            {
                "version": "2.0",
                "rawPath": path,
                "rawQueryString": urlencode(query or {}),
                "headers": {"authorization": f"Bearer {bearer}"},
                "requestContext": {"http": {"method": method, "path": path}},
                "isBase64Encoded": False,
            }
        )
        status, document = int(responded["statusCode"]), json.loads(responded["body"] or "null")
        if status == HTTPStatus.UNPROCESSABLE_ENTITY:
            raise InvalidError(document["detail"])
        if status >= HTTPStatus.BAD_REQUEST and status != HTTPStatus.NOT_FOUND:
            raise UnavailableError("The sources cannot be reached.", headers={"Retry-After": "5"})
        return status, document

    def _all(self, context: PageContext, listed: list[dict[str, Any]]) -> Response:
        words = context.words
        rows = [self._row(source, context) for source in listed]
        return page(
            context,
            words("sources"),
            title_row(words("sources"), words("sources_lead")),
            tag.div(
                section_of(
                    Section(
                        "list",
                        words("sources"),
                        tag.ul(rows, class_="rows") if rows else tag.p(words("sources_none"), class_="quiet"),
                        note=words("sources_to"),
                        count=str(len(rows)),
                    )
                ),
                class_="sections sources",
            ),
        )

    def _row(self, source: Mapping[str, Any], context: PageContext) -> Markup:
        words, parked = context.words, sum(source["parked"].values())
        return tag.li(
            tag.div(
                tag.strong(tag.a(source["name"], href=context.link(PLACE, source=source["name"]))),
                tag.p(source["provider"], ", ", self._heard(source, words), class_="hint"),
                tag.p(flag(words(f"finding_{source['finding']}"))) if source["finding"] else None,
            ),
            tag.span(words.counted("source_parked", parked)) if parked else None,
        )

    def _heard(self, source: Mapping[str, Any], words: Words) -> str:
        if source["heard_at"] is None:
            heard = words("source_never")
        else:
            heard = words("source_heard", day=self._day(source["heard_at"], words))
        counts = _counted(source["counts"], words)
        return f"{heard}, {words('source_counts', counts=counts)}" if counts else heard

    def _one(
        self, context: PageContext, source: Mapping[str, Any], parked: Mapping[str, Any], *, may_write: bool
    ) -> Response:
        words, name = context.words, source["name"]
        items = [self._item(item, context, may_write=may_write) for item in parked["parked"]]
        again = _form(context, name, button(words("parked_replay_all"))) if items and may_write else None
        further = context.link(PLACE, source=name, cursor=parked["next"]) if parked["next"] else None
        return page(
            context,
            f"{name}, {words('sources')}",
            title_row(
                name,
                f"{source['provider']}, {self._heard(source, words)}",
                above=crumb(words("sources"), context.link(PLACE)),
                acts=again,
            ),
            _became(context),
            fault_strip(words(f"finding_{source['finding']}")) if source["finding"] else None,
            tag.div(
                _looks(source, words),
                section_of(
                    Section(
                        "parked",
                        words("parked_calls"),
                        [
                            tag.ul(items, class_="rows") if items else tag.p(words("parked_none"), class_="quiet"),
                            link_button(words("parked_more"), further) if further else None,
                        ],
                        note=words("parked_mend") if items else None,
                        count=str(sum(source["parked"].values())),
                    )
                ),
                class_="sections sources",
            ),
        )

    def _item(self, item: Mapping[str, Any], context: PageContext, *, may_write: bool) -> Markup:
        words, source = context.words, item["source"]
        since = words.counted("parked_since", item["count"], day=self._day(item["received_at"], words))
        return tag.li(
            tag.div(
                tag.strong(words(f"reason_{item['reason']}")),
                tag.p(since, class_="hint"),
                tag.p(item["detail"], class_="hint", lang="en"),
            ),
            tag.code(item["id"]),
            _form(context, source, _mending(item, words), item=item["id"]) if may_write else None,
        )

    def _day(self, at: str, words: Words) -> str:
        return words.day(parse_instant(at).astimezone(self.zone).date())


def _counted(counts: Mapping[str, int], words: Words) -> str:
    return ", ".join(words(f"outcome_{outcome}", count=counts[outcome]) for outcome in _OUTCOMES if counts.get(outcome))


def _looks(source: Mapping[str, Any], words: Words) -> Child:
    """Where the source looks for a client, and what one of the calls holds in which it found nothing."""
    if source["sample"] is None:
        return None
    places = [tag.li(tag.code(place)) for place in source["sample"]["shape"]]
    return section_of(
        Section(
            "shape",
            words("source_shape"),
            [
                tag.p(words("source_looks"), " ", tag.code(source["client"])) if source["client"] else None,
                tag.ul(places, class_="places"),
            ],
        )
    )


def _mending(item: Mapping[str, Any], words: Words) -> Child:
    id_ = f"client-{item['id'].rpartition('.')[2]}"
    whom = labelled(
        words("parked_client"),
        tag.input(id=id_, name="client", autocomplete="off", maxlength=200),
        id_=id_,
        hint=words("parked_client_hint"),
    )
    return [
        whom if item["reason"] in _NAMELESS else None,
        button(words("parked_replay"), weight="small", name="act", value="replay"),
        button(words("parked_forget"), weight="small", name="act", value="forget"),
    ]


def _form(context: PageContext, source: str, content: Child, *, item: str | None = None) -> Markup:
    return tag.form(
        tag.input(type="hidden", name="source", value=source),
        tag.input(type="hidden", name="id", value=item) if item else None,
        content,
        method="post",
        action=context.link(PLACE),
    )


def _became(context: PageContext) -> Child:
    """What was just done, as the address tells; nothing where it tells of nothing that we know."""
    became, words = context.request.query.get("became", ""), context.words
    if became in _DONE:
        return saved_strip(words(_DONE[became]))
    counts = {status: int(count) for status, count in _BECAME.findall(became)}
    return saved_strip(words("parked_became", counts=_counted(counts, words))) if counts else None
