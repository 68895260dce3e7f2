"""Hooks of Schemathesis: rules that hold for the API and that a JSON schema cannot express, as narrow as they are.

A request that fits its schema may be refused for these reasons, and for no others; two answers say that a request was
refused by another status than Schemathesis knows.
"""

import os
from datetime import UTC, datetime
from itertools import count
from typing import Any

import schemathesis
from hypothesis import strategies
from schemathesis.core.failures import Failure
from schemathesis.generation.meta import CoveragePhaseData

FIRST, LAST = datetime(2000, 1, 1), datetime(2026, 11, 1)  # noqa: DTZ001 - hypothesis adds the time zone

# Times of the business are times past: of what lies in the future nearly everything would be refused.
schemathesis.openapi.format("date", strategies.dates(FIRST.date(), LAST.date()).map(lambda day: day.isoformat()))
schemathesis.openapi.format(
    "date-time",
    strategies.datetimes(FIRST, LAST, timezones=strategies.just(UTC)).map(lambda moment: moment.isoformat()),
)

REFUSALS = {
    ("/query/from", "must not lie behind to"),
    ("/data/happy", "more are happy than work there"),
    ("/data/basis", "cannot stand beside happy: a band tells only how many there are at least"),
    ("/data/due", "lies before the day on which it was agreed"),
}
"""By pointer and detail: faults between fields."""

OF_THE_MODEL = {
    ("/query/dimension", "must be one of "),
    ("/query/max_total", "must be a whole number from 0 to "),
    ("/data/answers", "needs at least one of "),
    ("/data/bands", "needs a number that stands for a band "),
    ("/data/basis", "needs a number that stands for a band "),
    ("/data/points", "must be at most "),
    ("/data/expects/points", "must be at most "),
    ("/query/suppose", ""),
}
"""By pointer and how the detail begins: what depends on the model of the stack, and so stands in no schema."""

ABOUT_TIME = ("lies in the future", "must not lie behind ", "must lie ")
"""How details begin that compare with the clock, or with another day of the query."""

FLOATS = ("must be a whole number", "must be a whole number or a list of names")
"""For JSON Schema 7.0 is an integer too; whoever writes a count so has not counted."""

ABOUT_ALIASES = ("must be a name with at least one letter or digit", "would make the client an alias of itself")


EVERY = 1 if os.environ.get("OPENAPI_CASES") == "all" else 10
"""Of so many batches one is sent, where batches differ in one of their events only; all in the long form."""

ABOUT_BATCHES = {"EXAMPLE_VALUE", "MAXIMUM_ITEMS_ARRAY", "NEAR_BOUNDARY_ITEMS_ARRAY", "ARRAY_ABOVE_MAX_ITEMS"}
"""The cases of Schemathesis that are about a whole batch, its length above all."""

_batches = count()


@schemathesis.hook
def filter_case(context: Any, case: Any) -> bool:  # noqa: ARG001 - the signature of hooks
    """Whether to send it: what can be right or wrong with an event goes alone first, and then in a batch once more."""
    data = case.meta.phase.data if case.meta else None
    if not (isinstance(data, CoveragePhaseData) and isinstance(case.body, list) and case.path == "/v1/events"):
        return True
    return data.scenario.name in ABOUT_BATCHES or next(_batches) % EVERY == 0


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:  # noqa: ARG001 - the signature of hooks
    """Only the service can have made a cursor: what is to be taken goes without an invented one."""
    if case.meta and case.meta.generation.mode.is_positive and case.query:
        case.query.pop("cursor", None)


@schemathesis.hook
def filter_failure(context: Any, failure: Failure, case: Any, response: Any) -> bool:  # noqa: ARG001 - the signature of hooks
    """Whether a failure is one."""
    title = type(failure).__name__
    if title == "RejectedPositiveData":
        return not (response.status_code == 422 and all(_is_rule(fault) for fault in response.json()["errors"]))
    if title == "AcceptedNegativeData":
        return not _refused_otherwise(response)
    return True


def _is_rule(fault: dict[str, str]) -> bool:
    pointer, detail = fault["pointer"], fault["detail"]
    return (
        (pointer, detail) in REFUSALS
        or detail.startswith(ABOUT_TIME)
        or detail in FLOATS
        or any(pointer == of and detail.startswith(beginning) for of, beginning in OF_THE_MODEL)
        or (pointer.startswith("/data/aliases/") and detail in ABOUT_ALIASES)
    )


def _refused_otherwise(response: Any) -> bool:
    """A batch that is too large, or of which the items that are wrong are rejected."""
    if response.status_code == 207:
        return any(result["status"] == "rejected" for result in response.json()["results"])
    return bool(response.status_code == 413)
