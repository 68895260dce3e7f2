"""Feeds, from the page that makes them to the programs that read them: NOW is 24 November 2026."""

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode, urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError
from icalendar import Calendar
from moto import mock_aws
from typer.testing import CliRunner, Result

from shared.http.feed_addresses import sealed
from shared.http.tokens import ROLES
from shared.storage.issued import Issued, Register
from tests.integration.test_links import PAGES, InMemory
from tests.support.calls import call, in_memory_with_clients, look
from tests.support.clients import dynamodb_client, secrets_client
from tests.support.metering import metered
from tests.support.readings import counted
from tests.support.said import logged
from tests.support.service import NOW, TOKEN_KEY, Answer, Service, event, http_event, in_memory, responses, token
from tests.support.template import create_table
from tools.__main__ import app
from tools.target import Target
from tools.token_keys import TokenKeys

HOST = "opmm.example.com"
NOOR: dict[str, Any] = {"scopes": ROLES["editor"], "name": "Noor Voorbeeld", "subject": "noor"}
SAM: dict[str, Any] = {"scopes": ROLES["editor"], "name": "Sam Example", "subject": "sam"}
ADMIN: dict[str, Any] = {"scopes": ROLES["admin"], "name": "Ada Admin", "subject": "ada"}
FORM = "0123456789abcdef"


@pytest.fixture
def service() -> Iterator[Service]:
    """Two clients of Noor and one of Sam."""
    with mock_aws():
        wired = in_memory()
        create_table(dynamodb_client(), "IssuedTable")
        for client, name, owner in (
            ("acme", "Acme", NOOR["name"]),
            ("beta", "=Beta; +1", "noor voorbeeld"),
            ("gamma", "Gamma", SAM["name"]),
        ):
            wired.post([counted(6, client), event("client.described", {"name": name, "owner": owner}, subject=client)])
        wired.post([talk("t-1", "2026-12-03"), talk("t-2", "2026-11-20"), talk("t-3", "2026-12-04", "gamma")])
        wired.post([agreed("a-1", "2026-12-10"), agreed("a-2", "2026-12-11", internal=True)])
        wired.post(agreed("a-3", "2026-11-20", "beta"))
        wired.settle()
        yield wired


def talk(talk_id: str, on: str, client: str = "acme", time: str = "2026-11-10T12:00:00Z") -> dict[str, Any]:
    data = {"talk_id": talk_id, "on": on, "with": ["Robin Person"]}
    return event("talk.recorded", data, subject=client, id=f"e-{talk_id}-{on}", time=time)


def agreed(action_id: str, due: str, client: str = "acme", **said: Any) -> dict[str, Any]:
    data = {"action_id": action_id, "title": f"title of {action_id}", "side": "agency", "due": due, **said}
    return event("action.agreed", data, subject=client, id=f"e-{action_id}", time="2026-11-10T12:00:00Z")


def send(service: Service, site: str = "same-origin", claims: dict[str, Any] = NOOR, **sent: str) -> Answer:
    fields = {"owner": "Noor Voorbeeld", "file": "ics", "language": "en", "days": "365", "form": FORM, **sent}
    headers = {
        "cookie": f"__Host-opmm={token(**claims)}",
        "accept": "text/html",
        "host": HOST,
        "sec-fetch-site": site,
        "content-type": "application/x-www-form-urlencoded",
    }
    return call(service.pages, http_event("POST", "/feeds", urlencode(fields), headers))


def address_of(made: Answer) -> str:
    assert made.status == 200, made.text
    [shown] = re.findall(r"<textarea[^>]*>([^<]*)</textarea>", made.text)
    return html.unescape(shown)


def read(service: Service, address: str, method: str = "GET", query: str = "", **headers: str) -> Answer:
    said = {"host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return call(service.pages, http_event(method, urlsplit(address).path, headers=said, query=query))


def events(answer: Answer) -> dict[str, tuple[date, str]]:
    assert answer.status == 200, answer.text
    calendar = Calendar.from_ical(answer.text)
    found = {str(each["UID"]): (each.decoded("DTSTART"), str(each["SUMMARY"])) for each in calendar.walk("VEVENT")}
    assert len(found) == len(calendar.walk("VEVENT"))
    return found


def table(answer: Answer) -> list[dict[str, str]]:
    assert answer.status == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def issued() -> list[Issued]:
    return Register(dynamodb_client(), "IssuedTable").listed()


def test_an_account_manager_has_a_calendar_of_their_own_clients_in_two_clicks(service: Service) -> None:
    assert 'href="/feeds"' in look(service, "/", **NOOR).text
    form = look(service, "/feeds", **NOOR).text
    assert re.findall(r'<option value="([^"]*)" selected>', form) == ["Noor Voorbeeld", "ics", "en"]

    address = address_of(send(service))
    told = events(read(service, address))

    assert re.fullmatch(rf"https://{HOST}/feeds/{FORM}-[0-9a-f]{{40}}\.ics", address)
    assert {identity: one for identity, one in told.items() if "stale" not in identity} == {
        "acme-talk-t-1@opmm": (date(2026, 12, 3), "Acme: Talk"),
        "acme-action-a-1@opmm": (date(2026, 12, 10), "Acme: Due: title of a-1"),
        "acme-action-a-2@opmm": (date(2026, 12, 11), "Acme: Due: title of a-2"),
    }
    assert [identity for identity in told if "stale" in identity] == [
        f"{client}-stale-happy_consultants@opmm" for client in ("acme", "beta")
    ]


def test_a_calendar_says_what_programs_that_follow_it_need(service: Service) -> None:
    answer = read(service, address_of(send(service, language="nl")))
    calendar = Calendar.from_ical(answer.text)
    [event] = [each for each in calendar.walk("VEVENT") if "talk" in str(each["UID"])]

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert str(calendar["X-WR-CALNAME"]) == str(calendar["NAME"]) == "OPMM: Noor Voorbeeld"
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT4H\r\nX-PUBLISHED-TTL:PT4H\r\n" in answer.text
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2026, 12, 3), date(2026, 12, 4))
    assert event.decoded("DTSTAMP").isoformat() == "2026-11-23T23:00:00+00:00"
    assert str(event["SUMMARY"]) == "Acme: Gesprek"
    assert str(event["URL"]) == f"https://{HOST}/clients/acme"
    assert "Robin" not in answer.text


def test_what_moves_keeps_its_identity(service: Service) -> None:
    address = address_of(send(service))
    before = events(read(service, address))
    service.post(
        [talk("t-1", "2027-01-15", time="2026-11-12T12:00:00Z"), counted(6, time="2026-11-23T13:00:00Z", id="later")]
    )
    service.settle()
    service.clock.now += timedelta(minutes=2)
    after = events(read(service, address))

    assert before.keys() == after.keys()
    assert after["acme-talk-t-1@opmm"][0] == date(2027, 1, 15)


def test_the_window_is_told_by_month_as_nobody_signs_in(service: Service) -> None:
    service.post(responses([9, 9, 0, 0]))
    service.settle()
    told = events(read(service, address_of(send(service))))
    windows = {identity: one for identity, one in told.items() if "-window-" in identity}

    assert all(re.search(r"\([A-Z][a-z]{2} \d{4}\)$", text) for _, text in windows.values())
    assert all((day + timedelta(days=1)).day == 1 for day, _ in windows.values())


def test_a_table_has_the_columns_of_the_portfolio_and_no_formula(service: Service) -> None:
    answer = read(service, address_of(send(service, owner="", file="csv")))
    rows = table(answer)
    downloaded = look(service, "/?format=csv&sort=name", **NOOR)

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.text.startswith("\ufeff")
    assert rows == sorted(table(downloaded), key=lambda row: row["Client"].casefold().lstrip("'"))
    assert [row["client_id"] for row in rows] == ["beta", "acme", "gamma"]
    assert rows[0]["Client"] == "'=Beta;' +1"


@pytest.mark.parametrize("file", ["ics", "csv"])
def test_whoever_holds_what_has_not_changed_is_told_so(service: Service, file: str) -> None:
    address = address_of(send(service, file=file))
    first = read(service, address)
    again = read(service, address, if_none_match=first.headers["ETag"])

    assert (again.status, again.text, again.headers["ETag"]) == (304, "", first.headers["ETag"])
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert (first.headers["Referrer-Policy"], first.headers["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert read(service, address, "HEAD").text == ""

    service.post(talk("t-4", "2026-11-30"))
    service.settle()
    service.clock.now += timedelta(minutes=2)
    assert read(service, address, if_none_match=first.headers["ETag"]).status == 200


def test_a_withdrawn_an_ended_and_an_invented_address_are_told_apart_by_nobody(service: Service) -> None:
    withdrawn = address_of(send(service))
    ended = address_of(send(service, days="1", form="1" * 16))
    there = address_of(send(service, form="2" * 16))
    assert send(service, withdraw=FORM).status == 200
    service.clock.now += timedelta(days=1)

    never = f"https://{HOST}/feeds/{sealed('3' * 16, TOKEN_KEY)}.ics"
    table, forged = there.replace(".ics", ".csv"), f"{there[:-5]}{'0' if there[-5] != '0' else '1'}.ics"
    strange = [f"https://{HOST}/feeds/{name}" for name in ("x", "..", "-", ".ics", f"{FORM}-.ics", "%C3%A9-%00.ics")]
    answers = [read(service, each) for each in (withdrawn, ended, never, table, forged, *strange)]

    assert read(service, there).status == 200
    assert {(answer.status, answer.text, tuple(sorted(answer.headers.items()))) for answer in answers} == {
        (404, answers[0].text, tuple(sorted(answers[0].headers.items())))
    }


def test_a_read_costs_what_the_list_costs_once_a_minute_and_an_invented_address_nothing() -> None:
    with mock_aws():
        wired, clients = in_memory_with_clients()
        create_table(dynamodb_client(), "IssuedTable")
        wired.post([counted(6), event("client.described", {"owner": NOOR["name"]})])
        wired.settle()
        address = address_of(send(wired))
        wired.clock.now += timedelta(minutes=2)
        calls = []
        for read_at in (address, address, f"/feeds/{FORM}-{'0' * 40}.ics"):
            with metered(clients.pages) as meter:
                read(wired, read_at)
            calls.append(meter.calls)

    assert calls == [{"GetItem": 1, "Query": 1, "BatchGetItem": 1, "UpdateItem": 1}, {"GetItem": 1}, {}]


def test_the_page_reads_the_clients_of_who_makes_feeds_once_a_request() -> None:
    few = {**NOOR, "clients": ["acme", "beta"]}
    with mock_aws():
        wired, clients = in_memory_with_clients()
        create_table(dynamodb_client(), "IssuedTable")
        wired.post([counted(6), event("client.described", {"owner": NOOR["name"]})])
        wired.settle()
        look(wired, "/feeds", **few)
        calls = []
        for wish in ({}, {"owner": "Nobody"}, {"form": "1" * 16}, {"withdraw": "1" * 16}):
            with metered(clients.pages) as meter:
                send(wired, claims=few, **wish) if wish else look(wired, "/feeds", **few)
            calls.append(meter.calls["BatchGetItem"])

    assert calls == [1, 1, 1, 1]


def test_of_very_many_clients_only_what_is_planned_is_told(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("coming_of_all", "reading"):
        monkeypatch.setattr(f"functions.pages.feeds.{module}.MOST_READ", 2)
    every, noors = (
        address_of(send(service, owner=owner, form=form)) for owner, form in (("", FORM), ("noor voorbeeld", "1" * 16))
    )
    answer = read(service, every)

    assert events(answer).keys() == {
        *("acme-talk-t-1@opmm", "gamma-talk-t-3@opmm", "acme-action-a-1@opmm", "acme-action-a-2@opmm")
    }
    assert str(Calendar.from_ical(answer.text)["DESCRIPTION"]).startswith("Talks and agreements only")
    assert any("-stale-" in identity for identity in events(read(service, noors)))
    assert "DESCRIPTION" not in Calendar.from_ical(read(service, noors).text)


def test_it_is_read_also_when_that_cannot_be_noted(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    address = address_of(send(service))
    busy = ClientError({"Error": {"Code": "ThrottlingException"}}, "UpdateItem")
    with patch.object(Register, "mark_read", side_effect=busy):
        answer = read(service, address)

    assert answer.status == 200
    assert [line["error"] for line in logged(caplog, "a feed was read, and that could not be noted")] == ["ClientError"]


def test_a_feed_opens_nothing_else(service: Service) -> None:
    secret = urlsplit(address_of(send(service))).path.removeprefix("/feeds/")

    for text in (secret, secret.removesuffix(".ics")):
        assert service.get("/v1/clients", bearer=text).status == 401
        assert service.post(counted(1), bearer=text).status == 401
        headers = {"cookie": f"__Host-opmm={text}", "accept": "text/html", "host": HOST}
        assert call(service.pages, http_event("GET", "/", headers=headers)).status == 401
        assert look(service, f"/sign-in?token={text}").status == 401


def test_a_link_or_a_token_is_no_feed(service: Service) -> None:
    register = Register(dynamodb_client(), "IssuedTable")
    send(service)
    [feed] = issued()
    dynamodb_client().update_item(
        TableName="IssuedTable",
        Key={"id": {"S": feed.id}},
        UpdateExpression="SET #kind = :link REMOVE feed_file",
        ExpressionAttributeNames={"#kind": "kind"},
        ExpressionAttributeValues={":link": {"S": "link"}},
    )

    assert register.get(feed.id) is not None
    assert read(service, f"/feeds/{sealed(feed.id, TOKEN_KEY)}.ics").status == 404


def test_it_is_noted_when_it_was_last_read_at_most_once_an_hour(service: Service) -> None:
    address = address_of(send(service))
    drawn = look(service, "/feeds", **NOOR).text
    assert "never read" in drawn
    assert "made 24 November by Noor Voorbeeld, until 24 November 2027" in drawn
    read_at = []
    for minutes in (0, 20, 39, 2):
        service.clock.now += timedelta(minutes=minutes)
        read(service, address)
        read_at.append(issued()[0].last_read_at)

    assert read_at == [NOW, NOW, NOW, NOW + timedelta(minutes=61)]
    assert "last read 24 Nov 14:01" in look(service, "/feeds", **NOOR).text


def test_a_read_leaves_nothing_of_its_address_in_the_log(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    address = address_of(send(service))
    caplog.clear()
    read(service, address, query="secret=1")
    read(service, address.replace(".ics", ".csv"))
    lines = logged(caplog, "responded")

    assert [(line["status"], line.get("feed_id"), line.get("problem")) for line in lines] == [
        (200, FORM, None),
        (404, None, "NotFoundError"),
    ]
    told = repr([vars(record) for record in caplog.records])
    assert urlsplit(address).path.rpartition("-")[2].removesuffix(".ics") not in told
    assert "secret=1" not in told


def test_a_calendar_says_on_its_last_days_that_it_ends(service: Service) -> None:
    address = address_of(send(service, days="20"))
    assert f"{FORM}-ends@opmm" not in events(read(service, address))

    service.clock.now += timedelta(days=7)
    ending = Calendar.from_ical(read(service, address).text).walk("VEVENT")[-1]

    assert str(ending["UID"]) == f"{FORM}-ends@opmm"
    assert str(ending["SUMMARY"]).startswith("This calendar ends on 14 December 2026: make another one")
    assert (ending.decoded("DTSTART"), ending.decoded("DTEND")) == (date(2026, 12, 1), date(2026, 12, 15))


def test_a_form_that_is_sent_twice_makes_one_feed_and_a_withdrawn_one_is_not_shown_again(service: Service) -> None:
    first = address_of(send(service))
    service.clock.now += timedelta(seconds=2)
    assert address_of(send(service)) == first
    assert len(issued()) == 1

    send(service, withdraw=FORM)
    again = send(service)
    assert (again.status, "This form has made a feed already" in again.text) == (422, True)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"owner": "Nobody"}, "owner"),
        ({"file": "pdf"}, "file"),
        ({"language": "de"}, "language"),
        ({"days": "0"}, "days"),
        ({"days": "401"}, "days"),
        ({"days": "\u0664"}, "days"),
        ({"form": "../etc"}, "owner"),
    ],
)
def test_a_fault_comes_back_beside_its_field(service: Service, sent: dict[str, Any], field: str) -> None:
    refused = send(service, **sent)

    assert (refused.status, issued()) == (422, [])
    [control] = re.findall(rf'<(?:input|select) id="feed-{field}"[^>]*>', refused.text)
    assert 'aria-invalid="true"' in control
    assert f'href="#feed-{field}"' in refused.text


@pytest.mark.parametrize(
    ("claims", "site", "status"),
    [
        (NOOR, "cross-site", 403),
        (NOOR | {"scopes": ROLES["viewer"]}, "same-origin", 403),
        (NOOR | {"scopes": ROLES["client"], "clients": ["acme"]}, "same-origin", 403),
        (NOOR | {"clients": ["gamma"]}, "same-origin", 422),
        (NOOR | {"clients": ["acme"]}, "same-origin", 200),
    ],
)
def test_who_may_not_makes_none_and_none_reaches_further_than_who_made_it(
    service: Service, claims: dict[str, Any], site: str, status: int
) -> None:
    made = send(service, site=site, claims=claims)

    assert made.status == status
    assert len(issued()) == (status == 200)
    if status == 200:
        assert {identity.partition("-")[0] for identity in events(read(service, address_of(made)))} == {"acme"}
    if status == 403 and site == "same-origin":
        assert look(service, "/feeds", **claims).status == 403


def test_editors_see_and_withdraw_their_own_and_admins_everybodys(service: Service) -> None:
    send(service)
    withdraw = f'value="{FORM}"'

    assert [withdraw in look(service, "/feeds", **claims).text for claims in (NOOR, SAM, ADMIN)] == [True, False, True]
    assert "There is no such feed" in send(service, claims=SAM, withdraw=FORM).text
    assert issued()[0].withdrawn_at is None
    assert "Withdrawn: its address opens nothing any more." in send(service, claims=ADMIN, withdraw=FORM).text
    assert issued()[0].withdrawn_at == NOW
    assert withdraw not in look(service, "/feeds", **NOOR).text


def test_two_rotations_of_the_keys_end_a_feed(service: Service) -> None:
    address = address_of(send(service))
    opened = []
    for held in ({"current": "n" * 64, "previous": TOKEN_KEY}, {"current": "m" * 64, "previous": "n" * 64}):
        secrets_client().put_secret_value(SecretId="opmm/token-keys", SecretString=json.dumps(held))
        opened.append(read(Service(service.tables), address).status)

    assert opened == [200, 404]


def test_a_client_whose_scorecard_is_made_anew_keeps_what_was_planned(service: Service) -> None:
    address = address_of(send(service, owner=""))
    item = {"client_id": {"S": "acme"}, "item": {"S": "scorecard"}}
    dynamodb_client().update_item(
        TableName=service.tables.scores,
        Key=item,
        UpdateExpression="SET made_with = :other",
        ExpressionAttributeValues={":other": {"L": [{"S": "another"}, {"S": "Europe/Amsterdam"}]}},
    )
    told = events(read(service, address))

    assert told["acme-talk-t-1@opmm"] == (date(2026, 12, 3), "Acme: Talk")
    assert [identity for identity in told if identity.startswith("acme-stale")] == []
    assert [identity for identity in told if identity.startswith("gamma-stale")]


@pytest.fixture
def in_a_stack(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The same for the commands, which read the real clock."""
    service.clock.now = datetime.now(UTC)  # noqa: TID251 - tools take the real time
    monkeypatch.setattr(Target, "of", lambda name, *_where: InMemory(name or "opmm", boto3.Session()))
    return service


def ran(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_a_feed_is_made_listed_and_ended_by_commands(in_a_stack: Service) -> None:
    made = ran("feed", "--owner", "sam example", "--format", "csv", "--language", "nl", "--days", "30")
    assert made.exit_code == 0, made.output
    [feed] = issued()
    until = feed.grant.until.strftime("%Y-%m-%d %H:%M UTC")
    address = made.stdout.strip()

    assert re.fullmatch(rf"{PAGES}feeds/{feed.id}-[0-9a-f]{{40}}\.csv", address)
    assert made.stderr == (
        f"feed {feed.id}, csv in nl, of the clients of Sam Example, until {until}.\n"
        f"To end it: make revoke ID={feed.id}\n"
    )
    assert [row["client_id"] for row in table(read(in_a_stack, address))] == ["gamma"]

    listed, read_at = ran("links").stdout, issued()[0].last_read_at
    assert read_at
    [row] = [re.split(r"\s{2,}", line.strip()) for line in listed.splitlines() if feed.id in line]
    assert row[:5] == [feed.id, "feed", "Sam Example", "csv in nl", "of Sam Example"]
    assert row[-3:-1] == [until, read_at.strftime("%Y-%m-%d %H:%M UTC")]
    assert "Its address opens nothing any more." in ran("revoke", "--id", feed.id).stdout
    assert "Withdrawn already" in ran("revoke", "--id", feed.id).stdout
    assert read(in_a_stack, address).status == 404
    assert TokenKeys.read(secrets_client(), "opmm").revoked == {}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], 'OWNER="Sam Example" or ALL=1.'),
        (["--owner", "Sam Example", "--all"], "not both"),
        (["--owner", "Nobody"], "no client has the owner 'Nobody'; owners are "),
    ],
)
@pytest.mark.usefixtures("in_a_stack")
def test_a_feed_of_nobody_is_not_made(words: list[str], says: str) -> None:
    ended = ran("feed", *words)

    assert ended.exit_code
    assert says in str(ended.exception)
    assert issued() == []
