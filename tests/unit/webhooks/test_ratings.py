"""What every survey tool has in common: when a rating is one, and when it is not there."""

from typing import Any

import pytest

from tests.support.webhooks import values
from tests.unit.webhooks.adapting import data, reason

NUMBERS = ("delighted", "typeform", "formbricks", "wootric", "tally", "survicate", "custom")
"""Tools that send a rating as a number."""

TEXTS = ("wootric", "asknicely", "custom", "formbricks")
"""Tools that send text, all or some of the time."""

SKIPS = ("formbricks", "survicate", "tally", "typeform")
"""Tools with questions of one's own, which may be skipped: an empty text is no answer then."""


def with_score(provider: str, score: Any) -> Any:
    """The sample with another rating."""
    payload = values(provider)
    places: dict[str, Any] = {
        "delighted": lambda: payload["event_data"].update(score=score),
        "typeform": lambda: payload["form_response"]["answers"][0].update(number=score),
        "formbricks": lambda: payload["data"]["data"].update({"q-recommend": score}),
        "wootric": lambda: payload["response"].update(score=score),
        "asknicely": lambda: payload["question"].update(score=score),
        "tally": lambda: payload["data"]["fields"][1].update(value=score),
        "survicate": lambda: payload["event"]["questionAnswered"]["choice"].update(id=score),
        "custom": lambda: payload.update(rating=score),
    }
    places[provider]()
    return payload


def scores(provider: str, score: Any) -> list[Any]:
    return [sent["score"] for sent in data(provider, with_score(provider, score)) if "score" in sent]


EVERY = sorted({*NUMBERS, *TEXTS})


@pytest.mark.parametrize("provider", NUMBERS)
@pytest.mark.parametrize("score", [0, 10, 9.0])
def test_a_number_from_0_to_10_is_a_rating(provider: str, score: float) -> None:
    assert [str(found) for found in scores(provider, score)] == [f"{score:.0f}"]


@pytest.mark.parametrize("provider", TEXTS)
@pytest.mark.parametrize("score", ["0", "10"])
def test_text_is_a_rating_where_the_tool_sends_text(provider: str, score: str) -> None:
    assert scores(provider, score) == [int(score)]


def test_text_is_no_rating_where_the_tool_sends_numbers() -> None:
    assert reason("delighted", with_score("delighted", "10")) == "no_usable_score"


@pytest.mark.parametrize("provider", EVERY)
@pytest.mark.parametrize("score", ["N/A", 10.5, "10.5", True, False, 11, "11", -1, "-1", "٣", " 9", "1e1", {}])
def test_anything_else_is_parked(provider: str, score: Any) -> None:
    assert reason(provider, with_score(provider, score)) == "no_usable_score"


@pytest.mark.parametrize("provider", EVERY)
def test_an_empty_text_is_a_skipped_question_or_no_rating(provider: str) -> None:
    if provider in SKIPS:
        assert scores(provider, "") == []
    else:
        assert reason(provider, with_score(provider, "")) == "no_usable_score"


@pytest.mark.parametrize("provider", EVERY)
def test_without_a_rating_there_is_no_response(provider: str) -> None:
    assert scores(provider, None) == []


@pytest.mark.parametrize("provider", [provider for provider in EVERY if provider != "custom"])
@pytest.mark.parametrize("payload", [None, 1, "text", [], {}, {"event": 1, "event_type": [], "response": []}])
def test_what_no_tool_sends_is_parked(provider: str, payload: Any) -> None:
    assert reason(provider, payload) == "unknown_shape"
