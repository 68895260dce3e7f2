"""What is wrong with a stack by now: its alarms, with the pages of the runbook that they name."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.table import Table

from shared.opmm.timestamps import rfc3339
from tools.options import Profile, Region, StackName
from tools.tables import plain_table, show_table
from tools.target import Target

_PAGE = re.compile(r"docs/runbook\.md#[\w-]+")
_STATES = {"ALARM": "wrong", "OK": "right", "INSUFFICIENT_DATA": "nothing known yet"}
_WORST_FIRST = ("ALARM", "INSUFFICIENT_DATA", "OK")


@dataclass(frozen=True)
class State:
    """One alarm."""

    name: str
    state: str
    since: datetime
    page: str


def states(client: Any, stack: str) -> Iterator[State]:
    """The alarms of a stack, what is wrong first."""
    found = []
    for page in client.get_paginator("describe_alarms").paginate(AlarmNamePrefix=f"{stack}-"):
        for alarm in page["MetricAlarms"]:
            told = _PAGE.search(alarm.get("AlarmDescription", ""))
            if told:  # another stack's name may begin with this one's; its alarms are told with it
                found.append(State(alarm["AlarmName"], alarm["StateValue"], alarm["StateUpdatedTimestamp"], told[0]))
    return iter(sorted(found, key=lambda state: (_WORST_FIRST.index(state.state), state.name)))


def listed(found: Iterable[State]) -> Table:
    """A row for each alarm."""
    table = plain_table("alarm", "state", "since", "page")
    for state in found:
        table.add_row(state.name, _STATES[state.state], rfc3339(state.since.replace(microsecond=0)), state.page)
    return table


def alarms(*, stack: StackName = None, region: Region = None, profile: Profile = None) -> None:
    """List the alarms of a stack, what is wrong first, with the pages of the runbook."""
    target = Target.of(stack, region, profile)
    found = list(states(target.session.client("cloudwatch", endpoint_url=target.endpoint_url), target.name))
    if not found:
        print(f"{target.name} has no alarms: it was deployed without AlarmEmail.")
        return
    show_table(listed(found))
