"""Queues that are reached at once answer as they do through a call that is sent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.support import light_queues
from tests.support.clients import sqs_client
from tests.support.queues import create_queues

QUEUE = "RefreshQueue"
COUNTED: Any = {"AttributeNames": ["ApproximateReceiveCount"]}


def said(call: Callable[..., Any], **asked: Any) -> Any:
    """What comes back, or why it is refused; ids and receipts, which are drawn, left out."""
    try:
        response = call(**asked)
    except ClientError as refused:
        return refused.response["Error"]["Code"]
    assert response.pop("ResponseMetadata")["HTTPStatusCode"] == 200
    return [
        {name: value for name, value in each.items() if name not in ("MessageId", "ReceiptHandle")}
        for each in (response, *response.pop("Messages", []))
    ]


def history() -> list[Any]:
    """Of a queue that is new: what each call says of it."""
    with mock_aws():
        create_queues()
        sqs = sqs_client()

        def received(**asked: Any) -> Any:
            return said(sqs.receive_message, QueueUrl=QUEUE, WaitTimeSeconds=0, **asked)

        told = [said(sqs.send_message, QueueUrl=QUEUE, MessageBody=body) for body in ("one", "é two")]
        told += [said(sqs.send_message, QueueUrl=QUEUE, MessageBody="later", DelaySeconds=900)]
        first = sqs.receive_message(QueueUrl=QUEUE, MaxNumberOfMessages=1, **COUNTED)["Messages"][0]
        told += [first["Body"], first["Attributes"], received(), received()]
        hide: Any = {"QueueUrl": QUEUE, "ReceiptHandle": first["ReceiptHandle"]}
        told += [said(sqs.change_message_visibility, **hide, VisibilityTimeout=0), received(**COUNTED)]
        told += [said(sqs.delete_message, **hide), said(sqs.delete_message, **hide), received()]
        told += [said(sqs.change_message_visibility, **hide, VisibilityTimeout=0)]
        told += [said(sqs.send_message, QueueUrl=QUEUE, MessageBody="x", DelaySeconds=seconds) for seconds in (0, 901)]
        told += [said(sqs.send_message, QueueUrl="NoQueue", MessageBody="x"), received(MaxNumberOfMessages=11)]
        told += [said(sqs.send_message, QueueUrl=QUEUE, MessageBody=""), received(**COUNTED, MaxNumberOfMessages=10)]
        return told


@contextmanager
def hooked(point: str, handler: Callable[..., None]) -> Iterator[None]:
    sqs_client().meta.events.register_first(point, handler)
    try:
        yield
    finally:
        sqs_client().meta.events.unregister(point, handler)


def test_a_queue_says_what_it_says_to_a_call_that_is_sent() -> None:
    calls: list[str] = []

    def sending(operation_name: str, **_: Any) -> None:
        calls.append(operation_name)

    with hooked("request-created.sqs", sending):
        at_once, refused = history(), len(calls)
        with patch.object(light_queues, "_WAYS", {}):
            sent = history()

    assert at_once == sent
    # Those that are refused are sent all the same; without a way at once each is. One call is told in two parts.
    assert refused == sum(isinstance(told, str) and told != "one" for told in at_once)
    assert len(calls) - refused == len(sent) - 1
    assert at_once[3:5] == ["one", {"ApproximateReceiveCount": "1"}]


@pytest.mark.parametrize("point", ["before-call.sqs.SendMessage", "before-send.sqs", "before-send"])
def test_what_a_test_hooks_onto_a_call_comes_first(point: str) -> None:
    def refuse(**_: Any) -> None:
        raise TimeoutError

    with mock_aws():
        create_queues()
        with hooked(point, refuse), pytest.raises(TimeoutError):
            sqs_client().send_message(QueueUrl=QUEUE, MessageBody="x")
        assert "Messages" not in sqs_client().receive_message(QueueUrl=QUEUE, WaitTimeSeconds=0)
