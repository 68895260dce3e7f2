"""The names of a client on its page: those who may describe join another client to it, or take that back."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING

from functions.pages.controls import button, link_button, saved_strip
from functions.pages.forms.saying import SOURCE
from functions.pages.layout import HEADERS, PageContext, notice, page
from functions.pages.markup import Child, Markup, tag
from shared.http.problems import CrossSiteError, InvalidError
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.intake.client_names import AmbiguousNameError, NoNameError
from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import rfc3339
from shared.reading.access import Access
from shared.reading.scorecards import Card, Cards
from shared.storage.alias_groups import AliasGroup, read_alias_group
from shared.texts.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.intake.intake import Intake

SCOPE = "clients:write"

_SURE = "names_sure"
"""Somebody has described the other one as a client of its own: it is joined to no other by one wrong word."""

_SAVED = {"joined": "names_joined", "released": "names_released"}


@dataclass(frozen=True, slots=True)
class ClientNamesForm:
    """Takes what was filled in."""

    access: Access
    cards: Cards
    intake: "Callable[[], Intake]"
    """Made when somebody writes for the first time: who only reads need not wait for it."""

    def respond(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`POST /clients/{client_id}/names`, with `join` or `release`: tells it as an event, and shows the page again.

        Raises CrossSiteError when no page of ours sent it, and ForbiddenError.
        """
        if not context.request.is_from_own_page:
            raise CrossSiteError
        token.require(SCOPE)
        client = self.access.scored(token, client_id).inputs.client_id
        form, place = context.request.form(), f"/clients/{client}"
        text = form.get("join", "")
        if "release" in form:
            fault, saved = self._release(client, form["release"], token), "released"
        else:
            fault, saved = self._join(client, text, token, sure="sure" in form), "joined"
        if fault is None:
            return Response(303, None, {**HEADERS, "Location": context.link(place, saved=saved)})
        if fault == _SURE:
            return _asked(context, text, place)
        return _refused(context, fault, context.link(place))

    def _join(self, client: str, text: str, token: Token, *, sure: bool) -> str | None:
        """Makes another client's id an alias of this one; gives the key of the text that says why not (yet)."""
        intake = self.intake()
        try:
            found = intake.names.called(text, afresh=True)
        except NoNameError:
            return "names_none"
        except AmbiguousNameError:
            return "names_several"
        token.require_client(found.client_id)
        if found.is_new:
            return "names_unknown"
        if found.client_id == client:
            return "names_same"
        group = read_alias_group([client, found.client_id], intake.facts, intake.scores)
        if group.is_described(found.client_id) and not sure:
            return _SURE
        return self._tell(client, {*_told_by_people(group, client), found.client_id}, token, _kept(group, client))

    def _release(self, client: str, alias: str, token: Token) -> str | None:
        """Takes back that a name is an alias; gives the key of the text that says why not."""
        intake = self.intake()
        group = read_alias_group([client], intake.facts, intake.scores)
        claimants = [name for name in group.names_of(client).all if alias in _told_by_people(group, name)]
        if not claimants:
            return "names_of_others"
        faults = [self._tell(name, _told_by_people(group, name) - {alias}, token) for name in claimants]
        return next(filter(None, faults), None)

    def _tell(
        self, subject: str, aliases: set[str], token: Token, kept: Mapping[str, str] = MappingProxyType({})
    ) -> str | None:
        now = self.cards.clock()
        event = {
            "specversion": "1.0",
            "type": "client.described",
            "source": SOURCE,
            "id": f"names-{rfc3339(now)}",
            "subject": subject,
            "time": rfc3339(now),
            "data": {**kept, "aliases": sorted(aliases)},
        }
        try:
            self.intake().take(event, token)
        except InvalidError:
            return "names_many"
        return None


def client_names(card: Card, context: PageContext) -> Markup:
    """The other names of a client, and the forms that change them."""
    description, words = card.inputs.description, context.words
    action = context.link(f"/clients/{card.inputs.client_id}/names")
    rows = [
        tag.li(
            tag.form(
                tag.code(alias),
                button(words("names_release"), weight="small", name="release", value=alias),
                method="post",
                action=action,
            )
        )
        for alias in description.aliases
    ]
    return tag.div(
        None if description.described else tag.p(words("undescribed_note")),
        tag.p(tag.code(card.inputs.client_id), class_="hint"),
        tag.ul(rows) if rows else None,
        tag.form(
            tag.label(words("names_join"), tag.input(name="join", required=True, maxlength="200")),
            button(words("names_join_button")),
            method="post",
            action=action,
        ),
        tag.p(words("names_hint"), class_="hint"),
        class_="names",
    )


def saved_note(context: PageContext) -> Child:
    """What the form has just done, on the page that it leads back to."""
    key = _SAVED.get(context.request.query.get("saved", ""))
    return saved_strip(context.words(key)) if key else None


def hidden_note(hidden: int, words: Words) -> Child:
    """That some changes are not shown, and why; nothing when all are."""
    return words.counted("hidden_changes", hidden) if hidden else None


def _kept(group: AliasGroup, name: str) -> dict[str, str]:
    """What a client goes on being called, and whether it goes on, whatever was said of the one that joins it.

    The latest word counts, under whichever name: without this the joined one's would replace it. A client that nobody
    has named takes the joined one's name.
    """
    description = group.names_of(name).description
    called = {} if description.name == name else {"name": description.name}
    return {**called, "status": description.status}


def _told_by_people(group: AliasGroup, name: str) -> set[str]:
    """The aliases that people last gave a name."""
    told = [
        description
        for description in group.descriptions.get(name, ())
        if description.source == SOURCE and "aliases" in description.answer
    ]
    latest = max(told, key=lambda description: description.revision, default=None)
    return set(latest.answer["aliases"]) if latest else set()


def _asked(context: PageContext, text: str, place: str) -> Response:
    words = context.words
    title = words("names_sure_title", name=text)
    form = tag.form(
        tag.input(type="hidden", name="join", value=text),
        button(words("names_join_button"), weight="filled", name="sure", value="1"),
        link_button(words("back"), context.link(place)),
        method="post",
        action=context.link(f"{place}/names"),
        class_="acts",
    )
    return page(context, title, notice(title, tag.p(words(_SURE)), form))


def _refused(context: PageContext, key: str, place: str) -> Response:
    words = context.words
    title = words("names_refused")
    content = notice(title, tag.p(words(key)), acts=link_button(words("back"), place))
    drawn = page(context, title, content, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return replace(drawn, about={"problem": key})
