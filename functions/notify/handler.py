"""Lambda entry of the notify function: what happened is entered in the journal, and told to who wants to hear of it."""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Metrics

from functions.notify.batch import are_responses, is_set_aside
from functions.notify.parts import Left, Parts, Tables
from shared.destinations.document import DestinationsDocument
from shared.invocations import seconds_left
from shared.opmm.model_document import published_model
from shared.storage.dynamodb import connect
from shared.storage.queue import Queue, connect_queues
from shared.storage.secrets import Secret, connect_secrets
from shared.telemetry import own_logger

if TYPE_CHECKING:
    from functions.notify.worker import Worker

_FROM_A_QUEUE = "aws:sqs"


def parts_of(environment: Mapping[str, str], clock: Callable[[], datetime]) -> Parts:
    """What the function is made of. Raises KeyError for a variable that is not set."""
    logger, queues = own_logger(), connect_queues()
    secret, loopback = environment["DESTINATIONS_SECRET"], environment["LOOPBACK_DESTINATIONS"] == "yes"
    held = Secret(connect_secrets(), secret, logger, clock=lambda: clock().timestamp())
    return Parts(
        dynamodb=connect(),
        tables=Tables(
            facts=environment["FACTS_TABLE"],
            scores=environment["SCORES_TABLE"],
            notifications=environment["NOTIFICATIONS_TABLE"],
            source_health=environment["SOURCE_HEALTH_TABLE"],
        ),
        destinations=DestinationsDocument(held, logger, loopback=loopback),
        destinations_secret=secret,
        queue=Queue(queues, environment["DELIVERIES_QUEUE"]),
        undelivered=Queue(queues, environment["UNDELIVERED_QUEUE"]),
        unread=Queue(queues, environment["UNREAD_CHANGES_QUEUE"]),
        mail_sender=environment["MAIL_SENDER"],
        loopback=loopback,
        pages=environment["PAGES_ADDRESS"].replace("{api}", environment["HTTP_API"]),
        model=published_model(environment["MODEL"]),
        zone=ZoneInfo(environment["TIME_ZONE"]),
        clock=clock,
        logger=logger,
        metrics=Metrics(),
    )


def wire(
    environment: Mapping[str, str], clock: Callable[[], datetime]
) -> Callable[[dict[str, Any], object], dict[str, Any]]:
    """The function with everything it needs. Raises KeyError for a variable that is not set."""
    parts = parts_of(environment, clock)
    telling = parts.telling()
    changes, responses = parts.changes(telling), parts.responses()

    @cache
    def worker() -> "Worker":
        return parts.worker()

    def taken(records: Sequence[dict[str, Any]], left: Left) -> list[str]:
        """What is to come again of records of either table, or of messages of either queue."""
        if not records:
            return []
        if records[0].get("eventSource") == _FROM_A_QUEUE:
            if is_set_aside(records[0]):
                return parts.untold(changes, responses, telling, left)(records)
            return worker()(records)
        return responses(records) if are_responses(records[0]["dynamodb"]["Keys"]) else changes(records)

    jobs: dict[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
        "digests": lambda _: parts.make_digests(),
        "try_destination": parts.try_destination,
        "describe_destinations": lambda _: parts.describe(),
        "send_again": parts.send_again,
        "send_failed_again": parts.send_again,
    }

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Responds to records and messages with those to deliver again, to a job with what became of it."""

        def left() -> float:
            return seconds_left(context)

        if "Records" in event:
            response: Mapping[str, Any] = {
                "batchItemFailures": [{"itemIdentifier": again} for again in taken(event["Records"], left)]
            }
        else:
            job = jobs.get(str(event.get("job")))
            response = job(event) if job else parts.catch_up(telling, event, left)
        if parts.metrics.metric_set:
            parts.metrics.flush_metrics()
        return {**response}

    return handler


handler = wire(os.environ, lambda: datetime.now(UTC))  # noqa: TID251 - the edge: the clock of all below
