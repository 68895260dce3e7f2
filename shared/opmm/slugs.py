"""Slugs: the form of a client's id."""

import re
import unicodedata

SLUG_PATTERN = r"^[a-z0-9][a-z0-9-]{0,62}$"

_MOST_CHARACTERS = 63


def slugify(text: str) -> str:
    """The slug of any name: accents dropped, other signs as single hyphens. Empty when nothing remains."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_MOST_CHARACTERS].rstrip("-")
