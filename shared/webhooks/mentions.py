"""Whom a payload may mean, by any text in it: it could not be mapped, so there is no place to look at."""

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from pydantic_core import from_json

from shared.opmm.slugs import name_key, slugify

_ADDRESS = re.compile(r"[^\s<>()\[\]{}\"',;:=&?/\\|]+@[^\s<>()\[\]{}\"',;:=&?/\\|]+")
"""Anything that may be an e-mail address, also within a sentence or a link."""

_DEEPEST = 100

_LARGEST = 10**40
"""Longer numbers are no identifiers, and costly to write out."""


_LONGEST_RESPONDENT = 320
_LONGEST_NAME = 200


def names_respondent(body: bytes, respondent: str, hashed: Callable[[str], str]) -> bool:
    """Whether any text of the body, or address within one, is the person who is known by this hash."""
    tried: set[str] = set()
    for text in mentioned(body):
        if text in tried or len(text) > _LONGEST_RESPONDENT:
            continue
        if hashed(text) == respondent:
            return True
        tried.add(text)
    return False


def names_client(body: bytes, names: Collection[str], called: Collection[str]) -> bool:
    """Whether any text of the body is one of these names of a client, or what one of these keys is made of."""
    tried: set[str] = set()
    for text in mentioned(body):
        if text in tried or len(text) > _LONGEST_NAME:
            continue
        if slugify(text) in names or name_key(text) in called:
            return True
        tried.add(text)
    return False


def mentioned(body: bytes) -> Iterator[str]:
    """Every text of a body, JSON or URL-encoded or neither, and every address within one. Some come twice."""
    text = body.decode(errors="replace")
    try:
        payload = from_json(body)
    except ValueError:
        pairs = parse_qsl(text, keep_blank_values=True)
        payload = [part for pair in pairs for part in pair] or [text]
        yield from addresses(text)
    for found in _texts(payload, 0):
        yield found
        yield from addresses(found)


def addresses(text: str) -> Iterator[str]:
    """What may be an e-mail address in a text, as it stands there and as links write it."""
    if "@" in text or "%40" in text:
        for written in (text, unquote_plus(text)):
            for found in _ADDRESS.findall(written):
                yield found
                yield found.strip(".!*_`~#$%^+-")


def _texts(value: Any, depth: int) -> Iterator[str]:
    """The texts and numbers in a value, names of members included; JSON within a text is read, too."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from _texts(member, depth + 1)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member, depth + 1)
    elif isinstance(value, str):
        yield value
        if value.startswith(("{", "[")) and depth < _DEEPEST:
            try:
                inner = from_json(value)
            except ValueError:
                return
            yield from _texts(inner, depth + 1)
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST:
        yield str(value)
