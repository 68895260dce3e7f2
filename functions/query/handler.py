"""Lambda entry of the query function: answers what the scores are, and every address that does not exist."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from time import sleep
from typing import Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Logger

from functions.query.fact_calls import FactCalls
from functions.query.openapi_document import get_openapi
from functions.query.portfolio_calls import PortfolioCalls
from functions.query.scorecard_calls import ScorecardCalls
from shared.http.dispatch import dispatch
from shared.http.requests import Request, Response
from shared.http.routes import Routes
from shared.opmm.model import published_model
from shared.reading.access import Access
from shared.reading.anew import Anew
from shared.reading.scorecards import Cards
from shared.storage.dynamodb import connect
from shared.storage.errors import STORAGE_ERRORS
from shared.storage.facts import Facts
from shared.storage.queries import Queries
from shared.storage.records import MadeWith
from shared.storage.scores import Scores
from shared.storage.secrets import Secret, connect_secrets, token_keys


def wire(
    environment: Mapping[str, str], clock: Callable[[], datetime]
) -> Callable[[dict[str, Any], object], dict[str, Any]]:
    """The function with everything it needs. Raises KeyError for a variable that is not set."""
    dynamodb = connect()
    logger = Logger()
    keys = Secret(connect_secrets(), environment["TOKEN_KEYS_SECRET"])
    model, zone = published_model(environment["MODEL"]), ZoneInfo(environment["TIME_ZONE"])
    made_with = MadeWith(model.fingerprint, zone.key)
    scores = Scores(dynamodb, environment["SCORES_TABLE"], made_with)
    views = Queries(dynamodb, environment["SCORES_TABLE"], sleep)
    facts = Facts(dynamodb, environment["FACTS_TABLE"], sleep)
    anew = Anew(facts, scores, model, made_with, zone, clock)
    access = Access(scores, lambda: token_keys(keys), anew)
    cards = Cards(facts, model, zone, clock)
    portfolio, card_calls = PortfolioCalls(access, views, model), ScorecardCalls(access, cards)
    fact_calls = FactCalls(access, cards, views)
    routes = Routes(
        {
            "GET /v1/health": health,
            "GET /v1/openapi.json": get_openapi,
            "GET /v1/model": portfolio.get_model,
            "GET /v1/portfolio": portfolio.get_portfolio,
            "GET /v1/clients": portfolio.list_clients,
            "GET /v1/clients/{client_id}": card_calls.get_client,
            "GET /v1/clients/{client_id}/score": card_calls.get_score,
            "GET /v1/clients/{client_id}/next-steps": card_calls.get_next_steps,
            "GET /v1/clients/{client_id}/history": fact_calls.get_history,
            "GET /v1/clients/{client_id}/evidence": fact_calls.get_evidence,
            "GET /v1/clients/{client_id}/nps": fact_calls.get_nps,
        },
        elsewhere=WRITES,
    )

    def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
        """Answers an API Gateway event."""
        return dispatch(event, routes, logger, STORAGE_ERRORS)

    return handler


WRITES = (
    "POST /v1/events",
    "POST /v1/webhooks/{source}",
    "GET /v1/webhooks/{source}",
    "OPTIONS /v1/webhooks/{source}",
    "GET /v1/parked",
    "POST /v1/parked/replay",
    "POST /v1/parked/{parked_id}/replay",
    "DELETE /v1/parked/{parked_id}",
)
"""What the ingest function answers: a wrong method at these addresses comes here."""


def health(request: Request) -> Response:  # noqa: ARG001 - every endpoint takes the request
    """`GET /v1/health`: that the function runs; no token, and nothing else is touched."""
    return Response(200, {"status": "ok"})


handler = wire(os.environ, lambda: datetime.now(UTC))  # noqa: TID251 - the edge: the clock of all below
