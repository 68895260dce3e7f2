"""What the operations take beside a body, by the names that they give; read where the API's description is made."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from shared.api.constraints import Constraint, at_least, between, one_of, pattern
from shared.api.erasure_documents import ErasureId
from shared.api.fields import ClientId, Day, QuestionKey
from shared.api.operations import QUERY
from shared.http.parameters import DEFAULT_ROWS, GRANULARITIES, MOST_DAYS, MOST_ROWS
from shared.opmm.dataclass import dataclass
from shared.opmm.model import LANGUAGES
from shared.opmm.slugs import SLUG_PATTERN
from shared.reading.portfolio import SORTS, STATUSES


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a request."""

    place: Literal["path", "query", "header"]
    name: str
    type: Any
    description: str
    example: str | None = None
    required: bool = False


def _path(name: str, type_: Any, description: str, example: str) -> Parameter:
    return Parameter("path", name, type_, description, example, required=True)


def _queried(**described: tuple[Any, str]) -> dict[str, Parameter]:
    """By the names that operations give them: the type and the description of each."""
    return {name: Parameter("query", QUERY[name], *said) for name, said in described.items()}


_SourceName = Annotated[str, pattern(SLUG_PATTERN)]
_QueriedDay = Annotated[Day, pattern("^(19|[2-8][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
"""Days that have a day before and after them in every time zone; what nobody asks for is left out."""

PARAMETERS: Mapping[str, Parameter] = {
    "ClientId": _path("client_id", ClientId, "The client, by id or alias.", "acme"),
    "Source": _path(
        "source",
        Annotated[str, Constraint(minLength=1)],
        "The name of the source, as the operator has given it.",
        "hr",
    ),
    "ParkedId": _path(
        "parked_id",
        Annotated[str, pattern(r"^[a-z0-9-]{1,63}\.[0-9a-f]{1,64}$")],
        "The parked item.",
        "hr.184e7746c1bdc59adab24de506972246",
    ),
    "ErasureId": _path("erasure_id", ErasureId, "The erasure.", "20261124T120000-0a1b2c3d"),
    "Respondent": Parameter(
        "query",
        QUERY["Respondent"],
        Annotated[str, Constraint(minLength=1, maxLength=320), pattern(r"\S")],
        "An address or id, as the tool sends it.",
        "robin@example.com",
        required=True,
    ),
    **_queried(
        Limit=(Annotated[int, between(1, MOST_ROWS), Constraint(default=DEFAULT_ROWS)], "Rows of a page."),
        Cursor=(
            str,
            "What `next` said on the page before, of the same list with the same filters; an empty one is refused.",
        ),
        Status=(Annotated[str, one_of(STATUSES)], "Partnerships that go on, have ended, or both."),
        Sort=(
            Annotated[str, one_of(SORTS)],
            "The order; `-` for the highest first, `moved` for the biggest fall.",
        ),
        MaxTotal=(Annotated[int, at_least(0)], "At most this total, up to the highest of the model."),
        Complete=(bool, "Whether all questions are answered."),
        Stale=(bool, "Whether an answer is out of date."),
        Described=(bool, "Whether anybody has said what the client is called, or its other names."),
        AsOf=(_QueriedDay, "The day for whose end the facts known today are scored; not in the future."),
        Suppose=(str, "Otherwise: `happy:8,roadmap:co_creating,promoters:+2`; a sign says how many more."),
        Owner=(str, "The person at the agency who answers for the client, whatever the case."),
        Due=(bool, "Whether there is a reason to talk."),
        Part=(str, "A part of the client's name or id, whatever the case."),
        From=(_QueriedDay, "The first day, in the calendar of the stack; not behind `to`."),
        To=(_QueriedDay, "The last day, included."),
        NpsFrom=(_QueriedDay, f"The first day, less than {MOST_DAYS} days before `to`; a year before it if left out."),
        NpsTo=(_QueriedDay, "The last day, included; today if left out."),
        Dimension=(QuestionKey, "The question whose facts are listed, by its key in the model; the NPS if left out."),
        Granularity=(Annotated[str, one_of(GRANULARITIES)], "Calendar months, cut off at the ends, or days."),
        ParkedSource=(_SourceName, "Items of this source only."),
    ),
    "MendedClient": Parameter(
        "query",
        QUERY["MendedClient"],
        Annotated[str, Constraint(minLength=1, maxLength=200), pattern(r"\S")],
        "Whom the call is about.",
        "acme",
    ),
    "MendedSource": Parameter(
        "query", QUERY["MendedSource"], _SourceName, "The source whose items are replayed.", "hr", required=True
    ),
    "IfNoneMatch": Parameter(
        "header", "If-None-Match", str, "Entity tags of responses that are held.", '"0123456789abcdef"'
    ),
    "AcceptLanguage": Parameter(
        "header", "Accept-Language", str, f"The language of texts: {', '.join(LANGUAGES)}.", "nl-BE, en;q=0.5"
    ),
}
