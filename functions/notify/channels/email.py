"""A message as a mail: plain text, and the same as HTML that needs no style."""

from collections.abc import Iterator
from html import escape

from shared.destinations.message import Line, Message
from shared.storage.mail import Mail
from shared.texts.words import Words

_LONGEST_SUBJECT = 200


def drawn(message: Message, language: str) -> Mail:
    """The mail, without to whom it goes."""
    words = Words(language)
    return Mail(
        subject=subject(message.title),
        text="\n".join(_text(message, words)) + "\n",
        html="".join(_html(message, words)),
        # By the first a receiver knows what it has had already; by the second no machine answers (RFC 3834).
        headers={"X-OPMM-Id": message.id, "Auto-Submitted": "auto-generated"},
    )


def subject(title: str) -> str:
    """A title on one line: a line break in a name would begin another header."""
    printable = "".join(letter if letter.isprintable() else " " for letter in title)
    return " ".join(printable.split())[:_LONGEST_SUBJECT]


def _text(message: Message, words: Words) -> Iterator[str]:
    yield message.title
    for section in message.sections:
        yield ""
        if section.heading is not None:
            yield section.heading
        for line in section.lines:
            yield ("" if section.heading is None else "- ") + line.text
            if line.link is not None:
                yield f"  {line.link}"
    if message.link is not None:
        yield ""
        yield f"{words('channel_open')}: {message.link}"


def _html(message: Message, words: Words) -> Iterator[str]:
    yield f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8"><title>{escape(message.title)}'
    yield f"</title></head><body><h1>{escape(message.title)}</h1>"
    for section in message.sections:
        if section.heading is None:
            yield from (f"<p>{_line(line)}</p>" for line in section.lines)
            continue
        yield f"<h2>{escape(section.heading)}</h2><ul>"
        yield from (f"<li>{_line(line)}</li>" for line in section.lines)
        yield "</ul>"
    if message.link is not None:
        yield f"<p>{_line(Line(words('channel_open'), message.link))}</p>"
    yield "</body></html>"


def _line(line: Line) -> str:
    text = escape(line.text)
    return text if line.link is None else f'<a href="{escape(line.link)}">{text}</a>'
