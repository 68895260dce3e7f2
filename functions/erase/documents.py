"""What erasures look like in JSON: receipts without anything that leads to a person."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from shared.opmm.timestamps import rfc3339
from shared.storage.erasures import Erasure
from shared.storage.journal import KEPT_FOR

if TYPE_CHECKING:
    from shared.api.erasure_documents import ErasureDocument, KeptDocument

_BACKUPS = timedelta(days=35)
"""For how long point-in-time recovery can bring a table back as it was."""

_RATINGS = "Scores rest on the ratings. Nothing here tells whose they were."
_RESPONSE_IDS = (
    "The id of each response at its tool, so that it is not taken for a new one when it is delivered again. "
    "It leads to the person until the tool has erased it, too."
)
_CLIENT_NAMES = (
    "The ids of the client, so that what was recorded before the erasure is not taken when it is sent again. "
    f"The journal of changes names them for {KEPT_FOR.days} days."
)
_DIGESTS = "A digest of each parked call, so that it is not kept again when it is delivered again."
_BACKUP = "Point-in-time recovery of the tables. Whoever restores them erases once more."


def erasure_document(erasure: Erasure, parked_for: timedelta) -> "ErasureDocument":
    """An erasure; `parked_for` is how long parked items are kept."""
    document: ErasureDocument = {
        "erasure_id": erasure.id,
        "status": erasure.status,
        "of": "client" if erasure.client_id else "respondent",
        "ratings": erasure.ratings,
        "asked_at": rfc3339(erasure.asked_at),
        "asked_by": {"subject": erasure.asked_by, "token_id": erasure.token_id},
        "done_at": rfc3339(erasure.done_at) if erasure.done_at else None,
        "counts": dict(sorted(erasure.counts.items())),
        "kept": _kept(erasure, parked_for),
    }
    if erasure.client_id:
        document["client_id"] = erasure.client_id
    return document


def _kept(erasure: Erasure, parked_for: timedelta) -> "list[KeptDocument]":
    done = erasure.done_at.date() if erasure.done_at else None

    def until(days: timedelta) -> str | None:
        return _day(done + days) if done else None

    kept: list[KeptDocument] = []
    if erasure.client_id:
        kept.append({"what": "client_names", "why": _CLIENT_NAMES, "until": None})
    else:
        if not erasure.ratings:
            kept.append({"what": "ratings", "why": _RATINGS, "until": None})
        kept.append({"what": "response_ids", "why": _RESPONSE_IDS, "until": None})
    kept.append({"what": "parked_digests", "why": _DIGESTS, "until": until(parked_for)})
    kept.append({"what": "backups", "why": _BACKUP, "until": until(_BACKUPS)})
    return kept


def _day(day: date) -> str:
    return day.isoformat()
