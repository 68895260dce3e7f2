"""Links for somebody at a client, made on a page: by whom, for whom, and what they open."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from moto import mock_aws

from shared.http.tokens import ROLES, verify
from shared.storage.issued import Issued, Register
from tests.support.calls import call, look
from tests.support.clients import dynamodb_client
from tests.support.readings import counted
from tests.support.service import TOKEN_KEY, Answer, Service, http_event, in_memory, token
from tests.support.template import create_table

pytestmark = pytest.mark.usefixtures("plainly")

EDITOR: dict[str, Any] = {"scopes": ROLES["editor"], "name": "Ed Editor"}
ADMIN: dict[str, Any] = {"scopes": ROLES["admin"], "name": "Ada Admin"}
FORM = "0123456789abcdef"


@pytest.fixture
def service() -> Iterator[Service]:
    with mock_aws():
        wired = in_memory()
        create_table(dynamodb_client(), "IssuedTable")
        wired.clock.now = datetime.now(UTC)  # noqa: TID251 - tokens are checked against the real time
        wired.post([counted(6), counted(3, subject="beta")])
        wired.settle()
        yield wired


def send(service: Service, path: str = "/clients/acme/links", site: str = "same-origin", **sent: Any) -> Answer:
    claims = {name: sent.pop(name) for name in ("scopes", "clients") if name in sent}
    fields = {"name": "Sam Example", "days": "30", "form": FORM, **sent}
    headers = {
        "cookie": f"__Host-opmm={token(**(EDITOR | claims))}",
        "accept": "text/html",
        "host": "opmm.example.com",
        "sec-fetch-site": site,
        "content-type": "application/x-www-form-urlencoded",
    }
    return call(service.pages, http_event("POST", path, urlencode(fields), headers))


def link_of(answer: Answer) -> str:
    [shown] = re.findall(r"<textarea[^>]*>([^<]*)</textarea>", answer.text)
    return html.unescape(shown)


def issued() -> list[Issued]:
    return Register(dynamodb_client(), "IssuedTable").listed()


def test_an_editor_makes_a_link_that_opens_one_client_in_counts(service: Service) -> None:
    made = send(service)
    address = link_of(made)

    assert (made.status, address.partition("?")[0]) == (200, "https://opmm.example.com/sign-in")
    granted = verify(f"Bearer {address.partition('token=')[2]}", [TOKEN_KEY])
    assert (granted.clients, granted.scopes) == (frozenset({"acme"}), frozenset({"scores:read"}))
    assert (granted.role, granted.name) == ("client", "Sam Example")
    [written] = issued()
    assert (written.id, written.grant.made_by, written.grant.role) == (FORM, "Ed Editor", "client")
    assert written.grant.until == (service.clock.now + timedelta(days=30)).replace(microsecond=0)


def test_a_form_that_is_sent_twice_makes_one_link(service: Service) -> None:
    first = send(service)
    service.clock.now += timedelta(seconds=2)

    assert link_of(send(service)) == link_of(first)
    assert len(issued()) == 1


def test_a_form_that_is_sent_again_for_somebody_else_makes_none_and_keeps_what_was_typed(service: Service) -> None:
    send(service)
    again = send(service, name="Kim Example")

    assert (again.status, len(issued())) == (422, 1)
    assert 'value="Kim Example"' in again.text
    assert FORM not in again.text


def test_what_was_withdrawn_is_not_shown_again(service: Service) -> None:
    send(service)
    register = Register(dynamodb_client(), "IssuedTable")
    register.mark_withdrawn(issued()[0], service.clock.now)

    assert send(service).status == 422


@pytest.mark.parametrize(
    ("sent", "field", "says"),
    [
        ({"name": ""}, "name", "Say for whom it is"),
        ({"name": "\u202eevil"}, "name", "Say for whom it is"),
        ({"name": "x" * 101}, "name", "Say for whom it is"),
        ({"days": "0"}, "days", "A whole number from 1 to 400."),
        ({"days": "401"}, "days", "A whole number from 1 to 400."),
        ({"days": "1e2"}, "days", "A whole number from 1 to 400."),
        ({"days": "\u0664"}, "days", "A whole number from 1 to 400."),
        ({"form": "../etc"}, "name", "has made a link already"),
    ],
)
def test_a_fault_comes_back_beside_its_field_with_all_that_was_typed(
    service: Service, sent: dict[str, str], field: str, says: str
) -> None:
    refused = send(service, **sent)

    assert (refused.status, issued()) == (422, [])
    [control] = re.findall(rf'<input id="link-{field}"[^>]*>', refused.text)
    assert 'aria-invalid="true"' in control
    assert says in refused.text
    assert f'value="{html.escape(sent.get("days", "30"))}"' in refused.text


@pytest.mark.parametrize(
    ("claims", "site", "status"),
    [
        ({}, "cross-site", 403),
        ({"scopes": ROLES["viewer"]}, "same-origin", 403),
        ({"scopes": ROLES["client"], "clients": ["acme"]}, "same-origin", 403),
        ({"clients": ["beta"]}, "same-origin", 403),
        ({"clients": ["acme"]}, "same-origin", 200),
    ],
)
def test_who_may_not_makes_none(service: Service, claims: dict[str, Any], site: str, status: int) -> None:
    assert send(service, site=site, **claims).status == status
    assert len(issued()) == (status == 200)


def test_admins_see_who_holds_which_and_how_one_is_ended(service: Service) -> None:
    send(service)
    send(service, "/clients/beta/links", name="Somebody Else", form="f" * 16)
    seen, by_editor = (look(service, "/clients/acme/links", **claims).text for claims in (ADMIN, EDITOR))

    assert f"<code>{FORM}</code>" in seen
    assert "by Ed Editor" in seen
    assert "make revoke" in seen
    assert "Somebody Else" not in seen
    assert FORM not in by_editor
    assert look(service, "/clients/acme/links", **{**ADMIN, "clients": ["acme"]}).text.count("<code>") == 0


def test_the_strip_above_the_clients_view_leads_editors_there(service: Service) -> None:
    leads = 'href="/clients/acme/links"'

    assert leads in look(service, "/clients/acme/as-client", **EDITOR).text
    assert leads not in look(service, "/clients/acme/as-client", scopes=ROLES["viewer"]).text
