"""The language of an answer, from what the caller accepts."""

from shared.opmm.model import LANGUAGES

_DEFAULT = LANGUAGES[0]


def language(accept: str) -> str:
    """The best of our languages for an Accept-Language header (RFC 9110 section 12.5.4); English when none fits."""
    best, best_weight = _DEFAULT, 0.0
    for part in accept.split(","):
        tag, _, parameters = part.strip().partition(";")
        weight = _weight(parameters.strip())
        primary = tag.strip().lower().partition("-")[0]
        offered = _DEFAULT if primary == "*" else primary
        if offered in LANGUAGES and weight > best_weight:
            best, best_weight = offered, weight
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
