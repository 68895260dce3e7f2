"""A file that somebody has sent with a form, what was said of it, and how a page keeps it until the next one."""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date

from functions.pages.layout import PageContext
from functions.pages.markup import Markup, tag
from shared.http.multipart import MEDIA_TYPE, Upload, multipart
from shared.http.problems import NotJsonError, TooLargeError
from shared.opmm.dataclass import dataclass
from shared.sheets.reading import FileOptions
from shared.sheets.times import ORDERS

MOST_BYTES = 1 << 20
"""Of a file. Behind a browser it travels as base64, and a function takes 6 MB."""

_MOST_OF_FORM = 3 * MOST_BYTES
"""Of a form that holds the file in base64, percent-encoded where it has to be, or another one beside it."""

_SAID = ("source", "dates", "day")
"""The fields in which something is said of a file."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A file, and what was said of it."""

    name: str
    content: bytes
    fields: Mapping[str, str]

    @property
    def source(self) -> str:
        """What it is imported as."""
        return self.fields.get("source", "").strip()

    @property
    def about(self) -> str:
        """What tells it from any other file, and from the same one of which something else was said."""
        said = [self.name, *(self.fields.get(name, "") for name in _SAID)]
        return hashlib.sha256(json.dumps(said).encode() + self.content).hexdigest()

    @property
    def options(self) -> FileOptions:
        """What was said, as the reading takes it."""
        day = self.fields.get("day", "")
        return FileOptions(self.source, ORDERS.get(self.fields.get("dates", "")), None, day if _is_day(day) else "")


def asked_of(context: PageContext) -> Asked | None:
    """The file and what was said of it; None for one that is far too large.

    A file that is chosen comes before one that the page has kept. Raises NotJsonError and TooLargeError.
    """
    if context.request.media_type != MEDIA_TYPE:
        return _kept_file(context.request.form(most_bytes=_MOST_OF_FORM))
    try:
        fields, uploads = multipart(context.request, _MOST_OF_FORM)
    except TooLargeError:
        return None
    upload = uploads.get("file", Upload("", b""))
    return Asked(upload.name, upload.content, fields) if upload.name else _kept_file(fields)


def _kept_file(fields: Mapping[str, str]) -> Asked:
    return Asked(fields.get("name", ""), _decoded(fields.get("content", "")), fields)


def _decoded(content: str) -> bytes:
    """The bytes of a file that a page of ours has kept. Raises NotJsonError."""
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotJsonError("The file cannot be decoded.") from error


def kept(asked: Asked, progress: str = "") -> Iterator[Markup]:
    """The file and all that was said of it, for the next step: nothing of it is stored in between."""
    told = {name: asked.fields.get(name, "") for name in _SAID}
    yield from (_hidden(name, value) for name, value in {**told, "progress": progress}.items())
    yield from file_in(asked)


def file_in(asked: Asked) -> tuple[Markup, ...]:
    """A file within a form."""
    return _hidden("name", asked.name), _hidden("content", base64.b64encode(asked.content).decode())


def _hidden(name: str, value: str) -> Markup:
    return tag.input(type="hidden", name=name, value=value)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
