"""The bell that no fact rings: time has passed, or everything held is to be made anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from aws_lambda_powertools import Logger

from functions.score.invalidation import Invalidation
from functions.score.recompute import Recompute
from shared.storage.facts import Facts
from shared.storage.queries import Queries

Reason = Literal["day", "rebuild"]

_PAGE = 1000


class UnknownBellError(ValueError):
    """The function was called with something that is neither stream records nor a bell."""


class UnfinishedBellError(RuntimeError):
    """Some clients could not be recomputed; the others are done. Ring again."""


@dataclass(frozen=True, slots=True)
class Nightly:
    """Recomputes every client, so that the NPS window moves on and freshness shows, also where no fact comes in."""

    recompute: Recompute
    views: Queries
    facts: Facts
    logger: Logger

    def ring(self, event: Mapping[str, Any]) -> int:
        """How many names were recomputed. `{"bell": "day"}` lets time pass, `{"bell": "rebuild"}` reads all anew.

        A rebuild goes by the facts, so that it also finds clients that have no scorecard. Safe to repeat: a client that
        says what it should is read and left alone. Raises UnknownBellError, and UnfinishedBellError at the end.
        """
        reason = event.get("bell")
        if reason not in ("day", "rebuild"):
            raise UnknownBellError("expected stream records, or a bell: day or rebuild")
        # Listed before the first write: a total that changes moves its row in the index that is being walked.
        names = sorted(self.facts.names()) if reason == "rebuild" else self._listed()
        failed = 0
        for name in names:
            try:
                self.recompute(name, Invalidation(everything=reason == "rebuild"))
            except Exception as error:  # noqa: BLE001 - one client's trouble must not hold up the others
                self.logger.error("recompute failed", client_id=name, error=type(error).__name__)
                failed += 1
        if failed:
            raise UnfinishedBellError(f"{failed} of {len(names)} failed")
        return len(names)

    def _listed(self) -> list[str]:
        return [row.client_id for status in ("active", "ended") for row in self.views.all_of(status, _PAGE)]
