"""What Lambda tells of an invocation."""

from typing import Any


class UnknownJobError(ValueError):
    """A function was called with none of its jobs, and with nothing else that it takes."""


def seconds_left(context: Any) -> float:
    """How long it may go on; without a context, which tests do without, for ever."""
    return float(context.get_remaining_time_in_millis()) / 1000 if context is not None else float("inf")
