"""The page about what was sent to whom: what it says and to whom, what it never says, and sending again."""

import html
import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args
from unittest.mock import patch

import pytest

from shared.destinations.answer import Fault, Unsent
from shared.destinations.document import version_of
from shared.http.tokens import ROLES, SCOPES
from shared.opmm.model import LANGUAGES
from shared.storage.deliveries import Deliveries, Delivery
from shared.storage.destination_states import DestinationState, DestinationStates
from shared.storage.journal import Reference
from shared.texts.words import Words
from tests.support.calls import look
from tests.support.clients import dynamodb_client, secrets_client
from tests.support.forms import ADMIN, EDITOR, followed, said, send
from tests.support.readings import counted
from tests.support.service import NOW, Answer, Functions, Service, event

pytestmark = pytest.mark.usefixtures("plainly")

PLACE, TABLE = "/notifications", "NotificationsTable"
KEY = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
DESTINATIONS: dict[str, Any] = {
    "crm": {
        "channel": "webhook",
        "address": "https://crm.example/hooks/sesame?key=t0psecret",
        "wants": ["changes"],
        "secrets": [KEY],
    },
    "sam": {
        "channel": "email",
        "mailboxes": ["sam@agency.example", "kim@agency.example"],
        "wants": ["digest", "alerts"],
        "owner": "Sam Example",
        "comments": True,
    },
    "two": {
        "channel": "webhook",
        "address": "https://two.example/",
        "wants": ["alerts"],
        "secrets": [KEY],
        "clients": ["acme", "beta"],
    },
}
SENT = "It is on its way."
SECRET = ("sesame", "t0psecret", KEY, KEY.removeprefix("whsec_"), "sam@agency.example", "kim@agency.example")


@pytest.fixture
def acme(service: Service) -> Service:
    service.post([counted(6), event("client.described", {"name": "Acme B.V."})])
    service.settle()
    listening(service, DESTINATIONS)
    return service


def listening(service: Service, document: Any) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    secrets_client().put_secret_value(SecretId="opmm/destinations", SecretString=text)
    service.clock.now += timedelta(minutes=2)


def deliveries() -> Deliveries:
    return Deliveries(dynamodb_client(), TABLE)


def states() -> DestinationStates:
    return DestinationStates(dynamodb_client(), TABLE)


def changed_entry() -> Reference:
    """An entry of the ledger that tells of a change: what is gone cannot be sent."""
    items = dynamodb_client().scan(TableName="ScoresTable")["Items"]
    found = [Reference(item["client_id"]["S"], item["item"]["S"]) for item in items]
    return next(each for each in found if each.item.startswith("change#"))


def sent(number: int = 1, destination: str = "crm", **changed: Any) -> Delivery:
    made = Delivery(
        destination=destination,
        id=f"202611-{number:016}",
        subject="change",
        reference=changed_entry().item,
        client_id="acme",
        occurred_at=NOW + timedelta(seconds=number),
        made_at=NOW,
    )
    delivery = replace(made, **changed)
    assert deliveries().add(delivery) or delivery.status != "pending"
    return delivery


def failed(number: int = 1, **changed: Any) -> Delivery:
    given_up: dict[str, Any] = {"status": "failed", "tries": 10, "answer": "503", "answered_at": NOW}
    return sent(number, **given_up | changed)


def shown(service: Service, query: str = "", **claims: Any) -> str:
    return text_of(look(service, f"{PLACE}{query}", **{**EDITOR, **claims}))


def text_of(answer: Answer) -> str:
    assert answer.status == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def act(service: Service, act: str, destination: str = "crm", **fields: str) -> Answer:
    claims = dict(ADMIN)
    return send(service, PLACE, {"destination": destination, "act": act, **fields}, **claims)


def waiting(service: Service) -> list[dict[str, Any]]:
    """The messages of the queue of deliveries."""
    service.outgoing.delivered.clear()
    service.outgoing.deliver(lambda *_: {"batchItemFailures": []})
    return sorted(service.outgoing.delivered, key=lambda message: str(message["delivery"]))


def test_every_destination_is_told_without_its_address_and_its_secrets(acme: Service) -> None:
    states().arrived("crm", DestinationState(), NOW)
    drawn = look(acme, PLACE, **EDITOR)
    page = text_of(drawn)

    assert "Webhook, crm.example: gets every change of all clients" in page
    assert (
        "E-mail, 2 mailboxes: gets alerts and the digest of the clients of Sam Example, with comments of respondents"
        in page
    )
    assert "Webhook, two.example: gets alerts of 2 clients: acme, beta" in page
    assert page.count("last delivered 13:00") == 1
    assert page.count("nothing delivered yet") == 2
    one = look(acme, f"{PLACE}?destination=crm", **ADMIN)
    assert not [secret for secret in SECRET for told in (drawn, one) if secret in told.text]


def test_how_a_destination_fares_is_told(acme: Service) -> None:
    states().failed("crm", NOW)
    acme.notify({"job": "describe_destinations"}, None)
    [crm] = [
        each for each in acme.notify({"job": "describe_destinations"}, None)["destinations"] if each["name"] == "crm"
    ]
    assert crm["failing_since"] == "2026-11-24T12:00:00Z"
    assert "Nothing arrives there since Tuesday 24 November, 13:00." in shown(acme)
    assert "Nothing arrives there since" in shown(acme, "?destination=crm")


def test_one_that_said_it_is_gone_is_told_so_until_its_entry_changes(acme: Service) -> None:
    version = acme.notify({"job": "describe_destinations"}, None)
    assert version["readable"] is True
    failed()
    states().ended("crm", versions()["crm"], NOW)

    page = look(acme, f"{PLACE}?destination=crm", **ADMIN)
    assert "It said on Tuesday 24 November, 13:00 that it is gone (410)" in text_of(page)
    assert not re.findall(r'value="(?:failed_)?again"', page.text)
    listening(acme, DESTINATIONS | {"crm": DESTINATIONS["crm"] | {"language": "en"}})
    assert "410" not in shown(acme)


def versions() -> dict[str, str]:
    return {name: version_of(described) for name, described in DESTINATIONS.items()}


def test_what_was_sent_is_told_the_latest_first_with_what_became_of_it(acme: Service) -> None:
    sent(1, status="delivered", tries=2, answer="204", answered_at=NOW)
    sent(2, tries=3, answer="timeout", answered_at=NOW, next_at=NOW + timedelta(hours=2))
    failed(3)
    sent(4, status="ended", answer="nothing_to_tell", answered_at=NOW, client_id="gone", again=1)
    sent(5, subject="digest", client_id=None)

    page = shown(acme, "?destination=crm")

    told = [
        "The digest 13:00",
        "gone change, 13:00",
        "not sent there is nothing to tell any more",
        "sent again once",
        "failed , 10 tries answered 503, 13:00",
        "to be sent, 3 tries no answer within 10 seconds, 13:00; next try 15:00",
        "Acme B.V. change, 13:00",
        "delivered, 2 tries taken (204)",
    ]
    places = [page.find(text) for text in (told[0], told[1], told[4], told[5], told[7])]
    assert [text for text in told if text not in page] == []
    assert places == sorted(places)
    acme.clock.now += timedelta(days=1)
    assert "Acme B.V. change, Tuesday 24 November, 13:00" in shown(acme, "?destination=crm")
    assert 'href="/clients/acme"' in look(acme, f"{PLACE}?destination=crm", **EDITOR).text


def test_it_goes_on_page_by_page_and_only_with_what_failed(acme: Service) -> None:
    for number in range(1, 61):
        failed(number) if number % 2 else sent(number, status="delivered", tries=1, answer="200", answered_at=NOW)
    found: dict[str, list[str]] = {}
    for status in ("all", "failed"):
        place, found[status] = f"{PLACE}?destination=crm&status={status}", []
        while place:
            drawn = look(acme, place, **EDITOR).text
            found[status] += re.findall(r"<code>(202611-\d+)</code>", drawn)
            further = re.search(r'href="(/notifications\?[^"]*cursor=[^"]*)" class="button', drawn)
            place = html.unescape(further[1]) if further else ""

    assert found["all"] == [f"202611-{number:016}" for number in range(60, 0, -1)]
    assert found["failed"] == [f"202611-{number:016}" for number in range(59, 0, -2)]


def test_one_is_sent_again_once_however_often_it_is_asked_for(acme: Service) -> None:
    given_up = failed()
    answers = [act(acme, "again", delivery=given_up.key, again="0") for _ in range(2)]

    assert [answer.status for answer in answers] == [303] * 2
    held = deliveries().get("crm", given_up.key)
    assert held is not None
    assert (held.status, held.tries, held.again, held.id) == ("pending", 0, 1, given_up.id)
    assert waiting(acme) == [{**given_up.message, "again": 1}]
    assert [said(followed(acme, answer)) for answer in answers] == [SENT] * 2


def test_what_was_tried_since_somebody_looked_is_not_said_to_be_on_its_way(acme: Service) -> None:
    given_up = failed()
    act(acme, "again", delivery=given_up.key, again="0")
    held = deliveries().get("crm", given_up.key)
    assert held is not None
    deliveries().replace(held, replace(held, status="delivered", tries=1, answer="200", answered_at=NOW))

    assert said(followed(acme, act(acme, "again", delivery=given_up.key, again="0"))).startswith(
        "Nothing more was sent"
    )


def test_how_often_it_was_asked_for_cannot_be_made_up(acme: Service) -> None:
    given_up = failed()

    assert said(followed(acme, act(acme, "again", delivery=given_up.key, again="99"))).startswith("Nothing more was se")
    assert deliveries().get("crm", given_up.key) == given_up
    assert waiting(acme) == []


def test_what_an_address_claims_is_not_said(acme: Service) -> None:
    given_up = failed()
    became = act(acme, "again", delivery=given_up.key, again="0").headers["Location"].partition("became=")[2]
    strips = [
        said(look(acme, f"{PLACE}?destination={name}&became={claimed}", **EDITOR).text)
        for name, claimed in (("crm", "sent"), ("crm", "sending"), ("crm", ""), ("two", became), ("crm", became))
    ]

    assert strips == ["", "", "", "", SENT]


def gone_from_the_document(_: Service) -> None:
    """A moment ago: a warm function that sends may know it still."""
    left = {name: described for name, described in DESTINATIONS.items() if name != "crm"}
    secrets_client().put_secret_value(SecretId="opmm/destinations", SecretString=json.dumps(left))


def ended(_: Service) -> None:
    states().ended("crm", versions()["crm"], NOW)


def unreadable(service: Service) -> None:
    listening(service, DESTINATIONS | {"crm": {"channel": "pigeon"}})


def no_document(service: Service) -> None:
    listening(service, "{")


def erased(_: Service) -> None:
    entry = changed_entry()
    dynamodb_client().delete_item(
        TableName="ScoresTable", Key={"client_id": {"S": entry.client_id}, "item": {"S": entry.item}}
    )


@pytest.mark.parametrize(
    ("becomes", "why"),
    [
        (gone_from_the_document, "no_destination"),
        (ended, "destination_ended"),
        (unreadable, "unreadable"),
        (no_document, "unreadable"),
        (erased, "nothing_to_tell"),
    ],
)
def test_what_nobody_can_be_told_is_not_said_to_be_on_its_way(acme: Service, becomes: Any, why: str) -> None:
    given_up = failed()
    becomes(acme)
    wishes = [{"act": "again", "delivery": given_up.key, "again": "0"}, {"act": "failed_again"}]
    # All that failed is looked at when its turn comes: each of them says by itself that there is nothing to tell.
    for wish in wishes[: 1 if why == "nothing_to_tell" else 2]:
        for language in LANGUAGES:
            words = Words(language)
            done = send(acme, f"{PLACE}?lang={language}", {"destination": "crm", "status": "failed", **wish}, **ADMIN)
            strip = said(followed(acme, done))
            assert words("delivery_unsent", why=words(f"answer_{why}")) in strip
    assert deliveries().get("crm", given_up.key) == given_up
    assert waiting(acme) == []


def test_what_was_delivered_or_waits_may_be_sent_again_and_what_is_on_its_way_not(acme: Service) -> None:
    sent(1, status="delivered", tries=1, answer="200", answered_at=NOW)
    sent(2, tries=1, answer="503", answered_at=NOW, next_at=NOW + timedelta(hours=20))
    sent(3)

    buttons = re.findall(
        r'name="delivery" value="[^"]+#([^"]+)"', look(acme, f"{PLACE}?destination=crm", **EDITOR).text
    )

    assert buttons == [f"202611-{number:016}" for number in (2, 1)]


def test_what_is_asked_for_again_while_it_waits_is_tried_by_one_message_alone(acme: Service) -> None:
    waits = sent(tries=5, answer="503", answered_at=NOW, next_at=NOW + timedelta(hours=20))
    act(acme, "again", delivery=waits.key, again="0")
    held = deliveries().get("crm", waits.key)
    assert held is not None
    record = {"messageId": "1", "receiptHandle": "1", "eventSource": "aws:sqs"}
    earlier = {"Records": [{**record, "body": json.dumps(waits.message)}]}

    assert acme.notify(earlier, None) == {"batchItemFailures": []}
    assert deliveries().get("crm", waits.key) == held


def test_all_that_failed_is_sent_again_and_nothing_else(acme: Service) -> None:
    failed(1)
    failed(2)
    failed(3, destination="two")
    sent(4, status="delivered", tries=1, answer="200", answered_at=NOW)
    page = look(acme, f"{PLACE}?destination=crm", **ADMIN)
    assert 'value="failed_again"' in page.text

    done = act(acme, "failed_again", status="failed")

    assert done.headers["Location"].startswith(f"{PLACE}?destination=crm&status=failed&became=")
    assert [message["delivery"][-1] for message in waiting(acme)] == ["1", "2"]
    assert "being sent again" in said(followed(acme, done, **ADMIN))


def test_more_that_failed_than_is_read_at_once_is_sent_again(acme: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.notify.sending_again._AT_ONCE", 3)
    for number in range(8):
        failed(number)

    assert acme.notify({"job": "send_failed_again", "destination": "crm"}, None) == {"sent": 8}
    assert acme.notify({"job": "send_failed_again", "destination": "crm"}, None) == {"sent": 0}
    assert len(waiting(acme)) == 8


@pytest.mark.parametrize(
    ("fields", "claims", "status"),
    [
        ({}, {"origin": "https://evil.example"}, 403),
        ({}, {"scopes": ROLES["viewer"]}, 403),
        ({}, {"clients": ["acme"]}, 403),
        ({"act": "failed_again"}, {"scopes": ROLES["editor"]}, 403),
        ({"act": "other"}, {}, 422),
        ({"again": "x"}, {}, 422),
        ({"again": ""}, {}, 422),
        ({"again": "9" * 5000}, {}, 422),
        ({"destination": "../x"}, {}, 404),
    ],
    ids=str,
)
def test_who_may_not_sends_nothing_again(
    acme: Service, fields: dict[str, str], claims: dict[str, Any], status: int
) -> None:
    given_up = failed()
    form = {"destination": "crm", "act": "again", "delivery": given_up.key, "again": "0", **fields}

    assert send(acme, PLACE, form, **{**ADMIN, **claims}).status == status
    assert deliveries().get("crm", given_up.key) == given_up
    assert waiting(acme) == []


@pytest.mark.parametrize(
    ("destination", "delivery", "told"),
    [
        ("crm", "2026#none", "It is not there any more."),
        ("crm", "", "It is not there any more."),
        ("crm", "x" * 2000, "It is not there any more."),
        ("other", "2026#none", "Nothing was sent, as the destination is gone."),
    ],
)
def test_what_is_not_there_is_told_so(acme: Service, destination: str, delivery: str, told: str) -> None:
    failed()

    assert said(followed(acme, act(acme, "again", destination, delivery=delivery, again="0"))) == told


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_it(acme: Service, role: Any) -> None:
    claims: dict[str, Any] = {"scopes": ROLES[role], "clients": ["acme"] if role == "client" else None}
    sees = role in ("editor", "admin")

    assert look(acme, PLACE, **claims).status == (200 if sees else 403)
    assert look(acme, PLACE, **claims | {"clients": ["acme"]}).status == 403
    assert ('href="/notifications"' in look(acme, "/clients/acme", **claims).text) is sees


def test_no_other_scope_opens_it(acme: Service) -> None:
    assert look(acme, PLACE, scopes=[scope for scope in SCOPES if scope != "people:write"]).status == 403


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?destination=none", 404),
        ("?destination=crm&status=odd", 422),
        ("?destination=crm&cursor=x", 422),
        ("?x=1", 422),
    ],
)
def test_an_address_of_nothing_is_refused(acme: Service, query: str, status: int) -> None:
    assert look(acme, f"{PLACE}{query}", **EDITOR).status == status


def test_what_was_taken_out_of_the_document_is_gone_from_the_page_at_once(acme: Service) -> None:
    assert "crm.example" in shown(acme)
    secrets_client().put_secret_value(SecretId="opmm/destinations", SecretString="{}")

    assert "No destination is set up yet." in shown(acme)
    assert look(acme, f"{PLACE}?destination=crm", **EDITOR).status == 404


def test_a_destination_and_a_document_that_cannot_be_read_are_told_so(acme: Service) -> None:
    listening(acme, DESTINATIONS | {"crm": {"channel": "pigeon", "address": "https://sesame.example/"}})
    page = look(acme, PLACE, **EDITOR)
    assert "Its entry in the document cannot be read" in text_of(page)
    assert "sesame" not in page.text
    assert "two.example" in page.text
    assert look(acme, f"{PLACE}?destination=crm", **EDITOR).status == 200

    listening(acme, "{")
    assert "The document of the destinations cannot be read" in shown(acme)
    listening(acme, {})
    assert "No destination is set up yet." in shown(acme)


def test_another_function_that_fails_is_told_as_such_and_soon_over(acme: Service) -> None:
    with patch.object(Functions, "invoke", lambda *_, **__: {"FunctionError": "Unhandled"}):
        drawn = look(acme, PLACE, **EDITOR)
        again = act(acme, "again", delivery="2026#1", again="0")

    assert [(each.status, each.headers["Retry-After"]) for each in (drawn, again)] == [(503, "5")] * 2


@pytest.mark.parametrize("answer", [*get_args(Fault), *get_args(Unsent)])
def test_every_answer_has_words(acme: Service, answer: str) -> None:
    failed(answer=answer)
    for language in LANGUAGES:
        page = shown(acme, f"?destination=crm&lang={language}")
        assert Words(language)(f"answer_{answer}") in page
        assert Words(language)("answer_status", status=answer) not in page


def test_it_speaks_dutch(acme: Service) -> None:
    failed()
    page = shown(acme, "?destination=crm&lang=nl")

    assert all(
        told in page for told in ("Berichten", "krijgt elke wijziging van alle klanten", "mislukt", "antwoordde 503")
    )
