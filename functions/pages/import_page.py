"""Imports a file in the browser: somebody of the agency chooses it, looks how it is read, and imports it in steps."""

import base64
import binascii
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from itertools import chain, islice
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from typing_extensions import override

from functions.pages.controls import button, fault_strip, field, link_button, note_strip, saved_strip
from functions.pages.layout import PageContext, page
from functions.pages.markup import Child, Markup, tag
from functions.pages.sections import crumb, title_row
from shared.http.multipart import MEDIA_TYPE, Upload, multipart
from shared.http.problems import (
    CrossSiteError,
    ForbiddenError,
    InvalidError,
    NotJsonError,
    TooLargeError,
    VersionSortError,
)
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.reading.scorecards import Cards
from shared.sheets.errors import SheetError
from shared.sheets.files import FileReading, readings
from shared.sheets.interpretation import Interpretation
from shared.sheets.previews import Preview
from shared.sheets.reading import FileOptions, Line
from shared.sheets.revisions import older
from shared.sheets.times import ORDERS
from shared.sheets.twice import Elsewhere, told_twice
from shared.texts.import_texts import IMPORT_TEXTS
from shared.texts.words import Words

if TYPE_CHECKING:
    from shared.intake.intake import Intake

SCOPES = ("events:write", "people:write")
"""Of editors."""

MOST_BYTES = 1 << 20
"""Of a file. Behind a browser it travels as base64, and a function takes 6 MB."""

_MOST_OF_FORM = MOST_BYTES + 65_536
_MOST_OF_STEP = 3 * MOST_BYTES
"""Of a form that holds the file in base64, percent-encoded where it has to be."""

AT_ONCE = 200
"""Events of a step."""
_LONGEST_STEP = 8.0
"""Seconds, after which no further event is begun: a request has 16."""
_SHOWN_FAULTS = 50
_LONGEST_SOURCE = 100
_COUNTS = ("accepted", "duplicate", "superseded", "refused", "without")


_C = TypeVar("_C")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A file, and what was said of it."""

    name: str
    content: bytes
    fields: Mapping[str, str]

    @property
    def source(self) -> str:
        """What it is imported as."""
        return self.fields.get("source", "").strip()[:_LONGEST_SOURCE]

    @property
    def options(self) -> FileOptions:
        """What was said, as the reading takes it."""
        day = self.fields.get("day", "")
        return FileOptions(self.source, ORDERS.get(self.fields.get("dates", "")), None, day if _is_day(day) else "")


class _AskedInPage(Words):
    """The words of imports where fields ask for what a command takes."""

    __slots__ = ()

    @override
    def __call__(self, key: str, **values: str | int) -> str:
        return super().__call__(f"{key}_page" if f"{key}_page" in IMPORT_TEXTS else key, **values)


class ImportPage:
    """`/import`, for editors of all clients."""

    def __init__(self, cards: Cards, intake: "Callable[[], Intake]", elsewhere: Elsewhere) -> None:
        self._cards = cards
        self._intake = intake
        self._elsewhere = elsewhere

    def show(self, context: PageContext, token: Token) -> Response:
        """`GET`: where a file is chosen. Raises ForbiddenError."""
        _admit(token)
        return _drawn(context, _choose(context, {}))

    def take(self, context: PageContext, token: Token) -> Response:
        """`POST`: shows how the chosen file would be read, or imports the next part of one that was looked at.

        Raises CrossSiteError, ForbiddenError, NotJsonError, and TooLargeError for a step that no page of ours sends.
        """
        if not context.request.is_from_own_page:
            raise CrossSiteError
        _admit(token)
        if context.request.media_type == MEDIA_TYPE:
            try:
                fields, uploads = multipart(context.request, _MOST_OF_FORM)
            except TooLargeError:
                return _too_large(context, {})
            upload = uploads.get("file", Upload("", b""))
            asked = _Asked(upload.name, upload.content, fields)
        else:
            fields = context.request.form(most_bytes=_MOST_OF_STEP)
            asked = _Asked(fields.get("name", ""), _decoded(fields.get("content", "")), fields)
        if len(asked.content) > MOST_BYTES:
            return _too_large(context, asked.fields)
        words = _AskedInPage(context.words.language)
        try:
            token.require_source(asked.source)
            understood = self._understood(words)
            tables = readings(asked.name, lambda: io.BytesIO(asked.content), understood, asked.options)
        except SheetError as refused:
            strip = fault_strip(f"{asked.name}: {refused}" if asked.content else words("import_no_file"))
            return _drawn(context, strip, _choose(context, asked.fields), status=HTTPStatus.UNPROCESSABLE_ENTITY)
        if fields.get("act") != "import":
            return _drawn(context, *self._look(context, asked, tables))
        return _drawn(context, *self._step(context, token, asked, tables))

    def _understood(self, words: Words) -> Interpretation:
        cards, intake = self._cards, self._intake()
        understood = Interpretation.by(cards.model, cards.zone, cards.clock(), intake.names.called)
        return replace(understood, words=words)

    def _look(self, context: PageContext, asked: _Asked, tables: list[FileReading]) -> Iterator[Child]:
        """How the file would be read, and the button that imports it."""
        words = _AskedInPage(context.words.language)
        warned = list(told_twice((table.lines() for table in tables), asked.source, self._elsewhere, words))
        for table in tables:
            preview = _without_persons(table.preview or table.shown())
            yield tag.section(
                tag.h2(table.name),
                tag.p(preview.said),
                _columns(preview, words),
                _rows(preview, words),
                _listed(note for note in table.notes if note not in preview.differences),
                class_="sheet card",
            )
        yield from (note_strip(sentence) for sentence in warned)
        label = "import_all_the_same" if warned else "import_now"
        yield tag.form(
            *_kept(asked, "0", {}),
            tag.div(
                button(words(label), weight="filled", name="act", value="import"),
                link_button(words("import_other"), context.link("/import")),
                class_="acts",
            ),
            method="post",
            action=context.link("/import"),
            class_="sheet card",
        )

    def _step(self, context: PageContext, token: Token, asked: _Asked, tables: list[FileReading]) -> Iterator[Child]:
        """Imports the next part. What was imported already is a duplicate, so every step may be sent again."""
        words, begun = context.words, monotonic()
        done = _whole(asked.fields.get("done", ""))
        counts = Counter({key: _whole(asked.fields.get(key, "")) for key in _COUNTS})
        faults: list[str] = []
        lines = islice(chain.from_iterable(table.lines() for table in tables), done, None)
        taken, finished = 0, True
        for line in lines:
            if taken >= AT_ONCE or monotonic() - begun > _LONGEST_STEP:
                finished = False
                break
            done += 1
            status, said = self._take(line, token)
            counts[status] += 1
            taken += status != "refused" or not line.faults
            if said and len(faults) < _SHOWN_FAULTS:
                faults.append(f"{line.file}:{line.number}: {said}")
        told = ", ".join(words(f"import_{key}", count=counts[key]) for key in _COUNTS if counts[key])
        yield saved_strip(words("import_done" if finished else "import_so_far", counts=told or words("import_none")))
        if faults:
            yield tag.section(
                tag.h2(words("import_faults")),
                _listed(faults),
                class_="sheet card",
            )
        if finished:
            ways = (("portfolio", "/"), ("import_other", "/import"))
            yield tag.div((link_button(words(key), context.link(path)) for key, path in ways), class_="acts")
            return
        yield tag.form(
            *_kept(asked, str(done), counts),
            tag.div(button(words("import_on"), weight="filled", name="act", value="import"), class_="acts"),
            method="post",
            action=context.link("/import"),
            class_="sheet card",
        )

    def _take(self, line: Line, token: Token) -> tuple[str, str | None]:
        """What became of a line, and why where it was refused."""
        if line.faults:
            return "refused", "; ".join(line.faults)
        event = without_respondent(line.event)
        if event["type"] == "client.described" and "clients:write" not in token.scopes:
            return "without", None
        try:
            return self._intake().take(event, token).status, None
        except InvalidError as invalid:
            return "refused", "; ".join(f"{fault.pointer} {fault.detail}" for fault in invalid.faults)
        except (ForbiddenError, VersionSortError) as refused:
            return "refused", refused.detail


def without_respondent(event: Mapping[str, Any]) -> dict[str, Any]:
    """A response without the person, for whom this function has no key.

    It is told as a microsecond or a count older, so that it never replaces the whole one.
    """
    told = dict(event)
    if "respondent" not in event["data"]:
        return told
    told["data"] = {key: value for key, value in event["data"].items() if key != "respondent"}
    version = "sequence" if "sequence" in event else "time"
    told[version] = older(event[version])
    return told


def _admit(token: Token) -> None:
    """Raises ForbiddenError for whoever is no editor of all clients."""
    for scope in SCOPES:
        token.require(scope)
    if token.clients is not None:
        raise ForbiddenError("The token does not grant every client.")


def _too_large(context: PageContext, typed: Mapping[str, str]) -> Response:
    """The form once more, for a file that is larger than what a page takes."""
    strip = fault_strip(context.words("file_over", most=MOST_BYTES >> 20))
    return _drawn(context, strip, _choose(context, typed), status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _decoded(content: str) -> bytes:
    """The bytes of a file that a page of ours has kept. Raises NotJsonError."""
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotJsonError("The file cannot be decoded.") from error


def _drawn(context: PageContext, *content: Child, status: int = HTTPStatus.OK) -> Response:
    words = context.words
    head = title_row(words("import_title"), words("import_lead"), above=crumb(words("portfolio"), context.link("/")))
    return page(context, words("import_title"), head, *content, status=status)


def _choose(context: PageContext, typed: Mapping[str, str]) -> Markup:
    """The form in which a file is chosen."""
    words = context.words
    options = (("", "import_dates_file"), ("dmy", "import_dates_dmy"), ("mdy", "import_dates_mdy"))
    chosen = typed.get("dates", "")
    return tag.form(
        field(
            words("import_file"),
            tag.input(type="file", name="file", id="file", accept=".csv,.tsv,.txt,.xlsx", required=True),
            id_="file",
            hint=words("import_file_hint"),
        ),
        field(
            words("import_source"),
            tag.input(
                type="text",
                name="source",
                id="source",
                value=typed.get("source", ""),
                maxlength=_LONGEST_SOURCE,
                required=True,
            ),
            id_="source",
            hint=words("import_source_hint"),
        ),
        field(
            words("import_dates"),
            tag.select(
                (tag.option(words(key), value=value, selected=value == chosen) for value, key in options),
                name="dates",
                id="dates",
            ),
            id_="dates",
        ),
        field(
            words("import_day"),
            tag.input(type="date", name="day", id="day", value=typed.get("day", "")),
            id_="day",
            hint=words("import_day_hint"),
        ),
        tag.div(button(words("import_look"), weight="filled", name="act", value="look"), class_="acts"),
        method="post",
        action=context.link("/import"),
        enctype=MEDIA_TYPE,
        class_="sheet card",
    )


def _kept(asked: _Asked, done: str, counts: Mapping[str, int]) -> Iterator[Markup]:
    """The file and all that was said of it, for the next step: nothing of it is stored in between."""
    told = {name: asked.fields.get(name, "") for name in ("source", "dates", "day")}
    kept = {"name": asked.name, **told, "done": done, **{key: str(counts.get(key, 0)) for key in _COUNTS}}
    kept["content"] = base64.b64encode(asked.content).decode()
    return (tag.input(type="hidden", name=name, value=value) for name, value in kept.items())


def _without_persons(preview: Preview) -> Preview:
    """As the page imports it: the column that says who has answered is left out (`without_respondent`)."""
    left = [place for place, (column, _) in enumerate(preview.columns) if column == "respondent"]
    if not left:
        return preview

    def kept(cells: Sequence[_C]) -> tuple[_C, ...]:
        return tuple(cell for place, cell in enumerate(cells) if place not in left)

    return replace(
        preview,
        columns=kept(preview.columns),
        left_out=(*preview.left_out, *(preview.columns[place][1] for place in left)),
        rows=tuple(replace(row, cells=kept(row.cells)) for row in preview.rows),
    )


def _columns(preview: Preview, words: Words) -> Child:
    left = preview.left_out
    said = words("map_left_out", headings=", ".join(left)) if left else words("map_left_out_none")
    return [tag.p(said), _listed(preview.differences)]


def _listed(sentences: Iterable[str]) -> Child:
    rows = [tag.li(sentence) for sentence in sentences]
    return tag.ul(rows, class_="rows") if rows else None


def _rows(preview: Preview, words: Words) -> Child:
    head = tag.tr((tag.th(heading, scope="col", title=column) for column, heading in preview.columns))
    body = []
    for row in preview.rows:
        body.append(tag.tr(tag.td(cell) for cell in row.cells))
        if row.faults:
            said = f"{row.number}: {'; '.join(row.faults)}"
            body.append(tag.tr(tag.td(said, colspan=len(preview.columns), class_="fault")))
    said = preview.rows_said(words)
    table = tag.table(tag.caption(said), tag.thead(head), tag.tbody(body), class_="looked-at")
    return tag.div(table, class_="scroll", tabindex="0", role="region", aria_label=said)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("9999999") else 0
