"""The destinations document: its faults are listed by field, and never with a secret or an address."""

import json
import re
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from shared.destinations.destination import Destination
from shared.destinations.destination_rules import DestinationSettings
from shared.destinations.document import (
    DestinationsDocument,
    DestinationsError,
    UnreadableDestinationError,
    load_destinations,
)

KEY = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
ADDRESSES = {
    "webhook": "https://crm.example.com/opmm?key=hush",
    "slack": "https://hooks.slack.com/services/T0001/B0001/hush",
    "teams": "https://4b1.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/1?sig=hush",
}
ABSENT: Any = ...


def of(channel: str, /, **changes: Any) -> dict[str, Any]:
    """A destination without faults, with some of it changed or left out."""
    where: dict[str, Any] = {"mailboxes": ["hush@agency.example"]}
    if channel != "email":
        where = {"address": ADDRESSES[channel]}
    signed = {"secrets": [KEY]} if channel == "webhook" else {}
    described = {"channel": channel, **where, **signed, "wants": ["digest", "alerts"], **changes}
    return {field: value for field, value in described.items() if value is not ABSENT}


def faults(described: Any, *, loopback: bool = False) -> list[str]:
    with pytest.raises(DestinationsError) as raised:
        load_destinations({"one": described}, loopback=loopback)
    assert not any(secret in str(raised.value) for secret in ("hush", KEY, KEY[6:]))
    return [fault.removeprefix("one.") for fault in raised.value.faults]


def test_what_is_not_said_is_usual() -> None:
    found = load_destinations({"crm": of("webhook", wants=["changes"]), "sam": of("email")})

    assert found == {
        "crm": Destination(
            name="crm",
            channel="webhook",
            addresses=(ADDRESSES["webhook"],),
            secrets=(KEY,),
            wants=frozenset({"changes"}),
        ),
        "sam": Destination(
            name="sam",
            channel="email",
            addresses=("hush@agency.example",),
            wants=frozenset({"digest", "alerts"}),
            language="nl",
            days=("monday",),
            at=time(7, 30),
        ),
    }


def test_the_documents_example_can_be_stored() -> None:
    text = (Path(__file__).parents[3] / "docs" / "notify.md").read_text(encoding="utf-8")
    [example, *_] = re.findall(r"^```json\n(.+?)^```", text, re.MULTILINE | re.DOTALL)
    assert load_destinations(json.loads(example)).keys() == {"monday", "sam", "crm"}
    named = set(re.findall(r"`(\w+)`", text.partition("## Slack")[0]))
    assert set(DestinationSettings.model_fields) <= named


def test_everything_can_be_said() -> None:
    found = load_destinations(
        {
            "team": of(
                "teams", owner="Sam de Vries", language="en", days=["friday", "monday"], at="16:45", comments=True
            ),
            "board": of("slack", clients=["acme", "globex"]),
            "crm": of("webhook", secrets=[KEY, f"whsec_{'A' * 64}"]),
        }
    )

    team = found["team"]
    assert (team.owner, team.clients, team.language, team.comments) == ("Sam de Vries", None, "en", True)
    assert (team.days, team.at) == (("monday", "friday"), time(16, 45))
    assert found["board"].clients == frozenset({"acme", "globex"})
    assert len(found["crm"].secrets) == 2


@pytest.mark.parametrize(
    "address",
    [
        "https://prod-23.westeurope.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=hush",
        "https://default1.2.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/1?sig=hush",
    ],
)
def test_a_workflow_of_teams_has_one_of_two_hosts(address: str) -> None:
    assert load_destinations({"team": of("teams", address=address)})["team"].addresses == (address,)


@pytest.mark.parametrize(
    ("described", "field", "message"),
    [
        ([], "one", "must be an object"),
        ({"wants": ["digest"]}, "channel", "is missing"),
        (of("webhook", channel="fax"), "channel", "'webhook', 'slack', 'teams' or 'email'"),
        (of("webhook", address=ABSENT), "address", "is missing"),
        (of("webhook", address="http://hush.example/"), "address", "must begin with https://"),
        (of("webhook", address="https://10.0.0.1/hush"), "address", "not an IP address"),
        (of("webhook", address="https://hush.internal/"), "address", "inside the network"),
        (of("webhook", address="http://localhost/hush"), "address", "must begin with https://"),
        (of("webhook", address=["https://hush.example/"]), "address", "must be text"),
        (of("webhook", secrets=ABSENT), "secrets", "is missing"),
        (of("webhook", secrets=[]), "secrets", "is empty"),
        (of("webhook", secrets=[KEY] * 3), "secrets", "must have at most 2 entries"),
        (of("webhook", secrets=[KEY[6:]]), "secrets.0", "must be whsec_ and base64"),
        (of("webhook", secrets=[KEY, "whsec_hush"]), "secrets.1", "must be whsec_ and base64"),
        (of("webhook", secrets=[f"{KEY}\n"]), "secrets.0", "must be whsec_ and base64"),
        (of("webhook", secrets=[f"whsec_{'A' * 92}"]), "secrets.0", "of 24 to 64 bytes"),
        (of("slack", secrets=[KEY]), "secrets", "belongs to the channel webhook"),
        (of("slack", address="https://hooks.slack.com/triggers/T1/2/hush"), "address", "an incoming webhook"),
        (of("slack", address="https://hooks.slack.com/services/T1/B1/hush/../x"), "address", "an incoming webhook"),
        (of("slack", address="https://hooks.slack.com.hush.example/services/T/B/x"), "address", "an incoming webhook"),
        (of("teams", address="https://hush.webhook.office.com/webhookb2/1"), "address", "Microsoft has retired"),
        (of("teams", address="https://logic.azure.com.hush.example/"), "address", "must be that of a workflow"),
        (of("teams", address="https://hushlogic.azure.com/"), "address", "must be that of a workflow"),
        (of("teams", wants=["changes"]), "wants", "for a webhook only"),
        (of("email", mailboxes=ABSENT), "mailboxes", "is missing"),
        (of("email", mailboxes=[]), "mailboxes", "is empty"),
        (of("email", mailboxes=["hush@agency.example"] * 2), "mailboxes", "twice"),
        (of("email", mailboxes=["hush@agency.example", "Hush@Agency.example"]), "mailboxes", "twice"),
        (of("email", mailboxes=["Sam <hush@agency.example>"]), "mailboxes.0", "one e-mail address"),
        (of("email", mailboxes=["hush@agency.example,b@b.example"]), "mailboxes.0", "one e-mail address"),
        (of("email", mailboxes=["hush@agency.example\nBcc: b@b.example"]), "mailboxes.0", "one e-mail address"),
        (of("email", mailboxes=["hush@agency.example\r"]), "mailboxes.0", "one e-mail address"),
        (of("email", mailboxes=["hu\u017fh@agency.example"]), "mailboxes.0", "one e-mail address"),
        (of("email", mailboxes=["hush@localhost"]), "mailboxes.0", "one e-mail address"),
        (of("email", address="https://hush.example/"), "address", "an email has mailboxes"),
        (of("slack", mailboxes=["hush@agency.example"]), "mailboxes", "belongs to the channel email"),
        (of("slack", wants=[]), "wants", "is empty"),
        (of("slack", wants=["alerts", "alerts"]), "wants", "twice"),
        (of("slack", wants=["everything"]), "wants.0", "'digest', 'alerts' or 'changes'"),
        (of("slack", owner="Sam", clients=["acme"]), "clients", "cannot be said beside owner"),
        (of("slack", owner=""), "owner", "is empty"),
        (of("slack", owner="\u202e"), "owner", "needs a sign to be seen"),
        (of("slack", owner="x" * 101), "owner", "must have at most 100 characters"),
        (of("slack", clients=["Acme B.V."]), "clients.0", "must be an id of small letters"),
        (of("slack", clients=[]), "clients", "is empty"),
        (of("slack", language="fr"), "language", "'en' or 'nl'"),
        (of("slack", days=["Monday"]), "days.0", "'monday'"),
        (of("slack", days=["monday", "monday"]), "days", "twice"),
        (of("slack", at="7:30"), "at", "a quarter of an hour"),
        (of("slack", at="07:31"), "at", "a quarter of an hour"),
        (of("slack", at="24:00"), "at", "a quarter of an hour"),
        (of("slack", at=730), "at", "must be text"),
        (of("slack", wants=["alerts"], at="07:30"), "at", "does nothing"),
        (of("slack", wants=["alerts"], days=["monday"]), "days", "does nothing"),
        (of("slack", wants=["digest"], comments=True), "comments", "does nothing"),
        (of("slack", comments="yes"), "comments", "must be true or false"),
        (of("slack", adress="https://hush.example/"), "adress", "is not a field that can stand here"),
    ],
)
def test_a_fault_is_told_with_its_place_and_without_what_stands_there(described: Any, field: str, message: str) -> None:
    found = faults(described)
    assert [fault for fault in found if fault.startswith(f"{field}: ") and message in fault] == found[:1] == found


def test_a_name_that_could_turn_a_terminal_is_told_without_that() -> None:
    with pytest.raises(DestinationsError) as raised:
        load_destinations({"c\x07rm\u202e": of("slack")})
    [fault] = raised.value.faults
    assert fault.startswith("c\ufffdrm\ufffd: ")
    assert fault in str(raised.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(DestinationsError) as raised:
        load_destinations(
            {"Board": of("slack"), "one": of("slack", wants=["x"], at="x"), "two": of("email", address="x")}
        )
    assert [fault.partition(": ")[0] for fault in raised.value.faults] == [
        "Board",
        "one.wants.0",
        "one.at",
        "two.address",
    ]


def test_no_fault_of_a_destination_hides_another() -> None:
    described = of("webhook", address="http://hush.example/", secrets=["hush"], owner="Sam", clients=["acme"], at="x")
    with pytest.raises(DestinationsError) as raised:
        load_destinations(
            {"No": described, "two": of("slack", wants=[], days=["sunday"], mailboxes=["hush"], address=5)}
        )
    assert [fault.partition(": ")[0] for fault in raised.value.faults] == [
        *("No", "No.secrets.0", "No.at", "No.address", "No.clients"),
        *("two.address", "two.mailboxes.0", "two.wants"),
    ]


def test_every_fault_is_a_sentence_of_ours() -> None:
    odd: tuple[Any, ...] = (None, 5, True, "", "x", "x" * 3000, [], ["x"], [5], ["x"] * 50, {}, {"x": 5})
    found = [
        fault.partition(": ")[2]
        for channel in ("webhook", "email")
        for field in (*DestinationSettings.model_fields, "other")
        for value in odd
        for fault in _faults_of(of(channel, **{field: value}))
    ]
    assert len(found) > 200
    assert not [told for told in found if told[:1].isupper() or " " not in told or "Input" in told or "valid" in told]


def _faults_of(described: Any) -> list[str]:
    try:
        load_destinations({"one": described})
    except DestinationsError as error:
        return error.faults
    return []


def test_a_document_is_an_object() -> None:
    with pytest.raises(DestinationsError, match="must be an object"):
        load_destinations([])
    assert load_destinations({}) == {}


@pytest.mark.parametrize("channel", ["webhook", "slack", "teams"])
def test_receivers_on_this_machine_are_for_the_local_stack(channel: str) -> None:
    described = of(channel, address="http://localhost:8099/received")
    assert faults(described)
    assert load_destinations({"one": described}, loopback=True)["one"].addresses == ("http://localhost:8099/received",)


class Held:
    """A secret that holds this text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._read: tuple[str, Any] = ("", None)

    def read(self) -> Any:
        if self._read[0] != self.text:
            self._read = (self.text, json.loads(self.text))
        return self._read[1]


class Log:
    """What was logged as an error."""

    def __init__(self) -> None:
        self.errors: list[dict[str, Any]] = []

    def error(self, _message: str, **fields: Any) -> None:
        self.errors.append(fields)


def document(described: Any) -> tuple[DestinationsDocument, Any, Log]:
    held, log = Held(json.dumps(described)), Log()
    return DestinationsDocument(held, log), held, log  # type: ignore[arg-type]


def test_a_destination_that_cannot_be_read_fails_alone() -> None:
    destinations, _, log = document({"good": of("slack"), "bad": of("slack", wants=[])})

    assert [destination.name for destination in destinations.all()] == ["good"]
    assert destinations("good")
    assert destinations("nobody") is None
    with pytest.raises(UnreadableDestinationError):
        destinations("bad")
    assert log.errors == [{"destination": "bad", "faults": 1}]


def test_a_changed_document_is_read_anew() -> None:
    destinations, held, _ = document({"one": of("slack"), "two": of("email")})
    before = {name: destinations.version(name) for name in ("one", "two", "three")}

    held.text = json.dumps({"one": of("slack", language="en"), "two": of("email")})
    one = destinations("one")
    after = {name: destinations.version(name) for name in ("one", "two", "three")}

    assert one
    assert one.language == "en"
    assert before["one"] != after["one"]
    assert (before["two"], before["three"]) == (after["two"], None)


@pytest.mark.parametrize("text", ["{", "[]", "null"])
def test_a_document_that_is_none_can_be_mended(text: str) -> None:
    destinations, held, log = document({"one": of("slack")})
    held.text = text
    with pytest.raises(UnreadableDestinationError):
        destinations.all()
    with pytest.raises(UnreadableDestinationError):
        destinations("one")
    assert log.errors
