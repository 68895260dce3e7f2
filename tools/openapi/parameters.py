"""Parameters of the calls, with the limits that the code has."""

from functions.query.fact_calls import EVIDENCE_OF, GRANULARITIES, MOST_DAYS
from shared.http.parameters import DEFAULT_ROWS, MOST_ROWS
from shared.opmm.model import LANGUAGES, published_model
from shared.opmm.slugs import SLUG_PATTERN
from shared.reading.portfolio import SORTS, STATUSES
from tools.openapi.samples import PARKED_ID
from tools.openapi.shapes import DAY, FLAG, TEXT, Schema, among, within

EXAMPLES = {"ClientId": "acme", "Source": "hr", "ParkedId": PARKED_ID, "MendedSource": "hr"}
"""The parameters without which a call has no address."""

_QUERIED_DAY: Schema = {**DAY, "pattern": "^(19|[2-8][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$"}
"""Days that have a day before and after them in every time zone; what nobody asks for is left out."""

_SLUG: Schema = {"type": "string", "pattern": SLUG_PATTERN}
_PARKED_ID: Schema = {"type": "string", "pattern": "^[a-z0-9-]{1,63}\\.[0-9a-f]{1,64}$"}


def _query(name: str, description: str, schema: Schema, *, required: bool = False) -> Schema:
    made: Schema = {"name": name, "in": "query", "description": description, "schema": schema}
    return made | ({"required": True} if required else {})


def _path(name: str, description: str, schema: Schema) -> Schema:
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


def _header(name: str, description: str, example: str) -> Schema:
    return {"name": name, "in": "header", "description": description, "schema": TEXT, "example": example}


def _choice(name: str, description: str, choices: tuple[str, ...]) -> Schema:
    return _query(name, description, {**among(choices), "default": choices[0]})


_PARAMETERS: dict[str, Schema] = {
    "ClientId": _path("client_id", "The client, by id or alias.", _SLUG),
    "Source": _path("source", "The name of the source, as the operator has given it.", {**TEXT, "minLength": 1}),
    "ParkedId": _path("parked_id", "The parked item.", _PARKED_ID),
    "Limit": _query("limit", "Rows of a page.", {**within(1, MOST_ROWS), "default": DEFAULT_ROWS}),
    "Cursor": _query("cursor", "What `next` said on the page before, of the same list with the same filters.", TEXT),
    "Status": _choice("status", "Partnerships that go on, have ended, or both.", STATUSES),
    "Sort": _choice("sort", "The order; `-` for the highest first.", SORTS),
    "MaxTotal": _query("max_total", "At most this total.", within(0, published_model().max_total)),
    "Complete": _query("complete", "Whether all five questions are answered.", FLAG),
    "Stale": _query("stale", "Whether an answer is out of date.", FLAG),
    "AsOf": _query("as_of", "The day for whose end the facts known today are scored; not in the future.", _QUERIED_DAY),
    "From": _query("from", "The first day, in the calendar of the stack; not behind `to`.", _QUERIED_DAY),
    "To": _query("to", "The last day, included.", _QUERIED_DAY),
    "NpsFrom": _query(
        "from", f"The first day, less than {MOST_DAYS} days before `to`; a year before it if left out.", _QUERIED_DAY
    ),
    "NpsTo": _query("to", "The last day, included; today if left out.", _QUERIED_DAY),
    "Dimension": _choice("dimension", "The question whose facts are listed.", EVIDENCE_OF),
    "Interval": _choice("interval", "Calendar months, cut off at the ends, or days.", GRANULARITIES),
    "ParkedSource": _query("source", "Items of this source only.", _SLUG),
    "MendedSource": _query("source", "The source whose items are replayed.", _SLUG, required=True),
    "IfNoneMatch": _header("If-None-Match", "Entity tags of answers that are held.", '"0123456789abcdef"'),
    "AcceptLanguage": _header("Accept-Language", f"The language of texts: {', '.join(LANGUAGES)}.", "nl-BE, en;q=0.5"),
}

PARAMETERS = {
    name: made | ({"example": EXAMPLES[name]} if name in EXAMPLES else {}) for name, made in _PARAMETERS.items()
}


def parameter(name: str) -> Schema:
    """A parameter of this document."""
    return {"$ref": f"#/components/parameters/{name}"}
