"""Draws what an import in the browser asks and shows: the form, and a file as it would be read."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from functions.pages.controls import button, described_by, field
from functions.pages.import_file import Asked, file_in
from functions.pages.layout import Again, PageContext
from functions.pages.markup import Child, Markup, tag
from shared.http.multipart import MEDIA_TYPE
from shared.sheets.files import FileReading
from shared.sheets.previews import Preview
from shared.texts.words import Words

LONGEST_SOURCE = 100

KEPT = "kept"
"""The id of the form that holds the file."""
LOOKING = Again(KEPT, "look")
CHOOSING = Again(KEPT, "choose", enter=LOOKING.act)

_C = TypeVar("_C")


def choosing(context: PageContext, asked: Asked, fault: str | None = None) -> Markup:
    """The form in which a file is chosen; one that was chosen already stays until there is another."""
    words, typed, kept = context.words, asked.fields, bool(asked.content)
    options = (("", "import_dates_file"), ("dmy", "import_dates_dmy"), ("mdy", "import_dates_mdy"))
    chosen = typed.get("dates", "")
    return tag.form(
        field(
            words("import_file"),
            tag.input(type="file", name="file", id="file", accept=".csv,.tsv,.txt,.xlsx", required=not kept),
            id_="file",
            hint=words("import_file_kept", name=asked.name) if kept else words("import_file_hint"),
        ),
        field(
            words("import_source"),
            tag.input(
                type="text",
                name="source",
                id="source",
                value=typed.get("source", ""),
                maxlength=LONGEST_SOURCE,
                required=True,
                aria_invalid="true" if fault else None,
                aria_describedby=described_by("source") if fault else None,
            ),
            id_="source",
            hint=words("import_source_hint"),
            fault=fault,
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
        file_in(asked) if kept else None,
        tag.div(button(words("import_look"), weight="filled", name="act", value=LOOKING.act), class_="acts"),
        id=KEPT,
        method="post",
        action=context.link("/import"),
        enctype=MEDIA_TYPE,
        class_="sheet card",
    )


def looked_at(table: FileReading, words: Words) -> Markup:
    """A table of a file as it would be read."""
    preview = _without_persons(table.preview or table.shown())
    return tag.section(
        tag.h2(table.name),
        tag.p(preview.said),
        _columns(preview, words),
        _rows(preview, words),
        listed(note for note in table.notes if note not in preview.differences),
        class_="sheet card",
    )


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
    return [tag.p(said), listed(preview.differences)]


def listed(sentences: Iterable[str]) -> Child:
    """Sentences below each other; nothing where there are none."""
    rows = [tag.li(sentence) for sentence in sentences]
    return tag.ul(rows, class_="rows") if rows else None


def _rows(preview: Preview, words: Words) -> Child:
    head = tag.tr((tag.th(heading, scope="col", title=column) for column, heading in preview.columns))
    body = []
    for row in preview.rows:
        body.append(tag.tr(tag.td(cell) for cell in row.cells))
        if row.faults:
            said = f"{row.number}: {'; '.join(row.faults)}"
            body.append(tag.tr(tag.td(tag.span(said), colspan=len(preview.columns), class_="fault")))
    said = preview.rows_said(words)
    table = tag.table(tag.caption(tag.span(said)), tag.thead(head), tag.tbody(body), class_="looked-at")
    return tag.div(table, class_="scroll", tabindex="0", role="region", aria_label=said)
