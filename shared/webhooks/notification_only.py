"""Notification only: tools that say that something changed, and not what; it would have to be fetched from them."""

from collections.abc import Callable, Iterable
from typing import Any

from shared.webhooks.provider import Provider, Source, UnmappableError, UnvalidatedEvent, takes_any_secret
from shared.webhooks.signing import Scheme


def notification_only(
    name: str,
    scheme: Scheme,
    *,
    fault_in_secret: Callable[[str], str | None] = takes_any_secret,
    handed_over: Callable[[Any], bool] | None = None,
) -> Provider:
    """A provider whose calls are verified and parked: nothing is lost, and nothing can be scored."""
    return Provider(
        name=name,
        scheme=scheme,
        needs=(),
        takes=("client",),
        adapt=adapt,
        fault_in_secret=fault_in_secret,
        handed_over=handed_over,
    )


def adapt(payload: Any, source: Source) -> Iterable[UnvalidatedEvent]:
    """Nothing can be made of it. A secret that was handed over is no event, either."""
    provider = source.provider
    if provider.handed_over is not None and provider.handed_over(payload):
        raise UnmappableError("handed_over", HANDED_OVER)
    raise UnmappableError("thin", f"{provider.name} tells only that something changed")


HANDED_OVER = "the tool has handed over its secret: `make sources` shows it, to be put into `secrets`"
