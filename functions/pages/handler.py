"""Lambda entry of the pages function: scorecards and the portfolio as HTML, for people."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from importlib import import_module
from secrets import token_hex
from time import sleep
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from functions.pages.routes import Pages, Rare
from functions.pages.session import Session
from shared.http.dispatch import dispatch
from shared.http.routes import Routes
from shared.http.tokens import Verifier
from shared.opmm.dataclass import dataclass
from shared.opmm.model_document import published_model
from shared.people.document import PeopleDocument
from shared.reading.access import Access
from shared.reading.anew import Anew
from shared.reading.scorecards import Cards
from shared.storage.attention import Attentions
from shared.storage.deadline import one_request
from shared.storage.deliveries import Deliveries
from shared.storage.drafts import Drafts
from shared.storage.dynamodb import connect
from shared.storage.facts import Facts
from shared.storage.functions import CalledFunction, connect_functions
from shared.storage.issued import HeldKeys, Register
from shared.storage.locators import Locators
from shared.storage.outages import is_outage
from shared.storage.queries import Queries
from shared.storage.scores import Scores
from shared.storage.secrets import Secret, connect_secrets, is_withdrawn, token_keys
from shared.telemetry import own_logger, token_tracer

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

    from functions.pages.feeds.page import FeedsPage
    from functions.pages.feeds.reading import FeedReading
    from functions.pages.import_page import ImportPage
    from functions.pages.notifications_page import NotificationsPage
    from functions.pages.sign_in import SignIn
    from functions.pages.sources_page import SourcesPage
    from functions.pages.talk.page import TalkPage
    from shared.intake.intake import Intake
    from shared.reading.all_rows import AllRows
    from shared.storage.issued import Keys


@dataclass(frozen=True, slots=True)
class _Rarely:
    """Makes what few requests need; each brings modules along that would make every cold start longer."""

    facts: Facts
    locators: Locators
    scores: Scores
    queries: Queries
    deliveries: Deliveries
    access: Access
    cards: Cards
    drafts: Drafts
    ingest: Callable[[], CalledFunction]
    notify: Callable[[], CalledFunction]
    elsewhere: Callable[[], Callable[..., Any]]
    """Finds out which facts are known under another client: how, is brought along as well."""

    def intake(self) -> "Intake":
        """For those who write: it brings pydantic along."""
        writing = import_module("functions.pages.writing")
        made: Intake = writing.make_intake(
            facts=self.facts,
            locators=self.locators,
            scores=self.scores,
            model=self.cards.model,
            zone=self.cards.zone,
            clock=self.cards.clock,
        )
        return made

    def sign_in(self, logger: "Logger") -> "SignIn":
        """For those who sign in with a provider."""
        module = import_module("functions.pages.sign_in")
        made: SignIn = module.SignIn(keys=self.access.keys, clock=self.cards.clock, logger=logger)
        return made

    def talk(self, intake: "Callable[[], Intake]") -> "TalkPage":
        """For those who hold talks."""
        module = import_module("functions.pages.talk.page")
        made: TalkPage = module.TalkPage(self.access, self.cards, self.drafts, intake, drawn=lambda: token_hex(8))
        return made

    def sources_page(self) -> "SourcesPage":
        """For those who look after sources."""
        module = import_module("functions.pages.sources_page")
        made: SourcesPage = module.SourcesPage(self.ingest(), self.access.keys, self.cards.clock, self.cards.zone)
        return made

    def notifications_page(self) -> "NotificationsPage":
        """For those who want to know what was sent."""
        module = import_module("functions.pages.notifications_page")
        made: NotificationsPage = module.NotificationsPage(
            self.access, self.cards, self.queries, self.deliveries, self.notify()
        )
        return made

    def imports(self, intake: "Callable[[], Intake]") -> "ImportPage":
        """For those who import files."""
        module = import_module("functions.pages.import_page")
        known = partial(self.elsewhere(), configured=(), pause=sleep)
        made: ImportPage = module.ImportPage(self.cards, intake, known, self.access.keys)
        return made

    def feeds(self, register: "Callable[[], Register]", keys: "Keys", rows: "AllRows") -> "FeedsPage":
        """For those who make feeds."""
        module = import_module("functions.pages.feeds.page")
        made: FeedsPage = module.FeedsPage(self.cards, rows, register, keys)
        return made

    def feed(
        self, register: "Callable[[], Register]", keys: "Keys", queries: Queries, logger: "Logger", rows: "AllRows"
    ) -> "FeedReading":
        """For programs that read feeds."""
        module = import_module("functions.pages.feeds.reading")
        coming = import_module("functions.pages.feeds.coming_of_all")
        told = coming.ComingOfAll(self.cards, self.scores, queries, sleep)
        made: FeedReading = module.FeedReading(self.access, self.cards, rows, told, register, keys, logger)
        return made


def wire(
    environment: Mapping[str, str], clock: Callable[[], datetime]
) -> Callable[[dict[str, Any], object], dict[str, Any]]:
    """The function with everything it needs. Raises KeyError for a variable that is not set."""
    dynamodb = connect()
    logger = own_logger()
    secrets = connect_secrets()
    keys = Secret(secrets, environment["TOKEN_KEYS_SECRET"], logger)
    people = PeopleDocument(
        Secret(secrets, environment["PEOPLE_SECRET"], logger, clock=lambda: clock().timestamp()), logger
    )
    model, zone = published_model(environment["MODEL"]), ZoneInfo(environment["TIME_ZONE"])
    scores = Scores(dynamodb, environment["SCORES_TABLE"], model, zone)
    facts = Facts(dynamodb, environment["FACTS_TABLE"], sleep)
    access = Access(scores, lambda: token_keys(keys), Anew(facts, scores, model, zone, clock))
    cards = Cards(facts, model, zone, clock)
    verify = Verifier(access.keys, lambda token_id: is_withdrawn(keys, token_id), token_tracer(logger))

    table, ingest, functions = environment["FACTS_TABLE"], environment["INGEST_FUNCTION"], connect_functions
    queries, notifications = Queries(dynamodb, environment["SCORES_TABLE"], sleep), environment["NOTIFICATIONS_TABLE"]
    notify = environment["NOTIFY_FUNCTION"]
    rarely = _Rarely(
        facts=facts,
        locators=Locators(dynamodb, table, facts),
        scores=scores,
        queries=queries,
        deliveries=Deliveries(dynamodb, notifications),
        access=access,
        cards=cards,
        drafts=Drafts(dynamodb, environment["DRAFTS_TABLE"]),
        ingest=lambda: CalledFunction(functions(), ingest),
        notify=lambda: CalledFunction(functions(), notify),
        elsewhere=lambda: partial(import_module("shared.storage.elsewhere").known_elsewhere, dynamodb, table),
    )
    intake = cache(rarely.intake)
    sign_in = cache(lambda: rarely.sign_in(logger))
    session = Session(verify, zone, clock, people, sign_in)
    attentions = Attentions(dynamodb, notifications)
    links = (lambda: Register(dynamodb, environment["ISSUED_TABLE"])), HeldKeys(keys)
    rare = Rare(
        talk=cache(lambda: rarely.talk(intake)),
        imports=cache(lambda: rarely.imports(intake)),
        sources=cache(rarely.sources_page),
        notifications=cache(rarely.notifications_page),
        feeds=partial(rarely.feeds, *links),
        feed=partial(rarely.feed, *links, queries, logger),
    )
    agency = environment["AGENCY_NAME"] or None
    pages = Pages(access, cards, queries, session, intake, links=links, rare=rare, attentions=attentions, agency=agency)
    routes = Routes(pages.routes)

    def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
        """Responds to an API Gateway event."""
        with one_request():
            return dispatch(event, routes, logger, is_outage, pages.problem)

    return handler


handler = wire(os.environ, lambda: datetime.now(UTC))  # noqa: TID251 - the edge: the clock of all below
