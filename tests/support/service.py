"""The whole service in memory: the functions on moto's tables, with a clock that a test sets."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from random import Random
from typing import TYPE_CHECKING, Any, Self
from unittest.mock import patch

from functions.erase.handler import wire as wire_erase
from functions.ingest.handler import wire as wire_ingest
from functions.notify.handler import wire as wire_notify
from functions.pages.handler import wire as wire_pages
from functions.query.handler import wire as wire_query
from functions.score.handler import wire as wire_score
from shared.http.tokens import SCOPES, mint
from shared.opmm.model import Model
from shared.opmm.model_document import published_model
from shared.storage.dynamodb import connect
from shared.storage.queue import connect_queues
from shared.storage.secrets import connect_secrets
from tests.support.clients import dynamodb_client, secrets_client, streams_client
from tests.support.queues import QueueDriver, create_queues, given_up, send
from tests.support.stream import Faults, StreamDriver
from tests.support.template import Tables, create_tables, environment, event_source_mapping

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from mypy_boto3_dynamodb import DynamoDBClient

Handler = Callable[[dict[str, Any], object], dict[str, Any]]

TOKEN_KEY = "k" * 64
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NOTHING_TO_DISCUSS = {
    "due": False,
    "reasons": [],
    "last_talk": None,
    "next_talk": None,
    "missed_talk": None,
    "open_actions": 0,
}
"""What is said of a client with whom nothing is planned, and nothing has to be talked about."""

DAY_IN_TOKENS = timedelta(days=36_500)

# As in a function: one client of each for as long as the process lasts.
_dynamodb = cache(connect)
_secrets = cache(connect_secrets)
_queues = cache(connect_queues)


def function_clients() -> "tuple[BaseClient, ...]":
    """Every client of AWS that functions hold, unless they are given others of DynamoDB."""
    return _dynamodb(), _secrets(), _queues()


@dataclass
class Clock:
    """What the functions take for the time."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """The time that was set."""
        return self.now


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body as JSON values."""
        return json.loads(self.text)


def token(**claims: Any) -> str:
    """A token of all scopes, unless said otherwise."""
    return mint(
        TOKEN_KEY,
        **{"subject": "tests", "scopes": SCOPES, "expires_at": datetime.now(UTC) + DAY_IN_TOKENS, **claims},  # noqa: TID251 - tokens are checked against the real time
    )


def http_event(
    method: str, path: str, body: bytes | str | None = None, headers: Mapping[str, str] | None = None, query: str = ""
) -> dict[str, Any]:
    """An event of API Gateway, payload format 2.0."""
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": dict(headers or {}),
        "requestContext": {"http": {"method": method, "path": path}, "requestId": "request-1"},
        "body": body.decode() if isinstance(body, bytes) else body,
        "isBase64Encoded": False,
    }


@dataclass
class Functions:
    """The other functions of a service, as the SDK calls them."""

    service: "Service"

    def invoke(self, *, FunctionName: str, Payload: bytes, **asked: str) -> dict[str, Any]:  # noqa: N803 - the SDK's
        """Two of them are called by others; what nobody waits for is done at once, and says nothing."""
        called = {"-ingest:live": self.service.ingest, "-notify:live": self.service.notify}
        [function] = [function for name, function in called.items() if FunctionName.endswith(name)]
        responded = function(json.loads(Payload), None)
        waited = asked.get("InvocationType", "RequestResponse") == "RequestResponse"
        return {"Payload": BytesIO(json.dumps(responded).encode() if waited else b"")}


@dataclass
class Service:
    """The functions, wired as the template says; facts reach the score function when a test settles the stream."""

    tables: Tables
    clock: Clock = field(default_factory=Clock)
    model: Model = field(default_factory=published_model)
    """Published or not; the functions are wired as if its document stood beside the published ones."""
    zone: str = ""
    """The parameter `TimeZone`; that of the template unless it is given."""
    connects: "Callable[[str], DynamoDBClient]" = lambda _: _dynamodb()
    """Gives each function its client of DynamoDB; one for all of them unless it is given."""

    def __post_init__(self) -> None:
        self.ingest = self._wired("ingest", wire_ingest)
        self.score = self._wired("score", wire_score)
        self.query = self._wired("query", wire_query)
        self.pages = self._wired("pages", wire_pages)
        self.erase = self._wired("erase", wire_erase)
        self.notify = self._wired("notify", wire_notify)
        self.stream = lanes(self, 1, seed=0)
        self.changes = StreamDriver(
            streams_client(), self.tables.changes_arn, event_source_mapping("NotifyFunction"), rng=Random(0)
        )
        self.said = StreamDriver(
            streams_client(),
            self.tables.stream_arn,
            event_source_mapping("NotifyFunction", "DetractorsResponded"),
            rng=Random(0),
        )
        self.outgoing = QueueDriver("DeliveriesQueue")
        self.aside = QueueDriver("UnreadChangesQueue")
        self.refreshes = QueueDriver("RefreshQueue")
        self.unscored = QueueDriver("UnscoredQueue")

    def _wired(self, function: str, wire: Callable[[Mapping[str, str], Clock], Handler], **parameters: str) -> Handler:
        variables = environment(f"{function.capitalize()}Function", **parameters)
        if self.zone:
            variables["TIME_ZONE"] = self.zone
        handler = f"functions.{function}.handler"
        with (
            patch(f"{handler}.published_model", return_value=self.model),
            patch(f"{handler}.connect", lambda: self.connects(function)),
            patch(f"{handler}.connect_secrets", _secrets, create=True),  # the score function reads none
            patch(f"{handler}.connect_queues", _queues, create=True),  # only the erase function sends messages
            patch(f"{handler}.connect_functions", lambda: Functions(self), create=True),  # only pages call another
        ):
            return wire(variables, self.clock)

    def restart_ingest(self) -> None:
        """A cold start: nothing is remembered of secrets and names."""
        self.ingest = self._wired("ingest", wire_ingest)

    def restart_notify(self, **parameters: str) -> None:
        """A cold start of the notify function, with these parameters of the template."""
        self.notify = self._wired("notify", wire_notify, **parameters)

    def redeployed(self, **parameters: Any) -> Self:
        """The functions with another model or zone, on the tables and the stream as they are."""
        deployed = replace(self, **parameters)
        deployed.stream, deployed.changes, deployed.said = self.stream, self.changes, self.said
        return deployed

    def ask_ingest(self, event: Mapping[str, Any]) -> Answer:
        """Hands the ingest function an event of API Gateway."""
        return _answer(self.ingest(dict(event), None))

    def get_ingest(self, path: str, *, bearer: str | None = None, method: str = "GET") -> Answer:
        """Asks the ingest function, which answers for parked items."""
        route, _, query = path.partition("?")
        return self.ask_ingest(
            http_event(method, route, headers={"Authorization": f"Bearer {bearer or token()}"}, query=query)
        )

    def settle(self) -> None:
        """Lets every change of a fact reach the score function."""
        self.stream.deliver(self.score)

    def tell(self) -> None:
        """Lets everything that was written of clients reach the notify function."""
        self.changes.deliver(self.notify)
        self.said.deliver(self.notify)

    def night(self) -> None:
        """The nightly refresh from its beginning to its end, with all that it looks at again."""
        self.score({"job": "nightly_refresh"}, None)
        self.refreshes.deliver(self.score)

    def rebuild(self, client: str | None = None) -> None:
        """A rebuild of all clients, or one, that takes nothing for a record on its way."""
        self.score({"job": "rebuild", "client": client, "wait": 0}, None)
        self.refreshes.deliver(self.score)

    def hand_over(self, stream: StreamDriver) -> None:
        """Lets the score function hear of the records that this mapping has given up on, and make up for them."""
        for record in stream.unscored:
            send("UnscoredQueue", given_up(record))
        stream.unscored.clear()
        self.unscored.deliver(self.score)
        self.refreshes.deliver(self.score)

    def post(
        self,
        events: Any,
        *,
        bearer: str | None = None,
        content_type: str = "application/json",
        path: str = "/v1/events",
    ) -> Answer:
        """Posts JSON values, or a text as it is."""
        body = events if isinstance(events, str | bytes) else json.dumps(events)
        headers = {"Content-Type": content_type, "Authorization": f"Bearer {bearer or token()}"}
        return _answer(self.ingest(http_event("POST", path, body, headers), None))

    def get(
        self, path: str, *, bearer: str | None = None, headers: Mapping[str, str] | None = None, method: str = "GET"
    ) -> Answer:
        """Asks the query function."""
        route, _, query = path.partition("?")
        said = {"Authorization": f"Bearer {bearer or token()}", **(headers or {})}
        return _answer(self.query(http_event(method, route, headers=said, query=query), None))


def in_memory(**parameters: Any) -> Service:
    """The service on fresh tables and secrets, with these parameters of its own; moto must be active."""
    secrets = secrets_client()
    secrets.create_secret(Name="opmm/token-keys", SecretString=json.dumps({"current": TOKEN_KEY}))
    secrets.create_secret(Name="opmm/respondent-key", SecretString=json.dumps({"key": "r" * 64}))
    secrets.create_secret(Name="opmm/sources", SecretString="{}")
    secrets.create_secret(Name="opmm/people", SecretString="{}")
    secrets.create_secret(Name="opmm/destinations", SecretString="{}")
    create_queues()
    return Service(create_tables(dynamodb_client()), **parameters)


def lanes(service: Service, count: int, seed: int, *, faults: Faults | None = None, **settings: Any) -> StreamDriver:
    """A mapping over the service's stream, with this many lanes in an order drawn from the seed."""
    mapping = replace(event_source_mapping(), parallelization_factor=count, **settings)
    return StreamDriver(streams_client(), service.tables.stream_arn, mapping, rng=Random(seed), faults=faults)


def post_in_any_order(service: Service, sent: Sequence[dict[str, Any]], rng: Random) -> StreamDriver:
    """Posts the events in a drawn order with drawn repetitions, the stream running at drawn moments in four lanes."""
    stream = lanes(service, 4, rng.randrange(1000), batch_size=3)
    order = [*sent, *rng.choices(sent, k=len(sent) // 2)]
    rng.shuffle(order)
    while order:
        size = rng.randint(1, 4)
        answer = service.post(order[:size])
        assert answer.status == 200, answer.text
        del order[:size]
        for _ in range(rng.randint(0, 3)):
            stream.step(service.score)
    stream.deliver(service.score)
    return stream


def _answer(response: Mapping[str, Any]) -> Answer:
    return Answer(response["statusCode"], response["headers"], response["body"])


def event(type_: str, data: Mapping[str, Any], **attributes: Any) -> dict[str, Any]:
    """A CloudEvent about acme, recorded yesterday, unless said otherwise."""
    return {
        "specversion": "1.0",
        "type": type_,
        "source": "tests",
        "id": "e-1",
        "subject": "acme",
        "time": "2026-11-23T12:00:00Z",
        "data": dict(data),
        **attributes,
    }


def responses(scores: Sequence[int], **attributes: Any) -> list[dict[str, Any]]:
    """A response for each score, answered ten days ago. Each client's have ids of their own, as in any tool."""
    of = f"{attributes['subject']}-" if attributes.get("subject", "acme") != "acme" else ""
    return [
        event(
            "nps.responded",
            {"response_id": f"{of}r-{place}", "score": score, "responded_at": "2026-11-14T09:00:00Z"},
            id=f"e-{place}",
            **attributes,
        )
        for place, score in enumerate(scores)
    ]
