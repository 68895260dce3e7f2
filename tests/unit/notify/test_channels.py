"""How a message is drawn for each channel: within its limits, and with names that are names and nothing else."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from functions.notify.channels import email, slack, teams, webhook
from functions.notify.channels.cutting import first_lines, shortened
from shared.destinations.destination import Destination
from tests.support.messages import HOSTILE, OCCURRED_AT, message

CURRENT, PREVIOUS = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = f"whsec_{'A' * 32}"


def clock() -> datetime:
    """The real time, at the moment of a test: the official package compares with it."""
    return datetime.now(UTC)  # noqa: TID251 - see above


def crm(*secrets: str) -> Destination:
    return Destination(
        name="crm",
        channel="webhook",
        addresses=("https://crm.example.com/",),
        secrets=secrets,
        wants=frozenset({"changes"}),
    )


def values(document: Any, key: str) -> Iterator[Any]:
    """Everything that stands under a key, anywhere in a document."""
    if isinstance(document, dict):
        yield from (value for name, value in document.items() if name == key)
        for value in document.values():
            yield from values(value, key)
    elif isinstance(document, list):
        for member in document:
            yield from values(member, key)


@pytest.mark.parametrize("secret", [CURRENT, PREVIOUS])
def test_the_official_package_verifies_a_webhook_by_either_secret(secret: str) -> None:
    body = webhook.drawn(message())
    headers = dict(webhook.signed(message(), crm(CURRENT, PREVIOUS), body, clock()))

    assert Webhook(secret).verify(body, headers) == {
        "type": "opmm.digest",
        "timestamp": "2026-11-23T06:30:00Z",
        "data": {"client_id": "acme", "total": 12, "note": "caf\u00e9"},
    }
    assert headers["webhook-id"] == message().id


def test_a_webhook_of_another_key_time_or_body_does_not_verify() -> None:
    body = webhook.drawn(message())
    headers = dict(webhook.signed(message(), crm(CURRENT), body, clock()))
    old = dict(webhook.signed(message(), crm(CURRENT), body, clock() - timedelta(minutes=6)))

    for key, sent, signed in ((OTHER, body, headers), (CURRENT, body + b" ", headers), (CURRENT, body, old)):
        with pytest.raises(WebhookVerificationError):
            Webhook(key).verify(sent, signed)


def test_a_try_once_more_has_the_same_id_and_another_signature() -> None:
    body = webhook.drawn(message())
    first, second = (
        dict(webhook.signed(message(), crm(CURRENT), body, clock() + timedelta(seconds=n))) for n in (0, 5)
    )

    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-signature"] != second["webhook-signature"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 5


@pytest.mark.parametrize("lines", [0, 1, 40, 3000])
@pytest.mark.parametrize("text", ["short", "x" * 5000, "\u20ac" * 900, HOSTILE])
def test_blocks_keep_to_the_limits_of_slack(lines: int, text: str) -> None:
    document = json.loads(slack.drawn(message(title=text, lines=lines, text=text), "en"))

    blocks = document["blocks"]
    assert len(blocks) <= 50
    assert len(blocks[0]["text"]["text"]) <= 150
    assert all(0 < len(told) <= 3000 for told in values(blocks[1:], "text"))
    assert len(json.dumps(blocks, ensure_ascii=False).encode()) <= 12_000
    assert blocks[-1]["elements"][0]["elements"][0]["url"] == "https://pages.example/notifications"


def test_nothing_in_a_name_does_anything_in_slack() -> None:
    document = json.loads(slack.drawn(message(title=HOSTILE, text=HOSTILE), "en"))

    assert "<" not in document["text"]
    assert document["text"].startswith("&lt;!channel&gt; *Acme* _&amp; Sons_")
    assert {"mrkdwn", "broadcast", "user"} & set(values(document, "type")) == set()
    assert set(values(document, "url")) == {
        *(f"https://pages.example/clients/acme?at={number}" for number in (0, 1)),
        "https://pages.example/notifications",
    }


@pytest.mark.parametrize("lines", [0, 1, 40, 3000])
@pytest.mark.parametrize("text", ["short", "x" * 5000, "\u20ac" * 900, HOSTILE])
def test_a_card_keeps_to_the_limit_of_teams(lines: int, text: str) -> None:
    body = teams.drawn(message(title=text, lines=lines, text=text), "nl")
    [attachment] = json.loads(body)["attachments"]

    assert len(body) <= 24_000
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert attachment["content"]["actions"][0]["title"] == "Openen in OPMM"


def test_nothing_in_a_name_does_anything_in_teams() -> None:
    document = json.loads(teams.drawn(message(title=HOSTILE, text=HOSTILE), "en"))

    assert set(values(document, "type")) == {
        *("message", "AdaptiveCard", "RichTextBlock", "TextRun", "Action.OpenUrl"),
    }, "Markdown is read in a TextBlock, and in a TextRun it is not"
    assert not any("evil" in url for url in values(document, "url"))


@pytest.mark.parametrize(("draw", "more"), [(slack.drawn, "And "), (teams.drawn, "And ")])
def test_what_is_left_out_is_said(draw: Any, more: str) -> None:
    drawn = draw(message(lines=1000), "en").decode()
    [said] = [text for text in values(json.loads(drawn), "text") if isinstance(text, str) and text.startswith(more)]

    shown = sum(1 for text in values(json.loads(drawn), "text") if isinstance(text, str) and "12 of 20" in text)
    assert shown > 10
    # One line above, and one of the talks, which come last and so are left out first.
    assert said == f"And {1002 - 1 - shown} more lines."


def test_a_line_is_left_out_with_its_section() -> None:
    sections = message(lines=2).sections
    assert [len(section.lines) for section in first_lines(sections, 2)] == [1, 1]
    assert first_lines(sections, 0) == ()
    assert (shortened("abc", 3), shortened("abcd", 3)) == ("abc", "ab\u2026")


class Reader(HTMLParser):
    """What a reader of a mail meets."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_mail_says_the_same_as_text_and_as_html() -> None:
    mail = email.drawn(message(), "nl")

    assert mail.subject == "Acme fell by 3 points"
    assert mail.text.startswith("Acme fell by 3 points\n\nThe week of 16 November\n\nFallen\n- Acme: 12 of 20")
    assert mail.text.endswith("\n\nOpenen in OPMM: https://pages.example/notifications\n")
    reader = Reader()
    reader.feed(mail.html)
    assert reader.links == [
        *(f"https://pages.example/clients/acme?at={number}" for number in (0, 1)),
        "https://pages.example/notifications",
    ]
    assert all(line.text in reader.text for section in message().sections for line in section.lines)


def test_nothing_in_a_name_does_anything_in_a_mail() -> None:
    mail = email.drawn(message(title=f"{HOSTILE}\r\nBcc: b@b.example\u2028\x00", text=HOSTILE), "en")
    reader = Reader()
    reader.feed(mail.html)

    assert mail.subject.isprintable()
    assert "script" not in reader.tags
    assert not any("evil" in str(link) for link in reader.links)
    assert len(mail.subject) <= 200


def test_a_subject_is_one_line() -> None:
    assert email.subject("Acme\r\nBcc: b@b.example\t\u2028x ") == "Acme Bcc: b@b.example x"


def test_the_time_of_a_webhook_is_when_it_occurred() -> None:
    assert json.loads(webhook.drawn(message()))["timestamp"] == OCCURRED_AT.isoformat().replace("+00:00", "Z")
