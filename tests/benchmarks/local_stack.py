"""Latency and throughput over HTTP, on a local stack that is up."""

import json
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx

from tests.benchmarks.report import Figure, Section

if TYPE_CHECKING:
    from collections.abc import Callable

TOGETHER = 4
BATCHES = 40
IN_A_BATCH = 25


def on_the_local_stack(stack: Path, rounds: int) -> Section:
    """Each request in rounds, shuffled anew in each, one after the other; then batches of responses by four at once."""
    known = json.loads(stack.read_text(encoding="utf-8"))
    headers = {"Authorization": f"Bearer {known['token']}"} | ({"Host": known["host"]} if known.get("host") else {})
    run = uuid4().hex[:8]
    with httpx.Client(base_url=known["api_url"], headers=headers, timeout=30) as client:
        requests: dict[str, Callable[[], httpx.Response]] = {
            "GET health": lambda: client.get("/v1/health"),
            "POST one response": lambda: client.post("/v1/events", json=_response(run)),
            "GET a client": lambda: client.get(f"/v1/clients/bench-{run}"),
            "GET the list": lambda: client.get("/v1/clients"),
            "GET the portfolio": lambda: client.get("/v1/portfolio"),
        }
        client.post("/v1/events", json=_response(run)).raise_for_status()
        _settled(client, run)
        seconds: defaultdict[str, list[float]] = defaultdict(list)
        rng = Random(0)
        for number in range(rounds + 1):
            for name in rng.sample(sorted(requests), len(requests)):
                started = time.perf_counter()
                requests[name]().raise_for_status()
                if number:  # the first round is cold
                    seconds[name].append(time.perf_counter() - started)
        base = median(seconds["GET health"])
        started = time.perf_counter()
        with ThreadPoolExecutor(TOGETHER) as pool:
            list(pool.map(lambda _: client.post("/v1/events", json=_batch(run)).raise_for_status(), range(BATCHES)))
        rate = BATCHES * IN_A_BATCH / (time.perf_counter() - started)
    figures = [
        Figure.of(name, "ms", [1000 * each for each in taken], note=f"{median(taken) / base:.1f} x health")
        for name, taken in seconds.items()
    ]
    return Section(
        "The local stack",
        "Over HTTP, on the emulator: good for ratios. In AWS a call of DynamoDB takes a few milliseconds.",
        [*figures, Figure(f"responses taken, {TOGETHER} senders of {IN_A_BATCH} at once", "a second", rate)],
    )


def _response(run: str) -> dict[str, object]:
    number = uuid4().hex
    return {
        "specversion": "1.0",
        "type": "nps.responded",
        "source": "bench",
        "id": number,
        "subject": f"bench-{run}",
        "time": "2026-11-20T10:00:00Z",
        "data": {"response_id": number, "score": 9, "responded_at": "2026-11-20T09:00:00Z"},
    }


def _batch(run: str) -> list[dict[str, object]]:
    return [_response(run) for _ in range(IN_A_BATCH)]


def _settled(client: httpx.Client, run: str) -> None:
    """Waits until the client has a score."""
    for _ in range(60):
        if client.get(f"/v1/clients/bench-{run}").is_success:
            return
        time.sleep(0.5)
    raise TimeoutError("the first event was not scored within 30 seconds")
