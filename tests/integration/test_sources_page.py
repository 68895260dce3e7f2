"""The page of those who look after sources: what it says, and what can be done there with parked calls."""

import html
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from shared.http.tokens import ROLES
from shared.opmm.model import LANGUAGES
from shared.reading.sources import Finding
from shared.texts.words import Words
from shared.webhooks.provider import Reason
from tests.support.calls import call, stored
from tests.support.service import Answer, Service, http_event, token
from tests.support.webhooks import SOURCES, connected, register, sample, send

pytestmark = pytest.mark.usefixtures("plainly")

UNMAPPED = SOURCES | {"nps": SOURCES["nps"] | {"client": "event_data.client"}}
ZONE = ZoneInfo("Europe/Amsterdam")
ADMIN: dict[str, Any] = {"scopes": ROLES["admin"], "name": "Ada Admin"}


@pytest.fixture
def service() -> Iterator[Service]:
    with connected(UNMAPPED) as wired:
        wired.clock.now = datetime.now(UTC)  # noqa: TID251 - tokens are checked against the real time
        yield wired


def headers(**claims: Any) -> dict[str, str]:
    return {
        "cookie": f"__Host-opmm={token(**(ADMIN | claims))}",
        "accept": "text/html",
        "host": "opmm.example.com",
        "sec-fetch-site": "same-origin",
    }


def look(service: Service, query: str = "", **claims: Any) -> Answer:
    return call(service.pages, http_event("GET", "/sources", headers=headers(**claims), query=query))


def act(service: Service, site: str = "same-origin", claims: dict[str, Any] | None = None, **fields: str) -> Answer:
    said = headers(**(claims or {})) | {
        "sec-fetch-site": site,
        "content-type": "application/x-www-form-urlencoded",
    }
    return call(service.pages, http_event("POST", "/sources", urlencode({"source": "nps", **fields}), said))


def parked_id(service: Service) -> str:
    told: str = send(service, "delighted", sample("delighted")).json["results"][0]["parked_id"]
    return told


def parked(service: Service) -> int:
    return len(service.get_ingest("/v1/parked").json["parked"])


def text_of(answer: Answer) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.text))


def test_every_source_is_listed_with_what_is_wrong_with_it(service: Service) -> None:
    parked_id(service)
    send(service, "wootric", sample("wootric"))

    shown = look(service)

    assert shown.status == 200
    assert "No call of the last day names a client where the source looks." in text_of(shown)
    assert all(f"/sources?source={name}" in shown.text for name in SOURCES)
    assert "1 taken" in text_of(shown)
    today = service.clock.now.astimezone(ZONE)
    assert f"last heard on {today:%-d %B}," in text_of(shown)


@pytest.mark.parametrize(("language", "words"), [("en", "names no client"), ("nl", "noemt geen klant")])
def test_a_source_is_shown_with_its_parked_calls_and_the_names_in_one_and_no_values(
    service: Service, language: str, words: str
) -> None:
    item = parked_id(service)

    shown = look(service, f"source=nps&lang={language}")

    text = text_of(shown)
    assert (shown.status, shown.headers["Content-Language"]) == (200, language)
    assert all(told in text for told in (words, item, "event_data.client", "event_data.person_properties.client"))
    assert not [told for told in ("sanne@example.com", "Fijne samenwerking", "sample-secret") if told in shown.text]


def test_a_call_that_names_nobody_is_mended_by_who_knows_whom_it_is_about(service: Service) -> None:
    item = parked_id(service)

    done = act(service, id=item, act="replay", client="Gloeiwijk")

    assert (done.status, done.headers["Location"]) == (303, "/sources?source=nps&became=accepted1")
    assert {fact["client_id"] for fact in stored("FactsTable") if "client_id" in fact} == {"gloeiwijk"}
    assert parked(service) == 0
    after = look(service, "source=nps&became=accepted1")
    assert "Done: 1 taken." in text_of(after)
    assert "Nothing is parked." in text_of(after)


def test_a_whole_source_is_taken_once_more_when_its_document_is_mended(service: Service) -> None:
    parked_id(service)
    assert act(service, act="replay_all").headers["Location"].endswith("became=parked1")
    register(service, SOURCES)

    assert act(service, act="replay_all").headers["Location"].endswith("became=accepted1")
    assert parked(service) == 0
    assert act(service, act="replay_all").headers["Location"].endswith("became=gone")


def test_a_call_is_forgotten(service: Service) -> None:
    item = parked_id(service)

    assert act(service, id=item, act="forget").headers["Location"].endswith("became=forgotten")
    assert act(service, id=item, act="forget").headers["Location"].endswith("became=gone")
    assert act(service, id=item, act="replay").headers["Location"].endswith("became=gone")
    assert (parked(service), stored("FactsTable")) == (0, [])


@pytest.mark.parametrize("role", ["client", "viewer", "editor"])
def test_only_admins_see_it_and_are_led_there(service: Service, role: str) -> None:
    claims: dict[str, Any] = {"scopes": ROLES[role]}  # type: ignore[index]  # each is a role
    item = parked_id(service)

    assert look(service, **claims).status == 403
    assert act(service, claims=claims, id=item, act="forget").status == 403
    portfolio = call(service.pages, http_event("GET", "/model", headers=headers(**claims)))
    assert 'href="/sources"' not in portfolio.text
    assert 'href="/sources"' in call(service.pages, http_event("GET", "/model", headers=headers())).text
    assert parked(service) == 1


def test_an_admin_of_one_client_sees_none_of_it(service: Service) -> None:
    assert look(service, clients=["acme"]).status == 403


def test_another_site_does_nothing(service: Service) -> None:
    item = parked_id(service)

    assert act(service, site="cross-site", id=item, act="forget").status == 403
    assert parked(service) == 1


@pytest.mark.parametrize(
    ("source", "item"), [("nobody", "nobody.00"), ("../nps", ""), ("hr", "nps.00"), ("nps", "nps.00/../../x")]
)
def test_what_is_not_there_is_told_so(service: Service, source: str, item: str) -> None:
    parked_id(service)

    assert look(service, urlencode({"source": source})).status == (200 if source in SOURCES else 404)
    answer = act(service, source=source, id=item, act="forget")
    assert answer.status in (303, 404)
    assert parked(service) == 1


def test_what_somebody_wrote_wrongly_is_told_on_the_form_and_kept(service: Service) -> None:
    item = parked_id(service)

    named = act(service, id=item, act="replay", client="x" * 201)

    assert named.status == 422
    assert "At most 200 characters." in text_of(named)
    field = f"client-{item.rpartition('.')[2]}"
    assert f'href="#{field}"' in named.text
    assert re.search(rf'<input id="{field}"[^>]* value="{"x" * 201}"[^>]* aria-invalid="true"', named.text)
    assert parked(service) == 1
    assert act(service, id=item, act="replay", client="x" * 200).status == 303


def test_a_place_of_the_list_that_cannot_be_found_shows_its_beginning_and_says_so(service: Service) -> None:
    item = parked_id(service)

    shown = look(service, "source=nps&cursor=rubbish")

    assert shown.status == 422
    assert item in shown.text
    assert "That part of the list cannot be found" in text_of(shown)
    assert "rubbish" not in shown.text.partition("<main")[2]


@pytest.mark.parametrize(
    "fields",
    [{"act": "destroy", "id": True}, {"id": True}, {"act": "replay_all", "id": True}, {"act": "forget"}, {"act": ""}],
)
def test_what_no_form_of_ours_asks_for_does_nothing(service: Service, fields: dict[str, Any]) -> None:
    item = parked_id(service)
    register(service, SOURCES)

    said: dict[str, Any] = {name: item if value is True else value for name, value in fields.items()}
    assert act(service, **said).status == 422
    assert (parked(service), stored("FactsTable")) == (1, [])


def test_the_names_in_each_parked_call_can_be_seen_and_no_values(service: Service) -> None:
    sent = json.loads(sample("delighted"))
    sent["event_data"]["person_properties"] = {"another": "secret-value"}
    first = parked_id(service)
    second: str = send(service, "delighted", json.dumps(sent).encode()).json["results"][0]["parked_id"]

    seen = {item: look(service, f"source=nps&item={item}") for item in (first, second)}

    assert all(f"item={item}#shape" in shown.text for item in seen for shown in seen.values())
    assert "event_data.person_properties.another" not in text_of(seen[first])
    assert "event_data.person_properties.another" in text_of(seen[second])
    assert "secret-value" not in seen[second].text
    assert [look(service, f"source=nps&item={item}").status for item in ("nps.00", "hr.00", "x", "../nps")] == [200] * 4


def test_a_call_that_cannot_be_read_says_so_instead_of_an_empty_list(service: Service) -> None:
    [told] = send(service, "delighted", b"no JSON").json["results"]

    assert "It holds nothing that can be read." in text_of(look(service, f"source=nps&item={told['parked_id']}"))


@pytest.mark.parametrize("query", ["", "source=nps"])
def test_counts_that_may_lag_say_so(service: Service, query: str) -> None:
    assert "What came in the last minute may be missing here." in text_of(look(service, query))


def test_an_address_that_tells_of_nothing_known_says_nothing(service: Service) -> None:
    shown = look(service, urlencode({"source": "nps", "became": "<b>accepted</b>"}))

    assert (shown.status, "Done" in shown.text, "<b>" in shown.text) == (200, False, False)


@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_reason_is_said_in_both_languages(reason: str) -> None:
    assert len({Words(language)(f"reason_{reason}") for language in LANGUAGES}) == 2


@pytest.mark.parametrize("finding", get_args(Finding))
def test_every_finding_is_said_in_both_languages(finding: str) -> None:
    assert len({Words(language)(f"finding_{finding}") for language in LANGUAGES}) == 2
