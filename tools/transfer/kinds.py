"""The kinds of CSV file: their headers, the data of an event in a row, and the cells of a stored fact."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.webhooks.coercion import comment_of
from tools.transfer.cells import flag, number, specialisms, specialisms_cell

Row = Mapping[str, str]
"""The cells of a line by column; a column that the file has not is empty."""

Item = Mapping[str, Any]
"""A fact as it is stored."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of CSV file. All have the columns `client` and `source` besides."""

    type: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    happened: str
    """The column of the business time."""
    recorded: str
    """The column of the time at which this version was recorded, or of its number where the tool counts versions.

    Where it is empty, the business time is taken.
    """
    identity: str
    """The column that tells a row from others of its client and source."""
    data: Callable[[Row], Mapping[str, Any]]
    """The data of the event, as the webhook would have made it; None is left out."""
    cells: Callable[[Item, str], Mapping[str, str]]
    """The cells of a stored fact, of which the last part of its identity is given."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that such a file may have."""
        return ("client", *self.required, *self.optional, "source")


def _response(row: Row) -> dict[str, Any]:
    return {
        "response_id": row["response_id"],
        "score": number(row["score"]),
        "responded_at": row["responded_at"],
        "respondent": row["respondent"] or None,
        "comment": comment_of(row["comment"]),
        "excluded": flag(row["excluded"]),
    }


def _count(row: Row) -> dict[str, Any]:
    return {"working": number(row["working"]), "happy": number(row["happy"]), "as_of": row["as_of"]}


def _survey(row: Row) -> dict[str, Any]:
    answers = {
        "specialisms": specialisms(row["specialisms"]),
        "roadmap": row["roadmap"] or None,
        "inspiration": row["inspiration"] or None,
    }
    return {
        "answered_at": row["answered_at"],
        "survey_id": row["survey_id"] or None,
        "answers": {question: answer for question, answer in answers.items() if answer is not None},
    }


def _response_cells(item: Item, identity: str) -> dict[str, str]:
    return {
        "response_id": identity,
        "score": str(item["answer"]["score"]),
        "comment": item.get("comment", ""),
        "excluded": "" if "nps_at" in item else "true",
    }


def _count_cells(item: Item, _identity: str) -> dict[str, str]:
    return {figure: str(item["answer"].get(figure, "")) for figure in ("working", "happy")}


def _survey_cells(item: Item, identity: str) -> dict[str, str]:
    answer = item["answer"]
    return {
        "survey_id": identity,
        "specialisms": specialisms_cell(answer.get("specialisms"), item.get("specialism_names")),
        "roadmap": answer.get("roadmap", ""),
        "inspiration": answer.get("inspiration", ""),
    }


KINDS: Mapping[str, Kind] = {
    "responses": Kind(
        type="nps.responded",
        required=("response_id", "score", "responded_at"),
        optional=("updated_at", "respondent", "comment", "excluded"),
        happened="responded_at",
        recorded="updated_at",
        identity="response_id",
        data=_response,
        cells=_response_cells,
    ),
    "counts": Kind(
        type="consultants.counted",
        required=("as_of", "working"),
        optional=("happy", "recorded_at"),
        happened="as_of",
        recorded="recorded_at",
        identity="as_of",
        data=_count,
        cells=_count_cells,
    ),
    "surveys": Kind(
        type="survey.answered",
        required=("answered_at",),
        optional=("survey_id", "specialisms", "roadmap", "inspiration", "recorded_at"),
        happened="answered_at",
        recorded="recorded_at",
        identity="survey_id",
        data=_survey,
        cells=_survey_cells,
    ),
}
"""Every kind by the name of the file that an export makes of it."""
