"""A feed as programs read it, without signing in: the calendar of an owner, or the portfolio as a table."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from aws_lambda_powertools import Logger

from functions.pages.feeds.coming_of_all import MOST_READ, ComingOfAll
from functions.pages.layout import HEADERS
from functions.pages.portfolio.files import draw_csv
from functions.pages.portfolio.listing import Viewer
from shared.http.entity_tags import tagged
from shared.http.feed_addresses import unsealed
from shared.http.problems import NotFoundError
from shared.http.requests import Request, Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.inputs import ACTIVE
from shared.opmm.timestamps import start_of
from shared.reading.access import Access
from shared.reading.all_rows import AllRows
from shared.reading.calendar_file import Ending, Followed, followed_calendar
from shared.reading.portfolio import Filters
from shared.reading.scorecards import Cards
from shared.storage.issued import LAST_DAYS, Feed, Issued, Keys, Register
from shared.storage.outages import is_outage
from shared.storage.records import Summary
from shared.texts.words import Words


@dataclass(frozen=True, slots=True)
class FeedReading:
    """Lets programs read feeds."""

    access: Access
    cards: Cards
    rows: AllRows
    coming: ComingOfAll
    register: Register
    keys: Keys
    logger: Logger

    def respond(self, request: Request, file: str) -> Response:
        """`GET /feeds/{file}`: one read of what was issued, and what the list costs, once a minute in a warm function.

        Raises NotFoundError for an address that was made up, and for that of a feed which was withdrawn or has ended:
        nobody is told which.
        """
        issued = self._open(file)
        feed = issued.grant.feed if issued else None
        if issued is None or feed is None:
            raise NotFoundError("There is nothing at this address.")
        response = tagged(request, self._drawn(issued, feed, request.home))
        self._note(issued)
        return Response(response.status, headers=response.headers, body=response.body, about={"feed_id": issued.id})

    def _open(self, file: str) -> Issued | None:
        """The feed of an address; what somebody made up is refused before anything is read."""
        name, _, extension = file.rpartition(".")
        feed_id = unsealed(name, self.access.keys())
        issued = self.register.get(feed_id) if feed_id else None
        if issued is None or issued.grant.feed is None or issued.grant.feed.file != extension:
            return None
        return issued if issued.state(self.keys, self.cards.clock()) == "open" else None

    def _drawn(self, issued: Issued, feed: Feed, pages: str) -> Response:
        grant, today = issued.grant, self.cards.today()
        reach = Token(grant.subject, frozenset(), frozenset(grant.clients) if grant.clients else None)
        words = Words(feed.language)

        def rows_of(rows: Sequence[Summary]) -> list[Summary]:
            wanted = Filters(owner=feed.owner)
            return sorted(filter(wanted.fit, rows), key=lambda row: (row.name.casefold(), row.client_id))

        if feed.file == "csv":
            return self.rows.made(
                reach,
                ACTIVE,
                ("feed", feed, today),
                lambda rows: draw_csv(
                    rows_of(rows), self.cards.model, self.cards.zone, Viewer(today, internal=True), words
                ),
            )
        ending = self._ending(issued, today, words)
        return self.rows.made(
            reach,
            ACTIVE,
            ("feed", feed, today, pages, ending),
            lambda rows: self._calendar(rows_of(rows), Followed(_name(feed, words), pages, ending), words),
        )

    def _calendar(self, rows: Sequence[Summary], followed: Followed, words: Words) -> Response:
        made_at = start_of(self.cards.today(), self.cards.zone)  # the same all day, so that it can be held
        if len(rows) > MOST_READ:
            followed = replace(followed, description=words("feeds_many", most=MOST_READ))
        body = followed_calendar(self.coming.told(rows, words), made_at, followed)
        return Response(200, headers={**HEADERS, "Content-Type": "text/calendar; charset=utf-8"}, body=body)

    def _ending(self, issued: Issued, today: date, words: Words) -> Ending | None:
        last = issued.grant.until.astimezone(self.cards.zone).date()
        first = last - timedelta(days=LAST_DAYS - 1)
        return Ending(issued.id, first, last, words("feeds_ending", day=words.day(last))) if today >= first else None

    def _note(self, issued: Issued) -> None:
        """Notes that it was read. Where that cannot be noted it is read all the same."""
        try:
            self.register.mark_read(issued, self.cards.clock())
        except Exception as error:
            if not is_outage(error):
                raise
            self.logger.warning("a feed was read, and that could not be noted", error=type(error).__name__)


def _name(feed: Feed, words: Words) -> str:
    return f"OPMM: {feed.owner or words('feeds_all')}"
