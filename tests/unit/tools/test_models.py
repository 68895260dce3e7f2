import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from shared.opmm.model_document import ModelError
from tests.unit.tools.models import document, written
from tests.unit.tools.worlds import MODEL
from tools import package
from tools.__main__ import app
from tools.errors import ToolError

QUESTIONS = MODEL.document["dimensions"]


def checked(name: str) -> Any:
    return CliRunner().invoke(app, ["model", "check", name])


@pytest.mark.parametrize("name", ["opmm-1", "shared/opmm/models/opmm-1.json"])
def test_a_model_is_checked_by_its_name_or_its_file(name: str) -> None:
    ended = checked(name)

    assert ended.exit_code == 0
    assert ended.stdout.startswith("opmm-1 is a model: happy_consultants (count, 4), ")


@pytest.mark.parametrize(
    ("questions", "place"),
    [
        ([], "there is no question"),
        ([QUESTIONS[0] | {"kind": "guess"}], "happy_consultants/kind must be count"),
        ([QUESTIONS[0] | {"bands": QUESTIONS[0]["bands"][1:]}], "happy_consultants: the highest numbers have no band"),
        ([QUESTIONS[0] | {"question": {"en": "How many?"}}], "happy_consultants/question: no text in nl"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, questions: list[Any], place: str) -> None:
    file = written(tmp_path / "own.json", document("own", questions))

    ended = checked(str(file))

    assert isinstance(ended.exception, ToolError)
    assert str(ended.exception).startswith(f"{file}: ")
    assert place in str(ended.exception)


@pytest.mark.parametrize("text", ["{", "[]", '{"model": "own"}', "\udcff"])
def test_what_is_no_document_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "own.json"
    file.write_bytes(text.encode(errors="surrogateescape"))

    assert isinstance(checked(str(file)).exception, ToolError)


def test_a_model_that_is_not_published_is_told() -> None:
    ended = checked("absent")

    assert isinstance(ended.exception, ToolError)
    assert isinstance(ended.exception.__cause__, ModelError)


def test_no_build_is_made_with_a_damaged_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(name: str) -> None:
        raise ModelError(f"nps/bands/0: {name} is damaged")

    monkeypatch.setattr(package, "published_model", damaged)
    with pytest.raises(SystemExit, match=re.escape("shared/opmm/models/opmm-1.json: nps/bands/0: opmm-1 is damaged")):
        package.check_models("opmm-1")


def test_no_build_is_made_without_the_model_that_is_scored_by() -> None:
    package.check_models(package.template_default("Model"))
    with pytest.raises(SystemExit, match=r"shared/opmm/models/absent\.json: there is no model document"):
        package.check_models("absent")
