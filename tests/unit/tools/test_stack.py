"""Which local stack is meant, and whether it is up."""

import os
from pathlib import Path

import pytest

from tools.stack import Settings, Stack, StackError
from tools.stack.process import Process
from tools.stack.settings import DEFAULT_STATE, ROOT

STACK = Stack(
    "http://127.0.0.1:4800/",
    "x.execute-api.localhost:4800",
    "hush",
    "http://127.0.0.1:4800",
    "opmm",
    "OPMMKEY",
    "secret",
)


def settings(folder: Path, **environment: str) -> Settings:
    return Settings.from_environment({"STATE_DIR": str(folder), **environment})


@pytest.fixture
def running(tmp_path: Path) -> Path:
    """The folder of a stack that is up on port 4800: this process stands for its emulator."""
    STACK.write(settings(tmp_path))
    Process.of(os.getpid(), 4800).write(settings(tmp_path).process_file)
    return tmp_path


def test_without_a_word_it_is_the_usual_stack_on_any_port() -> None:
    usual = Settings.from_environment({})

    assert (usual.port, usual.state_dir, usual.any_port) == (4566, DEFAULT_STATE, True)
    assert Settings.from_environment({"STATE_DIR": ".local/state"}).state_dir == ROOT / ".local" / "state"


@pytest.mark.parametrize("environment", [{"PORT": ""}, {"PORT": "x"}, {"PORT": "0"}, {"PORT": "65536"}, {"PORT": "٣"}])
def test_a_port_that_is_none_is_refused(environment: dict[str, str]) -> None:
    with pytest.raises(StackError, match="PORT must be a number"):
        Settings.from_environment(environment)


def test_an_empty_folder_is_refused() -> None:
    with pytest.raises(StackError, match="STATE_DIR is empty"):
        Settings.from_environment({"STATE_DIR": ""})


def test_a_stack_is_found_on_whatever_port_it_is(running: Path) -> None:
    assert Stack.running(settings(running)) == STACK
    assert Stack.running(settings(running, PORT="4800")) == STACK


def test_a_stack_on_another_port_than_the_one_asked_for_is_not_meant(running: Path) -> None:
    assert Stack.read(settings(running, PORT="4566")) is None
    with pytest.raises(StackError, match=r"No stack is up on port 4566; the one of .* is on port 4800"):
        Stack.running(settings(running, PORT="4566"))


def test_the_file_of_a_stack_that_was_stopped_tells_of_none(running: Path) -> None:
    settings(running).process_file.unlink()

    assert Stack.read(settings(running)) is None
    with pytest.raises(StackError, match="make up"):
        Stack.running(settings(running))


def test_a_damaged_file_tells_of_no_stack(running: Path) -> None:
    settings(running).stack_file.write_text('{"api_url": 1}')

    assert Stack.read(settings(running)) is None


def test_only_its_owner_may_read_the_token(running: Path) -> None:
    assert settings(running).stack_file.stat().st_mode & 0o777 == 0o600
