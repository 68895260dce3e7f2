"""Erasure of a person or a client of a stack: what is held is shown, somebody says yes, and the receipt is followed."""

import json
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any

import httpx
import typer

from tools.calling import calling
from tools.client_names import find_client
from tools.errors import ToolError
from tools.options import Profile, Region, StackName, filled
from tools.target import Target

_PAUSE = 2.0
_LONGEST = 3600.0
"""Seconds that are waited for an erasure before it is left to itself."""

_TOKEN_LIFETIME = timedelta(hours=2)
_TIMEOUT = 30.0

Respondent = typer.Option(
    "--respondent", parser=filled, metavar="WHO", help="The person's address, or id, as the tool sends it."
)


def subjects(
    *, respondent: Annotated[str, Respondent], stack: StackName = None, region: Region = None, profile: Profile = None
) -> None:
    """Say how much is held of a person, and where; nothing of its contents."""
    with calling(
        Target.of(stack, region, profile), "erase", "admin", lasts=_TOKEN_LIFETIME, timeout=_TIMEOUT
    ) as client:
        print(told(held(client, respondent)))


def erase(
    *,
    respondent: Annotated[str | None, Respondent] = None,
    ratings: Annotated[bool, typer.Option("--ratings", help="The person's ratings go, too.")] = False,
    client: Annotated[
        str | None,
        typer.Option(
            "--client", parser=filled, metavar="CLIENT", help="A client that goes with everything, by id or name."
        ),
    ] = None,
    stack: StackName = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Erase a person over all clients, or a client with everything. It asks first.

    Ends with status 1 when it was not done.
    """
    if bool(respondent) == bool(client):
        raise ToolError("Who is to be erased? RESPONDENT=... or CLIENT=..." + (", not both." if client else ""))
    if client and ratings:
        raise ToolError("RATINGS=1 goes with RESPONDENT=; a client goes with everything.")
    target = Target.of(stack, region, profile)
    wish: dict[str, Any] = {"respondent": respondent, "ratings": ratings}
    with _calls(target) as api:
        if client:
            found = find_client(target, client)
            if found is None:
                raise ToolError(f"{target.name} has no client {client!r}.")
            wish = {"client_id": found.client_id}
            called = f" ({found.name})" if found.name and found.name != found.client_id else ""
            print(f"{found.client_id}{called} goes with all its names, facts, comments, scores and history.")
        else:
            print(told(held(api, respondent or "")))
            print("All of it goes." if ratings else "Comments and identity go; the bare ratings stay.")
        if not typer.confirm(f"Erase this from {target.name}? It cannot be taken back"):
            raise ToolError("Nothing was erased.")
        begun = _responded(api.post("v1/erasures", json=wish))
        last = ", and looks once more after 90 seconds" if client else ""
        print(f"Erasure {begun['erasure_id']} has begun{last}. Ctrl-C ends the waiting, not the erasure.")
        receipt = followed(api, begun["erasure_id"])
    print(json.dumps(receipt, indent=2, ensure_ascii=False))
    if receipt["status"] != "done":
        raise ToolError("The erasure was given up. Its messages stand in UnfinishedErasuresQueue; or repeat it.")


def held(client: httpx.Client, respondent: str) -> dict[str, Counter[str]]:
    """How much is held of a person: responses and mentions by client, parked calls by source."""
    found: dict[str, Counter[str]] = {"responses": Counter(), "mentions": Counter(), "parked": Counter()}
    query = {"respondent": respondent}
    while True:
        document = _responded(client.get("v1/subjects", params=query))
        for row in document["clients"]:
            found["responses"][row["client_id"]] += row["responses"]
            found["mentions"][row["client_id"]] += row["mentions"]
        for row in document["sources"]:
            found["parked"][row["source"]] += row["parked"]
        if document["next"] is None:
            return {kind: +counts for kind, counts in found.items()}
        query["cursor"] = document["next"]


def told(found: dict[str, Counter[str]]) -> str:
    """What is held, for people to read."""
    words = {"responses": "responses at", "mentions": "comments of others at", "parked": "parked calls of"}
    lines = [f"{words[kind]} {name}: {count}" for kind, by in found.items() for name, count in sorted(by.items())]
    return "\n".join(lines) or "Nothing is held of this person."


def followed(client: httpx.Client, erasure_id: str, pause: Callable[[float], None] = time.sleep) -> dict[str, Any]:
    """The receipt of an erasure, once it does not run any more. Raises ToolError when that takes too long."""
    for _ in range(int(_LONGEST / _PAUSE)):
        receipt = _responded(client.get(f"v1/erasures/{erasure_id}"))
        if receipt["status"] != "running":
            return receipt
        pause(_PAUSE)
    raise ToolError(f"It still runs. Ask for it later: GET /v1/erasures/{erasure_id}")


def _calls(target: Target) -> httpx.Client:
    return calling(target, "erase", "admin", lasts=_TOKEN_LIFETIME, timeout=_TIMEOUT)


def _responded(response: httpx.Response) -> dict[str, Any]:
    """The document that was responded. Raises ToolError with the reason for any other, and nothing that was asked."""
    try:
        document = response.json()
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise ToolError(f"The service responded with {response.status_code}, and no document.")
    if response.is_success:
        return document
    raise ToolError(f"The service responded with {response.status_code}: {document.get('detail')}")
