from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

import pytest
from moto import mock_aws
from rich.console import Console

from shared.reading.sources import waiting
from shared.storage.parked import Parked
from shared.storage.source_health import SourceHealth
from tests.support.clients import dynamodb_client
from tests.support.template import create_tables
from tools.source_health import fares, findings, listed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
SECRET = "hush-hush-hush-hu"
DOCUMENT: dict[str, dict[str, Any]] = {
    "nps": {"provider": "delighted", "secrets": [SECRET], "silent_after_days": 3},
    "hr": {"provider": "standard", "secrets": [SECRET]},
}


@pytest.fixture
def client() -> Iterator["DynamoDBClient"]:
    with mock_aws():
        dynamodb = dynamodb_client()
        create_tables(dynamodb)
        yield dynamodb


def kept(client: "DynamoDBClient") -> SourceHealth:
    return SourceHealth(client, "SourceHealthTable")


def parked(client: "DynamoDBClient") -> Parked:
    return Parked(client, "ParkedTable", timedelta(days=30))


def shown(client: "DynamoDBClient", now: datetime = NOW) -> list[list[str]]:
    """The cells of each row."""
    table = listed(fares(DOCUMENT, kept(client), parked(client), now), now)
    return [[str(cell) for cell in row] for row in zip(*(column.cells for column in table.columns), strict=True)]


def test_a_source_that_nobody_heard_of_is_listed_too(client: "DynamoDBClient") -> None:
    assert shown(client) == [
        ["hr", "standard", "never", "nothing", "nothing"],
        ["nps", "delighted", "never", "nothing", "nothing"],
    ]


def test_it_is_told_when_a_source_was_heard_and_what_became_of_its_calls_within_a_day(client: "DynamoDBClient") -> None:
    kept(client).add("nps", "heard", {"accepted": 9}, NOW - timedelta(hours=26))
    kept(client).add("nps", "heard", {"accepted": 2, "duplicate": 1}, NOW - timedelta(hours=24))
    kept(client).add("nps", "heard", {"accepted": 3}, NOW - timedelta(minutes=4))
    kept(client).add("nps", "refused", {"refused": 7}, NOW - timedelta(minutes=1))

    assert shown(client)[1] == [
        "nps",
        "delighted",
        "4 minutes ago",
        "5 accepted, 1 duplicate, 7 refused",
        "nothing",
    ]


def test_a_source_is_called_silent_after_its_days(client: "DynamoDBClient") -> None:
    kept(client).add("nps", "heard", {"accepted": 1}, NOW - timedelta(days=3))
    kept(client).add("hr", "heard", {"accepted": 1}, NOW - timedelta(days=300))

    assert [row[2] for row in shown(client)] == ["300 days ago", "3 days ago, silent: 3 days are allowed"]


def test_when_a_source_was_heard_stands_behind_any_number_of_refused_calls(client: "DynamoDBClient") -> None:
    kept(client).add("nps", "heard", {"accepted": 1}, NOW - timedelta(hours=200))
    for hours in range(100):
        kept(client).add("nps", "refused", {"refused": 1}, NOW - timedelta(hours=hours))

    assert shown(client)[1][2:4] == ["8 days ago, silent: 3 days are allowed", "25 refused"]


def test_what_is_parked_is_counted_by_reason(client: "DynamoDBClient") -> None:
    for number in range(150):
        reason = "unknown_client" if number < 120 else "no_usable_score"
        parked(client).park("nps", reason, "", str(number).encode(), "application/json", now=NOW)

    reasons = Counter(item.reason for item in waiting(parked(client), "nps"))
    assert reasons == {"unknown_client": 120, "no_usable_score": 30}
    assert shown(client)[1][4] == "150: 120 unknown_client, 30 no_usable_score"


def test_calls_of_others_are_listed_where_there_were_any(client: "DynamoDBClient") -> None:
    for name in ("unknown", "api", "payroll"):
        kept(client).add(name, "heard", {"accepted": 2}, NOW)

    assert [row[:2] for row in shown(client)][2:] == [
        ["payroll", "with a token of ours"],
        ["api", "with a token for every source"],
        ["unknown", "without a source or token of ours"],
    ]


def test_no_secret_is_shown(client: "DynamoDBClient") -> None:
    console = Console(record=True, width=200)
    console.print(listed(fares(DOCUMENT, kept(client), parked(client), NOW), NOW))

    assert SECRET not in console.export_text()


def test_an_item_of_another_release_is_left_out(client: "DynamoDBClient") -> None:
    client.put_item(
        TableName="SourceHealthTable",
        Item={"source": {"S": "nps"}, "entry": {"S": "heard#2026-11-24T12"}, "format": {"N": "9"}},
    )

    assert shown(client)[1][2:4] == ["never", "nothing"]


def told(client: "DynamoDBClient") -> list[str]:
    document = {name: {**told, "client": "event_data.client"} for name, told in DOCUMENT.items()}
    return findings(fares(document, kept(client), parked(client), NOW))


def test_a_source_whose_payloads_name_nobody_is_told_with_where_it_looks_and_what_there_is(
    client: "DynamoDBClient",
) -> None:
    kept(client).add("nps", "heard", {"parked": 2}, NOW)
    for number in range(2):
        body = f'{{"person": {{"email": "jo{number}@example.com", "company": "Acme"}}}}'.encode()
        parked(client).park("nps", "unknown_client", "nobody", body, "application/json", now=NOW)

    first, where, second = told(client)

    assert first == "nps: No call of the last day names a client where the source looks."
    assert where == "  The client is found by event_data.client"
    assert second.endswith("(unknown_client) has person.email, person.company")
    assert "jo0" not in second


def test_a_source_of_which_something_counted_is_told_of_with_nothing(client: "DynamoDBClient") -> None:
    kept(client).add("nps", "heard", {"parked": 9, "accepted": 1}, NOW)
    parked(client).park("nps", "unknown_client", "nobody", b"{}", "application/json", now=NOW)

    assert told(client) == []


@pytest.mark.parametrize(
    ("sort", "counts", "words"),
    [
        ("heard", {"parked": 1}, "nps: Nothing of the last day was taken as it came; it was parked."),
        ("heard", {"thin": 3}, "nps: It tells only that something changed"),
        ("refused", {"refused": 4}, "nps: Every call of the last day was refused"),
    ],
)
def test_it_is_told_why_nothing_of_a_source_counts(
    client: "DynamoDBClient", sort: Literal["heard", "refused"], counts: dict[str, int], words: str
) -> None:
    kept(client).add("nps", sort, counts, NOW)
    parked(client).park("nps", "no_usable_score", "no score", b"not JSON", "application/json", now=NOW)

    assert told(client)[0].startswith(words)


def test_what_cannot_be_read_has_no_shape(client: "DynamoDBClient") -> None:
    kept(client).add("nps", "heard", {"parked": 1}, NOW)
    parked(client).park("nps", "not_readable", "no JSON", b"{", "application/json", now=NOW)

    assert told(client)[1].endswith("(not_readable) has nothing that can be read")
