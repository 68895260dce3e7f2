"""What no fact wakes: the nightly refresh, as time has passed; and a rebuild, which makes everything held anew."""

from collections.abc import Iterable, Mapping
from typing import Any

from aws_lambda_powertools import Logger

from functions.score.invalidation import Invalidation
from functions.score.recompute import Recompute
from shared.opmm.dataclass import dataclass
from shared.opmm.slugs import is_slug
from shared.storage.facts import ERASED_CLIENT, Facts
from shared.storage.scores import Scores

REFRESH, REBUILD = "nightly_refresh", "rebuild"


class UnknownJobError(ValueError):
    """The function was called with something that is neither stream records nor a job."""


def client_names(partitions: Iterable[str]) -> set[str]:
    """The names of clients that partitions of the facts table tell of, those that were erased included."""
    return {name for partition in partitions if is_slug(name := partition.removeprefix(ERASED_CLIENT))}


class UnfinishedJobError(RuntimeError):
    """Some clients could not be recomputed; the others are done. Start it again."""


@dataclass(frozen=True, slots=True)
class Jobs:
    """Recomputes every client, so that the NPS window moves on and freshness shows, also where no fact comes in."""

    recompute: Recompute
    scores: Scores
    facts: Facts
    logger: Logger

    def run(self, event: Mapping[str, Any]) -> int:
        """How many names were recomputed. `{"job": "nightly_refresh"}` lets time pass, `{"job": "rebuild"}` reads anew.

        The refresh goes by what is held, readable or not; a rebuild by the facts, so that it also finds clients that
        have no scorecard. Safe to repeat: a client that says what it should is read and left alone. Raises
        UnknownJobError, and UnfinishedJobError at the end.
        """
        job = event.get("job")
        if job not in (REFRESH, REBUILD):
            raise UnknownJobError(f"expected stream records, or a job: {REFRESH} or {REBUILD}")
        # Listed before the first write.
        names = sorted(client_names(self.facts.names())) if job == REBUILD else self.scores.names()
        failed = 0
        for name in names:
            try:
                self.recompute(name, Invalidation(everything=job == REBUILD, refresh=job == REFRESH))
            except Exception as error:  # noqa: BLE001 - one client's trouble must not hold up the others
                self.logger.error("recompute failed", client_id=name, error=type(error).__name__)
                failed += 1
        if failed:
            raise UnfinishedJobError(f"{failed} of {len(names)} failed")
        return len(names)
