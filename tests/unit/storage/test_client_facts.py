"""The responses of a client are counted as they are read: who has a million of them takes no more memory."""

import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.opmm.inputs import Description
from shared.opmm.model_document import published_model
from shared.opmm.nps import tally
from shared.opmm.timestamps import rfc3339, sortable
from shared.storage.client_facts import ClientFacts
from shared.storage.fact_items import StoredFact
from shared.storage.holdings import Holdings

ZONE = ZoneInfo("Europe/Amsterdam")
BEGIN = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAYS = 300


class Responses:
    """Facts of which there are so many responses, made as they are read."""

    def __init__(self, count: int) -> None:
        self.count = count

    def responses(self, name: str, *_: Any) -> Iterator[StoredFact]:
        for number in range(self.count):
            given = BEGIN + timedelta(days=number * DAYS // self.count)
            yield StoredFact(
                name=name,
                fact_id=f"response#tool#{number:024d}",
                kind="response",
                source="tool",
                revision=f"t{number:032d}",
                answer={"score": number % 11},
                observed_at=rfc3339(given),
                lane="nps.response",
                position=f"{sortable(given)}#{number:032d}",
            )

    def newest(self, *_: Any) -> Iterator[StoredFact]:
        return iter(())


def facts(count: int) -> ClientFacts:
    held: Any = Responses(count)
    return ClientFacts(held, Holdings("acme"), published_model(), ZONE)


def read(count: int) -> Any:
    return facts(count).read(Description("Acme", "active", (), described=False), date(2026, 10, 1)).inputs


def peak(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


READINGS: dict[str, Callable[[int], object]] = {
    "all that a scorecard needs": read,
    "since a day": lambda count: facts(count).tallies_since(BEGIN.date()),
    "one day": lambda count: facts(count).tally_of(BEGIN.date()),
}


@pytest.mark.parametrize("reading", READINGS)
def test_more_responses_take_no_more_memory(reading: str) -> None:
    few, many = (peak(lambda count=count: READINGS[reading](count)) for count in (1_000, 20_000))  # type: ignore[misc]

    assert many < few + 200_000


def test_each_response_counts_on_its_day_and_the_last_one_is_known() -> None:
    found = read(3_000)

    assert len(found.responses) == DAYS
    assert found.responses[date(2026, 1, 1)] == tally(number % 11 for number in range(10))
    assert sum(counts.count for counts in found.responses.values()) == 3_000
    assert found.latest_response.position.endswith(f"#{2_999:032d}")
