"""Lambda entry of the ingest function: what arrives over HTTP is validated and stored as facts."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.ingest.events import PostEvents
from functions.ingest.webhooks.mapping import Mapper
from functions.ingest.webhooks.parked_calls import ParkedCalls
from functions.ingest.webhooks.post_webhook import PostWebhook, probe
from functions.ingest.webhooks.reception import Reception
from functions.ingest.webhooks.sources_document import SourcesDocument
from shared.api.routes import api_routes
from shared.http.dispatch import dispatch
from shared.intake.client_names import ClientNames
from shared.intake.events import event_types
from shared.intake.intake import Intake
from shared.intake.respondents import RespondentHash
from shared.opmm.model import published_model
from shared.storage.dynamodb import connect
from shared.storage.errors import STORAGE_ERRORS
from shared.storage.facts import Facts
from shared.storage.parked import Parked
from shared.storage.scores import Scores
from shared.storage.secrets import Secret, connect_secrets, token_keys


def wire(
    environment: Mapping[str, str], clock: Callable[[], datetime]
) -> Callable[[dict[str, Any], object], dict[str, Any]]:
    """The function with everything it needs. Raises KeyError for a variable that is not set."""
    dynamodb, secrets = connect(), connect_secrets()
    logger, metrics = Logger(), Metrics()
    keys = Secret(secrets, environment["TOKEN_KEYS_SECRET"])
    respondent_key = Secret(secrets, environment["RESPONDENT_KEY_SECRET"], remembered_for=float("inf"))
    intake = Intake(
        facts=Facts(dynamodb, environment["FACTS_TABLE"]),
        types=event_types(published_model(environment["MODEL"])),
        names=ClientNames(Scores(dynamodb, environment["SCORES_TABLE"])),
        zone=ZoneInfo(environment["TIME_ZONE"]),
        clock=clock,
        hashed=RespondentHash(respondent_key),
    )
    sources = SourcesDocument(Secret(secrets, environment["SOURCES_SECRET"], clock=lambda: clock().timestamp()))
    parked = Parked(dynamodb, environment["PARKED_TABLE"])
    reception = Reception(Mapper(intake), parked, clock)
    parked_calls = ParkedCalls(parked, reception, sources, lambda: token_keys(keys))
    routes = api_routes(
        "ingest",
        {
            "postEvents": PostEvents(intake, metrics),
            "postWebhook": PostWebhook(sources, reception, clock, metrics),
            "probeWebhook": probe,
            "listParked": parked_calls.list_parked,
            "replayParked": parked_calls.replay_all,
            "replayParkedItem": parked_calls.replay,
            "deleteParkedItem": parked_calls.delete,
        },
        lambda: token_keys(keys),
    )

    @metrics.log_metrics
    def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
        """Responds to an API Gateway event."""
        metrics.add_metric("Requests", MetricUnit.Count, 1)
        return dispatch(event, routes, logger, STORAGE_ERRORS)

    return handler


handler = wire(os.environ, lambda: datetime.now(UTC))  # noqa: TID251 - the edge: the clock of all below
