"""A campaign that was stopped goes on where it was, as long as the code is the same."""

from pathlib import Path

import pytest

from tests.campaigns.memory import BEHIND, Memory
from tests.campaigns.result import Verdict

RIGHT = Verdict(7, (), (), 2, 1.5)
WRONG = Verdict(8, ("acme: total: 3 for 4",), ("acme: 1: says nothing",), 0, 1.25)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree with code in it."""
    for place in BEHIND:
        path = tmp_path / place
        if path.suffix:
            path.write_text("here", "utf-8")
        else:
            path.mkdir(parents=True)
            (path / "code.py").write_text("here", "utf-8")
    return tmp_path


def test_what_was_played_is_remembered(root: Path) -> None:
    Memory(root).add("clocks", RIGHT)
    Memory(root).add("clocks", WRONG)

    assert Memory(root).read() == {("clocks", 7): RIGHT, ("clocks", 8): WRONG}


def test_a_line_that_was_cut_off_is_played_again(root: Path) -> None:
    Memory(root).add("clocks", RIGHT)
    Memory(root).add("clocks", WRONG)
    [file] = (root / ".local/faults").iterdir()
    file.write_text(file.read_text("utf-8")[:-20], "utf-8")

    assert Memory(root).read() == {("clocks", 7): RIGHT}


@pytest.mark.parametrize("place", BEHIND)
def test_other_code_has_played_nothing(root: Path, place: str) -> None:
    Memory(root).add("clocks", RIGHT)
    path = root / place
    (path if path.is_file() else path / "code.py").write_text("there", "utf-8")

    assert Memory(root).read() == {}
