"""The parts of the notify function, each put together when an invocation needs it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from time import sleep
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Logger, Metrics

from functions.notify.batch import Batch, Tells
from functions.notify.detractors import Detractors
from functions.notify.routing import Routing
from functions.notify.spells import Spells
from functions.notify.stream import Changes, Telling
from shared.destinations.document import DestinationsDocument
from shared.opmm.dataclass import dataclass
from shared.opmm.model import Model
from shared.storage.alert_claims import AlertClaims
from shared.storage.attention import Attentions
from shared.storage.deliveries import Deliveries
from shared.storage.destination_states import DestinationStates
from shared.storage.dynamodb import Connection, item_at
from shared.storage.entries import Entries
from shared.storage.journal import Journal
from shared.storage.queries import Queries
from shared.storage.queue import Queue
from shared.storage.scores import Scores

if TYPE_CHECKING:
    from functions.notify.catching_up import CatchingUp
    from functions.notify.messages import Messages
    from functions.notify.unread import Unread
    from functions.notify.worker import Worker


Left = Callable[[], float]
"""Seconds that the invocation has left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The tables by name."""

    facts: str
    scores: str
    notifications: str
    source_health: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What everything rests on, and what is made of it."""

    dynamodb: Connection
    tables: Tables
    destinations: DestinationsDocument
    destinations_secret: str
    queue: Queue
    """Of deliveries that are to be sent."""
    undelivered: Queue
    """Of those that were given up."""
    unread: Queue
    """Of records of the streams that could not be told."""
    mail_sender: str
    """From whom mail comes; empty when there is none."""
    loopback: bool
    """Whether destinations may be on this machine."""
    pages: str
    """The address of the pages, with a slash behind it."""
    model: Model
    zone: ZoneInfo
    clock: Callable[[], datetime]
    logger: Logger
    metrics: Metrics

    @property
    def scores(self) -> Scores:
        """The scores table."""
        return Scores(self.dynamodb, self.tables.scores, self.model, self.zone)

    @property
    def queries(self) -> Queries:
        """The same, for those who read."""
        return Queries(self.dynamodb, self.tables.scores, sleep)

    @property
    def spells(self) -> Spells:
        """What of it belongs together."""
        return Spells(self.queries, self.zone)

    @property
    def deliveries(self) -> Deliveries:
        """What is sent."""
        return Deliveries(self.dynamodb, self.tables.notifications)

    @property
    def states(self) -> DestinationStates:
        """How destinations fare."""
        return DestinationStates(self.dynamodb, self.tables.notifications)

    @property
    def claims(self) -> AlertClaims:
        """Which alerts went out."""
        return AlertClaims(self.dynamodb, self.tables.notifications)

    @property
    def journal(self) -> Journal:
        """What happened, in its order."""
        return Journal(self.dynamodb, self.tables.notifications)

    def routing(self) -> Routing:
        """Decides who is told."""
        return Routing(
            destinations=self.destinations,
            deliveries=self.deliveries,
            claims=self.claims,
            attentions=Attentions(self.dynamodb, self.tables.notifications),
            queries=self.queries,
            spells=self.spells,
            queue=self.queue,
            zone=self.zone,
            clock=self.clock,
        )

    def telling(self) -> Telling:
        """Tells what was written of clients."""
        return Telling(self.journal, self.routing(), self.clock)

    def changes(self, telling: Telling) -> Batch:
        """Takes records of the scores table."""
        return self._batch("changes", Changes(telling, self.metrics))

    def responses(self) -> Batch:
        """Takes records of the facts table."""
        scores, routing = self.scores, self.routing()

        def named(name: str) -> str:
            return scores.client_named(name)[0]

        return self._batch("responses", Detractors(routing.wants_alerts, routing.at_once, named, self.zone))

    def _batch(self, what: str, tells: Tells) -> Batch:
        return Batch(
            what=what, tells=tells, aside=self.unread, clock=self.clock, logger=self.logger, metrics=self.metrics
        )

    def untold(self, changes: Batch, responses: Batch, telling: Telling, left: Left) -> "Unread":
        """Takes messages of the queue of what could not be told."""
        # ruff: noqa: PLC0415 - here and below: what one sort of invocation needs is loaded by no other
        from functions.notify.unread import Unread
        from shared.storage.streams import connect_streams, records_in

        return Unread(
            changes=changes,
            responses=responses,
            entry_at=partial(item_at, self.dynamodb, self.tables.scores),
            response_at=partial(item_at, self.dynamodb, self.tables.facts),
            records_in=lambda batch: records_in(connect_streams(), batch),
            looks_on=lambda message: self._catching_up(telling, left).go_on(message),
            logger=self.logger,
            metrics=self.metrics,
        )

    def worker(self) -> "Worker":
        """Takes messages of the queue of deliveries: loaded by those invocations only that send."""
        from functions.notify.channels.calling import Caller
        from functions.notify.channels.sending import Channels
        from functions.notify.worker import Worker
        from shared.storage.mail import mailer_of

        return Worker(
            deliveries=self.deliveries,
            states=self.states,
            claims=self.claims,
            destinations=self.destinations,
            make=self.messages(),
            carrier=Channels(Caller(loopback=self.loopback), mailer_of(self.mail_sender)),
            queue=self.queue,
            undelivered=self.undelivered,
            clock=self.clock,
            logger=self.logger,
            metrics=self.metrics,
        )

    def messages(self) -> "Messages":
        """Makes what deliveries say."""
        from functions.notify.messages import Messages
        from shared.storage.digests import Digests
        from shared.storage.responses import Responses

        return Messages(
            entries=Entries(self.dynamodb, self.tables.scores, sleep),
            queries=self.queries,
            responses=Responses(self.dynamodb, self.tables.facts, self.zone),
            digests=Digests(self.dynamodb, self.tables.notifications),
            spells=self.spells,
            model=self.model,
            zone=self.zone,
            pages=self.pages,
        )

    def catch_up(self, telling: Telling, event: Mapping[str, Any], left: Left) -> dict[str, int]:
        """Tells what was left out, and sends for what waits without a message. Raises UnknownJobError."""
        from functions.notify.overdue import Overdue

        again = Overdue(self.destinations, self.deliveries, self.queue, self.clock, self.logger)
        return {**self._catching_up(telling, left).run(event), **again.run()}

    def _catching_up(self, telling: Telling, left: Left) -> "CatchingUp":
        from functions.notify.catching_up import CatchingUp

        return CatchingUp(
            scores=self.scores,
            telling=telling,
            zone=self.zone,
            clock=self.clock,
            queue=self.unread,
            left=left,
            logger=self.logger,
            metrics=self.metrics,
        )

    def try_destination(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Sends a sample. Where it arrives, the destination fares well; one that has ended stays so."""
        from functions.notify.trying import trying

        tried = trying(self.destinations_secret, self.mail_sender, self.clock, self.logger, loopback=self.loopback)
        found = tried.run(event)
        name = str(event.get("destination"))
        if found.get("taken") and not (state := self.states.of(name)).is_ended(self.destinations.version(name)):
            self.states.mended(name, state)
        return found

    def describe(self) -> dict[str, Any]:
        """Says what destinations there are, without their secrets."""
        from functions.notify.describing import Describing

        self.destinations.look_anew()
        return Describing(self.destinations, self.states).run()

    def send_again(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Sends one delivery once more, or all of a destination that were given up."""
        from functions.notify.sending_again import SendingAgain

        self.destinations.look_anew()
        return SendingAgain(
            destinations=self.destinations,
            states=self.states,
            deliveries=self.deliveries,
            make=self.messages(),
            queue=self.queue,
            clock=self.clock,
            logger=self.logger,
        ).run(event)

    def make_digests(self) -> dict[str, int]:
        """Makes the digests that are due."""
        from functions.notify.digests import DigestJob
        from shared.storage.digests import Digests
        from shared.storage.silences import Silences

        return DigestJob(
            destinations=self.destinations,
            states=self.states,
            digests=Digests(self.dynamodb, self.tables.notifications),
            deliveries=self.deliveries,
            queries=self.queries,
            scores=self.scores,
            journal=self.journal,
            silences=Silences(self.dynamodb, self.tables.source_health),
            queue=self.queue,
            model=self.model,
            zone=self.zone,
            clock=self.clock,
            logger=self.logger,
            metrics=self.metrics,
        ).run()
