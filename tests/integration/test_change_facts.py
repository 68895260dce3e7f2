"""A change names the facts behind it, however the records of one batch of events reach the score function."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from moto import mock_aws

from shared.storage.made_from import unpacked
from tests.support.calls import HandlerClients, in_memory_with_clients, stored
from tests.support.faults import ClientFaults, injected
from tests.support.ledgers import adds_up, ledger
from tests.support.metering import metered
from tests.support.plain_tables import plain_tables
from tests.support.service import Clock, Service, event, in_memory, lanes
from tests.support.stream import Faults

pytestmark = pytest.mark.usefixtures("plainly")

FIRST = "2026-11-23T12:00:00Z"
THEN = "2026-11-23T13:00:00Z"
LAST = "2026-11-23T14:00:00Z"


def rated(number: str, score: int, time: str = THEN, day: int = 14) -> dict[str, Any]:
    data = {"response_id": number, "score": score, "responded_at": f"2026-11-{day:02d}T09:00:00Z"}
    return event("nps.responded", data, time=time)


def counted(happy: int, as_of: str = "2026-11-02", time: str = THEN) -> dict[str, Any]:
    return event("consultants.counted", {"working": 20, "happy": happy, "as_of": as_of}, time=time)


def surveyed(number: str, time: str = THEN, **answers: Any) -> dict[str, Any]:
    data = {"survey_id": number, "answered_at": "2026-11-14T09:00:00Z", "answers": answers}
    return event("survey.answered", data, time=time)


def response(number: str) -> str:
    return f"response#tests#{number}"


BEFORE = [rated("old", 0, FIRST), rated("older", 8, FIRST, 10), counted(1, "2026-11-01", FIRST)]
"""What was scored and settled before."""

BATCHES: dict[str, tuple[list[dict[str, Any]], set[str]]] = {
    "six responses": (
        [rated(f"r-{number}", score, day=14 + number % 2) for number, score in enumerate((9, 10, 0, 7, 3, 9))],
        {response(f"r-{number}") for number in range(6)},
    ),
    "six responses, one of them a correction": (
        [rated(f"r-{number}", score) for number, score in enumerate((9, 10, 0, 7, 9))] + [rated("old", 9)],
        {*(response(f"r-{number}") for number in range(5)), response("old")},
    ),
    "a correction to another day": (
        [rated(f"r-{number}", score) for number, score in enumerate((9, 0, 0, 7, 9))] + [rated("old", 10, day=15)],
        {*(response(f"r-{number}") for number in range(5)), response("old")},
    ),
    "a retraction": (
        [rated(f"r-{number}", score) for number, score in enumerate((9, 0, 0, 7, 9))]
        + [event("nps.retracted", {"response_id": "old"}, time=THEN)],
        {*(response(f"r-{number}") for number in range(5)), response("old")},
    ),
    "facts of every question": (
        [
            rated("r-0", 9),
            rated("r-1", 10),
            rated("r-2", 3),
            counted(12),
            surveyed("s", specialisms=3, roadmap="yes"),
            surveyed("t", inspiration="no"),
        ],
        {
            *(response(f"r-{number}") for number in range(3)),
            "count#tests#2026-11-02",
            "survey#tests#s#specialisms",
            "survey#tests#s#roadmap",
            "survey#tests#t#inspiration",
        },
    ),
    "a head count that is corrected": (
        [counted(9, "2026-11-01"), *(rated(f"r-{number}", 9) for number in range(5))],
        {"count#tests#2026-11-01", *(response(f"r-{number}") for number in range(5))},
    ),
}
SEEDS = range(3)
CORRECTED = {response("old"), "count#tests#2026-11-01"}


def played(service: Service, clients: HandlerClients, batch: list[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    """Sends a batch, whose records come over four lanes in any split and order; gives the changes since."""
    service.post(BEFORE)
    service.settle()
    before = len(ledger(service, "acme"))
    stream = lanes(service, 4, seed, batch_size=6, faults=Faults(short_batch=0.7))
    stream.deliver(lambda _batch, _context: None)  # the new lanes begin behind what was settled
    rng = Random(seed)
    sent = rng.sample(batch, len(batch))
    with injected(clients.score, ClientFaults(overlap=0.3), rng, meanwhile=lambda: stream.step(service.score)):
        cut = rng.randint(0, len(sent))
        for part in (sent[:cut], sent[cut:]):
            if part:
                assert service.post(part).status == 200
            for _ in range(rng.randint(0, 2)):
                stream.step(service.score)
        stream.deliver(service.score)
    # The next change of every question, by which at the latest everything is named.
    last = [
        *(rated(f"last-{number}", 0, LAST) for number in range(12)),
        counted(0, "2026-11-20", LAST),
        event(
            "survey.answered",
            {
                "survey_id": "last",
                "answered_at": "2026-11-20T09:00:00Z",
                "answers": {"specialisms": 0, "roadmap": "third_party", "inspiration": "third_party"},
            },
            time=LAST,
        ),
    ]
    service.stream = stream
    service.post(last)
    service.settle()
    return ledger(service, "acme")[before:]


@pytest.mark.filterwarnings("ignore:No application metrics")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("batch", BATCHES)
def test_every_fact_is_found_behind_the_change_it_caused_or_the_next_one(batch: str, seed: int) -> None:
    sent, facts = BATCHES[batch]
    with mock_aws(), plain_tables():
        service, clients = in_memory_with_clients()

        changes = played(service, clients, sent, seed)

        named = Counter(fact for change in changes for fact in change["facts"])
        assert facts <= named.keys(), facts - named.keys()
        # A correction never hides as something new, and nothing is named behind two changes.
        causes = {change["cause"] for change in changes if CORRECTED & facts & {*change["facts"]}}
        assert "new" not in causes
        assert {fact for fact, count in named.items() if count > 1} == set()
        assert adds_up(ledger(service, "acme"), service.get("/v1/clients/acme").json["total"])


@pytest.mark.parametrize("batch", BATCHES)
def test_the_stream_again_writes_nothing_and_names_nothing_twice(batch: str) -> None:
    sent, _ = BATCHES[batch]
    with mock_aws(), plain_tables():
        service, clients = in_memory_with_clients()
        for part in (BEFORE, sent[:3], sent[3:]):
            service.post(part)
            service.settle()
        held = stored()

        for seed in range(4):
            again = lanes(service, 4, seed, batch_size=3, faults=Faults(short_batch=0.5, redelivery=0.3))
            with metered(clients.score) as meter:
                again.deliver(service.score)

            assert stored() == held
            assert meter.write_units == 0


MIDNIGHT = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
"""In Amsterdam."""

DAYS = ("2026-08-24", "2026-08-25", "2026-08-26", "2026-08-27")
"""Those around the one that lies 90 days before the two days that the clocks tell."""


def _around(rng: Random) -> dict[str, Any]:
    """A fact of one of those days, or of now."""
    day = rng.choice([*DAYS, "2026-11-22"])
    number = str(rng.randint(0, 5))
    then = f"{day}T{rng.randint(0, 23):02d}:00:00+02:00"
    kinds: list[tuple[str, dict[str, Any]]] = [
        ("nps.responded", {"response_id": number, "score": rng.randint(0, 10), "responded_at": then}),
        ("nps.retracted", {"response_id": number}),
        ("nps.reported", {"nps": rng.randint(-100, 100), "measured_at": then}),
        ("consultants.counted", {"working": 20, "happy": rng.randint(0, 14), "as_of": day}),
        ("survey.answered", {"survey_id": number, "answered_at": then, "answers": {"specialisms": rng.randint(0, 4)}}),
    ]
    type_, data = rng.choice(kinds)
    return event(type_, data, time=f"2026-11-22T12:{rng.randint(0, 59):02d}:00Z", subject=rng.choice(["acme", "stray"]))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("aliased", [False, True])
def test_clocks_that_disagree_at_midnight_leave_the_totals_of_a_fresh_evaluation(seed: int, *, aliased: bool) -> None:
    rng = Random(seed)
    with mock_aws(), plain_tables():
        behind = in_memory()
        behind.clock.now = MIDNIGHT - timedelta(seconds=30)
        ahead = Service(behind.tables, Clock(MIDNIGHT + timedelta(seconds=30)))
        stream = lanes(behind, 4, seed, batch_size=2)
        if aliased:
            behind.post(event("client.described", {"aliases": ["stray"]}, time="2026-11-22T12:00:00Z"))
        for _ in range(14):
            assert behind.post(_around(rng)).status in {200, 202}
            for _ in range(rng.randint(0, 2)):
                stream.step(rng.choice([behind, ahead]).score)
            if rng.random() < 0.1:
                rng.choice([behind, ahead]).night()
        stream.deliver(rng.choice([behind, ahead]).score)
        for service in rng.sample([behind, ahead], 2):
            service.night()
        held = {item["client_id"]: _said(item) for item in stored("ScoresTable") if item["item"] == "scorecard"}

        ahead.rebuild()

        fresh = {item["client_id"]: _said(item) for item in stored("ScoresTable") if item["item"] == "scorecard"}
        assert held == fresh
        assert held


def _said(item: dict[str, Any]) -> dict[str, Any]:
    """What a scorecard says, now and of the earlier day, without how often it was written.

    Without where facts lie, too: a lane that was left by its last fact is looked into until all is made anew.
    """
    parts = unpacked(item)
    told = {key: parts.get(key) for key in ("inputs", "earlier", "since", "overruled")}
    summary = {key: value for key, value in item.get("summary", {}).items() if key not in ("version", "changed_at")}
    return {**told, "summary": summary}


def test_an_answer_that_was_taken_back_is_named_though_the_record_that_says_so_is_on_its_way(service: Service) -> None:
    alias = event("client.described", {"aliases": ["acme-old"]}, time=FIRST)
    older = event(
        "survey.answered",
        {"survey_id": "a", "answered_at": "2026-06-01T09:00:00Z", "answers": {"roadmap": "no"}},
        time=FIRST,
    )
    newer = surveyed("b", FIRST, specialisms=4, roadmap="yes") | {"subject": "acme-old"}
    service.post([alias, older, newer])
    service.settle()
    one_by_one = lanes(service, 1, seed=0, batch_size=1)
    one_by_one.deliver(lambda _batch, _context: None)

    service.post(surveyed("b", specialisms=3))
    one_by_one.step(service.score)

    latest = ledger(service, "acme")[-1]
    assert [move["key"] for move in latest["dimensions"]] == ["specialisms", "roadmap"]
    assert latest["facts"] == ["survey#tests#b#roadmap", "survey#tests#b#specialisms"]


def test_a_reported_figure_whose_place_responses_take_was_not_taken_back(service: Service) -> None:
    service.post(event("nps.reported", {"nps": 40, "measured_at": FIRST}, time=FIRST))
    service.settle()

    service.post(rated("r", 0))
    service.settle()

    latest = ledger(service, "acme")[-1]
    assert (latest["cause"], latest["facts"]) == ("new", [response("r")])


def test_a_first_score_is_not_called_made_anew_when_what_woke_us_was_taken_back_before_it_counted(
    service: Service,
) -> None:
    service.post(event("nps.retracted", {"response_id": "gone"}, time=THEN))
    service.post(rated("r", 0, FIRST))
    records: list[dict[str, Any]] = []
    lanes(service, 1, seed=0).deliver(lambda batch, _context: records.extend(batch["Records"]))
    of_client = [record for record in records if record["dynamodb"]["Keys"]["client_id"]["S"] == "acme"]

    service.score({"Records": of_client[:1]}, None)

    [first] = ledger(service, "acme")
    assert (first["cause"], first["facts"]) == ("new", [])
