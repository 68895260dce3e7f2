"""How far a night or a rebuild is, and the word that it is finished."""

from collections.abc import Callable
from datetime import datetime

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from shared.opmm.dataclass import dataclass
from shared.storage.runs import Kind, MessageCounts, Part, Runs


@dataclass(frozen=True, slots=True)
class Progress:
    """Keeps the record of a run, and says once that all of it is done."""

    runs: Runs
    clock: Callable[[], datetime]
    logger: Logger
    metrics: Metrics

    def listed(self, kind: Kind, run: str, part: str, messages: int) -> None:
        """Takes down that a part is listed."""
        self._check(kind, run, self.runs.listed(kind, run, part, messages))

    def done(self, kind: Kind, run: str, part: str, counts: MessageCounts) -> None:
        """Takes down what became of a message."""
        self._check(kind, run, self.runs.done(kind, run, part, counts))

    def is_overtaken(self, kind: Kind, run: str) -> bool:
        """Whether another rebuild of all clients has taken the place of this one. A night goes on beside the next."""
        return kind == "rebuild" and not self.runs.is_current(kind, run)

    def _check(self, kind: Kind, run: str, part: Part | None) -> None:
        """Asks for the whole run where a part of it has come to its end: the last one to do so finishes it."""
        if part is None or not part.is_done:
            return
        whole = self.runs.latest(kind)
        if whole is None or whole.id != run or not whole.is_done or not self.runs.finish(kind, run, self.clock()):
            return
        if kind == "night":
            self.metrics.add_metric("NightFinished", MetricUnit.Count, 1)
        seconds = round((self.clock() - whole.begun_at).total_seconds())
        self.logger.info(
            "run finished",
            kind=kind,
            run=run,
            clients=whole.clients,
            drifted=whole.drifted,
            failed=whole.failed,
            seconds=seconds,
        )
