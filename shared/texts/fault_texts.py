"""What is wrong with a field of an event, in every language: one sentence for each sort of fault, whoever finds it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared.opmm.model import LANGUAGES
from shared.opmm.slugs import SLUG_PATTERN

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

COUNT_PATTERN = r"^[0-9]{1,18}$"

FAULT_TEXTS: Mapping[str, tuple[str, str]] = {
    # what our own rules say
    "not_number": ("must be a number", "moet een getal zijn"),
    "not_text": ("must be text", "moet tekst zijn"),
    "outside": ("must lie between {low} and {high}", "moet tussen {low} en {high} liggen"),
    "future": ("lies in the future", "ligt in de toekomst"),
    "instant": (
        "must be an RFC 3339 date-time with an offset, such as 2026-11-20T08:00:00Z",
        "moet een tijdstip met zone zijn, zoals 2026-11-20T08:00:00Z",
    ),
    "day_or_instant": (
        "must be a date or a time with an offset, such as 2026-11-20 or 2026-11-20T08:00:00Z",
        "moet een datum of een tijdstip met zone zijn, zoals 2026-11-20 of 2026-11-20T08:00:00Z",
    ),
    "day": ("must be a date, such as 2026-12-03", "moet een datum zijn, zoals 2026-12-03"),
    "no_such_day": ("is no day of the calendar", "is geen dag van de kalender"),
    "no_such_time": ("is no time of the calendar", "is geen tijd van de kalender"),
    "number_or_names": (
        "must be a whole number or a list of names",
        "moet een geheel getal zijn, of een lijst van namen",
    ),
    "many_names": (
        "takes at most {most} names of at most {longest} characters",
        "heeft hooguit {most} namen van hooguit {longest} tekens",
    ),
    "not_displayable": (
        "needs a sign to be seen, and takes no control characters and nothing that turns the direction of text",
        "moet zichtbaar zijn, zonder stuurtekens en zonder tekens die de schrijfrichting omkeren",
    ),
    "no_name": (
        "must be a name with at least one letter or digit",
        "moet een naam zijn met minstens een letter of cijfer",
    ),
    "happy_above_working": ("more are happy than work there", "er zijn er meer blij dan er werken"),
    "happy_of_band": (
        "cannot stand beside happy: a band tells only how many there are at least",
        "kan niet naast happy staan: een rij zegt alleen hoeveel het er minstens zijn",
    ),
    "no_band_begins": (
        "needs a number that stands for a band of the table: one of {ends}",
        "heeft een getal nodig dat voor een rij van de tabel staat: een van {ends}",
    ),
    "needs_one": ("needs at least one of {names}", "heeft minstens een nodig van {names}"),
    "before_agreed": (
        "lies before the day on which it was agreed",
        "ligt voor de dag waarop het is afgesproken",
    ),
    "above": ("must be at most {highest}", "mag hooguit {highest} zijn"),
    # what pydantic finds, by its own keys
    "missing": ("is missing", "ontbreekt"),
    "extra_forbidden": ("is not a field that can stand here", "is geen veld dat hier kan staan"),
    "extra_of_event": ("is not a field of this event", "is geen veld van deze gebeurtenis"),
    "int_type": ("must be a whole number", "moet een geheel getal zijn"),
    "int_from_float": ("must be a whole number", "moet een geheel getal zijn"),
    "greater_than_equal": ("must be at least {ge}", "moet minstens {ge} zijn"),
    "less_than_equal": ("must be at most {le}", "mag hooguit {le} zijn"),
    "string_type": ("must be text", "moet tekst zijn"),
    "bool_type": ("must be true or false", "moet waar of onwaar zijn"),
    "list_type": ("must be a list", "moet een lijst zijn"),
    "model_type": ("must be an object", "moet een object zijn"),
    "dict_type": ("must be an object", "moet een object zijn"),
    "literal_error": ("must be {expected}", "moet {expected} zijn"),
    "string_too_short": ("is empty", "is leeg"),
    "too_short": ("is empty", "is leeg"),
    "string_too_long": (
        "must have at most {max_length} characters",
        "mag hooguit {max_length} tekens hebben",
    ),
    "too_long": ("must have at most {max_length} entries", "mag hooguit {max_length} regels hebben"),
    "string_pattern_mismatch": ("is not of the form that is taken", "heeft een andere vorm dan verwacht"),
    "slug": (
        "must be an id of small letters, digits and hyphens, at most 63 of them",
        "moet een id zijn van kleine letters, cijfers en streepjes, hooguit 63",
    ),
    "count": ("must be a number of at most 18 digits", "moet een getal zijn van hooguit 18 cijfers"),
}
"""By sort of fault, English and Dutch."""

_PATTERNS = {SLUG_PATTERN: "slug", COUNT_PATTERN: "count"}
"""What the patterns of the fields ask for, in words."""


def fault_text(key: str, language: str, values: Mapping[str, Any]) -> str | None:
    """The sentence of a fault, behind the name of its field; None for a sort that has none of its own."""
    key = _PATTERNS.get(str(values.get("pattern")), key)
    if key not in FAULT_TEXTS:
        return None
    if language == "nl" and "expected" in values:
        values = {**values, "expected": str(values["expected"]).replace(" or ", " of ")}
    return FAULT_TEXTS[key][LANGUAGES.index(language)].format(**values)


def sentence(found: "ErrorDetails", language: str, *, of_event: bool = False) -> str:
    """What pydantic found, behind the name of its field; in its own words where there are none of ours."""
    key = "extra_of_event" if of_event and found["type"] == "extra_forbidden" else found["type"]
    return fault_text(key, language, found.get("ctx") or {}) or found["msg"][0].lower() + found["msg"][1:]
