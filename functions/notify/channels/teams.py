"""A message as an Adaptive Card, as a workflow of Teams takes it.

Lines are runs of rich text, which know no Markdown: what people are called is text and nothing else
(https://learn.microsoft.com/en-us/adaptive-cards/schema-explorer/text-run).
"""

import json
from typing import Any

from functions.notify.channels.cutting import Sections, fitted, shortened
from shared.destinations.message import Line, Message
from shared.texts.words import Words

MOST_BYTES = 24_000
"""28 KB is what Teams takes, and a workflow wraps the card once more.

https://learn.microsoft.com/en-us/microsoftteams/limits-specifications-teams
"""

_LONGEST_TITLE = 300
_LONGEST_LINE = 1000
_VERSION = "1.4"
"""What Teams shows on every device."""

_BULLET = "\N{BULLET} "


def drawn(message: Message, language: str) -> bytes:
    """What the trigger "When a Teams webhook request is received" takes."""
    words = Words(language)
    return fitted(
        message,
        lambda sections, more: _document(_card(message, sections, more, words)),
        lambda body: len(body) <= MOST_BYTES,
    )


def _document(card: dict[str, Any]) -> bytes:
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return json.dumps({"type": "message", "attachments": [attachment]}, ensure_ascii=False).encode()


def _card(message: Message, sections: Sections, more: int, words: Words) -> dict[str, Any]:
    body = [_rich(_run(shortened(message.title, _LONGEST_TITLE), weight="Bolder", size="Large"))]
    for section in sections:
        if section.heading is not None:
            body.append(_rich(_run(shortened(section.heading, _LONGEST_TITLE), weight="Bolder"), spacing="Medium"))
        body += [
            _rich(_line(line, "" if section.heading is None else _BULLET), spacing="Small") for line in section.lines
        ]
    if more:
        body.append(_rich(_run(words.counted("channel_more", more), isSubtle=True), spacing="Medium"))
    card: dict[str, Any] = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": _VERSION,
        "lang": words.language,
        "fallbackText": shortened(message.title, _LONGEST_TITLE),
        "body": body,
        "msteams": {"width": "Full"},
    }
    if message.link:
        card["actions"] = [{**_opening(message.link), "title": words("channel_open")}]
    return card


def _rich(run: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [run], **properties}


def _line(line: Line, before: str) -> dict[str, Any]:
    run = _run(before + shortened(line.text, _LONGEST_LINE))
    return run if line.link is None else run | {"selectAction": _opening(line.link)}


def _run(text: str, **properties: Any) -> dict[str, Any]:
    return {"type": "TextRun", "text": text, **properties}


def _opening(link: str) -> dict[str, Any]:
    return {"type": "Action.OpenUrl", "url": link}
