"""The form on the client's page about its alerts: they pause for a while, and somebody takes them over."""

import html
import json
import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from shared.http.tokens import ROLES
from shared.storage.attention import Attention, AttentionOvertakenError, Attentions, muted, taken_over
from tests.support.calls import look
from tests.support.clients import dynamodb_client, secrets_client
from tests.support.forms import ADMIN, EDITOR, drawn, followed, said, send
from tests.support.readings import counted
from tests.support.service import NOW, Functions, Service, event

PAGE, FORM = "/clients/acme", "/clients/acme/alerts"
NOBODY: dict[str, Any] = {"scopes": ROLES["editor"], "name": None}


@pytest.fixture
def acme(service: Service) -> Service:
    service.post([counted(6), event("client.described", {"name": "Acme B.V.", "owner": "Sam Example"})])
    service.settle()
    return service


def chosen() -> Attention:
    return Attentions(dynamodb_client(), "NotificationsTable").of("acme")


def listening(**destination: Any) -> None:
    described = {"channel": "email", "mailboxes": ["noor@agency.example"], **destination}
    secrets_client().put_secret_value(SecretId="opmm/destinations", SecretString=json.dumps({"noor": described}))


def shown(service: Service, **claims: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", look(service, PAGE, **{**EDITOR, **claims}).text)).split())


def choose(service: Service, act: str, **claims: Any) -> str:
    response = send(service, FORM, drawn(service, PAGE, FORM, **claims) | {"act": act}, **claims)
    return said(followed(service, response, **claims))


@pytest.mark.parametrize(("act", "days"), [("day", 1), ("week", 7), ("month", 30)])
def test_alerts_pause_for_a_while_and_the_page_says_until_when_and_who_chose_it(
    acme: Service, act: str, days: int
) -> None:
    told = choose(acme, act)

    held = chosen()
    assert (held.muted_until, held.muted_by) == (NOW + timedelta(days=days), "Noor van Dalen")
    assert told.startswith("Saved: no alerts until ")
    assert told.removeprefix("Saved: no alerts until ")[:-1] in shown(acme)
    assert "Noor van Dalen chose that." in shown(acme)


def test_the_pause_ends_by_itself_and_when_somebody_wants_it(acme: Service) -> None:
    choose(acme, "week")
    acme.clock.now += timedelta(days=7)
    assert "None goes out until" not in shown(acme)

    choose(acme, "week", **ADMIN)
    assert choose(acme, "sound") == "Saved: this client has alerts again."
    assert (chosen().muted_until, chosen().muted_by) == (None, None)


def test_who_takes_alerts_over_is_told_on_the_page_until_they_are_given_back(acme: Service) -> None:
    assert "go to those who hear of the clients of Sam Example." in shown(acme)

    listening(owner="NOOR van Dalen", wants=["alerts"])
    assert choose(acme, "take") == "Saved: the alerts of this client go to Noor van Dalen."
    assert "Noor van Dalen took the alerts of this client over on 24 November." in shown(acme)
    assert "Take the alerts over" not in shown(acme)
    assert "Take the alerts over" in shown(acme, **ADMIN)

    choose(acme, "give", **ADMIN)
    assert (chosen().taken_by, chosen().taken_at) == (None, None)


@pytest.mark.parametrize(
    "destination", [{"owner": "Sam Example"}, {"owner": "Noor van Dalen", "wants": ["digest"]}, {}], ids=str
)
def test_who_takes_alerts_over_that_reach_nobody_is_told_so(acme: Service, destination: dict[str, Any]) -> None:
    listening(**{"wants": ["alerts"], **destination})

    assert "No destination gets alerts of the clients of Noor van Dalen" in choose(acme, "take")
    assert chosen().taken_by == "Noor van Dalen"


def test_alerts_are_taken_over_also_while_nobody_can_say_whom_they_reach(acme: Service) -> None:
    with patch.object(Functions, "invoke", lambda *_, **__: {"FunctionError": "Unhandled"}):
        assert choose(acme, "take") == "Saved: the alerts of this client go to Noor van Dalen."


def test_what_is_chosen_of_one_thing_leaves_the_other_as_it_is(acme: Service) -> None:
    choose(acme, "take")
    choose(acme, "day")

    assert (chosen().taken_by, chosen().muted_until) == ("Noor van Dalen", NOW + timedelta(days=1))


def test_a_form_that_is_sent_twice_chooses_once(acme: Service) -> None:
    fields = drawn(acme, PAGE, FORM) | {"act": "week"}
    first = send(acme, FORM, fields)
    acme.clock.now += timedelta(hours=3)
    second = send(acme, FORM, fields)

    assert (first.status, second.status) == (303, 303)
    assert (chosen().version, chosen().muted_until) == (1, NOW + timedelta(days=7))


def test_what_somebody_else_has_chosen_since_is_not_written_over(acme: Service) -> None:
    fields = drawn(acme, PAGE, FORM) | {"act": "month"}
    choose(acme, "take", **ADMIN)

    refused = send(acme, FORM, fields)

    assert (refused.status, "Somebody else has changed this meanwhile." in refused.text) == (422, True)
    assert (chosen().taken_by, chosen().muted_until) == ("Bo Baas", None)


@pytest.mark.usefixtures("acme")
def test_a_choice_of_the_same_moment_is_not_lost() -> None:
    attentions = Attentions(dynamodb_client(), "NotificationsTable")
    read = attentions.of("acme")
    attentions.replace(read, muted(read, NOW, "Kim"))

    with pytest.raises(AttentionOvertakenError):
        attentions.replace(read, taken_over(read, "Sam", NOW))
    once_more = attentions.of("acme")
    attentions.replace(once_more, taken_over(once_more, "Sam", NOW))
    assert (attentions.of("acme").muted_by, attentions.of("acme").taken_by) == ("Kim", "Sam")


@pytest.mark.parametrize(
    ("fields", "claims", "status", "told"),
    [
        ({"act": "take"}, NOBODY, 422, "names nobody"),
        ({"form": ""}, {}, 422, "open for too long"),
        ({"form": "20260101-120000-000000-0123456789ab"}, {}, 422, "open for too long"),
        ({"version": "x"}, {}, 422, "Somebody else"),
        ({"act": "year"}, {}, 422, ""),
        ({}, {"origin": "https://evil.example"}, 403, ""),
        ({}, {"scopes": ROLES["viewer"]}, 403, ""),
        ({}, {"scopes": ROLES["client"], "clients": ["acme"]}, 403, ""),
        ({}, {"clients": ["beta"]}, 403, ""),
    ],
    ids=str,
)
def test_what_may_not_be_chosen_is_refused_and_nothing_is_stored(
    acme: Service, fields: dict[str, str], claims: dict[str, Any], status: int, told: str
) -> None:
    refused = send(acme, FORM, {**drawn(acme, PAGE, FORM), "act": "week", **fields}, **claims)

    assert (refused.status, told in refused.text) == (status, True)
    assert chosen() == Attention(client_id="acme")


def test_somebody_without_a_name_may_mute_and_is_not_offered_to_take_over(acme: Service) -> None:
    page = shown(acme, **NOBODY)
    choose(acme, "week", **NOBODY)

    assert "this link names nobody" in page
    assert "Take the alerts over" not in page
    assert chosen().muted_by is None
    assert re.search(r"None goes out until \w+ 1 December, \d\d:\d\d\.", shown(acme, **NOBODY))


@pytest.mark.parametrize("claims", [{"scopes": ROLES["viewer"]}, {"scopes": ROLES["client"], "clients": ["acme"]}])
def test_who_only_reads_sees_nothing_of_it(acme: Service, claims: dict[str, Any]) -> None:
    assert FORM not in look(acme, PAGE, **claims).text
    assert FORM not in look(acme, f"{PAGE}?as_of=2026-11-20", **EDITOR).text


def test_the_form_speaks_dutch(acme: Service) -> None:
    send(acme, FORM, drawn(acme, PAGE, FORM) | {"act": "week"})
    page = look(acme, f"{PAGE}?lang=nl", **EDITOR).text

    assert all(told in page for told in ("Meldingen", "Er gaat er geen uit tot ", "dat koos Noor van Dalen", "Weer"))
