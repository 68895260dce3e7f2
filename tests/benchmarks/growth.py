"""What grows with the number of clients, or with the history of one: nothing should."""

import os
from collections import defaultdict
from random import Random
from statistics import median
from time import process_time

from moto import mock_aws

from tests.benchmarks.replay import Replay
from tests.benchmarks.report import Figure, Section
from tests.benchmarks.warm import Call
from tests.support.calls import another_with_clients, in_memory_with_clients, look
from tests.support.metering import metered
from tests.support.service import Service

FEW, MANY = 20, 2000
AT_MOST = 1.5
IN_A_ROUND = 5


def looks(service: Service) -> dict[str, Call]:
    """What people and systems look at."""
    return {
        "GET the list, 20 a page": lambda: service.get("/v1/clients?limit=20"),
        "GET the list by name, 20 a page": lambda: service.get("/v1/clients?limit=20&sort=name"),
        "GET the portfolio": lambda: service.get("/v1/portfolio"),
        "the page of the portfolio": lambda: look(service, "/"),
        "the page of agreements": lambda: look(service, "/agreements"),
        "the page of a client": lambda: look(service, "/clients/acme"),
    }


def clients_growing(rounds: int) -> Section:
    """Looks of a warm function at 20 and at 2,000 clients, in one interleaved run; and what the first look reads."""
    # Imported here: it is a test, which measures calls and units of the same pages.
    from tests.integration.test_portfolio_cost import fill  # noqa: PLC0415

    ready: dict[int, tuple[dict[str, Call], Replay]] = {}
    first: dict[int, float] = {}
    second: dict[int, float] = {}
    for count in (FEW, MANY):
        with mock_aws():
            service, clients = in_memory_with_clients()
            fill(service, count)
            with metered(clients.query) as meter:
                service.get("/v1/portfolio")
            first[count] = meter.read_units
            other, others = another_with_clients(service)
            with metered(others.query) as meter:
                other.get("/v1/portfolio")
            second[count] = meter.read_units
            calls, replay = looks(service), Replay(clients.query, clients.pages)
            for name, call in calls.items():
                replay.record(name)
                call()  # reads what is remembered from here on
                replay.record(name)
                call()
        ready[count] = calls, replay
    seconds: defaultdict[tuple[str, int], list[float]] = defaultdict(list)
    rng = Random(0)
    cases = [(count, name) for count in ready for name in calls]
    for _ in range(rounds):
        for count, name in rng.sample(cases, len(cases)):
            played, replay = ready[count]
            replay.play(name)
            started = process_time()
            for _ in range(IN_A_ROUND):
                played[name]()
            seconds[name, count].append((process_time() - started) / IN_A_ROUND)
    figures = [
        Figure.of(
            name,
            "x",
            [each / median(seconds[name, FEW]) for each in seconds[name, MANY]],
            bar=AT_MOST,
            note=f"{1e3 * median(seconds[name, FEW]):.1f} ms of processor time at {FEW} clients",
        )
        for name in calls
    ]
    for name, units, bar in (
        ("GET the portfolio by a cold function, after another: read units", second, AT_MOST * second[FEW]),
        ("GET the portfolio, once a minute of all functions: read units", first, None),
    ):
        figures.append(Figure(name, "units", units[MANY], bar=bar, note=f"{units[FEW]:g} at {FEW} clients"))
    return Section(
        "2,000 clients against 20",
        "Processor time of a look by a warm function at 2,000 clients, as a ratio to the same at 20.",
        figures,
    )


def facts_growing(facts: int) -> Section:
    """Calls and units per event and per read of a client of 100 facts and of one with many."""
    os.environ["FLAT_COST_FACTS"] = str(facts)
    from tests.integration.test_flat_cost import measured  # noqa: PLC0415

    few, many = measured(100), measured(facts)
    return Section(
        f"{facts:,} facts of a client against 100",
        "What the score function calls and what DynamoDB meters for one event of each kind, and for a read: equal.",
        [
            Figure(
                f"{name}: read and write units",
                "units",
                many[name][1] + many[name][2],
                bar=few[name][1] + few[name][2],
                note="" if many[name] == few[name] else f"{few[name]} became {many[name]}",
            )
            for name in few
        ],
    )
