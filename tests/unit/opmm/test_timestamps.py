from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.opmm.timestamps import Timestamp, parse_instant, parse_timestamp, rfc3339, sortable, start_of, window

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
instants = st.datetimes(
    min_value=datetime(2, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(9998, 12, 31),  # noqa: DTZ001
    timezones=st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-20T08:00:00Z", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-20t08:00:00z", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-20 08:00:00Z", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-20T09:00:00+01:00", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-19T23:30:00-08:30", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-20T08:00:00-00:00", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-20T08:00:00.5Z", datetime(2026, 11, 20, 8, 0, 0, 500_000, UTC)),
        ("2026-11-20T08:00:00.000001Z", datetime(2026, 11, 20, 8, 0, 0, 1, UTC)),
        ("2026-11-20T08:00:00.1234569Z", datetime(2026, 11, 20, 8, 0, 0, 123_456, UTC)),
        ("2026-11-20T08:00:00.999999999999999999+00:00", datetime(2026, 11, 20, 8, 0, 0, 999_999, UTC)),
        ("2028-02-29T00:00:00Z", datetime(2028, 2, 29, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_an_rfc_3339_date_time_is_read_to_the_microsecond(text: str, instant: datetime) -> None:
    assert parse_instant(text) == instant
    assert parse_instant(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("2026-11-20", id="date"),
        pytest.param("2026-11-20T08:00:00", id="no offset"),
        pytest.param("2026-11-20T08:00Z", id="no seconds"),
        pytest.param("20261120T080000Z", id="basic format"),
        pytest.param("2026-W47-5T08:00:00Z", id="week date"),
        pytest.param("2026-324T08:00:00Z", id="ordinal date"),
        pytest.param("2026-11-20T08:00:00+0100", id="offset without colon"),
        pytest.param("2026-11-20T08:00:00+01", id="offset of hours"),
        pytest.param("2026-11-20T08:00:00+01:00:30", id="offset of seconds"),
        pytest.param("2026-11-20T08:00:00.Z", id="empty fraction"),
        pytest.param("2026-11-20T08:00:00,5Z", id="comma"),
        pytest.param("2026-11-20X08:00:00Z", id="another separator"),
        pytest.param(" 2026-11-20T08:00:00Z", id="space before"),
        pytest.param("2026-11-20T08:00:00Z\n", id="line end behind"),
        pytest.param("2026-11-20T08:00:00ZZ", id="two offsets"),
        pytest.param("26-11-20T08:00:00Z", id="short year"),
        pytest.param("12026-11-20T08:00:00Z", id="long year"),
        pytest.param("-2026-11-20T08:00:00Z", id="year before the first"),
        pytest.param("1795161600", id="seconds since 1970"),
        pytest.param("２０２６-11-20T08:00:00Z", id="full-width digits"),  # noqa: RUF001 - what is tested
        pytest.param("٢٠٢٦-11-20T08:00:00Z", id="Arabic digits"),
        pytest.param("2026-11-20T08:00:00\u212a", id="sign that folds to a letter"),
        pytest.param("2026-11-20T08:00:00." + "0" * 50 + "Z", id="longer than is looked at"),
        pytest.param("9" * 100_000, id="huge"),
    ],
)
def test_anything_else_is_no_date_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"^must be an RFC 3339 date-time with an offset, such as "):
        parse_instant(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2026-11-20T23:59:60Z", id="leap second"),
        pytest.param("2026-11-20T24:00:00Z", id="hour 24"),
        pytest.param("2026-11-20T08:60:00Z", id="minute 60"),
        pytest.param("2026-11-31T08:00:00Z", id="day 31 of November"),
        pytest.param("2026-02-29T08:00:00Z", id="no leap year"),
        pytest.param("2026-00-20T08:00:00Z", id="month 0"),
        pytest.param("2026-13-20T08:00:00Z", id="month 13"),
        pytest.param("0000-11-20T08:00:00Z", id="year 0"),
        pytest.param("2026-11-20T08:00:00+24:00", id="offset of a day"),
        pytest.param("0001-01-01T00:00:00+00:01", id="before the first year in UTC"),
        pytest.param("9999-12-31T23:59:59-00:01", id="after the last year in UTC"),
    ],
)
def test_what_the_calendar_does_not_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is no time of the calendar$"):
        parse_instant(text)


def test_a_date_means_its_first_instant_in_the_zone() -> None:
    moment = parse_timestamp("2026-11-01", AMSTERDAM)
    assert moment == Timestamp(datetime(2026, 10, 31, 23, tzinfo=UTC), "2026-11-01")


def test_a_date_time_is_told_in_utc() -> None:
    moment = parse_timestamp("2026-11-01T09:30:00.250+01:00", AMSTERDAM)
    assert moment == Timestamp(datetime(2026, 11, 1, 8, 30, 0, 250_000, UTC), "2026-11-01T08:30:00.250000Z")


@pytest.mark.parametrize("text", ["2026-02-29", "2026-00-01", "0000-01-01", "0001-01-01"])
def test_a_day_that_the_calendar_does_not_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is no day of the calendar$"):
        parse_timestamp(text, AMSTERDAM)


def test_an_instant_that_has_no_day_in_the_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^is no time of the calendar$"):
        parse_timestamp("0001-01-01T00:00:00Z", ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    "text", ["20261101", "2026-W44-7", "2026-305", "2026-11-01Z", "2026-11-01\n", "2026-1-1", "٢٠٢٦-11-01"]
)
def test_a_day_is_written_in_one_way(text: str) -> None:
    with pytest.raises(ValueError, match=r"^must be an RFC 3339 date-time"):
        parse_timestamp(text, AMSTERDAM)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param("2026-03-28T22:59:59.999999Z", date(2026, 3, 28), id="last instant before the spring day"),
        pytest.param("2026-03-28T23:00:00Z", date(2026, 3, 29), id="spring day begins in winter time"),
        pytest.param("2026-03-29T21:59:59Z", date(2026, 3, 29), id="spring day ends in summer time"),
        pytest.param("2026-03-29T22:00:00Z", date(2026, 3, 30), id="after the spring day"),
        pytest.param("2026-10-24T21:59:59Z", date(2026, 10, 24), id="before the autumn day"),
        pytest.param("2026-10-24T22:00:00Z", date(2026, 10, 25), id="autumn day begins in summer time"),
        pytest.param("2026-10-25T22:59:59Z", date(2026, 10, 25), id="autumn day ends in winter time"),
        pytest.param("2026-10-25T23:00:00Z", date(2026, 10, 26), id="after the autumn day"),
    ],
)
def test_a_day_is_one_of_the_tenants_calendar(text: str, day: date) -> None:
    assert parse_timestamp(text, AMSTERDAM).day(AMSTERDAM) == day


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 23), 24)]
)
def test_a_day_is_as_long_as_the_clock_makes_it(day: date, hours: int) -> None:
    assert start_of(day + timedelta(days=1), AMSTERDAM) - start_of(day, AMSTERDAM) == timedelta(hours=hours)


def test_a_day_without_midnight_begins_at_its_first_instant() -> None:
    sao_paulo = ZoneInfo("America/Sao_Paulo")
    assert start_of(date(2018, 11, 4), sao_paulo) == datetime(2018, 11, 4, 3, tzinfo=UTC)
    assert Timestamp(start_of(date(2018, 11, 4), sao_paulo), "").day(sao_paulo) == date(2018, 11, 4)


@given(st.dates(date(2, 1, 1), date(9998, 12, 31)))
def test_a_date_lies_on_its_own_day(day: date) -> None:
    assert parse_timestamp(day.isoformat(), AMSTERDAM).day(AMSTERDAM) == day


@given(instants)
def test_a_day_holds_what_lies_between_its_start_and_the_next(instant: datetime) -> None:
    day = Timestamp(instant, "").day(AMSTERDAM)
    assert start_of(day, AMSTERDAM) <= instant < start_of(day + timedelta(days=1), AMSTERDAM)


@pytest.mark.parametrize(
    ("instant", "shown", "sorted_as"),
    [
        (datetime(2026, 11, 20, 8, tzinfo=UTC), "2026-11-20T08:00:00Z", "2026-11-20T08:00:00.000000Z"),
        (datetime(2026, 11, 20, 0, 30, tzinfo=AMSTERDAM), "2026-11-19T23:30:00Z", "2026-11-19T23:30:00.000000Z"),
        (datetime(2026, 11, 20, 8, 0, 0, 5, UTC), "2026-11-20T08:00:00.000005Z", "2026-11-20T08:00:00.000005Z"),
        (datetime(26, 1, 2, tzinfo=UTC), "0026-01-02T00:00:00Z", "0026-01-02T00:00:00.000000Z"),
    ],
)
def test_an_instant_is_shown_in_short_and_kept_in_fixed_width(instant: datetime, shown: str, sorted_as: str) -> None:
    assert (rfc3339(instant), sortable(instant)) == (shown, sorted_as)


@given(instants)
def test_what_is_shown_can_be_read_again(instant: datetime) -> None:
    assert parse_instant(rfc3339(instant)) == parse_instant(sortable(instant)) == instant


@given(instants, instants)
def test_sortable_text_sorts_like_time(one: datetime, other: datetime) -> None:
    assert (sortable(one) < sortable(other)) == (one < other)
    assert (sortable(one) == sortable(other)) == (one == other)


def test_the_window_ends_with_its_day_and_holds_365() -> None:
    assert window(date(2026, 11, 23), 365) == (date(2025, 11, 24), date(2026, 11, 23))


def test_the_window_counts_a_leap_day_like_any_other() -> None:
    assert window(date(2028, 3, 1), 365) == (date(2027, 3, 3), date(2028, 3, 1))


def test_a_window_of_one_day_is_that_day() -> None:
    assert window(date(2026, 11, 23), 1) == (date(2026, 11, 23), date(2026, 11, 23))
