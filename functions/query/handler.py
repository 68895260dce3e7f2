"""Lambda entry of the query function: the JSON API, and every address of it that does not exist."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from time import sleep
from typing import Any
from zoneinfo import ZoneInfo

from functions.query.agenda_endpoints import AgendaEndpoints
from functions.query.change_endpoints import ChangeEndpoints
from functions.query.fact_endpoints import FactEndpoints
from functions.query.portfolio_endpoints import PortfolioEndpoints
from functions.query.scorecard_endpoints import ScorecardEndpoints
from functions.query.service_endpoints import get_health, get_openapi
from shared.api.routes import api_routes
from shared.http.dispatch import dispatch
from shared.http.tokens import Verifier
from shared.opmm.model_document import published_model
from shared.reading.access import Access
from shared.reading.anew import Anew
from shared.reading.journal_pages import JournalPages
from shared.reading.overview import Glance
from shared.reading.scorecards import Cards
from shared.reading.verification import Verifying
from shared.storage.deadline import one_request
from shared.storage.dynamodb import connect
from shared.storage.entries import Entries
from shared.storage.facts import Facts
from shared.storage.journal import Journal
from shared.storage.outages import is_outage
from shared.storage.overviews import Overviews
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
    keys = Secret(connect_secrets(), environment["TOKEN_KEYS_SECRET"], logger)
    model, zone = published_model(environment["MODEL"]), ZoneInfo(environment["TIME_ZONE"])
    scores = Scores(dynamodb, environment["SCORES_TABLE"], model, zone)
    queries = Queries(dynamodb, environment["SCORES_TABLE"], sleep)
    facts = Facts(dynamodb, environment["FACTS_TABLE"], sleep)
    access = Access(scores, lambda: token_keys(keys), Anew(facts, scores, model, zone, clock))
    cards = Cards(facts, model, zone, clock)
    glance = Glance(queries, Overviews(dynamodb, environment["SCORES_TABLE"]), model, clock)
    about_all = PortfolioEndpoints(access, queries, glance, model, zone, cards.today)
    about_one = ScorecardEndpoints(access, cards, Verifying(facts, scores, model, zone, clock))
    about_facts, about_agenda = FactEndpoints(access, cards, queries), AgendaEndpoints(access, cards, queries)
    entries = Entries(dynamodb, environment["SCORES_TABLE"], sleep)
    told = JournalPages(Journal(dynamodb, environment["NOTIFICATIONS_TABLE"]), entries, scores)
    routes = api_routes(
        "query",
        {
            "listClients": about_all.list_clients,
            "getPortfolio": about_all.get_portfolio,
            "getModel": about_all.get_model,
            "getClient": about_one.get_client,
            "getScore": about_one.get_score,
            "getNextSteps": about_one.get_next_steps,
            "getVerification": about_one.get_verification,
            "getTalks": about_agenda.get_talks,
            "getActions": about_agenda.get_actions,
            "getGoals": about_agenda.get_goals,
            "getNotes": about_agenda.get_notes,
            "getCalendar": about_agenda.get_calendar,
            "listChanges": ChangeEndpoints(access, cards, told).list_changes,
            "getHistory": about_facts.get_history,
            "getEvidence": about_facts.get_evidence,
            "getNps": about_facts.get_nps,
            "getOpenApi": get_openapi,
            "getHealth": get_health,
        },
        Verifier(lambda: token_keys(keys), lambda token_id: is_withdrawn(keys, token_id), token_tracer(logger)),
    )

    def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
        """Responds to an API Gateway event."""
        with one_request():
            return dispatch(event, routes, logger, is_outage)

    return handler


handler = wire(os.environ, lambda: datetime.now(UTC))  # noqa: TID251 - the edge: the clock of all below
