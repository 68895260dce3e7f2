"""Stand-ins of HubSpot and Salesforce on this machine: they take what these document, and keep what is wrong.

https://developers.hubspot.com/docs/api-reference/latest/crm/objects/companies/update-company and its neighbours,
https://developer.salesforce.com/docs/platform/api-rest/guide/resources-sobject-upsert-patch.md and its neighbours.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Reply = tuple[int, Any, Mapping[str, str]]
Asked = tuple[str, str]


@dataclass(frozen=True)
class Call:
    """A request, taken apart."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: value for name, [value] in parse_qs(self.body.decode(), strict_parsing=True).items()}


Answering = Callable[[Call], Reply]


@contextmanager
def serving(answering: Answering) -> Iterator[str]:
    """A server until the end; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            parts = urlsplit(self.path)
            query = {name: value for name, [value] in parse_qs(parts.query, keep_blank_values=True).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, document, further = answering(Call(self.command, parts.path, query, headers, body))
            written = b"" if document is None else json.dumps(document).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(written)), **further}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(written)

        do_GET = do_POST = do_PATCH = answer  # noqa: N815 - as the standard library calls them

        def log_message(self, *_: object) -> None:
            """Nothing: a test says what it wants to know."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=20)


@dataclass
class Crm:
    """What both have in common: records by the client they name, the calls made, and replies to give before others."""

    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    first: list[Reply] = field(default_factory=list)

    def __call__(self, call: Call) -> Reply:
        if self.first:
            return self.first.pop(0)
        self.asked.append((call.method, call.path))
        try:
            return self.reply(call)
        except (AssertionError, KeyError, ValueError) as error:
            self.wrong.append(f"{call.method} {call.path}: {error!r}")
            return 400, {"message": "not as documented"}, {}

    def reply(self, call: Call) -> Reply:
        raise NotImplementedError


MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z"
"""A time as both take it, to the millisecond at most."""

VALUES = {
    "opmm_total": r"\d+",
    "opmm_max_total": r"\d+",
    "opmm_version": r"\d+",
    "opmm_stale": "true|false",
    "opmm_changed_at": MOMENT,
}
"""By property, what HubSpot takes; an empty text empties it."""


@dataclass
class HubSpot(Crm):
    """Companies with unique values of `opmm_client`."""

    key: str = "pat-eu1-key"
    properties: dict[str, dict[str, Any]] = field(default_factory=dict)
    page: int = 2
    """Companies of a page of a search, so that one follows another."""

    def reply(self, call: Call) -> Reply:
        if call.headers.get("authorization") != f"Bearer {self.key}":
            return 401, {"category": "INVALID_AUTHENTICATION"}, {}
        version, _, rest = call.path.removeprefix("/crm/objects/").partition("/companies")
        if call.path == "/crm/properties/2026-09/companies":
            return self._property(call.json)
        assert version == "2026-09", version
        if (call.method, rest) == ("POST", "/search"):
            return self._search(call.json)
        assert call.query["idProperty"] == "opmm_client"
        company = self.records.get(rest.removeprefix("/"))
        if company is None:
            return 404, {"category": "OBJECT_NOT_FOUND"}, {}
        if call.method == "PATCH":
            self._change(company, call)
        names = call.query.get("properties", "").split(",")
        return 200, {"id": "512", "properties": {name: company.get(name) for name in names}, "archived": False}, {}

    def _change(self, company: dict[str, Any], call: Call) -> None:
        assert call.headers["content-type"] == "application/json"
        assert call.json.keys() == {"properties"}
        for name, value in call.json["properties"].items():
            assert value == "" or re.fullmatch(VALUES[name], value), (name, value)
            company[name] = value or None

    def _property(self, told: dict[str, Any]) -> Reply:
        assert {"name", "label", "type", "fieldType", "groupName"} <= told.keys()
        kinds = {("string", "text"), ("number", "number"), ("bool", "booleancheckbox"), ("datetime", "date")}
        assert (told["type"], told["fieldType"]) in kinds
        assert told["type"] != "bool" or {each["value"] for each in told["options"]} == {"true", "false"}
        if told["name"] in self.properties:
            return 409, {"category": "OBJECT_ALREADY_EXISTS"}, {}
        self.properties[told["name"]] = told
        return 201, told, {}

    def _search(self, told: dict[str, Any]) -> Reply:
        assert told["filterGroups"] == [{"filters": [{"propertyName": "opmm_client", "operator": "HAS_PROPERTY"}]}]
        assert told["limit"] <= 200
        named, start = sorted(self.records), int(told.get("after", 0))
        shown = named[start : start + self.page]
        document: dict[str, Any] = {
            "total": len(named),
            "results": [{"id": name, "properties": {"opmm_client": name}} for name in shown],
        }
        if start + self.page < len(named):
            document["paging"] = {"next": {"after": str(start + self.page)}}
        return 200, document, {}


TYPES: Mapping[str, tuple[type, ...]] = {
    "OPMM_Total__c": (int, type(None)),
    "OPMM_Max_Total__c": (int, type(None)),
    "OPMM_Version__c": (int, type(None)),
    "OPMM_Stale__c": (bool,),
    "OPMM_Changed_At__c": (str, type(None)),
}


@dataclass
class Salesforce(Crm):
    """Accounts with an external id that is unique."""

    tokens: list[str] = field(default_factory=list)
    """Those that were given; the last one counts."""
    page: int = 2

    def reply(self, call: Call) -> Reply:
        if call.path == "/services/oauth2/token":
            wanted = {"grant_type": "client_credentials", "client_id": "consumer", "client_secret": "hush"}
            assert (call.method, call.form) == ("POST", wanted)
            assert call.headers["content-type"] == "application/x-www-form-urlencoded"
            self.tokens.append(f"00D-{len(self.tokens)}")
            return 200, {"access_token": self.tokens[-1], "token_type": "Bearer"}, {}
        if not self.tokens or call.headers.get("authorization") != f"Bearer {self.tokens[-1]}":
            return 401, [{"errorCode": "INVALID_SESSION_ID"}], {}
        if call.path.startswith("/services/data/v68.0/query"):
            return self._query(call)
        found = re.fullmatch(r"/services/data/v68\.0/sobjects/Account/OPMM_Client__c/([a-z0-9-]+)", call.path)
        assert found
        assert (call.method, call.query) == ("PATCH", {"updateOnly": "true"})
        account = self.records.get(found[1])
        if account is None:
            return 404, [{"errorCode": "NOT_FOUND"}], {}
        for name, value in call.json.items():
            assert type(value) in TYPES[name], (name, value)
            assert name != "OPMM_Changed_At__c" or value is None or re.fullmatch(MOMENT, value), value
            account[name] = value
        return 204, None, {}

    def _query(self, call: Call) -> Reply:
        """Of one account by what it names, or of all that name a client."""
        assert call.method == "GET"
        asked = call.query.get("q", "")
        one = re.fullmatch(r"SELECT OPMM_Version__c FROM Account WHERE OPMM_Client__c = '([a-z0-9-]+)'", asked)
        if one:
            account = self.records.get(one[1])
            version = None if account is None else account.get("OPMM_Version__c")
            rows = [] if account is None else [{"OPMM_Version__c": None if version is None else float(version)}]
            return 200, {"totalSize": len(rows), "done": True, "records": rows}, {}
        start = int(call.path.rpartition("-")[2]) if call.path.count("-") else 0
        assert start or asked == "SELECT OPMM_Client__c FROM Account WHERE OPMM_Client__c != null"
        named, done = sorted(self.records), start + self.page >= len(self.records)
        document: dict[str, Any] = {
            "totalSize": len(named),
            "done": done,
            "records": [{"OPMM_Client__c": name} for name in named[start : start + self.page]],
        }
        if not done:
            document["nextRecordsUrl"] = f"/services/data/v68.0/query/01g-{start + self.page}"
        return 200, document, {}
