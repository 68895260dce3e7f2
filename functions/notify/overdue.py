"""Finds deliveries that are to be sent and that no message stands for any more, as a queue was emptied or lost."""

from collections.abc import Callable
from datetime import datetime, timedelta

from aws_lambda_powertools import Logger

from shared.destinations.document import DestinationsDocument
from shared.opmm.dataclass import dataclass
from shared.storage.deliveries import Deliveries
from shared.storage.queue import Queue

WAIT = timedelta(hours=1)
"""What is due for less time may still have its message."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """Sends for them once more. At worst a delivery has two messages: one sends it, and the other finds it done."""

    destinations: DestinationsDocument
    deliveries: Deliveries
    queue: Queue
    clock: Callable[[], datetime]
    logger: Logger

    def run(self) -> dict[str, int]:
        """How many were sent for. Safe to repeat."""
        now, found = self.clock(), 0
        for destination in self.destinations.all():
            for delivery in self.deliveries.overdue(destination.name, now - WAIT):
                self.queue.send(delivery.message)
                found += 1
        if found:
            self.logger.warning("deliveries were sent for once more", deliveries=found)
        return {"sent_again": found}
