"""Lambda entry of the score function: facts that changed, the night and its messages; clients are recomputed."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from time import sleep
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Metrics

from functions.score.recompute import Recompute
from functions.score.stream import StreamBatch
from shared.invocations import seconds_left
from shared.opmm.model_document import published_model
from shared.storage.dynamodb import connect
from shared.storage.facts import Facts
from shared.storage.scores import Scores
from shared.telemetry import own_logger

if TYPE_CHECKING:
    from functions.score.night import Night

_FROM_A_QUEUE = "aws:sqs"


def wire(
    environment: Mapping[str, str], clock: Callable[[], datetime]
) -> Callable[[dict[str, Any], object], dict[str, Any]]:
    """The function with everything it needs. Raises KeyError for a variable that is not set."""
    dynamodb, queue_url = connect(), environment["REFRESH_QUEUE"]
    zone, model = ZoneInfo(environment["TIME_ZONE"]), published_model(environment["MODEL"])
    facts = Facts(dynamodb, environment["FACTS_TABLE"], sleep)
    scores = Scores(dynamodb, environment["SCORES_TABLE"], model, zone)
    logger, metrics = own_logger(), Metrics()

    def dropped(client_id: str, questions: list[str]) -> None:
        logger.warning("the model drops questions that facts answer", client_id=client_id, questions=questions)

    recompute = Recompute(facts=facts, scores=scores, model=model, zone=zone, clock=clock, dropped=dropped)
    batch = StreamBatch(recompute, zone, logger, metrics)

    @cache
    def night() -> "Night":
        """What no event needs, loaded where it is asked for: it would make each cold start longer."""
        from functions.score.night import Night  # noqa: PLC0415 - see above
        from shared.storage.given_up import GivenUpClients  # noqa: PLC0415
        from shared.storage.runs import Runs  # noqa: PLC0415

        table = environment["SCORES_TABLE"]
        return Night.of(
            recompute,
            runs=Runs(dynamodb, table),
            given_up=GivenUpClients(dynamodb, table),
            queue_url=queue_url,
            logger=logger,
            metrics=metrics,
            pause=sleep,
        )

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Responds to records with those to deliver again, to a job with its name."""
        if "Records" not in event:
            response: dict[str, Any] = dict(night().jobs.run(event))
        elif event["Records"] and event["Records"][0].get("eventSource") == _FROM_A_QUEUE:
            response = _failures(night().messages(event["Records"], lambda: seconds_left(context)))
        else:
            response = _failures(batch(event["Records"]))
        if metrics.metric_set:  # a message that lists clients counts nothing
            metrics.flush_metrics()
        return response

    return handler


def _failures(ids: list[str]) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": failed} for failed in ids]}


handler = wire(os.environ, lambda: datetime.now(UTC))  # noqa: TID251 - the edge: the clock of all below
