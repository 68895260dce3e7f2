"""Messages of the queue: each goes on with one erasure, and is followed by another until that is done."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from aws_lambda_powertools import Logger

from functions.erase.work import Work
from shared.opmm.dataclass import dataclass
from shared.storage.queue import LAST_TRY, Queue

_LONGEST_DELAY = 900
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html"""


@dataclass(frozen=True, slots=True)
class Messages:
    """Goes on with erasures as the queue asks for it."""

    work: Work
    queue: Queue
    logger: Logger

    def __call__(self, records: Sequence[Mapping[str, Any]]) -> list[str]:
        """Ids of the messages that failed and are to come again. A message that comes twice does no harm."""
        failed = []
        for record in records:
            erasure_id = json.loads(record["body"])["erasure_id"]
            try:
                if int(record.get("attributes", {}).get("ApproximateReceiveCount", 1)) >= LAST_TRY:
                    # Beforehand: what runs out of time says nothing afterwards. It runs again as soon as it gets on.
                    self.work.failed(erasure_id)
                delay = self.work(erasure_id)
                if delay is not None:
                    self.queue.send({"erasure_id": erasure_id}, min(math.ceil(delay), _LONGEST_DELAY))
            except Exception as error:  # noqa: BLE001 - one erasure's trouble must not hold up another
                # The type alone: a message could quote what is erased.
                self.logger.error("erasure failed", erasure_id=erasure_id, error=type(error).__name__)
                failed.append(record["messageId"])
            else:
                self.logger.info("erasure went on", erasure_id=erasure_id, done=delay is None)
        return failed
