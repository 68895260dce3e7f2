"""A client that openapi-python-client makes of the description makes every call of the README."""

import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from moto import mock_aws

from shared.api.description import DESCRIPTION_FILE
from shared.api.operations import OPERATIONS
from tests.support.calls import call
from tests.support.openapi_examples import SOURCE, signed, with_parked_call
from tests.support.service import NOW, Service, http_event, token
from tools.openapi.samples import BODIES

PACKAGE = "generated_opmm_client"
FUNCTIONS = {operation.path.split("/")[2]: operation.function for operation in OPERATIONS}
"""By the first step of an address behind its version, the function that has it."""
UNKNOWN = "hr.00000000000000000000000000000000"


class InMemory(httpx.BaseTransport):
    """Hands requests to the functions of a service; what tools send is signed."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body, path = request.read(), request.url.path
        headers = dict(request.headers)
        if request.method == "POST" and path.startswith("/v1/webhooks/"):
            headers |= signed(self.service, body)
        handlers = {"ingest": self.service.ingest, "query": self.service.query, "erase": self.service.erase}
        handler = handlers[FUNCTIONS[path.split("/")[2]]]
        event = http_event(request.method, path, body, headers, request.url.query.decode())
        response = call(handler, event)
        self.service.settle()
        self.service.tell()
        return httpx.Response(response.status, headers=dict(response.headers), text=response.text, request=request)


class Generated:
    """The client, on a service in memory."""

    def __init__(self, service: Service) -> None:
        client = importlib.import_module(f"{PACKAGE}.client").AuthenticatedClient
        arguments = {"transport": InMemory(service)}
        self.models = importlib.import_module(f"{PACKAGE}.models")
        self._client = client(base_url="http://opmm.example", token=token(), httpx_args=arguments)
        self._modules = {
            operation.id: importlib.import_module(f"{PACKAGE}.api.{operation.tag}.{snake(operation.id)}")
            for operation in OPERATIONS
        }
        self.called: set[str] = set()

    def __call__(self, operation_id: str, *path: str, **arguments: Any) -> tuple[int, Any]:
        """Status and parsed document."""
        self.called.add(operation_id)
        response = self._modules[operation_id].sync_detailed(*path, client=self._client, **arguments)
        return response.status_code, response.parsed


def snake(name: str) -> str:
    return re.sub(r"(?<=.)([A-Z])", r"_\1", name).lower()


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("generated")
    (folder / "config.yaml").write_text("post_hooks: []\n", encoding="utf-8")
    options = ["--path", str(DESCRIPTION_FILE), "--output-path", str(folder / PACKAGE), "--meta", "none"]
    options += ["--config", str(folder / "config.yaml"), "--fail-on-warning"]
    done = subprocess.run(  # noqa: S603 - arguments of our own
        [sys.executable, "-m", "openapi_python_client", "generate", *options],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture
def generated(package: Path) -> Iterator[Generated]:
    assert package.is_dir()
    with mock_aws():
        yield Generated(with_parked_call())


def sample(generated: Generated, name: str) -> Any:
    """A sample event, as the client's own type."""
    value = BODIES["postEvents"][name]["value"]
    kind = "".join(part.capitalize() for part in name.split("."))
    return getattr(generated.models, f"{kind}Event").from_dict(value)


@pytest.mark.parametrize("name", [name for name in BODIES["postEvents"] if name != "batch"])
def test_every_type_of_event_can_be_sent_and_sent_again(generated: Generated, name: str) -> None:
    event = sample(generated, name)
    for status, outcome in ((202, "accepted"), (200, "duplicate")):
        got, result = generated("postEvents", body=event)
        assert (got, result.id, result.status) == (status, event.id, outcome)


def test_a_survey_may_answer_several_questions(generated: Generated) -> None:
    models = generated.models
    answers = models.Answers(roadmap="yes", inspiration="regularly", specialisms=["design", "hosting"])
    survey = sample(generated, "survey.answered")
    survey.data.answers = answers
    generated("postEvents", body=survey)
    _, card = generated("getScore", survey.subject)
    assert {dimension.key: dimension.value for dimension in card.dimensions if dimension.points is not None} == {
        "specialisms": 2,
        "roadmap": "yes",
        "inspiration": "regularly",
    }


def test_a_batch_is_taken_in_part(generated: Generated) -> None:
    good, bad = sample(generated, "consultants.counted"), sample(generated, "consultants.counted")
    bad.data.happy = bad.data.working + 1
    status, result = generated("postEvents", body=[good, bad])
    assert (status, [item.status for item in result.results]) == (207, ["accepted", "rejected"])
    [fault] = result.results[1].problem.errors
    assert fault.pointer == "/data/happy"


def test_a_problem_is_told_with_its_faults(generated: Generated) -> None:
    bad = sample(generated, "consultants.counted")
    bad.data.happy = bad.data.working + 1
    status, problem = generated("postEvents", body=bad)
    assert (status, problem.status, [fault.pointer for fault in problem.errors]) == (422, 422, ["/data/happy"])


def test_every_call_of_the_readme_is_made(generated: Generated) -> None:
    for name in BODIES["postEvents"]:
        if name not in ("batch", "nps.retracted", "nps.reported"):
            generated("postEvents", body=sample(generated, name))
    for check in (check_scores, check_lists, check_service, check_webhooks, check_erasures):
        check(generated)
    assert generated.called == {operation.id for operation in OPERATIONS}


def check_scores(generated: Generated) -> None:
    today = NOW.date()
    _, client = generated("getClient", "acme")
    _, card = generated("getScore", "acme", as_of=today)
    assert (client.client_id, client.total, client.status) == ("acme", card.total, "active")
    assert card.as_of == today
    _, verification = generated("getVerification", "acme")
    assert (verification.equal, verification.stored) == (True, client.digest)
    assert [dimension.points is not None for dimension in card.dimensions].count(True) > 3
    _, steps = generated("getNextSteps", "acme", accept_language="nl")
    assert steps.steps[0].points > 0
    for plan in ("getTalks", "getActions", "getNotes"):
        assert generated(plan, "acme", limit=10)[0] == 200
    _, goals = generated("getGoals", "acme")
    assert [goal.now for goal in goals.goals] == [card.total]
    _, calendar = generated("getCalendar", "acme")
    assert "goal" in {entry.kind for entry in calendar.entries}
    _, changes = generated("getHistory", "acme", from_=date(2026, 1, 1), to=today, limit=1)
    assert changes.changes[0].total_after == card.total
    _, older = generated("getHistory", "acme", from_=date(2026, 1, 1), to=today, limit=1, cursor=changes.next_)
    assert older.changes[0].total_after == changes.changes[0].total_before
    _, journal = generated("listChanges", limit=1)
    _, following = generated("listChanges", limit=100, cursor=journal.next_)
    assert [journal.entries[0].kind.value, journal.more] == ["score.changed", True]
    assert (following.entries[-1].change.total_after, following.more) == (card.total, False)
    for question in ("nps", "roadmap"):
        _, evidence = generated("getEvidence", "acme", dimension=question)
        assert evidence.facts
    _, over_time = generated(
        "getNps", "acme", from_=today - timedelta(days=90), interval=generated.models.GetNpsInterval.MONTH
    )
    assert over_time.intervals[-1].to == today
    assert generated("getClient", "nobody")[0] == 404


def check_lists(generated: Generated) -> None:
    models = generated.models
    sort, status = models.ListClientsSort.TOTAL_DESCENDING, models.ListClientsStatus.ACTIVE
    _, page = generated("listClients", sort=sort, status=status, limit=25, max_total=20)
    assert "acme" in [row.client_id for row in page.clients]
    assert page.next_ is None
    _, overview = generated("getPortfolio")
    assert overview.count >= 1
    _, model = generated("getModel")
    assert model.dimensions[0].name.nl


def check_service(generated: Generated) -> None:
    _, description = generated("getOpenApi")
    assert description["openapi"] == "3.1.1"
    _, health = generated("getHealth")
    assert health.status == "ok"


def check_erasures(generated: Generated) -> None:
    _, held = generated("getSubject", respondent="robin@example.com")
    assert held.next_ is None
    wish = generated.models.PostErasureBodyType0.from_dict({"respondent": "robin@example.com"})
    status, begun = generated("postErasure", body=wish)
    assert (status, begun.status) == (202, "running")
    _, receipt = generated("getErasure", begun.erasure_id)
    _, listed = generated("listErasures")
    assert [erasure.erasure_id for erasure in listed.erasures] == [receipt.erasure_id]


def check_webhooks(generated: Generated) -> None:
    _, probe = generated("probeWebhook", SOURCE)
    assert probe.status == "ok"
    _, taken = generated("postWebhook", SOURCE, body=BODIES["postWebhook"]["standard"]["value"])
    assert (taken.status, len(taken.results)) == ("accepted", 2)
    _, listed = generated("listParked", source=SOURCE)
    [item] = listed.parked
    assert item.reason == "unknown_shape"
    _, alone = generated("getParkedItem", item.id)
    assert (alone.id, alone.reason) == (item.id, item.reason)
    _, sources = generated("listSources")
    assert SOURCE in {source.name for source in sources.sources}
    _, replay = generated("replayParked", source=SOURCE)
    assert (replay.replayed, replay.statuses["parked"]) == (1, 1)
    _, replayed = generated("replayParkedItem", item.id)
    assert (replayed.status, replayed.results[0].parked_id) == ("parked", item.id)
    assert generated("deleteParkedItem", item.id)[0] == 204
    assert generated("deleteParkedItem", UNKNOWN)[0] == 404
