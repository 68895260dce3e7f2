"""The calls of the demo: posting events, and listing clients until their scores stand still."""

import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from http import HTTPStatus
from typing import Any

import httpx

from tools.demo.portfolio import Event
from tools.errors import ToolError

BATCH = 100
"""Events that are taken at once."""

Row = dict[str, Any]
"""A client in the list: a scorecard in short."""

_POSTED = (HTTPStatus.OK, HTTPStatus.ACCEPTED, HTTPStatus.MULTI_STATUS)
_PAUSE = 0.5
_SHOWN = 3


class DemoError(ToolError):
    """The demo cannot go on: the service cannot be reached, or refuses what it is sent."""


def post_events(
    client: httpx.Client, events: Sequence[Event], posted: Callable[[int], None] = lambda _: None
) -> Counter[str]:
    """Posts the events in batches and counts the results by status; `posted` hears the size of each batch.

    Raises DemoError at the first batch that is refused, or that has a rejected item.
    """
    statuses: Counter[str] = Counter()
    for start in range(0, len(events), BATCH):
        batch = events[start : start + BATCH]
        document = call(
            client,
            "POST",
            "v1/events",
            expected=_POSTED,
            json=batch,
            headers={"Content-Type": "application/cloudevents-batch+json"},
        )
        results = document.get("results", [])
        _stop_when_rejected(batch, results)
        statuses.update(result["status"] for result in results)
        posted(len(batch))
    return statuses


def wait_until_settled(
    client: httpx.Client,
    expected: Collection[str],
    strays: Collection[str] = (),
    quiet: float = 3,
    timeout: float = 120,
) -> list[Row]:
    """The rows of the expected clients, once all are listed, no stray is, and none has changed for `quiet` seconds.

    Raises DemoError when that has not come about within `timeout` seconds.
    """
    started = time.monotonic()
    before: list[Row] | None = None
    since = started
    while True:
        listed = {row["client_id"]: row for row in list_clients(client)}
        missing = sorted(set(expected) - listed.keys())
        present = sorted(listed.keys() & set(strays))
        rows = [listed[client_id] for client_id in sorted(listed.keys() & set(expected))]
        now = time.monotonic()
        if rows != before:
            before, since = rows, now
        elif not missing and not present and now - since >= quiet:
            return rows
        if now - started > timeout:
            raise DemoError(f"The scores have not settled in {timeout:.0f} seconds: {_unsettled(missing, present)}.")
        time.sleep(_PAUSE)


def list_clients(client: httpx.Client) -> list[Row]:
    """Every client, ended ones included, page by page."""
    rows: list[Row] = []
    cursor: str | None = None
    while True:
        parameters = {"status": "all", "limit": "100"} | ({"cursor": cursor} if cursor else {})
        page = call(client, "GET", "v1/clients", expected=(HTTPStatus.OK,), params=parameters)
        rows += page["clients"]
        cursor = page["next"]
        if cursor is None:
            return rows


def call(
    client: httpx.Client, method: str, path: str, *, expected: Collection[HTTPStatus], **arguments: Any
) -> dict[str, Any]:
    """The document that a call responds with. Raises DemoError for any other status, or for no document."""
    try:
        response = client.request(method, path, **arguments)
    except httpx.ConnectError as error:
        raise DemoError(f"Nothing answers at {client.base_url}; start the service with `make up`.") from error
    except httpx.HTTPError as error:
        raise DemoError(
            f"{method} /{path} at {client.base_url} failed: {str(error) or type(error).__name__}."
        ) from error
    try:
        document = response.json()
    except ValueError:
        document = None
    if response.status_code not in expected or not isinstance(document, dict):
        reason = _reason(document) if isinstance(document, dict) else f"no document, but {response.text[:200]!r}"
        raise DemoError(f"{method} /{path} responded with {response.status_code}: {reason}")
    return document


def _stop_when_rejected(batch: Sequence[Event], results: Sequence[dict[str, Any]]) -> None:
    if len(results) != len(batch):
        raise DemoError(f"{len(batch)} events were posted, but the service tells of {len(results)}.")
    rejected = [
        f"  {event['id']} ({event['type']} of {event['subject']}): {_reason(result.get('problem', {}))}"
        for event, result in zip(batch, results, strict=True)
        if result["status"] == "rejected"
    ]
    if rejected:
        more = [f"  and {len(rejected) - _SHOWN} more"] if len(rejected) > _SHOWN else []
        raise DemoError("\n".join([f"{len(rejected)} events were rejected:", *rejected[:_SHOWN], *more]))


def _reason(problem: dict[str, Any]) -> str:
    """A problem document in one line."""
    faults = [f"{fault['pointer']} {fault['detail']}" for fault in problem.get("errors", [])]
    sentences = [str(problem[key]) for key in ("title", "detail") if problem.get(key)]
    return "; ".join(sentences + faults) or str(problem)


def _unsettled(missing: Sequence[str], present: Sequence[str]) -> str:
    reasons = [f"{', '.join(missing)} not listed"] if missing else []
    reasons += [f"{', '.join(present)} still listed beside the client it belongs to"] if present else []
    return "; ".join(reasons) or "they keep changing"
