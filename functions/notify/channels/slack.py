"""A message as blocks of Slack.

Lines are rich text, in which what people are called is text and nothing else: neither `*` nor `<!channel>` in a name
does anything. Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

import json
from typing import Any

from functions.notify.channels.cutting import Sections, fitted, shortened
from shared.destinations.message import Line, Message, Section
from shared.texts.words import Words

MOST_BLOCKS = 50
LONGEST_HEADER = 150
LONGEST_TEXT = 3000
MOST_BYTES = 12_000
"""Of all blocks. Slack says only that they may be too long, in `msg_blocks_too_long`."""

_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def drawn(message: Message, language: str) -> bytes:
    """What an incoming webhook takes."""
    words = Words(language)
    document = {
        # What notifications show; the only text here in which Slack looks for mentions and links.
        "text": escaped(shortened(message.title, LONGEST_HEADER)),
        "blocks": fitted(message, lambda sections, more: _blocks(message, sections, more, words), _fits),
        "unfurl_links": False,
        "unfurl_media": False,
    }
    return json.dumps(document, ensure_ascii=False).encode()


def escaped(text: str) -> str:
    """A text in which nothing is a mention or a link."""
    return "".join(_ESCAPED.get(letter, letter) for letter in text)


def _fits(blocks: list[Any]) -> bool:
    return len(blocks) <= MOST_BLOCKS and len(json.dumps(blocks, ensure_ascii=False).encode()) <= MOST_BYTES


def _blocks(message: Message, sections: Sections, more: int, words: Words) -> list[dict[str, Any]]:
    title = {"type": "plain_text", "text": shortened(message.title, LONGEST_HEADER), "emoji": False}
    blocks: list[dict[str, Any]] = [{"type": "header", "text": title}, *map(_block, sections)]
    if more:
        blocks.append(_rich(_section(_text(words.counted("channel_more", more)))))
    if message.link:
        blocks.append(_rich(_section({"type": "link", "url": message.link, "text": words("channel_open")})))
    return blocks


def _block(section: Section) -> dict[str, Any]:
    if section.heading is None:
        return _rich(*(_section(_element(line)) for line in section.lines))
    heading = _text(section.heading) | {"style": {"bold": True}}
    items = [_section(_element(line)) for line in section.lines]
    return _rich(_section(heading), {"type": "rich_text_list", "style": "bullet", "elements": items})


def _rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


def _section(element: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": [element]}


def _element(line: Line) -> dict[str, Any]:
    text = _text(line.text)
    return text if line.link is None else {"type": "link", "url": line.link, "text": text["text"]}


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": shortened(text, LONGEST_TEXT)}
