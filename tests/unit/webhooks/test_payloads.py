"""Bodies, times and probes."""

from typing import Any

import pytest

from functions.ingest.webhooks.drafts import UnmappableError
from functions.ingest.webhooks.payloads import is_probe, read_payload
from functions.ingest.webhooks.times import later_of, rfc3339_of

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nothing",
        b"\xff",
        b'"\\ud800"',
        b"NaN",
        b"[" * 1000,
        b"9" * 5000,
    ],
)
def test_what_is_no_json_is_not_readable(body: bytes) -> None:
    with pytest.raises(UnmappableError, match="not JSON"):
        read_payload(body, "application/json")


def test_big_numbers_stay_whole() -> None:
    assert read_payload(b'{"id": 1234567890123456789}', "text/plain") == {"id": 1234567890123456789}


def test_url_encoded_names_nest() -> None:
    assert read_payload(b"a[b][c]=1&a[d]=x+y&e=&a%5Bf%5D=%C3%A9", FORM) == {
        "a": {"b": {"c": "1"}, "d": "x y", "f": "é"},
        "e": "",
    }


@pytest.mark.parametrize("body", [b"\xff=1", b"a=%ff", b"a", b"=1", b"a=1&a[b]=2", b"a" + b"[b]" * 9 + b"=1"])
def test_what_is_not_url_encoded_is_not_readable(body: bytes) -> None:
    with pytest.raises(UnmappableError, match="not URL-encoded"):
        read_payload(body, FORM)


@pytest.mark.parametrize(
    "body",
    [
        b'"Ping test"',
        b"Ping test",
        b'{"text": "Ping test"}',
        b'{"event": "testEndpoint"}',
        b'{"event":"test.executed","data":{}}',
    ],
)
def test_probes_are_known(body: bytes) -> None:
    assert is_probe(body)


@pytest.mark.parametrize("body", [b"", b"{}", b'"Ping"', b"\xff", b'{"text": "Ping test", "score": 9}', b"[1]", b"1"])
def test_nothing_else_is_a_probe(body: bytes) -> None:
    assert not is_probe(body)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1793696400, "2026-11-03T09:00:00Z"),
        ("1793696400", "2026-11-03T09:00:00Z"),
        (1793696400123, "2026-11-03T09:00:00.123000Z"),
        ("2026-11-03T09:00:00+01:00", "2026-11-03T09:00:00+01:00"),
        ("2026-11-03 09:00:00 -0700", "2026-11-03 09:00:00-07:00"),
        ("2026-11-03 09:00:00 UTC", "2026-11-03 09:00:00+00:00"),
        ("yesterday", "yesterday"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_times_become_rfc_3339(value: Any, expected: str) -> None:
    assert rfc3339_of(value) == expected


@pytest.mark.parametrize("value", [None, "", True, 1.5, [], {}, -1, 10**15 - 1, 10**20])
def test_what_is_no_time_is_parked(value: Any) -> None:
    with pytest.raises(UnmappableError):
        rfc3339_of(value)


def test_the_later_of_two_times_whatever_their_offsets() -> None:
    assert later_of("2026-11-03T09:00:00+01:00", "2026-11-03T08:30:00Z") == "2026-11-03T08:30:00Z"
    assert later_of(1793696400, "") == "2026-11-03T09:00:00Z"
    for first, second in ((None, None), ("yesterday", None)):
        with pytest.raises(UnmappableError):
            later_of(first, second)
