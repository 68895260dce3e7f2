"""An import tells what would count twice before anything is sent, and goes on only when it is told to."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from moto import mock_aws

from shared.sheets.reading import FileOptions
from shared.texts.words import Words
from tests.support.clients import dynamodb_client
from tests.support.service import event, in_memory
from tests.support.template import environment
from tests.unit.tools.worlds import WORLD
from tools.errors import ToolError
from tools.transfer.importing import refuse_twice
from tools.transfer.lines import opened
from tools.transfer.twice import warnings

if TYPE_CHECKING:
    from tools.target import Target

ROWS = "client,response_id,score,responded_at\nAcme,1,9,2026-11-01T10:00:00Z\nAcme,2,9,2026-11-01T10:00:00Z\n"


class Here:
    """A stack whose tables are in memory."""

    name = "opmm"

    def __init__(self, sources: dict[str, Any]) -> None:
        self._sources = sources

    def secrets(self) -> "Here":
        return self

    def get_secret_value(self, **_: str) -> dict[str, str]:
        return {"SecretString": json.dumps(self._sources)}

    def dynamodb(self) -> Any:
        return dynamodb_client()

    def output(self, _: str) -> str:
        return environment("IngestFunction")["FACTS_TABLE"]


def told(path: Path, source: str, sources: dict[str, Any]) -> list[str]:
    path.write_text(ROWS)
    files = [opened(path, WORLD, FileOptions(source))]
    return list(warnings(files, source, cast("Target", Here(sources)), Words("en")))


@mock_aws()
def test_responses_that_a_webhook_has_told_are_found_and_so_is_its_source(tmp_path: Path) -> None:
    service = in_memory()
    data = {"response_id": "1", "score": 9, "responded_at": "2026-11-01T10:00:00Z"}
    service.post([event("nps.responded", data, source="nps", id="1")])
    sources = {"nps": {"provider": "delighted"}}

    assert told(tmp_path / "r.csv", "delighted", sources) == [
        "Responses of this tool come in as nps; as delighted they would count a second time.",
        "1 of 2 responses is known already from nps; as delighted it would count a second time.",
    ]
    assert told(tmp_path / "r.csv", "nps", sources) == []


def test_what_would_count_twice_is_sent_only_when_somebody_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ToolError, match="ALSO=1"):
        refuse_twice(["Twice."], Words("en"), also=False)

    refuse_twice(["Twice."], Words("en"), also=True)
    refuse_twice([], Words("en"), also=False)

    assert capsys.readouterr().err == "Twice.\nTwice.\n"
