"""Outages of what the functions depend on, told as AWS tells them: on the wire, so that the SDK's own tries count.

`faults` is about what a caller hears after them.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from unittest.mock import patch

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError
from moto.core.models import botocore_stubber

from tests.support.service import function_clients

MOST_TRIES = 3
"""Of one call."""

NOTED = "UpdateItem of SourceHealthTable"
"""How a source fares is noted beside the call; trouble there is no trouble of the call."""

Failure = Callable[[AWSPreparedRequest], AWSResponse]
"""Responds in place of AWS, or raises as the network does."""


class _Raw(BytesIO):
    """A body as botocore reads it."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        while part := self.read():
            yield part


def responding(status: int, body: Mapping[str, Any] | bytes) -> Failure:
    """Responds so, whatever is asked."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def respond(request: AWSPreparedRequest) -> AWSResponse:
        return AWSResponse(request.url, status, HTTPHeaders(), _Raw(content))

    return respond


def refusing(code: str, status: int = 400, **members: Any) -> Failure:
    """Refuses with this code."""
    return responding(status, {"__type": f"com.amazonaws#{code}", "message": "injected", **members})


def breaking(error: Callable[..., Exception]) -> Failure:
    """Breaks off before anything was sent."""

    def respond(request: AWSPreparedRequest) -> AWSResponse:
        raise error(endpoint_url=request.url)

    return respond


def leaving_unread(request: AWSPreparedRequest) -> AWSResponse:
    """Leaves every key of a batch unread."""
    assert isinstance(request.body, bytes)
    asked = json.loads(request.body)["RequestItems"]
    return responding(200, {"Responses": {}, "UnprocessedKeys": asked})(request)


def unheard(request: AWSPreparedRequest) -> AWSResponse:
    """Does what is asked, and nobody hears of it."""
    botocore_stubber("before-send", request)
    raise ReadTimeoutError(endpoint_url=request.url)


OUTAGES: Mapping[str, Failure] = {
    "ProvisionedThroughputExceeded": refusing("ProvisionedThroughputExceededException"),
    "Throttling": refusing("ThrottlingException"),
    "RequestLimitExceeded": refusing("RequestLimitExceeded"),
    "429": responding(429, b""),
    "InternalServerError": refusing("InternalServerError", 500),
    "ServiceUnavailable": refusing("ServiceUnavailable", 503),
    "a proxy's page": responding(502, b"<html>Bad gateway</html>"),
    "no connection": breaking(EndpointConnectionError),
    "slow to connect": breaking(ConnectTimeoutError),
    "slow to respond": breaking(ReadTimeoutError),
}
"""What any service may do when it is down or too busy."""

OF_ONE_OPERATION: Mapping[str, Mapping[str, Failure]] = {
    "BatchGetItem": {"unprocessed keys": leaving_unread},
    "PutItem": {"transaction conflict": refusing("TransactionConflictException")},
    "UpdateItem": {"transaction conflict": refusing("TransactionConflictException")},
    "DeleteItem": {"transaction conflict": refusing("TransactionConflictException")},
    "TransactWriteItems": {
        "throttled transaction": refusing(
            "TransactionCanceledException", CancellationReasons=[{"Code": "None"}, {"Code": "ThrottlingError"}]
        ),
        "throughput of a transaction": refusing(
            "TransactionCanceledException", CancellationReasons=[{"Code": "ProvisionedThroughputExceeded"}]
        ),
    },
}
"""What only some calls hear of."""

OUR_FAULTS: Mapping[str, Failure] = {
    "no right": refusing("AccessDeniedException"),
    "no such table": refusing("ResourceNotFoundException"),
    "not valid": refusing("ValidationException"),
}
"""What trying again does not mend."""


@dataclass
class Wire:
    """What goes over the wire between functions and AWS."""

    failing: Callable[[str, int], Failure | None] = lambda _operation, _place: None
    """Says of a call, by its operation and its place among all tries, how it fails; None lets it through."""
    calls: list[str] = field(default_factory=list)
    """Every try, by its operation."""

    def send(self, request: AWSPreparedRequest, event_name: str, **_: Any) -> AWSResponse | None:
        """Hooked onto `before-send`."""
        operation = event_name.rpartition(".")[2]
        if operation == "UpdateItem" and b"SourceHealthTable" in (request.body or b""):
            operation = NOTED
        self.calls.append(operation)
        failure = self.failing(operation, len(self.calls) - 1)
        return failure(request) if failure else None

    @property
    def counted(self) -> Counter[str]:
        """The tries by operation."""
        return Counter(self.calls)


@contextmanager
def wired(wire: Wire) -> Iterator[Wire]:
    """All that functions ask of AWS inside the block goes over this wire; the SDK does not wait between tries."""
    with ExitStack() as stack:
        stack.enter_context(patch("botocore.endpoint.time.sleep"))
        for client in function_clients():
            events: Any = client.meta.events
            events.register_first("before-send", wire.send)
            stack.callback(events.unregister, "before-send", wire.send)
        yield wire
