"""What an export would bring back is told, by kind and client, before anything is sent; and is what its import does."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from moto import mock_aws

from shared.opmm.timestamps import rfc3339
from shared.sheets.interpretation import Interpretation
from shared.sheets.reading import Line
from tests.support.calls import stored
from tests.support.clients import dynamodb_client
from tests.support.erasing import erased
from tests.support.everything import told
from tests.support.readings import counted
from tests.support.service import Service, in_memory, responses
from tests.support.template import environment
from tools.errors import ToolError
from tools.restore.export import Beside, Preview, export_files
from tools.transfer.exporting import export
from tools.transfer.stored import facts

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FACTS = "FactsTable"


@dataclass
class World:
    """The service, and an export of it as it was."""

    service: Service
    client: "DynamoDBClient"
    folder: Path

    @property
    def understood(self) -> Interpretation:
        """How the service understands what is sent."""
        zone = ZoneInfo(environment("IngestFunction")["TIME_ZONE"])
        return Interpretation.by(self.service.model, zone, self.service.clock.now)

    def lines(self) -> list[Line]:
        return list(chain.from_iterable(file.lines() for file in export_files(self.folder, self.understood)))

    def preview(self) -> Preview:
        return Beside(self.client, FACTS).preview(self.lines(), self.understood)

    def lose(self, name: str, beginning: str = "") -> None:
        for item in stored(FACTS):
            if item["client_id"] == name and item["fact_id"].startswith(beginning):
                key = {"client_id": {"S": name}, "fact_id": {"S": item["fact_id"]}}
                self.client.delete_item(TableName=FACTS, Key=key)
        self.service.settle()

    def send(self) -> list[str]:
        results = [self.service.post([line.event]).json["results"] for line in self.lines()]
        self.service.settle()
        return [result["status"] for each in results for result in each]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with mock_aws():
        service = in_memory()
        service.post([*told(), counted(3, subject="beta"), *responses([10, 2], subject="beta")])
        service.settle()
        found = World(service, dynamodb_client(), tmp_path)
        export(facts(found.client, FACTS, []), tmp_path, found.understood.kinds)
        yield found


def test_nothing_is_to_be_done_where_all_is_there(world: World) -> None:
    found = world.preview()

    assert (found.changes, found.by_client, found.bad) == (0, {}, [])
    assert {fate for _, fate in found.found} == {"held"}
    assert set(world.send()) <= {"duplicate", "superseded"}


def test_what_is_gone_is_told_by_kind_and_client_and_comes_back(world: World) -> None:
    world.lose("beta")
    before = world.preview()

    assert before.by_client == {"beta": 3}
    assert {kind: count for (kind, fate), count in before.found.items() if fate == "missing"} == {
        "count": 1,
        "response": 2,
    }
    said = before.told("Beside:")
    assert "3  missing now: brought back (count 1, response 2)" in said
    assert said.endswith("Changes by client: beta 3.")
    assert world.send().count("accepted") == 3
    assert world.preview().changes == 0


def test_what_was_told_since_stays_and_what_is_older_is_replaced(world: World) -> None:
    later = rfc3339(world.service.clock.now + timedelta(seconds=1))
    world.service.clock.now += timedelta(minutes=1)
    world.service.post(counted(9, subject="beta", time=later))
    assert world.preview().changes == 0

    [item] = [it for it in stored(FACTS) if it["client_id"] == "beta" and it["fact_id"].startswith("count#")]
    world.client.update_item(
        TableName=FACTS,
        Key={"client_id": {"S": "beta"}, "fact_id": {"S": item["fact_id"]}},
        UpdateExpression="SET revision = :old",
        ExpressionAttributeValues={":old": {"S": "t2020-01-01T00:00:00.000000000Z#0#" + "0" * 32}},
    )

    found = world.preview()
    assert (found.found["count", "older"], found.by_client) == (1, {"beta": 1})


def test_a_response_that_counts_at_another_client_since_is_left(world: World) -> None:
    [moved] = responses([10], subject="gamma", time=rfc3339(world.service.clock.now))
    moved["data"]["response_id"] = "r-0"  # of acme until now
    world.service.post(moved)
    world.lose("acme", "response#tests#r-0")

    found = world.preview()

    assert (found.found["response", "elsewhere"], found.changes) == (1, 0)
    world.send()
    [there] = [it for it in stored(FACTS) if it["client_id"] == "acme" and it["fact_id"] == "response#tests#r-0"]
    assert there["moved"] is True


def test_a_client_that_was_erased_is_left_out(world: World) -> None:
    erased(world.service, client_id="beta")
    world.service.restart_ingest()  # what was looked up before is remembered for a minute

    found = world.preview()

    assert (sum(count for (_, fate), count in found.found.items() if fate == "erased"), found.changes) == (3, 0)
    assert "accepted" not in world.send()


def test_a_line_that_cannot_be_sent_is_named(world: World) -> None:
    (world.folder / "bad.jsonl").write_text('{"type": "consultants.counted", "source": "tests"}\n', encoding="utf-8")

    found = world.preview()

    assert len(found.bad) == 1
    assert found.told("Beside:").startswith("bad.jsonl:1: ")


def test_files_that_name_no_source_are_of_no_export(world: World) -> None:
    (world.folder / "others.csv").write_text("client,working,happy,as_of\nacme,3,2,2026-11-01\n", encoding="utf-8")

    with pytest.raises(ToolError, match=r"is no export.* make import takes such files, with SOURCE="):
        world.preview()
