from datetime import date

from functions.pages.client_page import month_ends


def test_the_last_year_is_twelve_month_ends_and_today() -> None:
    found = month_ends(date(2026, 3, 31))

    assert (len(found), found[0], found[-3:]) == (
        13,
        date(2025, 3, 31),
        [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)],
    )
