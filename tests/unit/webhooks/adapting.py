"""Payloads through the adapters, without a service around them."""

from typing import Any

from functions.ingest.webhooks.drafts import Draft, UnmappableError
from functions.ingest.webhooks.providers import PROVIDERS
from functions.ingest.webhooks.sources import load_sources
from tests.support.webhooks import NAMES, SOURCES

LOADED = load_sources(SOURCES)


def adapted(provider: str, payload: Any, **changes: Any) -> list[Draft]:
    """The events of a payload; `changes` are made to the source of the sample document."""
    settings = SOURCES[NAMES[provider]] | changes
    [source] = load_sources({"source": settings}).values()
    return list(PROVIDERS[provider].adapt(payload, source))


def data(provider: str, payload: Any, **changes: Any) -> list[Any]:
    """What the events of a payload carry."""
    return [draft.data for draft in adapted(provider, payload, **changes)]


def reason(provider: str, payload: Any, **changes: Any) -> str:
    """Why a payload is parked."""
    try:
        drafts = adapted(provider, payload, **changes)
    except UnmappableError as error:
        return error.reason
    raise AssertionError(f"not parked: {drafts}")
