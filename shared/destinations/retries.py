"""When a message is tried again: the schedule of the Standard Webhooks specification.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability
"""

_MINUTE, _HOUR = 60, 3600

WAITS = (0, 5, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 5 * _HOUR, 10 * _HOUR, 14 * _HOUR, 20 * _HOUR, 24 * _HOUR)
"""Seconds before each try, counted from the one before: ten tries, within a little over three days."""

LONGEST = WAITS[-1]


def wait_after(tries: int, retry_after: int | None = None) -> int | None:
    """Seconds until the next try after so many, later where the receiver asks for it, a day at most; None for no more.

    A receiver that asks to be left alone gets no further tries by it.
    """
    if tries >= len(WAITS):
        return None
    return min(max(WAITS[tries], retry_after or 0), LONGEST)
