"""What no fact wakes: the night, in which all clients are made anew from their facts; and a rebuild that is asked for.

Neither is one invocation's work: a job sends messages that list clients, and those send messages of clients.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.score.messages import AT_ONCE, Parcel, portions
from functions.score.progress import Progress
from shared.invocations import UnknownJobError
from shared.opmm.dataclass import dataclass
from shared.opmm.slugs import is_slug
from shared.opmm.timestamps import sortable
from shared.storage.given_up import GivenUpClients
from shared.storage.queue import Queue
from shared.storage.runs import Kind

REFRESH, REBUILD = "nightly_refresh", "rebuild"

TABLES = ("facts", "scores")
SEGMENTS = 4
"""Parts of each table that are listed side by side."""

GIVEN_UP = "given-up"
"""The part of a run that holds clients whose records were given up."""
ONE = "client"
"""The part of a rebuild of one client."""

WAITS: Mapping[Kind, int] = {"night": 900, "rebuild": 10, "client": 10}
"""Seconds until what differs is looked at again: as long as a record may well be on its way. Somebody waits for a
rebuild."""


@dataclass(frozen=True, slots=True)
class Jobs:
    """Begins nights and rebuilds."""

    progress: Progress
    given_up: GivenUpClients
    queue: Queue
    clock: Callable[[], datetime]
    zone: tzinfo
    logger: Logger
    metrics: Metrics

    def run(self, event: Mapping[str, Any]) -> dict[str, str]:
        """Begins a job and gives its name: `{"job": "nightly_refresh"}`, or `{"job": "rebuild"}`.

        A rebuild may be of one `client`, and may say for how many seconds what differs should `wait` until it is looked
        at again; with 0 it is mended at once. Safe to repeat: the night of one day is begun once, whoever asks for it,
        and not again with `once` when it is finished. A later rebuild of all clients takes the place of an earlier one.
        Raises UnknownJobError.
        """
        job, client, now = event.get("job"), event.get("client"), self.clock()
        wait = event.get("wait", WAITS["rebuild"])
        if job == REFRESH:
            night = Parcel("night", now.astimezone(self.zone).date().isoformat(), WAITS["night"])
            done = self.progress.runs.latest(night.kind) if event.get("once") else None
            if done and done.id == night.run and done.finished_at:
                return {"kind": night.kind, "run": night.run}
            return self._begin(night, now)
        one = client is None or (isinstance(client, str) and is_slug(client))
        if job != REBUILD or not one or type(wait) is not int or not 0 <= wait <= WAITS["night"]:
            raise UnknownJobError(f"expected records, or a job: {REFRESH}, or {REBUILD} (client, wait up to 900 s)")
        return self._begin(Parcel("client" if client else "rebuild", sortable(now), wait), now, client)

    def _begin(self, run: Parcel, now: datetime, client: str | None = None) -> dict[str, str]:
        before = self.progress.runs.latest(run.kind)
        if run.kind == "night" and before and before.id != run.run and not before.finished_at:
            self.metrics.add_metric("NightUnfinished", MetricUnit.Count, 1)
            self.logger.error("night was not finished", run=before.id, clients=before.clients, failed=before.failed)
        waiting = [] if client else [given.name for given in self.given_up.waiting()]
        lists = [] if client else [(table, segment) for table in TABLES for segment in range(SEGMENTS)]
        # Also where nobody waits: whoever begins this a second time may find others waiting than the first.
        named = {ONE: [client]} if client else {GIVEN_UP: waiting}
        parts = [*named, *(f"{table}.{segment}" for table, segment in lists)]
        self.progress.runs.begin(run.kind, run.run, parts, now)
        for part, names in named.items():
            sent = portions(names, AT_ONCE)
            messages = [run.of(part, number, portion, given_up=part == GIVEN_UP) for number, portion in enumerate(sent)]
            self.queue.send_all(messages)
            self.progress.listed(run.kind, run.run, part, len(messages))
        self.queue.send_all([run.listing(table, segment, SEGMENTS) for table, segment in lists])
        self.logger.info("run began", kind=run.kind, run=run.run, parts=len(parts))
        return {"kind": run.kind, "run": run.run}
