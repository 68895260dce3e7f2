"""What a local stack does about changes that were not scored when it went down."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import Mock, patch

import pytest

from shared.storage.runs import MessageCounts, Part, Run
from tests.unit.tools.test_stack import STACK, settings
from tools.errors import ToolError
from tools.stack import Settings, emulator, lifecycle
from tools.stack.process import Process


@pytest.fixture
def stack(tmp_path: Path) -> Settings:
    """Of a stack that was up, and whose emulator stands no more."""
    made = settings(tmp_path)
    tmp_path.mkdir(exist_ok=True)
    return made


@pytest.fixture
def clock() -> Iterator[list[float]]:
    """The seconds that have passed: each wait is one of half a minute."""
    now = [1000.0]

    def sleep(_seconds: float) -> None:
        now[0] += 30

    with (
        patch("tools.stack.lifecycle.time.monotonic", lambda: now[0]),
        patch("tools.stack.lifecycle.time.sleep", sleep),
        patch.object(emulator, "running_port", return_value=4800),
        patch.object(emulator, "stop", return_value=True),
    ):
        yield now


def rebuild(failed: int) -> Run:
    part = Part("scores.0", 1, (MessageCounts(0, 0, 20, 0, 19, failed),))
    return Run("rebuild", "1", datetime(2026, 11, 24, tzinfo=UTC), (part,))


def test_down_waits_until_the_stream_is_read(
    stack: Settings, clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with patch.object(emulator, "waiting", side_effect=[600, 40, 0]):
        assert lifecycle.down(stack)

    assert clock == [1060]
    assert "600 changes are still to be scored" in capsys.readouterr().out
    assert not stack.unscored_file.exists()


def test_down_does_not_wait_for_ever_and_leaves_the_word(
    stack: Settings, clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with patch.object(emulator, "waiting", return_value=7):
        assert lifecycle.down(stack)

    assert clock == [1090]
    assert "7 changes were not scored in 60 s" in capsys.readouterr().out
    assert stack.unscored_file.exists()


def test_an_emulator_that_ended_by_itself_leaves_the_word(stack: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    lifecycle.notice_what_is_unscored(stack)
    assert not stack.unscored_file.exists()

    Process(2**22 + 1, 4800, 1).write(stack.process_file)
    lifecycle.notice_what_is_unscored(stack)

    assert stack.unscored_file.exists()
    assert "ended without make down. Nothing was saved." in capsys.readouterr().out


def test_scores_are_made_anew_and_the_word_goes(stack: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    stack.unscored_file.touch()
    with (
        patch("tools.healing.rebuilt", return_value=rebuild(failed=0)) as rebuilt,
        patch("tools.healing.catch_up") as caught_up,
    ):
        lifecycle.mend(stack, STACK)

    assert caught_up.call_count == 1
    assert rebuilt.call_args.kwargs == {"wait": 0}
    assert "19 of 20 scores lacked facts" in capsys.readouterr().out
    assert not stack.unscored_file.exists()


@pytest.mark.parametrize("rebuilt", [Mock(return_value=rebuild(failed=1)), Mock(side_effect=ToolError("stalled"))])
def test_where_scores_could_not_be_made_anew_the_word_stays(stack: Settings, rebuilt: Mock) -> None:
    stack.unscored_file.touch()
    with patch("tools.healing.rebuilt", rebuilt), patch("tools.healing.catch_up"):
        try:
            lifecycle.mend(stack, STACK)
        except ToolError:
            assert rebuilt.side_effect

    assert stack.unscored_file.exists()
