"""Lambda entry of the score function: facts that changed, or time that passed, ring; clients are recomputed."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.score.nightly import Nightly
from functions.score.recompute import Recompute
from functions.score.stream import Batch
from shared.opmm.model import published_model
from shared.storage.dynamodb import connect
from shared.storage.facts import Facts
from shared.storage.queries import Queries
from shared.storage.scores import Scores


def wire(
    environment: Mapping[str, str], clock: Callable[[], datetime]
) -> Callable[[dict[str, Any], object], dict[str, Any]]:
    """The function with everything it needs. Raises KeyError for a variable that is not set."""
    dynamodb = connect()
    zone = ZoneInfo(environment["TIME_ZONE"])
    facts = Facts(dynamodb, environment["FACTS_TABLE"])
    logger, metrics = Logger(), Metrics()
    recompute = Recompute(
        facts=facts,
        scores=Scores(dynamodb, environment["SCORES_TABLE"]),
        model=published_model(environment["MODEL"]),
        zone=zone,
        clock=clock,
    )
    batch = Batch(recompute, zone, logger, metrics)
    bell = Nightly(recompute, Queries(dynamodb, environment["SCORES_TABLE"]), facts, logger)

    def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
        """Answers stream records with those to deliver again, by sequence number; a bell with how many it reached."""
        if "Records" in event:
            failed = batch(event["Records"])
            answer: dict[str, Any] = {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}
        else:
            answer = {"clients": bell.ring(event)}
            metrics.add_metric("ClientsRecomputed", MetricUnit.Count, answer["clients"])
        metrics.flush_metrics()
        return answer

    return handler


handler = wire(os.environ, lambda: datetime.now(UTC))  # noqa: TID251 - the edge: the clock of all below
