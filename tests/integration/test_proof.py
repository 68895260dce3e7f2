"""A stack is proven by a client that is scored like any other: nobody sees it in a list, and nothing is left of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

import httpx
import pytest

from shared.opmm.model_document import published_model
from shared.opmm.slugs import PROOF_CLIENT
from shared.reading.portfolio import SORTS
from shared.storage.scores import Scores
from tests.support.calls import look
from tests.support.clients import dynamodb_client, secrets_client
from tests.support.erasing import everything
from tests.support.metrics import metrics_in
from tests.support.service import TOKEN_KEY, Service, event, http_event, token
from tests.support.template import TABLES
from tools.deploy import proof
from tools.deploy.proof import proof_event
from tools.errors import ToolError
from tools.token_keys import TokenKeys

if TYPE_CHECKING:
    from tools.target import Target

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def proven(service: Service) -> Service:
    assert service.post(proof_event(published_model(), NOW).event).json["status"] == "accepted"
    service.post(event("consultants.counted", {"working": 8, "happy": 6, "as_of": "2026-11-01"}, subject="acme"))
    service.settle()
    return service


def test_it_is_scored_as_any_other_client(proven: Service) -> None:
    sent = proof_event(published_model(), NOW)

    card = proven.get(f"/v1/clients/{PROOF_CLIENT}/score").json

    assert {each["key"]: each["points"] for each in card["dimensions"]}[sent.question.key] == sent.points == 3


@pytest.mark.parametrize("status", ["active", "ended", "all"])
@pytest.mark.parametrize("sort", SORTS)
def test_no_list_has_it(proven: Service, status: str, sort: str) -> None:
    listed = proven.get(f"/v1/clients?status={status}&sort={sort}").json["clients"]

    assert [row["client_id"] for row in listed] == ([] if status == "ended" else ["acme"])


def test_neither_the_portfolio_nor_its_page_has_it(proven: Service) -> None:
    assert PROOF_CLIENT not in proven.get("/v1/portfolio").text
    assert PROOF_CLIENT not in look(proven, "/portfolio").text


def test_nothing_is_told_of_it_and_no_source_is_counted(
    service: Service, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    sent, bearer = (
        proof_event(published_model(), NOW).event,
        token(clients=[PROOF_CLIENT], sources=["deployment-proof"]),
    )
    capsys.readouterr()

    statuses = [service.post(each, bearer=bearer).status for each in (sent, sent, {**sent, "type": "no.such"})]
    service.settle()
    service.tell()
    service.notify({"job": "catch_up", "wait": 0}, None)

    assert statuses == [202, 200, 422]
    told = [vars(record) for record in caplog.records if record.getMessage() == "responded"]
    assert [(line["source"], line["outcome"]) for line in told] == [
        ("deployment-proof", outcome) for outcome in ("accepted", "duplicate", "rejected")
    ]
    assert [metric for metric in metrics_in(capsys.readouterr().out) if "source" in metric.dimensions] == []
    assert [everything(table) for table in ("SourceHealthTable", "NotificationsTable")] == ["[]", "[]"]


def test_its_token_opens_its_page_and_no_other(proven: Service) -> None:
    claims: dict[str, Any] = {
        "clients": [PROOF_CLIENT],
        "sources": ["deployment-proof"],
        "scopes": ["events:write", "scores:read"],
    }

    assert look(proven, f"/clients/{PROOF_CLIENT}", **claims).status == 200
    assert look(proven, "/clients/acme", **claims).status == 403


def test_it_stays_out_of_lists_when_the_night_has_looked_at_it(proven: Service) -> None:
    proven.night()
    proven.rebuild()

    assert [row["client_id"] for row in proven.get("/v1/clients?status=all").json["clients"]] == ["acme"]


@pytest.mark.parametrize("kept", [("consultants", "nps", "survey"), ("nps", "survey"), ("survey",)])
def test_there_is_a_sentfor_whatever_a_model_asks(service: Service, kept: tuple[str, ...]) -> None:
    model = published_model()
    dimensions = tuple(dimension for dimension in model.dimensions if dimension.answers_from in kept)
    sent = proof_event(replace(model, dimensions=dimensions), NOW)

    assert service.post(sent.event).json["status"] == "accepted"
    service.settle()
    card = service.get(f"/v1/clients/{PROOF_CLIENT}/score").json
    assert {each["key"]: each["points"] for each in card["dimensions"]}[sent.question.key] == sent.points


@dataclass
class Stack:
    """A stack in memory, for a tool: each look at a score lets what was written arrive first, as time does."""

    service: Service
    name = "opmm"
    local = None
    endpoint_url = None

    @property
    def session(self) -> "Stack":
        return self

    def client(self, *_: Any, **__: Any) -> "Stack":
        return self

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - the SDK's
        assert FunctionName == "NotifyFunction"
        try:
            return {"Payload": BytesIO(json.dumps(self.service.notify(json.loads(Payload), None)).encode())}
        except KeyError as error:
            told = {"errorType": type(error).__name__}
            return {"FunctionError": "Unhandled", "Payload": BytesIO(json.dumps(told).encode())}

    def zone_and_model(self) -> tuple[ZoneInfo, Any]:
        return ZoneInfo("Europe/Amsterdam"), published_model()

    def keys(self) -> TokenKeys:
        return TokenKeys(TOKEN_KEY)

    def api(self, bearer: str) -> tuple[str, dict[str, str]]:
        return "https://opmm.test/", {"Authorization": f"Bearer {bearer}"}

    def output(self, key: str) -> str:
        return key.removesuffix("Name")

    def dynamodb(self) -> Any:
        return dynamodb_client()

    def scores(self) -> Scores:
        self.service.settle()
        self.service.tell()
        zone, model = self.zone_and_model()
        return Scores(dynamodb_client(), "ScoresTable", model, zone)

    def respond(self, request: httpx.Request) -> httpx.Response:
        """As API Gateway does, by the routes of the template as far as the proof goes."""
        path = request.url.path
        by_beginning = {"/v1/events": "ingest", "/v1/erasures": "erase", "/v1/": "query", "/": "pages"}
        function = next(name for beginning, name in by_beginning.items() if path.startswith(beginning))
        sent = http_event(request.method, path, request.read(), dict(request.headers))
        try:
            answer = getattr(self.service, function)(sent, None)
        except KeyError:
            return httpx.Response(500, json={"message": "Internal Server Error"})
        self.service.settle()
        headers = [*answer["headers"].items(), *(("Set-Cookie", each) for each in answer.get("cookies", []))]
        return httpx.Response(answer["statusCode"], headers=headers, text=answer["body"])


@pytest.fixture
def prove(service: Service, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Proves the service as `make prove` does a stack, without its patience."""
    stack = Stack(service)
    service.clock.now = proof.now()  # tokens are checked against the real time
    transport = httpx.MockTransport(stack.respond)
    monkeypatch.setattr(httpx, "Client", partial(httpx.Client, transport=transport))
    for patience in ("_PATIENCE", "_TIMEOUT", "_PAUSE"):
        monkeypatch.setattr(proof, patience, 0.01)
    return lambda: proof.prove(cast("Target", stack), None, proof.now)


def test_a_stack_that_works_is_proven_and_nothing_is_left(service: Service, prove: Callable[[], list[str]]) -> None:
    said = prove()

    assert said[0].endswith(" responds: query, pages, erase and notify.")
    assert said[1].startswith("An event was stored by ingest, scored by score and shown by query and pages: 3 points, ")
    service.settle()
    service.tell()
    assert {name: everything(name) for name in TABLES} == dict.fromkeys(TABLES, "[]")


@pytest.mark.parametrize("function", ["ingest", "score", "query", "pages", "erase", "notify"])
def test_no_function_is_left_out(service: Service, prove: Callable[[], list[str]], function: str) -> None:
    def broken(called: dict[str, Any], _: object) -> dict[str, Any]:
        if "Records" in called and function != "score":
            return {"batchItemFailures": []}
        raise KeyError("A_VARIABLE_THAT_IS_NOT_SET")

    setattr(service, function, broken)

    with pytest.raises(ToolError):
        prove()


@pytest.mark.parametrize(
    ("secret", "told"),
    [
        ("people", "GET /sign-in responded with 503, not 200 or 401"),
        ("destinations", "The destinations of opmm cannot be read"),
    ],
)
def test_a_document_that_cannot_be_read_is_told(prove: Callable[[], list[str]], secret: str, told: str) -> None:
    secrets_client().put_secret_value(SecretId=f"opmm/{secret}", SecretString="no document")

    with pytest.raises(ToolError, match=told):
        prove()
    assert everything(*(name for name in TABLES if name != "SourceHealthTable")) == "[]"
