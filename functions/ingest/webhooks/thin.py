"""Thin events: they say only that something changed; the answers would have to be fetched from the vendor."""

from typing import Any

from functions.ingest.webhooks.drafts import Draft, UnmappableError
from functions.ingest.webhooks.sources import Source


def adapt(payload: Any, source: Source) -> list[Draft]:  # noqa: ARG001 - there is nothing in it
    """Always parked: nothing is lost, and nothing can be scored."""
    raise UnmappableError("thin", f"{source.provider} tells only that something changed")
