"""What few requests for pages need, each put together when one of them does."""

from functools import cache, partial
from secrets import token_hex
from time import sleep
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from functions.pages.routes import Rare
from shared.opmm.dataclass import dataclass
from shared.reading.access import Access
from shared.reading.all_rows import AllRows
from shared.reading.scorecards import Cards
from shared.storage.dynamodb import Connection
from shared.storage.facts import Facts
from shared.storage.queries import Queries
from shared.storage.scores import Scores
from shared.storage.secrets import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from functions.pages.client_links import LinksPage
    from functions.pages.feeds.page import FeedsPage
    from functions.pages.feeds.reading import FeedReading
    from functions.pages.import_page import ImportPage
    from functions.pages.notifications_page import NotificationsPage
    from functions.pages.sign_in import SignIn
    from functions.pages.sources_page import SourcesPage
    from functions.pages.talk.page import TalkPage
    from shared.intake.intake import Intake
    from shared.storage.functions import CalledFunction
    from shared.storage.issued import HeldKeys, Register


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The tables by name."""

    facts: str
    issued: str
    drafts: str
    notifications: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What everything rests on. What is made of it brings modules along that would make every cold start longer."""

    dynamodb: Connection
    tables: Tables
    keys: Secret
    """Of tokens."""
    connect_functions: "Callable[[], Any]"
    """Makes what calls other functions."""
    ingest: str
    """The function that has the sources, by name."""
    notify: str
    """The function that has the destinations, by name."""
    facts: Facts
    scores: Scores
    queries: Queries
    access: Access
    cards: Cards
    rows: AllRows
    logger: Logger

    def rare(self, intake: "Callable[[], Intake]") -> Rare:
        """The pages that few look at, each made once."""
        return Rare(
            talk=cache(partial(self._talk, intake)),
            imports=cache(partial(self._imports, intake)),
            sources=cache(self._sources),
            notifications=cache(self._notifications),
            links=cache(self._links),
            feeds=cache(self._feeds),
            feed=cache(self._feed),
        )

    def intake(self) -> "Intake":
        """For those who write: it brings pydantic along."""
        # ruff: noqa: PLC0415 - here and below: what few need is loaded for them only
        from functions.pages.writing import make_intake
        from shared.storage.locators import Locators

        return make_intake(
            facts=self.facts,
            locators=Locators(self.dynamodb, self.tables.facts, self.facts),
            scores=self.scores,
            model=self.cards.model,
            zone=self.cards.zone,
            clock=self.cards.clock,
        )

    def sign_in(self) -> "SignIn":
        """For those who sign in with a provider."""
        from functions.pages.sign_in import SignIn

        return SignIn(keys=self.access.keys, clock=self.cards.clock, logger=self.logger)

    def _talk(self, intake: "Callable[[], Intake]") -> "TalkPage":
        from functions.pages.talk.page import TalkPage
        from shared.storage.drafts import Drafts

        drafts = Drafts(self.dynamodb, self.tables.drafts)
        return TalkPage(self.access, self.cards, drafts, intake, drawn=lambda: token_hex(8))

    def _imports(self, intake: "Callable[[], Intake]") -> "ImportPage":
        from functions.pages.import_page import ImportPage
        from shared.storage.elsewhere import known_elsewhere

        known = partial(known_elsewhere, self.dynamodb, self.tables.facts, configured=(), pause=sleep)
        return ImportPage(self.cards, intake, known, self.access.keys)

    def _sources(self) -> "SourcesPage":
        from functions.pages.sources_page import SourcesPage

        return SourcesPage(self._called(self.ingest), self.access.keys, self.cards.clock, self.cards.zone)

    def _notifications(self) -> "NotificationsPage":
        from functions.pages.notifications_page import NotificationsPage
        from shared.storage.deliveries import Deliveries

        deliveries = Deliveries(self.dynamodb, self.tables.notifications)
        return NotificationsPage(self.access, self.cards, self.queries, deliveries, self._called(self.notify))

    def _links(self) -> "LinksPage":
        from functions.pages.client_links import LinksPage

        return LinksPage(self.access, self.cards, *self._issuing())

    def _feeds(self) -> "FeedsPage":
        from functions.pages.feeds.page import FeedsPage

        return FeedsPage(self.cards, self.rows, *self._issuing())

    def _feed(self) -> "FeedReading":
        from functions.pages.feeds.coming_of_all import ComingOfAll
        from functions.pages.feeds.reading import FeedReading

        coming = ComingOfAll(self.cards, self.scores, self.queries, sleep)
        return FeedReading(self.access, self.cards, self.rows, coming, *self._issuing(), self.logger)

    def _issuing(self) -> "tuple[Register, HeldKeys]":
        """Where it is written down what was made for somebody, and what signs it."""
        from shared.storage.issued import HeldKeys, Register

        return Register(self.dynamodb, self.tables.issued), HeldKeys(self.keys)

    def _called(self, function: str) -> "CalledFunction":
        from shared.storage.functions import CalledFunction

        return CalledFunction(self.connect_functions(), function)
