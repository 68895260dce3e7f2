"""What in a source does not go with its provider, or with itself: the field, and what is wrong with it."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from functions.ingest.webhooks.expressions import fault_in
from functions.ingest.webhooks.questions import ASKED, OURS, SURVEY_ANSWERS
from functions.ingest.webhooks.signatures import SCHEMES, WHSEC
from functions.ingest.webhooks.values import is_number
from shared.intake.events import event_types
from shared.opmm.model import published_model

if TYPE_CHECKING:
    from functions.ingest.webhooks.sources import Question, Signature, Source

DATA = event_types(published_model())
ASKING = ("typeform", "formbricks", "tally", "survicate")
"""Providers of surveys with questions of one's own: `answers` says which is which."""

THIN = ("surveymonkey", "afas", "bamboohr", "hibob", "gusto", "deel")
"""Providers whose events say only that something changed."""

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_RATINGS = {str(rating) for rating in range(11)}


def misfits(source: "Source") -> Iterator[tuple[str, str]]:
    """Every misfit of one source."""
    if source.provider not in (*SCHEMES, "custom"):
        yield "provider", f"must be one of {', '.join(sorted([*SCHEMES, 'custom']))}"
        return
    yield from _of_fields(source)
    if source.provider in SCHEMES and SCHEMES[source.provider].base64_key and not all(map(_is_base64, source.secrets)):
        yield "secrets", f"must each be base64, with or without {WHSEC} before it"
    if source.answers is not None:
        yield from _of_answers(source.answers)
    if source.signature is not None:
        yield from _of_signature(source.signature)
    if source.event is not None:
        yield from _of_event(source.event)


def _of_fields(source: "Source") -> Iterator[tuple[str, str]]:
    """What is there and should not be, or the other way round."""
    custom = source.provider == "custom"
    if source.client is None and source.provider not in ("standard", *THIN):
        yield "client", "is missing: where does the payload name the client?"
    for field in ("signature", "event"):
        if (getattr(source, field) is not None) != custom:
            yield field, "is missing" if custom else "belongs to the provider custom"
    if (source.answers is not None) != (source.provider in ASKING):
        yield "answers", f"belongs to the providers {', '.join(ASKING)}, which need it"
    if source.header is not None and source.provider != "asknicely":
        yield "header", "belongs to the provider asknicely"


def _of_answers(answers: Mapping[str, "Question"]) -> Iterator[tuple[str, str]]:
    if not {"nps", *SURVEY_ANSWERS} & answers.keys():
        yield "answers", f"needs at least one of nps, {', '.join(SURVEY_ANSWERS)}"
    for name, question in answers.items():
        if name not in ASKED:
            yield f"answers.{name}", f"is none of {', '.join(ASKED)}"
        for chosen, meaning in (question.choices or {}).items():
            if name == "nps" and str(meaning) not in _RATINGS:
                yield f"answers.nps.choices.{chosen}", "must be a whole number from 0 to 10"
            if name in OURS and meaning not in OURS[name]:
                yield f"answers.{name}.choices.{chosen}", f"must be one of {', '.join(OURS[name])}"
            if name == "specialisms" and is_number(meaning) and not 0 <= int(meaning) <= 100:  # noqa: PLR2004 - the most there are
                yield f"answers.specialisms.choices.{chosen}", "must lie between 0 and 100"


def _of_signature(signature: "Signature") -> Iterator[tuple[str, str]]:
    if signature.algorithm == "none":
        return
    headers = {"{id}": signature.id_header, "{timestamp}": signature.timestamp_header}
    if "{body}" not in signature.message:
        yield "signature.message", "must hold {body}: what is not signed can be forged"
    for placeholder in _PLACEHOLDER.findall(signature.message):
        if placeholder not in ("{body}", *headers):
            yield "signature.message", f"holds {placeholder}, which is none of {{body}}, {{id}}, {{timestamp}}"
    for placeholder, header in headers.items():
        if placeholder in signature.message and header is None:
            yield "signature.message", f"holds {placeholder}; say in which header it comes"
        if placeholder not in signature.message and header is not None:
            yield "signature.message", f"does not hold {placeholder}: what is not signed can be forged"


def _of_event(mapping: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    data_type = DATA.get(mapping.get("type", ""))
    if data_type is None:
        yield "event.type", f"must be one of {', '.join(DATA)}"
        return
    fields = data_type.model_fields
    required = {name for name, field in fields.items() if field.is_required()} - {"answers"}
    known = {"type", "id", "time", "revision"} | (fields.keys() - {"answers"})
    if "answers" in fields:
        known |= set(SURVEY_ANSWERS)
        if not mapping.keys() & set(SURVEY_ANSWERS):
            yield "event", f"needs at least one of {', '.join(SURVEY_ANSWERS)}"
    if (
        not required & {"responded_at", "measured_at", "answered_at", "as_of"}
        and not {"time", "revision"} & mapping.keys()
    ):
        yield "event.time", "is missing: when did the tool record this? A revision will do, too"
    for missing in sorted(required - mapping.keys()):
        yield f"event.{missing}", "is missing"
    for field, expression in mapping.items():
        if field not in known:
            yield f"event.{field}", f"is no field of {mapping['type']}; there are {', '.join(sorted(known))}"
        elif field != "type" and (fault := fault_in(expression)):
            yield f"event.{field}", fault


def _is_base64(secret: str) -> bool:
    try:
        return bool(base64.b64decode(secret.removeprefix(WHSEC), validate=True))
    except (binascii.Error, ValueError):
        return False
