from collections.abc import Iterator
from types import SimpleNamespace
from unittest.mock import patch

import pytest

from shared.storage.deadline import OutOfTimeError, one_request, refuse_when_late


class Clock:
    """What is taken for the time."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Iterator[Clock]:
    clock = Clock()
    with patch("shared.storage.deadline.monotonic", clock):
        yield clock


def attempt(number: int, **takes: float) -> None:
    refuse_when_late(request=SimpleNamespace(context={"retries": {"attempt": number}}), **takes)


def test_a_request_without_trouble_has_sixteen_seconds(clock: Clock) -> None:
    with one_request():
        clock.now = 116.0
        attempt(1)
        clock.now = 116.1
        with pytest.raises(OutOfTimeError):
            attempt(1)
    attempt(3)


@pytest.mark.parametrize("takes", [1.0, 3.0, 13.0])
def test_every_call_has_ended_a_second_before_the_function_is(clock: Clock, takes: float) -> None:
    with one_request():
        clock.now = min(116.0, 119.0 - takes)
        attempt(1, takes=takes)
        clock.now += 0.1
        with pytest.raises(OutOfTimeError):
            attempt(1, takes=takes)
    attempt(1, takes=takes)


def test_six_seconds_after_the_first_trouble_nothing_is_begun_or_tried_again(clock: Clock) -> None:
    for number in (1, 2):
        clock.now = 100.0
        with one_request():
            clock.now = 103.0
            attempt(2)
            clock.now = 109.0
            attempt(3)
            attempt(2)
            clock.now = 109.1
            with pytest.raises(OutOfTimeError):
                attempt(number)


def test_trouble_that_comes_late_leaves_no_more_than_the_request_has(clock: Clock) -> None:
    with one_request():
        clock.now = 115.0
        attempt(2)
        clock.now = 116.1
        with pytest.raises(OutOfTimeError):
            attempt(3)


def test_work_for_which_nobody_waits_takes_its_time(clock: Clock) -> None:
    attempt(2)
    clock.now = 10_000.0
    attempt(3)
