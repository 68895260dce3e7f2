"""Trying a destination out: the function itself sends a sample, with its own rights, and tells what came back."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from moto import mock_aws
from standardwebhooks import Webhook

from functions.notify.handler import wire
from tests.support.clients import secrets_client
from tests.support.receivers import OK, receiver
from tests.support.template import environment

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


@pytest.fixture(autouse=True)
def memory() -> Iterator[None]:
    with mock_aws():
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
