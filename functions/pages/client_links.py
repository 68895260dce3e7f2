"""Links that open a client's own page to somebody there: editors make them, admins see who holds which."""

from datetime import datetime, timedelta

from functions.pages.client_letter import MAKES_LINKS
from functions.pages.controls import link_button
from functions.pages.issuing import Asked, Issuing, asked_in
from functions.pages.layout import PageContext
from functions.pages.markup import Child, Markup, tag
from functions.pages.sections import Section, crumb, section_of, title_row
from shared.http.problems import CrossSiteError
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.display import is_displayable
from shared.reading.access import Access
from shared.reading.scorecards import Cards
from shared.storage.issued import LINK_DAYS, LONGEST_NAME, Issued, Keys, Register, grant_of_link, link_to
from shared.storage.records import Scored
from shared.texts.words import Words

LISTING = "admin"


@dataclass(frozen=True, slots=True)
class LinksPage:
    """Makes links of the role client for one client, and no others. None is ended here.

    That is done where the signing keys can be written, which this function cannot: `make revoke`.
    """

    access: Access
    cards: Cards
    register: Register
    keys: Keys

    def respond(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`GET /clients/{client_id}/links`. Raises ForbiddenError for who may not write."""
        token.require(MAKES_LINKS)
        scored = self.access.scored(token, client_id)
        return self._draw(context, token, scored, _first_asked())

    def make(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`POST /clients/{client_id}/links`: makes a link and shows it, which no list does.

        It leads to no other page, as what is a secret must stand in no address. Raises CrossSiteError when no page of
        ours sent it, and ForbiddenError.
        """
        if not context.request.is_from_own_page:
            raise CrossSiteError
        token.require(MAKES_LINKS)
        scored = self.access.scored(token, client_id)
        asked = _checked(asked_in(context.request.form(), ("name", "days")), context.words)
        if asked.faults:
            return self._draw(context, token, scored, asked)
        now = self.cards.clock()
        grant = grant_of_link(
            "client",
            made_at=now,
            until=now + timedelta(days=int(asked["days"])),
            name=asked["name"],
            clients=(scored.inputs.client_id,),
            made_by=token.name or token.subject,
        )
        made = self.register.issue_once(grant, self.keys, asked.form)
        if made is None:
            return self._draw(context, token, scored, _issuing(context.words).stale(asked))
        return self._draw(context, token, scored, _first_asked(), made)

    def _draw(
        self, context: PageContext, token: Token, scored: Scored, asked: Asked, made: tuple[Issued, str] | None = None
    ) -> Response:
        words, client = context.words, scored.inputs.client_id
        name = scored.inputs.description.name
        listed = self._listed(client, context) if LISTING in token.scopes and token.clients is None else None
        parts = [
            title_row(
                words("links"),
                words("links_lead", client=name),
                above=crumb(name, context.link(f"/clients/{client}")),
                acts=link_button(words("client_view"), context.link(f"/clients/{client}/as-client"), icon_name="eye"),
            ),
            self._made(made, context) if made else None,
            [section_of(Section("new", words("links_new"), _form(asked, client, context), card=True)), listed],
        ]
        title = f"{words('links')}, {name}"
        return _issuing(words).respond(context, title, parts, asked, made[0] if made else None)

    def _made(self, made: tuple[Issued, str], context: PageContext) -> Markup:
        issued, minted = made
        words, grant = context.words, issued.grant
        day = words.day_of_year(grant.until.astimezone(self.cards.zone).date(), self.cards.today())
        saved = words("links_made", name=grant.name or "", day=day)
        return _issuing(words).made_box(saved, link_to(context.request.home, minted), 4)

    def _listed(self, client: str, context: PageContext) -> Markup:
        """The links for this client alone that have not ended, the latest first."""
        words, now = context.words, self.cards.clock()
        rows = [
            self._row(issued, now, words)
            for issued in self.register.listed()
            if issued.grant.kind == "link" and issued.grant.clients == (client,) and issued.grant.until > now
        ]
        return _issuing(words).held(rows, words("links_end"))

    def _row(self, issued: Issued, now: datetime, words: Words) -> Markup:
        grant, state = issued.grant, issued.state(self.keys, now)
        return tag.li(
            tag.div(
                tag.strong(grant.name or words("links_anybody")),
                _issuing(words).made_line(grant, self.cards.zone, self.cards.today()),
            ),
            tag.span(words(f"role_{grant.role}") if grant.role else None, class_="hint"),
            tag.span(words(f"links_{state}")),
            tag.code(issued.id),
        )


def _issuing(words: Words) -> Issuing:
    return Issuing("link", "name", words)


def _first_asked() -> Asked:
    return Asked({"name": "", "days": str(LINK_DAYS)})


def _checked(asked: Asked, words: Words) -> Asked:
    """The same with its faults."""
    issuing, name = _issuing(words), asked["name"]
    fits = name and len(name) <= LONGEST_NAME and is_displayable(name)
    faults = {
        "name": None if fits else words("links_name_fault", most=LONGEST_NAME),
        "days": issuing.days_fault(asked["days"]),
    }
    return issuing.checked(asked, faults)


def _form(asked: Asked, client: str, context: PageContext) -> Child:
    issuing = _issuing(context.words)
    name = issuing.line("name", asked, autocomplete="off", maxlength=LONGEST_NAME)
    return issuing.form(asked, context.link(f"/clients/{client}/links"), name)
