"""What cannot be told is set aside: all others are told, in their order, and so is it when it can be."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from functions.notify.batch import PATIENCE
from functions.notify.occurrences import Occurrence
from functions.notify.parts import Parts
from functions.notify.routing import News
from shared.destinations.document import UnreadableDestinationError
from shared.storage.scores import Scores
from shared.storage.streams import RecordsGoneError
from tests.integration.test_notify import changes, driver, happen, in_order, journal
from tests.support.clients import dynamodb_client, streams_client
from tests.support.queues import given_up, send
from tests.support.service import Service, _dynamodb, event
from tests.support.stream import InvocationRecord, StreamDriver
from tests.support.template import event_source_mapping

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")

MANY = tuple(f"client-{number:02d}" for number in range(12))


def refused(code: str) -> ClientError:
    response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    return ClientError(response, "PutItem")


class Deciding:
    """Keeps what it is asked about, and fails at some clients."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.at_once_of: list[News] = []
        self.poison: dict[str, Exception] = {}

    def __call__(self, occurrences: Sequence[Occurrence]) -> None:
        for occurrence in occurrences:
            self._look(occurrence.client_id)
        self.asked += [occurrence.client_id for occurrence in occurrences]

    def wants_alerts(self) -> bool:
        return True

    def at_once(self, news: Sequence[News]) -> None:
        for each in news:
            self._look(each.client_id)
        self.at_once_of += news

    def _look(self, client_id: str) -> None:
        if client_id in self.poison:
            raise self.poison[client_id]


@pytest.fixture
def deciding(service: Service) -> Iterator[Deciding]:
    """Somebody else who decides in the notify function of the service."""
    somebody = Deciding()
    with patch.object(Parts, "routing", lambda _: somebody):
        service.restart_notify()
        yield somebody


def once(service: Service, *clients: str, score: int = 9, comment: str | None = None) -> None:
    """Each of these clients gets a response, one after the other."""
    for client_id in clients:
        service.clock.now += timedelta(seconds=1)
        data = {"response_id": f"{client_id}-1", "score": score, "responded_at": "2026-11-24T09:00:00Z"}
        service.post(
            event("nps.responded", data | ({"comment": comment} if comment else {}), id=client_id, subject=client_id)
        )
        service.settle()


def told() -> list[str]:
    return [reference.client_id for reference in journal()]


@pytest.mark.parametrize("poison", [0, 5, 11])
def test_one_that_cannot_be_told_stands_in_nobodys_way(service: Service, deciding: Deciding, poison: int) -> None:
    once(service, *MANY)
    deciding.poison = {MANY[poison]: KeyError("owner")}
    mapping = driver()
    assert mapping.step(service.notify)

    assert told() == [name for name in MANY if name != MANY[poison]]
    assert mapping.drained()
    assert len(service.changes.invocations) == 0

    deciding.poison = {}
    service.aside.deliver(service.notify)

    assert [message["keys"]["client_id"]["S"] for message in service.aside.delivered] == [MANY[poison]]
    assert told() == [*(name for name in MANY if name != MANY[poison]), MANY[poison]]
    assert sorted(set(deciding.asked)) == list(MANY)


def test_all_of_a_client_who_cannot_be_told_of_stand_in_nobodys_way(service: Service, deciding: Deciding) -> None:
    happen(service)
    deciding.poison = {"beta": refused("ValidationException")}
    driver(batch_size=3).deliver(service.notify)

    at = [reference.at for reference in journal()]
    assert (told().count("acme"), told().count("gamma"), told().count("beta")) == (3, 3, 0)
    assert at == sorted(at)

    deciding.poison = {}
    service.aside.deliver(service.notify)
    assert in_order(journal()) == changes()


def test_an_entry_that_fails_while_it_is_read_is_set_aside_too(service: Service, deciding: Deciding) -> None:
    once(service, *MANY)
    read = Occurrence.read

    def failing(reference: Any, item: Any) -> Occurrence:
        if reference.client_id == MANY[3]:
            raise TypeError
        return read(reference, item)

    with patch.object(Occurrence, "read", failing):
        service.tell()
        assert told() == [name for name in MANY if name != MANY[3]]

    service.aside.deliver(service.notify)
    assert in_order(journal()) == changes()
    assert deciding.asked.count(MANY[3]) == 1


def test_one_alone_is_set_aside_when_it_has_held_up_others_for_some_minutes(
    service: Service, deciding: Deciding
) -> None:
    once(service, "acme")
    deciding.poison = {"acme": KeyError("owner")}
    mapping = driver(batch_size=1)
    begun = service.clock.now
    assert mapping.step(service.notify)
    once(service, "beta")
    while "beta" not in told():
        service.clock.now += timedelta(minutes=1)
        assert mapping.step(service.notify)

    assert PATIENCE <= service.clock.now - begun < PATIENCE + timedelta(minutes=3)
    assert mapping.unscored == []
    deciding.poison = {}
    service.aside.deliver(service.notify)
    assert told() == ["beta", "acme"]


EVERYBODYS = {
    "throttled": refused("ThrottlingException"),
    "not connected": EndpointConnectionError(endpoint_url=""),
    "no right": refused("AccessDeniedException"),
    "no table": refused("ResourceNotFoundException"),
    "destinations unknown": UnreadableDestinationError("the document"),
}


@pytest.mark.parametrize("error", EVERYBODYS.values(), ids=EVERYBODYS)
def test_an_outage_sets_nothing_aside_and_loses_nothing(service: Service, deciding: Deciding, error: Exception) -> None:
    once(service, *MANY)
    deciding.poison = dict.fromkeys(MANY[4:], error)
    mapping = driver()
    for _ in range(20):
        service.clock.now += timedelta(minutes=30)
        assert mapping.step(service.notify)
    assert told() == list(MANY[:4])

    deciding.poison = {}
    mapping.deliver(service.notify)

    assert told() == list(MANY)
    assert (mapping.unscored, service.aside.step(service.notify)) == ([], False)


def test_one_that_cannot_be_told_is_set_aside_in_an_outage_as_well(service: Service, deciding: Deciding) -> None:
    once(service, *MANY)
    deciding.poison = {MANY[2]: KeyError("owner"), MANY[8]: refused("ThrottlingException")}
    mapping = driver()
    assert mapping.step(service.notify)
    assert told() == [name for name in MANY[:8] if name != MANY[2]]

    deciding.poison = {}
    mapping.deliver(service.notify)
    service.aside.deliver(service.notify)

    assert told() == [*(name for name in MANY if name != MANY[2]), MANY[2]]


def test_where_none_can_be_told_all_wait_in_their_order_for_some_minutes(service: Service, deciding: Deciding) -> None:
    once(service, *MANY)
    deciding.poison = dict.fromkeys(MANY, KeyError("a release that fails"))
    mapping = driver()
    for _ in range(5):
        assert mapping.step(service.notify)
    deciding.poison = {}
    mapping.deliver(service.notify)

    assert told() == list(MANY)
    assert not service.aside.step(service.notify)


def test_what_never_can_be_told_ends_where_somebody_looks(service: Service, deciding: Deciding) -> None:
    once(service, *MANY[:2])
    deciding.poison = {MANY[0]: KeyError("owner")}
    service.tell()
    service.aside.deliver(service.notify)

    assert [message["keys"]["client_id"]["S"] for message in service.aside.dead] == [MANY[0]]
    assert len(service.aside.delivered) == 20


def test_what_is_gone_by_then_is_told_nobody(service: Service, deciding: Deciding) -> None:
    once(service, *MANY[:2])
    deciding.poison = {MANY[0]: KeyError("owner")}
    service.tell()
    [reference] = [each for each in changes() if each.client_id == MANY[0]]
    key: Any = {"client_id": {"S": reference.client_id}, "item": {"S": reference.item}}
    dynamodb_client().delete_item(TableName="ScoresTable", Key=key)
    deciding.poison = {}
    service.aside.deliver(service.notify)

    assert (told(), service.aside.dead) == ([MANY[1]], [])


# Detractors who say why.


def responses_of(service: Service) -> StreamDriver:
    mapping = replace(event_source_mapping("NotifyFunction", "DetractorsResponded"))
    return StreamDriver(
        streams_client(), service.tables.stream_arn, mapping, rng=Random(0), clock=lambda: service.clock.now
    )


def alarmed(deciding: Deciding) -> list[str]:
    return [news.client_id for news in deciding.at_once_of]


def test_a_detractor_whom_nobody_can_be_told_of_stands_in_nobodys_way(service: Service, deciding: Deciding) -> None:
    once(service, *MANY, score=2, comment="Too slow, says Robin.")
    deciding.poison = {MANY[6]: KeyError("owner")}
    mapping = responses_of(service)
    assert mapping.step(service.notify)
    assert alarmed(deciding) == [name for name in MANY if name != MANY[6]]
    assert mapping.drained()

    deciding.poison = {}
    service.aside.deliver(service.notify)

    assert alarmed(deciding)[-1] == MANY[6]
    assert len({news.id for news in deciding.at_once_of}) == len(MANY)
    assert "Robin" not in str(service.aside.delivered)


def test_one_that_has_nothing_to_tell_is_no_sign_that_others_could_be_told(
    service: Service, deciding: Deciding
) -> None:
    once(service, "acme", score=2, comment="Too slow.")
    long_ago = {"response_id": "b-1", "score": 2, "responded_at": "2026-09-01T09:00:00Z", "comment": "Long ago."}
    service.post(event("nps.responded", long_ago, id="beta", subject="beta"))
    service.settle()
    deciding.poison = {"acme": KeyError("a release that fails")}
    mapping = responses_of(service)
    assert mapping.step(service.notify)
    assert not mapping.drained()
    assert not service.aside.step(service.notify)

    deciding.poison = {}
    mapping.deliver(service.notify)
    assert alarmed(deciding) == ["acme"]


def test_it_is_told_under_the_id_that_it_would_have_had(service: Service, deciding: Deciding) -> None:
    once(service, *MANY[:2], score=2, comment="Too slow.")
    deciding.poison = {MANY[0]: KeyError("owner")}
    mapping = responses_of(service)
    mapping.deliver(service.notify)
    deciding.poison = {}
    service.aside.deliver(service.notify)
    [later] = [news for news in deciding.at_once_of if news.client_id == MANY[0]]
    mapping.redeliver()
    mapping.deliver(service.notify)

    assert {news for news in deciding.at_once_of if news.client_id == MANY[0]} == {later}


def test_a_name_that_cannot_be_looked_up_stands_in_nobodys_way(service: Service, deciding: Deciding) -> None:
    once(service, *MANY[:3], score=2, comment="Too slow.")
    known = Scores.client_named

    def failing(scores: Scores, name: str) -> Any:
        if name == MANY[0]:
            raise TypeError
        return known(scores, name)

    with patch.object(Scores, "client_named", failing):
        responses_of(service).deliver(service.notify)
    assert alarmed(deciding) == list(MANY[1:3])

    service.aside.deliver(service.notify)
    assert alarmed(deciding) == [*MANY[1:3], MANY[0]]


# Those that Lambda gives up by their age, after an outage of half a day.


def outlasted(service: Service, deciding: Deciding, mapping: StreamDriver) -> list[InvocationRecord]:
    deciding.poison = dict.fromkeys(MANY, refused("ThrottlingException"))
    assert mapping.step(service.notify)
    service.clock.now += timedelta(hours=13)
    mapping.deliver(service.notify)
    return mapping.unscored


@pytest.mark.parametrize("poison", [{}, {MANY[1]: KeyError("owner")}], ids=["all can", "one cannot"])
@pytest.mark.parametrize("kind", ["changes", "responses"])
def test_what_was_given_up_in_an_outage_is_told_after_it(
    service: Service, deciding: Deciding, kind: str, poison: dict[str, Exception]
) -> None:
    once(service, *MANY, score=2, comment="Too slow.")
    at: Callable[[], Any] = lambda: service.clock.now  # noqa: E731 - the clock of a mapping
    mapping = responses_of(service) if kind == "responses" else driver(clock=at)
    for record in outlasted(service, deciding, mapping):
        send("UnreadChangesQueue", given_up(record))
    deciding.poison = poison
    service.aside.settle(service.notify)

    heard = told() if kind == "changes" else alarmed(deciding)
    assert heard == [name for name in MANY if name not in poison]
    deciding.poison = {}
    service.aside.deliver(service.notify)
    heard = told() if kind == "changes" else alarmed(deciding)
    assert sorted(set(heard)) == list(MANY)


def test_records_that_are_gone_are_left_to_the_night(service: Service) -> None:
    once(service, *MANY[:2])
    gone = InvocationRecord("RecordAgeExceeded", service.tables.changes_arn, "shard-1", ("1", "2"), 9)
    send("UnreadChangesQueue", given_up(gone))
    with patch("shared.storage.streams.records_in", side_effect=RecordsGoneError):
        service.aside.deliver(service.notify)

    assert (len(service.aside.delivered), service.aside.dead) == (1, [])
    service.changes.lose()
    service.clock.now += timedelta(minutes=1)
    assert service.notify({"job": "catch_up", "wait": 0}, None)["caught_up"] == 2


# The night.


def test_one_that_cannot_be_told_holds_up_nobody_at_night(service: Service, deciding: Deciding) -> None:
    once(service, *MANY)
    service.changes.lose()
    deciding.poison = {MANY[4]: KeyError("owner")}
    service.clock.now += timedelta(days=1)

    assert service.notify({"job": "catch_up"}, None) == {"caught_up": 11, "left_out": 1, "goes_on": 0, "sent_again": 0}
    assert told() == [name for name in MANY if name != MANY[4]]

    deciding.poison = {}
    assert service.notify({"job": "catch_up"}, None) == {"caught_up": 1, "left_out": 0, "goes_on": 0, "sent_again": 0}
    assert in_order(journal()) == changes()


def test_an_outage_at_night_is_no_end_of_it(service: Service, deciding: Deciding) -> None:
    once(service, *MANY)
    service.changes.lose()
    deciding.poison = {MANY[4]: refused("ThrottlingException")}
    service.clock.now += timedelta(days=1)
    with pytest.raises(ClientError):
        service.notify({"job": "catch_up"}, None)

    deciding.poison = {}
    service.notify({"job": "catch_up"}, None)
    assert in_order(journal()) == changes()


# More than one invocation can look through.


class Hurried:
    """The context of an invocation that has this long left."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)


@contextmanager
def pages_of(count: int) -> Iterator[None]:
    """DynamoDB reads pages of 1 MB; these are of so many items."""

    def limited(params: dict[str, Any], **_: Any) -> None:
        params["Limit"] = count

    events = _dynamodb().meta.events
    events.register("provide-client-params.dynamodb.Scan", limited)
    try:
        yield
    finally:
        events.unregister("provide-client-params.dynamodb.Scan", limited)


@pytest.mark.parametrize(("left", "goes_on"), [(60, 1), (300, 0)])
def test_a_look_that_is_too_much_for_one_invocation_goes_on_in_the_next(
    service: Service, deciding: Deciding, left: float, goes_on: int
) -> None:
    once(service, *MANY)
    service.changes.lose()
    service.clock.now += timedelta(days=1)
    with pages_of(3):
        assert service.notify({"job": "catch_up"}, Hurried(left))["goes_on"] == goes_on
        service.aside.deliver(service.notify, Hurried(left))

    assert len(service.aside.delivered) >= 7 * goes_on
    assert (in_order(journal()), service.aside.dead) == (changes(), [])
    assert sorted(deciding.asked) == list(MANY)


def test_many_that_are_missing_are_told_some_at_a_time(
    service: Service, deciding: Deciding, monkeypatch: pytest.MonkeyPatch
) -> None:
    once(service, *MANY)
    service.changes.lose()
    service.clock.now += timedelta(days=1)
    monkeypatch.setattr("functions.notify.catching_up.MOST", 3)
    with pages_of(2):
        assert service.notify({"job": "catch_up"}, None)["goes_on"] == 1
        service.aside.deliver(service.notify)

    assert in_order(journal()) == changes()
    assert sorted(deciding.asked) == list(MANY)


def test_a_look_that_fails_half_way_is_gone_on_with(service: Service, deciding: Deciding) -> None:
    once(service, *MANY)
    service.changes.lose()
    service.clock.now += timedelta(days=1)
    deciding.poison = {MANY[7]: refused("ThrottlingException")}
    with pages_of(3), suppress(ClientError):
        service.notify({"job": "catch_up"}, Hurried(60))
        for _ in range(8):
            service.aside.step(service.notify, Hurried(60))
    deciding.poison = {}
    with pages_of(3):
        service.notify({"job": "catch_up"}, Hurried(60))
        service.aside.deliver(service.notify, Hurried(60))

    assert in_order(journal()) == changes()
