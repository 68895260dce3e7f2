"""How many invocations run at once: what is asked of the account, and whether the parts of it fit into one another."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from tools.deploy.parameters import document
from tools.errors import ToolError

UNRESERVED = 100
"""What AWS leaves to functions for which nothing is set aside.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
"""

FOR_CALLERS = 5
"""Invocations at once that should be left for those who wait for an answer."""


def check_fit(values: Mapping[str, str]) -> None:
    """Raises ToolError where the score function has no room for what wakes it.

    A queue that wakes a function more often at once than that may run is throttled, and its messages are given up.
    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
    """
    score, night = int(values["ScoreConcurrency"]), int(values["NightConcurrency"])
    wakes = {
        name: each["Properties"]
        for name, each in document()["Resources"]["ScoreFunction"]["Properties"]["Events"].items()
    }
    stream = wakes["FactsChanged"]["ParallelizationFactor"]
    given_up = wakes["RecordsGivenUp"]["ScalingConfig"]["MaximumConcurrency"]
    least = night + given_up + stream
    if 0 < score < least:
        room = score - given_up - stream
        lower = f", or NightConcurrency={room} at most" if room > 1 else ""
        raise ToolError(
            f"ScoreConcurrency={score}: the night takes {night} of it (NightConcurrency), what was given up "
            f"{given_up} and the stream {stream} at least; allowed are 0, {least} and more{lower}.\n"
            "Nothing was built or deployed."
        )


def check_account(client: Any, values: Mapping[str, str], standing: Mapping[str, str]) -> str | None:
    """What to know of the account before it is deployed to, in a line; None where there is room.

    Raises ToolError where AWS would refuse to set aside so much. Who may not look it up is left to AWS.
    """
    try:
        limit = client.get_account_settings()["AccountLimit"]
    except ClientError:
        return None
    whole, free = limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"]
    asked, held = _set_aside(values), _set_aside(standing)
    most = max(free + held - UNRESERVED, 0)
    if asked > max(most, held):
        raise ToolError(
            f"ScoreConcurrency and IngestConcurrency set {asked} aside: this account runs {whole} at once, of which "
            f"{most} can be, as AWS keeps {UNRESERVED} for all else. Leave them at 0, or ask AWS for more.\n"
            "Nothing was built or deployed."
        )
    busy = int(values["NightConcurrency"]) * (values["ScoreConcurrency"] == "0") + int(values["DeliveryConcurrency"])
    if free + held - asked - busy < FOR_CALLERS:
        return (
            f"This account runs {whole} functions at once. The night and deliveries may take {busy} of them, and then "
            'callers get errors: PARAMS="NightConcurrency=2 DeliveryConcurrency=2" leaves them room; ask AWS for more.'
        )
    return None


def _set_aside(values: Mapping[str, str]) -> int:
    return sum(int(values.get(name, "0")) for name in ("ScoreConcurrency", "IngestConcurrency"))
