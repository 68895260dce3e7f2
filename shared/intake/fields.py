"""Constrained types of the events: what a valid field is, with a message a sender understands."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from shared.opmm.display import NAME_PATTERN, is_displayable
from shared.opmm.nps import HIGHEST_NPS, LOWEST_NPS
from shared.opmm.slugs import SLUG_PATTERN, slugify
from shared.opmm.timestamps import CalendarError, Timestamp, is_date, parse_instant, parse_timestamp
from shared.texts.fault_texts import COUNT_PATTERN

CLOCK_SKEW = timedelta(minutes=5)
"""How far a sender's clock may be ahead."""

_MOST_COUNTED = 100
_LONGEST_NAME = 200


class Validation(TypedDict):
    """What validation needs to know of the world."""

    now: datetime
    zone: tzinfo
    language: NotRequired[str]
    """Of what is told; English where nobody says."""


def fault(key: str, **values: str | int) -> PydanticCustomError:
    """A fault that is told in the language of whoever sent it: its sentence stands in `shared.texts.fault_texts`."""
    return PydanticCustomError(key, "{fault}", {"fault": key, **values})


def _whole(value: Any) -> Any:
    """9.0 is 9: JSON knows one sort of number. What is no whole number stays, for the validation to refuse."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _nps_figure(value: Any) -> Decimal:
    """An NPS as somebody computed it, exact as it was written: tools report 64.5."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise fault("not_number")
    figure = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not figure.is_finite() or not LOWEST_NPS <= figure <= HIGHEST_NPS:
        raise fault("outside", low=LOWEST_NPS, high=HIGHEST_NPS)
    return figure


def _in_time(timestamp: Timestamp, world: Validation) -> Timestamp:
    if timestamp.instant > world["now"] + CLOCK_SKEW:
        raise fault("future")
    return timestamp


def _no_such(text: str) -> PydanticCustomError:
    return fault("no_such_day" if is_date(text) else "no_such_time")


def _timestamp(read: Callable[[str, tzinfo], Timestamp], wanted: str) -> Callable[[Any, ValidationInfo], Timestamp]:
    def validate(value: Any, info: ValidationInfo) -> Timestamp:
        world: Validation = info.context  # type: ignore[assignment]  # every call of validation passes one
        if not isinstance(value, str):
            raise fault("not_text")
        try:
            timestamp = read(value, world["zone"])
        except CalendarError as error:
            raise _no_such(value) from error
        except ValueError as error:
            raise fault(wanted) from error
        return _in_time(timestamp, world)

    return validate


def _read_instant(text: str, zone: tzinfo) -> Timestamp:
    parse_instant(text)
    return parse_timestamp(text, zone)


def _day(value: Any, info: ValidationInfo) -> Timestamp:
    """A day that people plan: it may lie in the future, and has no time."""
    world: Validation = info.context  # type: ignore[assignment]  # every call of validation passes one
    if not isinstance(value, str) or not is_date(value):
        raise fault("day")
    try:
        return parse_timestamp(value, world["zone"])
    except ValueError as error:
        raise _no_such(value) from error


def _number_or_names(value: Any) -> int | tuple[str, ...]:
    """A number, or names: distinct ones count, whatever their case."""
    value = _whole(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if not 0 <= value <= _MOST_COUNTED:
            raise fault("outside", low=0, high=_MOST_COUNTED)
        return value
    if not isinstance(value, list) or not all(isinstance(name, str) and name.strip() for name in value):
        raise fault("number_or_names")
    if len(value) > _MOST_COUNTED or any(len(name) > _LONGEST_NAME for name in value):
        raise fault("many_names", most=_MOST_COUNTED, longest=_LONGEST_NAME)
    return tuple(sorted({_shown(name).strip().casefold() for name in value}))


def _shown(name: str) -> str:
    """A name as people will read it on pages."""
    if not is_displayable(name):
        raise fault("not_displayable")
    return name


def _alias(value: Any) -> str:
    """Any name under which a tool knows the client; kept as the slug that such a name is looked up by."""
    slug = slugify(value) if isinstance(value, str) and len(value) <= _LONGEST_NAME else ""
    if not slug:
        raise fault("no_name")
    _shown(value)
    return slug


_NpsFigureInput = Annotated[float, Field(ge=LOWEST_NPS, le=HIGHEST_NPS)]

Instant = Annotated[Timestamp, PlainValidator(_timestamp(_read_instant, "instant"), json_schema_input_type=datetime)]
"""An RFC 3339 date-time with an offset, not in the future."""

DayOrInstant = Annotated[
    Timestamp, PlainValidator(_timestamp(parse_timestamp, "day_or_instant"), json_schema_input_type=datetime | date)
]
"""The same, or a date."""

Day = Annotated[Timestamp, PlainValidator(_day, json_schema_input_type=date)]
"""A date, which may lie in the future."""

Slug = Annotated[str, Field(strict=True, pattern=SLUG_PATTERN)]
Identifier = Annotated[
    str,
    Field(strict=True, min_length=1, max_length=128, json_schema_extra={"pattern": NAME_PATTERN}),
    AfterValidator(_shown),
]
Count = Annotated[str, Field(strict=True, pattern=COUNT_PATTERN)]
SourceName = Annotated[
    str,
    Field(strict=True, min_length=1, max_length=255, json_schema_extra={"pattern": NAME_PATTERN}),
    AfterValidator(_shown),
]
Name = Annotated[
    str,
    Field(strict=True, min_length=1, max_length=_LONGEST_NAME, json_schema_extra={"pattern": NAME_PATTERN}),
    AfterValidator(_shown),
]
_MOST_PEOPLE = 20
_LONGEST_OWNER = 100
Owner = Annotated[
    str,
    Field(strict=True, min_length=1, max_length=_LONGEST_OWNER, json_schema_extra={"pattern": NAME_PATTERN}),
    AfterValidator(_shown),
]
People = Annotated[list[Owner], Field(max_length=_MOST_PEOPLE)]
Title = Annotated[
    str,
    Field(strict=True, min_length=1, max_length=_LONGEST_NAME, json_schema_extra={"pattern": NAME_PATTERN}),
    AfterValidator(_shown),
]
Prose = Annotated[str, Field(strict=True, min_length=1, max_length=4000)]
"""What people write down: several lines, and never in a log."""

Comment = Annotated[str, Field(strict=True, max_length=4000)]
Respondent = Annotated[str, Field(strict=True, min_length=1, max_length=320)]
Rating = Annotated[int, Field(strict=True, ge=0, le=10), BeforeValidator(_whole)]
NpsFigure = Annotated[Decimal, PlainValidator(_nps_figure, json_schema_input_type=_NpsFigureInput)]
Headcount = Annotated[int, Field(strict=True, ge=0, le=10_000), BeforeValidator(_whole)]
Responses = Annotated[int, Field(strict=True, ge=0, le=10_000_000), BeforeValidator(_whole)]
Points = Annotated[int, Field(strict=True, ge=0, le=1000), BeforeValidator(_whole)]
BandBasis = Literal["band"]
"""Says that nothing but the band is known, for which the value stands."""

Flag = Annotated[bool, Field(strict=True)]
_Number = Annotated[int, Field(ge=0, le=_MOST_COUNTED)]
_Names = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=_LONGEST_NAME, pattern=NAME_PATTERN)]],
    Field(max_length=_MOST_COUNTED),
]
NumberOrNames = Annotated[
    int | tuple[str, ...], PlainValidator(_number_or_names, json_schema_input_type=_Number | _Names)
]
Alias = Annotated[str, PlainValidator(_alias, json_schema_input_type=Name)]
