"""A payload signed as the tool signs, sent to a source, and followed to the score: each step is told as it is taken."""

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import httpx

from shared.webhooks.payloads import FORM
from shared.webhooks.provider import Source
from shared.webhooks.signing import Call, sign
from tools.calling import calling
from tools.connecting.reading import client_of, read
from tools.connecting.setting_up import header_of
from tools.errors import ToolError
from tools.target import Target
from tools.transfer.clients import StackNames

_TIMEOUT = 60.0
_LONGEST, _QUIET, _PAUSE = 20.0, 2.0, 0.5
"""Seconds that a score is waited for, that it stands still then, and between two looks at it."""

_TOKEN_LIFETIME = timedelta(minutes=10)

_REFUSED = (
    "The signature was not taken. A warm function learns of a changed document within a minute: try again then. "
    "Where it stays so, the stack runs a release that reads this source otherwise."
)


def media_type_of(body: bytes) -> str:
    """JSON, or else URL-encoded: the two that tools send."""
    try:
        json.loads(body)
    except ValueError:
        return FORM
    return "application/json"


def address_of(target: Target, source: str) -> str:
    """Where a tool posts to."""
    return f"{target.pages_url.rstrip('/')}/v1/webhooks/{source}"


def tried(
    target: Target,
    source: Source,
    body: bytes,
    what: str,
    *,
    dry_run: bool,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[str]:
    """What becomes of a payload, step by step; nothing is sent with `dry_run`. Raises ToolError."""
    now = datetime.now(UTC)  # noqa: TID251 - the edge: a signature tells the time
    if not source.secrets:
        raise ToolError(f"{source.name} has no secret yet: nothing could be verified.")
    address = address_of(target, source.name)
    headers = sign(
        source.scheme, source.secrets[0], Call({}, body, "POST", address), now, f"msg_{secrets.token_hex(12)}"
    )
    yield f"payload  {what}, {len(body)} bytes"
    yield f"signed   {', '.join(sorted(headers))}: {header_of(source.scheme).partition(';')[0]}"
    zone, model = target.zone_and_model()
    names = StackNames(target.scores())
    clients = []
    for fragment, words, event in read(source, body, media_type_of(body), model=model, zone=zone, now=now):
        yield f"read as  {words}"
        if event is not None:
            told, client_id = client_of(source, fragment, event, names)
            clients += [client_id] if client_id else []
            yield f"client   {told}"
    if dry_run:
        yield "sent     not at all: DRY_RUN=1"
        return
    with calling(target, "sources", "scores:read", lasts=_TOKEN_LIFETIME, timeout=_TIMEOUT) as api:
        before = {client_id: _score(api, client_id) for client_id in clients}
        yield from _sent(target, source, body, headers)
        for client_id, held in before.items():
            yield f"score    {client_id}: {_moved(held, _settled(api, client_id, held, pause))}"


def _sent(target: Target, source: Source, body: bytes, headers: Mapping[str, str]) -> Iterator[str]:
    """Posts the payload, and tells what was responded."""
    base, with_host = target.api("none")
    sent = {**{name: value for name, value in with_host.items() if name != "Authorization"}, **headers}
    try:
        response = httpx.post(
            f"{base.rstrip('/')}/v1/webhooks/{source.name}",
            content=body,
            headers=sent | {"Content-Type": media_type_of(body)},
            timeout=_TIMEOUT,
            trust_env=target.local is None,
        )
    except httpx.HTTPError as failed:
        raise ToolError(f"{base} did not respond: {str(failed) or type(failed).__name__}") from failed
    yield f"sent     {response.status_code} {HTTPStatus(response.status_code).phrase}"
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        raise ToolError(_REFUSED)
    try:
        document = response.json()
    except ValueError:
        document = {}
    if response.status_code != HTTPStatus.OK:
        raise ToolError(f"{source.name} was not taken: {document.get('detail') or response.status_code}")
    for result in document.get("results", []):
        yield f"became   {_outcome(result)}"


def _outcome(result: Mapping[str, Any]) -> str:
    status = result["status"]
    about = f", of {result['client_id']}" if "client_id" in result else ""
    new = ", which it made" if result.get("new_client") else ""
    reason = f" as {result['reason']}" if "reason" in result else ""
    detail = f": {result['detail']}" if "detail" in result else ""
    known = {"duplicate": ": this very version is known", "superseded": ": a later version is known"}.get(status, "")
    parked = f" ({result['parked_id']})" if "parked_id" in result else ""
    return f"{status}{reason}{about}{new}{detail}{known}{parked}"


def _score(api: httpx.Client, client_id: str) -> dict[str, Any] | None:
    """The scorecard; None where there is none yet."""
    response = api.get(f"v1/clients/{client_id}/score")
    document: dict[str, Any] | None = response.json() if response.is_success else None
    return document


def _settled(
    api: httpx.Client, client_id: str, before: dict[str, Any] | None, pause: Callable[[float], None]
) -> dict[str, Any] | None:
    """The scorecard once it has moved and stands still, or as it is when it does not move for a while."""
    waited, since = 0.0, 0.0
    held = before
    while waited < _LONGEST:
        found = _score(api, client_id)
        if found != held:
            held, since = found, waited
        elif found != before and waited - since >= _QUIET:
            break
        pause(_PAUSE)
        waited += _PAUSE
    return held


def _moved(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    """What moved in a scorecard."""
    if after is None:
        return "none"
    if before == after:
        return f"{after['total']} of {after['max_total']}, nothing moved"
    held = {dimension["key"]: dimension for dimension in (before or {}).get("dimensions", [])}
    moves = [
        f"{dimension['key']} {_answer(held.get(dimension['key']))} -> {_answer(dimension)}"
        for dimension in after["dimensions"]
        if _answer(held.get(dimension["key"])) != _answer(dimension)
    ]
    was = "none" if before is None else before["total"]
    return f"{was} -> {after['total']} of {after['max_total']} ({', '.join(moves) or 'the same answers, newer'})"


def _answer(dimension: Mapping[str, Any] | None) -> str:
    if dimension is None or dimension["value"] is None:
        return "unanswered"
    return f"{dimension['value']} ({dimension['points']} points)"
