"""Records of a stream that are read once more."""

from typing import Any, cast

import pytest

from shared.storage.streams import EMPTY_PAGES, Batch, names_in

BATCH = Batch("arn:stream", "shard-1", "10", "30")


class _GoneError(Exception):
    """What the SDK raises for records of long ago."""


class _Exceptions:
    TrimmedDataAccessException = ResourceNotFoundException = ExpiredIteratorException = _GoneError


class _Stream:
    """A shard of these pages, and of empty ones after them: it is still written to."""

    exceptions = _Exceptions

    def __init__(self, *pages: list[tuple[int, str]]) -> None:
        self.pages = pages
        self.read = 0

    def get_shard_iterator(self, **_place: str) -> Any:
        return {"ShardIterator": "0"}

    def get_records(self, *, ShardIterator: str) -> Any:  # noqa: N803 - as the SDK names it
        self.read += 1
        place = int(ShardIterator)
        page = self.pages[place] if place < len(self.pages) else []
        records = [
            {"dynamodb": {"SequenceNumber": str(number), "Keys": {"client_id": {"S": name}}}} for number, name in page
        ]
        return {"Records": records, "NextShardIterator": str(place + 1)}


def names(stream: _Stream) -> set[str]:
    return names_in(cast("Any", stream), BATCH)


@pytest.mark.parametrize(
    "pages",
    [
        [[(10, "acme"), (20, "beta"), (30, "acme"), (40, "gamma")]],
        [[(10, "acme")], [(20, "beta")], [(30, "acme")]],
        [[], [(10, "acme")], [], [], [(20, "beta")], [], [(30, "beta")]],
        [[(10, "acme"), (20, "beta")], [(31, "gamma")]],
    ],
    ids=["one page", "several", "with empty pages between", "of which the last is gone"],
)
def test_all_names_of_a_batch_are_found_and_no_others(pages: list[list[tuple[int, str]]]) -> None:
    stream = _Stream(*pages)

    assert names(stream) == {"acme", "beta"}
    assert stream.read == len(pages)


def test_the_end_of_a_shard_that_is_still_written_to_is_not_waited_for() -> None:
    stream = _Stream([(10, "acme")])

    assert names(stream) == {"acme"}
    assert stream.read == 1 + EMPTY_PAGES
