"""Days and times as people and spreadsheets write them, read in one way or not at all."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Literal

from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import is_date, parse_instant, rfc3339

Order = Literal["dmy", "mdy"]
"""Whether the day or the month comes first where the year comes last."""

ORDERS: Mapping[str, Order] = {"dmy": "dmy", "mdy": "mdy"}
"""By what people say, the order that they mean."""

_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_CLOCK = (
    r"(?:(?:[Tt]|,? +| +at +|, at +| +om +)(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
    r"(?:[:.](?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)? ?(?P<zone>[Zz]|UTC|GMT|(?:UTC|GMT)?[+-]\d{2}:?\d{2})?)?"
)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})" + _CLOCK, re.ASCII)
_YEAR_LAST = re.compile(r"(?P<first>\d{1,2})([-/.])(?P<second_>\d{1,2})\2(?P<year>\d{4})" + _CLOCK, re.ASCII)
_NAMED = re.compile(
    r"(?:[^\W\d_]{2,9}\.?,? +)?(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?[- ](?P<name>[^\W\d_]{3,9})\.?,?[- ](?P<year>\d{4})"
    + _CLOCK
)
_NAME_FIRST = re.compile(
    r"(?:[^\W\d_]{2,9}\.?, +)?(?P<name>[^\W\d_]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})" + _CLOCK
)
_MONTH = re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})|(?P<name>[^\W\d_]{3,9})\.? (?P<year_>\d{4})")
_DIGITS = re.compile(r"\d+", re.ASCII)
_SERIAL = re.compile(r"[2-7]\d{4}(?:[.,]\d+)?", re.ASCII)
"""A spreadsheet's number of a day between 1954 and 2119."""

_MONTHS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "jan january januari",
            "feb february februari",
            "mar march mrt maart",
            "apr april",
            "may mei",
            "jun june juni",
            "jul july juli",
            "aug august augustus",
            "sep sept september",
            "oct october okt oktober",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}

_SECONDS = range(1_000_000_000, 4_102_444_800)
"""Unix times from 2001 to 2099. Surveys are no older, and no count of versions is as high."""

_NOON = 12
_FIRST_SERIAL = date(1899, 12, 30)
_COMPACT = re.compile(
    r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3]|)(?:[0-5]\d){0,2}", re.ASCII
)
"""A day, or a time of it, written without dashes: `20261112`, `20261112093000`."""
_MICROSECONDS = 16
"""Digits of a Unix time in microseconds."""


class TimeFormError(ValueError):
    """A text is no day and no time that can be read; `key` says why, as a text of imports."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class ReadTime:
    """What a text was read as."""

    text: str
    """RFC 3339 with an offset, or a date."""
    without_zone: bool = False
    """Whether it stood there without a zone, so that the file's was taken."""
    midnight_of: str | None = None
    """The date of which it is the beginning, where it stood there without a zone: spreadsheets write dates so."""


def is_unix(text: str) -> bool:
    """Whether digits are seconds or milliseconds since 1970, at a time at which people could respond to surveys."""
    return bool(_DIGITS.fullmatch(text)) and (
        int(text) in _SECONDS or (len(text) == 13 and int(text) // 1000 in _SECONDS)  # noqa: PLR2004 - of milliseconds
    )


def is_serial(text: str) -> bool:
    """Whether a number looks like the number of a day in a spreadsheet."""
    return _SERIAL.fullmatch(text) is not None


def could_be_time(text: str) -> bool:
    """Whether digits could be a time in any way of writing one, so that nobody takes them for a count."""
    if len(text) == _MICROSECONDS and _DIGITS.fullmatch(text) and int(text[:10]) in _SECONDS:
        return True
    return is_unix(text) or is_serial(text) or _COMPACT.fullmatch(text) is not None


def day_of_serial(text: str) -> date:
    """The day that a spreadsheet's number stands for."""
    return _FIRST_SERIAL + timedelta(days=int(re.split("[.,]", text)[0]))


def order_told(text: str) -> Order | Literal["either"] | None:
    """Which order a date tells by itself; None when the year does not come last, or there is no such day."""
    match = _YEAR_LAST.fullmatch(text)
    if match is None:
        return None
    first, second = int(match["first"]), int(match["second_"])
    if first == second:
        return None
    if first > _NOON:
        return "dmy"
    return "mdy" if second > _NOON else "either"


def read_time(text: str, order: Order | None, zone: tzinfo) -> ReadTime:
    """A day or a time. Raises TimeFormError for what is neither, or could be two."""
    if _RFC3339.fullmatch(text) or is_date(text):
        return ReadTime(text)  # whether there is such a time is the validation's to say
    if _DIGITS.fullmatch(text) or is_serial(text):
        return ReadTime(_of_digits(text))
    match = _YEAR_FIRST.fullmatch(text)
    if match:
        return _at(int(match["year"]), int(match["month"]), int(match["day"]), match, zone)
    match = _YEAR_LAST.fullmatch(text)
    if match:
        first, second = int(match["first"]), int(match["second_"])
        if order is None and first != second:
            raise TimeFormError("time_either")
        day, month = (second, first) if order == "mdy" else (first, second)
        return _at(int(match["year"]), month, day, match, zone)
    match = _NAMED.fullmatch(text) or _NAME_FIRST.fullmatch(text)
    month_ = _MONTHS.get(match["name"].casefold()) if match else None
    if match and month_:
        return _at(int(match["year"]), month_, int(match["day"]), match, zone)
    if month_of(text):
        raise TimeFormError("time_month")
    raise TimeFormError("time_unknown")


def local_time(text: str, zone: tzinfo) -> str:
    """An instant as the clocks of a zone show it; a day, and what is no time, as it is."""
    try:
        moment = parse_instant(text).astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return text
    return moment.isoformat(" ", "seconds" if moment.second or moment.microsecond else "minutes")


def read_day(text: str, order: Order | None, zone: tzinfo) -> str:
    """The day that is told, or on which a time lies in the zone. Raises TimeFormError as `read_time` does."""
    read = read_time(text, order, zone).text
    try:
        day = date.fromisoformat(read) if is_date(read) else parse_instant(read).astimezone(zone).date()
    except (ValueError, OverflowError):
        raise TimeFormError("time_none") from None
    return day.isoformat()


def month_of(text: str) -> date | None:
    """The first day of a month that is written as such: `2026-11`, `november 2026`."""
    match = _MONTH.fullmatch(text.strip())
    if match is None:
        return None
    month = int(match["month"]) if match["month"] else _MONTHS.get(match["name"].casefold(), 0)
    try:
        return date(int(match["year"] or match["year_"]), month, 1)
    except ValueError:
        return None


def _of_digits(text: str) -> str:
    if is_unix(text):
        seconds, rest = (int(text), 0) if int(text) in _SECONDS else divmod(int(text), 1000)
        return rfc3339(datetime.fromtimestamp(seconds, UTC) + timedelta(milliseconds=rest))
    if is_serial(text):
        raise TimeFormError("time_serial", day=day_of_serial(text).isoformat())
    raise TimeFormError("time_digits")


def _at(year: int, month: int, day: int, match: re.Match[str], zone: tzinfo) -> ReadTime:
    try:
        if match["hour"] is None:
            return ReadTime(date(year, month, day).isoformat())
        hour = _hour(int(match["hour"]), match["half"])
        micro = int((match["fraction"] or "0")[:6].ljust(6, "0"))
        given = _zone(match["zone"])
        moment = datetime(  # noqa: DTZ001 - the zone is told beside it
            year, month, day, hour, int(match["minute"]), int(match["second"] or 0), micro
        )
        text = rfc3339(moment.replace(tzinfo=given or zone))
        midnight = moment.date().isoformat() if given is None and moment.time() == time() else None
        return ReadTime(text, given is None, midnight)
    except (ValueError, OverflowError):
        raise TimeFormError("time_none") from None


def _hour(hour: int, half: str | None) -> int:
    """An hour of the day. Raises ValueError for one that no half of a day has."""
    if half is None:
        return hour
    if not 1 <= hour <= _NOON:
        raise ValueError
    return hour % _NOON + (_NOON if half in "Pp" else 0)


def _zone(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    offset = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{2}):?(\d{2})", text)
    if offset is None:
        return UTC
    minutes = int(offset[2]) * 60 + int(offset[3])
    return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
