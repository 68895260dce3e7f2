from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from tools.__main__ import app
from tools.errors import ToolError
from tools.restore.backup import Backup
from tools.restore.command import Summary

AT = datetime(2026, 11, 25, 10, tzinfo=UTC)


def refused(*words: str) -> str:
    ended = CliRunner().invoke(app, ["restore", *words])
    assert ended.exit_code != 0
    return str(ended.exception) if isinstance(ended.exception, ToolError) else ended.output


@pytest.mark.parametrize(
    ("time", "fault"),
    [
        ("yesterday", "RFC 3339"),
        ("2026-11-25T10:00:00", "with an offset"),
        ("2026-11-25T25:00:00Z", "no time of the calendar"),
        ("9999-01-01T00:00:00Z", "lies in the future"),
        ("", "it is empty"),
    ],
)
def test_a_time_is_one_of_the_past_with_its_offset(time: str, fault: str) -> None:
    assert fault in refused("--time", time)


def test_it_goes_back_to_a_time_or_to_an_export(tmp_path: Path) -> None:
    assert refused().startswith("Back to what? TIME=")
    assert "not both" in refused("--time", "2026-11-25T10:00:00Z", "--from", str(tmp_path))
    assert "go with TIME=" in refused("--from", str(tmp_path), "--exact")
    assert "it is empty" in refused("--time", "2026-11-25T10:00:00Z", "--client", " ,")


class Tables:
    """A DynamoDB that makes a table of then in some steps, or will not."""

    def __init__(self, *statuses: str, refuses: str = "") -> None:
        self.statuses = list(statuses)
        self.refuses = refuses
        self.began: list[dict[str, Any]] = []
        self.span = {"EarliestRestorableDateTime": AT, "LatestRestorableDateTime": AT}

    def describe_table(self, **_: Any) -> Any:
        if not self.began or not self.statuses:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": ""}}, "DescribeTable")
        status = self.statuses.pop(0)
        return {"Table": {"TableStatus": "ACTIVE", "RestoreSummary": {"RestoreInProgress": status == "RESTORING"}}}

    def restore_table_to_point_in_time(self, **request: Any) -> None:
        if self.refuses:
            raise ClientError({"Error": {"Code": self.refuses, "Message": ""}}, "RestoreTableToPointInTime")
        self.began.append(request)

    def describe_continuous_backups(self, **_: Any) -> Any:
        return {"ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": self.span}}


def backup(tables: Any, at: datetime = AT) -> Backup:
    return Backup(tables, "opmm-FactsTable-1", at)


@pytest.mark.parametrize(("seconds", "reachable"), [(-1, False), (0, True), (60, True), (61, False)])
def test_a_time_is_refused_before_anything_begins_when_the_table_is_not_kept_for_it(
    seconds: int, *, reachable: bool
) -> None:
    tables, at = Tables(), AT + timedelta(seconds=seconds)
    tables.span = {"EarliestRestorableDateTime": AT, "LatestRestorableDateTime": AT + timedelta(minutes=1)}

    if reachable:
        backup(tables, at).require_reachable()
    else:
        with pytest.raises(
            ToolError, match=r"only from 2026-11-25T10:00:00Z to 2026-11-25T10:01:00Z. Kept are the last"
        ):
            backup(tables, at).require_reachable()
    assert tables.began == []


def test_no_time_is_reachable_without_point_in_time_recovery() -> None:
    tables = Tables()
    tables.span = {}

    with pytest.raises(ToolError, match="point-in-time recovery is not on"):
        backup(tables).require_reachable()


def test_a_table_that_was_made_already_is_used_however_long_ago_that_is() -> None:
    tables = Tables("ACTIVE")
    tables.began.append({})
    tables.span = {}

    backup(tables).require_reachable()


def test_a_table_that_is_never_made_is_not_waited_for_without_end() -> None:
    tables, waited = Tables(*["RESTORING"] * 10_000), list[float]()

    with pytest.raises(ToolError, match="is restoring after 24 hours"):
        backup(tables).make(waited.append, lambda _: None)

    assert sum(waited) == 24 * 60 * 60


def test_the_table_of_then_is_waited_for() -> None:
    tables, waited, said = Tables("RESTORING", "RESTORING", "ACTIVE"), list[float](), list[str]()

    backup(tables).make(waited.append, said.append)

    assert waited == [15, 15]
    assert [(it["SourceTableName"], it["TargetTableName"], it["RestoreDateTime"]) for it in tables.began] == [
        ("opmm-FactsTable-1", "opmm-FactsTable-1-as-of-20261125T100000Z", AT)
    ]
    assert said[0].startswith("DynamoDB makes opmm-FactsTable-1-as-of-20261125T100000Z.")


def test_a_time_that_cannot_be_had_is_told_with_those_that_can() -> None:
    with pytest.raises(ToolError, match="only from 2026-11-25T10:00:00Z to 2026-11-25T10:00:00Z"):
        backup(Tables(refuses="InvalidRestoreTimeException")).make(lambda _: None, lambda _: None)


def test_a_table_that_is_given_up_is_told() -> None:
    with pytest.raises(ToolError, match="gave up making"):
        backup(Tables("RESTORING")).make(lambda _: None, lambda _: None)


def test_other_refusals_are_not_hidden() -> None:
    with pytest.raises(ClientError):
        backup(Tables(refuses="AccessDeniedException")).make(lambda _: None, lambda _: None)


def test_a_preview_tells_what_is_found_and_what_becomes_of_it() -> None:
    summary = Summary(
        found=Counter({"missing": 1204, "damaged": 12, "later": 3, "added": 87, "erased": 4, "the same": 90_000}),
        changing=Counter({"missing": 1204, "damaged": 12}),
        by_client=Counter({"acme": 1000, "beta": 216}),
    )

    assert summary.told("Then and now:").splitlines() == [
        "Then and now:",
        "      1204  missing now: brought back",
        "        12  damaged, or older than then: put right",
        "         3  told otherwise since: left as they are (EXACT=1 changes them)",
        "        87  added since: left as they are (EXACT=1 changes them)",
        "         4  erased since: left out",
        "     90000  as they were",
        "Changes by client: acme 1000, beta 216.",
    ]
