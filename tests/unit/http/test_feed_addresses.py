import pytest

from shared.http.feed_addresses import sealed, unsealed

KEY, PREVIOUS = "k" * 64, "p" * 64
ID = "0123456789abcdef"


@pytest.mark.parametrize("key", [KEY, PREVIOUS])
def test_what_any_of_the_keys_has_sealed_is_taken(key: str) -> None:
    assert unsealed(sealed(ID, key), [KEY, PREVIOUS]) == ID


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        ID,
        f"{ID}-",
        sealed(ID, "x" * 64),
        sealed(ID, KEY)[:-1],
        sealed(ID, KEY) + "0",
        sealed(ID, KEY).upper(),
        sealed(ID, KEY).replace("0", "1", 1),
        f"{ID}-\u0660",
        f"{ID}\udc80-",
    ],
    ids=ascii,
)
def test_anything_else_is_not(text: str) -> None:
    assert unsealed(text, [KEY, PREVIOUS]) is None
