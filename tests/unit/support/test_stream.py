import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.faults import Crash
from tests.support.stream import EventSourceMapping, Faults, StreamDriver, checkpoint, passes
from tests.support.template import Tables

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient

MAPPING = EventSourceMapping(
    batch_size=10,
    maximum_retry_attempts=2,
    bisect_batch_on_function_error=True,
    report_batch_item_failures=True,
    on_failure="queue",
)
Response = dict[str, Any] | None


class Stream:
    """Writes facts and drives their stream; `name` of a record is its fact id."""

    def __init__(self, dynamodb: "DynamoDBClient", streams: "DynamoDBStreamsClient", tables: Tables) -> None:
        self.dynamodb = dynamodb
        self.streams = streams
        self.tables = tables

    def put(self, name: str, value: str = "1", client: str = "acme") -> None:
        item = {"client_id": {"S": client}, "fact_id": {"S": name}, "value": {"N": value}}
        self.dynamodb.put_item(TableName="FactsTable", Item=item)

    def put_all(self, names: str) -> None:
        for name in names:
            self.put(name)

    def driver(self, mapping: EventSourceMapping = MAPPING, seed: int = 1, **settings: Any) -> StreamDriver:
        return StreamDriver(self.streams, self.tables.stream_arn, mapping, rng=Random(seed), **settings)


def test_writers_side_by_side_give_every_record_a_number_of_its_own(stream: "Stream") -> None:
    switched = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(stream.put, map(str, range(400))))
    finally:
        sys.setswitchinterval(switched)
    recorder = Recorder()

    stream.driver().deliver(recorder)

    assert sorted("".join(recorder.batches)) == sorted("".join(map(str, range(400))))


@pytest.fixture
def stream(dynamodb: "DynamoDBClient", streams: "DynamoDBStreamsClient", tables: Tables) -> Stream:
    return Stream(dynamodb, streams, tables)


def name_of(record: dict[str, Any]) -> str:
    return str(record["dynamodb"]["Keys"]["fact_id"]["S"])


def record(name: str, sort: str) -> dict[str, Any]:
    return {"eventName": name, "dynamodb": {"Keys": {"item": {"S": sort}}}}


@pytest.mark.parametrize(
    ("event", "handed_on"),
    [
        (record("INSERT", "change#1"), True),
        (record("INSERT", "signal#1"), True),
        (record("MODIFY", "change#1"), False),
        (record("INSERT", "scorecard"), False),
        ({"eventName": "INSERT"}, False),
    ],
)
def test_a_record_that_matches_no_filter_is_passed_over(event: dict[str, Any], handed_on: object) -> None:
    keys = {"Keys": {"item": {"S": [{"prefix": "change#"}, {"prefix": "signal#"}]}}}

    assert passes(event, ({"eventName": ["INSERT"], "dynamodb": keys},)) is handed_on
    assert passes(event, ())


def test_filters_leave_out_what_they_do_not_match(stream: Stream) -> None:
    stream.put_all("abc")
    stream.put("b", "2")
    recorder = Recorder()
    modified: Any = ({"eventName": ["MODIFY"]},)
    stream.driver(replace(MAPPING, filters=modified)).deliver(recorder)

    assert recorder.batches == ["b"]


class Recorder:
    """A handler that keeps the names of each batch and answers what `respond` makes of the records."""

    def __init__(self, respond: Callable[[list[dict[str, Any]]], Any] = lambda _: None) -> None:
        self.batches: list[str] = []
        self.respond = respond

    def __call__(self, event: dict[str, Any], _context: Any) -> Any:
        self.batches.append("".join(name_of(record) for record in event["Records"]))
        return self.respond(event["Records"])


def reports(*poison: str) -> Callable[[list[dict[str, Any]]], Response]:
    def respond(records: list[dict[str, Any]]) -> Response:
        failed = [record["dynamodb"]["SequenceNumber"] for record in records if name_of(record) in poison]
        return {"batchItemFailures": [{"itemIdentifier": number} for number in reversed(failed)]}

    return respond


def raises(*poison: str) -> Callable[[list[dict[str, Any]]], Response]:
    def respond(records: list[dict[str, Any]]) -> Response:
        if any(name_of(record) in poison for record in records):
            raise ValueError("poison")
        return None

    return respond


def test_records_come_in_batches_and_in_order(stream: Stream) -> None:
    stream.put_all("abcdefghijklmno")
    handler = Recorder()
    stream.driver().deliver(handler)
    assert handler.batches == ["abcdefghij", "klmno"]


def test_a_record_has_the_shape_that_lambda_sends(stream: Stream) -> None:
    stream.put("a", "1")
    stream.put("a", "2")
    seen: list[dict[str, Any]] = []
    stream.driver().deliver(lambda event, _: seen.extend(event["Records"]))
    keys = {"client_id": {"S": "acme"}, "fact_id": {"S": "a"}}
    first, second = seen
    assert first["eventName"] == "INSERT"
    assert "OldImage" not in first["dynamodb"]
    assert set(second) == {
        "eventID",
        "eventName",
        "eventVersion",
        "eventSource",
        "awsRegion",
        "dynamodb",
        "eventSourceARN",
    }
    assert (second["eventName"], second["eventSource"], second["awsRegion"]) == ("MODIFY", "aws:dynamodb", "eu-west-1")
    assert second["eventSourceARN"] == stream.tables.stream_arn
    assert second["dynamodb"]["SequenceNumber"].isdigit()
    assert {part: second["dynamodb"][part] for part in ("Keys", "OldImage", "NewImage", "StreamViewType")} == {
        "Keys": keys,
        "OldImage": keys | {"value": {"N": "1"}},
        "NewImage": keys | {"value": {"N": "2"}},
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    }
    assert second["dynamodb"]["SizeBytes"] == 21 + 2 * (21 + 7)


def test_a_put_that_changes_nothing_emits_no_record(stream: Stream) -> None:
    stream.put("a", "1")
    stream.put("a", "1")
    stream.put("b", "1")
    handler = Recorder()
    stream.driver().deliver(handler)
    assert handler.batches == ["ab"]


def test_a_delete_emits_a_removal(stream: Stream) -> None:
    stream.put("a")
    stream.dynamodb.delete_item(TableName="FactsTable", Key={"client_id": {"S": "acme"}, "fact_id": {"S": "a"}})
    names: list[str] = []
    stream.driver().deliver(lambda event, _: names.extend(record["eventName"] for record in event["Records"]))
    assert names == ["INSERT", "REMOVE"]


def test_records_written_while_delivering_are_delivered_too(stream: Stream) -> None:
    stream.put("a")

    def respond(records: list[dict[str, Any]]) -> None:
        if name_of(records[0]) == "a":
            stream.put("b")

    handler = Recorder(respond)
    stream.driver().deliver(handler)
    assert handler.batches == ["a", "b"]


def test_records_after_a_rolled_back_transaction_are_delivered(stream: Stream) -> None:
    driver = stream.driver()
    handler = Recorder()
    stream.put("a")
    driver.deliver(handler)
    new = {"client_id": {"S": "acme"}, "fact_id": {"S": "n"}}
    put: Any = {"Put": {"TableName": "FactsTable", "Item": new}}
    check: Any = {
        "ConditionCheck": {
            "TableName": "FactsTable",
            "Key": new | {"fact_id": {"S": "a"}},
            "ConditionExpression": "attribute_not_exists(client_id)",
        }
    }
    with pytest.raises(stream.dynamodb.exceptions.TransactionCanceledException):
        stream.dynamodb.transact_write_items(TransactItems=[put, check])
    stream.put("b")
    driver.deliver(handler)
    assert handler.batches == ["a", "b"]


def test_a_reported_failure_is_the_checkpoint_to_go_on_from(stream: Stream) -> None:
    stream.put_all("abcde")
    failing = {"c", "d"}
    handler = Recorder()

    def respond(records: list[dict[str, Any]]) -> Response:
        response = reports(*failing)(records)
        failing.clear()
        return response

    handler.respond = respond
    stream.driver().deliver(handler)
    assert handler.batches == ["abcde", "cde"]


def test_the_first_record_reported_again_and_again_takes_what_follows_along(stream: Stream) -> None:
    stream.put_all("abcd")
    handler = Recorder(reports("c"))
    driver = stream.driver()
    driver.deliver(handler)
    assert handler.batches == ["abcd", "cd", "cd", "cd"]
    [record] = driver.unscored
    assert record.cause == "RetryAttemptsExhausted"
    assert list(record.sequence_numbers) == driver.invocations[-1]
    assert record.approximate_invoke_count == 4


def test_bisecting_an_error_isolates_the_record_without_using_up_a_try(stream: Stream) -> None:
    stream.put_all("abcd")
    handler = Recorder(raises("c"))
    driver = stream.driver()
    driver.deliver(handler)
    assert handler.batches == ["abcd", "ab", "cd", "c", "c", "c", "d"]
    assert [len(record.sequence_numbers) for record in driver.unscored] == [1]


def test_without_bisect_a_batch_is_given_up_whole_after_its_retries(stream: Stream) -> None:
    stream.put_all("abc")
    handler = Recorder(raises("c"))
    driver = stream.driver(replace(MAPPING, bisect_batch_on_function_error=False, batch_size=3))
    stream.put_all("d")
    driver.deliver(handler)
    assert handler.batches == ["abc", "abc", "abc", "d"]
    assert [len(record.sequence_numbers) for record in driver.unscored] == [3]


def test_nothing_is_kept_of_a_batch_without_a_destination(stream: Stream) -> None:
    stream.put("a")
    driver = stream.driver(replace(MAPPING, on_failure=None))
    driver.deliver(Recorder(raises("a")))
    assert driver.unscored == []


def test_reports_are_ignored_unless_the_mapping_asks_for_them(stream: Stream) -> None:
    stream.put_all("ab")
    handler = Recorder(reports("a"))
    driver = stream.driver(replace(MAPPING, report_batch_item_failures=False))
    driver.deliver(handler)
    assert handler.batches == ["ab"]


def test_a_result_that_is_not_json_fails_the_batch(stream: Stream) -> None:
    stream.put("a")
    driver = stream.driver()
    driver.deliver(Recorder(lambda _: object()))
    assert len(driver.invocations) == 3


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (None, (None, False)),
        ({}, (None, False)),
        ({"batchItemFailures": []}, (None, False)),
        ({"batchItemFailures": None}, (None, False)),
        ({"batchItemFailures": [{"itemIdentifier": "10"}, {"itemIdentifier": "9"}]}, (1, False)),
        ({"batchItemFailures": [{"itemIdentifier": "8"}]}, (0, False)),
        ({"batchItemFailures": [{"itemIdentifier": "10"}, {"itemIdentifier": ""}]}, (0, True)),
        ({"batchItemFailures": [{"itemIdentifier": None}]}, (0, True)),
        ({"batchItemFailures": [{"itemIdentifier": 10}]}, (0, True)),
        ({"batchItemFailures": [{"identifier": "10"}]}, (0, True)),
        ({"batchItemFailures": [{"itemIdentifier": "an event id"}]}, (0, True)),
        ({"batchItemFailures": ["10"]}, (0, True)),
        ({"batchItemFailures": "10"}, (0, True)),
        ("done", (0, True)),
    ],
)
def test_what_a_partial_batch_response_means(response: Any, expected: tuple[int | None, bool]) -> None:
    assert checkpoint(response, ["8", "9", "10"]) == expected


def test_too_old_records_go_to_the_destination_unsent(stream: Stream) -> None:
    now = [datetime(2026, 11, 24, 12, tzinfo=UTC)]
    stream.put_all("a")
    driver = stream.driver(
        replace(MAPPING, maximum_retry_attempts=-1, maximum_record_age_seconds=60), clock=lambda: now[0]
    )

    def respond(_: object) -> None:
        now[0] += timedelta(seconds=25)
        raise ValueError("never")

    handler = Recorder(respond)
    driver.deliver(handler)
    assert handler.batches == ["a", "a", "a"]
    assert [record.cause for record in driver.unscored] == ["RecordAgeExceeded"]


def test_unlimited_tries_under_a_still_clock_are_an_error_of_the_test(stream: Stream) -> None:
    stream.put("a")
    with pytest.raises(RuntimeError, match="no limit"):
        stream.driver(replace(MAPPING, maximum_retry_attempts=-1)).deliver(Recorder(raises("a")))


def delivered_order(stream: Stream, seed: int, lanes: int) -> list[tuple[str, str]]:
    order: list[tuple[str, str]] = []

    def handler(event: dict[str, Any], _: object) -> None:
        order.extend((name_of(record), record["dynamodb"]["NewImage"]["value"]["N"]) for record in event["Records"])

    stream.driver(replace(MAPPING, parallelization_factor=lanes, batch_size=2), seed).deliver(handler)
    return order


def test_lanes_keep_the_order_of_an_item_and_no_other(stream: Stream) -> None:
    written = [(name, value) for value in "123" for name in "abcdefgh"]
    for name, value in written:
        stream.put(name, value)
    assert delivered_order(stream, seed=1, lanes=1) == written
    orders = [delivered_order(stream, seed, lanes=4) for seed in range(5)]
    assert all(sorted(order) == sorted(written) for order in orders)
    assert all([v for name, v in order if name == item] == ["1", "2", "3"] for order in orders for item in "abcdefgh")
    assert len({tuple(order) for order in orders}) == 5
    assert delivered_order(stream, seed=3, lanes=4) == orders[3]


def test_a_failing_lane_holds_up_no_other_lane(stream: Stream) -> None:
    stream.put_all("abcdefgh")
    mapping = replace(MAPPING, parallelization_factor=4, maximum_retry_attempts=50)
    driver = stream.driver(mapping)
    handler = Recorder(raises("a"))
    driver.deliver(handler)
    behind = next(batch for batch in handler.batches if "a" in batch)
    others = [index for index, batch in enumerate(handler.batches) if not set(batch) & set(behind)]
    tries = [index for index, batch in enumerate(handler.batches) if "a" in batch]
    assert others
    assert tries[0] < max(others) < tries[-1]


def test_another_lane_can_run_while_a_handler_runs(stream: Stream) -> None:
    stream.put_all("abcdefgh")
    driver = stream.driver(replace(MAPPING, parallelization_factor=4))
    running: list[str] = []
    deepest = 0

    def handler(event: dict[str, Any], _: object) -> None:
        nonlocal deepest
        running.append(name_of(event["Records"][0]))
        deepest = max(deepest, len(running))
        driver.step(handler)
        running.pop()

    driver.deliver(handler)
    assert deepest > 1
    assert sorted(number for batch in driver.invocations for number in batch) == sorted(
        {number for batch in driver.invocations for number in batch}
    )


def test_delivered_batches_can_be_delivered_again(stream: Stream) -> None:
    stream.put_all("abcdefghijkl")
    driver = stream.driver(replace(MAPPING, batch_size=4))
    handler = Recorder()
    driver.deliver(handler)
    driver.redeliver(share=2 / 3)
    driver.deliver(handler)
    assert handler.batches[:3] == ["abcd", "efgh", "ijkl"]
    assert len(handler.batches) == 5
    assert set(handler.batches[3:]) < {"abcd", "efgh", "ijkl"}


def test_redelivery_brings_an_earlier_batch_after_newer_ones(stream: Stream) -> None:
    stream.put_all("abcdefghijklmnopqrst")
    handler = Recorder()
    stream.driver(replace(MAPPING, batch_size=2), faults=Faults(redelivery=0.5)).deliver(handler)
    assert len(handler.batches) > 10
    later = [batch for index, batch in enumerate(handler.batches) if index and batch < handler.batches[index - 1]]
    assert later


def test_a_crash_before_the_handler_retries_the_batch_unseen(stream: Stream) -> None:
    stream.put_all("ab")
    handler = Recorder()
    driver = stream.driver(replace(MAPPING, maximum_retry_attempts=50), seed=2, faults=Faults(crash_before=0.6))
    driver.deliver(handler)
    assert sorted("".join(handler.batches)) == ["a", "b"]
    assert len(driver.invocations) > len(handler.batches)


def test_a_crash_after_the_handler_delivers_again_what_it_did(stream: Stream) -> None:
    stream.put_all("ab")
    handler = Recorder()
    driver = stream.driver(replace(MAPPING, maximum_retry_attempts=50), seed=2, faults=Faults(crash_after=0.6))
    driver.deliver(handler)
    assert len("".join(handler.batches)) > 2
    assert driver.unscored == []


def test_a_crashing_handler_is_a_failed_invocation(stream: Stream) -> None:
    stream.put("a")
    crashes = [Crash("now")]

    def respond(_: object) -> None:
        if crashes:
            raise crashes.pop()

    handler = Recorder(respond)
    stream.driver().deliver(handler)
    assert handler.batches == ["a", "a"]


def test_short_batches_lose_nothing(stream: Stream) -> None:
    stream.put_all("abcdefghij")
    handler = Recorder()
    stream.driver(faults=Faults(short_batch=1)).deliver(handler)
    assert "".join(handler.batches) == "abcdefghij"
    assert len(handler.batches) > 1


def test_handlers_get_their_own_copy_of_a_record(stream: Stream) -> None:
    stream.put("a")
    seen: list[str] = []

    def handler(event: dict[str, Any], _: object) -> None:
        record = event["Records"][0]
        seen.append(record["eventName"])
        record["eventName"] = "changed"
        if len(seen) == 1:
            raise ValueError("once")

    stream.driver().deliver(handler)
    assert seen == ["INSERT", "INSERT"]
