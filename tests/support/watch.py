"""What the template has of alarms: each with its metric, as it stands when somebody is to be told."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.template import document, resolved

RUNBOOK = Path(__file__).parents[2] / "docs" / "runbook.md"
TOLD = {"AlarmEmail": "operator@example.com"}
OWN = "OPMM/opmm"
"""The namespace of the metrics of our own."""

PAGE = re.compile(r"docs/runbook\.md#([\w-]+)")


@dataclass(frozen=True)
class Alarm:
    """One alarm."""

    name: str
    description: str
    metric: tuple[str, str]
    """Namespace and name."""
    dimensions: Mapping[str, str]
    settings: Mapping[str, Any]

    @property
    def page(self) -> str:
        """The anchor of its page in the runbook; empty when it names none."""
        named = PAGE.findall(self.description)
        return named[0] if len(named) == 1 else ""


def alarms() -> list[Alarm]:
    """Every alarm that somebody is told of: not the one that takes a release back (tests/unit/test_releases.py)."""
    return [
        Alarm(
            name=str(settings["AlarmName"]).removeprefix("opmm-"),
            description=str(settings["AlarmDescription"]),
            metric=(settings["Namespace"], settings["MetricName"]),
            dimensions={told["Name"]: told["Value"] for told in settings.get("Dimensions", [])},
            settings=settings,
        )
        for name, settings in of_type("AWS::CloudWatch::Alarm").items()
        if document()["Resources"][name]["Condition"] == "Watched"
    ]


def names_by_page() -> dict[str, set[str]]:
    """The alarms that name each page of the runbook, the one that takes a release back among them."""
    found: dict[str, set[str]] = {}
    for settings in of_type("AWS::CloudWatch::Alarm").values():
        for page in PAGE.findall(str(settings["AlarmDescription"])):
            found.setdefault(page, set()).add(str(settings["AlarmName"]).removeprefix("opmm-"))
    return found


def of_type(kind: str) -> dict[str, Any]:
    """The properties of every resource of a type, by logical id."""
    resources = document()["Resources"].items()
    return {name: resolved(found.get("Properties", {}), TOLD) for name, found in resources if found["Type"] == kind}


def pages() -> dict[str, str]:
    """The pages of the runbook by anchor."""
    parts = re.split(r"^## (.+)$", RUNBOOK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = zip(parts[1::2], parts[2::2], strict=True)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-"): text for title, text in named}


def dead_letter_queues() -> set[str]:
    """The queues in which ends what was given up: by queues, stream mappings, schedules and functions.

    What goes back to a function has not ended.
    """
    resources = resolved(document()["Resources"], TOLD)
    events = [event for found in resources.values() for event in found["Properties"].get("Events", {}).values()]
    read = {event["Properties"]["Queue"] for event in events if event["Type"] == "SQS"}
    return {arn.removesuffix(".Arn") for arn in {*_targets(resources)} - read}


def _targets(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "deadLetterTargetArn" in value:
            yield value["deadLetterTargetArn"]
        for name, member in value.items():
            if name == "OnFailure":
                yield member["Destination"]
            elif name in ("DeadLetterConfig", "DeadLetterQueue"):
                yield member.get("Arn") or member["TargetArn"]
            yield from _targets(member)
    elif isinstance(value, list):
        for member in value:
            yield from _targets(member)
