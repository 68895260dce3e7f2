"""Messages of the queue of deliveries: each is made, sent, and tried again by and by."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol, get_args

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from shared.destinations.answer import Answer, Unsent, Untried
from shared.destinations.destination import Destination
from shared.destinations.document import DestinationsDocument, UnreadableDestinationError
from shared.destinations.message import Message
from shared.destinations.retries import wait_after
from shared.opmm.dataclass import dataclass
from shared.storage.alert_claims import AlertClaims
from shared.storage.deliveries import AT_ONCE, Deliveries, Delivery, DeliveryOvertakenError, Status
from shared.storage.destination_states import DestinationStates
from shared.storage.queue import Queue

MOST_HIDDEN = 12 * 3600 - 60
"""Seconds for which a queue hides a message, the time of this try taken off: for longer it is hidden once more.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
"""


class Maker(Protocol):
    """Makes what a delivery says of what is held by now."""

    def __call__(self, delivery: Delivery, destination: Destination) -> Message | None:
        """None when there is nothing to tell any more: it was erased, or made anew."""


class Carrier(Protocol):
    """Carries messages."""

    def send(self, message: Message, destination: Destination, now: datetime) -> Answer:
        """What came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Sends what is to be sent. Safe to repeat, to break off, and to run beside others of its kind.

    A message that comes twice at once may be sent twice, under one id. What became of it is written down before its
    message is done with, so that none is lost.
    """

    deliveries: Deliveries
    states: DestinationStates
    claims: AlertClaims
    destinations: DestinationsDocument
    make: Maker
    carrier: Carrier
    queue: Queue
    undelivered: Queue
    clock: Callable[[], datetime]
    logger: Logger
    metrics: Metrics

    def __call__(self, records: Sequence[Mapping[str, Any]]) -> list[str]:
        """The ids of the messages that come again. They are worked on side by side: most of it is waiting."""
        with ThreadPoolExecutor(max_workers=max(len(records), 1)) as pool:
            outcomes = list(pool.map(self._one, records))
        counts: dict[str, int] = {}
        for outcome in outcomes:
            counts[outcome] = counts.get(outcome, 0) + 1
        for name, outcome in _METRICS.items():
            if counts.get(outcome):
                self.metrics.add_metric(name, MetricUnit.Count, counts[outcome])
        come = ("waits", "again")
        return [record["messageId"] for record, outcome in zip(records, outcomes, strict=True) if outcome in come]

    def _one(self, record: Mapping[str, Any]) -> str:
        """What became of one message; `waits` and `again` for those that come again."""
        try:
            told = json.loads(record["body"])
            delivery = self.deliveries.get(told["destination"], told["delivery"])
            # Of one that was asked for again its latest message counts: an earlier one would try it beside that.
            if delivery is None or delivery.status != "pending" or delivery.again != told["again"]:
                return "done"
            return self._deliver(delivery, record["receiptHandle"])
        except Exception as error:  # noqa: BLE001 - whatever it was, the message comes again, and then is set aside
            # The type alone: a message could quote what is sent.
            self.logger.error("a delivery failed", message_id=record.get("messageId"), error=type(error).__name__)
            return "again"

    def _deliver(self, delivery: Delivery, receipt: str) -> str:
        now = self.clock()
        if delivery.next_at and delivery.next_at > now:
            self._hide(receipt, delivery.next_at - now)
            return "waits"
        return self._try(delivery, receipt)

    def _try(self, delivery: Delivery, receipt: str) -> str:
        name = delivery.destination
        try:
            # The version first: should the document change meanwhile, what comes back is not held against the new one.
            version, destination, state = self.destinations.version(name), self.destinations(name), self.states.of(name)
        except UnreadableDestinationError:  # somebody mends the document by and by, and until then it fares badly
            self.states.failed(name, self.clock())
            return self._again(delivery, "unreadable", receipt)
        if destination is None or state.is_ended(version):
            return self._close(delivery, "ended", "no_destination" if destination is None else "destination_ended")
        if state.ended_at:  # it is described anew: whoever takes that back has not asked for nothing more again
            self.states.mended(name, state)
        message = self.make(delivery, destination)
        if message is None:
            if delivery.client_id and delivery.subject in AT_ONCE:
                self.claims.give_back(delivery.client_id, name, delivery.id, self.clock())
            return self._close(delivery, "ended", "nothing_to_tell")
        answer = self.carrier.send(message, _unreached(delivery, destination), self.clock())
        if answer.taken:
            self.states.arrived(name, state, self.clock())
            return self._close(delivery, "delivered", answer)
        return self._not_taken(delivery, answer, version, receipt)

    def _not_taken(self, delivery: Delivery, answer: Answer, version: str | None, receipt: str) -> str:
        """Tries it again later, unless the receiver is gone or this was the last try."""
        name, now = delivery.destination, self.clock()
        if answer.ends:
            self.states.ended(name, version, now)
            return self._close(delivery, "ended", answer)
        self.states.failed(name, now)
        reached = (*delivery.reached, *(_mark(delivery, address) for address in answer.reached))
        return self._again(replace(delivery, reached=reached), answer, receipt)

    def _again(self, delivery: Delivery, came: Answer | Unsent, receipt: str) -> str:
        """Has it tried again by the schedule; given up when this was the last try."""
        wait = wait_after(delivery.tries + 1, came.retry_after if isinstance(came, Answer) else None)
        if wait is None:
            return self._close(delivery, "failed", came)
        later = self.clock() + timedelta(seconds=wait)
        self._write(delivery, "pending", _word(came), tries=delivery.tries + 1, next_at=later)
        self._hide(receipt, timedelta(seconds=wait))
        return "again"

    def _close(self, delivery: Delivery, status: Status, came: Answer | Unsent) -> str:
        """Writes down how a delivery ended. What was given up is set aside, so that somebody hears of it."""
        if status == "failed":
            self.undelivered.send(delivery.message)
        tries = delivery.tries + (came not in get_args(Untried))
        self._write(delivery, status, _word(came), tries=tries, next_at=None)
        return status

    def _write(self, delivery: Delivery, status: Status, answer: str, *, tries: int, next_at: datetime | None) -> None:
        taken = status == "delivered"
        log = self.logger.info if taken else self.logger.warning
        log(
            "delivered" if taken else "not delivered",
            destination=delivery.destination,
            delivery=delivery.id,
            subject=delivery.subject,
            outcome=status,
            answer=answer,
            tries=tries,
        )
        done = replace(delivery, status=status, answer=answer, answered_at=self.clock(), tries=tries, next_at=next_at)
        try:
            self.deliveries.replace(delivery, done)
        except DeliveryOvertakenError:
            # Another copy of the message was faster; or somebody has asked for it once more, with a message of its own.
            self.logger.info("a delivery was overtaken", destination=delivery.destination, delivery=delivery.id)

    def _hide(self, receipt: str, wait: timedelta) -> None:
        self.queue.hide(receipt, min(int(wait.total_seconds()) + 1, MOST_HIDDEN))


_METRICS = {
    "MessagesDelivered": "delivered",
    "DeliveriesFailed": "failed",
    "DeliveriesEnded": "ended",
    "DeliveriesTriedAgain": "again",
}


def _unreached(delivery: Delivery, destination: Destination) -> Destination:
    """The destination without those of its mailboxes that have the message already, unless that is all of them."""
    left = tuple(each for each in destination.addresses if _mark(delivery, each) not in delivery.reached)
    return replace(destination, addresses=left or destination.addresses)


def _mark(delivery: Delivery, address: str) -> str:
    """Stands for an address in the record of one delivery; in that of another the same one has another."""
    return hashlib.sha256(f"{delivery.id}\n{address.casefold()}".encode()).hexdigest()[:16]


def _word(came: Answer | Unsent) -> str:
    """What came back in a word: a status code, or what went wrong."""
    return (came.fault or str(came.status)) if isinstance(came, Answer) else came
