"""The bell that no fact rings: time has passed, or everything held is to be made anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from functions.score.recompute import Recompute
from functions.score.touched import Touched
from shared.storage.views import Views

Reason = Literal["day", "rebuild"]

_PAGE = 1000


class UnknownBellError(ValueError):
    """The function was called with something that is neither stream records nor a bell."""


@dataclass(frozen=True, slots=True)
class Bell:
    """Recomputes every client, so that the NPS window moves on and freshness shows, also where no fact comes in."""

    recompute: Recompute
    views: Views

    def ring(self, event: Mapping[str, Any]) -> int:
        """How many clients were recomputed. `{"bell": "day"}` lets time pass, `{"bell": "rebuild"}` reads all anew.

        Safe to repeat: a client that says what it should is read and left alone. Raises UnknownBellError.
        """
        reason = event.get("bell")
        if reason not in ("day", "rebuild"):
            raise UnknownBellError("expected stream records, or a bell: day or rebuild")
        # Listed before the first write: a total that changes moves its row in the index that is being walked.
        clients = [row.client_id for status in ("active", "ended") for row in self.views.all_of(status, _PAGE)]
        for client_id in clients:
            self.recompute(client_id, Touched(everything=reason == "rebuild"))
        return len(clients)
