"""Delivers a queue to a function as Lambda's event source mapping does: one message a call, and again what failed.

Delays do not pass by themselves here: `deliver` lets them pass, `settle` leaves what is delayed where it is.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sqs.models import sqs_backends

from tests.support.clients import REGION, sqs_client
from tests.support.faults import Crash
from tests.support.stream import InvocationRecord
from tests.support.template import properties

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

Handler = Callable[[dict[str, Any], Any], Any]

QUEUES = (
    "ErasureQueue",
    "UnfinishedErasuresQueue",
    "RefreshQueue",
    "UnrefreshedQueue",
    "UnscoredQueue",
    "UnreadRecordsQueue",
    "DeliveriesQueue",
    "UndeliveredQueue",
    "UnreadChangesQueue",
)


def create_queues() -> None:
    """The queues of the template, under their logical ids: put where moto keeps them, as every test needs them."""
    kept = sqs_backends[DEFAULT_ACCOUNT_ID][REGION]
    for name in QUEUES:
        kept.create_queue(name)


def given_up(record: InvocationRecord) -> dict[str, Any]:
    """What Lambda tells the on-failure destination of a stream.

    https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
    """
    return {
        "requestContext": {
            "requestId": "316aa6d0-8154-xmpl-9af7-85d5f4a6bc81",
            "functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:opmm-score",
            "condition": record.cause,
            "approximateInvokeCount": record.approximate_invoke_count,
        },
        "version": "1.0",
        "timestamp": "2026-11-24T12:00:00.000Z",
        "DDBStreamBatchInfo": {
            "shardId": record.shard_id,
            "startSequenceNumber": record.sequence_numbers[0],
            "endSequenceNumber": record.sequence_numbers[-1],
            "approximateArrivalOfFirstRecord": "2026-11-24T11:00:00Z",
            "approximateArrivalOfLastRecord": "2026-11-24T11:00:00Z",
            "batchSize": len(record.sequence_numbers),
            "streamArn": record.stream_arn,
        },
    }


def send(queue: str, message: Mapping[str, Any]) -> None:
    """Sends a message from outside."""
    sqs_client().send_message(QueueUrl=queue, MessageBody=json.dumps(message))


@dataclass
class QueueDriver:
    """One event source mapping. What was received as often as the template allows goes to its dead-letter queue."""

    queue: str
    delivered: list[dict[str, Any]] = field(default_factory=list)
    """The bodies that were handed to the function, those that came again too."""
    dead: list[dict[str, Any]] = field(default_factory=list)
    """The bodies that were set aside."""

    def deliver(self, handler: Handler, context: Any = None) -> None:
        """Invokes the handler until the queue is empty, whatever is delayed."""
        while self.settle(handler, context) or self._hurry():
            pass

    def settle(self, handler: Handler, context: Any = None) -> int:
        """Invokes the handler until nothing comes at once; gives how many messages came."""
        came = 0
        while self.step(handler, context):
            came += 1
        return came

    def step(self, handler: Handler, context: Any = None) -> bool:
        """One invocation; False when no message comes at once."""
        found = sqs_client().receive_message(
            QueueUrl=self.queue, MaxNumberOfMessages=1, AttributeNames=["ApproximateReceiveCount"], WaitTimeSeconds=0
        )
        for message in found.get("Messages", []):
            self._hand(message, handler, context)
            return True
        return False

    def _hand(self, message: "MessageTypeDef", handler: Handler, context: Any) -> None:
        body, receipt = message["Body"], message["ReceiptHandle"]
        self.delivered.append(json.loads(body))
        record = {
            "messageId": message["MessageId"],
            "receiptHandle": receipt,
            "body": body,
            "attributes": message.get("Attributes", {}),
            "eventSource": "aws:sqs",
        }
        try:
            response = json.loads(json.dumps(handler({"Records": [record]}, context)))
            failed = bool(response["batchItemFailures"])
        except (Exception, Crash):  # noqa: BLE001 - whatever ends a function, the message comes again
            failed = True
        if not failed:
            sqs_client().delete_message(QueueUrl=self.queue, ReceiptHandle=receipt)
        elif int(message.get("Attributes", {})["ApproximateReceiveCount"]) >= self._most:
            self.dead.append(json.loads(body))
            sqs_client().delete_message(QueueUrl=self.queue, ReceiptHandle=receipt)
        else:
            sqs_client().change_message_visibility(QueueUrl=self.queue, ReceiptHandle=receipt, VisibilityTimeout=0)

    @property
    def _most(self) -> int:
        return int(properties(self.queue)["RedrivePolicy"]["maxReceiveCount"])

    def _hurry(self) -> bool:
        """Lets delays pass; whether anything waited."""
        queue = sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues[self.queue]
        delayed = [message for message in queue._messages if message.delayed]  # noqa: SLF001 - moto has no clock to set
        for message in delayed:
            message.delayed_until = 0
        return bool(delayed)
