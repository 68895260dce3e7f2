from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from functions.pages.year import Moved, course, month_ends
from shared.opmm.ledger import Reading
from shared.opmm.model_document import published_model


def test_the_last_year_is_twelve_month_ends_and_today() -> None:
    found = month_ends(date(2026, 3, 31))

    assert (len(found), found[0], found[-3:]) == (
        13,
        date(2025, 3, 31),
        [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)],
    )


READINGS = st.one_of(st.none(), st.integers(0, 4)).map(lambda points: Reading(points, points))
DAYS = st.tuples(READINGS, st.dictionaries(st.integers(1, 360), READINGS, max_size=8))


@given(st.fixed_dictionaries(dict.fromkeys(published_model().keys, DAYS)))
def test_the_parts_of_a_year_add_up(by_day: dict[str, tuple[Reading, dict[int, Reading]]]) -> None:
    first, model = date(2026, 1, 1), published_model()
    dated = {
        key: {first + timedelta(days=day): said for day, said in {0: start, **later}.items()}
        for key, (start, later) in by_day.items()
    }
    found = course(dated, first, model)

    assert found.levels[0].total + sum(move.points for move in found.moves) == found.levels[-1].total
    last = [read[max(read)] for read in dated.values()]
    assert found.levels[-1].total == sum(said.points or 0 for said in last)
    assert found.levels[-1].attainable == 4 * sum(said.points is not None for said in last)
    assert [level.day for level in found.levels] == sorted({level.day for level in found.levels})


def test_a_first_answer_is_no_movement() -> None:
    day = date(2026, 1, 1)
    first = Moved(day, "nps", Reading(), Reading(4, 20))
    rise = Moved(day, "nps", Reading(3, 5), Reading(4, 20))

    assert [(move.is_movement, move.points) for move in (first, rise)] == [(False, 4), (True, 1)]
