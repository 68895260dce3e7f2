"""Lambda entry of the ingest function: what arrives over HTTP is validated and stored as facts."""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from time import sleep
from typing import Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Metrics

from functions.ingest.events import PostEvents
from functions.ingest.traffic import Traffic
from functions.ingest.webhooks.endpoint import PostWebhook, probe
from functions.ingest.webhooks.parked import ParkedEndpoints
from functions.ingest.webhooks.processing import Processing
from functions.ingest.webhooks.source_list import SourceList
from shared.api.routes import api_routes
from shared.http.dispatch import dispatch
from shared.http.tokens import Token, Verifier
from shared.intake.client_names import ClientNames
from shared.intake.events import event_types
from shared.intake.intake import Intake
from shared.intake.respondents import RespondentHash
from shared.opmm.model_document import published_model
from shared.storage.deadline import one_request
from shared.storage.dynamodb import connect
from shared.storage.facts import Facts
from shared.storage.locators import Locators
from shared.storage.outages import is_outage
from shared.storage.parked import Parked
from shared.storage.scores import Scores
from shared.storage.secrets import Secret, connect_secrets, is_withdrawn, token_keys
from shared.storage.source_health import SourceHealth
from shared.telemetry import own_logger, token_tracer
from shared.webhooks.sources import SourcesDocument


def wire(
    environment: Mapping[str, str], clock: Callable[[], datetime]
) -> Callable[[dict[str, Any], object], dict[str, Any]]:
    """The function with everything it needs. Raises KeyError for a variable that is not set."""
    dynamodb, secrets = connect(), connect_secrets()
    logger, metrics = own_logger(), Metrics()
    keys = Secret(secrets, environment["TOKEN_KEYS_SECRET"], logger)
    respondent_key = Secret(secrets, environment["RESPONDENT_KEY_SECRET"], logger, remembered_for=float("inf"))
    model, zone = published_model(environment["MODEL"]), ZoneInfo(environment["TIME_ZONE"])
    facts = Facts(dynamodb, environment["FACTS_TABLE"], sleep)
    scores = Scores(dynamodb, environment["SCORES_TABLE"], model, zone)
    intake = Intake(
        facts=facts,
        locators=Locators(dynamodb, environment["FACTS_TABLE"], facts),
        scores=scores,
        types=event_types(model),
        names=ClientNames(scores),
        zone=zone,
        clock=clock,
        hashed=RespondentHash(respondent_key),
    )
    held = Secret(secrets, environment["SOURCES_SECRET"], logger, clock=lambda: clock().timestamp())
    sources = SourcesDocument(held, model, logger)
    parked = Parked(dynamodb, environment["PARKED_TABLE"], timedelta(days=int(environment["PARKED_DAYS"])))
    processing = Processing(intake, parked, clock)
    health = SourceHealth(dynamodb, environment["SOURCE_HEALTH_TABLE"])
    traffic = Traffic(metrics, health, clock, logger)
    trace = token_tracer(logger)

    def traced(token: Token, signed_with: Sequence[str]) -> None:
        traffic.from_token(token)
        trace(token, signed_with)

    parked_endpoints = ParkedEndpoints(parked, processing, sources, lambda: token_keys(keys))
    routes = api_routes(
        "ingest",
        {
            "postEvents": PostEvents(intake, traffic),
            "postWebhook": PostWebhook(sources, processing, clock, traffic),
            "probeWebhook": probe,
            "listSources": SourceList(sources, health, parked, clock),
            "listParked": parked_endpoints.list_parked,
            "getParkedItem": parked_endpoints.show,
            "replayParked": parked_endpoints.replay_all,
            "replayParkedItem": parked_endpoints.replay,
            "deleteParkedItem": parked_endpoints.delete,
        },
        Verifier(lambda: token_keys(keys), lambda token_id: is_withdrawn(keys, token_id), traced),
    )

    def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
        """Responds to an API Gateway event; to the look for silence with the sources that fell silent."""
        if "job" in event:
            silence = import_module("functions.ingest.silence")  # once a day
            silences = import_module("shared.storage.silences").Silences(dynamodb, environment["SOURCE_HEALTH_TABLE"])
            return {"silent": silence.Silence(sources, health, silences, clock, logger, metrics).run(event)}
        with one_request():
            return dispatch(event, routes, logger, is_outage, concluded=traffic.conclude)

    return handler


handler = wire(os.environ, lambda: datetime.now(UTC))  # noqa: TID251 - the edge: the clock of all below
