"""A queue of our own work: what is sent comes back to a function, later or at once."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from shared.storage.dynamodb import CONFIG, session

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


LAST_TRY = 5
"""Deliveries of a message before a queue sets it aside: `maxReceiveCount` of the template."""


class Queue:
    """One queue, by its address."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, message: Mapping[str, Any], delay: int = 0) -> None:
        """Sends a message that comes after so many seconds, 900 at most."""
        self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps(message), DelaySeconds=delay)

    def send_all(self, messages: Iterable[Mapping[str, Any]]) -> None:
        """Sends messages that come at once.

        One call each: a batch may be refused in part, and the emulator wants a right for it that AWS does not know.
        """
        for message in messages:
            self.send(message)

    def hide(self, receipt: str, seconds: int) -> None:
        """Has a message that was received come again after so many seconds, 43,200 at most since it was received."""
        self._client.change_message_visibility(QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=seconds)


def connect_queues() -> "SQSClient":
    """One client per process."""
    return cast("SQSClient", session().create_client("sqs", config=CONFIG))
