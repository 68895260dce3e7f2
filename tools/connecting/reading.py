"""What a source reads in a payload, by the code of this working copy: nothing is sent."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any

from shared.http.problems import InvalidError
from shared.intake.client_names import AmbiguousNameError, NoNameError
from shared.intake.events import event_types
from shared.intake.validation import validate_event
from shared.opmm.model import Model
from shared.sheets.interpretation import Names
from shared.webhooks.payloads import named_by, read_payload, shape
from shared.webhooks.provider import NotOursError, Source, UnmappableError, UnvalidatedEvent


def read(
    source: Source, body: bytes, media_type: str, *, model: Model, zone: tzinfo, now: datetime
) -> Iterator[tuple[Any, str, UnvalidatedEvent | None]]:
    """Each part of a payload with what is read in it, in words, and the event; None where there is none."""
    try:
        fragments = source.provider.split(read_payload(body, media_type))
    except UnmappableError as unmappable:
        yield None, f"parked as {unmappable.reason}: {unmappable.detail}", None
        return
    types = event_types(model)
    for fragment in fragments:
        nothing = True
        try:
            for event in source.provider.adapt(fragment, source):
                nothing = False
                if fault := source.fault_in_type(event.type):
                    yield fragment, f"parked as type_not_allowed: {fault}", None
                    continue
                try:
                    validate_event(event.event(source.name, "any"), types, {"now": now, "zone": zone})
                except InvalidError as invalid:
                    faults = "; ".join(f"{fault.pointer} {fault.detail}" for fault in invalid.faults)
                    yield fragment, f"parked as not_valid: {faults}", None
                    continue
                yield fragment, described(event), event
        except NotOursError as ignored:
            yield fragment, f"ignored: {ignored.detail}", None
            continue
        except UnmappableError as unmappable:
            yield fragment, f"parked as {unmappable.reason}: {unmappable.detail}", None
            continue
        if nothing:
            yield fragment, "ignored: none of the questions of the source is answered, or there is no rating yet", None


def described(event: UnvalidatedEvent) -> str:
    """An event in a line, without what people wrote and who they are."""
    data = event.data if isinstance(event.data, dict) else {}
    shown = {name: value for name, value in data.items() if name not in ("comment", "respondent") and value is not None}
    comment = ", with a comment" if data.get("comment") else ""
    return f"{event.type}: " + ", ".join(f"{name} {value}" for name, value in shown.items()) + comment


def client_of(source: Source, fragment: Any, event: UnvalidatedEvent, names: Names) -> tuple[str, str | None]:
    """Which client is meant, in words, and its id; None where nobody can say which."""
    text = str(event.subject or "") if source.client is None else named_by(source.client, fragment)
    if not text:
        where = f"{source.client} finds nothing in" if source.client else "there is no subject in"
        return f"none: {where} {{{', '.join(shape(fragment))}}}", None
    try:
        found = names(text)
    except NoNameError as nobody:
        return f"none: {nobody}", None
    except AmbiguousNameError as several:
        return f"none: {several}", None
    if source.clients is not None and found.client_id not in source.clients:
        return f"{found.client_id}, which is none of `clients`", None
    how = "a new client" if found.is_new else "known"
    return f"{text!r} is {found.client_id}, {how}", found.client_id
