"""Follows what the functions log, one line per entry."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from tools.stack.account import session
from tools.stack.progress import StackError
from tools.stack.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

FUNCTIONS = ("ingest", "score", "query", "pages", "erase", "notify")
SECONDS_BETWEEN_LOOKS = 1.0
# How late an entry may be shown after it was written, in milliseconds: the emulator tells it when the call has ended.
LATEST = 90_000
Entry = tuple[int, str, str, str]
NOISE = ("START ", "END ", "REPORT ", "INIT_START ")
# What every line carries, and what the line shows elsewhere or nobody reads while looking on.
HIDDEN = {"level", "message", "timestamp", "time", "service", "location", "sampling_rate", "cold_start"} | {
    "function_name",
    "function_arn",
    "function_memory_size",
    "function_request_id",
    "xray_trace_id",
    "requestId",
}


def follow(settings: Settings) -> None:
    """Print new entries until interrupted. Raises StackError when the emulator does not answer."""
    client = session(settings).client("logs", endpoint_url=settings.endpoint_url)
    begun = milliseconds()
    seen: set[Entry] = set()
    while True:
        since = max(begun, milliseconds() - LATEST)
        try:
            found = {entry for name in FUNCTIONS for entry in entries(client, settings, name, since)}
        except (BotoCoreError, ClientError) as failed:
            raise StackError(f"The logs cannot be read: {failed}") from failed
        for timestamp, name, _stream, message in sorted(found - seen):
            for line in readable(name, timestamp, message):
                print(line, flush=True)
        seen = found
        time.sleep(SECONDS_BETWEEN_LOOKS)


def milliseconds() -> int:
    """Now, as CloudWatch Logs tells time."""
    return int(time.time() * 1000)


def entries(client: "CloudWatchLogsClient", settings: Settings, name: str, since: int) -> Iterator[Entry]:
    """What one function logged since then. The emulator gives entries no id, so an entry is known by all it says."""
    group = f"/aws/lambda/{settings.name}-{name}"
    for page in client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since):
        for event in page["events"]:
            yield event["timestamp"], name, event["logStreamName"], event["message"]


def readable(name: str, timestamp: int, message: str) -> Iterator[str]:
    """One line per entry: time, function, level, message, fields. Noise of the runtime and metrics are left out."""
    at = datetime.fromtimestamp(timestamp / 1000, UTC).astimezone().strftime("%H:%M:%S")
    for text in message.splitlines():
        if not text.strip() or text.startswith(NOISE):
            continue
        entry = parsed(text)
        if entry is None:
            yield f"{at} {name:<6} {text}"
        elif "_aws" not in entry:
            fields = " ".join(f"{key}={value}" for key, value in entry.items() if key not in HIDDEN)
            yield f"{at} {name:<6} {entry.get('level', ''):<7} {entry.get('message', '')} {fields}".rstrip()


def parsed(text: str) -> dict[str, Any] | None:
    """A structured entry, None when it is plain text."""
    try:
        entry = json.loads(text)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
