"""What happens is told to those who want to hear of it: once, at last, and to nobody else."""

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aws_lambda_powertools import Logger, Metrics

from functions.notify.batch import Batch
from functions.notify.messages import Messages
from functions.notify.overdue import Overdue
from functions.notify.routing import WAIT, News, Routing
from functions.notify.spells import Spells
from functions.notify.stream import Changes, Telling
from functions.notify.worker import Worker
from shared.destinations.answer import Answer
from shared.destinations.destination import Destination
from shared.destinations.document import UnreadableDestinationError
from shared.destinations.message import Message
from shared.opmm.model_document import published_model
from shared.storage.alert_claims import AlertClaims
from shared.storage.attention import Attentions, muted, taken_over
from shared.storage.deliveries import Deliveries, Delivery
from shared.storage.destination_states import DestinationStates
from shared.storage.digests import Digests
from shared.storage.entries import Entries
from shared.storage.journal import Journal
from shared.storage.queries import Queries
from shared.storage.responses import Responses, reference
from tests.support.clients import dynamodb_client
from tests.support.ledgers import ledger
from tests.support.outbox import Outbox, Receivers
from tests.support.service import Service, event, responses

TABLE = "NotificationsTable"
ZONE = ZoneInfo("Europe/Amsterdam")
PAGES = "https://opmm.example/"

CRM = Destination(name="crm", channel="webhook", addresses=("https://crm.example/",), wants=frozenset({"changes"}))
TEAM = Destination(
    name="team", channel="slack", addresses=("https://hooks.slack.com/x",), wants=frozenset({"alerts"}), language="en"
)
SAM = Destination(
    name="sam", channel="email", addresses=("sam@example.com",), wants=frozenset({"alerts"}), owner="Sam Example"
)


@dataclass
class Document:
    """The destinations document."""

    held: dict[str, Destination] = field(default_factory=dict)

    def all(self) -> list[Destination]:
        return list(self.held.values())

    def __call__(self, name: str) -> Destination | None:
        return self.held.get(name)

    def names(self) -> list[str]:
        return sorted(self.held)

    def version(self, name: str) -> str | None:
        return str(hash(self.held[name])) if name in self.held else None


@dataclass
class Post:
    """The notify function's parts, on the tables of a service and a queue whose time passes at will."""

    service: Service
    destinations: Any = field(default_factory=Document)

    def __post_init__(self) -> None:
        client, clock = dynamodb_client(), self.service.clock
        model = published_model()
        self.outbox, self.dead = Outbox(clock), Outbox(clock)
        self.receivers = Receivers(clock)
        self.deliveries, self.states = Deliveries(client, TABLE), DestinationStates(client, TABLE)
        self.attentions = Attentions(client, TABLE)
        queries = Queries(client, "ScoresTable", lambda _: None)
        claims, spells = AlertClaims(client, TABLE), Spells(queries, ZONE)
        outbox: Any = self.outbox
        dead: Any = self.dead
        self.routing = Routing(
            destinations=self.destinations,
            deliveries=self.deliveries,
            claims=claims,
            attentions=self.attentions,
            queries=queries,
            spells=spells,
            queue=outbox,
            zone=ZONE,
            clock=clock,
        )
        self.metrics = Metrics(namespace="tests", service="tests")
        self.metrics.clear_metrics()
        self.stream = Batch(
            what="changes",
            tells=Changes(Telling(Journal(client, TABLE), self.routing, clock), self.metrics),
            aside=dead,
            clock=clock,
            logger=Logger(service="tests"),
            metrics=self.metrics,
        )
        self.worker = Worker(
            deliveries=self.deliveries,
            states=self.states,
            claims=claims,
            destinations=self.destinations,
            make=Messages(
                entries=Entries(client, "ScoresTable", lambda _: None),
                queries=queries,
                responses=Responses(client, "FactsTable", ZONE),
                digests=Digests(client, TABLE),
                spells=spells,
                model=model,
                zone=ZONE,
                pages=PAGES,
            ),
            carrier=self.receivers,
            queue=outbox,
            undelivered=dead,
            clock=clock,
            logger=Logger(service="tests"),
            metrics=self.metrics,
        )

    def listens(self, *destinations: Destination) -> None:
        self.destinations.held = {each.name: each for each in destinations}

    def tell(self) -> None:
        """Lets what was written reach the routing."""
        self.service.settle()

        def handler(batch: dict[str, Any], _: object) -> dict[str, Any]:
            failed = self.stream(batch["Records"])
            return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}

        self.service.changes.deliver(handler)

    def deliver(self, until: datetime | None = None) -> None:
        self.outbox.deliver(self.worker, until)

    def of(self, destination: str) -> list[Delivery]:
        return list(self.deliveries.latest(destination, 1000).deliveries)


@pytest.fixture
def post(service: Service) -> Post:
    return Post(service)


def count_now(service: Service, happy: int, client: str = "acme") -> None:
    """A head count of this very day."""
    now = service.clock.now
    data = {"working": 50, "happy": happy, "as_of": now.date().isoformat()}
    service.post(
        event("consultants.counted", data, subject=client, id=f"{client}-{now.isoformat()}", time=now.isoformat())
    )
    service.settle()


def fall(service: Service, client: str = "acme") -> None:
    """A client that loses three points."""
    count_now(service, 12, client)
    service.clock.now += timedelta(minutes=5)
    count_now(service, 1, client)


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


def test_a_fall_is_told_at_once_in_words(post: Post) -> None:
    post.listens(TEAM)
    fall(post.service)
    post.tell()
    post.deliver()

    [(_, message, _)] = post.receivers.got
    assert message.title == "acme fell 3 points, to 1 of 20"
    assert message.link == f"{PAGES}clients/acme"


def steps(post: Post, *happy: int, apart: timedelta = timedelta(seconds=2)) -> None:
    """Head counts that come one right behind the other, each told before the next one comes."""
    for count in happy:
        count_now(post.service, count)
        post.tell()
        post.service.clock.now += apart


@pytest.mark.parametrize("happy", [(9, 1), (9, 4), (9, 4, 1)])
def test_a_fall_in_steps_is_told_once_and_whole(post: Post, happy: tuple[int, ...]) -> None:
    post.listens(TEAM)
    steps(post, 12, apart=timedelta(minutes=5))
    steps(post, *happy)
    post.deliver()

    [(_, message, _)] = post.receivers.got
    [*_, last] = ledger(post.service, "acme")
    fell = 4 - last["total_after"]
    assert message.title == f"acme fell {fell} points, to {last['total_after']} of 20"
    assert message.data["total"] == last["total_after"]


def test_what_was_mended_right_away_is_told_nobody_and_takes_no_place_of_what_comes_later(post: Post) -> None:
    post.listens(TEAM)
    steps(post, 12, apart=timedelta(minutes=5))
    steps(post, 1, 12)
    post.deliver()
    assert post.receivers.got == []
    assert [delivery.answer for delivery in post.of("team")] == ["nothing_to_tell"]

    post.service.clock.now += timedelta(hours=1)
    steps(post, 1)
    post.deliver()
    assert [message.title for _, message, _ in post.receivers.got] == ["acme fell 3 points, to 1 of 20"]


def test_a_client_whose_first_answers_come_in_steps_alarms_nobody(post: Post) -> None:
    post.listens(TEAM)
    steps(post, 12)
    [worst] = responses([0])
    post.service.post([{**worst, "data": {**worst["data"], "responded_at": post.service.clock.now.isoformat()}}])
    post.tell()
    post.deliver()
    assert [change["total_after"] for change in ledger(post.service, "acme")] == [4, 5]
    assert post.receivers.got == []


def test_a_client_that_falls_right_after_it_rose_is_told_to_have_fallen(post: Post) -> None:
    post.listens(TEAM)
    steps(post, 4, 12, 1)
    post.deliver()
    assert [message.title for _, message, _ in post.receivers.got] == ["acme fell 3 points, to 1 of 20"]


def test_one_alert_of_a_client_in_a_day_whatever_else_happens(post: Post) -> None:
    post.listens(TEAM)
    for hour in range(30):
        count_now(post.service, 12 if hour % 2 else 1)
        post.tell()
        post.service.clock.now += timedelta(hours=1)
    post.deliver()

    times = sorted(message.occurred_at for _, message, _ in post.receivers.got)
    assert len(times) == 2
    assert times[1] - times[0] >= timedelta(hours=24)


def test_the_owner_hears_of_own_clients_only(post: Post) -> None:
    post.listens(SAM)
    post.service.post([event("client.described", {"name": "Acme", "owner": "sam example"}, subject="acme")])
    fall(post.service, "acme")
    fall(post.service, "beta")
    post.tell()
    post.deliver()

    assert [message.data["client_id"] for _, message, _ in post.receivers.got] == ["acme"]


def test_who_takes_a_client_over_gets_its_alerts_in_the_place_of_the_owner(post: Post) -> None:
    kim = Destination(
        name="kim", channel="email", addresses=("kim@example.com",), wants=frozenset({"alerts"}), owner="Kim"
    )
    post.listens(SAM, kim)
    post.service.post([event("client.described", {"owner": "Sam Example"}, subject="acme")])
    held = post.attentions.of("acme")
    post.attentions.replace(held, taken_over(held, "Kim", post.service.clock.now))
    fall(post.service, "acme")
    post.tell()
    post.deliver()

    assert [name for name, _, _ in post.receivers.got] == ["kim"]


def test_who_took_a_client_over_and_has_left_does_not_keep_its_alerts_from_the_owner(post: Post) -> None:
    post.listens(SAM)
    post.service.post([event("client.described", {"owner": "Sam Example"}, subject="acme")])
    held = post.attentions.of("acme")
    post.attentions.replace(held, taken_over(held, "Kim", post.service.clock.now))
    fall(post.service, "acme")
    post.tell()
    post.deliver()

    assert [name for name, _, _ in post.receivers.got] == ["sam"]


def test_a_client_that_has_ended_alarms_nobody(post: Post) -> None:
    post.listens(TEAM, CRM)
    post.service.post([event("client.described", {"status": "ended"}, subject="acme")])
    fall(post.service)
    post.tell()
    post.deliver()

    assert {name for name, _, _ in post.receivers.got} == {"crm"}


def test_a_name_that_joins_or_leaves_alarms_nobody(post: Post) -> None:
    post.listens(TEAM)
    count_now(post.service, 12, "acme")
    post.service.clock.now += timedelta(minutes=5)
    count_now(post.service, 1, "acme-antwerp")
    for number, aliases in enumerate((["acme-antwerp"], [])):
        post.service.clock.now += timedelta(minutes=5)
        at = post.service.clock.now.isoformat()
        post.service.post([event("client.described", {"aliases": aliases}, subject="acme", id=f"a-{number}", time=at)])
        post.service.settle()
    post.tell()
    post.deliver()

    assert [change["total_after"] for change in ledger(post.service, "acme")] == [4, 1, 4]
    assert post.receivers.got == []


def test_a_client_that_is_measured_for_the_first_time_alarms_nobody(post: Post) -> None:
    post.listens(TEAM, CRM)
    count_now(post.service, 1)
    post.tell()
    post.deliver()

    assert [name for name, _, _ in post.receivers.got] == ["crm"]


def test_a_detractor_of_whom_nothing_is_scored_yet_is_told(post: Post) -> None:
    post.listens(TEAM)
    [said] = responses([2])
    post.service.post(
        [{**said, "data": {**said["data"], "comment": "Too slow.", "responded_at": post.service.clock.now.isoformat()}}]
    )
    [fact] = dynamodb_client().scan(TableName="FactsTable", FilterExpression="attribute_exists(lane_time)")["Items"]
    said_at = reference("acme", fact["fact_id"]["S"])
    post.routing.at_once([News("acme", "202611-0-alert", post.service.clock.now, "detractor", said_at)])
    post.deliver()

    [(_, message, _)] = post.receivers.got
    assert (message.kind, message.data["total"], message.title[:4]) == ("alert", 0, "acme")


def test_a_muted_client_alarms_nobody_until_it_is_over(post: Post) -> None:
    post.listens(TEAM, CRM)
    held = post.attentions.of("acme")
    post.attentions.replace(held, muted(held, post.service.clock.now + timedelta(days=7), "Kim"))
    fall(post.service)
    post.tell()
    post.deliver()
    assert [name for name, _, _ in post.receivers.got] == ["crm", "crm"]

    post.service.clock.now += timedelta(days=8)
    fall(post.service)
    post.tell()
    post.deliver()
    assert "team" in [name for name, _, _ in post.receivers.got]


def test_an_import_of_long_ago_alarms_nobody(post: Post) -> None:
    post.listens(TEAM)
    for number in range(20):
        post.service.post(
            event(
                "nps.responded",
                {
                    "response_id": f"r-{number}",
                    "score": 10 if number < 5 else 0,
                    "responded_at": "2026-05-01T10:00:00Z",
                },
                id=f"r-{number}",
                subject=f"client-{number % 3}",
            )
        )
        post.service.settle()
    post.tell()
    post.deliver()

    assert post.receivers.got == []


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
