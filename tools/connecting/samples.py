"""A payload of each tool, made to fit a source: its questions, its client, a response that was never sent, just now."""

import json
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.opmm.model import Model
from shared.opmm.slugs import slugify
from shared.opmm.timestamps import parse_instant, rfc3339
from shared.webhooks.expressions import find
from shared.webhooks.payloads import named_by
from shared.webhooks.provider import NotOursError, Source, UnmappableError
from shared.webhooks.sources import load_sources
from tools.errors import ToolError
from tools.stack.settings import ROOT

SAMPLES = ROOT / "events" / "webhooks"
SAMPLE_CLIENT = "OPMM test"
"""Whom a sample is about, unless somebody says whom: nobody's client, so that all of it can be erased."""

_DOTTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
_LITERAL = re.compile(r"'([^']*)'")
_NOTIFICATION = {"event": "opmm.test"}
_HIGHEST_RATING = 10
_EARLIEST, _LATEST = 1_500_000_000, 2_500_000_000
"""Unix seconds that are times in a sample, and no ids."""


def sample_for(source: Source, client: str, model: Model, now: datetime) -> Any:
    """A payload as the tool of this source sends them, about this client. Raises ToolError where none is known."""
    document = json.loads((SAMPLES / "sources.json").read_bytes())
    provider = source.provider
    named = next((name for name, told in document.items() if told["provider"] == provider.name), None)
    if named is None:
        return dict(_NOTIFICATION)
    if "event" in provider.needs:
        raise ToolError(f"{provider.name} has no payload of its own: TEST=payload.json, with one of your tool.")
    payload = json.loads((SAMPLES / f"{provider.name}.json").read_bytes())
    shown = load_sources({named: document[named]}, model)[named]
    if isinstance(payload, list):
        payload = payload[:1]
    changes = {**_questions(shown, source), **_identities(shown, payload)}
    if shown.templates and source.templates:
        changes |= {next(iter(shown.templates)): next(iter(source.templates))}
    changed = _replaced(payload, changes)
    return about(_in_time(changed, now), shown, source, client)


def about(payload: Any, shown: Source, source: Source, client: str) -> Any:
    """The payload with another client, where the source looks for it."""
    if source.client is None:
        return [event | {"subject": slugify(client)} for event in payload] if isinstance(payload, list) else payload
    if shown.client is not None:
        told = named_by(shown.client, payload)
        literals = zip(_LITERAL.findall(shown.client), _LITERAL.findall(source.client), strict=False)
        payload = _replaced(payload, {told: client, **dict(literals)} if told else dict(literals))
    if _DOTTED.fullmatch(source.client) and find_text(source.client, payload) is None:
        payload = _placed(payload, source.client.split("."), client)
    return payload


def find_text(expression: str, payload: Any) -> Any:
    """What an expression finds; None where it does not fit."""
    try:
        return find(expression, payload)
    except ValueError:
        return None


def _questions(shown: Source, source: Source) -> dict[str, str]:
    """The questions of a sample, and what was chosen, in the names of the source."""
    changes = {}
    for key, asked in source.answers.items():
        if key in shown.answers:
            changes[shown.answers[key].question] = asked.question
            chosen = next(iter(asked.choices), None)
            if chosen is not None:
                changes |= dict.fromkeys(shown.answers[key].choices, chosen)
    return changes


def _identities(shown: Source, payload: Any) -> dict[str, str]:
    """What the sample calls its response and its event, under names that were never sent."""
    found: set[str] = set()
    for fragment in shown.provider.split(payload):
        try:
            for event in shown.provider.adapt(fragment, shown):
                data = event.data if isinstance(event.data, dict) else {}
                found |= {str(event.id), str(data.get("response_id")), str(data.get("survey_id")).partition("/")[0]}
        except (UnmappableError, NotOursError):
            continue
    return {name: str(secrets.randbelow(9 * 10**14) + 10**14) for name in sorted(found) if name != "None"}


def _replaced(value: Any, changes: Mapping[str, str]) -> Any:
    """The value with whole texts and names changed, and numbers that are written as such texts."""
    if isinstance(value, dict):
        return {changes.get(name, name): _replaced(member, changes) for name, member in value.items()}
    if isinstance(value, list):
        return [_replaced(member, changes) for member in value]
    if isinstance(value, str):
        return changes.get(value, value)
    if isinstance(value, int) and not isinstance(value, bool) and value > _HIGHEST_RATING and str(value) in changes:
        changed = changes[str(value)]
        return int(changed) if changed.isdecimal() else changed
    return value


def _placed(payload: Any, steps: list[str], value: str) -> Any:
    """The payload with a value at a path, where nothing or an object stands in the way."""
    if not steps:
        return value
    held = payload if isinstance(payload, dict) else {}
    return {**held, steps[0]: _placed(held.get(steps[0]), steps[1:], value)}


def _in_time(payload: Any, now: datetime) -> Any:
    """The payload as if its last moment were now."""
    moments: list[datetime] = []

    def noted(moment: datetime) -> datetime:
        moments.append(moment)
        return moment

    _each_time(payload, noted)
    later = now - max(moments) if moments else timedelta()
    return _each_time(payload, lambda moment: moment + later)


def _each_time(value: Any, change: Callable[[datetime], datetime]) -> Any:
    if isinstance(value, dict):
        return {name: _each_time(member, change) for name, member in value.items()}
    if isinstance(value, list):
        return [_each_time(member, change) for member in value]
    if isinstance(value, str):
        return _changed_text(value, change)
    if isinstance(value, int) and not isinstance(value, bool) and _EARLIEST < value < _LATEST:
        return int(change(datetime.fromtimestamp(value, UTC)).timestamp())
    return value


def _changed_text(value: str, change: Callable[[datetime], datetime]) -> str:
    if value.isdecimal() and _EARLIEST < int(value) < _LATEST:
        return str(int(change(datetime.fromtimestamp(int(value), UTC)).timestamp()))
    try:
        return rfc3339(change(parse_instant(value)))
    except ValueError:
        return value
