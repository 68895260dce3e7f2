import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http.cursors import decode, encode
from shared.http.problems import Fault, InvalidError

KEY, PREVIOUS, FOREIGN = "k" * 64, "p" * 64, "f" * 64
CURSOR = encode(["14#acme"], "clients?status=active", KEY)
positions = st.lists(st.text(max_size=20), max_size=4)


def assert_refused(cursor: str, purpose: str = "clients?status=active", *keys: str) -> None:
    with pytest.raises(InvalidError) as problem:
        decode(cursor, purpose, keys or (KEY,))
    assert problem.value.faults == (Fault("/query/cursor", "is not a cursor of this list; begin without one"),)


@given(positions, st.text(max_size=20))
def test_a_cursor_leads_back_to_its_position(position: list[str], purpose: str) -> None:
    assert decode(encode(position, purpose, KEY), purpose, [KEY]) == position


@given(positions)
def test_a_cursor_stands_in_an_address_as_it_is(position: list[str]) -> None:
    cursor = encode(position, "clients", KEY)
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert cursor.isascii()


def test_a_cursor_signed_with_the_previous_key_still_holds() -> None:
    assert decode(encode(["a"], "clients", PREVIOUS), "clients", [KEY, PREVIOUS]) == ["a"]


def test_a_cursor_signed_with_another_key_is_refused() -> None:
    assert_refused(encode(["a"], "clients?status=active", FOREIGN), "clients?status=active", KEY, PREVIOUS)


def test_without_keys_every_cursor_is_refused() -> None:
    with pytest.raises(InvalidError):
        decode(CURSOR, "clients?status=active", [])


@pytest.mark.parametrize("purpose", ["clients?status=ended", "", "clients?status=active\0"])
def test_a_cursor_of_another_list_is_refused(purpose: str) -> None:
    assert_refused(CURSOR, purpose)


def test_a_purpose_cannot_be_moved_into_the_position() -> None:
    assert encode(["b"], "a", KEY) != encode([], 'a\0["b"]', KEY)


def test_every_bit_of_a_cursor_is_signed() -> None:
    signed = base64.urlsafe_b64decode(CURSOR + "=" * (-len(CURSOR) % 4))
    for place in range(len(signed)):
        for bit in range(8):
            tampered = bytearray(signed)
            tampered[place] ^= 1 << bit
            assert_refused(base64.urlsafe_b64encode(tampered).decode().rstrip("="))


@pytest.mark.parametrize("length", range(len(CURSOR)))
def test_a_shortened_cursor_is_refused(length: int) -> None:
    assert_refused(CURSOR[:length])


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "*",
        "====",
        "é",
        "日本",
        "\0",
        "\ud800",
        " ",
        CURSOR + "A",
        "A" * 22,
        "A" * 10_000,
        f" {CURSOR}",
        f"{CURSOR}\n",
    ],
    ids=ascii,
)
def test_garbage_is_refused(cursor: str) -> None:
    assert_refused(cursor)


@given(st.text(max_size=60))
def test_nobody_guesses_a_cursor(cursor: str) -> None:
    assert_refused(cursor)
