import pytest

from shared.http.languages import language


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "en"),
        ("nl", "nl"),
        ("NL", "nl"),
        ("nl-BE", "nl"),
        ("en-GB,en;q=0.9", "en"),
        ("nl-NL,nl;q=0.9,en;q=0.8", "nl"),
        ("en;q=0.8, nl;q=0.9", "nl"),
        ("nl ; q=0.2 , en ; q=0.7", "en"),
        ("nl, en", "nl"),
        ("en, nl", "en"),
        ("fr", "en"),
        ("fr, nl;q=0.1", "nl"),
        ("*", "en"),
        ("*;q=0.5, nl", "nl"),
        ("fr, *;q=0.1", "en"),
        ("nl;q=0", "en"),
        ("nl;q=0.0, en;q=0.1", "en"),
        ("nlx", "en"),
        ("en;Q=0.1, nl", "nl"),
        ("en;q=0, *", "nl"),
    ],
)
def test_the_best_of_our_languages_is_chosen(accept: str, expected: str) -> None:
    assert language(accept) == expected


@pytest.mark.parametrize("weight", ["x", "", "nan", "-1", "0,5", "1;q=1"])
def test_a_weight_that_is_none_does_not_count(weight: str) -> None:
    assert language(f"nl;q={weight}") == "en"


@pytest.mark.parametrize("accept", [",", ";", ";;;", "q=1", ",,nl,,", "nl;level=1", "é", "\0", "nl" + ",fr" * 5_000])
def test_any_header_has_a_language(accept: str) -> None:
    assert language(accept) == ("nl" if "nl" in accept else "en")
