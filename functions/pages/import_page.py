"""Imports a file in the browser: somebody of the agency chooses it, looks how it is read, and imports it in steps."""

import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from itertools import chain, islice
from time import monotonic
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from functions.pages.controls import button, fault_strip, link_button, note_strip, saved_strip
from functions.pages.import_drawing import CHOOSING, KEPT, LONGEST_SOURCE, LOOKING, choosing, listed, looked_at
from functions.pages.import_file import MOST_BYTES, Asked, asked_of, kept
from functions.pages.import_progress import COUNTS, Progress
from functions.pages.layout import Again, PageContext, page
from functions.pages.markup import Child, tag
from functions.pages.sections import crumb, title_row
from shared.http.problems import (
    CrossSiteError,
    ForbiddenError,
    InvalidError,
    VersionSortError,
)
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.reading.scorecards import Cards
from shared.sheets.errors import SheetError
from shared.sheets.files import FileReading, readings
from shared.sheets.interpretation import Interpretation
from shared.sheets.reading import Line
from shared.sheets.revisions import older
from shared.sheets.twice import Elsewhere, told_twice
from shared.texts.fault_texts import fault_text
from shared.texts.import_texts import IMPORT_TEXTS
from shared.texts.words import Words

if TYPE_CHECKING:
    from shared.intake.intake import Intake

SCOPES = ("events:write", "people:write")
"""Of editors."""

AT_ONCE = 200
"""Events of a step."""
_LONGEST_STEP = 8.0
"""Seconds, after which no further event is begun: a request has 16."""
_SHOWN_FAULTS = 50
_AT_MOST = {"max_length": LONGEST_SOURCE}
_IMPORT = "import"
_TELLING = Again(KEPT, "told")


class _NotTakenError(Exception):
    """A file cannot be imported: why, or what is wrong with what was said of its source."""

    def __init__(self, said: str = "", *, source: str | None = None) -> None:
        super().__init__(said)
        self.source = source


class _AskedInPage(Words):
    """The words of imports where fields ask for what a command takes."""

    __slots__ = ()

    @override
    def __call__(self, key: str, **values: str | int) -> str:
        return super().__call__(f"{key}_page" if f"{key}_page" in IMPORT_TEXTS else key, **values)


class ImportPage:
    """`/import`, for editors of all clients."""

    def __init__(
        self,
        cards: Cards,
        intake: "Callable[[], Intake]",
        elsewhere: Elsewhere,
        keys: Callable[[], Sequence[str]],
    ) -> None:
        self._keys = keys
        self._cards = cards
        self._intake = intake
        self._elsewhere = elsewhere

    def show(self, context: PageContext, token: Token) -> Response:
        """`GET`: where a file is chosen. Raises ForbiddenError."""
        _admit(token)
        return _drawn(context, choosing(context, Asked("", b"", {})), again=CHOOSING)

    def take(self, context: PageContext, token: Token) -> Response:
        """`POST`: shows how the chosen file would be read, or imports the next part of one that was looked at.

        Raises CrossSiteError, ForbiddenError, NotJsonError, and TooLargeError for a step that no page of ours sends.
        """
        if not context.request.is_from_own_page:
            raise CrossSiteError
        _admit(token)
        asked = asked_of(context)
        if asked is None or len(asked.content) > MOST_BYTES:
            return _too_large(context, asked.fields if asked else {})
        act, words = asked.fields.get("act"), _AskedInPage(context.words.language)
        if act == CHOOSING.act:
            return _drawn(context, choosing(context, asked), again=CHOOSING)
        token.require_source(asked.source)
        try:
            tables = self._tables(asked, words)
        except _NotTakenError as refused:
            return _refused(context, asked, refused)
        progress = Progress.read(asked.fields.get("progress", ""), asked.about, self._keys())
        if act == _IMPORT:
            progress = self._step(token, tables, progress or Progress())
        if act in (_IMPORT, _TELLING.act) and progress:
            return _drawn(context, *self._told(context, asked, tables, progress), again=_TELLING)
        return _drawn(context, *self._look(context, asked, tables), again=LOOKING)

    def _tables(self, asked: Asked, words: Words) -> list[FileReading]:
        """What is in the file. Raises _NotTakenError."""
        if len(asked.source) > LONGEST_SOURCE:
            raise _NotTakenError(source=fault_text("string_too_long", words.language, _AT_MOST))
        try:
            tables = readings(asked.name, lambda: io.BytesIO(asked.content), self._understood(words), asked.options)
        except SheetError as refused:
            raise _NotTakenError(f"{asked.name}: {refused}" if asked.name else words("import_no_file")) from refused
        if all(table.is_empty for table in tables):
            notes = dict.fromkeys(note for table in tables for note in table.notes)
            raise _NotTakenError(f"{asked.name}: {' '.join(notes)}")
        return tables

    def _understood(self, words: Words) -> Interpretation:
        cards, intake = self._cards, self._intake()
        understood = Interpretation.by(cards.model, cards.zone, cards.clock(), intake.names.called)
        return replace(understood, words=words)

    def _look(self, context: PageContext, asked: Asked, tables: list[FileReading]) -> Iterator[Child]:
        """How the file would be read, and the button that imports it."""
        words = _AskedInPage(context.words.language)
        warned = list(told_twice((table.lines() for table in tables), asked.source, self._elsewhere, words))
        yield from (looked_at(table, words) for table in tables)
        yield from (note_strip(sentence) for sentence in warned)
        label = "import_all_the_same" if warned else "import_now"
        yield tag.form(
            *kept(asked),
            tag.div(
                button(words(label), weight="filled", name="act", value=_IMPORT),
                link_button(words("import_other"), context.link("/import")),
                class_="acts",
            ),
            id=KEPT,
            method="post",
            action=context.link("/import"),
            class_="sheet card",
        )

    def _step(self, token: Token, tables: list[FileReading], before: Progress) -> Progress:
        """Imports the next part. What was imported already is a duplicate, so every step may be sent again."""
        begun, done, taken, finished = monotonic(), before.done, 0, True
        counts, refused = Counter(before.counts), dict[int, str]()
        for line in _lines(tables, before.done):
            if taken >= AT_ONCE or monotonic() - begun > _LONGEST_STEP:
                finished = False
                break
            status, why = self._take(line, token)
            counts[status] += 1
            taken += status != "refused" or not line.faults
            if why and len(refused) < _SHOWN_FAULTS:
                refused[done] = why
            done += 1
        return Progress(before.done, done, finished, counts, refused)

    def _told(
        self, context: PageContext, asked: Asked, tables: list[FileReading], progress: Progress
    ) -> Iterator[Child]:
        """What became of the lines so far, why some were refused in the step that was last, and the way on."""
        words, counts = _AskedInPage(context.words.language), progress.counts
        told = ", ".join(words(f"import_{key}", count=counts[key]) for key in COUNTS if counts[key])
        said = words("import_done" if progress.finished else "import_so_far", counts=told or words("import_none"))
        faults = list(islice(_faults(tables, progress, words), _SHOWN_FAULTS))
        if counts["refused"]:
            yield fault_strip(said, [(words("import_faults"), "faults")] if faults else ())
        else:
            yield saved_strip(said)
        if counts["superseded"]:
            yield note_strip(words("superseded_hint"))
        if faults:
            yield tag.section(tag.h2(words("import_faults")), listed(faults), id="faults", class_="sheet card")
        held = list(kept(asked, progress.text(asked.about, self._keys()[0])))
        if progress.finished:
            ways = (("portfolio", "/"), ("import_other", "/import"))
            yield tag.div((link_button(words(key), context.link(path)) for key, path in ways), class_="acts")
            yield tag.form(*held, id=KEPT, method="post", action=context.link("/import"))
            return
        yield tag.form(
            *held,
            tag.div(button(words("import_on"), weight="filled", name="act", value=_IMPORT), class_="acts"),
            id=KEPT,
            method="post",
            action=context.link("/import"),
            class_="sheet card",
        )

    def _take(self, line: Line, token: Token) -> tuple[str, str | None]:
        """What became of a line, and why the service has refused one that is right."""
        if line.faults:
            return "refused", None
        event = without_respondent(line.event)
        if event["type"] == "client.described" and "clients:write" not in token.scopes:
            return "without", None
        try:
            return self._intake().take(event, token).status, None
        except InvalidError as invalid:
            return "refused", "; ".join(f"{fault.pointer} {fault.detail}" for fault in invalid.faults)
        except (ForbiddenError, VersionSortError) as refused:
            return "refused", f"refused_{refused.status.value}"


def _lines(tables: Sequence[FileReading], first: int) -> Iterator[Line]:
    """The lines of all tables from one of them on."""
    return islice(chain.from_iterable(table.lines() for table in tables), first, None)


def _faults(tables: Sequence[FileReading], progress: Progress, words: Words) -> Iterator[str]:
    """Where the lines of a step are that were refused, and why."""
    for place, line in enumerate(_lines(tables, progress.begun), progress.begun):
        if place >= progress.done:
            return
        why = progress.refused.get(place, "")
        said = "; ".join(line.faults) or (words(why) if why in IMPORT_TEXTS else why)
        if said:
            yield f"{line.file}:{line.number}: {said}"


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
    strip, status = fault_strip(context.words("file_over", most=MOST_BYTES >> 20)), HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return _drawn(context, strip, choosing(context, Asked("", b"", typed)), again=CHOOSING, status=status)


def _refused(context: PageContext, asked: Asked, refused: _NotTakenError) -> Response:
    """The form once more with all that it held, and what is wrong: with the file, or with its source."""
    words = context.words
    said = str(refused)
    strip = fault_strip(said) if said else fault_strip(words("faults"), [(words("import_source"), "source")])
    form = choosing(context, asked, refused.source)
    return _drawn(context, strip, form, again=CHOOSING, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _drawn(context: PageContext, *content: Child, again: Again, status: int = HTTPStatus.OK) -> Response:
    words = context.words
    head = title_row(words("import_title"), words("import_lead"), above=crumb(words("portfolio"), context.link("/")))
    return page(context, words("import_title"), head, *content, status=status, again=again)
