"""What builds share: parts that are made once, and one zip for all that is alike."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from tools.packaging import shelf
from tools.packaging.shelf import in_turn, kept
from tools.stack import StackError
from tools.stack.one_package import pack

TEMPLATE = """Globals:
  Function:
    CodeUri: .
Resources:
  Ingest:
    Properties:
      CodeUri: Ingest
    Metadata:
      BuildMethod: makefile
  Score:
    Properties:
      CodeUri: Score
    Metadata:
      BuildMethod: makefile
  Other:
    Properties:
      CodeUri: Other
    Metadata:
      BuildMethod: makefile
"""


def built(folder: Path, **artifacts: str) -> Path:
    (folder / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    for name, says in artifacts.items():
        (folder / name / "functions").mkdir(parents=True)
        (folder / name / "functions" / "handler.py").write_text(says, encoding="utf-8")
    return folder


def test_functions_whose_artifacts_are_alike_share_a_zip_and_others_do_not(tmp_path: Path) -> None:
    folder = built(tmp_path, Ingest="same", Score="same", Other="another")

    pack(folder)

    globally, ingest, score, other = re.findall(r"CodeUri: (\S+)", (folder / "template.yaml").read_text("utf-8"))
    assert (globally, ingest) == (".", score)
    assert other != ingest
    for name, says in ((ingest, b"same"), (other, b"another")):
        with ZipFile(folder / name) as packed:
            assert {file: packed.read(file) for file in packed.namelist()} == {"functions/handler.py": says}


@pytest.mark.parametrize("template", ["Resources: {}\n", TEMPLATE.replace("CodeUri: Score", "CodeUri: ./build/Score")])
def test_a_template_that_does_not_say_of_each_function_where_its_code_is_is_refused(
    tmp_path: Path, template: str
) -> None:
    folder = built(tmp_path, Ingest="same", Score="same", Other="same")
    (folder / "template.yaml").write_text(template, encoding="utf-8")

    with pytest.raises(StackError, match="does not say of each function"):
        pack(folder)
    assert (folder / "template.yaml").read_text("utf-8") == template


def test_a_part_is_made_once_and_takes_the_place_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "PACKAGES", tmp_path / "packages")
    made: list[Path] = []

    def make(fresh: Path) -> None:
        fresh.mkdir()
        made.append(fresh)

    with in_turn():
        other = kept("dependencies-1", make)
        first = kept("code-1", make, instead_of="code-*")
        assert kept("code-1", make, instead_of="code-*") == first
        second = kept("code-2", make, instead_of="code-*")

    assert len(made) == 3
    assert {path.name for path in (tmp_path / "packages").iterdir()} == {".lock", other.name, second.name}


def test_a_part_that_could_not_be_made_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "PACKAGES", tmp_path / "packages")

    def fail(_: Path) -> None:
        raise SystemExit("not every module compiles")

    with in_turn():
        before = kept("code-1", Path.mkdir, instead_of="code-*")
        with pytest.raises(SystemExit):
            kept("code-2", fail, instead_of="code-*")

    assert {path.name for path in (tmp_path / "packages").iterdir()} == {".lock", before.name}
