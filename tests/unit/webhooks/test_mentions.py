import json
from typing import Any
from urllib.parse import urlencode

import pytest

from shared.opmm.slugs import name_key
from shared.webhooks.mentions import names_client, names_respondent

ROBIN = "robin@example.com"
CALLED = {str(name_key("Acme B.V."))}


def folded(text: str) -> str:
    """As the keyed hash takes it."""
    return text.strip().casefold()


def names_robin(body: bytes, respondent: str = ROBIN) -> bool:
    return names_respondent(body, respondent, folded)


@pytest.mark.parametrize(
    "payload",
    [
        ROBIN,
        {"person": {"email": " Robin@Example.com "}},
        {"answers": [1, None, {"text": f"Mail me: <{ROBIN}>, please."}]},
        {"link": "https://tool.example/?email=robin%40example.com&x=1"},
        {"raw": json.dumps({"email": ROBIN})},
        {ROBIN: 1},
        {"text": f"I am {ROBIN}."},
        {"text": f"mailto:{ROBIN}?subject=hi"},
    ],
    ids=repr,
)
def test_an_address_is_found_wherever_it_stands(payload: Any) -> None:
    assert names_robin(json.dumps(payload).encode())


@pytest.mark.parametrize(
    "body",
    [urlencode({"response[person][email]": ROBIN}), urlencode({"note": f"ask {ROBIN}"}), f"{{broken {ROBIN}", ROBIN],
)
def test_a_form_and_what_cannot_be_read_are_looked_through_as_well(body: str) -> None:
    assert names_robin(body.encode())


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"\xff\xfe", b'"robin"', b'{"email": "arobin@example.com"}', b"[" * 5000, b"1e999999"]
)
def test_nobody_is_found_where_nobody_is(body: bytes) -> None:
    assert not names_robin(body)


def test_an_id_may_be_a_number() -> None:
    assert names_robin(b'{"person": {"id": 1234567890123456789}}', "1234567890123456789")
    assert not names_robin(b'{"person": {"id": true, "n": 1.0}}', "1")
    assert not names_robin(b'{"n": ' + b"9" * 5000 + b"}", "9")


@pytest.mark.parametrize("called", ["acme", "ACME", "Acme BV", "acme b.v.", "Acme Old"])
def test_a_client_is_found_by_its_names_and_by_what_it_is_called(called: str) -> None:
    assert names_client(json.dumps({"x": [called]}).encode(), {"acme", "acme-old"}, CALLED)


@pytest.mark.parametrize("called", ["", "acme co", "the acme", "1"])
def test_another_client_is_not(called: str) -> None:
    assert not names_client(json.dumps({"x": [called]}).encode(), {"acme", "acme-old"}, CALLED)
