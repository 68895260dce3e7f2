"""What nights, rebuilds and daily looks write down for themselves: one item that cannot be read stops none of them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aws_lambda_powertools import Logger

from functions.notify.overdue import Overdue
from shared.storage.given_up import GivenUp, GivenUpClients
from shared.storage.runs import Runs
from shared.storage.silences import Silences
from tests.integration import test_traffic as traffic
from tests.integration.test_digests import EVERYBODY, MONDAY, WEEK, Weekly
from tests.support import erasing
from tests.support.clients import dynamodb_client
from tests.support.damage import KINDS, REMOVED, at, damaged, item_of, lay_down, places
from tests.support.ledgers import ledger
from tests.support.post import CRM, TABLE, Post, fall
from tests.support.readings import counted
from tests.support.said import logged, metrics
from tests.support.service import Service
from tests.support.webhooks import connected, sample, send

pytestmark = pytest.mark.usefixtures("plainly")

DAY = timedelta(days=1)


def damages(item: dict[str, Any], keys: tuple[str, str] = ("client_id", "item")) -> Iterator[dict[str, Any]]:
    """The item with each kind of attribute in each place, with each missing, with none, and of another release."""
    more: Mapping[str, Any] = {"missing": REMOVED, "later": {"S": "zz"}, "parts": {"SS": ["0:0:25:0:0:0:7"]}}
    for path in places(item, keys):
        for attribute in {**KINDS, **more}.values():
            if at(item, path) != attribute:
                yield damaged(item, path, attribute)
    bare = {name: item[name] for name in keys}
    yield bare
    yield {**bare, "format": {"N": "2"}, "since": {"S": "x"}}


def given_up() -> GivenUpClients:
    return GivenUpClients(dynamodb_client(), "ScoresTable")


def finished(kind: Any) -> bool:
    run = Runs(dynamodb_client(), "ScoresTable").latest(kind)
    return run is not None and run.finished_at is not None


def test_who_was_given_up_is_made_anew_whatever_else_is_known_of_it_and_waits_no_more(service: Service) -> None:
    service.post(counted(3))
    service.settle()
    given_up().keep([GivenUp("acme", service.clock.now, "RetryAttemptsExhausted", "shard-1")])
    for number, item in enumerate(damages(item_of("#given-up", "acme"))):
        lay_down(item)
        waited = [one.name for one in given_up().waiting()]
        assert waited == (["acme"] if "healed_at" not in item else [])

        service.clock.now += DAY
        service.night() if number % 2 else service.rebuild()

        assert finished("night" if number % 2 else "rebuild"), item
        assert given_up().waiting() == [], item


@pytest.mark.parametrize("kind", ["night", "rebuild"])
@pytest.mark.parametrize("name", ["run", "scores.0", "facts.1", "given-up"])
def test_what_cannot_be_read_of_a_run_is_no_reason_not_to_finish_the_next(
    service: Service, kind: str, name: str
) -> None:
    service.post([counted(3, client) for client in ("acme", "beta", "gamma", "delta")])
    service.settle()

    def go() -> None:
        service.night() if kind == "night" else service.rebuild()

    go()
    assert finished(kind)
    for item in damages(item_of(f"#{kind}", name)):
        lay_down(item)
        service.clock.now += DAY
        go()
        assert finished(kind), item


@pytest.mark.parametrize("name", ["run", "scores.0", "given-up"])
def test_what_is_damaged_while_a_run_goes_on_costs_the_word_that_it_is_finished_at_most(
    service: Service, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    service.post([counted(3, client) for client in ("acme", "beta", "gamma", "delta")])
    service.settle()
    service.night()
    whole = item_of("#night", name)
    for item in damages(whole):
        service.clock.now += DAY
        service.score({"job": "nightly_refresh"}, None)
        today = service.clock.now.date().isoformat()
        lay_down({**item, "run": {"S": today}} if item.get("run") == whole["run"] else item)

        service.refreshes.deliver(service.score)

        assert service.refreshes.dead == [], item
    assert {len(ledger(service, client)) for client in ("acme", "beta")} == {1}
    assert metrics(capsys).get("RefreshFailed", 0) == 0
    service.clock.now += DAY
    service.night()
    assert finished("night")


def every_damage(table: str, keys: tuple[str, str], about: str) -> Iterator[dict[str, Any]]:
    """Lays down, one after the other, every damage of every item of a partition; whole again at the end of each."""
    client = dynamodb_client()
    found = client.scan(TableName=table)["Items"]
    items = [item for item in found if item[keys[0]]["S"].startswith(about)]
    assert items
    for item in items:
        for broken in damages(dict(item), keys):
            client.put_item(TableName=table, Item=broken)
            yield broken
        client.put_item(TableName=table, Item=item)


def test_no_erasure_keeps_another_from_being_sent_for(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    erasing.full(service)
    ids = [erasing.begin(service, client_id=name) for name in ("acme", "beta")]
    client = dynamodb_client()
    key = {"register": {"S": "erasures"}, "erasure_id": {"S": ids[0]}}
    whole = client.get_item(TableName="ErasuresTable", Key=key)["Item"]
    for broken in damages(dict(whole), ("register", "erasure_id")):
        client.put_item(TableName="ErasuresTable", Item=broken)
        caplog.clear()

        resumed = service.erase({"job": "resume_erasures"}, None)["resumed"]

        told = [line["erasure_id"] for line in logged(caplog, "erasure was sent for again")]
        unreadable = [line["erasure_id"] for line in logged(caplog, "erasure cannot be read")]
        assert ids[1] in told, broken
        assert (resumed, sorted(told + unreadable)) == (len(told), sorted(ids)), broken
        page = erasing.ask(service, "GET", "/v1/erasures").json["erasures"]
        assert ids[1] in [each["erasure_id"] for each in page], broken


@pytest.mark.parametrize("about", ["nps", "hr", "#silent"])
def test_no_source_keeps_the_look_for_silence_from_the_others(about: str) -> None:
    with connected(traffic.watched(nps=3, hr=2)) as service:
        send(service, "delighted", sample("delighted"))
        service.ingest(dict(traffic.LOOK), None)
        service.clock.now += 9 * DAY
        assert {*service.ingest(dict(traffic.LOOK), None)["silent"]} == {"hr", "nps"}
        other = {"nps": "hr", "hr": "nps", "#silent": "nps"}[about]

        for broken in every_damage("SourceHealthTable", ("source", "entry"), about):
            assert other in service.ingest(dict(traffic.LOOK), None)["silent"], broken
            assert other in Silences(dynamodb_client(), "SourceHealthTable").all(), broken
        service.clock.now += 9 * DAY
        assert {*service.ingest(dict(traffic.LOOK), None)["silent"]} == {"hr", "nps"}


NOTIFICATIONS = ("about", "entry")


def test_no_segment_of_the_journal_keeps_what_was_left_out_from_being_told(post: Post) -> None:
    post.listens(CRM)
    fall(post.service)
    post.tell()
    for number, broken in enumerate(every_damage(TABLE, NOTIFICATIONS, "journal")):
        post.service.post(counted(3, f"c{number}"))
        post.service.settle()
        post.service.clock.now += timedelta(seconds=1)

        told = post.service.notify({"job": "catch_up", "wait": 0}, None)

        assert told["caught_up"] >= 1, broken
        assert told["left_out"] == 0, broken
        assert post.service.notify({"job": "digests"}, None)["failed"] == 0


def test_no_delivery_keeps_the_others_from_being_sent_for(post: Post) -> None:
    post.listens(CRM)
    fall(post.service)
    post.tell()
    waiting = len(post.of("crm"))
    assert waiting > 1
    post.service.clock.now += DAY
    queue: Any = post.outbox
    overdue = Overdue(post.destinations, post.deliveries, queue, post.service.clock, Logger(service="tests"))

    for broken in every_damage(TABLE, NOTIFICATIONS, "deliveries#"):
        assert overdue.run()["sent_again"] in (waiting - 1, waiting), broken
        assert len(post.of("crm")) >= waiting - 1


@pytest.mark.parametrize("about", ["destinations", "digest#", "deliveries#", "journal"])
def test_nothing_that_is_kept_for_digests_fails_one(service: Service, about: str) -> None:
    weekly = Weekly(service)
    weekly.listens(EVERYBODY, replace(EVERYBODY, name="other"))
    service.post(counted(3))
    service.settle()
    weekly.tell()
    weekly.states.failed("other", MONDAY - 5 * DAY)
    weekly.told_at(MONDAY)
    items = list(every_damage(TABLE, NOTIFICATIONS, about))
    for number, broken in enumerate(items, start=1):
        dynamodb_client().put_item(TableName=TABLE, Item=broken)
        service.clock.now = MONDAY + number * WEEK

        assert weekly.job.run()["failed"] == 0, broken
