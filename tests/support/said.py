"""What functions have said while a test ran: their metrics, and their lines."""

import json
from typing import Any

import pytest


def metrics(capsys: pytest.CaptureFixture[str]) -> dict[str, float]:
    """The sum of each metric that was written since the last look."""
    found: dict[str, float] = {}
    for line in capsys.readouterr().out.splitlines():
        told = json.loads(line) if line.startswith("{") else {}
        for directive in told.get("_aws", {}).get("CloudWatchMetrics", []):
            for metric in directive["Metrics"]:
                found[metric["Name"]] = found.get(metric["Name"], 0) + sum(told[metric["Name"]])
    return found


def logged(caplog: pytest.LogCaptureFixture, message: str) -> list[dict[str, Any]]:
    """What the lines of this message say."""
    return [vars(record) for record in caplog.records if record.getMessage() == message]
