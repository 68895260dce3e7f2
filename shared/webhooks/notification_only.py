"""Notification only: tools that say that something changed, and not what; it would have to be fetched from them."""

from collections.abc import Iterable
from typing import Any

from shared.webhooks.provider import Provider, Source, UnmappableError, UnvalidatedEvent
from shared.webhooks.signing import Scheme


def notification_only(name: str, scheme: Scheme) -> Provider:
    """A provider whose calls are verified and parked: nothing is lost, and nothing can be scored."""
    return Provider(name=name, scheme=scheme, needs=(), takes=("client",), adapt=_adapt)


def _adapt(payload: Any, source: Source) -> Iterable[UnvalidatedEvent]:  # noqa: ARG001 - there is nothing in it
    raise UnmappableError("thin", f"{source.provider.name} tells only that something changed")
