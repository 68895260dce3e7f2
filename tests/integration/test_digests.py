"""The digest of a week: made once, told again the same, and silent after three weeks without news."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from aws_lambda_powertools import Logger, Metrics

from functions.notify.digests import DigestJob
from shared.destinations.answer import Answer
from shared.destinations.destination import Destination
from shared.destinations.message import Message
from shared.opmm.model_document import published_model
from shared.storage.deliveries import Delivery
from shared.storage.digests import Digests
from shared.storage.journal import Journal
from shared.storage.queries import Queries
from shared.storage.scores import Scores
from shared.storage.silences import Silences
from tests.support.clients import dynamodb_client
from tests.support.post import TABLE, ZONE, Document, Post, count_now
from tests.support.service import Service, event

pytestmark = pytest.mark.usefixtures("plainly")

MONDAY = datetime(2026, 11, 30, 6, 30, tzinfo=UTC)
WEEK = timedelta(days=7)
EVERYBODY = Destination(
    name="all", channel="slack", addresses=("https://hooks.slack.com/x",), wants=frozenset({"digest"}), language="en"
)
SAM = replace(EVERYBODY, name="sam", owner="Sam Example")


class Weekly(Post):
    """A stack whose destinations get digests."""

    def __post_init__(self) -> None:
        super().__post_init__()
        client, clock = dynamodb_client(), self.service.clock
        model, queue = published_model(), self.outbox
        self.silences = Silences(client, "SourceHealthTable")
        self.digests = Digests(client, TABLE)
        sends: Any = queue
        self.job = DigestJob(
            destinations=self.destinations,
            states=self.states,
            digests=self.digests,
            deliveries=self.deliveries,
            queries=Queries(client, "ScoresTable", lambda _: None),
            scores=Scores(client, "ScoresTable", model, ZoneInfo("Europe/Amsterdam")),
            journal=Journal(client, TABLE),
            silences=self.silences,
            queue=sends,
            model=model,
            zone=ZONE,
            clock=clock,
            logger=Logger(service="tests"),
            metrics=Metrics(namespace="tests", service="tests"),
        )

    def told_at(self, now: datetime) -> list[tuple[str, Message]]:
        """What the job of that time had sent, by destination."""
        self.service.clock.now = now
        before = len(self.receivers.got)
        self.job.run()
        self.deliver()
        return [(name, message) for name, message, _ in self.receivers.got[before:]]


@pytest.fixture
def weekly(service: Service) -> Weekly:
    made = Weekly(service)
    made.listens(EVERYBODY)
    return made


def lines(message: Message) -> list[str]:
    return [line.text for section in message.sections for line in section.lines]


def happen(weekly: Weekly) -> None:
    """Acme falls by three points, Beta is Sam's and stands."""
    service = weekly.service
    service.clock.now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    service.post([event("client.described", {"name": "Beta", "owner": "Sam Example"}, subject="beta")])
    for client in ("acme", "beta"):
        count_now(service, 12, client)
    service.clock.now += timedelta(days=7)
    count_now(service, 1)
    weekly.tell()


def test_a_week_is_told_on_monday_at_half_past_seven(weekly: Weekly) -> None:
    happen(weekly)
    assert weekly.told_at(MONDAY + WEEK - timedelta(minutes=1)) == []
    [(name, message)] = weekly.told_at(MONDAY + WEEK)

    assert (name, message.kind, message.title) == ("all", "digest", "Partnerships, 30 November to 7 December 2026")
    assert lines(message)[:2] == [
        "2.5 of 20 points on average over 2 clients, 1.5 less than before.",
        "acme: \N{MINUS SIGN}3, to 1 of 20. Happy consultants 4 to 1, by a new answer.",
    ]


def test_it_is_told_once_however_often_the_job_runs(weekly: Weekly) -> None:
    happen(weekly)
    told = [weekly.told_at(MONDAY + WEEK + timedelta(minutes=15 * number)) for number in range(10)]
    assert [len(each) for each in told] == [1, *[0] * 9]


def test_two_jobs_at_once_send_for_it_once(weekly: Weekly) -> None:
    happen(weekly)
    weekly.service.clock.now = MONDAY + WEEK

    assert [weekly.job.run()["sent"] for _ in range(2)] == [1, 0]
    weekly.deliver()
    assert len(weekly.receivers.got) == 1


def test_a_destination_that_is_set_up_later_in_the_week_waits_for_its_day(weekly: Weekly) -> None:
    happen(weekly)
    assert weekly.told_at(MONDAY + WEEK + timedelta(hours=25)) == []


def test_an_owner_is_told_of_own_clients(weekly: Weekly) -> None:
    happen(weekly)
    weekly.listens(EVERYBODY, SAM)
    told = dict(weekly.told_at(MONDAY + WEEK))

    assert [moved["client_id"] for moved in told["all"].data["falls"]] == ["acme"]
    assert (told["sam"].data["clients"], told["sam"].data["falls"]) == (1, [])


def test_the_same_week_gives_the_same_text_whatever_has_happened_since(weekly: Weekly) -> None:
    happen(weekly)
    weekly.receivers.answers["all"] = [Answer(status=503), Answer(status=200)]
    [_, (_, second)] = weekly.told_at(MONDAY + WEEK)
    first = weekly.receivers.got[0][1]
    weekly.service.clock.now += timedelta(days=30)
    count_now(weekly.service, 50)
    held = weekly.digests.get("all", MONDAY + WEEK)

    assert first == second
    assert held is not None
    [delivery] = weekly.of("all")
    assert weekly.worker.make(delivery, EVERYBODY) == first


def respond(weekly: Weekly, number: int, score: int) -> None:
    """A response of this very day, which nothing makes old for a year."""
    now = weekly.service.clock.now
    data = {"response_id": f"r-{number}", "score": score, "responded_at": now.isoformat()}
    weekly.service.post(event("nps.responded", data, id=f"r-{number}", time=now.isoformat()))
    weekly.tell()


def test_weeks_without_news_are_one_line_and_after_three_there_is_silence_until_there_is_news(weekly: Weekly) -> None:
    weekly.service.clock.now = MONDAY + timedelta(days=1)
    respond(weekly, 1, 10)
    [(_, first)] = weekly.told_at(MONDAY + WEEK)
    quiet = [weekly.told_at(MONDAY + number * WEEK) for number in (2, 3, 4, 5, 6)]

    assert lines(first)[1] == "acme: NPS 4 points. 4 of 20 in all."
    assert [len(told) for told in quiet] == [1, 1, 1, 0, 0]
    assert [len(lines(message)) for told in quiet for _, message in told] == [1, 1, 2]
    assert "three digests in a row" in lines(quiet[2][0][1])[1]

    respond(weekly, 2, 0)
    [(_, message)] = weekly.told_at(MONDAY + 7 * WEEK)
    assert lines(message)[1].startswith("acme: \N{MINUS SIGN}2, to 2 of 20")
    assert len(weekly.told_at(MONDAY + 8 * WEEK)) == 1


def test_the_changes_of_an_import_are_one_line_whatever_their_number(weekly: Weekly) -> None:
    service = weekly.service
    service.clock.now = datetime(2026, 12, 1, 9, tzinfo=UTC)
    for client in ("acme", "beta"):
        for number in range(12):
            service.post(
                event(
                    "nps.responded",
                    {
                        "response_id": f"{client}-{number}",
                        "score": 10 if number % 2 else 0,
                        "responded_at": f"2026-{1 + number % 9:02}-05T10:00:00Z",
                    },
                    id=f"{client}-{number}",
                    subject=client,
                )
            )
            service.settle()
    weekly.tell()
    [(_, message)] = weekly.told_at(MONDAY + WEEK)

    assert message.data["falls"] == message.data["rises"] == []
    entries = dynamodb_client().scan(TableName="ScoresTable")["Items"]
    changes = sum(item["item"]["S"].startswith("change#") for item in entries)
    assert changes > 10
    assert message.data["changes_told_late"] == changes
    assert [text for text in lines(message) if "imports do" in text] == [
        f"{changes} changes tell of what happened more than a week before, as imports do."
    ]


def test_sources_that_fell_silent_and_destinations_that_fail_are_told_to_who_hears_of_all(weekly: Weekly) -> None:
    happen(weekly)
    weekly.listens(EVERYBODY, SAM, replace(SAM, name="broken", owner=None))
    now = MONDAY + WEEK
    weekly.silences.replace({"nps": now - timedelta(days=12), "hr": None}, now)
    weekly.states.failed("broken", now - timedelta(days=4))
    told = dict(weekly.told_at(now))

    assert told["all"].data["silent_sources"] == [{"source": "hr", "days": None}, {"source": "nps", "days": 12}]
    assert told["all"].data["failing_destinations"] == ["broken"]
    assert told["broken"].data["failing_destinations"] == []
    assert told["sam"].data["silent_sources"] == []


def test_a_destination_that_cannot_be_read_is_told_to_who_hears_of_all(weekly: Weekly) -> None:
    happen(weekly)
    mended = weekly.destinations

    class Broken(Document):
        def names(self) -> list[str]:
            return sorted([*self.held, "unreadable"])

    weekly.destinations = Broken(mended.held)
    weekly.job = replace(weekly.job, destinations=weekly.destinations)
    [(_, message)] = weekly.told_at(MONDAY + WEEK)

    assert message.data["failing_destinations"] == ["unreadable"]


def test_a_client_that_is_erased_is_taken_out_of_what_was_told(weekly: Weekly) -> None:
    happen(weekly)
    weekly.told_at(MONDAY + WEEK)
    for _ in range(2):
        weekly.digests.without("all", MONDAY + WEEK, frozenset({"acme"}))
    held = weekly.digests.get("all", MONDAY + WEEK)

    assert held is not None
    assert held.digest.falls == ()
    assert "acme" not in repr(held.digest)


def test_a_digest_that_fails_holds_up_no_other(weekly: Weekly) -> None:
    happen(weekly)
    weekly.listens(SAM, EVERYBODY)
    before = weekly.deliveries.add

    def failing(delivery: Delivery, patience: timedelta) -> bool:
        if delivery.destination == "sam":
            raise RuntimeError("broken")
        return before(delivery, patience)

    with patch.object(weekly.deliveries, "add", failing):
        assert [name for name, _ in weekly.told_at(MONDAY + WEEK)] == ["all"]
    assert [name for name, _ in weekly.told_at(MONDAY + WEEK)] == ["sam"]


def test_the_portfolio_is_read_once_for_all_who_are_told_at_one_moment(weekly: Weekly) -> None:
    happen(weekly)
    weekly.listens(*(replace(SAM, name=f"d{number}", owner=None) for number in range(5)), SAM)
    read: list[str] = []
    before = weekly.job.queries.all_of

    def counted(status: str, at_once: int) -> Any:
        read.append(status)
        return before(status, at_once)

    with patch.object(weekly.job.queries, "all_of", counted):
        assert len(weekly.told_at(MONDAY + WEEK)) == 6
        assert weekly.told_at(MONDAY + WEEK + timedelta(minutes=15)) == []
    assert read == ["active"]


def test_clients_are_read_side_by_side_and_all_of_them_are_told(weekly: Weekly) -> None:
    for number in range(12):
        count_now(weekly.service, 12, f"client-{number:02d}")
    both, known = Barrier(2, timeout=10), Queries.ledger

    def met(queries: Queries, *span: Any) -> Any:
        both.wait()  # one that is read alone would wait for the other in vain
        return known(queries, *span)

    with patch.object(Queries, "ledger", met):
        weekly.told_at(MONDAY)

    held = weekly.digests.latest("all")
    assert held is not None
    told = [each.client_id for each in (*held.digest.rises, *held.digest.answered)]
    assert told == [f"client-{number:02d}" for number in range(12)]
    assert not both.broken
