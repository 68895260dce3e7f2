"""Delivers a DynamoDB stream to a handler as Lambda's event source mapping does, which moto does not show.

The rules are those of the Lambda developer guide: "Process DynamoDB records with Lambda", "Configuring partial batch
response with DynamoDB and Lambda" and "Retain discarded records for a DynamoDB event source". Where they leave
something open, the driver takes the reading that is harder on the handler.
"""

import json
import zlib
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any, Literal

from tests.support.faults import Crash
from tests.support.records import StreamReader, StreamRecord

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient

Handler = Callable[[dict[str, Any], Any], Any]
Cause = Literal["RetryAttemptsExhausted", "RecordAgeExceeded"]

# With unlimited tries and a clock that stands still a failing batch would be retried for ever.
PATIENCE = 1000


@dataclass(frozen=True)
class EventSourceMapping:
    """The settings of an event source mapping, by Lambda's names and with Lambda's defaults; -1 is unlimited."""

    batch_size: int = 100
    parallelization_factor: int = 1
    maximum_retry_attempts: int = -1
    maximum_record_age_seconds: int = -1
    bisect_batch_on_function_error: bool = False
    report_batch_item_failures: bool = False
    filters: tuple[Mapping[str, Any], ...] = ()
    """Records that match none of them are passed over; without any, all are handed on."""
    on_failure: str | None = None


@dataclass(frozen=True)
class Faults:
    """How likely it is, per invocation, that delivery goes wrong."""

    redelivery: float = 0  # an earlier batch comes once more, after newer ones
    crash_before: float = 0  # the function dies before its handler runs
    crash_after: float = 0  # the handler ran, its result is lost
    short_batch: float = 0  # a batch is cut at a drawn length: Lambda sends what is there


@dataclass(frozen=True)
class InvocationRecord:
    """What the on-failure destination is told of a batch given up on: never the records themselves.

    A real one gives the first and last sequence number and the count; all of them are listed here for the tests.
    """

    cause: Cause
    stream_arn: str
    shard_id: str
    sequence_numbers: tuple[str, ...]
    approximate_invoke_count: int


@dataclass
class Batch:
    """Records that are sent together, and how often they were sent in vain."""

    records: list[StreamRecord]
    tries: int = 0
    sent: int = 0


@dataclass
class Lane:
    """One of the shard's concurrent workers: batches to send (again) first, then what came after them."""

    batches: deque[Batch] = field(default_factory=deque)
    records: deque[StreamRecord] = field(default_factory=deque)
    busy: bool = False

    def waiting(self) -> bool:
        """Whether this lane could start an invocation now."""
        return not self.busy and bool(self.batches or self.records)


def _still_clock() -> datetime:
    return datetime(2026, 11, 24, tzinfo=UTC)


class StreamDriver:
    """One event source mapping. `unscored` is what reached the destination, `invocations` the numbers each call got."""

    def __init__(
        self,
        streams: "DynamoDBStreamsClient",
        stream_arn: str,
        mapping: EventSourceMapping,
        *,
        rng: Random,
        faults: Faults | None = None,
        clock: Callable[[], datetime] = _still_clock,
    ) -> None:
        self._reader = StreamReader(streams, stream_arn, clock)
        self._mapping = mapping
        self._rng = rng
        self._faults = faults or Faults()
        self._clock = clock
        self._salt = rng.getrandbits(32)
        self._lanes = [Lane() for _ in range(mapping.parallelization_factor)]
        self._delivered: list[tuple[Lane, list[StreamRecord]]] = []
        self.unscored: list[InvocationRecord] = []
        self.invocations: list[list[str]] = []

    def deliver(self, handler: Handler) -> None:
        """Invokes the handler until the stream is drained, records that are written meanwhile included."""
        while self.step(handler):
            pass

    def step(self, handler: Handler) -> bool:
        """One invocation for a lane drawn from those that wait; False when none does.

        May be called while a handler runs: the other lanes do not wait for it.
        """
        if not any(lane.waiting() for lane in self._lanes):
            self._poll()
        waiting = [lane for lane in self._lanes if lane.waiting()]
        if not waiting:
            return False
        lane = self._rng.choice(waiting)
        lane.busy = True
        try:
            self._send(lane, self._next_batch(lane), handler)
        finally:
            lane.busy = False
        self._redeliver_one()
        return True

    def drained(self) -> bool:
        """Whether nothing waits, and no handler runs."""
        self._poll()
        return not any(lane.busy or lane.waiting() for lane in self._lanes)

    def lose(self) -> int:
        """Every record that waits is gone, and nobody hears of it; gives how many."""
        self._poll()
        lost = 0
        for lane in self._lanes:
            lost += len(lane.records) + sum(len(batch.records) for batch in lane.batches)
            lane.records.clear()
            lane.batches.clear()
        return lost

    def redeliver(self, share: float = 1) -> None:
        """Puts a drawn share of the batches delivered so far in line once more, in a drawn order."""
        for lane, records in self._rng.sample(self._delivered, round(share * len(self._delivered))):
            lane.batches.append(Batch(list(records)))

    def _poll(self) -> None:
        for record in self._reader.read():
            if not passes(record.event, self._mapping.filters):
                continue
            # Order is kept per item only, so that is what lanes are told apart by; the salt varies them per seed.
            key = json.dumps(record.event["dynamodb"]["Keys"], sort_keys=True)
            self._lanes[zlib.crc32(key.encode(), self._salt) % len(self._lanes)].records.append(record)

    def _next_batch(self, lane: Lane) -> Batch:
        if lane.batches:
            return lane.batches.popleft()
        size = min(self._mapping.batch_size, len(lane.records))
        if self._rng.random() < self._faults.short_batch:
            size = self._rng.randint(1, size)
        return Batch([lane.records.popleft() for _ in range(size)])

    def _send(self, lane: Lane, batch: Batch, handler: Handler) -> None:
        """Drops what is too old, invokes, and puts in line again what failed, ahead of all that is newer."""
        young = [record for record in batch.records if not self._too_old(record)]
        if len(young) < len(batch.records):
            self._give_up("RecordAgeExceeded", [r for r in batch.records if r not in young], batch.sent)
            batch.records = young
        if not young:
            return
        batch.sent += 1
        if batch.sent > PATIENCE:
            raise RuntimeError(f"a batch was sent {PATIENCE} times: its tries have no limit and its clock stands still")
        failed_from, bisectable = self._invoke(batch.records, handler)
        if failed_from is None:
            self._delivered.append((lane, batch.records))
            return
        if failed_from > 0:
            self._delivered.append((lane, batch.records[:failed_from]))
        lane.batches.extendleft(reversed(self._again(batch, failed_from, bisectable=bisectable)))

    def _invoke(self, records: list[StreamRecord], handler: Handler) -> tuple[int | None, bool]:
        """The index of the first record to send again (None: all is well) and whether the whole batch failed."""
        self.invocations.append([record.sequence_number for record in records])
        try:
            response = self._run(handler, records)
        except (Exception, Crash):  # noqa: BLE001 - whatever ends a function, Lambda sends the batch again
            return 0, True
        if not self._mapping.report_batch_item_failures:
            return None, False
        return checkpoint(response, [record.sequence_number for record in records])

    def _run(self, handler: Handler, records: list[StreamRecord]) -> Any:
        """The handler's result as Lambda gets it, through JSON."""
        if self._rng.random() < self._faults.crash_before:
            raise Crash("before the handler")
        response = json.loads(json.dumps(handler({"Records": [record.copy() for record in records]}, None)))
        if self._rng.random() < self._faults.crash_after:
            raise Crash("after the handler")
        return response

    def _again(self, batch: Batch, failed_from: int, *, bisectable: bool) -> list[Batch]:
        """What is left of a failed batch, as it will be sent next; empty when its tries are used up.

        A split costs no try, at a reported number no more than in halves. A report of the very first record splits
        nothing off, so it costs one, and in the end it takes all that stands behind that record along.
        """
        rest = batch.records[failed_from:]
        if self._mapping.bisect_batch_on_function_error:
            if bisectable and len(rest) > 1:
                middle = len(rest) // 2
                return [Batch(half, batch.tries, batch.sent) for half in (rest[:middle], rest[middle:])]
            if failed_from > 0:
                return [Batch(rest, batch.tries, batch.sent)]
        if 0 <= self._mapping.maximum_retry_attempts <= batch.tries:
            self._give_up("RetryAttemptsExhausted", rest, batch.sent)
            return []
        return [Batch(rest, batch.tries + 1, batch.sent)]

    def _give_up(self, cause: Cause, records: list[StreamRecord], sent: int) -> None:
        numbers = tuple(record.sequence_number for record in records)
        if self._mapping.on_failure is not None:
            self.unscored.append(InvocationRecord(cause, self._reader.stream_arn, self._reader.shard_id, numbers, sent))

    def _too_old(self, record: StreamRecord) -> bool:
        limit = self._mapping.maximum_record_age_seconds
        return limit >= 0 and (self._clock() - record.arrived_at).total_seconds() > limit

    def _redeliver_one(self) -> None:
        if self._delivered and self._rng.random() < self._faults.redelivery:
            lane, records = self._rng.choice(self._delivered)
            lane.batches.append(Batch(list(records)))


def passes(event: Mapping[str, Any], filters: tuple[Mapping[str, Any], ...]) -> bool:
    """Whether a record is handed on: it matches one of the filters, or there are none.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
    """
    return not filters or any(_matches(event, pattern) for pattern in filters)


def _matches(value: Any, pattern: Any) -> bool:
    if isinstance(pattern, Mapping):
        return isinstance(value, Mapping) and all(_matches(value.get(name), inner) for name, inner in pattern.items())
    return any(_is(value, rule) for rule in pattern)


def _is(value: Any, rule: Any) -> bool:
    if not isinstance(rule, Mapping):
        return bool(value == rule)
    [(name, told)] = rule.items()
    if name == "exists":
        return (value is not None) is told
    if name != "prefix":
        raise NotImplementedError(f"the rule {name} of a filter")
    return isinstance(value, str) and value.startswith(told)


def checkpoint(response: Any, sequence_numbers: list[str]) -> tuple[int | None, bool]:
    """Where a partial batch response tells to go on: index of the lowest failed number, and whether all failed.

    No response and no failures are a success; an identifier that is empty, missing or of no record in the batch fails
    the whole batch. Numbers are compared as integers: as strings "9" would come after "10".
    """
    whole_batch = 0, True
    if response is None:
        return None, False
    if not isinstance(response, dict):
        return whole_batch
    failures = response.get("batchItemFailures")
    if not failures:
        return None, False
    if not isinstance(failures, list):
        return whole_batch
    failed = [failure.get("itemIdentifier") if isinstance(failure, dict) else None for failure in failures]
    known = [number for number in failed if number in sequence_numbers]
    if len(known) < len(failed):
        return whole_batch
    return sequence_numbers.index(min(known, key=int)), False
