"""Another function of the stack, called as API Gateway or a schedule calls it."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from botocore.config import Config

from shared.storage.deadline import refuse_when_late
from shared.storage.dynamodb import session

_SECONDS_TO_CONNECT, _SECONDS_TO_ANSWER = 1, 12

_CONFIG = Config(
    connect_timeout=_SECONDS_TO_CONNECT,
    read_timeout=_SECONDS_TO_ANSWER,
    retries={"mode": "standard", "total_max_attempts": 1},
)
"""The other function may have to start first. What it was asked for is not asked twice: it may have been done."""


class CalledFunctionError(RuntimeError):
    """The function that was called failed, and has logged why."""


class CalledFunction:
    """One function. Its own permissions count for what it does, and the token in a request for what is asked.

    Of a job whoever calls has looked at the token.
    """

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def __call__(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """What it responds to an event of API Gateway, or to a job. Raises CalledFunctionError."""
        called = self._client.invoke(FunctionName=self._name, Payload=json.dumps(event).encode())
        if "FunctionError" in called:
            raise CalledFunctionError
        responded: dict[str, Any] = json.loads(called["Payload"].read())
        return responded

    def later(self, job: Mapping[str, Any]) -> None:
        """Has a job done by and by, which nobody waits for."""
        self._client.invoke(FunctionName=self._name, Payload=json.dumps(job).encode(), InvocationType="Event")


def connect_functions() -> Any:
    """One client per process. A call that could outlive the request is not begun: it raises OutOfTimeError."""
    client = session().create_client("lambda", config=_CONFIG)
    in_time = partial(refuse_when_late, takes=_SECONDS_TO_CONNECT + _SECONDS_TO_ANSWER)
    client.meta.events.register("request-created.lambda", in_time)
    return client
