"""All that makes nights and rebuilds, put together where the first of them is asked for."""

from collections.abc import Callable

from aws_lambda_powertools import Logger, Metrics

from functions.score.given_up import GivenUpRecords
from functions.score.jobs import Jobs
from functions.score.listing import Listing
from functions.score.messages import Messages
from functions.score.progress import Progress
from functions.score.recompute import Recompute
from functions.score.refresh import Refresh
from shared.opmm.dataclass import dataclass
from shared.storage.given_up import GivenUpClients
from shared.storage.queue import Queue, connect_queues
from shared.storage.runs import Runs
from shared.storage.streams import connect_streams, names_in


@dataclass(frozen=True, slots=True)
class Night:
    """What begins a night, and what its messages do."""

    jobs: Jobs
    messages: Messages

    @classmethod
    def of(
        cls,
        recompute: Recompute,
        *,
        runs: Runs,
        given_up: GivenUpClients,
        queue_url: str,
        logger: Logger,
        metrics: Metrics,
        pause: Callable[[float], object],
    ) -> "Night":
        """With the clock of the handler."""
        clock, queue = recompute.clock, Queue(connect_queues(), queue_url)
        progress = Progress(runs, clock, logger, metrics)
        refresh = Refresh(
            recompute=recompute,
            progress=progress,
            given_up=given_up,
            queue=queue,
            clock=clock,
            logger=logger,
            metrics=metrics,
        )
        records = GivenUpRecords(
            names_in=lambda batch: names_in(connect_streams(), batch),
            clients=given_up,
            queue=queue,
            clock=clock,
            logger=logger,
            metrics=metrics,
        )
        jobs = Jobs(
            progress=progress,
            given_up=given_up,
            queue=queue,
            clock=clock,
            zone=recompute.zone,
            logger=logger,
            metrics=metrics,
        )
        listing = Listing(recompute.facts, recompute.scores, progress, queue, pause)
        return cls(jobs, Messages(listing, refresh, records, logger))
