"""What is told arrives: once, at last, and with nobody who wants nothing more."""

import json
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from aws_lambda_powertools import Logger

from functions.notify.overdue import Overdue
from functions.notify.routing import WAIT
from shared.destinations.answer import Answer
from shared.destinations.destination import Destination
from shared.destinations.document import UnreadableDestinationError
from shared.destinations.message import Message
from tests.support.clients import dynamodb_client
from tests.support.post import CRM, SAM, TABLE, TEAM, Document, Post, fall
from tests.support.service import event, responses

pytestmark = pytest.mark.usefixtures("plainly")


def test_every_change_is_told_once_to_who_wants_all(post: Post) -> None:
    post.listens(CRM)
    fall(post.service)
    post.tell()
    post.deliver()

    # They are sent side by side: their order is not promised, and their versions tell it.
    told = sorted((message for _, message, _ in post.receivers.got), key=lambda each: each.data["change"]["version"])
    [first, second] = told
    assert [
        (first.data["change"]["total_before"], first.data["change"]["total_after"]),
        second.data["change"]["total_after"],
    ] == [(0, 4), 1]
    assert {delivery.status for delivery in post.of("crm")} == {"delivered"}
    assert [delivery.answer for delivery in post.of("crm")] == ["204", "204"]


def test_records_that_come_again_tell_nothing_twice(post: Post) -> None:
    post.listens(CRM, TEAM)
    fall(post.service)
    post.service.settle()
    again: list[Any] = []

    def twice(batch: dict[str, Any], _: object) -> dict[str, Any]:
        again.extend(batch["Records"])
        return {"batchItemFailures": post.stream(batch["Records"])}

    post.service.changes.deliver(twice)
    post.deliver()
    post.stream(again)
    post.deliver()

    assert Counter(post.receivers.taken_by("crm")).most_common(1)[0][1] == 1
    assert len(post.receivers.taken_by("team")) == 1


DOWN, BUSY, GONE = Answer(status=503), Answer(status=429, retry_after=3600), Answer(status=410)


def test_a_receiver_that_answers_503_three_times_gets_it_at_last_with_the_same_id(post: Post) -> None:
    post.listens(TEAM)
    post.receivers.answers["team"] = [DOWN, DOWN, DOWN, Answer(status=200)]
    fall(post.service)
    post.tell()
    begun = post.service.clock.now
    post.deliver()

    assert len(set(post.receivers.taken_by("team"))) == 1
    waits = [at - begun for _, _, at in post.receivers.got]
    assert [round(wait.total_seconds()) for wait in waits] == [15, 21, 322, 2123]
    [delivery] = post.of("team")
    assert (delivery.status, delivery.tries, delivery.answer) == ("delivered", 4, "200")
    state = post.states.of("team")
    assert (state.failing_since, state.delivered_at) == (None, delivery.answered_at)


def test_it_is_kept_when_a_message_arrived_last_at_most_once_a_minute(post: Post) -> None:
    def arriving(seconds: int) -> datetime | None:
        post.service.clock.now += timedelta(seconds=seconds)
        post.states.arrived("team", post.states.of("team"), post.service.clock.now)
        return post.states.of("team").delivered_at

    begun = post.service.clock.now
    assert [arriving(seconds) for seconds in (0, 59, 1, 30)] == [begun, begun, *[begun + timedelta(seconds=60)] * 2]

    post.states.failed("team", post.service.clock.now)
    assert arriving(1) == begun + timedelta(seconds=91)
    assert post.states.of("team").failing_since is None


def test_a_delivery_that_cannot_be_looked_up_comes_again_and_holds_up_no_other(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.listens(CRM, TEAM)
    fall(post.service)
    post.tell()
    post.service.clock.now += timedelta(seconds=WAIT)
    looked_up = post.deliveries.get
    failed: list[str] = []

    def fails_once(destination: str, delivery: str) -> Any:
        if destination == "crm" and not failed:
            failed.append(delivery)
            raise RuntimeError("no answer")
        return looked_up(destination, delivery)

    monkeypatch.setattr(post.deliveries, "get", fails_once)
    post.deliver()

    assert failed
    assert Counter(name for name, _, _ in post.receivers.got) == {"crm": 2, "team": 1}
    *others, last = post.receivers.got
    assert (last[0], last[2] > max(at for _, _, at in others)) == ("crm", True)


def test_a_receiver_may_ask_for_more_time(post: Post) -> None:
    post.listens(TEAM)
    post.receivers.answers["team"] = [BUSY, Answer(status=200)]
    fall(post.service)
    post.tell()
    begun = post.service.clock.now
    post.deliver()

    assert post.receivers.got[-1][2] - begun >= timedelta(hours=1)


def test_a_receiver_that_is_gone_gets_nothing_more_until_it_is_described_anew(post: Post) -> None:
    post.listens(CRM)
    post.receivers.answers["crm"] = [GONE, Answer(status=200)]
    fall(post.service)
    post.tell()
    post.outbox.deliver(post.worker, at_once=1)

    assert len(post.receivers.got) == 1
    assert [delivery.status for delivery in post.of("crm")] == ["ended", "ended"]
    elsewhere = Destination(
        name="crm", channel="webhook", addresses=("https://crm.example/new",), wants=frozenset({"changes"})
    )
    post.listens(elsewhere)
    fall(post.service, "beta")
    post.tell()
    post.deliver()
    assert len(post.receivers.got) == 3


def test_a_destination_that_was_described_anew_is_not_gone_again_when_that_is_taken_back(post: Post) -> None:
    post.listens(TEAM)
    post.receivers.answers["team"] = [GONE, DOWN, Answer(status=200)]
    fall(post.service)
    post.tell()
    post.deliver()
    assert [delivery.answer for delivery in post.of("team")] == ["410"]

    post.listens(replace(TEAM, language="nl"))
    fall(post.service, "beta")
    post.tell()
    post.service.clock.now += timedelta(seconds=WAIT)
    post.outbox.step(post.worker)
    post.listens(TEAM)
    post.deliver()
    assert {delivery.client_id: delivery.answer for delivery in post.of("team")} == {"acme": "410", "beta": "200"}


def test_an_answer_of_a_destination_is_not_held_against_the_one_that_took_its_place(post: Post) -> None:
    post.listens(TEAM)
    fall(post.service)
    post.tell()
    elsewhere = replace(TEAM, addresses=("https://hooks.slack.com/y",))

    class Slow:
        """Answers 410, and by then the document says something else."""

        def send(self, _message: Message, _destination: Destination, _now: datetime) -> Answer:
            post.listens(elsewhere)
            return GONE

    sends: Any = Slow()
    post.service.clock.now += timedelta(seconds=WAIT)
    post.outbox.step(replace(post.worker, carrier=sends))
    assert [delivery.status for delivery in post.of("team")] == ["ended"]

    fall(post.service, "beta")
    post.tell()
    post.deliver()
    assert [message.data["client_id"] for _, message, _ in post.receivers.got] == ["beta"]


def test_mailboxes_that_have_a_mail_get_it_once_though_another_refuses_it(post: Post) -> None:
    many = replace(SAM, owner=None, addresses=("a@agency.example", "b@agency.example", "c@agency.example"))
    post.listens(many)
    tried: list[tuple[str, ...]] = []

    class Mails:
        """B is away twice."""

        def send(self, _message: Message, destination: Destination, _now: datetime) -> Answer:
            tried.append(destination.addresses)
            if "b@agency.example" in destination.addresses and len(tried) < 3:
                left = tuple(each for each in destination.addresses if each != "b@agency.example")
                return Answer(status=400, fault="mail", reached=left)
            return Answer(status=202)

    mails: Any = Mails()
    post.worker = replace(post.worker, carrier=mails)
    fall(post.service)
    post.tell()
    post.deliver()

    assert tried == [many.addresses, ("b@agency.example",), ("b@agency.example",)]
    assert [(delivery.status, delivery.tries) for delivery in post.of("sam")] == [("delivered", 3)]
    assert "agency.example" not in str(dynamodb_client().scan(TableName=TABLE)["Items"])


def test_what_was_written_a_moment_ago_is_read_as_it_stands(post: Post) -> None:
    post.listens(CRM, TEAM)
    fall(post.service)
    client, lagging = dynamodb_client(), list[Any]()

    def look(params: dict[str, Any], model: Any, **_: Any) -> None:
        requests = params.get("RequestItems", {"": params}).values()
        lagging.extend((model.name, request) for request in requests if not request.get("ConsistentRead"))

    for operation in ("GetItem", "BatchGetItem"):
        client.meta.events.register(f"provide-client-params.dynamodb.{operation}", look, unique_id="lagging")
    try:
        post.tell()
        post.deliver()
    finally:
        for operation in ("GetItem", "BatchGetItem"):
            client.meta.events.unregister(f"provide-client-params.dynamodb.{operation}", unique_id="lagging")
    assert len(post.receivers.got) == 3
    assert lagging == []


def test_a_receiver_that_is_away_for_days_is_given_up_after_ten_tries_and_told(post: Post) -> None:
    post.listens(TEAM)
    post.receivers.answers["team"] = [Answer(fault="timeout")]
    fall(post.service)
    post.tell()
    begun = post.service.clock.now
    post.deliver()

    assert len(post.receivers.got) == 10
    assert timedelta(days=3) < post.service.clock.now - begun < timedelta(days=4)
    [delivery] = post.of("team")
    assert (delivery.status, delivery.tries, delivery.answer) == ("failed", 10, "timeout")
    assert [letter.body for letter in post.dead.letters] == [json.dumps(delivery.message)]
    assert post.states.of("team").is_told(post.service.clock.now)


def test_what_a_function_was_killed_over_is_told_once_it_runs_again(post: Post) -> None:
    post.listens(CRM)
    fall(post.service)
    post.tell()

    def killed(records: Any) -> list[str]:
        post.worker(records)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        post.outbox.step(killed)
    post.deliver()

    assert len(post.receivers.got) == 2
    assert {delivery.status for delivery in post.of("crm")} == {"delivered"}


def test_what_was_erased_since_is_told_nobody(post: Post) -> None:
    post.listens(CRM)
    fall(post.service)
    post.tell()
    client = dynamodb_client()
    for item in client.scan(TableName="ScoresTable")["Items"]:
        client.delete_item(TableName="ScoresTable", Key={key: item[key] for key in ("client_id", "item")})
    post.deliver()

    assert post.receivers.got == []
    assert {(each.status, each.answer) for each in post.of("crm")} == {("ended", "nothing_to_tell")}


def test_a_destination_that_was_taken_out_gets_nothing(post: Post) -> None:
    post.listens(CRM)
    fall(post.service)
    post.tell()
    post.listens()
    post.deliver()

    assert post.receivers.got == []
    assert {each.answer for each in post.of("crm")} == {"no_destination"}


def test_no_payload_is_kept_anywhere(post: Post, capsys: pytest.CaptureFixture[str]) -> None:
    post.listens(CRM, TEAM)
    post.service.post(responses([2]))
    fall(post.service)
    post.tell()
    post.deliver()

    kept = str([item for item in dynamodb_client().scan(TableName=TABLE)["Items"] if item["about"]["S"] != "journal"])
    for told in ("total_after", "fell", "comment"):
        assert told not in kept
    assert "crm.example" not in kept + capsys.readouterr().out


def test_what_waits_without_a_message_is_sent_for_once_more(post: Post) -> None:
    post.listens(CRM)
    fall(post.service)
    post.tell()
    post.outbox.letters.clear()
    outbox: Any = post.outbox
    pending = Overdue(post.destinations, post.deliveries, outbox, post.service.clock, Logger(service="tests"))
    assert pending.run() == {"sent_again": 0}  # its message may well be there still

    post.service.clock.now += timedelta(hours=2)
    assert pending.run() == {"sent_again": 2}
    post.deliver()
    assert {each.status for each in post.of("crm")} == {"delivered"}
    assert pending.run() == {"sent_again": 0}


def test_a_destination_that_cannot_be_read_is_waited_for_by_the_schedule(post: Post) -> None:
    post.listens(TEAM)
    fall(post.service)
    post.tell()

    class Broken(Document):
        def __call__(self, name: str) -> Destination | None:
            raise UnreadableDestinationError(name)

    mended, post.worker = post.worker, replace(post.worker, destinations=Broken())  # type: ignore[arg-type]
    post.service.clock.now += timedelta(seconds=WAIT)
    post.outbox.step(post.worker)
    [waiting] = post.of("team")
    assert (waiting.status, waiting.tries, waiting.answer) == ("pending", 1, "unreadable")
    assert post.states.of("team").failing_since == waiting.answered_at

    post.worker = mended
    post.deliver()
    assert [delivery.status for delivery in post.of("team")] == ["delivered"]


def test_a_change_of_a_name_that_has_joined_another_client_since_is_told_under_that_name(post: Post) -> None:
    post.listens(CRM)
    fall(post.service, "acme-old")
    post.tell()
    post.service.post([event("client.described", {"name": "Acme", "aliases": ["acme-old"]}, subject="acme")])
    post.service.settle()
    post.deliver()

    told = [message.data for _, message, _ in post.receivers.got]
    assert {(data["client_id"], data["name"]) for data in told} == {("acme-old", "acme-old")}
    assert len(told) == 2
