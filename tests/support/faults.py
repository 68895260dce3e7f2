"""Makes a DynamoDB client fail in the ways a network and a crashing process do, drawn from a seeded generator.

Hooked onto botocore's events, so it works on the client a handler holds already. The faults come before botocore's
own retries: what is drawn here is what the caller sees.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, cast

from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from tests.support.clients import unhooked
from tests.support.copies import copied

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from botocore.model import OperationModel

WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"})

# What a write that comes late may meet: somebody else has changed the item, and nobody listens any more.
UNHEARD = frozenset({"ConditionalCheckFailedException", "TransactionCanceledException"})

Refusal = tuple[AWSResponse, dict[str, Any]]


class Crash(BaseException):
    """The process ends here. Not an Exception: code that catches those would go on in a process that is dead."""


@dataclass(frozen=True)
class ClientFaults:
    """How likely each fault is, per write (throttle: per call); a call suffers at most one, an overlap aside."""

    crash_before: float = 0  # the process dies before the write is sent
    crash_after: float = 0  # the write is done, the process dies before it hears so
    timeout: float = 0  # the caller gives up (ReadTimeoutError), the write lands later
    lost: float = 0  # no connection (EndpointConnectionError), the write never lands
    repeat: float = 0  # the answer is lost and the SDK's own retry sends the write again: that answer is heard
    conflict: float = 0  # another transaction holds the item
    throttle: float = 0  # ProvisionedThroughputExceededException, reads too
    overlap: float = 0  # something else runs between what the caller read and this write
    landing: float = 0.2  # at each later call, how likely a write that timed out lands just before it


class FaultInjector:
    """Hooks of one client; `fired` counts what happened, `late` holds the writes that are still under way."""

    def __init__(
        self, client: "BaseClient", faults: ClientFaults, rng: Random, meanwhile: Callable[[], object] | None = None
    ) -> None:
        self._unhooked = unhooked(client)
        self._faults = faults
        self._rng = rng
        self._meanwhile = meanwhile
        self.fired: Counter[str] = Counter()
        self.late: list[tuple[str, dict[str, Any]]] = []

    def land(self) -> None:
        """Lets every write that is still under way land, in a drawn order, under the condition it was sent with."""
        self._rng.shuffle(self.late)
        while self.late:
            self._land(self.late.pop())

    def remember(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        """Keeps the parameters of a call, which later events only have in their wire format."""
        context["faults.params"] = copied(params)

    def before(self, model: "OperationModel", context: dict[str, Any], **_: Any) -> Refusal | None:
        """Draws what happens to this call and lets it happen, but for a crash after it."""
        self._land_some()
        name = model.name
        params = context["faults.params"]
        if name in WRITES and self._meanwhile and self._rng.random() < self._faults.overlap:
            self.fired["overlap"] += 1
            self._meanwhile()
        fault = self._drawn(name)
        if fault is None:
            return None
        self.fired[fault] += 1
        match fault:
            case "crash_before":
                raise Crash(f"before {name}")
            case "crash_after":
                context["faults.crash_after"] = True
            case "timeout":
                self.late.append((name, params))
                raise ReadTimeoutError(endpoint_url="https://dynamodb")
            case "lost":
                raise EndpointConnectionError(endpoint_url="https://dynamodb")
            case "repeat":
                self._land((name, params))
            case "throttle":
                return _refusal("ProvisionedThroughputExceededException")
            case "conflict":
                return _conflict(name, params)
        return None

    def after(self, model: "OperationModel", context: dict[str, Any], **_: Any) -> None:
        """Ends the process when that was drawn: the write is done, its answer unheard."""
        if context.get("faults.crash_after"):
            raise Crash(f"after {model.name}")

    def _drawn(self, name: str) -> str | None:
        # A transaction carries a client token, so its repetition is answered like the first: nothing to see.
        repeat = 0 if name == "TransactWriteItems" else self._faults.repeat
        chances = {
            "crash_before": self._faults.crash_before,
            "crash_after": self._faults.crash_after,
            "timeout": self._faults.timeout,
            "lost": self._faults.lost,
            "repeat": repeat,
            "conflict": self._faults.conflict,
        }
        chances = {"throttle": self._faults.throttle} | (chances if name in WRITES else {})
        draw = self._rng.random()
        for fault, chance in chances.items():
            if draw < chance:
                return fault
            draw -= chance
        return None

    def _land_some(self) -> None:
        for write in list(self.late):
            if self._rng.random() < self._faults.landing:
                self.late.remove(write)
                self._land(write)

    def _land(self, write: tuple[str, dict[str, Any]]) -> None:
        name, params = write
        try:
            getattr(self._unhooked, xform_name(name))(**params)
        except ClientError as error:
            if error.response["Error"]["Code"] not in UNHEARD:
                raise


@contextmanager
def injected(
    client: "BaseClient", faults: ClientFaults, rng: Random, meanwhile: Callable[[], object] | None = None
) -> Iterator[FaultInjector]:
    """Injects faults into every call of the client inside the block; at its end, writes under way land.

    `meanwhile` is what runs in an overlap: `lambda: driver.step(handler)` is a second lane between this one's read
    and its write.
    """
    injector = FaultInjector(client, faults, rng, meanwhile)
    events = client.meta.events
    before = cast("Callable[..., None]", injector.before)  # an answer is allowed here, which the stubs do not know
    events.register_last("before-parameter-build.dynamodb", injector.remember)
    events.register("before-call.dynamodb", before)
    events.register("after-call.dynamodb", injector.after)
    try:
        yield injector
    finally:
        events.unregister("before-parameter-build.dynamodb", injector.remember)
        events.unregister("before-call.dynamodb", before)
        events.unregister("after-call.dynamodb", injector.after)
        injector.land()


def _refusal(code: str, **members: Any) -> Refusal:
    answer = {"Error": {"Code": code, "Message": "injected"}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    return AWSResponse("https://dynamodb", 400, HTTPHeaders(), None), answer | members


def _conflict(name: str, params: dict[str, Any]) -> Refusal:
    """What a write hears that met a transaction: by name for one item, as a reason per item in a transaction."""
    if name != "TransactWriteItems":
        return _refusal("TransactionConflictException")
    reasons = [{"Code": "None"} for _ in params["TransactItems"]]
    reasons[0] = {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}
    return _refusal("TransactionCanceledException", CancellationReasons=reasons)
