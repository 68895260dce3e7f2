"""Lambda entry of the score function: facts that changed, or time that passed, ring; clients are recomputed."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from time import sleep
from typing import Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.score.nightly import Jobs
from functions.score.recompute import Recompute
from functions.score.stream import StreamBatch
from shared.opmm.model_document import published_model
from shared.storage.dynamodb import connect
from shared.storage.facts import Facts
from shared.storage.scores import Scores
from shared.telemetry import own_logger


def wire(
    environment: Mapping[str, str], clock: Callable[[], datetime]
) -> Callable[[dict[str, Any], object], dict[str, Any]]:
    """The function with everything it needs. Raises KeyError for a variable that is not set."""
    dynamodb = connect()
    zone, model = ZoneInfo(environment["TIME_ZONE"]), published_model(environment["MODEL"])
    facts = Facts(dynamodb, environment["FACTS_TABLE"], sleep)
    scores = Scores(dynamodb, environment["SCORES_TABLE"], model, zone)
    logger, metrics = own_logger(), Metrics()

    def dropped(client_id: str, questions: list[str]) -> None:
        logger.warning("the model drops questions that facts answer", client_id=client_id, questions=questions)

    recompute = Recompute(facts=facts, scores=scores, model=model, zone=zone, clock=clock, dropped=dropped)
    batch = StreamBatch(recompute, zone, logger, metrics)
    jobs = Jobs(recompute, scores, facts, logger)

    def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
        """Responds to stream records with those to deliver again, to a job with how many clients it reached."""
        if "Records" in event:
            failed = batch(event["Records"])
            response: dict[str, Any] = {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}
        else:
            response = {"clients": jobs.run(event)}
            metrics.add_metric("ClientsRecomputed", MetricUnit.Count, response["clients"])
        metrics.flush_metrics()
        return response

    return handler


handler = wire(os.environ, lambda: datetime.now(UTC))  # noqa: TID251 - the edge: the clock of all below
