import re
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from shared.storage.dynamodb import from_item
from shared.storage.journal import KEPT_FOR, MOST, Journal, ListedReference, Position, Reference
from tests.support.clients import unhooked
from tests.support.faults import ClientFaults, Crash, injected
from tests.support.service import NOW

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLE = "NotificationsTable"
START = Position()


def reference(version: int, client_id: str = "acme") -> Reference:
    return Reference(client_id, f"change#2026-11-24T12:00:00.000000Z#{version:010d}")


def references(first: int, last: int) -> list[Reference]:
    return [reference(version) for version in range(first, last + 1)]


def listed(entries: list[ListedReference]) -> list[Reference]:
    return [entry.reference for entry in entries]


@pytest.fixture
def journal(client: "DynamoDBClient") -> Journal:
    return Journal(client, TABLE)


def test_what_was_appended_is_read_in_the_order_in_which_it_was_written(journal: Journal) -> None:
    for version in (3, 1, 2):
        journal.append([reference(version), reference(version, "beta")], NOW)

    assert listed(journal.read(START, 100)) == [
        reference(version, client_id) for version in (3, 1, 2) for client_id in ("acme", "beta")
    ]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_a_reader_goes_on_behind_what_it_has_read(journal: Journal, limit: int) -> None:
    for first in range(1, 60, 3):
        journal.append(references(first, first + 2), NOW)
    found: list[Reference] = []
    position = START
    while page := journal.read(position, limit):
        assert len(page) <= limit
        found += listed(page)
        position = page[-1].behind

    assert found == references(1, 60)
    assert journal.read(position, limit) == []
    journal.append([reference(61)], NOW)
    assert listed(journal.read(position, limit)) == [reference(61)]


def test_what_comes_again_is_not_written_again(journal: Journal) -> None:
    assert journal.append(references(1, 3), NOW) == 3
    assert journal.append(references(1, 3), NOW) == 0
    assert journal.append([reference(4), *references(2, 5), reference(4)], NOW) == 2

    assert listed(journal.read(START, 100)) == [*references(1, 3), reference(4), reference(5)]


def test_nothing_is_written_of_nothing(journal: Journal, client: "DynamoDBClient") -> None:
    assert journal.append([], NOW) == 0
    assert client.scan(TableName=TABLE)["Items"] == []


def test_many_are_written_in_segments_of_a_bounded_size(journal: Journal, client: "DynamoDBClient") -> None:
    many = references(1, 2 * MOST + 1)

    assert journal.append(many, NOW) == len(many)
    assert listed(journal.read(START, len(many))) == many
    assert [len(from_item(item)["references"]) for item in client.scan(TableName=TABLE)["Items"]] == [MOST, MOST, 1]


def test_segments_are_numbered_without_a_gap_and_expire(journal: Journal, client: "DynamoDBClient") -> None:
    for version in range(1, 4):
        journal.append([reference(version)], NOW)
    items = [from_item(item) for item in client.scan(TableName=TABLE)["Items"]]
    numbers = [int(item["entry"]) for item in items]

    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert {item["expires_at"] for item in items} == {int((NOW + KEPT_FOR).timestamp())}


def test_a_journal_that_was_empty_meanwhile_goes_on_behind_every_position(
    journal: Journal, client: "DynamoDBClient"
) -> None:
    journal.append(references(1, 9), NOW)
    position = journal.read(START, 100)[-1].behind
    for item in client.scan(TableName=TABLE)["Items"]:
        client.delete_item(TableName=TABLE, Key={"about": item["about"], "entry": item["entry"]})

    journal.append([reference(10)], NOW + KEPT_FOR)

    assert listed(journal.read(position, 100)) == [reference(10)]


def test_a_segment_of_another_format_is_passed_over(journal: Journal, client: "DynamoDBClient") -> None:
    journal.append([reference(1)], NOW)
    [item] = client.scan(TableName=TABLE)["Items"]
    client.put_item(TableName=TABLE, Item={**item, "format": {"N": "2"}, "references": {"S": "packed"}})
    journal.append([reference(2)], NOW)

    assert listed(journal.read(START, 100)) == [reference(2)]
    assert journal.since(NOW) == {reference(2)}


def test_what_was_written_since_a_moment_is_known(journal: Journal) -> None:
    for day in range(30):
        journal.append([reference(day)], NOW + timedelta(days=day))

    assert journal.since(NOW + timedelta(days=20)) == {*references(20, 29)}
    assert journal.since(NOW - timedelta(days=1)) == {*references(0, 29)}


def test_the_id_of_a_reference_tells_clients_kinds_and_versions_apart_and_no_time() -> None:
    signals = [Reference("acme", f"signal#2026-11-24T12:00:00.000000Z#0000000001#0{place}") for place in (0, 1)]
    ids = [each.id for each in (reference(1), reference(2), reference(1, "beta"), *signals)]

    assert len({*ids}) == 5
    assert Reference("acme", "change#2026-11-02T09:00:00.000000Z#0000000001").id == reference(1).id
    assert Reference("acme", "change#2026-12-02T09:00:00.000000Z#0000000001").id != reference(1).id
    assert all(re.fullmatch(r"202611-[0-9a-f]{16}", each) for each in ids)


FAULTS = {
    "crash before": ClientFaults(crash_before=0.4),
    "crash after": ClientFaults(crash_after=0.4),
    "writes that land later": ClientFaults(timeout=0.4),
    "lost answers": ClientFaults(repeat=0.4),
    "throttled": ClientFaults(throttle=0.2),
    "everything": ClientFaults(
        crash_before=0.1, crash_after=0.1, timeout=0.1, lost=0.1, repeat=0.1, throttle=0.1, overlap=0.3
    ),
}


def until_done(append: Callable[[], object]) -> None:
    """As a stream does: the same batch once more, until it has succeeded."""
    while True:
        try:
            append()
        except (Exception, Crash):  # noqa: BLE001, S112 - whatever ends it, the batch comes again
            continue
        return


@pytest.mark.parametrize("faults", FAULTS)
@pytest.mark.parametrize("seed", range(3))
def test_each_reference_is_entered_once_whatever_breaks(
    journal: Journal, client: "DynamoDBClient", faults: str, seed: int
) -> None:
    batches = [[reference(version, name) for version in range(place, place + 3)] for place, name in enumerate("abcde")]
    with injected(client, FAULTS[faults], Random(seed)):
        for batch in batches:
            until_done(lambda batch=batch: journal.append(batch, NOW))  # type: ignore[misc]

    assert listed(journal.read(START, 100)) == [each for batch in batches for each in batch]


@pytest.mark.parametrize("seed", range(5))
def test_several_who_write_at_once_leave_nothing_out_and_no_gap(
    journal: Journal, client: "DynamoDBClient", seed: int
) -> None:
    other = Journal(unhooked(client), TABLE)
    theirs = iter(references(1001, 1100))

    def meanwhile() -> None:
        other.append([next(theirs)], NOW)

    with injected(client, ClientFaults(overlap=0.6), Random(seed), meanwhile):
        for version in range(1, 21):
            journal.append([reference(version)], NOW)
    found = listed(journal.read(START, 1000))
    numbers = sorted(int(item["entry"]["S"]) for item in client.scan(TableName=TABLE)["Items"])

    assert len(found) == len({*found})
    ours, others = ([each for each in found if (each.item > reference(1000).item) is late] for late in (False, True))
    assert ours == references(1, 20)
    assert others == references(1001, 1000 + len(found) - 20)
    assert len(others) > 5
    assert numbers == list(range(numbers[0], numbers[0] + len(found)))
