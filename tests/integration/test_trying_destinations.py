"""Trying a destination out: the function itself sends a sample, with its own rights, and tells what came back."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from moto import mock_aws
from standardwebhooks import Webhook

from functions.notify.handler import wire
from shared.destinations.document import version_of
from shared.storage.destination_states import DestinationStates
from tests.support.clients import dynamodb_client, secrets_client
from tests.support.receivers import OK, receiver
from tests.support.template import create_tables, environment

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


@pytest.fixture(autouse=True)
def memory() -> Iterator[None]:
    with mock_aws():
        create_tables(dynamodb_client())
        secrets_client().create_secret(Name=environment("NotifyFunction")["DESTINATIONS_SECRET"], SecretString="{}")
        yield


def tried(name: str, described: Any, **parameters: str) -> dict[str, Any]:
    settings = environment("NotifyFunction", **parameters)
    secrets_client().put_secret_value(SecretId=settings["DESTINATIONS_SECRET"], SecretString=json.dumps(described))
    function = wire(settings, lambda: datetime.now(UTC))  # noqa: TID251 - the official package compares with the clock
    return function({"job": "try_destination", "destination": name}, None)


def test_a_sample_arrives_in_the_language_of_the_destination() -> None:
    with receiver(OK) as crm, receiver(OK) as chat:
        document = {
            "crm": {"channel": "webhook", "address": crm.address(), "secrets": [SECRET], "wants": ["changes"]},
            "team": {"channel": "teams", "address": chat.address(), "wants": ["digest"], "language": "en"},
        }
        told = tried("crm", document, LoopbackDestinations="yes")
        tried("team", document, LoopbackDestinations="yes")

    assert (told["found"], told["taken"], told["status"], told["said"]) == (True, True, 200, "ok")
    assert told["steps"][-1] == "answered 200 OK"
    head, _, body = crm.received[0].partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    sent = Webhook(SECRET).verify(body, headers)
    assert (sent["type"], sent["data"]["destination"]) == ("opmm.test", "crm")
    assert b"A test of this destination" in chat.received[0]


def test_a_destination_that_takes_a_sample_fares_well_unless_it_has_ended() -> None:
    states, now = DestinationStates(dynamodb_client(), "NotificationsTable"), datetime.now(UTC)  # noqa: TID251 - as above
    for name in ("mended", "gone", "down"):
        states.failed(name, now)
    with receiver(OK) as crm, receiver(b"HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n") as down:
        described = {"channel": "webhook", "address": crm.address(), "secrets": [SECRET], "wants": ["changes"]}
        document = {"mended": described, "gone": described, "down": described | {"address": down.address()}}
        states.ended("gone", version_of(document["gone"]), now)
        for name in document:
            tried(name, document, LoopbackDestinations="yes")

    assert {name: state.failing_since is None for name, state in states.all().items()} == {
        "mended": True,
        "gone": False,
        "down": False,
    }


def test_what_is_on_this_machine_is_called_by_the_local_stack_only() -> None:
    with receiver(OK) as crm:
        document = {"crm": {"channel": "slack", "address": crm.address(), "wants": ["digest"]}}
        assert tried("crm", document) == {"found": False}
    assert crm.received == []


def test_a_destination_that_is_not_there_or_cannot_be_read_is_told() -> None:
    assert tried("crm", {}) == {"found": False}
    assert tried("crm", {"crm": {}}) == {"found": False}
    assert tried("crm", []) == {"found": False}


def test_without_a_sender_no_mail_is_tried() -> None:
    document = {"sam": {"channel": "email", "mailboxes": ["sam@agency.example"], "wants": ["digest"]}}
    assert tried("sam", document)["fault"] == "no_sender"
    refused = tried("sam", document, MailSender="opmm@agency.example")
    assert (refused["fault"], refused["steps"]) == ("mail", ["mailbox 1: MessageRejected"])
