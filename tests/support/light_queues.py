"""Takes from a call of a queue its way to moto and back, which costs twenty times what moto does for it.

Sending, receiving, deleting and hiding go to moto's own queues at once; whatever else is asked takes the usual way, and
so does what is refused.
"""

import json
from collections.abc import Callable
from functools import cache
from typing import Any
from unittest.mock import patch

from botocore import handlers
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.exceptions import ServiceException
from moto.core.models import DEFAULT_ACCOUNT_ID, botocore_stubber
from moto.core.utils import camelcase_to_underscores
from moto.sqs import models
from moto.sqs.constants import MAXIMUM_VISIBILITY_TIMEOUT
from moto.sqs.models import SQSBackend, sqs_backends

Answer = dict[str, Any]
_BATCH = 10


def lighten_queues() -> None:
    """Changes moto, and botocore for sessions that are made from now on, for as long as this process lasts."""
    patch.object(models, "camelcase_to_underscores", cache(camelcase_to_underscores)).start()
    # What tests hook onto a call comes first, as it does before a call that is sent.
    handlers.BUILTIN_HANDLERS.append(("before-call.sqs", _answered, handlers.REGISTER_LAST))


def _answered(model: Any, params: dict[str, Any], request_signer: Any, **_: Any) -> tuple[AWSResponse, Answer] | None:
    """What the service answers; None where the call has to be sent."""
    way, known = _WAYS.get(model.name, (None, frozenset[str]()))
    if way is None or not botocore_stubber.enabled or _is_watched(request_signer, model.name):
        return None
    asked = json.loads(params["body"])
    queues = sqs_backends[DEFAULT_ACCOUNT_ID][request_signer._region_name]  # noqa: SLF001 - as botocore's own signers read it
    name = asked["QueueUrl"].rpartition("/")[2]
    if name not in queues.queues or asked.keys() - known:
        return None
    try:
        parsed = way(queues, name, asked)
    except ServiceException:
        return None
    if parsed is None:
        return None
    parsed["ResponseMetadata"] = {"HTTPStatusCode": 200, "HTTPHeaders": {}, "RetryAttempts": 0}
    return AWSResponse("https://sqs", 200, HTTPHeaders(), None), parsed


def _is_watched(request_signer: Any, operation: str) -> bool:
    """Whether a test waits for what this client sends, beside moto."""
    emitter: Any = request_signer._event_emitter  # noqa: SLF001 - which is that of the client
    return len(emitter._emitter._handlers.prefix_search(f"before-send.sqs.{operation}")) > 1  # noqa: SLF001 - botocore tells nobody who listens


def _send(queues: SQSBackend, name: str, asked: Answer) -> Answer:
    sent = queues.send_message(name, asked["MessageBody"], {}, asked.get("DelaySeconds"))
    return {"MD5OfMessageBody": sent.body_md5, "MessageId": sent.id}


def _receive(queues: SQSBackend, name: str, asked: Answer) -> Answer | None:
    queue: Any = queues.get_queue(name)
    most, wait = (
        asked.get("MaxNumberOfMessages", 1),
        asked.get("WaitTimeSeconds", queue.receive_message_wait_time_seconds),
    )
    if not 1 <= most <= _BATCH or asked.get("AttributeNames", []) not in ([], ["ApproximateReceiveCount"]):
        return None
    came = queues.receive_message(name, most, int(wait), queue.visibility_timeout)
    messages = [
        {"MessageId": message.id, "ReceiptHandle": message.receipt_handle, "MD5OfBody": message.body_md5}
        | {"Body": message.body}
        | (
            {"Attributes": {"ApproximateReceiveCount": str(message.approximate_receive_count)}}
            if "AttributeNames" in asked
            else {}
        )
        for message in came
    ]
    return {"Messages": messages} if messages else {}


def _delete(queues: SQSBackend, name: str, asked: Answer) -> Answer:
    queues.delete_message(name, asked["ReceiptHandle"])
    return {}


def _hide(queues: SQSBackend, name: str, asked: Answer) -> Answer | None:
    if asked["VisibilityTimeout"] > MAXIMUM_VISIBILITY_TIMEOUT:
        return None
    queues.change_message_visibility(name, asked["ReceiptHandle"], asked["VisibilityTimeout"])
    return {}


_WAYS: dict[str, tuple[Callable[[SQSBackend, str, Answer], Answer | None], frozenset[str]]] = {
    "SendMessage": (_send, frozenset({"QueueUrl", "MessageBody", "DelaySeconds"})),
    "ReceiveMessage": (_receive, frozenset({"QueueUrl", "MaxNumberOfMessages", "WaitTimeSeconds", "AttributeNames"})),
    "DeleteMessage": (_delete, frozenset({"QueueUrl", "ReceiptHandle"})),
    "ChangeMessageVisibility": (_hide, frozenset({"QueueUrl", "ReceiptHandle", "VisibilityTimeout"})),
}
