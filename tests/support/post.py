"""The parts of the notify function, as they hand on what happened."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Logger, Metrics

from functions.notify.batch import Batch
from functions.notify.messages import Messages
from functions.notify.routing import Routing
from functions.notify.spells import Spells
from functions.notify.stream import Changes, Telling
from functions.notify.worker import Worker
from shared.destinations.destination import Destination
from shared.opmm.model_document import published_model
from shared.storage.alert_claims import AlertClaims
from shared.storage.attention import Attentions
from shared.storage.deliveries import Deliveries, Delivery
from shared.storage.destination_states import DestinationStates
from shared.storage.digests import Digests
from shared.storage.entries import Entries
from shared.storage.journal import Journal
from shared.storage.queries import Queries
from shared.storage.responses import Responses
from tests.support.clients import dynamodb_client
from tests.support.outbox import Outbox, Receivers
from tests.support.service import Service, event

TABLE = "NotificationsTable"
ZONE = ZoneInfo("Europe/Amsterdam")
PAGES = "https://opmm.example/"

CRM = Destination(name="crm", channel="webhook", addresses=("https://crm.example/",), wants=frozenset({"changes"}))
TEAM = Destination(
    name="team", channel="slack", addresses=("https://hooks.slack.com/x",), wants=frozenset({"alerts"}), language="en"
)
SAM = Destination(
    name="sam", channel="email", addresses=("sam@example.com",), wants=frozenset({"alerts"}), owner="Sam Example"
)


@dataclass
class Document:
    """The destinations document."""

    held: dict[str, Destination] = field(default_factory=dict)

    def all(self) -> list[Destination]:
        return list(self.held.values())

    def __call__(self, name: str) -> Destination | None:
        return self.held.get(name)

    def names(self) -> list[str]:
        return sorted(self.held)

    def version(self, name: str) -> str | None:
        return str(hash(self.held[name])) if name in self.held else None


@dataclass
class Post:
    """The notify function's parts, on the tables of a service and a queue whose time passes at will."""

    service: Service
    destinations: Any = field(default_factory=Document)

    def __post_init__(self) -> None:
        client, clock = dynamodb_client(), self.service.clock
        model = published_model()
        self.outbox, self.dead = Outbox(clock), Outbox(clock)
        self.receivers = Receivers(clock)
        self.deliveries, self.states = Deliveries(client, TABLE), DestinationStates(client, TABLE)
        self.attentions = Attentions(client, TABLE)
        queries = Queries(client, "ScoresTable", lambda _: None)
        claims, spells = AlertClaims(client, TABLE), Spells(queries, ZONE)
        outbox: Any = self.outbox
        dead: Any = self.dead
        self.routing = Routing(
            destinations=self.destinations,
            deliveries=self.deliveries,
            claims=claims,
            attentions=self.attentions,
            queries=queries,
            spells=spells,
            queue=outbox,
            zone=ZONE,
            clock=clock,
        )
        self.metrics = Metrics(namespace="tests", service="tests")
        self.metrics.clear_metrics()
        self.stream = Batch(
            what="changes",
            tells=Changes(Telling(Journal(client, TABLE), self.routing, clock), self.metrics),
            aside=dead,
            clock=clock,
            logger=Logger(service="tests"),
            metrics=self.metrics,
        )
        self.worker = Worker(
            deliveries=self.deliveries,
            states=self.states,
            claims=claims,
            destinations=self.destinations,
            make=Messages(
                entries=Entries(client, "ScoresTable", lambda _: None),
                queries=queries,
                responses=Responses(client, "FactsTable", ZONE),
                digests=Digests(client, TABLE),
                spells=spells,
                model=model,
                zone=ZONE,
                pages=PAGES,
            ),
            carrier=self.receivers,
            queue=outbox,
            undelivered=dead,
            clock=clock,
            logger=Logger(service="tests"),
            metrics=self.metrics,
        )

    def listens(self, *destinations: Destination) -> None:
        self.destinations.held = {each.name: each for each in destinations}

    def tell(self) -> None:
        """Lets what was written reach the routing."""
        self.service.settle()

        def handler(batch: dict[str, Any], _: object) -> dict[str, Any]:
            failed = self.stream(batch["Records"])
            return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}

        self.service.changes.deliver(handler)

    def deliver(self, until: datetime | None = None) -> None:
        self.outbox.deliver(self.worker, until)

    def of(self, destination: str) -> list[Delivery]:
        return list(self.deliveries.latest(destination, 1000).deliveries)


def count_now(service: Service, happy: int, client: str = "acme") -> None:
    """A head count of this very day."""
    now = service.clock.now
    data = {"working": 50, "happy": happy, "as_of": now.date().isoformat()}
    service.post(
        event("consultants.counted", data, subject=client, id=f"{client}-{now.isoformat()}", time=now.isoformat())
    )
    service.settle()


def fall(service: Service, client: str = "acme") -> None:
    """A client that loses three points."""
    count_now(service, 12, client)
    service.clock.now += timedelta(minutes=5)
    count_now(service, 1, client)
