"""How long a request may go on calling AWS: who waits for a response hears of trouble before anything gives up."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any

SECONDS_OF_A_CALL = 3
"""How long a call of AWS takes at most, unless it says otherwise."""

SECONDS_OF_A_REQUEST = 16
"""After these no call is begun, and one that takes longer earlier: all end within 19 s, and a function has 20."""

SECONDS_OF_TROUBLE = 6
"""So long after the first call that had to be tried again no call is begun, and none tried again."""


class _Deadline:
    """Until when calls of one request are begun, and when all of them have ended."""

    __slots__ = ("ends", "troubled", "until")

    def __init__(self, until: float) -> None:
        self.until = until
        self.ends = until + SECONDS_OF_A_CALL
        self.troubled = False


_DEADLINE: ContextVar[_Deadline | None] = ContextVar("deadline", default=None)


class OutOfTimeError(RuntimeError):
    """AWS was too slow, or failed too often, for what a request may take."""


@contextmanager
def one_request() -> Iterator[None]:
    """Calls of AWS that would begin too late for who waits raise OutOfTimeError; so do further tries of one."""
    held = _DEADLINE.set(_Deadline(monotonic() + SECONDS_OF_A_REQUEST))
    try:
        yield
    finally:
        _DEADLINE.reset(held)


def refuse_when_late(takes: float = SECONDS_OF_A_CALL, **told: Any) -> None:
    """Before each try of a call, whose request the SDK tells of with the number of the try. Raises OutOfTimeError.

    `takes` says for how many seconds it may go on.
    """
    deadline = _DEADLINE.get()
    if deadline is None:
        return
    now = monotonic()
    if not deadline.troubled and told["request"].context["retries"]["attempt"] > 1:
        deadline.troubled = True
        deadline.until = min(deadline.until, now + SECONDS_OF_TROUBLE)
    if now > min(deadline.until, deadline.ends - takes):
        raise OutOfTimeError
