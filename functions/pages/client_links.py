"""Links that open a client's own page to somebody there: editors make them, admins see who holds which."""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from http import HTTPStatus

from functions.pages.client_letter import MAKES_LINKS
from functions.pages.controls import button, described_by, fault_strip, link_button, saved_strip
from functions.pages.controls import field as labelled
from functions.pages.layout import PageContext, page
from functions.pages.markup import Child, Markup, tag
from functions.pages.sections import Section, crumb, section_of, title_row
from shared.http.problems import CrossSiteError
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.display import is_displayable
from shared.reading.access import Access
from shared.reading.scorecards import Cards
from shared.storage.issued import (
    LONGEST_NAME,
    MOST_DAYS,
    Issued,
    Keys,
    Register,
    grant_of_link,
    is_id,
    link_to,
    new_id,
)
from shared.storage.records import Scored
from shared.texts.words import Words

LISTING = "admin"
_DAYS = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """What was filled in, as it was typed, with the fault of each field that has one."""

    name: str = ""
    days: str = str(_DAYS)
    form: str = field(default_factory=new_id)
    """Made when the form is drawn: sent twice, it makes one link."""
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinksPage:
    """Makes links of the role client for one client, and no others. None is ended here.

    That is done where the signing keys can be written, which this function cannot: `make revoke`.
    """

    access: Access
    cards: Cards
    register: Callable[[], Register]
    keys: Keys

    def respond(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`GET /clients/{client_id}/links`. Raises ForbiddenError for who may not write."""
        token.require(MAKES_LINKS)
        scored = self.access.scored(token, client_id)
        return self._draw(context, token, scored, Asked())

    def make(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`POST /clients/{client_id}/links`: makes a link and shows it, this once.

        It leads to no other page, as what is a secret must stand in no address. Raises CrossSiteError when no page of
        ours sent it, and ForbiddenError.
        """
        if not context.request.is_from_own_page:
            raise CrossSiteError
        token.require(MAKES_LINKS)
        scored = self.access.scored(token, client_id)
        form = context.request.form()
        asked = _checked(
            Asked(form.get("name", "").strip(), form.get("days", "").strip(), form.get("form", "")), context.words
        )
        if asked.faults:
            return self._draw(context, token, scored, asked)
        now = self.cards.clock()
        grant = grant_of_link(
            "client",
            made_at=now,
            until=now + timedelta(days=int(asked.days)),
            name=asked.name,
            clients=(scored.inputs.client_id,),
            made_by=token.name or token.subject,
        )
        made = self.register().issue_once(grant, self.keys, asked.form)
        if made is None:
            stale = Asked(asked.name, asked.days, faults={"name": context.words("links_stale")})
            return self._draw(context, token, scored, stale)
        return self._draw(context, token, scored, Asked(), made)

    def _draw(
        self, context: PageContext, token: Token, scored: Scored, asked: Asked, made: tuple[Issued, str] | None = None
    ) -> Response:
        words, client = context.words, scored.inputs.client_id
        name = scored.inputs.description.name
        listed = self._listed(client, context) if LISTING in token.scopes and token.clients is None else None
        drawn = page(
            context,
            f"{words('links')}, {name}",
            title_row(
                words("links"),
                words("links_lead", client=name),
                above=crumb(name, context.link(f"/clients/{client}")),
                acts=link_button(words("client_view"), context.link(f"/clients/{client}/as-client"), icon_name="eye"),
            ),
            self._made(made, context) if made else None,
            fault_strip(words("links_fault"), [(words(f"links_{key}"), f"link-{key}") for key in asked.faults])
            if asked.faults
            else None,
            tag.div(
                section_of(Section("new", words("links_new"), _form(asked, client, context), card=True)),
                listed,
                class_="sections links",
            ),
            status=HTTPStatus.UNPROCESSABLE_ENTITY if asked.faults else HTTPStatus.OK,
        )
        if made is None:
            return drawn
        return Response(drawn.status, headers=drawn.headers, body=drawn.body, about={"link_id": made[0].id})

    def _made(self, made: tuple[Issued, str], context: PageContext) -> Markup:
        issued, minted = made
        words, grant = context.words, issued.grant
        day = words.day(grant.until.astimezone(self.cards.zone).date())
        return tag.section(
            saved_strip(words("links_made", name=grant.name or "", day=day)),
            labelled(
                words("links_copy"),
                tag.textarea(
                    link_to(context.request.home, minted),
                    id="link-made",
                    readonly=True,
                    rows=4,
                    spellcheck="false",
                ),
                id_="link-made",
                hint=words("links_once"),
            ),
            class_="made-link",
            aria_label=words("links_copy"),
        )

    def _listed(self, client: str, context: PageContext) -> Markup:
        """The links for this client alone that have not ended, the latest first."""
        words, now = context.words, self.cards.clock()
        rows = [
            self._row(issued, now, words)
            for issued in self.register().listed()
            if issued.grant.kind == "link" and issued.grant.clients == (client,) and issued.grant.until > now
        ]
        content = tag.ul(rows, class_="rows") if rows else tag.p(words("links_none"), class_="quiet")
        return section_of(Section("held", words("links_held"), content, note=words("links_end"), count=str(len(rows))))

    def _row(self, issued: Issued, now: datetime, words: Words) -> Markup:
        grant, zone, state = issued.grant, self.cards.zone, issued.state(self.keys, now)
        made, until = (words.day(when.astimezone(zone).date()) for when in (grant.made_at, grant.until))
        key = "links_row_by" if grant.made_by else "links_row"
        return tag.li(
            tag.div(
                tag.strong(grant.name or words("links_anybody")),
                tag.p(words(key, made=made, until=until, by=grant.made_by or ""), class_="hint"),
            ),
            tag.span(words(f"role_{grant.role}") if grant.role else None, class_="hint"),
            tag.span(words(f"links_{state}")),
            tag.code(issued.id),
        )


def _checked(asked: Asked, words: Words) -> Asked:
    """The same with its faults."""
    faults: dict[str, str] = {}
    if not asked.name or len(asked.name) > LONGEST_NAME or not is_displayable(asked.name):
        faults["name"] = words("links_name_fault", most=LONGEST_NAME)
    days = asked.days
    if not (days.isascii() and days.isdigit() and len(days) <= len(str(MOST_DAYS)) and 1 <= int(days) <= MOST_DAYS):
        faults["days"] = words("links_days_fault", most=MOST_DAYS)
    if not is_id(asked.form):
        return Asked(asked.name, asked.days, faults=faults or {"name": words("links_stale")})
    return Asked(asked.name, asked.days, asked.form, faults)


def _form(asked: Asked, client: str, context: PageContext) -> Child:
    words = context.words
    return tag.form(
        tag.input(type="hidden", name="form", value=asked.form),
        _field("name", asked.name, asked, words, autocomplete="off", maxlength=LONGEST_NAME),
        _field("days", asked.days, asked, words, inputmode="numeric", maxlength=len(str(MOST_DAYS))),
        button(words("links_make"), weight="filled"),
        tag.p(words("links_note"), class_="hint"),
        method="post",
        action=context.link(f"/clients/{client}/links"),
        class_="link-form",
    )


def _field(key: str, value: str, asked: Asked, words: Words, **attributes: str | int) -> Markup:
    fault, id_ = asked.faults.get(key), f"link-{key}"
    control = tag.input(
        id=id_,
        name=key,
        value=value,
        required=True,
        aria_invalid="true" if fault else None,
        aria_describedby=described_by(id_) if fault else None,
        **attributes,
    )
    return labelled(
        words(f"links_{key}"), control, id_=id_, hint=words(f"links_{key}_hint", most=MOST_DAYS), fault=fault
    )
