"""Drafts on the table as the template declares it."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from shared.storage.drafts import Draft, Drafts, NewerDraftError, draft_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
KEY = draft_key("talk", "noor", "t-1")


@pytest.fixture
def drafts(client: "DynamoDBClient") -> Drafts:
    return Drafts(client, "DraftsTable")


def test_what_was_kept_last_is_read_with_its_version(drafts: Drafts) -> None:
    first = drafts.keep("acme", KEY, {"summary": ""}, over=0, now=NOW)
    second = drafts.keep("acme", KEY, {"summary": "We"}, over=first.version, now=NOW + timedelta(minutes=1))

    assert drafts.read("acme", KEY, NOW) == second == Draft({"summary": "We"}, 2, NOW + timedelta(minutes=1))
    assert drafts.read("acme", draft_key("talk", "ada", "t-1"), NOW) is None
    assert drafts.read("beta", KEY, NOW) is None


def test_a_newer_one_stays_and_is_told(drafts: Drafts) -> None:
    held = drafts.keep("acme", KEY, {"summary": "there"}, over=0, now=NOW)

    with pytest.raises(NewerDraftError) as refused:
        drafts.keep("acme", KEY, {"summary": "here"}, over=0, now=NOW)

    assert refused.value.newer == held
    assert drafts.read("acme", KEY, NOW) == held


def test_the_same_once_more_is_no_other(drafts: Drafts) -> None:
    held = drafts.keep("acme", KEY, {"summary": "once"}, over=0, now=NOW)

    assert drafts.keep("acme", KEY, {"summary": "once"}, over=0, now=NOW) == held


def test_one_whose_time_is_over_is_absent_and_in_nobodys_way(drafts: Drafts) -> None:
    drafts.keep("acme", KEY, {"summary": "old"}, over=0, now=NOW)
    later = NOW + timedelta(days=30)

    assert drafts.read("acme", KEY, later) is None
    assert drafts.keep("acme", KEY, {"summary": "new"}, over=0, now=later).version == 1


@pytest.mark.parametrize(
    "item",
    [
        {"format": {"N": "2"}},
        {"format": {"N": "1"}},
        {"format": {"N": "1"}, "expires_at": {"S": "soon"}},
        {"format": {"N": "1"}, "expires_at": {"N": "9999999999"}, "filled": {"M": {"a": {"N": "1"}}}},
        {"format": {"N": "1"}, "expires_at": {"N": "9999999999"}, "filled": {"M": {}}, "version": {"N": "1"}},
    ],
    ids=str,
)
def test_what_cannot_be_read_is_absent(
    client: "DynamoDBClient", drafts: Drafts, item: dict[str, dict[str, str]]
) -> None:
    client.put_item(TableName="DraftsTable", Item={"client_id": {"S": "acme"}, "draft": {"S": KEY}, **item})

    assert drafts.read("acme", KEY, NOW) is None


def test_a_draft_can_be_dropped_twice_and_all_of_a_client_are_listed(drafts: Drafts) -> None:
    for editor in ("ada", "noor"):
        drafts.keep("acme", draft_key("talk", editor), {}, over=0, now=NOW)
    drafts.keep("beta", KEY, {}, over=0, now=NOW)

    found = drafts.keys("acme", 10)
    assert found == sorted([draft_key("talk", "ada"), draft_key("talk", "noor")])
    assert len(drafts.keys("acme", 1)) == 1
    for key in (*found, *found):
        drafts.drop("acme", key)
    assert drafts.keys("acme", 10) == []


def test_a_key_does_not_say_who_the_editor_is() -> None:
    assert "noor" not in draft_key("talk", "noor@agency.example")
    assert draft_key("talk", "noor", "1") != draft_key("talk", "noor", "2") != draft_key("talk", "ada", "2")
