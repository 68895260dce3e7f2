"""Probes, which are unsigned."""

import pytest

from functions.ingest.webhooks.endpoint import is_probe


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
