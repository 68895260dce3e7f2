"""What the page about sources looks like: every source, or one with what is parked of it."""

import re
from collections.abc import Mapping
from datetime import date, tzinfo
from typing import Any

from functions.pages.controls import button, described_by, fault_strip, flag, link_button, saved_strip
from functions.pages.controls import field as labelled
from functions.pages.layout import PageContext, page
from functions.pages.markup import Child, Markup, tag
from functions.pages.sections import Section, crumb, section_of, title_row
from shared.http.requests import Response
from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant
from shared.storage.source_health import OUTCOMES
from shared.texts.words import Words

PLACE = "/sources"
LONGEST_CLIENT = 200
"""Characters of what a client is called."""

REPLAY, FORGET, REPLAY_ALL = "replay", "forget", "replay_all"

_NAMELESS = ("unknown_client", "ambiguous_client")
"""Reasons that somebody mends who knows whom a call is about."""

_BECAME = re.compile(rf"({'|'.join(OUTCOMES)})([0-9]{{1,4}})", re.ASCII)
_DONE = {"forgotten": "parked_forgotten", "gone": "parked_gone"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks at among the parked calls of a source, and what they wrote that cannot be taken."""

    cursor: str = ""
    """Where the list of calls begins; empty for its beginning."""
    item: str = ""
    """The call whose names are shown; empty for a sample."""
    client: str | None = None
    """Whom that call is about, as somebody wrote it, too long to be a client."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws the page for one visitor."""

    context: PageContext
    zone: tzinfo
    today: date
    may_write: bool = False

    def all(self, listed: list[dict[str, Any]]) -> Response:
        """Every source, with what is wrong with it."""
        context, words = self.context, self.context.words
        rows = [self._row(source) for source in listed]
        return page(
            context,
            words("sources"),
            title_row(words("sources"), words("sources_lead")),
            tag.div(
                section_of(
                    Section(
                        "list",
                        words("sources_all"),
                        tag.ul(rows, class_="rows") if rows else tag.p(words("sources_none"), class_="quiet"),
                        note=f"{words('sources_to')} {words('sources_lag')}" if rows else words("sources_to"),
                        count=str(len(rows)),
                    )
                ),
                class_="sections sources",
            ),
        )

    def one(
        self,
        source: Mapping[str, Any],
        parked: Mapping[str, Any],
        shape: Mapping[str, Any] | None,
        asked: Asked,
        *,
        lost: bool,
    ) -> Response:
        """One source, a page of its parked calls, and the names in one of them.

        `lost` says that the page somebody asked for cannot be found, so that this is the first.
        """
        context, words, name = self.context, self.context.words, source["name"]
        faults = [
            fault_strip(words("parked_lost")) if lost else None,
            fault_strip(_too_long(words), [(words("parked_client"), _field(asked.item))])
            if asked.client is not None
            else None,
        ]
        again = button(words("parked_replay_all"), name="act", value=REPLAY_ALL)
        return page(
            context,
            f"{name}, {words('sources')}",
            title_row(
                name,
                f"{source['provider']}, {self._heard(source)}. {words('sources_lag')}",
                above=crumb(words("sources"), context.link(PLACE)),
                acts=self._form(name, again) if parked["parked"] and self.may_write else None,
            ),
            _became(context),
            faults,
            fault_strip(words(f"finding_{source['finding']}")) if source["finding"] else None,
            tag.div(_looks(source, shape, words), self._parked(source, parked, asked), class_="sections sources"),
            status=422 if any(faults) else 200,
        )

    def _parked(self, source: Mapping[str, Any], parked: Mapping[str, Any], asked: Asked) -> Markup:
        words = self.context.words
        items = [self._item(item, asked) for item in parked["parked"]]
        further = self.context.link(PLACE, source=source["name"], cursor=parked["next"]) if parked["next"] else None
        return section_of(
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
        )

    def _row(self, source: Mapping[str, Any]) -> Markup:
        words, parked = self.context.words, sum(source["parked"].values())
        return tag.li(
            tag.div(
                tag.strong(tag.a(source["name"], href=self.context.link(PLACE, source=source["name"]))),
                tag.p(source["provider"], ", ", self._heard(source), class_="hint"),
                tag.p(flag(words(f"finding_{source['finding']}"))) if source["finding"] else None,
            ),
            tag.span(words.counted("source_parked", parked)) if parked else None,
        )

    def _heard(self, source: Mapping[str, Any]) -> str:
        words = self.context.words
        if source["heard_at"] is None:
            heard = words("source_never")
        else:
            heard = words("source_heard", day=self._day(source["heard_at"]))
        counts = _counted(source["counts"], words)
        return f"{heard}, {words('source_counts', counts=counts)}" if counts else heard

    def _item(self, item: Mapping[str, Any], asked: Asked) -> Markup:
        words, source, id_ = self.context.words, item["source"], item["id"]
        since = words.counted("parked_since", item["count"], day=self._day(item["received_at"]))
        place = {"cursor": asked.cursor} if asked.cursor else {}
        held = self.context.link(PLACE, source=source, item=id_, **place)
        wrong = asked.client if asked.item == id_ else None
        return tag.li(
            tag.div(
                tag.strong(words(f"reason_{item['reason']}")),
                tag.p(since, class_="hint"),
                tag.p(item["detail"], class_="hint", lang="en"),
            ),
            tag.span(tag.code(id_), " ", tag.a(words("parked_names"), href=f"{held}#shape")),
            self._form(source, _mending(item, words, wrong), id=id_, **place) if self.may_write else None,
        )

    def _form(self, source: str, content: Child, **hidden: str) -> Markup:
        return tag.form(
            [tag.input(type="hidden", name=name, value=value) for name, value in {"source": source, **hidden}.items()],
            content,
            method="post",
            action=self.context.link(PLACE),
        )

    def _day(self, at: str) -> str:
        return self.context.words.day_of_year(parse_instant(at).astimezone(self.zone).date(), self.today)


def _counted(counts: Mapping[str, int], words: Words) -> str:
    return ", ".join(words(f"outcome_{outcome}", count=counts[outcome]) for outcome in OUTCOMES if counts.get(outcome))


def _looks(source: Mapping[str, Any], shape: Mapping[str, Any] | None, words: Words) -> Child:
    """Where the source looks for a client, and what one of the calls holds."""
    if shape is None:
        return None
    places = [tag.li(tag.code(place)) for place in shape["shape"]]
    return section_of(
        Section(
            "shape",
            words("source_shape"),
            [
                tag.p(words("source_looks"), " ", tag.code(source["client"])) if source["client"] else None,
                tag.p(tag.code(shape["id"])),
                tag.ul(places, class_="places") if places else tag.p(words("source_shapeless"), class_="quiet"),
            ],
        )
    )


def _mending(item: Mapping[str, Any], words: Words, wrong: str | None) -> Child:
    id_ = _field(item["id"])
    fault = _too_long(words) if wrong is not None else None
    whom = labelled(
        words("parked_client"),
        tag.input(
            id=id_,
            name="client",
            value=wrong,
            autocomplete="off",
            maxlength=LONGEST_CLIENT,
            aria_invalid="true" if fault else None,
            aria_describedby=described_by(id_) if fault else None,
        ),
        id_=id_,
        hint=words("parked_client_hint"),
        fault=fault,
    )
    return [
        whom if item["reason"] in _NAMELESS or fault else None,
        button(words("parked_replay"), weight="small", name="act", value=REPLAY),
        button(words("parked_forget"), weight="small", name="act", value=FORGET),
    ]


def _field(item: str) -> str:
    """The id of the field that says whom a parked call is about."""
    return f"client-{item.rpartition('.')[2]}"


def _too_long(words: Words) -> str:
    return words("fault_long", most=LONGEST_CLIENT)


def _became(context: PageContext) -> Child:
    """What was just done, as the address tells; nothing where it tells of nothing that we know."""
    became, words = context.request.query.get("became", ""), context.words
    if became in _DONE:
        return saved_strip(words(_DONE[became]))
    counts = {status: int(count) for status, count in _BECAME.findall(became)}
    return saved_strip(words("parked_became", counts=_counted(counts, words))) if counts else None
