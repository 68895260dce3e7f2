"""By what it is known what is told: the same in every try, wherever it goes, and nothing else has it.

Receivers know by it what they have already, so how an id is made stays as it is. It holds no full stop: the signature
of a webhook parts its texts by one. Of the time it tells the month only: the day may be that of somebody's response.
"""

from datetime import datetime
from hashlib import sha256

from shared.opmm.timestamps import rfc3339, sortable

_DIGITS = 16
_AT_ONCE = "-alert"


def occurrence_id(at: datetime, client_id: str, kind: str, version: str) -> str:
    """The id of a change or a signal.

    Versions count on by client; the month tells apart those of a table of scores that was made anew.
    """
    return _id(at, f"{client_id}#{kind}#{version}")


def alert_id(occurrence: str) -> str:
    """The id of what is told at once of a change, by the id of the change."""
    return occurrence + _AT_ONCE


def response_id(at: datetime, fact: str) -> str:
    """The id of what is told at once of a response; `at` is when it was written down."""
    return _id(at, fact) + _AT_ONCE


def digest_id(destination: str, moment: datetime) -> str:
    """The id of the digest of a destination for this moment of its schedule."""
    return _id(moment, f"{destination}\n{rfc3339(moment)}") + "-digest"


def sample_id(destination: str, at: datetime) -> str:
    """The id of a message that tries a destination out."""
    return _id(at, f"{destination}\0test\0{sortable(at)}") + "-test"


def _id(at: datetime, named: str) -> str:
    return f"{at:%Y%m}-{sha256(named.encode()).hexdigest()[:_DIGITS]}"
