"""The function may end between any two calls that it makes: nothing is lost, and what comes twice has the same id."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aws_lambda_powertools import Logger

from functions.notify.overdue import Overdue
from functions.notify.routing import WAIT
from shared.storage.journal import Journal, Position
from tests.integration.test_digests import EVERYBODY, MONDAY, WEEK, Weekly, happen, lines
from tests.support.clients import dynamodb_client
from tests.support.post import CRM, TABLE, TEAM, Post, fall
from tests.support.service import Service

pytestmark = pytest.mark.usefixtures("plainly")

MOST_CALLS = 60
"""More than one go makes."""


class KilledError(BaseException):
    """The process is gone: nothing catches it."""


@contextmanager
def killed(post: Post, at: int, *, after: bool) -> Iterator[list[str]]:
    """Ends what runs at its call of this number: before it is made, or before anybody hears what became of it."""
    calls: list[str] = []
    events = dynamodb_client().meta.events

    def call(name: str) -> None:
        calls.append(name)
        if len(calls) == at + 1:
            raise KilledError

    def of_dynamodb(model: Any, **_: Any) -> None:
        call(model.name)

    hook = "after-call" if after else "before-call"
    events.register_first(f"{hook}.dynamodb", of_dynamodb, unique_id="killed")
    outbox: Any = post.outbox
    made = {name: getattr(outbox, name) for name in ("send", "hide")}

    def through(name: str) -> Any:
        def of_the_queue(*arguments: Any) -> None:
            if not after:
                call(name)
            made[name](*arguments)
            if after:
                call(name)

        return of_the_queue

    for name in made:
        setattr(outbox, name, through(name))
    try:
        yield calls
    finally:
        for name in made:
            delattr(outbox, name)
        events.unregister(f"{hook}.dynamodb", unique_id="killed")


def told(post: Post, client: str, at: int, *, after: bool) -> int:
    """Has a fall of a client told, killed once in routing and once in sending; gives how many calls these made."""
    made = 0
    fall(post.service, client)
    post.service.settle()
    again = [True]

    def routed(batch: dict[str, Any], _: object) -> dict[str, Any]:
        nonlocal made
        if again.pop() if again else False:
            with suppress(KilledError), killed(post, at, after=after) as calls:
                failed = post.stream(batch["Records"])
                return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}
            made = max(made, len(calls))
            return {"batchItemFailures": [{"itemIdentifier": batch["Records"][0]["dynamodb"]["SequenceNumber"]}]}
        return {"batchItemFailures": [{"itemIdentifier": number} for number in post.stream(batch["Records"])]}

    post.service.changes.deliver(routed)
    post.service.clock.now += timedelta(seconds=WAIT)
    with suppress(KilledError), killed(post, at, after=after) as calls:
        post.outbox.step(post.worker)
    made = max(made, len(calls))
    post.deliver()
    post.service.clock.now += timedelta(hours=2)
    outbox: Any = post.outbox
    Overdue(post.destinations, post.deliveries, outbox, post.service.clock, Logger(service="tests")).run()
    post.deliver()
    return made


@pytest.mark.parametrize("after", [False, True], ids=["before a call", "after a call"])
def test_every_message_arrives_though_the_function_ends_at_any_call(service: Service, *, after: bool) -> None:
    post = Post(service)
    post.listens(CRM, TEAM)
    longest = 0
    for at in range(MOST_CALLS):
        made = told(post, f"client-{at}", at, after=after)
        longest = max(longest, made)
        if made <= at:
            break

    entries = [entry.reference for entry in Journal(dynamodb_client(), TABLE).read(Position(), 10_000)]
    clients = {reference.client_id for reference in entries}
    assert 10 < len(clients) < MOST_CALLS
    assert {reference.id for reference in entries} == set(post.receivers.taken_by("crm"))
    falls = {f"{reference.id}-alert" for reference in entries if reference.item.endswith("2")}
    assert len(falls) == len(clients)
    assert set(post.receivers.taken_by("team")) == falls
    assert {each.status for name in ("crm", "team") for each in post.of(name)} == {"delivered"}
    for name in ("crm", "team"):
        taken = post.receivers.taken_by(name)
        # Sent, and ended before that was written down; then by its message, and by one that was sent for beside it.
        assert max(map(taken.count, taken)) <= 3


@pytest.mark.parametrize("after", [False, True], ids=["before a call", "after a call"])
def test_every_digest_arrives_though_the_job_ends_at_any_call(service: Service, *, after: bool) -> None:
    weekly = Weekly(service)
    happen(weekly)
    service.clock.now = MONDAY + WEEK
    names: list[str] = []
    for at in range(MOST_CALLS):
        names.append(f"all-{at}")
        weekly.listens(replace(EVERYBODY, name=names[-1]))
        with suppress(KilledError), killed(weekly, at, after=after) as calls:
            weekly.job.run()
        service.clock.now += timedelta(minutes=15)
        weekly.job.run()
        weekly.deliver()
        if len(calls) <= at:
            break

    assert 5 < len(names) < MOST_CALLS
    texts = set()
    for name in names:
        taken = weekly.receivers.taken_by(name)
        assert (len(set(taken)), len(taken) <= 2) == (1, True)
        texts |= {tuple(lines(message)) for to, message, _ in weekly.receivers.got if to == name}
    assert len(texts) == 1
