import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.opmm.inputs import MODEL

TABLE: dict[str, dict[int | str, int]] = {
    "happy_consultants": {10_000: 4, 12: 4, 11: 4, 10: 3, 6: 3, 5: 3, 4: 2, 3: 2, 2: 2, 1: 1, 0: 0},
    "specialisms": {100: 4, 5: 4, 4: 4, 3: 3, 2: 2, 1: 1, 0: 0},
    "roadmap": {"co_creating": 4, "yes": 3, "no": 2, "third_party": 1},
    "inspiration": {"regularly": 4, "incidentally": 3, "no": 2, "third_party": 1},
    "nps": {100: 4, 11: 4, 10: 4, 9: 3, 1: 3, 0: 2, -1: 1, -2: 1, -100: 1},
}
WORDS = {
    "happy_consultants": {4: "meer dan 10", 3: "tussen 5 en 10", 2: "tussen 2 en 5", 1: "maar 1", 0: "geen"},
    "specialisms": {4: "4 of meer", 3: "3", 2: "2", 1: "1", 0: "geen"},
    "roadmap": {4: "ja, helpen mee opstellen", 3: "ja", 2: "nee", 1: "werken via een derde partij"},
    "inspiration": {4: "ja, regelmatig", 3: "ja, incidenteel", 2: "nee", 1: "werken via een derde partij"},
    "nps": {4: "10 of hoger", 3: "tussen de 1 en 10", 2: "0", 1: "-1 of lager"},
}


@pytest.mark.parametrize(
    ("key", "value", "points"),
    [
        pytest.param(key, value, points, id=f"{key} {value} is {points}")
        for key, rows in TABLE.items()
        for value, points in rows.items()
    ],
)
def test_points_are_those_of_the_published_table(key: str, value: int | str, points: int) -> None:
    assert MODEL.dimension(key).points_for(value) == points


@pytest.mark.parametrize("key", WORDS)
def test_bands_have_the_words_of_the_published_table(key: str) -> None:
    assert {band.points: band.text["nl"] for band in MODEL.dimension(key).bands} == WORDS[key]


@pytest.mark.parametrize("key", ["happy_consultants", "specialisms"])
@given(value=st.integers(min_value=0))
def test_every_count_has_exactly_one_band(key: str, value: int) -> None:
    assert [band for band in MODEL.dimension(key).bands if band.holds(value)] == [MODEL.dimension(key).band_of(value)]


@pytest.mark.parametrize("value", range(-100, 101))
def test_every_nps_has_exactly_one_band(value: int) -> None:
    assert [band for band in MODEL.dimension("nps").bands if band.holds(value)] == [
        MODEL.dimension("nps").band_of(value)
    ]


@pytest.mark.parametrize("key", ["happy_consultants", "specialisms", "nps"])
@given(value=st.integers(0, 99), more=st.integers(1, 99))
def test_a_higher_number_never_has_fewer_points(key: str, value: int, more: int) -> None:
    dimension = MODEL.dimension(key)
    assert dimension.points_for(min(value + more, 100)) >= dimension.points_for(value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("happy_consultants", -1),
        ("specialisms", -1),
        ("nps", -101),
        ("nps", 101),
        ("roadmap", "regularly"),
        ("inspiration", "yes"),
        ("roadmap", ""),
    ],
)
def test_a_value_outside_of_the_range_has_no_band(key: str, value: int | str) -> None:
    with pytest.raises(ValueError, match=f"{key} has no band for {value!r}"):
        MODEL.dimension(key).band_of(value)
