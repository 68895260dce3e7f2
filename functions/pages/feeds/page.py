"""The page of feeds: who may write makes one, sees when it was last read, and withdraws it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from functions.pages.client_letter import MAKES_LINKS
from functions.pages.controls import button, fault_strip, saved_strip
from functions.pages.feeds.form import FIELDS, checked, feed_form, first_asked, issuing_of
from functions.pages.issuing import Asked, asked_in
from functions.pages.layout import PageContext
from functions.pages.markup import Child, Markup, tag
from functions.pages.sections import Section, crumb, section_of, title_row
from shared.http.problems import CrossSiteError
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.inputs import ACTIVE
from shared.opmm.persons import person_key
from shared.reading.all_rows import AllRows
from shared.reading.portfolio import owners_of
from shared.reading.scorecards import Cards
from shared.storage.issued import LAST_DAYS, Feed, FeedFile, Issued, Keys, Register, feed_at, grant_of_feed, is_id
from shared.texts.words import Words

_SEES_ALL = "admin"


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is told beside the form and the list."""

    owners: Mapping[str, str]
    """By whom clients are owned, by the keys of the persons: read once for a request."""
    asked: Asked
    made: tuple[Issued, str] | None = None
    told: Child = None


@dataclass(frozen=True, slots=True)
class FeedsPage:
    """Makes feeds, never of more clients than whoever makes one may see, and withdraws them."""

    cards: Cards
    rows: AllRows
    register: Register
    keys: Keys

    def show(self, context: PageContext, token: Token) -> Response:
        """`GET /feeds`. Raises ForbiddenError for who may not write."""
        token.require(MAKES_LINKS)
        owners = self._owners(token)
        return self._draw(context, token, _Shown(owners, _first(owners, context)))

    def act(self, context: PageContext, token: Token) -> Response:
        """`POST /feeds`: makes a feed and shows its address, which no list does, or withdraws one.

        It leads to no other page, as what is a secret must stand in no address. Raises CrossSiteError when no page of
        ours sent it, and ForbiddenError.
        """
        if not context.request.is_from_own_page:
            raise CrossSiteError
        token.require(MAKES_LINKS)
        form = context.request.form()
        owners = self._owners(token)
        if "withdraw" in form:
            return self._draw(context, token, self._withdrawn(context, token, form["withdraw"], owners))
        asked = checked(asked_in(form, FIELDS), owners, context.words)
        made = None if asked.faults else self._made(asked, token)
        if made is None and not asked.faults:
            asked = issuing_of(context.words).stale(asked)
        return self._draw(context, token, _Shown(owners, _first(owners, context) if made else asked, made))

    def _made(self, asked: Asked, token: Token) -> tuple[Issued, str] | None:
        now = self.cards.clock()
        grant = grant_of_feed(
            Feed(cast("FeedFile", asked["file"]), asked["language"], asked["owner"] or None),
            subject=token.subject,
            made_at=now,
            until=now + timedelta(days=int(asked["days"])),
            name=asked["owner"] or token.name,
            clients=sorted(token.clients or ()),
            made_by=token.name or token.subject,
        )
        return self.register.issue_once(grant, self.keys, asked.form)

    def _withdrawn(self, context: PageContext, token: Token, feed_id: str, owners: Mapping[str, str]) -> _Shown:
        """Withdraws a feed, and says so; or says that there is none."""
        words, now = context.words, self.cards.clock()
        issued = self.register.get(feed_id) if is_id(feed_id) else None
        first = _first(owners, context)
        if issued is None or not self._may_see(issued, token, now):
            return _Shown(owners, first, told=fault_strip(words("feeds_gone")))
        self.register.mark_withdrawn(issued, now)
        return _Shown(owners, first, told=saved_strip(words("feeds_withdrawn_now")))

    def _may_see(self, issued: Issued, token: Token, now: datetime) -> bool:
        """Whether a feed is open, and theirs or, for admins, anybody's.

        Who came by a link that names nobody is told from others of that kind by nothing.
        """
        grant = issued.grant
        if grant.feed is None or issued.state(self.keys, now) != "open":
            return False
        theirs = token.name is not None and (grant.subject, grant.made_by) == (token.subject, token.name)
        return theirs or _sees_all(token)

    def _owners(self, token: Token) -> dict[str, str]:
        return self.rows.made(token, ACTIVE, "owners", owners_of)

    def _draw(self, context: PageContext, token: Token, shown: _Shown) -> Response:
        words, asked = context.words, shown.asked
        form = feed_form(asked, shown.owners, context)
        parts = [
            title_row(words("feeds"), words("feeds_lead"), above=crumb(words("portfolio"), context.link("/"))),
            shown.told,
            self._address(shown.made, context) if shown.made else None,
            [section_of(Section("new", words("feeds_new"), form, card=True)), self._listed(context, token)],
        ]
        made = shown.made[0] if shown.made else None
        return issuing_of(words).respond(context, words("feeds"), parts, asked, made)

    def _address(self, made: tuple[Issued, str], context: PageContext) -> Markup:
        issued, minted = made
        words, feed = context.words, issued.grant.feed
        if feed is None:
            raise TypeError("what was made is no feed")
        day = words.day_of_year(issued.grant.until.astimezone(self.cards.zone).date(), self.cards.today())
        address = feed_at(context.request.home, minted, feed)
        use = tag.p(words(f"feeds_use_{feed.file}"), class_="hint")
        return issuing_of(words).made_box(words("feeds_made", day=day, last=LAST_DAYS), address, 2, use)

    def _listed(self, context: PageContext, token: Token) -> Markup:
        """The feeds that have not ended, the latest first."""
        words, now = context.words, self.cards.clock()
        held = [issued for issued in self.register.listed() if self._may_see(issued, token, now)]
        rows = [self._row(issued, issued.grant.feed, context) for issued in held if issued.grant.feed]
        return issuing_of(words).held(rows, words("feeds_everybodys" if _sees_all(token) else "feeds_yours"))

    def _row(self, issued: Issued, feed: Feed, context: PageContext) -> Markup:
        words = context.words
        return tag.li(
            tag.div(
                tag.strong(feed.owner or words("feeds_all")),
                issuing_of(words).made_line(issued.grant, self.cards.zone, self.cards.today()),
            ),
            tag.span(f"{words(f'feeds_{feed.file}')}, {feed.language.upper()} ", tag.code(issued.id), class_="hint"),
            tag.span(self._read(issued, words), class_="hint"),
            tag.form(
                button(words("feeds_withdraw"), weight="small", name="withdraw", value=issued.id),
                method="post",
                action=context.link("/feeds"),
            ),
        )

    def _read(self, issued: Issued, words: Words) -> str:
        if issued.last_read_at is None:
            return words("feeds_unread")
        read = issued.last_read_at.astimezone(self.cards.zone)
        return words("feeds_read", day=words.near(read.date(), self.cards.today()), time=read.strftime("%H:%M"))


def _sees_all(token: Token) -> bool:
    return _SEES_ALL in token.scopes and token.clients is None


def _first(owners: Mapping[str, str], context: PageContext) -> Asked:
    """A new form: a calendar of the reader's own clients, where it is known who that is."""
    return first_asked(owners.get(person_key(context.person), ""), context.words.language)
