"""Has every erasure that runs go on, each night: a process may have ended before it sent the message for one."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger

from shared.invocations import UnknownJobError
from shared.opmm.dataclass import dataclass
from shared.storage.erasures import Erasures
from shared.storage.queue import Queue

RESUME = "resume_erasures"


@dataclass(frozen=True, slots=True)
class Resuming:
    """Sends a message for each erasure that runs. One that goes on anyway comes to no harm: it overtakes the other."""

    erasures: Erasures
    queue: Queue
    logger: Logger

    def run(self, event: Mapping[str, Any]) -> dict[str, int]:
        """How many run: `{"job": "resume_erasures"}`. Safe to repeat. Raises UnknownJobError."""
        if event.get("job") != RESUME:
            raise UnknownJobError(f"expected a request, messages, or the job {RESUME}")
        running, unreadable = self.erasures.running()
        for erasure in running:
            self.queue.send({"erasure_id": erasure.id})
            self.logger.warning("erasure was sent for again", erasure_id=erasure.id)
        for erasure_id in unreadable:
            self.logger.error("erasure cannot be read", erasure_id=erasure_id)
        return {"resumed": len(running)}
