"""Runs within the tree of a release: writes items as it does, or reads items as it does.

A script: `python inside.py write` or `read` in the folder of that tree, JSON in and JSON out.
It uses what that release's own tests have: `tests.support.service` with `in_memory`.
"""

import base64
import contextlib
import io
import json
import os
import sys
from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

NAMES = ("acme", "beta", "core", "dune")
OF_A_CLIENT = ["", "/score", "/score?as_of=2026-08-01", "/history", "/next-steps", "/evidence", "/nps", "/talks"]
READS = (
    "/v1/clients?status=all&limit=100",
    "/v1/portfolio",
    "/v1/parked",
    "/v1/erasures",
    *(f"/v1/clients/{name}{path}" for name in NAMES for path in OF_A_CLIENT),
)
TABLES = ("FactsTable", "ScoresTable", "ParkedTable", "ErasuresTable", "DraftsTable", "IssuedTable")


def tables() -> dict[str, list[Any]]:
    """Every item of every table, in JSON."""
    from tests.support.clients import dynamodb_client  # noqa: PLC0415 - of the tree that it runs in

    scanned = {name: dynamodb_client().scan(TableName=name)["Items"] for name in TABLES}
    found: dict[str, list[Any]] = json.loads(json.dumps(scanned, default=_bytes))
    return found


def lay_down(held: Mapping[str, list[Any]]) -> None:
    """Puts the items of `tables` where they lay."""
    from tests.support.clients import dynamodb_client  # noqa: PLC0415

    for name, items in held.items():
        for item in items:
            dynamodb_client().put_item(TableName=name, Item=plain(item))


def plain(value: Any) -> Any:
    """What went through JSON, with its bytes as bytes."""
    if isinstance(value, dict):
        if value.keys() == {"base64"}:
            return base64.b64decode(value["base64"])
        return {key: plain(member) for key, member in value.items()}
    return [plain(member) for member in value] if isinstance(value, list) else value


def _bytes(value: bytes) -> dict[str, str]:
    return {"base64": base64.b64encode(value).decode()}


def fresh() -> Any:
    """The service on empty tables."""
    from tests.support.clients import dynamodb_client  # noqa: PLC0415
    from tests.support.service import in_memory  # noqa: PLC0415
    from tests.support.template import create_table  # noqa: PLC0415

    service = in_memory()
    create_table(dynamodb_client(), "IssuedTable")
    return service


def written(history: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """The tables after these events, and after a bit of everything that people keep."""
    service = fresh()
    for start in range(0, len(history), 5):
        service.post(history[start : start + 5])
        service.settle()
    _keep(service.clock.now)
    asked = {"respondent": "robin@example.com"}
    _ask(service.erase, "POST", "/v1/erasures", asked)
    return tables()


def _keep(now: Any) -> None:
    from shared.storage.drafts import Drafts, draft_key  # noqa: PLC0415
    from shared.storage.issued import Register, grant_of_link  # noqa: PLC0415
    from shared.storage.parked import Parked  # noqa: PLC0415
    from tests.support.clients import dynamodb_client  # noqa: PLC0415
    from tests.support.service import TOKEN_KEY  # noqa: PLC0415

    Drafts(dynamodb_client(), "DraftsTable").keep(
        "acme", draft_key("talk", "sam"), {"on": "2026-12-01"}, over=0, now=now
    )
    grant = grant_of_link("viewer", made_at=now, until=now + timedelta(days=30), name="Sam", clients=["acme"])
    Register(dynamodb_client(), "IssuedTable").issue(grant, SimpleNamespace(current=TOKEN_KEY))
    parked = Parked(dynamodb_client(), "ParkedTable", timedelta(days=30))
    parked.park("nps", "unmapped", "no client", b'{"answer": 9}', "application/json", now=now)


def read(held: Mapping[str, list[Any]]) -> dict[str, Any]:
    """What each read answers of these items: its status, and what it says."""
    service = fresh()
    lay_down(held)
    answers = {}
    for path in READS:
        handler = {"/v1/parked": service.ingest, "/v1/erasures": service.erase}.get(path, service.query)
        answers[path] = _ask(handler, "GET", path)
    return answers


def _ask(handler: Any, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    from tests.support.service import http_event, token  # noqa: PLC0415

    route, _, query = path.partition("?")
    headers = {"authorization": f"Bearer {token()}", "content-type": "application/json"}
    response = handler(http_event(method, route, None if body is None else json.dumps(body), headers, query), None)
    return response["statusCode"], json.loads(response["body"])


def main() -> None:
    """Does as the argument says, with the log out of the way."""
    sys.path.insert(0, os.getcwd())  # noqa: PTH109 - the tree that it runs in
    from moto import mock_aws  # noqa: PLC0415

    import tests.conftest  # noqa: F401, PLC0415 - sets the environment of the functions

    given = json.load(sys.stdin)
    does: Any = {"write": written, "read": read}[sys.argv[1]]
    results = []
    with contextlib.redirect_stdout(io.StringIO()):
        for each in given:
            with mock_aws():
                results.append(does(each))
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
