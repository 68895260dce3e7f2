"""What does not fit in a source: its provider, the model, or the source itself."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import get_args

from shared.intake.events import event_types
from shared.opmm.model import Dimension, Model
from shared.webhooks.coercion import whole_number
from shared.webhooks.expressions import fault_in
from shared.webhooks.provider import DESCRIBES, Provider, Setting, find_provider, provider_names
from shared.webhooks.signing import PLACEHOLDERS, WHSEC, KeyForm, Scheme, key_of, read_key
from shared.webhooks.source_settings import QuestionSettings, SignatureSettings, SourceSettings

SHORTEST_SECRET = 16
"""Bytes of a key that nobody tries out."""

_MOST_SECRETS = 2
"""The one in use, and the one that replaces it."""

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_RATINGS = {str(rating) for rating in range(11)}
_MOST_COUNTED = 100
_TIMES = {"responded_at", "measured_at", "answered_at", "as_of"}
"""Fields that tell when something happened: the version of what comes once."""

_SCALE_MISSING = (
    'is missing: {provider} does not say on what scale people answer. "0-10" says that the question about recommending '
    "is answered with 0 to 10; leave out a question with another scale"
)

_UNREADABLE_KEY: Mapping[KeyForm, str] = {
    "base64": f"must be base64, with or without {WHSEC} before it",
    "hex": "must be hexadecimal",
}

_MISSING: Mapping[Setting, str] = {
    "client": "is missing: where does the payload name the client?",
    "answers": "is missing: which question asks for what?",
}


def faults_when_stored(settings: SourceSettings, provider: Provider | None) -> Iterator[tuple[str, str]]:
    """What is refused where sources are stored, though what is stored already goes on working."""
    scheme = scheme_of(settings, provider)
    for place, secret in enumerate(settings.secrets):
        # Without a scheme as it is written, which is never shorter than the key.
        key = key_of(scheme, secret) if scheme else secret.encode()
        if len(key) < SHORTEST_SECRET:
            yield f"secrets.{place}", f"must have at least {SHORTEST_SECRET} bytes"
    if provider is None:
        return
    asks = "nps" in (settings.answers or {}) or "answers" not in provider.needs
    if asks and not provider.tells_scale and settings.scale is None and settings.templates is None:
        yield "scale", _SCALE_MISSING.format(provider=provider.name)


def faults_in(settings: SourceSettings, provider: Provider | None, model: Model) -> Iterator[tuple[str, str]]:
    """Everything in a source that does not fit: the field, and what is wrong with it."""
    if provider is None:
        yield "provider", f"must be one of {', '.join(provider_names())}"
    else:
        yield from _in_settings(settings, provider)
    yield from _in_secrets(settings, provider)
    if settings.answers is not None:
        yield from _in_answers(settings.answers, model)
    if settings.signature is not None:
        yield from _in_signature(settings.signature)
    if settings.event is not None:
        yield from _in_event(settings.event, model)
    yield from _in_types(settings, model)


def scheme_of(settings: SourceSettings, provider: Provider | None) -> Scheme | None:
    """How a source signs: its own scheme before its provider's. None when there is neither, which is a fault."""
    if settings.signature is not None:
        return settings.signature.scheme()
    scheme = provider.scheme if provider else None
    return replace(scheme, header=settings.header.lower()) if scheme and settings.header is not None else scheme


def _in_settings(settings: SourceSettings, provider: Provider) -> Iterator[tuple[str, str]]:
    """What is there and should not be, or the other way round."""
    for setting in get_args(Setting):
        if getattr(settings, setting) is None:
            if setting in provider.needs:
                yield setting, _MISSING.get(setting, "is missing")
        elif setting not in (*provider.needs, *provider.takes):
            yield setting, _belongs_to(setting)


def _belongs_to(setting: Setting) -> str:
    providers = filter(None, map(find_provider, provider_names()))
    names = [provider.name for provider in providers if setting in (*provider.needs, *provider.takes)]
    return f"belongs to the provider{'s' if len(names) > 1 else ''} {', '.join(names)}"


def _in_answers(answers: Mapping[str, QuestionSettings], model: Model) -> Iterator[tuple[str, str]]:
    questions = {dimension.key: dimension for dimension in model.survey_questions}
    if not answers.keys() & {"nps", *questions}:
        yield "answers", f"needs at least one of {', '.join(['nps', *questions])}"
    for name, question in answers.items():
        if name not in ("nps", "comment", *questions):
            yield f"answers.{name}", f"is none of {', '.join(['nps', 'comment', *questions])}"
        for choice, meaning in (question.choices or {}).items():
            if fault := _fault_in_meaning(name, meaning, questions.get(name)):
                yield f"answers.{name}.choices.{choice}", fault


def _fault_in_meaning(name: str, meaning: str | int, dimension: Dimension | None) -> str | None:
    """What is wrong with what a choice stands for; None when nothing is."""
    if name == "nps" and str(meaning) not in _RATINGS:
        return "must be a whole number from 0 to 10"
    if dimension is None:
        return None
    if dimension.kind == "choice" and meaning not in dimension.answers:
        return f"must be one of {', '.join(dimension.answers)}"
    if dimension.kind == "count":
        number = whole_number(meaning)
        if number is not None and not 0 <= number <= _MOST_COUNTED:
            return f"must lie between 0 and {_MOST_COUNTED}"
    return None


def _in_secrets(settings: SourceSettings, provider: Provider | None) -> Iterator[tuple[str, str]]:
    """Secrets with which no call could ever be verified."""
    if not settings.secrets and provider and provider.handed_over is None:
        yield "secrets", "is empty"
    if len(settings.secrets) > _MOST_SECRETS:
        yield "secrets", f"must have at most {_MOST_SECRETS} entries"
    scheme = scheme_of(settings, provider)
    for place, secret in enumerate(settings.secrets):
        if scheme is None:
            return
        if read_key(scheme.key, secret) is None:
            yield f"secrets.{place}", _UNREADABLE_KEY[scheme.key]
        if scheme.algorithm is None and not secret.isascii():
            yield f"secrets.{place}", "must be ASCII: it comes in a header as it is"
        if provider and (fault := provider.fault_in_secret(secret)) is not None:
            yield f"secrets.{place}", fault


def _in_signature(signature: SignatureSettings) -> Iterator[tuple[str, str]]:
    if signature.algorithm == "none":
        for field in sorted(signature.model_fields_set - {"header", "algorithm", "encoding", "prefix"}):
            yield f"signature.{field}", "does nothing where the header holds the secret itself"
        return
    if "{body}" not in signature.message:
        yield "signature.message", "must hold {body}: what is not signed can be forged"
    for placeholder in _PLACEHOLDER.findall(signature.message):
        if placeholder not in PLACEHOLDERS:
            yield "signature.message", f"holds {placeholder}, which is none of {', '.join(PLACEHOLDERS)}"
    yield from _in_signed_headers(signature)
    if signature.uri is not None and "{uri}" not in signature.message:
        yield "signature.uri", "does nothing: the message does not hold {uri}"


def _in_signed_headers(signature: SignatureSettings) -> Iterator[tuple[str, str]]:
    headers = {"{id}": signature.id_header, "{timestamp}": signature.timestamp_header}
    for placeholder, header in headers.items():
        if placeholder in signature.message and header is None:
            yield "signature.message", f"holds {placeholder}; say in which header it comes"
        if placeholder not in signature.message and header is not None:
            yield "signature.message", f"does not hold {placeholder}: what is not signed can be forged"
        if header is not None and header.lower() == signature.header.lower():
            yield "signature.header", f"is the header of {placeholder}, too"
    if "timestamp" in signature.model_fields_set and signature.timestamp_header is None:
        yield "signature.timestamp", "says how a time is written; in which header does it come?"


def _in_event(mapping: Mapping[str, str], model: Model) -> Iterator[tuple[str, str]]:
    types = event_types(model)
    data_type = types.get(mapping.get("type", ""))
    if data_type is None:
        yield "event.type", f"must be one of {', '.join(types)}"
        return
    fields = data_type.model_fields
    required = {name for name, field in fields.items() if field.is_required()} - {"answers"}
    known = {"type", "id", "time", "revision"} | (fields.keys() - {"answers"})
    if "answers" in fields:
        questions = [dimension.key for dimension in model.survey_questions]
        known |= set(questions)
        if not mapping.keys() & set(questions):
            yield "event", f"needs at least one of {', '.join(questions)}"
    if not required & _TIMES and not {"time", "revision"} & mapping.keys():
        yield "event.time", "is missing: when did the tool record this? A revision will do, too"
    for missing in sorted(required - mapping.keys()):
        yield f"event.{missing}", "is missing"
    for field, expression in mapping.items():
        if field not in known:
            yield f"event.{field}", f"is no field of {mapping['type']}; there are {', '.join(sorted(known))}"
        elif field != "type" and (fault := fault_in(expression)):
            yield f"event.{field}", fault


def _in_types(settings: SourceSettings, model: Model) -> Iterator[tuple[str, str]]:
    types = event_types(model)
    for place, event_type in enumerate(settings.types or ()):
        if event_type not in types:
            yield f"types.{place}", f"must be one of {', '.join(types)}"
    if DESCRIBES in (settings.types or ()) and not settings.describes:
        yield "describes", f"must be true beside {DESCRIBES} in types"
    mapped = (settings.event or {}).get("type")
    if mapped == DESCRIBES and not settings.describes:
        yield "describes", f"must be true: the source maps to {DESCRIBES}"
    if settings.types and mapped in types and mapped not in settings.types:
        yield "types", f"leaves out {mapped}, which the source maps to"
