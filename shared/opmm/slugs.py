"""What clients are called: the slug that becomes their id, and the form in which names are compared."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator

SLUG_PATTERN = r"^[a-z0-9][a-z0-9-]{0,62}$"

PROOF_CLIENT = "opmm-deployment-proof"
"""A client that is no client: its score proves that a deployment works. It is in no list, and is removed afterwards."""

_MOST_CHARACTERS = 63
_DIGITS = 8
"""Hexadecimal digits that tell names apart whose letters a slug cannot hold."""

_WHOLE_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "\u0131": "i"})
"""Letters that are no plain letter with a mark."""

_TELLING_SIGNS = frozenset("#@%")
"""Punctuation that tells names apart, as `+` and all other symbols do: C# is not C."""

_SILENT_SYMBOLS = frozenset("|~\N{REGISTERED SIGN}\N{COPYRIGHT SIGN}\N{SOUND RECORDING COPYRIGHT}")
"""Symbols that tell nothing: somebody writes them, somebody else does not."""

_SYMBOLS = frozenset(("Sm", "Sc", "So"))


def is_slug(text: str) -> bool:
    """Whether this can be a client's id."""
    return re.fullmatch(SLUG_PATTERN, text) is not None


def slugify(name: str) -> str:
    """The slug of a name: accents dropped, other signs as single hyphens; an id is its own slug.

    Where that loses a letter, a digit or a sign that tells names apart, or does not fit, it ends in eight digits of a
    hash of the folded name: two names are never one client because of their slugs. Empty for what is no name.
    """
    if is_slug(name):
        return name
    letters = "".join(_without_accents(name))
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    if not any(map(_tells, letters)):
        return ""
    lost = any(not (letter.isascii() and letter.isalnum()) for letter in letters if _tells(letter))
    if not lost and len(slug) <= _MOST_CHARACTERS:
        return slug
    readable = slug[: _MOST_CHARACTERS - _DIGITS - 1].rstrip("-") or "client"
    return f"{readable}-{hashlib.sha256(folded(name).encode(errors='surrogatepass')).hexdigest()[:_DIGITS]}"


def folded(name: str) -> str:
    """The form in which display names are compared: NFKC, case-folded, without punctuation and spaces.

    "Vermeulen BV" is "Vermeulen B.V."; symbols, and the signs that tell names apart, stay.
    """
    return "".join(letter for letter in case_folded(name) if _tells(letter))


def name_key(name: str) -> str | None:
    """A folded name as an index holds it, short whatever the name; None for a name of which nothing is left."""
    known_as = folded(name)
    return hashlib.sha256(known_as.encode(errors="surrogatepass")).hexdigest()[:32] if known_as else None


def case_folded(name: str) -> str:
    """A name without what only its writing tells: NFKC, and no case."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _without_accents(name: str) -> Iterator[str]:
    """The letters of a name, lower case, without the marks that make accents: those behind a Latin letter."""
    on_latin = False
    for letter in unicodedata.normalize("NFKD", case_folded(name).translate(_WHOLE_LETTERS)).casefold():
        if unicodedata.combining(letter) and on_latin:
            continue
        on_latin = letter.isascii() and letter.isalpha()
        yield letter


def _tells(letter: str) -> bool:
    """Whether a letter, digit, mark or sign tells names apart."""
    category = unicodedata.category(letter)
    return (
        category[0] in "LNM"
        or letter in _TELLING_SIGNS
        or (category in _SYMBOLS and letter not in _SILENT_SYMBOLS)
        or category == "Cs"
    )
