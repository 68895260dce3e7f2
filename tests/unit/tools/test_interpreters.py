import os
import sys
from pathlib import Path

import pytest

from tools.packaging.interpreters import candidates, interpreter_of, not_at_hand

HERE = "{}.{}".format(*sys.version_info)
OTHER = "3.99"


def program(path: Path, says: str, status: int = 0) -> Path:
    """A program that says something, whatever it is asked."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\nexit {status}\n")
    path.chmod(0o755)
    return path


def at_hand(*folders: Path, home: Path) -> dict[str, str]:
    return {"PATH": os.pathsep.join(map(str, folders)), "HOME": str(home)}


def test_this_interpreter_will_do_for_its_own_version() -> None:
    assert interpreter_of(HERE, {}) == sys.executable


def test_a_shim_that_refuses_does_not_hide_the_one_behind_it(tmp_path: Path) -> None:
    program(tmp_path / "shims" / f"python{OTHER}", "not installed", status=127)
    real = program(tmp_path / "real" / f"python{OTHER}", OTHER)

    assert interpreter_of(OTHER, at_hand(tmp_path / "shims", tmp_path / "real", home=tmp_path)) == str(real)


def test_one_that_is_called_like_it_and_is_another_is_not_taken(tmp_path: Path) -> None:
    program(tmp_path / f"python{OTHER}", "3.98")

    assert interpreter_of(OTHER, at_hand(tmp_path, home=tmp_path)) is None


def test_those_of_pyenv_are_found_though_they_are_not_on_the_path(tmp_path: Path) -> None:
    older, newer = (
        program(tmp_path / ".pyenv" / "versions" / number / "bin" / f"python{OTHER}", OTHER)
        for number in (f"{OTHER}.1", f"{OTHER}.2")
    )

    assert list(candidates(OTHER, at_hand(home=tmp_path)))[1:] == [str(newer), str(older)]
    assert interpreter_of(OTHER, {"PATH": "", "PYENV_ROOT": str(tmp_path / ".pyenv")}) == str(newer)


def test_those_of_uv_are_found(tmp_path: Path) -> None:
    real = program(tmp_path / "uv-python" / "bin" / "python3", OTHER)
    program(tmp_path / "bin" / "uv", str(real))

    assert interpreter_of(OTHER, at_hand(tmp_path / "bin", home=tmp_path)) == str(real)


@pytest.mark.parametrize("way", ["uv python install 3.99", "pyenv install 3.99", "UNCOMPILED=1"])
def test_where_there_is_none_it_is_said_what_to_do(way: str) -> None:
    assert way in not_at_hand(OTHER)
