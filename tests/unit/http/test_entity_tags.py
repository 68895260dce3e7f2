import re

import pytest

from shared.http.entity_tags import tagged
from shared.http.requests import Response
from tests.unit.http.calls import request

SCORE = Response(200, {"client_id": "acme", "total": 14}, {"Content-Language": "nl"})
TAG = tagged(request(), SCORE).headers["ETag"]


def test_a_response_carries_its_tag() -> None:
    response = tagged(request(), SCORE)
    assert (response.status, response.document) == (200, SCORE.document)
    assert response.headers == {
        "Content-Language": "nl",
        "ETag": TAG,
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Language",
    }


def test_a_tag_is_strong_quoted_and_the_same_in_every_run() -> None:
    assert re.fullmatch(r'"[0-9a-f]{32}"', TAG)
    assert tagged(request(), Response(200, dict(SCORE.document))).headers["ETag"] == TAG


@pytest.mark.parametrize("document", [{"client_id": "acme", "total": 15}, {"client_id": "acme"}, None, []], ids=str)
def test_a_tag_changes_when_the_response_would(document: object) -> None:
    assert tagged(request(), Response(200, document)).headers["ETag"] != TAG


@pytest.mark.parametrize("condition", [TAG, f"W/{TAG}", f'"x", {TAG}', f'W/"x",W/{TAG}', "*", f"  {TAG}  "])
def test_who_holds_the_response_gets_no_body(condition: str) -> None:
    assert tagged(request(if_none_match=condition), SCORE) == Response(304, None, tagged(request(), SCORE).headers)


@pytest.mark.parametrize("condition", ["", '""', '"x"', TAG.strip('"'), TAG[:-2] + '"', f"w/{TAG}", f"{TAG}{TAG}"])
def test_who_holds_another_response_gets_this_one(condition: str) -> None:
    assert tagged(request(if_none_match=condition), SCORE).status == 200


def test_a_page_keeps_its_body_and_its_cookies() -> None:
    page = Response(200, headers={"Content-Type": "text/html"}, cookies=("lang=nl",), body="<p>Acme</p>")
    response = tagged(request(), page)
    held = tagged(request(if_none_match=response.headers["ETag"]), page)

    assert (response.status, response.body, response.cookies) == (200, "<p>Acme</p>", ("lang=nl",))
    assert (held.status, held.text(), held.cookies) == (304, "", ("lang=nl",))


def test_pages_that_differ_have_tags_that_differ() -> None:
    tags = {tagged(request(), Response(200, body=body)).headers["ETag"] for body in ("<p>Acme</p>", "<p>Acme B.V.</p>")}
    assert len(tags) == 2
