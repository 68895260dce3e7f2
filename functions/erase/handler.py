"""Lambda entry of the erase function: wishes and receipts over HTTP, and the work itself, which a queue brings."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from time import sleep
from typing import Any
from zoneinfo import ZoneInfo

from functions.erase.endpoints import ErasureEndpoints
from functions.erase.messages import Messages
from functions.erase.work import Work
from shared.api.routes import api_routes
from shared.http.dispatch import dispatch
from shared.http.tokens import Verifier
from shared.intake.respondents import RespondentHash
from shared.opmm.model_document import published_model
from shared.storage.deadline import one_request
from shared.storage.drafts import Drafts
from shared.storage.dynamodb import connect
from shared.storage.erasable import Erasable, Tables
from shared.storage.erasable_notifications import ErasableNotifications
from shared.storage.erasures import Erasures
from shared.storage.facts import Facts
from shared.storage.locators import Locators
from shared.storage.outages import is_outage
from shared.storage.overviews import Overviews
from shared.storage.parked import Parked
from shared.storage.queue import Queue, connect_queues
from shared.storage.scores import Scores
from shared.storage.secrets import Secret, connect_secrets, is_withdrawn, token_keys
from shared.telemetry import own_logger, token_tracer


def wire(
    environment: Mapping[str, str], clock: Callable[[], datetime]
) -> Callable[[dict[str, Any], object], dict[str, Any]]:
    """The function with everything it needs. Raises KeyError for a variable that is not set."""
    dynamodb, secrets = connect(), connect_secrets()
    logger = own_logger()
    keys = Secret(secrets, environment["TOKEN_KEYS_SECRET"], logger)
    hashed = RespondentHash(Secret(secrets, environment["RESPONDENT_KEY_SECRET"], logger, remembered_for=float("inf")))
    model, zone = published_model(environment["MODEL"]), ZoneInfo(environment["TIME_ZONE"])
    tables = Tables(environment["FACTS_TABLE"], environment["SCORES_TABLE"], environment["PARKED_TABLE"])
    facts = Facts(dynamodb, tables.facts, sleep)
    locators = Locators(dynamodb, tables.facts, facts)
    scores = Scores(dynamodb, tables.scores, model, zone)
    erasable = Erasable(dynamodb, tables, locators)
    erasures = Erasures(dynamodb, environment["ERASURES_TABLE"])
    queue = Queue(connect_queues(), environment["ERASURE_QUEUE"])
    parked_for = timedelta(days=int(environment["PARKED_DAYS"]))
    work = Work(
        erasures=erasures,
        erasable=erasable,
        facts=facts,
        locators=locators,
        scores=scores,
        parked=Parked(dynamodb, tables.parked, parked_for),
        drafts=Drafts(dynamodb, environment["DRAFTS_TABLE"]),
        overviews=Overviews(dynamodb, tables.scores),
        notifications=ErasableNotifications(dynamodb, environment["NOTIFICATIONS_TABLE"]),
        hashed=hashed,
        clock=clock,
    )
    endpoints = ErasureEndpoints(
        erasures=erasures,
        erasable=erasable,
        facts=facts,
        scores=scores,
        queue=queue,
        hashed=hashed,
        keys=lambda: token_keys(keys),
        clock=clock,
        drawn=lambda: token_hex(4),
        parked_for=parked_for,
    )
    routes = api_routes(
        "erase",
        {
            "postErasure": endpoints.erase,
            "listErasures": endpoints.list_erasures,
            "getErasure": endpoints.get_erasure,
            "getSubject": endpoints.get_subject,
        },
        Verifier(lambda: token_keys(keys), lambda token_id: is_withdrawn(keys, token_id), token_tracer(logger)),
    )
    messages = Messages(work, queue, logger)

    def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
        """Responds to an API Gateway event, to messages with those to deliver again, to a job with how many go on."""
        if "Records" in event:
            failed = messages(event["Records"])
            return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
        if "job" in event:
            from functions.erase.resuming import Resuming  # noqa: PLC0415 - once a day

            return {**Resuming(erasures, queue, logger).run(event)}
        with one_request():
            return dispatch(event, routes, logger, is_outage)

    return handler


handler = wire(os.environ, lambda: datetime.now(UTC))  # noqa: TID251 - the edge: the clock of all below
