"""`make prove` on the deployed template: a score comes out, and nothing is left."""

from typing import Any

import httpx
import pytest

from shared.opmm.slugs import PROOF_CLIENT
from tools.deploy.proof import now, prove
from tools.errors import ToolError
from tools.packaging.build_record import BuildRecord
from tools.stack import Settings, Stack
from tools.target import Target


@pytest.fixture
def target(stack: Stack) -> Target:
    return Target(stack.stack_name, stack.session, stack)


@pytest.fixture
def version(settings: Settings, target: Target) -> str:  # noqa: ARG001 - the stack has been built by then
    """What was built of the working copy, whatever has become of that since."""
    built = BuildRecord.read(settings.build_dir / "QueryFunction")
    assert built is not None
    return built.version


def left(target: Target) -> list[Any]:
    """What any table of the stack holds of the client, or of the source as which the proof sends."""
    client = target.dynamodb()
    tables = [name for name in client.list_tables()["TableNames"] if name.startswith(f"{target.name}-")]
    assert len(tables) == 8
    pages = (
        page for name in tables for page in client.get_paginator("scan").paginate(TableName=name, ConsistentRead=True)
    )
    return [item for page in pages for item in page["Items"] if "deployment-proof" in str(item)]


def test_a_stack_is_proven_by_a_score_and_nothing_is_left(target: Target, version: str, api: httpx.Client) -> None:
    said = prove(target, version, now)

    assert said[0] == f"Version {version} responds: query, pages, erase and notify."
    assert said[1].startswith("An event was stored by ingest, scored by score and shown by query and pages: 3 points, ")
    assert left(target) == []
    assert api.get(f"v1/clients/{PROOF_CLIENT}").status_code == 404
    assert "deployment-proof" not in api.get("v1/sources").text


def test_another_version_than_the_one_that_was_deployed_is_told(target: Target) -> None:
    with pytest.raises(ToolError, match=r"responds, and 0\.0\.0 was deployed"):
        prove(target, "0.0.0", now)
    assert left(target) == []
