"""The language of a response, from what the caller accepts."""

from shared.opmm.model import LANGUAGES

_DEFAULT = LANGUAGES[0]


def language(accept: str) -> str:
    """The best of our languages for an Accept-Language header (RFC 9110 section 12.5.4); English when none fits."""
    weights: dict[str, float] = {}
    for part in accept.lower().split(","):
        tag, _, parameters = part.strip().partition(";")
        primary = tag.strip().partition("-")[0]
        weights[primary] = max(weights.get(primary, 0.0), _weight(parameters.strip()))
    rest = weights.get("*", 0.0)
    named = [*(offered for offered in weights if offered in LANGUAGES), *LANGUAGES]  # among equals, the one named first
    best = max(named, key=lambda offered: weights.get(offered, rest))
    return best if weights.get(best, rest) > 0 else _DEFAULT


def _weight(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
