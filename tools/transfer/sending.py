"""Sends events in batches. Sending one again is safe, so a batch that may or may not have arrived is sent again."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

from shared.opmm.model import LANGUAGES
from shared.sheets.reading import Line
from shared.texts.words import Words
from tools.errors import ToolError

MOST_EVENTS = 100
MOST_BYTES = 240_000
"""Of a body; the service takes 256 KiB."""

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each further try."""

_TOLD = (HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT)
"""Of lines that are right, and refused all the same."""

_ENGLISH = Words(LANGUAGES[0])

_TAKEN = (HTTPStatus.OK, HTTPStatus.MULTI_STATUS)


@dataclass(frozen=True, slots=True)
class Batch:
    """What is sent at once, and the lines it comes from."""

    lines: tuple[Line, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line."""

    line: Line
    status: str
    faults: tuple[str, ...] = ()
    """Why it was rejected."""
    new_client: str | None = None
    """The client that it made; None where there was one."""
    joined: tuple[str, ...] = ()
    """The described clients that it joined to its own."""


def batches(lines: Iterable[Line]) -> Iterator[Batch]:
    """The lines in batches that the service takes; no more of them are read than one batch needs."""
    waiting: list[tuple[Line, bytes]] = []
    size = 0
    for line in lines:
        event = json.dumps(line.event, ensure_ascii=False, separators=(",", ":")).encode()
        if waiting and (len(waiting) == MOST_EVENTS or size + len(event) > MOST_BYTES):
            yield _batch(waiting)
            waiting, size = [], 0
        waiting.append((line, event))
        size += len(event) + 1
    if waiting:
        yield _batch(waiting)


def _batch(waiting: Iterable[tuple[Line, bytes]]) -> Batch:
    lines, events = zip(*waiting, strict=True)
    return Batch(lines, b"[" + b",".join(events) + b"]")


def send(
    client: httpx.Client,
    batch: Batch,
    pause: Callable[[float], None] = time.sleep,
    *,
    words: Words = _ENGLISH,
) -> list[Outcome]:
    """What the service says of each line, in these words where there are some for it.

    Raises ToolError when it refuses the batch or does not respond.
    """
    results = _posted(client, batch.body, pause).get("results", [])
    if len(results) != len(batch.lines):
        raise ToolError(f"{len(batch.lines)} events were sent, but the service tells of {len(results)}.")
    return [
        Outcome(
            line,
            str(result.get("status")),
            _refused(result.get("problem") or {}, words),
            str(result.get("client_id")) if result.get("new_client") else None,
            tuple(str(client) for client in result.get("joined") or ()),
        )
        for line, result in zip(batch.lines, results, strict=True)
    ]


def _posted(client: httpx.Client, body: bytes, pause: Callable[[float], None]) -> dict[str, Any]:
    failed = ""
    for seconds in (0.0, *PAUSES):
        if seconds:
            pause(seconds)
        try:
            response = client.post(
                "v1/events", content=body, headers={"Content-Type": "application/cloudevents-batch+json"}
            )
        except httpx.TransportError as error:
            failed = f"did not respond: {str(error) or type(error).__name__}"
            continue
        if response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR and (
            response.status_code != HTTPStatus.TOO_MANY_REQUESTS
        ):
            return _document(response)
        failed = f"responded with {response.status_code}"
    raise ToolError(f"{client.base_url} {failed}, {len(PAUSES) + 1} times. Repeat the import later: it is safe.")


def _document(response: httpx.Response) -> dict[str, Any]:
    try:
        document = response.json()
    except ValueError:
        document = None
    if response.status_code in _TAKEN and isinstance(document, dict):
        return document
    reason = "; ".join(_faults(document)) if isinstance(document, dict) else "this is not the address of the service"
    raise ToolError(f"{response.url} responded with {response.status_code}: {reason}")


def _refused(problem: dict[str, Any], words: Words) -> tuple[str, ...]:
    """Why a line was rejected."""
    status = problem.get("status")
    return (words(f"refused_{status}"),) if status in _TOLD else _faults(problem)


def _faults(problem: dict[str, Any]) -> tuple[str, ...]:
    """The faults in a problem document, or its one sentence."""
    faults = tuple(f"{fault.get('pointer')} {fault.get('detail')}" for fault in problem.get("errors", []))
    return faults or tuple(str(problem[key]) for key in ("detail",) if problem.get(key))
