"""A client that ends the invocation, by its time or its memory, keeps none of those beside it from being refreshed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from functions.score.recompute import Recompute
from shared.storage.given_up import GivenUp, GivenUpClients
from shared.storage.queue import LAST_TRY, Queue
from shared.storage.runs import Kind, Run, Runs
from tests.support.clients import dynamodb_client
from tests.support.faults import Crash
from tests.support.queues import send
from tests.support.readings import counted
from tests.support.said import logged, metrics
from tests.support.service import Service

pytestmark = pytest.mark.usefixtures("plainly")

RUNS: tuple[Kind, ...] = ("night", "rebuild")


def known(service: Service, count: int) -> list[str]:
    """So many clients, in the order in which messages name them."""
    names = [f"c{number:02d}" for number in range(count)]
    service.post([counted(3, name) for name in names])
    service.settle()
    return names


def lost_for(service: Service, names: Iterable[str]) -> None:
    """Something more is told of these clients, and its records are lost."""
    service.post([counted(4, name) for name in names])
    service.stream.deliver(lambda _event, _context: None)


def go(service: Service, kind: Kind) -> None:
    service.night() if kind == "night" else service.rebuild()


def latest(kind: Kind) -> Run:
    run = Runs(dynamodb_client(), "ScoresTable").latest(kind)
    assert run
    return run


@contextmanager
def killing(killers: Iterable[str], times: int = 1000) -> Iterator[Counter[str]]:
    """Whoever looks at these clients ends, so often; gives how often each client was looked at to the end."""
    left = dict.fromkeys(killers, times)
    looked: Counter[str] = Counter()
    way: Any = Recompute.__call__

    def dying(self: Recompute, name: str, *told: Any) -> None:
        if left.get(name):
            left[name] -= 1
            raise Crash(name)
        way(self, name, *told)
        looked[name] += 1

    with patch.object(Recompute, "__call__", dying):
        yield looked


@pytest.mark.parametrize("kind", RUNS)
@pytest.mark.parametrize(
    "places", [(0,), (2,), (24,), (1, 2, 3, 13), (24, 25), tuple(range(0, 30, 2))], ids=lambda places: f"{len(places)}"
)
def test_the_others_are_done_and_who_ends_it_every_time_is_given_up_by_name(
    service: Service, caplog: pytest.LogCaptureFixture, kind: Kind, places: tuple[int, ...]
) -> None:
    names = known(service, 30)
    killers = {names[place] for place in places}
    others = sorted({*names} - killers)
    lost_for(service, names)

    with killing(killers) as looked:
        go(service, kind)

    assert sorted(looked) == others
    assert sorted(message["names"] for message in service.refreshes.dead) == [[name] for name in sorted(killers)]
    last = [line["clients"] for line in logged(caplog, "refresh is tried for the last time")]
    assert sorted(last) == [[name] for name in sorted(killers)]
    run = latest(kind)
    assert (run.is_done, run.finished_at is not None) == (True, True)
    assert (run.clients, run.drifted, run.failed, run.waiting) == (30, len(others), len(killers), 0)

    service.clock.now += timedelta(days=1)
    go(service, kind)
    run = latest(kind)
    assert (run.is_done, run.clients, run.drifted, run.failed) == (True, 30, len(killers), 0)


@pytest.mark.parametrize("kind", RUNS)
@pytest.mark.parametrize("times", [1, LAST_TRY - 1, LAST_TRY])
def test_who_ends_it_a_few_times_is_done_in_the_end_and_counts_once(
    service: Service, capsys: pytest.CaptureFixture[str], kind: Kind, times: int
) -> None:
    names = known(service, 7)
    lost_for(service, names)
    capsys.readouterr()

    with killing([names[3]], times) as looked:
        go(service, kind)

    assert sorted(looked) == names
    assert service.refreshes.dead == []
    run = latest(kind)
    assert (run.is_done, run.clients, run.drifted, run.failed, run.waiting) == (True, 7, 7, 0, 0)
    if kind == "night":
        assert metrics(capsys)["NightFinished"] == 1


class Hours:
    """Invocations that have so long, of which each client takes some."""

    def __init__(self, seconds: int, takes: int) -> None:
        self.seconds, self.takes = seconds, takes
        self.left = seconds
        self.most = 0

    def get_remaining_time_in_millis(self) -> int:
        return self.left * 1000


@pytest.mark.parametrize("kind", RUNS)
@pytest.mark.parametrize("takes", [1, 20, 100, 160, 290])
def test_what_the_time_does_not_suffice_for_is_sent_on_in_another_message(
    service: Service, kind: Kind, takes: int
) -> None:
    names = known(service, 30)
    lost_for(service, names)
    time = Hours(300, takes)
    way: Any = Recompute.__call__

    def taking(self: Recompute, name: str, *told: Any) -> None:
        way(self, name, *told)
        time.left -= takes
        assert time.left > 0

    def anew(event: dict[str, Any], context: Any) -> Any:
        time.left = time.seconds
        return service.score(event, context)

    job = {"job": "nightly_refresh"} if kind == "night" else {"job": "rebuild", "wait": 0}
    with patch.object(Recompute, "__call__", taking):
        service.score(job, None)
        service.refreshes.deliver(anew, time)

    assert service.refreshes.dead == []
    run = latest(kind)
    assert (run.is_done, run.clients, run.drifted, run.failed, run.waiting) == (True, 30, 30, 0, 0)


@pytest.mark.parametrize("method", ["send", "done"])
def test_a_message_that_is_cut_short_while_it_is_divided_counts_once(service: Service, method: str) -> None:
    names = known(service, 12)
    lost_for(service, names[:6])
    died: list[str] = []
    owner: Any = Queue if method == "send" else Runs
    way: Any = getattr(owner, method)

    with killing([names[4]], 1):
        service.score({"job": "nightly_refresh"}, None)

        def dying(*told: Any, **named: Any) -> Any:
            found = way(*told, **named)
            if len(died) < 2 and "c04" in service.refreshes.delivered[-1].get("names", []):
                died.append(method)
                raise Crash(method)
            return found

        with patch.object(owner, method, dying):
            service.refreshes.deliver(service.score)

    assert died
    assert service.refreshes.dead == []
    run = latest("night")
    assert (run.is_done, run.clients, run.drifted, run.failed) == (True, 12, 6, 0)


def test_who_was_given_up_waits_no_more_beside_one_that_ends_it(service: Service) -> None:
    names = known(service, 8)
    clients = GivenUpClients(dynamodb_client(), "ScoresTable")
    clients.keep([GivenUp(name, service.clock.now, "RetryAttemptsExhausted", "shard-1") for name in names])

    with killing([names[5]]):
        service.night()

    assert [one.name for one in clients.waiting()] == [names[5]]


def test_records_that_were_given_up_are_made_up_for_beside_one_that_ends_it(service: Service) -> None:
    names = [f"c{number:02d}" for number in range(7)]
    service.post([counted(3, name) for name in names])
    service.stream.deliver(lambda _event, _context: None)
    message = {"kind": "rebuild", "run": "", "wait": 0, "part": "", "number": 0, "names": names, "given_up": True}
    send("RefreshQueue", message)

    with killing([names[2]]):
        service.refreshes.deliver(service.score)

    statuses = {name: service.get(f"/v1/clients/{name}").status for name in names}
    assert statuses == {name: 404 if name == names[2] else 200 for name in names}
    assert [message["names"] for message in service.refreshes.dead] == [[names[2]]]
