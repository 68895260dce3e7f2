"""What is written of clients reaches the journal, whatever breaks on the way."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from botocore.exceptions import EndpointConnectionError

from functions.notify.handler import wire
from functions.notify.parts import Parts
from shared.opmm.ledger import Change
from shared.opmm.slugs import PROOF_CLIENT
from shared.storage.journal import Journal, Position, Reference
from tests.support.clients import dynamodb_client, streams_client
from tests.support.faults import ClientFaults, injected
from tests.support.service import NOW, Service, _dynamodb, event, responses
from tests.support.stream import Faults, StreamDriver
from tests.support.template import environment, event_source_mapping

if TYPE_CHECKING:
    from functions.notify.occurrences import Occurrence

pytestmark = [pytest.mark.usefixtures("plainly"), pytest.mark.filterwarnings("ignore:No application metrics")]


def changes() -> list[Reference]:
    """Every entry of a ledger, by client and time."""
    items = dynamodb_client().scan(TableName="ScoresTable")["Items"]
    return sorted(
        (
            Reference(item["client_id"]["S"], item["item"]["S"])
            for item in items
            if item["item"]["S"].startswith("change#")
        ),
        key=lambda reference: (reference.client_id, reference.item),
    )


def journal() -> list[Reference]:
    return [entry.reference for entry in Journal(dynamodb_client(), "NotificationsTable").read(Position(), 10_000)]


def in_order(references: list[Reference]) -> list[Reference]:
    return sorted(references, key=lambda reference: (reference.client_id, reference.item))


def happen(service: Service, *, clients: tuple[str, ...] = ("acme", "beta", "gamma")) -> None:
    """Some things happen to these clients, each of which moves their score."""
    for day, score in enumerate((9, 2, 10)):
        service.clock.now += timedelta(hours=1)
        for client_id in clients:
            service.post(
                event(
                    "nps.responded",
                    {"response_id": f"{client_id}-{day}", "score": score, "responded_at": "2026-11-20T09:00:00Z"},
                    id=f"{client_id}-{day}",
                    subject=client_id,
                )
            )
        service.settle()


def driver(
    seed: int = 0, faults: Faults | None = None, clock: Callable[[], datetime] = lambda: NOW, **settings: Any
) -> StreamDriver:
    arn = dynamodb_client().describe_table(TableName="ScoresTable")["Table"]["LatestStreamArn"]
    mapping = replace(event_source_mapping("NotifyFunction"), **settings)
    return StreamDriver(streams_client(), arn, mapping, rng=Random(seed), faults=faults, clock=clock)


def test_every_change_of_every_client_is_in_the_journal_once(service: Service) -> None:
    happen(service)
    service.tell()

    assert len(changes()) == 9
    assert in_order(journal()) == changes()


def test_the_journal_is_in_the_order_in_which_changes_were_written(service: Service) -> None:
    for client_id in ("gamma", "acme", "beta", "acme"):
        happen(service, clients=(client_id,))
    service.tell()

    at = [reference.at for reference in journal()]
    assert at == sorted(at)


def test_scorecards_wake_nobody(service: Service) -> None:
    happen(service)
    service.tell()
    asked = [number for numbers in service.changes.invocations for number in numbers]

    assert len(asked) == len(changes())


def test_what_an_emulator_does_not_filter_does_no_harm(service: Service) -> None:
    happen(service)
    driver(filters=()).deliver(service.notify)

    assert in_order(journal()) == changes()


def test_the_client_of_a_proof_is_told_to_nobody(service: Service) -> None:
    happen(service, clients=("acme", PROOF_CLIENT))
    service.tell()
    service.notify({"job": "catch_up", "wait": 0}, None)

    assert {reference.client_id for reference in journal()} == {"acme"}


FAULTS = {
    "crashes": Faults(crash_before=0.3, crash_after=0.3, short_batch=0.5),
    "batches that come again": Faults(redelivery=0.5, short_batch=0.5),
}


@pytest.mark.parametrize("faults", FAULTS)
@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_left_out_and_nothing_is_entered_twice(service: Service, faults: str, seed: int) -> None:
    happen(service)
    with injected(
        _dynamodb(),
        ClientFaults(crash_before=0.1, crash_after=0.1, timeout=0.1, lost=0.1, repeat=0.1, throttle=0.1),
        Random(seed),
    ):
        driver(seed, FAULTS[faults], batch_size=3, maximum_retry_attempts=-1).deliver(service.notify)

    assert in_order(journal()) == changes()


def test_records_of_a_failing_batch_come_again_until_they_are_given_up(service: Service) -> None:
    happen(service)
    mapping = driver(maximum_retry_attempts=2)
    with injected(_dynamodb(), ClientFaults(throttle=1), Random(1)):
        mapping.deliver(service.notify)

    assert journal() == []
    assert sum(len(record.sequence_numbers) for record in mapping.unscored) == len(changes())


def test_an_outage_of_many_tries_leaves_nothing_to_the_night(service: Service) -> None:
    happen(service)
    tries = iter(range(50))
    mapping = driver()

    def down_at_first(batch: dict[str, Any], context: object) -> dict[str, Any]:
        if next(tries, None) is None:
            return service.notify(batch, context)
        return {"batchItemFailures": [{"itemIdentifier": batch["Records"][0]["dynamodb"]["SequenceNumber"]}]}

    mapping.deliver(down_at_first)
    assert mapping.unscored == []
    assert in_order(journal()) == changes()


@pytest.fixture
def lost(service: Service) -> Service:
    """A service whose changes nobody heard of."""
    happen(service)
    assert service.changes.lose() > 0
    return service


def test_the_night_after_finds_what_was_lost(lost: Service) -> None:
    lost.clock.now += timedelta(hours=14)

    assert lost.notify({"job": "catch_up"}, None) == {"caught_up": 9, "left_out": 0, "goes_on": 0, "sent_again": 0}
    assert in_order(journal()) == changes()
    at = [reference.at for reference in journal()]
    assert at == sorted(at)
    assert lost.notify({"job": "catch_up"}, None) == {"caught_up": 0, "left_out": 0, "goes_on": 0, "sent_again": 0}


def test_what_may_be_on_its_way_is_left_to_it_unless_it_is_said_otherwise(lost: Service) -> None:
    assert lost.notify({"job": "catch_up"}, None) == {"caught_up": 0, "left_out": 0, "goes_on": 0, "sent_again": 0}
    lost.clock.now += timedelta(minutes=1)
    assert lost.notify({"job": "catch_up", "wait": 0}, None) == {
        "caught_up": 9,
        "left_out": 0,
        "goes_on": 0,
        "sent_again": 0,
    }


@pytest.mark.parametrize("nights", [1, 2, 3])
def test_a_missed_night_leaves_nothing_out(lost: Service, nights: int) -> None:
    lost.clock.now += timedelta(days=nights)

    assert lost.notify({"job": "catch_up"}, None) == {"caught_up": 9, "left_out": 0, "goes_on": 0, "sent_again": 0}


def test_only_what_is_missing_is_caught_up_with(service: Service) -> None:
    happen(service, clients=("acme",))
    service.tell()
    happen(service, clients=("beta",))
    service.changes.lose()
    service.clock.now += timedelta(days=1)

    assert service.notify({"job": "catch_up"}, None) == {"caught_up": 3, "left_out": 0, "goes_on": 0, "sent_again": 0}
    assert [reference.client_id for reference in journal()] == ["acme"] * 3 + ["beta"] * 3


def test_what_was_erased_is_not_caught_up_with(lost: Service) -> None:
    for reference in changes():
        if reference.client_id == "beta":
            key: Any = {"client_id": {"S": "beta"}, "item": {"S": reference.item}}
            dynamodb_client().delete_item(TableName="ScoresTable", Key=key)
    lost.clock.now += timedelta(days=1)
    lost.notify({"job": "catch_up"}, None)

    assert {reference.client_id for reference in journal()} == {"acme", "gamma"}


@pytest.mark.parametrize(
    "job", [{}, {"job": "rebuild"}, {"job": "catch_up", "wait": -1}, {"job": "catch_up", "wait": "1"}]
)
def test_another_job_is_refused(service: Service, job: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="catch_up"):
        service.notify(job, None)


# Who is told.


class Deciding:
    """Keeps what it is asked about, and fails when it is told to."""

    def __init__(self) -> None:
        self.asked: list[Occurrence] = []
        self.fails = 0

    def __call__(self, occurrences: Any) -> None:
        if self.fails:
            self.fails -= 1
            raise EndpointConnectionError(endpoint_url="")
        self.asked += occurrences

    def wants_alerts(self) -> bool:
        return False

    def at_once(self, _: Any) -> None:
        raise AssertionError


def deciding_in(service: Service, deciding: Deciding) -> Any:
    """The function, with somebody else who decides."""
    with patch.object(Parts, "routing", lambda _: deciding):
        return wire(environment("NotifyFunction"), service.clock)


def test_who_decides_is_asked_about_what_was_written_before_it_is_in_the_journal(service: Service) -> None:
    happen(service)
    deciding = Deciding()
    deciding.fails = 1
    told = deciding_in(service, deciding)
    driver().deliver(told)

    assert Counter(occurrence.reference for occurrence in deciding.asked) == Counter(changes())
    assert in_order(journal()) == changes()
    first = deciding.asked[0]
    assert isinstance(first.said, Change)
    assert (first.client_id, first.said.total_before, first.said.cause) == ("acme", 0, "new")


def test_what_was_given_up_is_decided_about_when_it_is_caught_up_with(service: Service) -> None:
    happen(service)
    deciding = Deciding()
    deciding.fails = 4  # together and by itself, twice
    told = deciding_in(service, deciding)
    driver(maximum_retry_attempts=1).deliver(told)
    assert (deciding.asked, journal()) == ([], [])
    service.clock.now += timedelta(days=1)

    told({"job": "catch_up"}, None)

    assert Counter(occurrence.reference for occurrence in deciding.asked) == Counter(changes())


def test_an_entry_that_cannot_be_read_is_entered_all_the_same(service: Service) -> None:
    service.post(responses([9]))
    service.settle()
    service.changes.lose()
    [reference] = changes()
    item = dynamodb_client().get_item(
        TableName="ScoresTable", Key={"client_id": {"S": reference.client_id}, "item": {"S": reference.item}}
    )["Item"]
    dynamodb_client().put_item(TableName="ScoresTable", Item={**item, "format": {"N": "9"}})
    deciding = Deciding()
    service.clock.now += timedelta(days=1)
    deciding_in(service, deciding)({"job": "catch_up"}, None)

    assert [occurrence.said for occurrence in deciding.asked] == [None]
    assert journal() == [reference]


def test_nothing_is_told_where_nothing_is_written(service: Service) -> None:
    service.tell()

    assert service.notify({"Records": []}, None) == {"batchItemFailures": []}
    assert journal() == []
