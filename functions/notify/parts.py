"""The parts of the notify function, each put together when an invocation needs it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from importlib import import_module
from time import sleep
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Logger, Metrics

from functions.notify.detractors import DetractorBatch, Detractors
from functions.notify.routing import Routing as DestinationRouting
from functions.notify.stream import Routing, StreamBatch, Telling
from shared.destinations.document import DestinationsDocument
from shared.opmm.dataclass import dataclass
from shared.opmm.model import Model
from shared.storage.alert_claims import AlertClaims
from shared.storage.attention import Attentions
from shared.storage.deliveries import Deliveries
from shared.storage.destination_states import DestinationStates
from shared.storage.dynamodb import Connection
from shared.storage.entries import Entries
from shared.storage.journal import Journal
from shared.storage.queries import Queries
from shared.storage.queue import Queue
from shared.storage.scores import Scores

if TYPE_CHECKING:
    from functions.notify.worker import Worker


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
    given_up: Queue
    sender: str
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
    def deliveries(self) -> Deliveries:
        """What is sent."""
        return Deliveries(self.dynamodb, self.tables.notifications)

    @property
    def states(self) -> DestinationStates:
        """How destinations fare."""
        return DestinationStates(self.dynamodb, self.tables.notifications)

    @property
    def journal(self) -> Journal:
        """What happened, in its order."""
        return Journal(self.dynamodb, self.tables.notifications)

    def routing(self) -> DestinationRouting:
        """Decides who is told."""
        return DestinationRouting(
            destinations=self.destinations,
            deliveries=self.deliveries,
            claims=AlertClaims(self.dynamodb, self.tables.notifications),
            attentions=Attentions(self.dynamodb, self.tables.notifications),
            queries=self.queries,
            queue=self.queue,
            zone=self.zone,
            clock=self.clock,
        )

    def telling(self, *further: Routing) -> Telling:
        """Tells what was written of clients."""
        return Telling(self.journal, (self.routing(), *further), self.clock)

    def changes(self, telling: Telling) -> StreamBatch:
        """Takes records of the scores table."""
        return StreamBatch(telling, self.logger, self.metrics)

    def responses(self) -> DetractorBatch:
        """Takes records of the facts table."""
        scores, routing = self.scores, self.routing()

        def named(name: str) -> str:
            return scores.client_named(name)[0]

        found = Detractors(routing.wants_alerts, routing.at_once, named, self.zone)
        return DetractorBatch(found, self.logger, self.metrics)

    def worker(self) -> "Worker":
        """Takes messages of the queue of deliveries: loaded by those invocations only that send."""
        calling, sending, messages, worker, digests, responses, mail = (
            import_module(name)
            for name in (
                "functions.notify.channels.calling",
                "functions.notify.channels.sending",
                "functions.notify.messages",
                "functions.notify.worker",
                "shared.storage.digests",
                "shared.storage.responses",
                "shared.storage.mail",
            )
        )
        mailer = mail.Mailer(mail.connect_mail(), self.sender) if self.sender else None
        made: Worker = worker.Worker(
            deliveries=self.deliveries,
            states=self.states,
            destinations=self.destinations,
            make=messages.Messages(
                entries=Entries(self.dynamodb, self.tables.scores, sleep),
                queries=self.queries,
                responses=responses.Responses(self.dynamodb, self.tables.facts, self.zone),
                digests=digests.Digests(self.dynamodb, self.tables.notifications),
                model=self.model,
                zone=self.zone,
                pages=self.pages,
            ),
            sender=sending.Channels(calling.Caller(loopback=self.loopback), mailer),
            queue=self.queue,
            given_up=self.given_up,
            clock=self.clock,
            logger=self.logger,
            metrics=self.metrics,
        )
        return made

    def catch_up(self, telling: Telling, event: Mapping[str, Any]) -> dict[str, int]:
        """Tells what was left out, and sends for what waits without a message. Raises UnknownJobError."""
        catching_up, pending = (import_module(f"functions.notify.{name}") for name in ("catching_up", "pending"))
        looked = catching_up.CatchingUp(self.scores, telling, self.zone, self.clock, self.logger, self.metrics)
        again = pending.Pending(self.destinations, self.deliveries, self.queue, self.clock, self.logger)
        return {**looked.run(event), **again.run()}

    def try_destination(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Sends a sample. Where it arrives, the destination fares well; one that has ended stays so."""
        trying = import_module("functions.notify.trying").trying
        tried = trying(self.destinations_secret, self.sender, self.clock, self.logger, loopback=self.loopback)
        found: dict[str, Any] = tried.run(event)
        name = str(event.get("destination"))
        if found.get("taken") and not (state := self.states.of(name)).is_ended(self.destinations.version(name)):
            self.states.arrived(name, state)
        return found

    def describe(self) -> dict[str, Any]:
        """Says what destinations there are, without their secrets."""
        describing = import_module("functions.notify.describing")
        described: dict[str, Any] = describing.Describing(self.destinations, self.states).run()
        return described

    def send_again(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Sends one delivery once more, or all of a destination that were given up."""
        module = import_module("functions.notify.sending_again")
        again = module.SendingAgain(self.destinations, self.deliveries, self.queue, self.clock, self.logger)
        sent: dict[str, Any] = again.run(event)
        return sent

    def make_digests(self) -> dict[str, int]:
        """Makes the digests that are due."""
        job, digests, silences = (
            import_module(name)
            for name in ("functions.notify.digests", "shared.storage.digests", "shared.storage.silences")
        )
        made: dict[str, int] = job.DigestJob(
            destinations=self.destinations,
            states=self.states,
            digests=digests.Digests(self.dynamodb, self.tables.notifications),
            deliveries=self.deliveries,
            queries=self.queries,
            scores=self.scores,
            journal=self.journal,
            silences=silences.Silences(self.dynamodb, self.tables.source_health),
            queue=self.queue,
            model=self.model,
            zone=self.zone,
            clock=self.clock,
            logger=self.logger,
            metrics=self.metrics,
        ).run()
        return made
