"""What cannot wait is told at once: few times, to whom it concerns, and nothing that time or an import has moved."""

from datetime import timedelta

import pytest

from functions.notify.routing import News
from shared.destinations.destination import Destination
from shared.storage.alert_claims import AlertClaims
from shared.storage.attention import muted, taken_over
from shared.storage.responses import reference
from tests.support.clients import dynamodb_client
from tests.support.ledgers import ledger
from tests.support.post import CRM, PAGES, SAM, TABLE, TEAM, Post, count_now, fall
from tests.support.service import NOW, event, responses


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


@pytest.mark.parametrize(
    ("happy", "fell", "total"), [((9, 1), 3, 1), ((9, 4), 2, 2), ((9, 4, 1), 3, 1)], ids=["late", "small", "three"]
)
def test_a_fall_in_steps_is_told_once_and_whole(post: Post, happy: tuple[int, ...], fell: int, total: int) -> None:
    post.listens(TEAM)
    steps(post, 12, apart=timedelta(minutes=5))
    steps(post, *happy)
    post.deliver()

    [(_, message, _)] = post.receivers.got
    assert message.title == f"acme fell {fell} points, to {total} of 20"
    assert message.data["total"] == total


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


@pytest.mark.usefixtures("service")
def test_who_has_given_its_place_back_does_not_take_it_again() -> None:
    claims = AlertClaims(dynamodb_client(), TABLE)

    def claimed(delivery: str, hours: int) -> bool:
        return claims.claim("acme", "team", delivery, NOW + timedelta(hours=hours), timedelta(hours=24))

    assert [claimed("one", 0), claimed("two", 1), claimed("one", 1)] == [True, False, True]
    claims.give_back("acme", "team", "two", NOW + timedelta(hours=2))
    assert claimed("two", 2) is False
    claims.give_back("acme", "team", "one", NOW + timedelta(hours=3))
    assert [claimed("one", 4), claimed("two", 4), claimed("one", 5)] == [True, True, False]


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


def test_a_first_answer_right_behind_a_fall_hides_none_of_it(post: Post) -> None:
    post.listens(TEAM)
    steps(post, 12, apart=timedelta(minutes=5))
    steps(post, 1)
    [best] = responses([10])
    post.service.post([{**best, "data": {**best["data"], "responded_at": post.service.clock.now.isoformat()}}])
    post.tell()
    post.deliver()

    assert [change["total_after"] for change in ledger(post.service, "acme")] == [4, 1, 5]
    assert [message.title for _, message, _ in post.receivers.got] == ["acme fell 3 points, to 5 of 20"]


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
