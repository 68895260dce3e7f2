"""The emulator behind a gate: the emulator's own Python runs this file in place of `python -m ministack`.

MiniStack 1.5.33 takes anybody for the root of the account who names the key `test`, twelve digits or no key at all,
checks no signature of root, and tells browsers that pages of every origin may read what it responds. Any page in the
developer's browser could so read the secrets of a stack, or make a function, which runs as the developer. Behind this
gate

- root is who signs with the keys of this stack, and nobody else;
- OPTIONS reaches the functions unless it is a preflight request, as on AWS;
- what a browser sends is refused, except to the deployed API, which checks tokens, and to the sign-in of Cognito;
- the emulator's own addresses (to forget everything, say) are closed, but for the one that tells whether it is up;
- what it writes, only its owner may read.
"""

import hmac
import json
import os
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from importlib import import_module
from typing import Any

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Execute = Callable[..., Awaitable[Any]]
App = Callable[[Mapping[str, Any], Receive, Send], Awaitable[None]]

HEALTH = "/_ministack/health"

WAITING = "/_opmm/waiting"
"""Tells how many records of streams no function has read yet: the emulator forgets them when it is stopped."""

OUTBOX = "/_opmm/outbox"
"""Mail that was sent, for who has the secret key of this stack: `Authorization: Bearer ...`."""

_API = re.compile(r"[0-9a-f]{8}\.execute-api\.localhost(:[0-9]+)?")
_THIS_MACHINE = re.compile(r"(127\.0\.0\.1|localhost|[a-z0-9.-]+\.localhost)(:[0-9]+)?")
_SIGN_IN = re.compile(
    r"/(login|logout|oauth2/(authorize|login|token|userInfo|revoke)"
    r"|[a-z0-9-]+_[A-Za-z0-9]+/\.well-known/(jwks\.json|openid-configuration))"
)
"""What browsers open of Cognito, and clients of OpenID Connect without keys of AWS."""

_OF_A_BROWSER = re.compile(r"origin|sec-fetch-.*|access-control-request-.*")
"""The headers that browsers add to what pages send, and no page can leave out. No SDK sends any."""

_REFUSED = json.dumps(
    {"__type": "AccessDeniedException", "message": "Not from here: see tools/stack/gate.py."}
).encode()


def passes(path: str, headers: Mapping[str, str]) -> bool:
    """Whether the emulator gets to see a request. It then still checks who signed it, and what they may do."""
    host = headers.get("host", "")
    own = path.startswith(("/_", "/health"))
    if _API.fullmatch(host) and not own:
        return True
    if not _THIS_MACHINE.fullmatch(host):  # a name of somebody else that was made to point here
        return False
    if _SIGN_IN.fullmatch(path) and "x-amz-target" not in headers:
        return True
    if any(_OF_A_BROWSER.fullmatch(name) for name in headers):
        return False
    return not own or path in (HEALTH, WAITING, OUTBOX)


def gated(app: App) -> App:
    """The emulator, which sees what passes only."""

    async def gate(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await app(scope, receive, send)
        elif scope["type"] != "http":  # nothing here speaks over a WebSocket
            await send({"type": "websocket.close"})
        elif not passes(scope["path"], _text(scope["headers"])):
            await _respond(send, 403, _REFUSED)
        elif scope["path"] == WAITING:
            await _respond(send, 200, json.dumps({"records": waiting()}).encode())
        elif scope["path"] == OUTBOX:
            known = is_known(_text(scope["headers"]))
            await _respond(send, 200 if known else 403, json.dumps({"mail": outbox()}).encode() if known else _REFUSED)
        else:
            await app(scope, receive, send)

    return gate


def routed(execute: Execute) -> Execute:
    """The emulator's API Gateway, which takes every OPTIONS for a preflight request and answers it by itself.

    AWS does so with those alone that have `Access-Control-Request-Method`; what our functions get of others is the
    method in lower case.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
    """

    async def route(api: str, stage: str, path: str, method: str, headers: Mapping[str, str], *rest: Any) -> Any:
        preflight = "access-control-request-method" in map(str.lower, headers)
        known_as = "options" if method == "OPTIONS" and not preflight else method
        return await execute(api, stage, path, known_as, headers, *rest)

    return route


async def _respond(send: Send, status: int, body: bytes) -> None:
    head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


def waiting() -> int:
    """How many records stand in streams behind the place to which their functions have read.

    AttributeError when this version of MiniStack keeps that elsewhere.
    """
    functions, tables = import_module("ministack.services.lambda_svc"), import_module("ministack.services.dynamodb")
    names = ("_iter_all_esms", "_request_account_id", "_request_region", "_dynamodb_stream_positions")
    mappings, account_id, region_name, positions = (getattr(functions, name) for name in names)
    found = 0
    for account, region, mapping in mappings():
        source = mapping.get("EventSourceArn", "")
        if ":dynamodb:" not in source:
            continue
        of_account, of_region = account_id.set(account), region_name.set(region)
        try:
            table = source.partition("/stream/")[0].rpartition("/")[2]
            first, end = tables.stream_start_position(table), tables.stream_end_position(table)
            found += end - max(first, positions.get(mapping["UUID"], first))
        finally:
            account_id.reset(of_account)
            region_name.reset(of_region)
    return found


def is_known(headers: Mapping[str, str]) -> bool:
    """Whether who calls has the secret key of this stack."""
    secret = os.environ["AWS_SECRET_ACCESS_KEY"]
    return hmac.compare_digest(headers.get("authorization", "").encode(), f"Bearer {secret}".encode())


def outbox() -> list[Any]:
    """Mail that was sent, the oldest first. AttributeError when this version of MiniStack keeps it elsewhere."""
    kept = import_module("ministack.services.ses")._sent_emails.to_dict()  # noqa: SLF001 - there is no other way in
    return sorted((mail for sent in kept.values() for mail in sent), key=lambda mail: mail["Timestamp"])


def _text(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


def main() -> None:
    """Runs MiniStack. AttributeError when this version of it decides elsewhere who is root."""
    os.umask(0o077)
    root = os.environ["AWS_ACCESS_KEY_ID"].encode()
    evaluator: Any = import_module("ministack.core.iam_evaluator")
    # The one says who is root, the other whose signature need not be checked.
    _replace(evaluator, "is_root_access_key", lambda key_id: hmac.compare_digest((key_id or "").encode(), root))
    _replace(evaluator, "_is_root_key", lambda _key_id: False)
    gateway: Any = import_module("ministack.services.apigateway")
    _replace(gateway, "_handle_execute_in_scope", routed(gateway._handle_execute_in_scope))  # noqa: SLF001 - there is no other way in
    functions: Any = import_module("ministack.services.lambda_svc")
    _replace(functions, "_sqs_esm_concurrency", _with_numbers(functions._sqs_esm_concurrency))  # noqa: SLF001 - see there
    emulator: Any = import_module("ministack.app")
    _replace(emulator, "app", gated(emulator.app))
    emulator.main()


def _with_numbers(concurrency: Callable[..., int]) -> Callable[..., int]:
    """MiniStack hands a parameter of the type Number on as a text, and then cannot compare it."""

    def with_numbers(mapping: Mapping[str, Any], *others: Any) -> int:
        scaling = {name: int(value) for name, value in (mapping.get("ScalingConfig") or {}).items()}
        return concurrency({**mapping, "ScalingConfig": scaling}, *others)

    return with_numbers


def _replace(module: Any, name: str, new: Any) -> None:
    getattr(module, name)
    setattr(module, name, new)


if __name__ == "__main__":
    main()
