"""What DynamoDB said once, said again: calls cost what the SDK costs, without a network and without moto."""

import io
from collections.abc import Iterator
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.models import botocore_stubber


class _Raw(io.BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        """As urllib3 has it."""
        yield self.getvalue()


class Replay:
    """Stands before the wire of some clients: takes down what moto says under a name, and repeats it in its order."""

    def __init__(self, *clients: Any) -> None:
        self._taken: dict[str, list[tuple[int, dict[str, str], bytes]]] = {}
        self._name = ""
        self._place: int | None = None
        self._clients = clients
        for client in clients:
            client.meta.events.register_first("before-send", self._respond)

    def leave(self) -> None:
        """Let the clients be as they were."""
        botocore_stubber.enabled = True
        for client in self._clients:
            client.meta.events.unregister("before-send", self._respond)

    def record(self, name: str) -> None:
        """Ask moto from now on, and take down what it says."""
        self._name, self._place, self._taken[name] = name, None, []
        botocore_stubber.enabled = True

    def play(self, name: str) -> int:
        """Repeat what was taken down, from the first call on. Returns how many calls that were."""
        self._name, self._place = name, 0
        botocore_stubber.enabled = False  # the SDK asks all who listen, and takes the first who responds
        return len(self._taken[name])

    def _respond(self, event_name: str, request: Any, **_: Any) -> AWSResponse:
        taken = self._taken[self._name]
        if self._place is None:
            said: Any = botocore_stubber(event_name, request)
            taken.append((said.status_code, dict(said.headers), said.content))
            status, headers, body = taken[-1]
        else:
            status, headers, body = taken[self._place]
            self._place = (self._place + 1) % len(taken)
        return AWSResponse(request.url, status, HTTPHeaders.from_dict(headers), _Raw(body))
