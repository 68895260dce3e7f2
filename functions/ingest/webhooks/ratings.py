"""Ratings of 0 to 10, as tools write them."""

import re
from typing import Any

from functions.ingest.webhooks.drafts import UnmappableError
from functions.ingest.webhooks.values import is_number

_TEXT = re.compile(r"10|[0-9]", re.ASCII)


def is_rating(value: Any) -> bool:
    """Whether this is a whole number from 0 to 10. 0 is one; true, 9.5 and 11 are not."""
    return is_number(value) and 0 <= value <= 10  # noqa: PLR2004 - the scale


def rating(value: Any) -> int:
    """A rating that the tool sends as a number. Raises UnmappableError; absent is the caller's to tell apart."""
    if is_rating(value):
        return int(value)
    raise UnmappableError("no_usable_score", "the score is no whole number from 0 to 10")


def rating_in_text(value: Any) -> int:
    """A rating where the tool sends text: `"10"`, or the number itself. Raises UnmappableError for all else."""
    if isinstance(value, str) and _TEXT.fullmatch(value):
        return int(value)
    return rating(value)
