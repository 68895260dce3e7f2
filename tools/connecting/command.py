"""`make sources SOURCE=nps`: what to type into the tool, and with TEST= what becomes of a payload."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from shared.http.requests import MOST_BYTES
from shared.opmm.model import Model
from shared.storage.parked import Parked
from shared.webhooks.provider import Source
from shared.webhooks.sources import SourcesError, load_source
from tools.connecting.samples import SAMPLE_CLIENT, about, sample_for
from tools.connecting.setting_up import handed_over, told
from tools.connecting.trying import address_of, media_type_of, tried
from tools.errors import ToolError
from tools.target import Target

BUILT_IN = "1"
"""What `TEST` is for a payload of our own."""


def source_of(document: Any, name: str, model: Model) -> Source:
    """A source of a stored document. Raises ToolError with its faults, or with the names that there are."""
    if name not in document:
        names = ", ".join(sorted(document)) or "none at all"
        raise ToolError(f"There is no source {name!r}; there is {names}.")
    try:
        return load_source(name, document[name], model)
    except SourcesError as refused:
        raise ToolError("\n".join(refused.faults)) from None


def show_source(target: Target, document: Any, name: str, *, secrets: bool) -> None:
    """Prints what somebody types into the tool. Raises ToolError."""
    source = source_of(document, name, target.zone_and_model()[1])
    parked = Parked(target.dynamodb(), target.output("ParkedTableName"), timedelta())
    given = [] if source.secrets else handed_over(parked, source)
    print("\n".join(told(source, address_of(target, name), given, show=secrets)))


def try_source(target: Target, document: Any, name: str, payload: str, client: str | None, *, dry_run: bool) -> None:
    """Sends a payload and prints what becomes of it. Raises ToolError."""
    model = target.zone_and_model()[1]
    source = source_of(document, name, model)
    if payload == BUILT_IN:
        now = datetime.now(UTC)  # noqa: TID251 - the edge: a sample is of now
        meant = client or SAMPLE_CLIENT
        body = json.dumps(sample_for(source, meant, model, now), ensure_ascii=False).encode()
        what = f"a sample of {source.provider.name} about {meant!r}"
    else:
        body = _read(Path(payload))
        if client is not None:
            if media_type_of(body) != "application/json":
                raise ToolError("CLIENT= goes with a payload in JSON.")
            body = json.dumps(about(json.loads(body), source, source, client), ensure_ascii=False).encode()
        what = payload
    for step in tried(target, source, body, what, dry_run=dry_run):
        print(step)
    if payload == BUILT_IN and client is None and not dry_run:
        print(f"All that a sample left goes with: make erase CLIENT='{SAMPLE_CLIENT}'")


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise ToolError(f"{path} is no file. TEST={BUILT_IN} takes a sample.")
    body = path.read_bytes()
    if not 0 < len(body) <= MOST_BYTES:
        raise ToolError(f"{path} has {len(body)} bytes; a webhook has 1 to {MOST_BYTES}.")
    return body
