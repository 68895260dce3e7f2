"""Metrics in what a function wrote, as CloudWatch takes them out of its log.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Metric:
    """One metric under one set of dimensions, with the sum of what was written."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    value: float


Emitted = list[Metric]


def metrics_in(written: str) -> Emitted:
    """The metrics of every line that holds some."""
    return [metric for line in written.splitlines() if '"_aws"' in line for metric in _in_line(json.loads(line))]


def _in_line(line: Mapping[str, Any]) -> Iterator[Metric]:
    for directive in line["_aws"]["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            dimensions = {name: line[name] for name in names}
            assert all(value.isascii() and value.strip() for value in dimensions.values())
            for metric in directive["Metrics"]:
                values = line[metric["Name"]]
                total = sum(values) if isinstance(values, list) else values
                yield Metric(directive["Namespace"], metric["Name"], dimensions, total)
