"""The alarms on what waits in a stream ring for a shard that is tried seldom, and for no short delay."""

import pytest

from tests.support.watch import Alarm, alarms

LATE = {alarm.name: alarm for alarm in alarms() if alarm.metric == ("AWS/Lambda", "IteratorAge")}


def rings(alarm: Alarm, ages: dict[int, float]) -> bool:
    """Whether it does for these ages in milliseconds, by the minute in which each is told; others tell none.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
    """
    settings = alarm.settings
    assert (settings["Period"], settings["TreatMissingData"]) == (60, "notBreaching")
    assert settings["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    breaching = {minute for minute, age in ages.items() if age >= settings["Threshold"]}
    span = settings["EvaluationPeriods"]
    return any(
        len(breaching & {*range(first, first + span)}) >= settings["DatapointsToAlarm"]
        for first in range(max(ages) + 1)
    )


def stuck(every: int) -> dict[int, float]:
    """A record that is tried every so many minutes for an hour."""
    return {minute: minute * 60_000 for minute in range(0, 60, every)}


@pytest.mark.parametrize("name", ["stream-late", "changes-late"])
def test_it_rings_for_a_shard_that_is_tried_every_few_minutes(name: str) -> None:
    assert [rings(LATE[name], stuck(every)) for every in (1, 2, 3, 4)] == [True] * 4


@pytest.mark.parametrize("name", ["stream-late", "changes-late"])
def test_it_does_not_ring_for_a_delay_that_is_over_soon(name: str) -> None:
    assert not rings(LATE[name], {0: 60_000, 1: 310_000, 2: 320_000, 3: 1_000})
    assert not rings(LATE[name], dict.fromkeys(range(60), 299_000))
