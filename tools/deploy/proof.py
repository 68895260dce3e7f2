"""Proves that a stack works: an event of a client that nobody sees goes in, its score comes out, and nothing is left.

Everything that people can break of a deployment lies on its way: the address, the keys, the roles, the stream, the
tables, and each function reads what it rests on. The client is in no list (`PROOF_CLIENT`), nobody is told of it, and
its calls are counted for no source, so that it can be proven at any time, by day and beside people.
"""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx

from shared.http.tokens import mint
from shared.opmm.model import Dimension, Model
from shared.opmm.slugs import PROOF_CLIENT
from shared.opmm.timestamps import rfc3339
from shared.storage.records import Scored
from tools.errors import ToolError
from tools.jobs import done
from tools.target import Target

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_SOURCE = "deployment-proof"
_LIFETIME = timedelta(minutes=15)
_PATIENCE = 120.0
"""Seconds for a score to come; a stream that begins to be read takes up to a minute."""
_PAUSE = 0.5
_TIMEOUT = 30.0
_KEYS = {"FactsTableName": ("client_id", "fact_id"), "ScoresTableName": ("client_id", "item")}


@dataclass(frozen=True, slots=True)
class ProofEvent:
    """One event, and the points that it must come to."""

    event: dict[str, Any]
    question: Dimension
    points: int


def proof_event(model: Model, now: datetime) -> ProofEvent:
    """An event that answers a question of the model: a head count, a reported NPS, or a survey."""
    told = rfc3339(now)
    if question := model.answered_from("consultants"):
        data: dict[str, Any] = {"working": 7, "happy": 7, "as_of": told}
        kind, value = "consultants.counted", 7
    elif question := model.answered_from("nps"):
        data = {"nps": 25, "measured_at": told}
        kind, value = "nps.reported", 25
    else:
        question = model.survey_questions[0]
        kind, chosen = "survey.answered", question.answers[0] if question.answers else 3
        data = {"answered_at": told, "answers": {question.key: chosen}}
        return ProofEvent(_event(kind, data, told), question, question.points_for(chosen))
    return ProofEvent(_event(kind, data, told), question, question.points_for(value))


def _event(kind: str, data: dict[str, Any], told: str) -> dict[str, Any]:
    named = {"source": _SOURCE, "id": str(uuid.uuid4()), "subject": PROOF_CLIENT, "time": told}
    return {"specversion": "1.0", "type": kind, **named, "data": data}


def prove(target: Target, expected: str | None, clock: Callable[[], datetime]) -> list[str]:
    """What was proven of a stack, in a line each; with an expected version, that it is this one which responds.

    Raises ToolError at the first thing that is not as it should be. What the proof has written is gone either way.
    """
    _, model = target.zone_and_model()
    now = clock()
    # It opens nothing but this client, for minutes: not written down, as the others are, so that nothing is left.
    token = mint(
        target.keys().current,
        subject=_SOURCE,
        scopes=("events:write", "scores:read"),
        expires_at=now + _LIFETIME,
        clients=(PROOF_CLIENT,),
        sources=(_SOURCE,),
    )
    address, headers = target.api(token)
    _clean_up(target)  # of a proof that was broken off
    with httpx.Client(base_url=address, headers=headers, timeout=_TIMEOUT, trust_env=target.local is None) as client:
        try:
            version = _each_function(client, target, expected)
            points, seconds = _scored(client, target, proof_event(model, now))
            _shown(client, token)
        except httpx.HTTPError as failed:
            raise ToolError(f"{target.name} does not respond at {address}: {failed}") from failed
        finally:
            _forget(target)
    told = f"{points} points, {seconds:.1f} s later"
    return [
        f"Version {version} responds: query, pages, erase and notify.",
        f"An event was stored by ingest, scored by score and shown by query and pages: {told}.",
    ]


def _each_function(client: httpx.Client, target: Target, expected: str | None) -> str:
    """Each that no event passes reads what it rests on. Gives the version that responds."""
    said: str = _respond(lambda: client.get("v1/health"), 200).json().get("version")
    if expected is not None and said != expected:
        raise ToolError(f"Version {said} responds, and {expected} was deployed.")
    # The people document is read; without a provider there is nobody to sign in.
    _respond(lambda: client.get("sign-in"), 200, 401)
    _respond(lambda: client.get("v1/erasures"), 403)  # it has read the keys, and knows that this token may not
    if not done(target, "NotifyFunctionName", {"job": "describe_destinations"})["readable"]:
        raise ToolError(
            f"The destinations of {target.name} cannot be read: nobody is told what happens. Store them again."
        )
    return said


def _scored(client: httpx.Client, target: Target, sent: ProofEvent) -> tuple[int, float]:
    """The points that the event came to, and after how many seconds."""
    begun = time.monotonic()
    posted = client.post("v1/events", json=sent.event)
    if posted.status_code != httpx.codes.ACCEPTED:
        raise ToolError(f"The event was not taken: {posted.status_code} {_detail(posted)}")
    scores = target.scores()
    if not _within(_PATIENCE, lambda: isinstance(scores.read(PROOF_CLIENT), Scored)):
        raise ToolError(
            f"The event was stored, and not scored within {_PATIENCE:.0f} s: look at the logs of {target.name}-score."
        )
    seconds = time.monotonic() - begun
    card = _respond(lambda: client.get(f"v1/clients/{PROOF_CLIENT}/score"), 200).json()
    points: int = {dimension["key"]: dimension["points"] for dimension in card["dimensions"]}[sent.question.key]
    if points != sent.points:
        raise ToolError(f"{sent.question.key} has {points} points, and {sent.points} are right.")
    return points, seconds


def _shown(client: httpx.Client, token: str) -> None:
    """Lets itself in as somebody with a link does, and is led to the page of the client."""
    own = {"Sec-Fetch-Site": "same-origin"}
    _respond(lambda: client.post("sign-in", data={"token": token}, headers=own, follow_redirects=True), 200)


def _forget(target: Target) -> None:
    """Remove the facts, wait until the score function has seen that and writes nothing more, then the scores."""
    scores, dynamodb = target.scores(), target.dynamodb()
    held = scores.read(PROOF_CLIENT)
    if _delete(dynamodb, target.output("FactsTableName"), _KEYS["FactsTableName"]) and isinstance(held, Scored):
        _within(_PATIENCE, lambda: scores.read(PROOF_CLIENT).version > held.version)
    _clean_up(target)


def _clean_up(target: Target) -> None:
    """Remove whatever there is of the client."""
    for output, keys in _KEYS.items():
        _delete(target.dynamodb(), target.output(output), keys)


def _delete(client: "DynamoDBClient", table: str, keys: tuple[str, str]) -> int:
    """How many items of the client a table had."""
    names = {f"#{position}": key for position, key in enumerate(keys)}
    pages = client.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression="#0 = :client",
        ProjectionExpression="#0, #1",
        ExpressionAttributeNames=names,
        ExpressionAttributeValues={":client": {"S": PROOF_CLIENT}},
        ConsistentRead=True,
    )
    found = [item for page in pages for item in page["Items"]]
    for key in found:
        client.delete_item(TableName=table, Key=key)
    return len(found)


def _respond(call: Callable[[], httpx.Response], *statuses: int) -> httpx.Response:
    """A response with one of these; a stack that was just made may take a moment. Raises ToolError for another."""
    responses: list[httpx.Response] = []

    def responded() -> bool:
        responses.append(call())
        return responses[-1].status_code in statuses

    if not _within(_TIMEOUT, responded):
        last = responses[-1]
        wanted = " or ".join(map(str, statuses))
        raise ToolError(
            f"{last.request.method} {last.request.url.path} responded with {last.status_code}, not {wanted}: "
            f"{_detail(last)}"
        )
    return responses[-1]


def _detail(response: httpx.Response) -> str:
    """What a problem says; of anything else nothing is quoted."""
    try:
        return str(response.json().get("detail", ""))
    except (ValueError, AttributeError):
        return "(no document)"


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Whether something comes to hold in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE)
    return True


def now() -> datetime:
    """The clock of this machine."""
    return datetime.now(UTC)  # noqa: TID251 - the edge: when the event happens
