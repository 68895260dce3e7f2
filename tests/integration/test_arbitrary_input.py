"""Nothing that can be sent gives a 5xx."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws

from tests.support.calls import binary, call
from tests.support.examples import VALID
from tests.support.service import Service, event, in_memory

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A valid event with some of it replaced, left out or added."""
    type_ = draw(st.sampled_from(list(VALID)))
    sent = event(type_, VALID[type_])
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from([sent, sent["data"]]) if isinstance(sent.get("data"), dict) else st.just(sent))
        name = draw(st.sampled_from(sorted(place)) | st.text(max_size=5) if place else st.text(max_size=5))
        if draw(st.booleans()):
            place[name] = draw(JSON)
        else:
            place.pop(name, None)
    return sent


@pytest.fixture(scope="module")
def taking() -> Iterator[Service]:
    """A service that may store what happens to be valid."""
    with mock_aws():
        yield in_memory()


@settings(max_examples=300, deadline=None)
@given(sent=mutated() | JSON)
def test_no_json_gives_a_5xx(taking: Service, sent: Any) -> None:
    answers = [taking.post(json.dumps(sent)), taking.post(json.dumps([sent]))]

    assert max(answer.status for answer in answers) < 500, [answer.text for answer in answers]


@settings(max_examples=200, deadline=None)
@given(raw=st.binary() | st.text().map(str.encode))
def test_no_bytes_give_a_5xx(taking: Service, raw: bytes) -> None:
    assert call(taking.ingest, binary(raw)).status in {200, 207, 400, 422}
