import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tools.stack.process import Process

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


@pytest.fixture
def child() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", STUBBORN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603 - a process of ours
        assert running.stdout is not None
        running.stdout.readline()
        yield running
        running.kill()


def test_a_process_is_known_again_until_it_has_ended(child: subprocess.Popen[str], tmp_path: Path) -> None:
    file = tmp_path / "process.json"
    process = Process.of(child.pid, 4566)
    process.write(file)

    assert Process.read(file) == process

    child.kill()
    child.wait()
    assert Process.read(file) is None


def test_one_that_ended_and_that_nobody_waited_for_is_not_alive(child: subprocess.Popen[str]) -> None:
    process = Process.of(child.pid, 4566)
    child.kill()

    assert process.stop(5)
    assert not process.alive()


def test_another_process_of_the_same_number_is_another(child: subprocess.Popen[str]) -> None:
    process = Process.of(child.pid, 4566)

    assert process.alive()
    assert not replace(process, started=process.started - 3600).alive()


def test_one_that_will_not_end_is_killed(child: subprocess.Popen[str]) -> None:
    process = Process.of(child.pid, 4566)

    assert not process.stop(0.2)
    assert not process.alive()


@pytest.mark.parametrize("text", ["", "{}", '{"pid": 1, "started": "then", "port": 2}', "[]"])
def test_a_damaged_file_tells_of_no_process(tmp_path: Path, text: str) -> None:
    file = tmp_path / "process.json"
    file.write_text(text)

    assert Process.read(file) is None
