"""Bodies and the clients that payloads name."""

import pytest

from shared.webhooks.payloads import read_payload, shape
from shared.webhooks.provider import UnmappableError

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


def test_the_shape_of_a_payload_has_its_names_and_no_values() -> None:
    assert shape({"a": {"b": [{"c": 1}, {"d": 2}], "e": "x"}, "f": []}) == ["a.b.[].c", "a.e", "f"]
    assert shape("lot@example.com") == [""]


def test_a_shape_holds_nobody_who_is_written_into_a_name_and_has_an_end() -> None:
    assert shape({"lot@example.com": 1, "x" * 81: 2, "a\nb": 3}) == ["*"]
    assert len(shape({str(number): number for number in range(1000)})) == 200
    deep: dict[str, object] = {}
    for _ in range(50):
        deep = {"a": deep}
    assert shape(deep) == ["a.a.a.a.a.a"]
