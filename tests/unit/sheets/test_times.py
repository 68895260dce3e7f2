from zoneinfo import ZoneInfo

import pytest

from shared.sheets.times import Order, ReadTime, TimeFormError, order_told, read_time

ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-11-12T09:30:00+02:00", "2026-11-12T09:30:00+02:00"),
        ("2026-11-12", "2026-11-12"),
        ("2026/1/2", "2026-01-02"),
        ("2026-11-12 09:30:00 UTC", "2026-11-12T09:30:00Z"),
        ("2026-11-12 09:30:00 +0100", "2026-11-12T08:30:00Z"),
        ("2026-11-12 09:30:00 GMT-0700", "2026-11-12T16:30:00Z"),
        ("13-11-2026", "2026-11-13"),
        ("13.11.2026 9:05Z", "2026-11-13T09:05:00Z"),
        ("12 Nov 2026", "2026-11-12"),
        ("1 maart 2026", "2026-03-01"),
        ("Thu, 12 November 2026 09:30 UTC", "2026-11-12T09:30:00Z"),
        ("November 12, 2026", "2026-11-12"),
        ("1793600000", "2026-11-02T06:13:20Z"),
        ("1793600000123", "2026-11-02T06:13:20.123000Z"),
    ],
)
def test_a_time_is_read_whoever_wrote_it(text: str, read: str) -> None:
    assert read_time(text, "dmy", ZONE) == ReadTime(read)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-11-12 09:30:00", "2026-11-12T08:30:00Z"),
        ("2026-07-12T09:30", "2026-07-12T07:30:00Z"),
        ("11/12/2026 09:30:00 AM", "2026-11-12T08:30:00Z"),
        ("11/12/2026 12:05 am", "2026-11-11T23:05:00Z"),
        ("11/12/2026 12:05 PM", "2026-11-12T11:05:00Z"),
    ],
)
def test_a_time_without_a_zone_is_one_of_the_zone_of_the_file(text: str, read: str) -> None:
    assert read_time(text, "mdy", ZONE) == ReadTime(read, without_zone=True)


@pytest.mark.parametrize(
    ("text", "order", "key"),
    [
        ("1-11-2026", None, "time_either"),
        ("13-13-2026", "dmy", "time_none"),
        ("25/12/2026", "mdy", "time_none"),
        ("2026-11-12 25:00", "dmy", "time_none"),
        ("11/12/2026 13:05 PM", "dmy", "time_none"),
        ("2026-11", "dmy", "time_month"),
        ("nov 2026", "dmy", "time_month"),
        ("46338", "dmy", "time_serial"),
        ("46338,5", "dmy", "time_serial"),
        ("12", "dmy", "time_digits"),
        ("yesterday", "dmy", "time_unknown"),
        ("1-11-26", "dmy", "time_unknown"),
        ("2026-11-12 09:30 CET", "dmy", "time_unknown"),
    ],
)
def test_what_could_be_two_times_or_none_is_refused(text: str, order: Order | None, key: str) -> None:
    with pytest.raises(TimeFormError) as refused:
        read_time(text, order, ZONE)

    assert refused.value.key == key


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("13-11-2026", "dmy"),
        ("11/13/2026 9:30 AM", "mdy"),
        ("1-11-2026", "either"),
        ("1-1-2026", None),
        ("2026-1-2", None),
        ("", None),
    ],
)
def test_a_date_with_a_number_above_twelve_tells_which_comes_first(text: str, told: str | None) -> None:
    assert order_told(text) == told
