"""Whom a destination tells, whoever has written a name, and however."""

import pytest

from shared.destinations.destination import Destination

SAM = Destination(
    name="sam", channel="email", addresses=("sam@agency.example",), wants=frozenset({"alerts"}), owner="Sam de la Ré"
)


@pytest.mark.parametrize(
    "person", ["Sam de la Ré", "sam de la ré", " SAM  DE LA RÉ ", "Sam de la Re\u0301", "Sam\u00a0de la Ré"]
)
def test_a_person_is_the_same_however_the_name_is_written(person: str) -> None:
    assert SAM.hears_of("acme", person)
    assert SAM.belongs_to(person)


@pytest.mark.parametrize("person", [None, "", "Sam", "Sam de la Re"])
def test_nobody_else_is(person: str | None) -> None:
    assert not SAM.hears_of("acme", person)


def test_a_destination_of_nobody_belongs_to_nobody_and_hears_of_all() -> None:
    everybody = Destination(name="all", channel="email", addresses=("a@agency.example",), wants=frozenset({"alerts"}))
    assert everybody.hears_of("acme", None)
    assert not everybody.belongs_to("")
