from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.storage.dynamodb import NoAttributeError, UnprocessedKeysError, batch_get, from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**37), 10**37) | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(min_size=1, max_size=5), values, max_size=5))
def test_values_come_back_as_they_went_and_none_is_left_out(item: dict[str, object]) -> None:
    assert from_item(to_item(item)) == {key: value for key, value in item.items() if value is not None}


def test_attributes_are_those_of_dynamodb() -> None:
    assert to_item({"a": 1, "b": True, "c": "x", "d": [None, b"y"], "e": {"f": ()}, "g": frozenset({"z", "y"})}) == {
        "a": {"N": "1"},
        "b": {"BOOL": True},
        "c": {"S": "x"},
        "d": {"L": [{"NULL": True}, {"B": b"y"}]},
        "e": {"M": {"f": {"L": []}}},
        "g": {"SS": ["y", "z"]},
    }


def test_what_this_service_stores_none_of_is_refused() -> None:
    with pytest.raises(NoAttributeError):
        to_item({"score": 9.5})
    with pytest.raises(NoAttributeError):
        from_item({"names": {"NS": ["1"]}})


class Busy:
    """Tables of a DynamoDB that is busy: of each batch it leaves as many keys unread as it is told to."""

    def __init__(self, left_unread: Iterable[int] = ()) -> None:
        self._left_unread = iter(left_unread)
        self.asked: list[list[str]] = []
        self.requests: list[dict[str, Any]] = []

    def batch_get_item(self, *, RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803 - as AWS calls it
        [(table, request)] = RequestItems.items()
        keys = request["Keys"]
        self.asked.append([key["id"]["S"] for key in keys])
        self.requests.append({name: value for name, value in request.items() if name != "Keys"})
        left = next(self._left_unread, 0)
        read, unread = keys[: len(keys) - left], keys[len(keys) - left :]
        return {
            "Responses": {table: read} if read else {},
            "UnprocessedKeys": {table: {**request, "Keys": unread}} if unread else {},
        }


def got(busy: Busy, count: int) -> tuple[list[str], list[float]]:
    """What was read of this many keys, and the pauses that were made."""
    pauses: list[float] = []
    keys = [{"id": {"S": str(number)}} for number in range(count)]
    request = {"ConsistentRead": True}
    found = batch_get(cast("DynamoDBClient", busy), "FactsTable", keys, request, pauses.append)
    return [item["id"]["S"] for item in found], pauses


def numbers(first: int, last: int) -> list[str]:
    return [str(number) for number in range(first, last)]


@pytest.mark.parametrize(
    ("count", "batches"),
    [
        (0, []),
        (1, [(0, 1)]),
        (100, [(0, 100)]),
        (101, [(0, 100), (100, 101)]),
        (250, [(0, 100), (100, 200), (200, 250)]),
    ],
    ids=str,
)
def test_keys_are_read_a_hundred_at_once(count: int, batches: list[tuple[int, int]]) -> None:
    busy = Busy()
    assert got(busy, count) == (numbers(0, count), [])
    assert busy.asked == [numbers(*batch) for batch in batches]
    assert busy.requests == [{"ConsistentRead": True}] * len(batches)


def test_keys_that_were_left_unread_are_asked_for_again_after_longer_and_longer_pauses() -> None:
    busy = Busy([5, 5, 3, 1])
    assert got(busy, 5) == (numbers(0, 5), [0.05, 0.1, 0.2, 0.4])
    assert busy.asked == [numbers(0, 5), numbers(0, 5), numbers(0, 5), numbers(2, 5), numbers(4, 5)]


def test_each_hundred_has_its_own_tries() -> None:
    assert got(Busy([1, 0, 1, 0]), 150) == (numbers(0, 150), [0.05, 0.05])


def test_keys_that_are_left_unread_every_time_are_told() -> None:
    busy = Busy([2] * 9)
    with pytest.raises(UnprocessedKeysError, match="2 keys of FactsTable were left unread"):
        got(busy, 5)
    assert len(busy.asked) == 5


def test_more_keys_than_one_batch_takes_are_read_from_the_table(client: "DynamoDBClient") -> None:
    keys = [to_item({"client_id": "acme", "fact_id": f"f-{number:03d}"}) for number in range(230)]
    for key in keys[:220]:
        client.put_item(TableName="FactsTable", Item=key)
    found = batch_get(client, "FactsTable", keys, {"ConsistentRead": True}, lambda _: None)
    assert sorted(item["fact_id"]["S"] for item in found) == [f"f-{number:03d}" for number in range(220)]
