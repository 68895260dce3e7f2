import pytest

from functions.pages.sign_in import own_place


@pytest.mark.parametrize(
    "place", ["/", "/clients/acme", "/clients/acme?as_of=2026-11-01&lang=nl", "/%2F%2Fevil.example"]
)
def test_a_path_of_ours_is_a_place(place: str) -> None:
    assert own_place(place) == place


@pytest.mark.parametrize(
    "place",
    [
        "",
        "clients/acme",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "/a\\b",
        "\\/evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=y",
        "/\t/evil.example",
        "/a b",
        "/\u00e9",
        "/\ud800",
        f"/{'a' * 500}",
    ],
)
def test_anything_else_is_none(place: str) -> None:
    assert own_place(place) is None
