"""What was written of a client, as it is told to machines: alike by whoever asks for it and by whoever sends it."""

from datetime import datetime
from typing import TYPE_CHECKING

from shared.opmm.ledger import Change, Reading
from shared.opmm.signals import Signal
from shared.opmm.timestamps import rfc3339

if TYPE_CHECKING:
    from shared.api import ledger_documents as api


def change_told(change: Change, at: datetime) -> "api.ChangeTold":
    """What everybody is told of a change: when, why, and from which total to which; its moves go with it."""
    return {
        "version": change.version,
        "at": rfc3339(at),
        "cause": change.cause,
        "total_before": change.total_before,
        "total_after": change.total_after,
    }


def reading_told(reading: Reading) -> "api.ReadingTold":
    """What everybody is told of a question before or after a change."""
    return {"points": reading.points, "value": reading.value}


def signal_document(signal: Signal) -> "api.SignalDocument":
    """A signal; all are told the same of it."""
    standing = signal.standing
    about, on = standing.about, standing.on
    return {
        "kind": standing.kind,
        "dimension": about if standing.kind == "answer_stale" else None,
        "fact_id": about if standing.kind in ("talk_missed", "action_missed") else None,
        "on": on.isoformat() if on else None,
    }
