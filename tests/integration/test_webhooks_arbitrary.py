"""Whatever stands in a signed body is answered 200: taken, ignored or parked."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws

from tests.support.plain_tables import plain_tables
from tests.support.service import Service, in_memory
from tests.support.webhooks import NAMES, SOURCES, register, send, values

WORDS = ["", "10", "nps", "Yes", "2026-11-12T10:00:00Z", "2026-11-12", "9" * 5000, "\x00", "true", "gloeiwijk"]
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**25), 10**25)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
    | st.sampled_from(WORDS)
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PROVIDERS = sorted(NAMES)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a payload at which something stands."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(inside):
        yield value, key
        yield from places(inner)


@st.composite
def changed(draw: st.DrawFn, provider: str) -> Any:
    """A sample with some of it replaced, or left out."""
    payload = values(provider)
    for _ in range(draw(st.integers(1, 3))):
        container, key = draw(st.sampled_from(list(places(payload)) or [({}, None)]))
        if draw(st.booleans()) or isinstance(container, list):
            container[key] = draw(JSON)
        else:
            del container[key]
    return payload


@pytest.fixture(scope="module")
def taking() -> Iterator[Service]:
    with mock_aws(), plain_tables():
        service = in_memory()
        register(service, SOURCES)
        yield service


def is_taken(service: Service, provider: str, body: bytes, content_type: str = "application/json") -> None:
    answer = send(service, provider, body, content_type)

    assert answer.status == 200, answer.text
    assert answer.json["status"] in {"accepted", "duplicate", "superseded", "ignored", "parked"}


@settings(max_examples=400, deadline=None)
@given(data=st.data(), provider=st.sampled_from(PROVIDERS))
def test_a_sample_with_something_else_in_it_is_answered_200(
    taking: Service, data: st.DataObject, provider: str
) -> None:
    is_taken(taking, provider, json.dumps(data.draw(changed(provider))).encode())


@settings(max_examples=150, deadline=None)
@given(payload=JSON, provider=st.sampled_from(PROVIDERS))
def test_any_json_is_answered_200(taking: Service, payload: Any, provider: str) -> None:
    is_taken(taking, provider, json.dumps(payload, ensure_ascii=False).encode())


@settings(max_examples=100, deadline=None)
@given(
    body=st.binary(),
    provider=st.sampled_from(PROVIDERS),
    content_type=st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/plain", ""]),
)
def test_any_bytes_are_answered_200(taking: Service, body: bytes, provider: str, content_type: str) -> None:
    is_taken(taking, provider, body, content_type)
