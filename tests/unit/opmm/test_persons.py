"""Who is the same person, whoever has written the name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.opmm.persons import person_key

SAM = "Sam de la R\N{LATIN SMALL LETTER E WITH ACUTE}"


@pytest.mark.parametrize(
    "written",
    [
        SAM.lower(),
        f" {SAM.upper()}  ",
        "Sam\tde   la R\N{LATIN SMALL LETTER E WITH ACUTE}",
        "Sam de la Re\N{COMBINING ACUTE ACCENT}",
        "Sam\N{NO-BREAK SPACE}de la R\N{LATIN SMALL LETTER E WITH ACUTE}",
        "\N{FULLWIDTH LATIN CAPITAL LETTER S}am de la R\N{LATIN SMALL LETTER E WITH ACUTE}",
    ],
)
def test_a_person_is_the_same_however_the_name_is_written(written: str) -> None:
    assert person_key(written) == person_key(SAM)


@pytest.mark.parametrize(
    "other", ["Sam", "Sam de la Re", "Samdela R\N{LATIN SMALL LETTER E WITH ACUTE}", "Sam-de la R"]
)
def test_accents_and_the_places_of_spaces_and_hyphens_tell_people_apart(other: str) -> None:
    assert person_key(other) != person_key(SAM)


@pytest.mark.parametrize("nobody", [None, "", "  ", "\N{NO-BREAK SPACE}"])
def test_nobody_has_no_key(nobody: str | None) -> None:
    assert person_key(nobody) == ""


@given(st.text())
def test_a_key_is_its_own_key_and_that_of_the_name_in_every_case(name: str) -> None:
    assert person_key(person_key(name)) == person_key(name)
    assert person_key(name.casefold()) == person_key(name)
