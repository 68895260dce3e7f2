"""A table as it was: made by DynamoDB beside the one that is, used, and deleted again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from shared.opmm.timestamps import rfc3339
from tools.errors import ToolError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PAUSE = 15.0
_LONGEST = 24 * 60 * 60.0
"""Seconds after which nobody waits: DynamoDB goes on by itself, and the same command finds what it has made."""

_GONE = "ResourceNotFoundException"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a table held at a time, in a table of its own; its name tells both, so that it is found again."""

    client: "DynamoDBClient"
    table: str
    at: datetime

    @property
    def name(self) -> str:
        """The table that is made."""
        return f"{self.table[:200]}-as-of-{self.at:%Y%m%dT%H%M%SZ}"

    def require_reachable(self) -> None:
        """Raises ToolError for a time that the table cannot be had of, unless it was made already."""
        if self._status() is not None:
            return
        earliest, latest = self._ends()
        if earliest is None or latest is None or not earliest <= self.at <= latest:
            raise self._unreachable(earliest, latest)

    def make(self, pause: Callable[[float], object], say: Callable[[str], object]) -> None:
        """Has it made, unless it is there; waits until it is. Raises ToolError for a time that cannot be had."""
        if self._status() is None:
            say(f"DynamoDB makes {self.name}. That takes from some minutes to an hour; broken off, it can be repeated.")
            self._begin()
        waited = 0.0
        while (status := self._status()) != "ACTIVE":
            if status is None:
                raise ToolError(f"DynamoDB gave up making {self.name}. Repeat it.")
            if waited >= _LONGEST:
                raise ToolError(f"{self.name} is {status.lower()} after {waited / 3600:.0f} hours. Repeat it later.")
            pause(_PAUSE)
            waited += _PAUSE
            if waited % 60 == 0:
                say(f"  {waited / 60:.0f} min: {status.lower()}")

    def made_at(self) -> datetime:
        """When it began to be made, perhaps by an earlier try."""
        made: datetime = self.client.describe_table(TableName=self.name)["Table"]["CreationDateTime"]
        return made

    def discard(self) -> bool:
        """Deletes it; gives whether it was there."""
        if self._status() is None:
            return False
        self.client.delete_table(TableName=self.name)
        return True

    def _begin(self) -> None:
        try:
            self.client.restore_table_to_point_in_time(
                SourceTableName=self.table,
                TargetTableName=self.name,
                RestoreDateTime=self.at,
                BillingModeOverride="PAY_PER_REQUEST",
            )
        except ClientError as refused:
            code = refused.response["Error"]["Code"]
            if code not in ("InvalidRestoreTimeException", "PointInTimeRecoveryUnavailableException"):
                raise
            raise self._unreachable(*self._ends()) from refused

    def _ends(self) -> tuple[datetime | None, datetime | None]:
        """The earliest and the latest time that there is; None where none is kept."""
        told: Any = self.client.describe_continuous_backups(TableName=self.table)["ContinuousBackupsDescription"]
        recovery = told.get("PointInTimeRecoveryDescription", {})
        return recovery.get("EarliestRestorableDateTime"), recovery.get("LatestRestorableDateTime")

    def _unreachable(self, earliest: datetime | None, latest: datetime | None) -> ToolError:
        if earliest is None or latest is None:
            why = "point-in-time recovery is not on."
        else:
            why = (
                f"only from {rfc3339(earliest)} to {rfc3339(latest)}. Kept are the last 35 days, not before the table "
                "was made, and the last five minutes are still to come."
            )
        return ToolError(f"{self.table} cannot be had as of {rfc3339(self.at)}: {why}")

    def _status(self) -> str | None:
        try:
            table = self.client.describe_table(TableName=self.name)["Table"]
        except ClientError as refused:
            if refused.response["Error"]["Code"] != _GONE:
                raise
            return None
        restoring = table.get("RestoreSummary", {}).get("RestoreInProgress", False)
        return "RESTORING" if restoring else table["TableStatus"]
