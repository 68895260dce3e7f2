"""Who may do what: every operation and page against every scope, role and reach."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any, get_args

import jwt
import pytest
from moto import mock_aws

from shared.api.operations import OPERATIONS
from shared.http.tokens import ROLES, SCOPES, Role
from tests.support.calls import call, look
from tests.support.clients import dynamodb_client
from tests.support.readings import counted
from tests.support.service import TOKEN_KEY, Service, event, http_event, in_memory, token
from tests.support.template import create_table

REACHES: dict[str, dict[str, Any]] = {
    "every client": {},
    "acme": {"clients": ["acme"]},
    "beta": {"clients": ["beta"]},
}

RATED, DESCRIBED = "an nps response of acme", "a description of acme"

TABLE: dict[str, tuple[set[str], tuple[int, int, int]]] = {
    # what is asked: the scopes it takes, and the statuses for a token of every client, of acme, of beta
    f"postEvents {RATED}": ({"events:write"}, (202, 202, 403)),
    f"postEvents {DESCRIBED}": ({"events:write", "clients:write"}, (202, 202, 403)),
    "listSources": ({"parked:read"}, (200, 403, 403)),
    "listParked": ({"parked:read"}, (200, 403, 403)),
    "getParkedItem": ({"parked:read"}, (404, 403, 403)),
    "replayParked": ({"parked:write"}, (200, 403, 403)),
    "replayParkedItem": ({"parked:write"}, (404, 403, 403)),
    "deleteParkedItem": ({"parked:write"}, (404, 403, 403)),
    "postErasure": ({"admin"}, (404, 403, 403)),
    "listErasures": ({"admin"}, (200, 403, 403)),
    "getErasure": ({"admin"}, (404, 403, 403)),
    "getSubject": ({"admin"}, (200, 403, 403)),
    "listClients": ({"scores:read"}, (200, 200, 200)),
    "getClient": ({"scores:read"}, (200, 200, 403)),
    "getScore": ({"scores:read"}, (200, 200, 403)),
    "getNextSteps": ({"scores:read"}, (200, 200, 403)),
    "getVerification": ({"scores:read"}, (200, 200, 403)),
    "getTalks": ({"scores:read"}, (200, 200, 403)),
    "getActions": ({"scores:read"}, (200, 200, 403)),
    "getGoals": ({"scores:read"}, (200, 200, 403)),
    "getNotes": ({"scores:read"}, (200, 200, 403)),
    "getCalendar": ({"scores:read"}, (200, 200, 403)),
    "listChanges": ({"scores:read"}, (200, 200, 200)),
    "getHistory": ({"scores:read"}, (200, 200, 403)),
    "getEvidence": ({"scores:read"}, (200, 200, 403)),
    "getNps": ({"scores:read"}, (200, 200, 403)),
    "getPortfolio": ({"scores:read"}, (200, 200, 200)),
    "getModel": ({"scores:read"}, (200, 200, 200)),
}
READS = {name for name, (scopes, _) in TABLE.items() if scopes == {"scores:read"}}
BY_ROLE: dict[Role, set[str]] = {
    "client": READS,
    "viewer": READS,
    "editor": READS | {f"postEvents {RATED}"},
    "admin": set(TABLE),
}
PAGES = {
    "/": (200, 200, 200),
    "/clients/acme": (200, 200, 403),
    "/clients/beta": (200, 403, 200),
    "/clients/acme/as-client": (200, 200, 403),
    "/clients/acme/evidence/nps": (200, 200, 403),
    "/clients/acme/talks": (200, 200, 403),
    "/clients/acme/calendar.ics": (200, 200, 403),
    "/model?client=acme": (200, 200, 403),
    "/model": (200,) * 3,
}

each_call = pytest.mark.parametrize("name", TABLE)
_number = count()


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with mock_aws():
        wired = in_memory()
        create_table(dynamodb_client(), "IssuedTable")
        wired.post([counted(6), counted(3, subject="beta")])
        wired.settle()
        yield wired


def asked(service: Service, name: str, bearer: str | None) -> int:
    operation_id, _, what = name.partition(" ")
    [operation] = [operation for operation in OPERATIONS if operation.id == operation_id]
    number = next(_number)
    sent: dict[str, tuple[str, dict[str, Any]]] = {
        RATED: ("nps.responded", {"response_id": f"r-{number}", "score": 9, "responded_at": "2026-11-14T09:00:00Z"}),
        DESCRIBED: ("client.described", {"name": f"Acme {number}"}),
    }
    data = sent.get(what)
    time = f"2026-11-23T12:00:00.{number:06}Z"
    body = json.dumps(event(data[0], data[1], id=f"e-{number}", time=time)) if data else None
    if operation_id == "postErasure":
        body = json.dumps({"client_id": "nobody"})
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {bearer}"} if bearer else {})
    path = operation.path.replace("{client_id}", "acme").replace("{parked_id}", "nps.0123")
    path = path.replace("{erasure_id}", "20261124T120000-0a1b2c3d")
    query = {"replayParked": "source=nps", "getSubject": "respondent=somebody"}.get(operation_id, "")
    handler = {"ingest": service.ingest, "query": service.query, "erase": service.erase}[operation.function]
    return call(handler, http_event(operation.method, path, body, headers, query)).status


def test_every_operation_that_takes_a_token_is_in_the_table() -> None:
    secured = {operation.id: operation.scope for operation in OPERATIONS if operation.scope}

    assert {name.partition(" ")[0] for name in TABLE} == secured.keys()
    assert all(secured[name.partition(" ")[0]] in scopes for name, (scopes, _) in TABLE.items())


@each_call
def test_its_scopes_let_in_who_reaches_the_client(service: Service, name: str) -> None:
    scopes, statuses = TABLE[name]

    assert tuple(asked(service, name, token(scopes=sorted(scopes), **reach)) for reach in REACHES.values()) == statuses


@each_call
def test_without_one_of_its_scopes_all_others_open_nothing(service: Service, name: str) -> None:
    for missing in TABLE[name][0]:
        rest = [scope for scope in SCOPES if scope != missing]

        assert [asked(service, name, token(scopes=rest, **reach)) for reach in REACHES.values()] == [403] * 3


@each_call
def test_without_a_token_it_is_closed(service: Service, name: str) -> None:
    assert [asked(service, name, bearer) for bearer in (None, "invented")] == [401, 401]


@pytest.mark.parametrize("role", get_args(Role))
def test_a_role_opens_what_its_scopes_do(service: Service, role: Role) -> None:
    """As a link has it: for one client, or for all."""
    for reach, claims in REACHES.items():
        place = list(REACHES).index(reach)
        expected = {name: statuses[place] if name in BY_ROLE[role] else 403 for name, (_, statuses) in TABLE.items()}

        assert {name: asked(service, name, token(scopes=ROLES[role], **claims)) for name in TABLE} == expected


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", get_args(Role))
def test_pages_open_for_every_role_where_it_reaches(service: Service, role: Role, path: str) -> None:
    opened = tuple(look(service, path, scopes=ROLES[role], **reach).status for reach in REACHES.values())
    own = (200, 303, 303)  # a client has no portfolio, but a page of their own

    assert opened == (own if path == "/" and role == "client" else PAGES[path])


@pytest.mark.parametrize("role", get_args(Role))
def test_only_who_may_write_holds_talks(service: Service, role: Role) -> None:
    opened = tuple(
        look(service, "/clients/acme/talk", scopes=ROLES[role], **reach).status for reach in REACHES.values()
    )

    assert opened == ((200, 200, 403) if role in ("editor", "admin") else (403, 403, 403))


@pytest.mark.parametrize("role", get_args(Role))
def test_only_who_writes_for_every_client_sees_what_was_sent(service: Service, role: Role) -> None:
    opened = tuple(look(service, "/notifications", scopes=ROLES[role], **reach).status for reach in REACHES.values())

    assert opened == ((200, 403, 403) if role in ("editor", "admin") else (403, 403, 403))


@pytest.mark.parametrize("role", get_args(Role))
def test_only_who_may_write_makes_feeds(service: Service, role: Role) -> None:
    opened = tuple(look(service, "/feeds", scopes=ROLES[role], **reach).status for reach in REACHES.values())

    assert opened == ((200,) * 3 if role in ("editor", "admin") else (403,) * 3)


@pytest.mark.parametrize("path", PAGES)
def test_pages_open_for_nobody_who_may_not_read(service: Service, path: str) -> None:
    rest = [scope for scope in SCOPES if scope != "scores:read"]

    assert look(service, path, scopes=rest).status == 403


@pytest.mark.parametrize("clients", [None, [], "acme", {"acme": True}], ids=repr)
def test_a_limit_that_names_no_client_opens_none(service: Service, clients: object) -> None:
    bearer = signed_with(clients)

    assert [
        asked(service, name, bearer) for name in ("getClient", f"postEvents {RATED}", f"postEvents {DESCRIBED}")
    ] == [403] * 3
    assert service.get("/v1/clients", bearer=bearer).json["clients"] == []


def test_who_is_refused_is_not_told_whether_there_is_such_a_client(service: Service) -> None:
    bearer = token(clients=["beta"])
    there, absent = (service.get(f"/v1/clients/{name}", bearer=bearer) for name in ("acme", "nobody"))

    assert (there.status, there.text) == (absent.status, absent.text)
    described = [
        service.post(event("client.described", {"aliases": [name]}, subject="beta"), bearer=bearer)
        for name in ("acme", "nobody")
    ]
    assert (described[0].status, described[0].text) == (described[1].status, described[1].text)


def signed_with(clients: object) -> str:
    """A token of all scopes whose limit is what no tool of ours would write."""
    return jwt.encode({"sub": "tests", "scope": " ".join(SCOPES), "exp": 2**40, "clients": clients}, TOKEN_KEY)
