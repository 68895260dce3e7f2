"""Payloads through the providers, without a service around them."""

from collections.abc import Mapping
from typing import Any

from shared.opmm.model import Model
from shared.opmm.model_document import published_model
from shared.webhooks.provider import NotOursError, Source, UnmappableError, UnvalidatedEvent
from shared.webhooks.sources import SourcesError, load_sources
from tests.support.webhooks import NAMES, SOURCES

MODEL = published_model()
LOADED = load_sources(SOURCES, MODEL)


def source_of(settings: Mapping[str, Any], model: Model = MODEL) -> Source:
    """The source that these settings describe."""
    return load_sources({"source": dict(settings)}, model)["source"]


def faults_when_stored(settings: Mapping[str, Any]) -> list[str]:
    """Why these settings of a source cannot be stored."""
    try:
        load_sources({"source": dict(settings)}, MODEL, to_store=True)
    except SourcesError as error:
        return error.faults
    return []


def adapted(provider: str, payload: Any, **changes: Any) -> list[UnvalidatedEvent]:
    """The events of a payload; `changes` are made to the source of the sample document."""
    source = source_of(SOURCES[NAMES[provider]] | changes)
    return list(source.provider.adapt(payload, source))


def data(provider: str, payload: Any, **changes: Any) -> list[Any]:
    """What the events of a payload carry."""
    return [event.data for event in adapted(provider, payload, **changes)]


def ignored(provider: str, payload: Any, **changes: Any) -> str:
    """Why a payload is nothing to us."""
    try:
        events = adapted(provider, payload, **changes)
    except NotOursError as error:
        return error.detail
    raise AssertionError(f"not ignored: {events}")


def reason(provider: str, payload: Any, **changes: Any) -> str:
    """Why a payload is parked."""
    try:
        events = adapted(provider, payload, **changes)
    except UnmappableError as error:
        return error.reason
    raise AssertionError(f"not parked: {events}")
