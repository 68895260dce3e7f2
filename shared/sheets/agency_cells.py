"""The cells of an agency's own sheet: answers as the published table writes them, in its languages, or as numbers."""

import re

from shared.opmm.dataclass import dataclass
from shared.opmm.model import Band, Dimension

_NUMBER = re.compile(r"([+-]?[0-9]{1,5})(?:[.,]([0-9]{1,6}))?", re.ASCII)
_ABOVE = re.compile(r"(?:>|meer dan|boven de|more than|over) ?(-?[0-9]{1,5})", re.ASCII)
_FROM = re.compile(
    r"(?:>=|\u2265|minstens|minimaal|at least) ?(-?[0-9]{1,5})|"
    r"(-?[0-9]{1,5}) ?(?:\+|of meer|of hoger|or more|or higher)",
    re.ASCII,
)
_BELOW = re.compile(
    r"(?:<=|\u2264|hooguit|at most) ?(-?[0-9]{1,5})|(-?[0-9]{1,5}) (?:of minder|of lager|or less|or lower)", re.ASCII
)
_BETWEEN = re.compile(
    r"(?:tussen|between|van|from)?(?: de)? ?(-?[0-9]{1,5}) ?(?:en|and|tot en met|t/m|tot|to|\u2013|-) ?(-?[0-9]{1,5})",
    re.ASCII,
)
_ONLY = re.compile(r"(?:maar|slechts|only|just) ([0-9]{1,5})", re.ASCII)
_NOTHING = frozenset({"-", "\u2013", "\u2014", "?", "n.v.t.", "nvt", "n/a", "n.a.", "onbekend", "unknown"})
"""What people write where nobody has answered."""
_SHORTEST_PART = 4
"""Letters of a part of an answer that may stand for it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a cell answers."""

    value: int | str
    band: bool = False
    """Whether nothing but the row of the table is known."""
    exact: str | None = None
    """An NPS with decimals, as it stands there."""


def is_answered(text: str) -> bool:
    """Whether a cell says anything: an empty one does not, nor does a dash or `n.v.t.`."""
    return bool(text) and _plain(text) not in _NOTHING


def percent_of(text: str) -> str | None:
    """What a fraction would be as a percentage: a sheet holds 35 % as 0.35. None for any other text."""
    number = _NUMBER.fullmatch(_plain(text))
    if number is None or int(number[1]) or not (number[2] or "").strip("0"):
        return None
    return f"{float(f'{number[1]}.{number[2]}') * 100:.4g}"


def told(text: str, dimension: Dimension) -> Told | None:
    """What a cell answers to a question; None for what is no row of the table and no number."""
    plain = _plain(text)
    if dimension.kind == "nps":
        if percent_of(plain):  # nobody can say whether it is a figure or a percentage
            return None
        plain = plain.removesuffix("%").rstrip()
    if dimension.kind == "choice":
        answer = _answer(plain, dimension)
        return Told(answer) if answer else None
    number = _NUMBER.fullmatch(plain)
    if number:
        return _of_number(number, dimension)
    only = _ONLY.fullmatch(plain)
    return Told(int(only[1])) if only else _of_band(_band(plain, dimension))


def _of_band(band: Band | None) -> Told | None:
    """What a row of the table tells; a row of one number is that number."""
    if band is None:
        return None
    if band.end is None:
        return Told(band.low if band.low is not None else 0)
    return Told(band.end, band=True)


def _plain(text: str) -> str:
    return " ".join(text.replace("\N{MINUS SIGN}", "-").casefold().split())


def _of_number(number: re.Match[str], dimension: Dimension) -> Told | None:
    whole, decimals = int(number[1]), (number[2] or "").rstrip("0")
    if decimals and dimension.kind == "nps":
        return Told(whole, exact=f"{number[1].removeprefix('+')}.{decimals}")
    return None if decimals or (dimension.kind == "count" and whole < 0) else Told(whole)


def _band(plain: str, dimension: Dimension) -> Band | None:
    """The row of the table that a text tells."""
    for band in dimension.bands:
        if any(_letters(text) == _letters(plain) and _letters(text) for text in band.text.values()):
            return band
    between = _BETWEEN.fullmatch(plain)
    if between:
        low, high = int(between[1]), int(between[2])
        return next((band for band in dimension.bands if band.low == low and band.high in (high, high - 1)), None)
    above, least, most = _ABOVE.fullmatch(plain), _FROM.fullmatch(plain), _BELOW.fullmatch(plain)
    if above or least:
        low = int(above[1]) + 1 if above else int(least[1] or least[2]) if least else 0
        top = max(dimension.bands, key=lambda band: band.points)
        return top if top.low == low else None
    if most:
        high = int(most[1] or most[2])
        return next((band for band in dimension.bands if band.high == high and (band.low or 0) < 0), None)
    return None


def _answer(plain: str, dimension: Dimension) -> str | None:
    """The answer that a text is, or the one answer of which it is a part."""
    asked = _letters(plain)
    texts = _texts(dimension.bands)
    exact = [answer for answer, written in texts if asked in written]
    if exact:
        return exact[0]
    parts = [answer for answer, written in texts if any(asked in text for text in written)]
    return parts[0] if len(asked) >= _SHORTEST_PART and len(parts) == 1 else None


def _texts(bands: tuple[Band, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (band.answer, tuple(_letters(text) for text in (band.answer, *band.text.values())))
        for band in bands
        if band.answer is not None
    ]


def _letters(text: str) -> str:
    """A text without what people write differently: spaces, commas, dashes between words."""
    return re.sub(r"[^\w<>+-]|_|(?<=\D)-(?=\D)", "", " ".join(text.casefold().split()))
