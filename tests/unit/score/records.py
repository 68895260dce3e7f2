"""What happens to facts, as the score function hears of it, for tests."""

from datetime import UTC
from typing import Any

from functions.score.invalidation import Invalidation
from shared.opmm.kinds import lane_of
from shared.opmm.ledger import Cause
from shared.storage.fact_items import StoredFact

RESPONSE = "response#delighted#r-1"


def stored(fact_id: str, *, at: str = "2026-11-23T08:00:00Z", score: int = 9, name: str = "acme") -> StoredFact:
    """A fact that stands in the lane that its identity says."""
    kind, source = fact_id.split("#")[:2]
    return StoredFact(
        name=name,
        fact_id=fact_id,
        kind=kind,
        source=source,
        revision="t",
        answer={"score": score},
        observed_at=at,
        lane=lane_of(fact_id),
        position=f"{at}#t",
    )


def happened(causes: dict[str, Cause], **version: Any) -> Invalidation:
    """What these facts invalidate; by fact, what happened to it."""
    invalidation = Invalidation()
    for fact_id, cause in causes.items():
        invalidation.note(fact_id, cause)
        if not fact_id.startswith("description#"):
            invalidation.reaches(stored(fact_id, **version), UTC)
    return invalidation
