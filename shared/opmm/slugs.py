"""Slugs: the form of a client's id."""

import re
import unicodedata

SLUG_PATTERN = r"^[a-z0-9][a-z0-9-]{0,62}$"

_MOST_CHARACTERS = 63

_WHOLE_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "\u0131": "i"})
"""Letters that are no plain letter with a mark."""


def is_slug(text: str) -> bool:
    """Whether this can be a client's id."""
    return re.fullmatch(SLUG_PATTERN, text) is not None


def slugify(text: str) -> str:
    """The slug of any name: accents dropped, other signs as single hyphens. Empty when nothing remains."""
    whole = text.casefold().translate(_WHOLE_LETTERS)
    plain = unicodedata.normalize("NFKD", whole).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_MOST_CHARACTERS].rstrip("-")
