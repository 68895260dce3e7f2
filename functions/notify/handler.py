"""Lambda entry of the notify function: what was written of clients is told, and entered in the journal."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Metrics

from functions.notify.stream import Routing, StreamBatch, Telling
from shared.opmm.model_document import published_model
from shared.storage.dynamodb import connect
from shared.storage.journal import Journal
from shared.storage.scores import Scores
from shared.telemetry import own_logger


def wire(
    environment: Mapping[str, str], clock: Callable[[], datetime], *routings: Routing
) -> Callable[[dict[str, Any], object], dict[str, Any]]:
    """The function with everything it needs. Raises KeyError for a variable that is not set."""
    dynamodb = connect()
    zone, model = ZoneInfo(environment["TIME_ZONE"]), published_model(environment["MODEL"])
    scores = Scores(dynamodb, environment["SCORES_TABLE"], model, zone)
    logger, metrics = own_logger(), Metrics()
    telling = Telling(Journal(dynamodb, environment["NOTIFICATIONS_TABLE"]), routings, clock)
    batch = StreamBatch(telling, logger, metrics)
    destinations, sender = environment["DESTINATIONS_SECRET"], environment["MAIL_SENDER"]
    loopback = environment["LOOPBACK_DESTINATIONS"] == "yes"

    def catching_up(event: dict[str, Any]) -> dict[str, Any]:
        module = import_module("functions.notify.catching_up")  # once a day
        response: dict[str, Any] = module.CatchingUp(scores, telling, zone, clock, logger, metrics).run(event)
        return response

    def trying(event: dict[str, Any]) -> dict[str, Any]:
        module = import_module("functions.notify.trying")  # when somebody asks for it
        response: dict[str, Any] = module.trying(destinations, sender, clock, logger, loopback=loopback).run(event)
        return response

    def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
        """Responds to records with those to deliver again, to a job with what became of it."""
        if "Records" in event:
            failed = batch(event["Records"])
            response: dict[str, Any] = {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}
        else:
            response = trying(event) if event.get("job") == "try_destination" else catching_up(event)
        if metrics.metric_set:
            metrics.flush_metrics()
        return response

    return handler


handler = wire(os.environ, lambda: datetime.now(UTC))  # noqa: TID251 - the edge: the clock of all below
