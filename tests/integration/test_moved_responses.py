"""A response whose client is corrected in the tool counts once, at the client that its latest version names."""

import itertools
import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from moto import mock_aws

from shared.opmm.timestamps import rfc3339
from tests.support.calls import HandlerClients, in_memory_with_clients, insist, stored
from tests.support.faults import ClientFaults, Crash, injected
from tests.support.ledgers import adds_up, ledger
from tests.support.metering import metered
from tests.support.oracle import evaluate, taken_away
from tests.support.plain_tables import plain_tables
from tests.support.portfolios import ZONE, digest
from tests.support.readings import said
from tests.support.service import NOW, Service, event, in_memory, lanes

pytestmark = pytest.mark.usefixtures("plainly")

CLIENTS = ("acme", "beta", "core")
SEEDS = int(os.environ.get("FAULT_SEEDS", "8"))
FACT = "response#tests#r"


def response(subject: str, minute: int, score: int = 9, number: str = "", **attributes: Any) -> dict[str, Any]:
    data = {"response_id": f"r{number}", "score": score, "responded_at": "2026-11-14T09:00:00Z"}
    return event("nps.responded", data, subject=subject, time=_at(minute), **attributes)


def retraction(subject: str, minute: int) -> dict[str, Any]:
    return event("nps.retracted", {"response_id": "r"}, subject=subject, time=_at(minute))


def _at(minute: int) -> str:
    return f"2026-11-23T12:{minute:02d}:00Z"


def counts(service: Service) -> dict[str, int]:
    """By client, how many responses count; clients without any are left out."""
    found = {}
    for name in CLIENTS:
        card = service.get(f"/v1/clients/{name}").json
        tally = card.get("dimensions") and card["dimensions"][4]["responses"]
        if tally and card["client_id"] == name:
            found[name] = tally["count"]
    return found


def listed(service: Service) -> list[str]:
    """The clients in the list, by name."""
    return [row["client_id"] for row in service.get("/v1/clients?sort=name&limit=100").json["clients"]]


def played(service: Service, *sent: dict[str, Any]) -> list[str]:
    """Posts one by one, each settled before the next; gives what became of each."""
    statuses = []
    for each in sent:
        statuses.append(service.post(each).json["status"])
        service.settle()
    return statuses


def test_a_response_counts_at_the_client_that_its_latest_version_names_and_left_the_other_by_correction(
    service: Service,
) -> None:
    played(service, response("acme", 0), response("beta", 1))

    assert counts(service) == {"beta": 1}
    latest, first = service.get("/v1/clients/acme/history").json["changes"]
    assert [(each["cause"], each["facts"]) for each in (first, latest)] == [("new", [FACT]), ("correction", [FACT])]
    assert (latest["total_before"], latest["total_after"]) == (4, 0)
    [arrived] = service.get("/v1/clients/beta/history").json["changes"]
    assert (arrived["facts"], arrived["total_after"]) == ([FACT], 4)
    assert service.get("/v1/clients/acme/evidence").json["facts"] == []
    assert [fact["fact_id"] for fact in service.get("/v1/clients/beta/evidence").json["facts"]] == [FACT]


def test_it_may_go_back_to_where_it_was_and_on_to_a_third(service: Service) -> None:
    steps = [response("acme", 0), response("beta", 1), response("acme", 2, 0), response("core", 3), response("acme", 4)]
    told = []
    for step in steps:
        played(service, step)
        told.append(counts(service))

    assert told == [{"acme": 1}, {"beta": 1}, {"acme": 1}, {"core": 1}, {"acme": 1}]
    for name in CLIENTS:
        assert adds_up(ledger(service, name), service.get(f"/v1/clients/{name}").json["total"])


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_three_clients_in_any_order_are_told_of_one_response(order: tuple[int, ...]) -> None:
    steps = [response("acme", 0), response("beta", 1), response("core", 2)]
    with mock_aws(), plain_tables():
        service = in_memory()

        played(service, *(steps[place] for place in order), *(steps[place] for place in order))

        assert counts(service) == {"core": 1}


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
@pytest.mark.parametrize("later", [0, 1])
def test_of_two_clients_one_is_told_that_it_was_superseded_or_left_and_only_the_other_is_listed(
    order: list[int], later: int
) -> None:
    steps = [response("acme", 0), response("beta", later)]
    latest = max(range(2), key=lambda place: (steps[place]["time"], digest(steps[place])))
    with mock_aws(), plain_tables():
        service = in_memory()

        statuses = played(service, *(steps[place] for place in order))

        assert statuses == ["accepted", "accepted" if order[1] == latest else "superseded"]
        assert counts(service) == {CLIENTS[latest]: 1}
        assert listed(service) == [CLIENTS[latest]]
        assert service.get("/v1/portfolio").json["count"] == 1
        assert played(service, *(steps[place] for place in order)) == [
            "duplicate" if place == latest else "superseded" for place in order
        ]
        assert listed(service) == [CLIENTS[latest]]


def test_both_written_before_either_is_counted_leave_one_in_the_lists() -> None:
    for order in ([0, 1], [1, 0]):
        with mock_aws(), plain_tables():
            service = in_memory()
            steps = [response("acme", 0), response("beta", 0)]

            statuses = [service.post(steps[place]).json["status"] for place in order]
            service.settle()

            assert statuses[0] == "accepted"
            assert listed(service) == list(counts(service))


def test_a_client_that_left_the_lists_comes_back_with_its_next_fact(service: Service) -> None:
    played(service, response("acme", 0), response("beta", 1))
    assert listed(service) == ["beta"]

    played(service, response("acme", 2, number="2"))

    assert listed(service) == ["acme", "beta"]
    assert adds_up(ledger(service, "acme"), service.get("/v1/clients/acme").json["total"])
    assert [change["cause"] for change in service.get("/v1/clients/acme/history").json["changes"]] == [
        "new",
        "correction",
        "new",
    ]


@pytest.mark.parametrize("late", [False, True])
def test_a_retraction_under_another_client_takes_the_response_back(service: Service, *, late: bool) -> None:
    steps = [response("acme", 0), retraction("beta", 1)]

    played(service, *(steps[::-1] if late else steps))

    assert counts(service) == {}


def test_an_older_retraction_under_another_client_takes_nothing_back(service: Service) -> None:
    played(service, response("acme", 1), retraction("beta", 0))

    assert counts(service) == {"acme": 1}


def test_two_sources_may_give_the_same_number_to_responses_of_two_clients(service: Service) -> None:
    played(service, response("acme", 0, source="a"), response("beta", 1, source="b"))

    assert counts(service) == {"acme": 1, "beta": 1}


@pytest.mark.parametrize("declared", range(4))
def test_it_moves_between_names_of_clients_whenever_an_alias_is_declared(service: Service, declared: int) -> None:
    steps = [response("stray", 0), response("beta", 1), response("stray", 2)]
    steps.insert(declared, event("client.described", {"aliases": ["stray"]}))

    played(service, *steps)

    assert counts(service) == {"acme": 1}
    assert [fact["fact_id"] for fact in service.get("/v1/clients/acme/evidence").json["facts"]] == [FACT]
    for name in ("acme", "beta"):
        assert adds_up(ledger(service, name), service.get(f"/v1/clients/{name}").json["total"])


def test_a_response_that_goes_to_an_alias_of_its_own_client_stays_one(service: Service) -> None:
    aliased = event("client.described", {"aliases": ["stray"]})
    other = Service(service.tables)  # does not know yet that it is an alias
    played(service, response("acme", 0), aliased)

    other.post(response("stray", 1, 0))
    service.settle()

    assert counts(service) == {"acme": 1}
    assert service.get("/v1/clients/acme").json["dimensions"][4]["value"] == -100


@pytest.mark.parametrize("counted_first", [False, True])
def test_the_other_sort_of_version_under_another_client_is_told_and_moves_nothing(
    service: Service, *, counted_first: bool
) -> None:
    sorts: list[dict[str, Any]] = [{"sequence": "3"}, {}]
    first, second = sorts if counted_first else sorts[::-1]
    played(service, response("acme", 0, **first))

    answers = [service.post(response("beta", minute, **second)) for minute in (1, 1, 2)]
    service.settle()

    assert [answer.status for answer in answers] == [409] * 3
    assert counts(service) == {"acme": 1}
    assert played(service, response("acme", 5, 0, **{**first, **({"sequence": "4"} if counted_first else {})})) == [
        "accepted"
    ]
    assert counts(service) == {"acme": 1}


def history(rng: Random) -> list[dict[str, Any]]:
    """Versions of a few responses under several clients and an alias, retractions and the same instant among them."""
    sent = []
    for _ in range(rng.randint(6, 24)):
        subject, minute, number = rng.choice([*CLIENTS, "stray"]), rng.randint(0, 6), rng.choice(["1", "2", "3"])
        if rng.random() < 0.2:
            sent.append(event("nps.retracted", {"response_id": f"r{number}"}, subject=subject, time=_at(minute)))
        else:
            sent.append(response(subject, minute, rng.randint(0, 10), number))
            if rng.random() < 0.15:
                sent[-1]["data"]["excluded"] = True
    if rng.random() < 0.5:
        sent.append(event("client.described", {"aliases": ["stray"]}))
    return sent


def expected(sent: list[dict[str, Any]], names: Iterable[str]) -> dict[str, Any]:
    cards = {name: evaluate(sent, name, NOW.date(), ZONE, digest) for name in names}
    return {name: card and (card["total"], card["dimensions"][4]["responses"]) for name, card in cards.items()}


def expected_in_lists(sent: list[dict[str, Any]]) -> list[str]:
    """The clients that were described, or that the latest version of a response names, taken back or not."""
    owners = {"stray": "acme"} if any(each["type"] == "client.described" for each in sent) else {}
    latest = {
        each["data"].get("response_id", "described"): each["subject"]
        for each in sorted(sent, key=lambda each: (each["time"], taken_away(each), digest(each)))
    }
    return sorted({owners.get(name, name) for name in latest.values()})


def found(service: Service, names: Iterable[str]) -> dict[str, Any]:
    cards = {name: said(service, name) for name in names}
    return {name: card and (card["total"], card["dimensions"][4]["responses"]) for name, card in cards.items()}


CRASHES = ClientFaults(crash_before=0.15, crash_after=0.15, timeout=0.1, repeat=0.05, overlap=0.2)


@pytest.mark.filterwarnings("ignore:No application metrics")  # two functions share those of one process
@pytest.mark.parametrize("seed", range(SEEDS))
def test_any_order_any_repetition_and_any_crash_between_the_writes_count_it_once(seed: int) -> None:
    rng = Random(seed)
    sent = history(rng)
    with mock_aws(), plain_tables():
        service, clients = in_memory_with_clients()
        rival = Service(service.tables)
        stream = lanes(service, 4, seed, batch_size=5, maximum_retry_attempts=-1)
        # Everything is sent until it is heard to be in; some of it more than once, some of it beside another process.
        queue = [*sent, *rng.choices(sent, k=len(sent) // 2)]
        rng.shuffle(queue)
        with injected(clients.ingest, CRASHES, rng, meanwhile=lambda: rival.post(rng.choice(sent))) as faults:
            for event_ in queue:
                assert insist(lambda event_=event_: service.post(event_)).status in {200, 202}  # type: ignore[misc]
                if rng.random() < 0.3:
                    stream.step(service.score)
        stream.deliver(service.score)

        assert sum(faults.fired.values()) > 0
        names = expected_in_lists(sent)
        assert listed(service) == names
        assert found(service, names) == expected(sent, names)
        for name, card in found(service, (*CLIENTS, "stray")).items():
            if card:
                assert adds_up(ledger(service, name), card[0])
                assert name in names or card == (0, None) or name == "stray"


def writes(service: Service, clients: HandlerClients, sent: dict[str, Any]) -> tuple[str, int, int]:
    """What became of it, the writes it took, and reads besides the look-up of its subject."""
    with metered(clients.ingest) as meter:
        status = service.post(sent).json["status"]
    done = sum(meter.calls.get(name, 0) for name in ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"))
    return status, done, sum(meter.calls.values()) - done


def test_a_response_costs_two_writes_when_it_was_never_seen_and_one_ever_after() -> None:
    with mock_aws(), plain_tables():
        service, clients = in_memory_with_clients()
        played(service, response("acme", 0, number="-warm"), response("beta", 0, number="-warm-too"))
        steps = [
            response("acme", 0),
            response("acme", 2, 0),
            response("acme", 2, 0),
            response("acme", 1),
            retraction("acme", 3),
        ]

        assert [writes(service, clients, step)[:2] for step in steps] == [
            ("accepted", 2),
            ("accepted", 1),
            ("duplicate", 1),
            ("superseded", 1),
            ("accepted", 1),
        ]


def test_a_response_that_moves_costs_a_write_at_each_of_its_clients_and_one_for_where_it_is() -> None:
    with mock_aws(), plain_tables():
        service, clients = in_memory_with_clients()
        played(service, response("acme", 0), response("beta", 0, number="-warm"))

        assert writes(service, clients, response("beta", 1)) == ("accepted", 3, 0)
        assert writes(service, clients, response("beta", 2)) == ("accepted", 1, 0)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", range(3))
def test_a_process_that_dies_at_any_write_is_made_good_when_it_is_sent_again(step: int, *, after: bool) -> None:
    with mock_aws(), plain_tables():
        service, clients = in_memory_with_clients()
        played(service, response("acme", 0))
        _dies_at(service, clients, step, response("beta", 1), after=after)
        service.settle()

        played(service, response("beta", 1))

        assert counts(service) == {"beta": 1}


def _dies_at(service: Service, clients: HandlerClients, step: int, sent: dict[str, Any], *, after: bool) -> None:
    """The process ends at this write of the event, counted from 0: before it is sent, or after it is done."""
    done = itertools.count()

    def dies(model: Any, **_: Any) -> None:
        if model.name in ("PutItem", "UpdateItem") and next(done) == step:
            raise Crash

    when = "after-call" if after else "before-call"
    clients.ingest.meta.events.register(f"{when}.dynamodb", dies)
    with suppress(Crash):
        service.post(sent)
    clients.ingest.meta.events.unregister(f"{when}.dynamodb", dies)


def test_what_counts_where_it_moved_to_leaves_the_window_there(service: Service) -> None:
    then = rfc3339(NOW - timedelta(days=364))
    old = response("beta", 1)
    old["data"]["responded_at"] = then
    played(service, response("acme", 0), old)
    assert counts(service) == {"beta": 1}

    service.clock.now += timedelta(days=1)
    service.night()

    assert counts(service) == {}
    assert stored("ScoresTable")
