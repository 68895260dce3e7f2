"""Lambda entry of the pages function: scorecards and the portfolio as HTML, for people."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from time import sleep
from typing import Any
from zoneinfo import ZoneInfo

from functions.pages.parts import Parts, Tables
from functions.pages.routes import Pages
from functions.pages.session import Session
from shared.http.dispatch import dispatch
from shared.http.routes import Routes
from shared.http.tokens import Verifier
from shared.opmm.model_document import published_model
from shared.people.document import PeopleDocument
from shared.reading.access import Access
from shared.reading.all_rows import AllRows
from shared.reading.anew import Anew
from shared.reading.scorecards import Cards
from shared.storage.attention import Attentions
from shared.storage.deadline import one_request
from shared.storage.dynamodb import connect
from shared.storage.facts import Facts
from shared.storage.functions import connect_functions
from shared.storage.outages import is_outage
from shared.storage.queries import Queries
from shared.storage.scores import Scores
from shared.storage.secrets import Secret, connect_secrets, is_withdrawn, token_keys
from shared.telemetry import own_logger, token_tracer


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

    queries = Queries(dynamodb, environment["SCORES_TABLE"], sleep)
    parts = Parts(
        dynamodb=dynamodb,
        tables=Tables(
            facts=environment["FACTS_TABLE"],
            issued=environment["ISSUED_TABLE"],
            drafts=environment["DRAFTS_TABLE"],
            notifications=environment["NOTIFICATIONS_TABLE"],
        ),
        keys=keys,
        connect_functions=connect_functions,
        ingest=environment["INGEST_FUNCTION"],
        notify=environment["NOTIFY_FUNCTION"],
        facts=facts,
        scores=scores,
        queries=queries,
        access=access,
        cards=cards,
        rows=AllRows(queries, clock),
        logger=logger,
    )
    intake = cache(parts.intake)
    pages = Pages(
        access,
        cards,
        queries,
        Session(verify, zone, clock, people, cache(parts.sign_in)),
        intake,
        rows=parts.rows,
        rare=parts.rare(intake),
        attentions=Attentions(dynamodb, environment["NOTIFICATIONS_TABLE"]),
        agency=environment["AGENCY_NAME"] or None,
    )
    routes = Routes(pages.routes)

    def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
        """Responds to an API Gateway event."""
        with one_request():
            return dispatch(event, routes, logger, is_outage, pages.problem)

    return handler


handler = wire(os.environ, lambda: datetime.now(UTC))  # noqa: TID251 - the edge: the clock of all below
