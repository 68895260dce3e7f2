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
from shared.opmm.model_document import published_model
from shared.people.document import PeopleDocument
from shared.reading.access import Access
from shared.reading.anew import Anew
from shared.reading.scorecards import Cards
from shared.storage.deadline import one_request
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
    from functions.pages.import_page import ImportPage
    from functions.pages.sign_in import SignIn
    from functions.pages.sources_page import SourcesPage
    from functions.pages.talk.page import TalkPage
    from shared.intake.intake import Intake


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

    @cache
    def intake() -> "Intake":
        writing = import_module("functions.pages.writing")  # it brings pydantic along: for those who write only
        made: Intake = writing.make_intake(
            facts=facts,
            locators=Locators(dynamodb, environment["FACTS_TABLE"], facts),
            scores=scores,
            model=model,
            zone=zone,
            clock=clock,
        )
        return made

    @cache
    def sign_in() -> "SignIn":
        module = import_module("functions.pages.sign_in")  # for those who sign in with a provider only
        made: SignIn = module.SignIn(keys=access.keys, clock=clock, logger=logger)
        return made

    @cache
    def talk() -> "TalkPage":
        module = import_module("functions.pages.talk.page")  # for those who hold talks only
        made: TalkPage = module.TalkPage(
            access, cards, Drafts(dynamodb, environment["DRAFTS_TABLE"]), intake, drawn=lambda: token_hex(8)
        )
        return made

    functions = connect_functions  # not called yet: most who look at pages have no need of it

    @cache
    def sources_page() -> "SourcesPage":
        module = import_module("functions.pages.sources_page")  # for those who look after sources only
        called = CalledFunction(functions(), environment["INGEST_FUNCTION"])
        made: SourcesPage = module.SourcesPage(called, access.keys, clock, zone)
        return made

    @cache
    def imports() -> "ImportPage":
        module = import_module("functions.pages.import_page")  # for those who import files only
        elsewhere = import_module("shared.storage.elsewhere").known_elsewhere
        known = partial(elsewhere, dynamodb, environment["FACTS_TABLE"], configured=(), pause=sleep)
        made: ImportPage = module.ImportPage(cards, intake, known, access.keys)
        return made

    session = Session(verify, zone, clock, people, sign_in)
    queries = Queries(dynamodb, environment["SCORES_TABLE"], sleep)
    links = (lambda: Register(dynamodb, environment["ISSUED_TABLE"])), HeldKeys(keys)
    agency = environment["AGENCY_NAME"] or None
    rare = Rare(talk, imports, sources_page)
    pages = Pages(access, cards, queries, session, intake, links=links, rare=rare, agency=agency)
    routes = Routes(pages.routes)

    def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
        """Responds to an API Gateway event."""
        with one_request():
            return dispatch(event, routes, logger, is_outage, pages.problem)

    return handler


handler = wire(os.environ, lambda: datetime.now(UTC))  # noqa: TID251 - the edge: the clock of all below
