from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.intake import fields
from shared.intake.envelope import Envelope
from shared.intake.events import NpsReported
from shared.opmm.nps import rounded
from shared.opmm.timestamps import Timestamp

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WORLD: fields.Validation = {"now": NOW, "zone": ZoneInfo("Europe/Amsterdam")}

NO_NUMBERS: list[Any] = [True, False, "9", 9.5, float("nan"), float("inf"), None, [], [9], {}, -1, -1.0]


def read(field: Any, value: Any) -> Any:
    return TypeAdapter(field).validate_python(value, context=WORLD)


def refused(field: Any, value: Any) -> bool:
    try:
        read(field, value)
    except ValidationError:
        return True
    return False


WHOLE_NUMBERS = [(fields.Rating, 10), (fields.Headcount, 10_000), (fields.Responses, 10_000_000)]


@pytest.mark.parametrize(("field", "most"), WHOLE_NUMBERS, ids=["rating", "head count", "responses"])
def test_9_is_9_however_it_is_written(field: Any, most: int) -> None:
    for value in (0, 0.0, -0.0, 9, 9.0, most, float(most)):
        number = read(field, value)
        assert (number, type(number)) == (value, int)


@pytest.mark.parametrize(("field", "most"), WHOLE_NUMBERS, ids=["rating", "head count", "responses"])
def test_what_is_no_whole_number_from_0_up_is_refused(field: Any, most: int) -> None:
    none = [*NO_NUMBERS, most + 1, float(most + 1), 1e300]
    assert [value for value in none if not refused(field, value)] == []


def test_a_count_may_be_told_as_names_which_count_once_whatever_their_case() -> None:
    assert read(fields.NumberOrNames, 3.0) == 3
    assert read(fields.NumberOrNames, 0) == 0
    assert read(fields.NumberOrNames, 100) == 100
    assert read(fields.NumberOrNames, ["SEO", " seo", "Straße", "STRASSE", "CRO"]) == ("cro", "seo", "strasse")
    assert read(fields.NumberOrNames, []) == ()


def test_what_is_neither_a_number_nor_names_is_refused() -> None:
    none = [*[value for value in NO_NUMBERS if value != []], 101, 101.0, [""], ["  "], ["x" * 201], ["x"] * 101, "SEO"]
    assert [value for value in none if not refused(fields.NumberOrNames, value)] == []


@pytest.mark.parametrize(
    ("told", "nps"),
    [
        (64.5, 65),
        (64.4, 64),
        (-0.5, -1),
        (-0.4, 0),
        (0.5, 1),
        (0.49, 0),
        (9.5, 10),
        (9.49, 9),
        (-64.5, -65),
        (99.5, 100),
        (0, 0),
        (-0.0, 0),
        (100, 100),
        (-100.0, -100),
        (12.0, 12),
    ],
)
def test_a_reported_nps_is_rounded_half_away_from_zero(told: float, nps: int) -> None:
    assert rounded(read(fields.NpsFigure, told)) == nps


def test_a_reported_nps_is_kept_as_it_was_told() -> None:
    assert read(fields.NpsFigure, 64.1) == Decimal("64.1")
    assert _reported(64.5) == {"nps": 65, "exact": "64.5"}
    assert _reported(1e-7) == {"nps": 0, "exact": "0.0000001"}
    assert _reported(64) == {"nps": 64}
    assert _reported(64.0) == {"nps": 64}


def _reported(told: float) -> Any:
    sent = {"nps": told, "measured_at": "2026-11-20T08:00:00Z"}
    return dict(NpsReported.model_validate(sent, context=WORLD).content(lambda text: text)["answer"])


def test_what_is_no_nps_is_refused() -> None:
    none = [True, "9", None, [], float("nan"), float("inf"), -float("inf"), 100.1, -100.01, 101, -101, 1e300]
    assert [value for value in none if not refused(fields.NpsFigure, value)] == []


def test_times_carry_an_offset_and_lie_at_most_five_minutes_ahead() -> None:
    assert read(fields.Instant, "2026-11-24T13:05:00+01:00") == Timestamp(
        NOW + timedelta(minutes=5), "2026-11-24T12:05:00Z"
    )
    none: list[Any] = ["2026-11-24T12:05:00.000001Z", "2026-11-24T12:00:00", "2026-11-24", "", 0, None, True]
    assert [value for value in none if not refused(fields.Instant, value)] == []


def test_a_day_begins_at_midnight_in_the_zone_of_the_tenant() -> None:
    assert read(fields.DayOrInstant, "2026-11-24") == Timestamp(datetime(2026, 11, 23, 23, tzinfo=UTC), "2026-11-24")
    assert refused(fields.DayOrInstant, "2026-11-25")
    assert refused(fields.DayOrInstant, "2026-02-30")


def test_an_alias_is_kept_as_the_slug_of_the_name() -> None:
    assert read(fields.Alias, "Vermeulen B.V.") == "vermeulen-b-v"
    assert [value for value in ("", "--", 7, None, "x" * 201) if not refused(fields.Alias, value)] == []


def envelope(**attributes: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "type": "nps.responded",
        "source": "s",
        "id": "1",
        "subject": "acme",
        "time": "2026-11-20T08:00:00Z",
        **attributes,
    }


@pytest.mark.parametrize(
    ("attribute", "taken", "refused_ones"),
    [
        ("source", ["s", "x" * 255, "a#b"], ["", "x" * 256, 7, None]),
        ("id", ["1", "x" * 128], ["", "x" * 129, 1]),
        ("subject", ["acme", "a" * 63, "0-b"], ["", "Acme", "-acme", "a" * 64, "a_b", 7]),
        ("sequence", ["0", "42", "9" * 18], ["", "-1", "1.0", "9" * 19, 42, "٣"]),
        ("specversion", ["1.0"], ["0.3", 1.0, None]),
    ],
)
def test_an_envelope_is_a_cloud_event(attribute: str, taken: list[Any], refused_ones: list[Any]) -> None:
    for value in taken:
        assert getattr(read(Envelope, envelope(**{attribute: value})), attribute) == value
    assert [value for value in refused_ones if not refused(Envelope, envelope(**{attribute: value}))] == []
