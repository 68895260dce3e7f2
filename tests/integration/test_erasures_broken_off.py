"""An erasure that ends anywhere, comes twice or meets what is delivered again leaves nothing, and tells it rightly."""

import itertools
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from tests.integration.test_moved_responses import expected_in_lists
from tests.support.calls import HandlerClients, in_memory_with_clients, insist
from tests.support.erasing import (
    COMMENT,
    ROBIN,
    WISHES,
    ask,
    begin,
    canaries,
    everything,
    full,
    names,
    response,
    work,
)
from tests.support.faults import ClientFaults, Crash, injected
from tests.support.oracle import evaluate
from tests.support.plain_tables import plain_tables
from tests.support.portfolios import ZONE, digest
from tests.support.queues import QueueDriver, send
from tests.support.readings import said
from tests.support.service import NOW, Service, function_clients, lanes

pytestmark = pytest.mark.usefixtures("plainly")

RESUME = {"job": "resume_erasures"}

SEEDS = int(os.environ.get("FAULT_SEEDS", "6"))


CRASHES = ClientFaults(crash_before=0.1, crash_after=0.1, timeout=0.05, repeat=0.05, throttle=0.02)


def run_to_the_end(service: Service, erasure_id: str, rng: Random) -> dict[str, Any]:
    """As the queue does: a message that failed comes again, and some come twice."""
    record = {"messageId": "m", "body": json.dumps({"erasure_id": erasure_id}), "attributes": {}}
    for _ in range(2000):
        for _ in range(rng.choice([1, 1, 2])):
            with suppress(Crash):
                service.erase({"Records": [record]}, None)
        found: dict[str, Any] = insist(lambda: ask(service, "GET", f"/v1/erasures/{erasure_id}")).json
        if found["status"] == "done":
            return found
        service.clock.now += timedelta(seconds=20)
    raise AssertionError(found)


def expected_counts(what: str) -> dict[str, int]:
    if what == "client":
        return {"changes": 1, "counts": 1, "descriptions": 1, "names": 2, "responses": 2}
    return {"comments": 3, "ratings" if what == "ratings" else "responses": 3}


@pytest.mark.filterwarnings("ignore:No application metrics")
@pytest.mark.parametrize("what", WISHES)
@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_crash_anywhere_and_a_message_twice_change_neither_what_is_left_nor_the_receipt(seed: int, what: str) -> None:
    rng = Random(seed)
    with mock_aws(), plain_tables():
        service, clients = in_memory_with_clients()
        full(service)
        wish = WISHES[what]
        erasure_id = begin(service, **wish)
        with injected(clients.erase, CRASHES, rng) as faults:
            receipt = run_to_the_end(service, erasure_id, rng)
        service.settle()

        assert sum(faults.fired.values()) > 0
        assert receipt["counts"] == expected_counts(what)
        if what == "client":
            assert names(service) == ["beta"]
            assert f"{COMMENT}-1" not in everything()
        else:
            assert canaries() == set()


@pytest.mark.parametrize("what", WISHES)
def test_it_may_end_between_any_two_calls(what: str) -> None:
    """At each call of the first attempt in the long form, else at every fifth."""
    for step in itertools.count(step=1 if "FAULT_SEEDS" in os.environ else 5):
        with mock_aws(), plain_tables():
            service, clients = in_memory_with_clients()
            full(service)
            erasure_id = begin(service, **WISHES[what])
            ended = _ends_at(service, clients, erasure_id, step)

            receipt = work(service, erasure_id)

            assert receipt["counts"] == expected_counts(what)
            assert (f"{COMMENT}-1" in everything()) is False
        if not ended:
            return


def _ends_at(service: Service, clients: HandlerClients, erasure_id: str, step: int) -> bool:
    """Whether the process came to this call, counted from 0, and ended behind it."""
    done = itertools.count()

    def ends(**_: Any) -> None:
        if next(done) == step:
            raise Crash

    clients.erase.meta.events.register("after-call.dynamodb", ends)
    record = {"messageId": "m", "body": json.dumps({"erasure_id": erasure_id}), "attributes": {}}
    try:
        service.erase({"Records": [record]}, None)
    except Crash:
        return True
    finally:
        clients.erase.meta.events.unregister("after-call.dynamodb", ends)
    return False


# Where a message is lost, or its function with it.


@contextmanager
def meeting(operation: str, trouble: BaseException) -> Iterator[None]:
    """Functions meet this whenever they call the operation."""

    def meets(**_: Any) -> None:
        raise trouble

    clients = function_clients()
    for client in clients:
        client.meta.events.register(f"before-call.{operation}", meets)
    try:
        yield
    finally:
        for client in clients:
            client.meta.events.unregister(f"before-call.{operation}", meets)


def status(service: Service, erasure_id: str) -> str:
    told: str = ask(service, "GET", f"/v1/erasures/{erasure_id}").json["status"]
    return told


def deliver(service: Service, queue: QueueDriver, handler: Any = None) -> None:
    """Until nothing waits in the queue; time passes with each message, as some wait for it."""

    def later(called: dict[str, Any], context: Any) -> Any:
        service.clock.now += timedelta(seconds=30)
        return (handler or service.erase)(called, context)

    queue.deliver(later)


def test_a_process_that_ends_before_it_sends_leaves_an_erasure_that_the_night_goes_on_with(service: Service) -> None:
    full(service)
    queue = QueueDriver("ErasureQueue")

    with meeting("sqs.SendMessage", Crash()), pytest.raises(Crash):
        ask(service, "POST", "/v1/erasures", {"respondent": ROBIN})
    [lost] = ask(service, "GET", "/v1/erasures").json["erasures"]
    deliver(service, queue)
    assert (lost["status"], queue.delivered) == ("running", [])

    assert service.erase(RESUME, None) == {"resumed": 1}
    deliver(service, queue)

    assert (status(service, lost["erasure_id"]), canaries()) == ("done", set())
    assert service.erase(RESUME, None) == {"resumed": 0}


def test_one_that_runs_out_of_time_at_every_try_is_given_up_and_goes_on_when_its_message_is_sent_back(
    service: Service,
) -> None:
    full(service)
    erasure_id, queue = begin(service, respondent=ROBIN), QueueDriver("ErasureQueue")

    def out_of_time(called: dict[str, Any], context: Any) -> Any:
        """Lambda ends it in the middle of its look, and nothing is said behind that."""
        with meeting("dynamodb.Scan", Crash()):
            return service.erase(called, context)

    deliver(service, queue, out_of_time)
    assert (status(service, erasure_id), queue.dead) == ("failed", [{"erasure_id": erasure_id}])
    assert service.erase(RESUME, None) == {"resumed": 0}

    send("ErasureQueue", queue.dead[0])
    deliver(service, queue)
    assert (status(service, erasure_id), canaries()) == ("done", set())


def test_one_that_was_given_up_while_nothing_could_be_written_is_sent_for_again_at_night(service: Service) -> None:
    full(service)
    erasure_id, queue = begin(service, respondent=ROBIN), QueueDriver("ErasureQueue")

    with meeting("dynamodb", EndpointConnectionError(endpoint_url="https://dynamodb")):
        deliver(service, queue)
    assert (status(service, erasure_id), queue.dead) == ("running", [{"erasure_id": erasure_id}])

    assert service.erase(RESUME, None) == {"resumed": 1}
    deliver(service, queue)
    assert (status(service, erasure_id), canaries()) == ("done", set())


@pytest.mark.parametrize("what", WISHES)
def test_one_that_goes_on_comes_to_no_harm_when_it_is_sent_for_again(service: Service, what: str) -> None:
    full(service)
    erasure_id, queue = begin(service, **WISHES[what]), QueueDriver("ErasureQueue")

    for _ in range(3):
        assert service.erase(RESUME, None) == {"resumed": 1}
    deliver(service, queue)

    receipt = ask(service, "GET", f"/v1/erasures/{erasure_id}").json
    assert (receipt["status"], receipt["counts"]) == ("done", expected_counts(what))


def test_one_that_was_given_up_runs_again_while_it_waits(service: Service) -> None:
    full(service)
    erasure_id = begin(service, client_id="acme")
    record = {"messageId": "m", "body": json.dumps({"erasure_id": erasure_id})}
    last = {**record, "attributes": {"ApproximateReceiveCount": "5"}}

    assert service.erase({"Records": [last]}, None) == {"batchItemFailures": []}
    assert status(service, erasure_id) == "running"


def test_another_job_is_refused(service: Service) -> None:
    with pytest.raises(ValueError, match="resume_erasures"):
        service.erase({"job": "rebuild"}, None)


def history(rng: Random) -> list[dict[str, Any]]:
    """Versions of a few responses of two people under several clients."""
    return [
        response(
            rng.choice([1, 2, 3]),
            rng.choice(["acme", "beta", "core"]),
            rng.randint(0, 6),
            score=rng.randint(0, 10),
            **rng.choice([{}, {}, {"respondent": None, "comment": None}]),
        )
        for _ in range(rng.randint(6, 16))
    ]


def without_nothing(sent: dict[str, Any]) -> dict[str, Any]:
    return sent | {"data": {key: value for key, value in sent["data"].items() if value is not None}}


@pytest.mark.filterwarnings("ignore:No application metrics")
@pytest.mark.parametrize("seed", range(SEEDS * 2))
def test_after_an_erasure_any_repetition_in_any_order_brings_no_person_back_and_scores_stay_right(seed: int) -> None:
    rng = Random(seed)
    sent = [without_nothing(each) for each in history(rng)]
    with mock_aws(), plain_tables():
        service, clients = in_memory_with_clients()
        stream = lanes(service, 4, seed, batch_size=5, maximum_retry_attempts=-1)
        for each in sent:
            service.post(each)
        erasure_id = begin(service, respondent=ROBIN)
        rival = Service(service.tables)
        with injected(clients.erase, CRASHES, rng, meanwhile=lambda: rival.post(rng.choice(sent))):
            run_to_the_end(service, erasure_id, rng)
        # What came in beside it was delivered before it was done: asked once more, all of it goes.
        work(service, begin(service, respondent=ROBIN))
        queue = sent * 2
        rng.shuffle(queue)
        faults = ClientFaults(crash_before=0.1, crash_after=0.1, repeat=0.05)
        with injected(clients.ingest, faults, rng):
            for each in queue:
                insist(lambda each=each: service.post(each))  # type: ignore[misc]
        stream.deliver(service.score)

        assert canaries() == set()
        listed = expected_in_lists(sent)
        assert sorted(names(service)) == listed
        for name in ("acme", "beta", "core"):
            card, told = said(service, name), evaluate(sent, name, NOW.date(), ZONE, digest)
            if card or name in listed:
                assert (card and card["total"]) == (told and told["total"])
