from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from shared.opmm.ledger import Change
from shared.opmm.model import Model
from shared.storage.codec import alias_item, scorecard_item
from shared.storage.dynamodb import Segment, from_item, to_item
from shared.storage.ledger_codec import change_item
from shared.storage.records import Alias, Record, Unreadable, Vacant
from shared.storage.scores import MOST_HOPS, Scores, VersionConflictError
from tests.support.damage import opened
from tests.support.models import test_model
from tests.unit.opmm.inputs import MODEL
from tests.unit.storage.items import ALIAS, CHANGE, NOW, SCORED, Item, Path, with_other, without

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ZONE = ZoneInfo("Europe/Amsterdam")
SCORECARD = opened(to_item(scorecard_item(SCORED.record, SCORED.card)))
MARKER = to_item({**alias_item("acme", ALIAS), "alias_of": "beta"})
TIED = ("beta", *ALIAS.claimants)
OTHERS = SCORED.record.inputs.description.aliases
"""The other names that a scorecard tells, also where the rest of it cannot be read."""
VACANT = to_item(
    {
        "client_id": "acme",
        "item": "scorecard",
        "format": 1,
        "version": 4,
        "changed_at": "2026-11-23T09:30:00.000250Z",
    }
)
WRONG: list[Item] = [{"N": "1.5"}, {"BOOL": True}, {"L": [{"S": "x"}]}, {"M": {}}, {"SS": ["x"]}]
LOCKS: list[Item | None] = [
    None,
    {"N": "7"},
    {"N": "1.5"},
    {"S": "7"},
    {"BOOL": True},
    {"L": []},
    {"M": {"x": {"S": "y"}}},
]
"""What may lie where a version should."""


@pytest.fixture
def scores(client: "DynamoDBClient") -> Scores:
    return Scores(client, "ScoresTable", MODEL, ZONE)


def lay(client: "DynamoDBClient", item: Item) -> None:
    client.put_item(TableName="ScoresTable", Item=item)


def lying(client: "DynamoDBClient", name: str = "acme") -> Item:
    key = to_item({"client_id": name, "item": "scorecard"})
    return dict(client.get_item(TableName="ScoresTable", Key=key).get("Item", {}))


def test_nothing_is_vacant(scores: Scores) -> None:
    assert scores.read("acme") == Vacant()


@pytest.mark.parametrize(
    ("item", "record"),
    [
        (SCORECARD, SCORED.record),
        (MARKER, replace(ALIAS, alias_of="beta")),
        (without(MARKER, ("changed_at",)), replace(ALIAS, alias_of="beta", changed_at=None)),
        (VACANT, Vacant(4, NOW)),
        (without(VACANT, ("changed_at",)), Vacant(4)),
    ],
    ids=["scorecard", "alias", "alias without a ledger", "vacant", "vacant without a ledger"],
)
def test_what_lies_under_a_name_is_read(client: "DynamoDBClient", scores: Scores, item: Item, record: Record) -> None:
    lay(client, item)
    assert scores.read("acme") == record


@pytest.mark.parametrize(
    ("item", "path"),
    [
        *[
            (item, (attribute,))
            for item in (SCORECARD, MARKER, VACANT)
            for attribute in ("format", "version", "alias_of")
        ],
        (SCORECARD, ("inputs",)),
        (VACANT, ("inputs",)),
        (SCORECARD, ("summary", "changed_at")),
        (MARKER, ("changed_at",)),
        (VACANT, ("changed_at",)),
    ],
)
def test_what_cannot_be_read_is_unreadable(client: "DynamoDBClient", scores: Scores, item: Item, path: Path) -> None:
    # The row of a scorecard tells the version once more.
    version = 0 if path == ("version",) and item is not SCORECARD else int(item["version"]["N"])
    changed_at = None if path[-1] == "changed_at" else NOW
    tied = OTHERS if item is SCORECARD else ()
    if item is MARKER:
        tied = ALIAS.claimants if path == ("alias_of",) else TIED
    for other in WRONG:
        damaged = with_other(item, path, other)
        lay(client, damaged)
        assert scores.read("acme") == Unreadable(version, damaged["version"], changed_at, tied=tied)


@pytest.mark.parametrize(
    ("item", "unreadable"),
    [
        (SCORECARD, Unreadable(7, None, NOW, tied=OTHERS)),  # its row tells it once more
        (MARKER, Unreadable(0, None, NOW, tied=TIED)),
        (VACANT, Unreadable(0, None, NOW)),
    ],
    ids=["scorecard", "alias", "vacant"],
)
def test_what_has_lost_its_version_is_unreadable_and_still_leads_to_its_names(
    client: "DynamoDBClient", scores: Scores, item: Item, unreadable: Unreadable
) -> None:
    lay(client, without(item, ("version",)))
    assert scores.read("acme") == unreadable


@pytest.mark.parametrize(
    "path", [("summary",), ("inputs",), ("inputs", "answers", "roadmap", 2), ("made_with", 1)], ids=str
)
def test_a_scorecard_that_has_lost_a_part_is_unreadable(client: "DynamoDBClient", scores: Scores, path: Path) -> None:
    lay(client, without(SCORECARD, path))
    assert scores.read("acme") == Unreadable(7, {"N": "7"}, None if path == ("summary",) else NOW, tied=OTHERS)


def test_a_summary_of_any_shape_is_survived(client: "DynamoDBClient", scores: Scores) -> None:
    shapes: list[Item] = [{"S": "x"}, {"L": []}, {"M": {"changed_at": {"S": "x"}}}, {"M": {"changed_at": {"M": {}}}}]
    for other in shapes:
        lay(client, with_other(SCORECARD, ("summary",), other))
        assert scores.read("acme") == Unreadable(7, {"N": "7"}, tied=OTHERS)


OTHERWISE = Unreadable(7, {"N": "7"}, NOW, made_otherwise=True, tied=OTHERS)


@pytest.mark.parametrize(
    ("model", "zone", "unreadable"),
    [
        (test_model("six"), ZONE, replace(OTHERWISE, other_model=True)),
        (MODEL, ZoneInfo("Pacific/Auckland"), OTHERWISE),
        (
            test_model("six"),
            ZoneInfo("Pacific/Auckland"),
            replace(OTHERWISE, other_model=True),
        ),
    ],
    ids=["model", "zone", "both"],
)
def test_a_scorecard_that_was_made_with_something_else_is_unreadable(
    client: "DynamoDBClient", model: Model, zone: ZoneInfo, unreadable: Unreadable
) -> None:
    lay(client, SCORECARD)
    assert Scores(client, "ScoresTable", model, zone).read("acme") == unreadable


def lay_unreadable(client: "DynamoDBClient", lock: Item | None) -> None:
    """A scorecard of another format, with this in the place of its version."""
    unreadable = with_other(SCORECARD, ("format",), {"N": "2"})
    lay(client, with_other(unreadable, ("version",), lock) if lock else without(unreadable, ("version",)))


@pytest.mark.parametrize("changes", [[], [CHANGE]], ids=["no change", "a change"])
def test_what_cannot_be_read_is_replaced(client: "DynamoDBClient", scores: Scores, changes: list[Change]) -> None:
    for lock in LOCKS:
        lay_unreadable(client, lock)
        read = scores.read("acme")
        assert isinstance(read, Unreadable)
        scores.write(SCORED.record, SCORED.card, changes, over=read)
        assert scores.read("acme") == SCORED.record
        assert scores.ledger("acme") == changes


@pytest.mark.parametrize("changes", [[], [CHANGE]], ids=["no change", "a change"])
def test_what_cannot_be_read_is_replaced_only_while_it_lies_there(
    client: "DynamoDBClient", scores: Scores, changes: list[Change]
) -> None:
    since: list[Item] = [{"N": "8"}, {"S": "8"}]
    for lock, later in product(LOCKS, since):
        lay_unreadable(client, lock)
        read = scores.read("acme")
        written_since = with_other(SCORECARD, ("version",), later)
        lay(client, written_since)
        with pytest.raises(VersionConflictError):
            scores.write(SCORED.record, SCORED.card, changes, over=read)
        assert lying(client) == written_since
        assert scores.ledger("acme") == []


@pytest.mark.parametrize("item", [None, SCORECARD, MARKER, VACANT], ids=["nothing", "scorecard", "alias", "vacant"])
@pytest.mark.parametrize("changes", [[], [CHANGE]], ids=["no change", "a change"])
def test_a_write_holds_only_while_what_was_read_is_there(
    client: "DynamoDBClient", scores: Scores, item: Item | None, changes: list[Change]
) -> None:
    if item:
        lay(client, item)
    read = scores.read("acme")
    changed = replace(SCORED.record, version=read.version + 1)
    scores.write(changed, SCORED.card, changes, over=read)
    again = replace(changed, version=read.version + 2)
    with pytest.raises(VersionConflictError):
        scores.write(again, SCORED.card, [replace(CHANGE, version=99)], over=read)
    assert scores.read("acme") == changed
    assert scores.ledger("acme") == changes


def test_an_alias_and_a_vacant_name_are_read_as_they_were_written(client: "DynamoDBClient", scores: Scores) -> None:
    scores.write(SCORED.record, SCORED.card, [], over=Vacant())
    scores.mark_alias("acme", ALIAS, [CHANGE], over=SCORED.record)
    assert scores.read("acme") == ALIAS
    assert scores.ledger("acme") == [CHANGE]
    scores.vacate("acme", Vacant(4, NOW), over=ALIAS)
    assert scores.read("acme") == Vacant(4, NOW)
    assert lying(client) == VACANT
    with pytest.raises(VersionConflictError):
        scores.mark_alias("acme", ALIAS, over=ALIAS)


def test_entries_of_the_ledger_that_cannot_be_read_are_left_out(client: "DynamoDBClient", scores: Scores) -> None:
    entries = [replace(CHANGE, version=version) for version in (1, 2, 3)]
    items = [to_item(change_item("acme", entry)) for entry in entries]
    for item in (items[0], without(items[1], ("moves", 0, 3)), items[2]):
        lay(client, item)
    assert scores.ledger("acme") == [entries[0], entries[2]]
    assert scores.latest_changes("acme") == [entries[2], entries[0]]
    assert scores.latest_changes("acme", count=1) == [entries[2]]


def test_names_are_those_of_scorecards_readable_or_not(client: "DynamoDBClient", scores: Scores) -> None:
    lay(client, with_other(SCORECARD, ("client_id",), {"S": "beta"}))
    lay(client, with_other(without(SCORECARD, ("inputs",)), ("client_id",), {"S": "alpha"}))
    lay(client, MARKER)
    lay(client, to_item(change_item("gamma", CHANGE)))
    assert scores.names(Segment()) == ({"alpha", "beta"}, None)


def test_a_name_leads_to_the_client_behind_its_aliases(client: "DynamoDBClient", scores: Scores) -> None:
    for name, owner in [("a", "b"), ("b", "c")]:
        lay(client, to_item(alias_item(name, Alias(1, owner, (owner,)))))
    assert [scores.client_named(name) for name in ("a", "b", "c", "nobody")] == [
        ("c", False),
        ("c", False),
        ("c", False),
        ("nobody", False),
    ]
    lay(client, with_other(SCORECARD, ("client_id",), {"S": "c"}))
    assert [scores.client_named(name) for name in ("a", "c")] == [("c", True), ("c", True)]


def test_aliases_that_run_in_a_circle_are_followed_to_an_end(client: "DynamoDBClient", scores: Scores) -> None:
    for name, owner in [("a", "b"), ("b", "a")]:
        lay(client, to_item(alias_item(name, Alias(1, owner, (owner,)))))
    assert MOST_HOPS % 2 == 0
    assert scores.client_named("a") == ("a", True)


def test_what_is_stored_is_told_apart_by_a_format_number(client: "DynamoDBClient", scores: Scores) -> None:
    scores.write(SCORED.record, SCORED.card, [CHANGE], over=Vacant())
    scores.mark_alias("beta", ALIAS, over=Vacant())
    scores.vacate("gamma", Vacant(1), over=Vacant())
    items = client.scan(TableName="ScoresTable")["Items"]
    assert len(items) == 4
    assert {from_item(item)["format"] for item in items} == {1}
