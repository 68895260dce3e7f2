"""Follows what the functions log, one line per entry."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from tools.stack.deployment import session
from tools.stack.progress import StackError
from tools.stack.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_logs.type_defs import FilteredLogEventTypeDef

FUNCTIONS = ("ingest", "score", "query")
SECONDS_BETWEEN_LOOKS = 1.0
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
    client = session().client("logs", endpoint_url=settings.endpoint_url)
    begin = int(time.time() * 1000)
    seen: set[str] = set()
    while True:
        try:
            entries = [
                (name, entry) for name in FUNCTIONS for entry in new_entries(client, settings, name, begin, seen)
            ]
        except (BotoCoreError, ClientError) as failed:
            raise StackError(f"The logs cannot be read: {failed}") from failed
        for name, entry in sorted(entries, key=lambda pair: pair[1]["timestamp"]):
            for line in readable(name, entry["timestamp"], entry["message"]):
                print(line, flush=True)
        time.sleep(SECONDS_BETWEEN_LOOKS)


def new_entries(
    client: "CloudWatchLogsClient", settings: Settings, name: str, begin: int, seen: set[str]
) -> Iterator["FilteredLogEventTypeDef"]:
    """The entries of one function that were not seen yet."""
    group = f"/aws/lambda/{settings.name}-{name}"
    pages = client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=begin)
    for page in pages:
        for entry in page["events"]:
            if entry["eventId"] not in seen:
                seen.add(entry["eventId"])
                yield entry


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
