"""Sends deliveries once more, as somebody asks for it: one, or all of a destination that were given up."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from shared.destinations.answer import Unsent
from shared.destinations.document import DestinationsDocument, UnreadableDestinationError
from shared.opmm.dataclass import dataclass
from shared.opmm.slugs import is_slug
from shared.storage.deliveries import Deliveries, Delivery, DeliveryOvertakenError, sent_again
from shared.storage.destination_states import DestinationStates
from shared.storage.queue import Queue

if TYPE_CHECKING:
    from functions.notify.worker import Maker

_LONGEST_KEY = 200
"""Characters of a key, by far: what a form sends may be anything."""

_AT_ONCE = 500
_SIDE_BY_SIDE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingAgain:
    """Writes down that it is to be sent, and sends for it. A receiver knows it by its id.

    Only where there is somebody to be told, and something to tell: nobody is told that more is on its way than is.

    Safe to repeat. What is broken off in between is pending, and is found by the night.
    """

    destinations: DestinationsDocument
    states: DestinationStates
    deliveries: Deliveries
    make: "Maker"
    queue: Queue
    clock: Callable[[], datetime]
    logger: Logger

    def run(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """One, `{"job": "send_again", "destination": "crm", "delivery": <key>, "again": 0}`, or all that failed."""
        return self._one(event) if event["job"] == "send_again" else self._failed(event)

    def _one(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Whether it is on its way by now, and else `why` it is not: `gone`, `changed`, or why nothing is sent there.

        `again` is how often it had been asked for when somebody looked: what is asked twice is sent once.
        """
        name, key = str(event.get("destination")), str(event.get("delivery"))
        delivery = self.deliveries.get(name, key) if is_slug(name) and 0 < len(key) <= _LONGEST_KEY else None
        unsent = self._unsent(name, delivery)
        if unsent:
            return {"sent": False, "why": unsent}
        if delivery is None:
            return {"sent": False, "why": "gone"}
        asked: int = event["again"]
        if delivery.again == asked and self._send(delivery):
            return {"sent": True}
        held = self.deliveries.get(name, key) or delivery
        # Of one that somebody has asked for just before, and that was not tried since, there is a message already.
        on_its_way = held.again > asked and held.status == "pending" and not held.tries
        return {"sent": True} if on_its_way else {"sent": False, "why": "changed"}

    def _failed(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """`{"job": "send_failed_again", "destination": "crm"}`: how many were sent for."""
        name, sent = str(event.get("destination")), 0
        before = None
        with ThreadPoolExecutor(max_workers=_SIDE_BY_SIDE) as pool:
            while self._unsent(name) is None:
                page = self.deliveries.latest(name, _AT_ONCE, before, "failed")
                sent += sum(pool.map(self._send, page.deliveries))
                before = page.next
                if before is None:
                    break
        self.logger.info("failed deliveries were sent again", destination=name, deliveries=sent)
        return {"sent": sent}

    def _unsent(self, name: str, delivery: Delivery | None = None) -> Unsent | None:
        """Why nothing is sent to a destination, or not this delivery; None where it is."""
        try:
            destination = self.destinations(name)
            if destination is None:
                return "no_destination"
            if self.states.of(name).is_ended(self.destinations.version(name)):
                return "destination_ended"
        except UnreadableDestinationError:
            return "unreadable"
        return "nothing_to_tell" if delivery and self.make(delivery, destination) is None else None

    def _send(self, delivery: Delivery) -> bool:
        """Whether it was this call that sent for it."""
        again = sent_again(delivery, self.clock())
        try:
            self.deliveries.replace(delivery, again)
        except DeliveryOvertakenError:  # somebody else has asked, or it was tried meanwhile
            return False
        self.queue.send(again.message)
        return True
