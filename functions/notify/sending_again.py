"""Sends deliveries once more, as somebody asks for it: one, or all of a destination that were given up."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger

from shared.destinations.document import DestinationsDocument
from shared.opmm.dataclass import dataclass
from shared.opmm.slugs import is_slug
from shared.storage.deliveries import Deliveries, Delivery, DeliveryOvertakenError, sent_again
from shared.storage.queue import Queue

_LONGEST_KEY = 200
"""Characters of a key, by far: what a form sends may be anything."""

_AT_ONCE = 500
_SIDE_BY_SIDE = 10


@dataclass(frozen=True, slots=True)
class SendingAgain:
    """Writes down that it is to be sent, and sends for it. A receiver knows it by its id.

    Safe to repeat. What is broken off in between is pending, and is found by the night.
    """

    destinations: DestinationsDocument
    deliveries: Deliveries
    queue: Queue
    clock: Callable[[], datetime]
    logger: Logger

    def run(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """One, `{"job": "send_again", "destination": "crm", "delivery": <key>, "again": 0}`, or all that failed."""
        return self._one(event) if event["job"] == "send_again" else self._failed(event)

    def _one(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Whether it is there, and so on its way by now.

        `again` is how often it had been asked for when somebody looked: what is asked twice is sent once.
        """
        name, key = str(event.get("destination")), str(event.get("delivery"))
        delivery = self.deliveries.get(name, key) if self._is_known(name) and 0 < len(key) <= _LONGEST_KEY else None
        if delivery is None:
            return {"sent": False}
        if delivery.again == event.get("again"):
            self._send(delivery)
        return {"sent": True}

    def _failed(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """`{"job": "send_failed_again", "destination": "crm"}`: how many were sent for."""
        name, sent = str(event.get("destination")), 0
        before = None
        with ThreadPoolExecutor(max_workers=_SIDE_BY_SIDE) as pool:
            while self._is_known(name):
                page = self.deliveries.latest(name, _AT_ONCE, before, "failed")
                sent += sum(pool.map(self._send, page.deliveries))
                before = page.next
                if before is None:
                    break
        self.logger.info("failed deliveries were sent again", destination=name, deliveries=sent)
        return {"sent": sent}

    def _is_known(self, name: str) -> bool:
        return is_slug(name) and name in self.destinations.names()

    def _send(self, delivery: Delivery) -> bool:
        """Whether it was this call that sent for it."""
        again = sent_again(delivery, self.clock())
        try:
            self.deliveries.replace(delivery, again)
        except DeliveryOvertakenError:  # somebody else has asked, or it was tried meanwhile
            return False
        self.queue.send(again.message)
        return True
