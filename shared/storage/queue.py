"""A queue of our own work: what is sent comes back to a function, later or at once."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from shared.storage.dynamodb import CONFIG, session

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_AT_ONCE = 10
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html"""


class UnsentError(RuntimeError):
    """The queue refused some messages of a batch: it is too busy now."""


class Queue:
    """One queue, by its address."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, message: Mapping[str, Any], delay: int = 0) -> None:
        """Sends a message that comes after so many seconds, 900 at most."""
        self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps(message), DelaySeconds=delay)

    def send_all(self, messages: Sequence[Mapping[str, Any]]) -> None:
        """Sends messages, ten a call. Raises UnsentError when any was refused: those before it are sent."""
        for start in range(0, len(messages), _AT_ONCE):
            entries = [
                {"Id": str(place), "MessageBody": json.dumps(message)}
                for place, message in enumerate(messages[start : start + _AT_ONCE])
            ]
            sent = self._client.send_message_batch(QueueUrl=self._url, Entries=cast("Any", entries))
            if sent.get("Failed"):
                raise UnsentError(f"{len(sent['Failed'])} of {len(entries)} messages were refused")


def connect_queues() -> "SQSClient":
    """One client per process."""
    return cast("SQSClient", session().create_client("sqs", config=CONFIG))
