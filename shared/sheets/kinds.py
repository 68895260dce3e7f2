"""The kinds of CSV file: their headers, the data of an event in a row, and the cells of a stored fact."""

from collections.abc import Callable, Mapping
from typing import Any

from shared.opmm.dataclass import dataclass
from shared.opmm.kinds import BASIS, FactKind, is_band
from shared.opmm.model import Dimension, Model
from shared.sheets.cells import at_least, comment, flag, names_cell, number, number_or_names, rating

Row = Mapping[str, str]
"""The cells of a line by column; a column that the file has not is empty."""

Item = Mapping[str, Any]
"""A fact as it is stored, or as it is put together from several that one event has left."""


_PLUS = ("", "+")
"""Behind a number that stands for a band."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of CSV file. All have the columns `client` and `source` besides."""

    name: str
    """What an export calls the file."""
    fact: FactKind
    """The kind of the facts in it."""
    event: str
    """The type of the events that its rows are."""
    required: tuple[str, ...]
    optional: tuple[str, ...]
    happened: str
    """The column of the business time."""
    recorded: str
    """The column of the time at which this version was recorded; where it is empty, the business time is taken.

    `v17`, or few digits, is the number of a version that the tool has counted.
    """
    identity: str
    """The column that tells a row from others of its client and source."""
    texts: frozenset[str]
    """The columns of free text, in which spaces at the ends count."""
    data: Callable[[Row], Mapping[str, Any]]
    """The data of the event, as the webhook would have made it; None is left out."""
    cells: Callable[[Item, str], Mapping[str, str]]
    """The cells of a stored fact, whose identity within its client and source is given."""
    takes_days: bool = False
    """Whether the business time may be a day."""
    questions: frozenset[str] = frozenset()
    """The questions that have a column of their own."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that such a file may have."""
        return ("client", *self.required, *self.optional, "source")


def file_kinds(model: Model) -> tuple[FileKind, ...]:
    """Every kind of CSV file; that of surveys has a column for each question of the model that surveys answer."""
    return (_RESPONSES, _COUNTS, _surveys(model))


def _response(row: Row) -> dict[str, Any]:
    return {
        "response_id": row["response_id"],
        "score": rating(row["score"]),
        "responded_at": row["responded_at"],
        "respondent": row["respondent"] or None,
        "comment": comment(row["comment"]),
        "excluded": flag(row["excluded"]),
    }


def _response_cells(item: Item, identity: str) -> dict[str, str]:
    return {
        "response_id": identity,
        "score": str(item["answer"]["score"]),
        "comment": item.get("comment", ""),
        "excluded": "" if "lane_time" in item else "true",
    }


_RESPONSES = FileKind(
    name="responses",
    fact="response",
    event="nps.responded",
    required=("response_id", "score", "responded_at"),
    optional=("updated_at", "respondent", "comment", "excluded"),
    happened="responded_at",
    recorded="updated_at",
    identity="response_id",
    texts=frozenset({"source", "response_id", "respondent", "comment"}),
    data=_response,
    cells=_response_cells,
)


def _count(row: Row) -> dict[str, Any]:
    band = at_least(row["working"])
    return {
        "working": number(row["working"]) if band is None else band,
        "happy": number(row["happy"]),
        "as_of": row["as_of"],
        BASIS: None if band is None else "band",
    }


def _count_cells(item: Item, _identity: str) -> dict[str, str]:
    answer = item["answer"]
    return {"working": f"{answer['working']}{_PLUS[is_band(answer)]}", "happy": str(answer.get("happy", ""))}


_COUNTS = FileKind(
    name="counts",
    fact="count",
    event="consultants.counted",
    required=("as_of", "working"),
    optional=("happy", "recorded_at"),
    happened="as_of",
    recorded="recorded_at",
    identity="as_of",
    texts=frozenset({"source"}),
    data=_count,
    takes_days=True,
    cells=_count_cells,
)


def _surveys(model: Model) -> FileKind:
    columns = {_column(dimension): dimension for dimension in model.survey_questions}

    def data(row: Row) -> dict[str, Any]:
        counted = {column: dimension.key for column, dimension in columns.items() if dimension.kind == "count"}
        bands = {key: band for column, key in counted.items() if (band := at_least(row[column])) is not None}
        given = {
            dimension.key: (row[column] or None) if dimension.kind == "choice" else number_or_names(row[column])
            for column, dimension in columns.items()
        } | bands
        return {
            "answered_at": row["answered_at"],
            "survey_id": row["survey_id"] or None,
            "answers": {question: answer for question, answer in given.items() if answer is not None},
            "bands": list(bands) or None,
        }

    def cells(item: Item, identity: str) -> dict[str, str]:
        given = {
            column: names_cell(item["names"][dimension.key])
            if dimension.key in item["names"]
            else f"{item['answer'].get(dimension.key, '')}{_PLUS[dimension.key in item.get('bands', ())]}"
            for column, dimension in columns.items()
        }
        return {"survey_id": identity, **given}

    return FileKind(
        name="surveys",
        fact="survey",
        event="survey.answered",
        required=("answered_at",),
        optional=("survey_id", *columns, "recorded_at"),
        happened="answered_at",
        recorded="recorded_at",
        identity="survey_id",
        texts=frozenset(
            {"source", "survey_id", *(column for column, question in columns.items() if question.kind == "count")}
        ),
        data=data,
        cells=cells,
        questions=frozenset(question.key for question in columns.values()),
    )


def _column(question: Dimension) -> str:
    """A question's column is called as its key, unless another column of the file is."""
    taken = ("client", "source", "answered_at", "survey_id", "recorded_at")
    return f"answer.{question.key}" if question.key in taken else question.key
