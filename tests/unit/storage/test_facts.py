from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from shared.opmm.facts import Fact, bare_revision, counted_revision, fact_id, revision
from shared.opmm.kinds import KINDS, REPORTED, RESPONSES
from shared.opmm.timestamps import parse_timestamp
from shared.storage.dynamodb import to_item
from shared.storage.fact_items import StoredDescription, read_fact
from shared.storage.facts import Facts, OtherVersionSortError, Span, Written
from tests.unit.storage.items import OTHERS, Item, nodes, with_other, without

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
RESPONSE = fact_id("response", "delighted", "r-1")


@pytest.fixture
def facts(client: "DynamoDBClient") -> Facts:
    return Facts(client, "FactsTable", pause=lambda _: None)


def response(score: int | None, *, at: datetime = NOON, count: int | None = None) -> Fact:
    """A version of the response; None retracts it."""
    content = {"score": score}
    takes_away = score is None
    order = (
        revision(at, content, takes_away=takes_away)
        if count is None
        else counted_revision(count, content, takes_away=takes_away)
    )
    return Fact(
        client_id="acme",
        fact_id=RESPONSE,
        kind="response",
        source="delighted",
        revision=order,
        recorded_at=at,
        timestamp=None if takes_away else parse_timestamp("2026-11-20T08:00:00Z", AMSTERDAM),
        answer={} if takes_away else {"score": score},
        counts=not takes_away,
    )


def description(answer: dict[str, Any], *, at: datetime = NOON, count: int | None = None) -> Fact:
    return Fact(
        client_id="acme",
        fact_id=fact_id("description", "crm"),
        kind="description",
        source="crm",
        revision=revision(at, answer) if count is None else counted_revision(count, answer),
        recorded_at=at,
        part="+".join(answer),
        answer=answer,
    )


def scores_of(facts: Facts) -> list[int]:
    return [fact.answer["score"] for fact in facts.responses("acme", datetime(2026, 1, 1, tzinfo=UTC))]


def without_revision(client: "DynamoDBClient", fact: Fact, instead: Item | None = None) -> None:
    """Takes the revision from what is stored of a fact, or puts something else in its place."""
    key = to_item({"client_id": fact.client_id, "fact_id": fact.fact_id})
    stored = client.get_item(TableName="FactsTable", Key=key)["Item"]
    damaged = with_other(dict(stored), ("revision",), instead) if instead else without(dict(stored), ("revision",))
    client.put_item(TableName="FactsTable", Item=damaged)


def test_the_first_version_is_accepted_and_said_to_be_the_first(facts: Facts) -> None:
    assert facts.put(response(9)) == Written("accepted", response(9).revision, first=True)
    assert scores_of(facts) == [9]


def test_the_same_version_again_is_a_duplicate(facts: Facts) -> None:
    facts.put(response(9))
    assert facts.put(response(9)) == Written("duplicate", response(9).revision)


def test_a_later_version_replaces_an_earlier_one_and_not_the_other_way_round(facts: Facts) -> None:
    later = response(3, at=NOON + timedelta(seconds=1))
    facts.put(response(9))
    assert facts.put(later) == Written("accepted", later.revision)
    assert facts.put(response(9)) == Written("superseded", later.revision)
    assert scores_of(facts) == [3]


@pytest.mark.parametrize("order", list(permutations([9, 3, None])), ids=str)
def test_a_retraction_of_the_same_instant_wins_whatever_comes_first(
    facts: Facts, order: tuple[int | None, ...]
) -> None:
    for score in order:
        facts.put(response(score))
    assert scores_of(facts) == []
    assert facts.put(response(9)) == Written("superseded", response(None).revision)


@pytest.mark.parametrize("counts", [(2, 10), (9, 10), (99, 100)], ids=str)
def test_counted_versions_are_ordered_as_numbers(facts: Facts, counts: tuple[int, int]) -> None:
    low, high = counts
    facts.put(response(9, count=high))
    assert facts.put(response(3, count=low)).outcome == "superseded"
    assert scores_of(facts) == [9]


@pytest.mark.parametrize(
    ("stored", "sent"),
    [(response(9), response(3, count=7)), (response(9, count=7), response(3, at=NOON + timedelta(days=9)))],
    ids=["counted after timed", "timed after counted"],
)
def test_a_version_of_the_other_sort_is_told_and_changes_nothing(facts: Facts, stored: Fact, sent: Fact) -> None:
    facts.put(stored)
    with pytest.raises(OtherVersionSortError):
        facts.put(sent)
    assert scores_of(facts) == [9]


@pytest.mark.parametrize("instead", [None, {"N": "7"}, {"L": []}], ids=["missing", "a number", "a list"])
@pytest.mark.parametrize("sent", [response(3), response(3, count=7)], ids=["timed", "counted"])
def test_a_fact_without_a_revision_is_replaced(
    client: "DynamoDBClient", facts: Facts, instead: Item | None, sent: Fact
) -> None:
    facts.put(response(9))
    without_revision(client, response(9), instead)
    assert scores_of(facts) == []
    assert facts.put(sent).outcome == "accepted"
    assert scores_of(facts) == [3]


def test_a_fact_without_a_revision_is_withdrawn(client: "DynamoDBClient", facts: Facts) -> None:
    facts.put(response(9))
    without_revision(client, response(9))
    assert facts.withdraw("acme", RESPONSE, response(9).revision) is None
    [stored] = facts.versions("acme", RESPONSE)
    assert (stored.lane, stored.revision) == (None, bare_revision(response(9).revision))


def test_a_fact_that_comes_back_to_a_client_is_first_there_again(facts: Facts) -> None:
    facts.put(response(9))
    facts.withdraw("acme", RESPONSE, response(9, at=NOON + timedelta(seconds=1)).revision)
    assert facts.put(response(8, at=NOON + timedelta(seconds=2))).first


def test_a_withdrawal_gives_way_to_a_later_version(facts: Facts) -> None:
    later = response(9, at=NOON + timedelta(days=1))
    facts.put(later)
    assert facts.withdraw("acme", RESPONSE, response(9).revision) == later.revision
    assert scores_of(facts) == [9]


def test_only_the_version_that_is_meant_is_withdrawn_instead_of_another(facts: Facts) -> None:
    stored, other = response(9, count=1), response(9, count=2)
    facts.put(stored)
    assert facts.withdraw("acme", RESPONSE, response(9).revision, instead_of=other.revision) is None
    assert scores_of(facts) == [9]
    facts.withdraw("acme", RESPONSE, response(9).revision, instead_of=stored.revision)
    assert scores_of(facts) == []


def test_the_sources_of_withdrawn_facts_are_told_as_they_were_sent(facts: Facts) -> None:
    moved = fact_id("response", "a#b%c", "r-1")
    facts.withdraw("acme", moved, response(9).revision)
    assert [fact.source for fact in facts.versions("acme", moved)] == ["a#b%c"]


def test_parts_of_a_description_stand_beside_each_other(facts: Facts) -> None:
    named = description({"name": "Acme"})
    ended = description({"status": "ended"}, at=NOON - timedelta(days=9))
    assert [facts.put(named).outcome, facts.put(ended).outcome] == ["accepted", "accepted"]
    assert sorted(facts.descriptions("acme"), key=lambda told: told.revision) == [
        StoredDescription("acme", named.fact_id, "crm", told.revision, told.recorded_at, told.answer)
        for told in (ended, named)
    ]


def test_of_one_part_the_later_version_stands(facts: Facts) -> None:
    old, new = description({"name": "Acme"}), description({"name": "Acme B.V."}, at=NOON + timedelta(days=1))
    assert facts.put(new) == Written("accepted", new.revision)
    assert facts.put(old) == Written("superseded", new.revision)
    assert facts.put(new) == Written("duplicate", new.revision)
    assert [told.answer for told in facts.descriptions("acme")] == [{"name": "Acme B.V."}]


@pytest.mark.parametrize("part", [{"name": "Other"}, {"status": "ended"}], ids=["the same part", "another part"])
@pytest.mark.parametrize(("stored", "sent"), [(None, 7), (7, None)], ids=["counted after timed", "timed after counted"])
def test_all_parts_of_a_description_are_of_one_sort_of_version(
    facts: Facts, part: dict[str, Any], stored: int | None, sent: int | None
) -> None:
    facts.put(description({"name": "Acme"}, count=stored))
    with pytest.raises(OtherVersionSortError):
        facts.put(description(part, at=NOON + timedelta(days=1), count=sent))
    assert [told.answer for told in facts.descriptions("acme")] == [{"name": "Acme"}]


def test_a_part_without_a_revision_is_replaced(client: "DynamoDBClient", facts: Facts) -> None:
    facts.put(description({"name": "Acme"}))
    client.update_item(
        TableName="FactsTable",
        Key=to_item({"client_id": "acme", "fact_id": "description#crm"}),
        UpdateExpression="REMOVE #part.revision",
        ExpressionAttributeNames={"#part": "said.name"},
    )
    assert facts.descriptions("acme") == []
    assert facts.put(description({"name": "Acme"})).outcome == "accepted"
    assert [told.answer for told in facts.descriptions("acme")] == [{"name": "Acme"}]


def test_a_description_that_cannot_be_read_says_nothing(client: "DynamoDBClient", facts: Facts) -> None:
    told = {"name": "Acme", "aliases": ["acme-bv"], "status": "ended"}
    facts.put(description(told))
    [stored] = client.scan(TableName="FactsTable")["Items"]
    item: Item = dict(stored)
    part = item["said.name+aliases+status"]["M"]
    believed: list[str] = []
    for path, attribute in nodes(part):
        free = path in [("revision",), ("answer", "name")] or path[1:2] == ("aliases",)
        damaged = [with_other(part, path, other) for other in OTHERS if not (free and other.keys() == attribute.keys())]
        if len(path) == 1:
            damaged.append(without(part, path))
        for change in damaged:
            client.put_item(TableName="FactsTable", Item={**item, "said.name+aliases+status": {"M": change}})
            believed += [f"{path}: {change}" for _ in facts.descriptions("acme")]
    client.put_item(TableName="FactsTable", Item={**item, "format": {"N": "2"}})
    assert believed == [f"{('answer',)}: {with_other(part, ('answer',), {'M': {}})}"]
    assert facts.descriptions("acme") == []


def test_a_lane_gives_the_latest_fact_first(facts: Facts) -> None:
    for number, day in enumerate(["2026-11-03", "2026-11-01", "2026-11-02"]):
        facts.put(counted(day, working=number))
    read = facts.newest("acme", "consultants", Span(at_once=2))
    assert [fact.observed_at for fact in read] == ["2026-11-03", "2026-11-02", "2026-11-01"]
    assert facts.lanes("acme", ["consultants", RESPONSES]) == {"consultants"}
    assert facts.lanes("beta", ["consultants", RESPONSES]) == set()


def counted(day: str, **answer: int) -> Fact:
    return Fact(
        client_id="acme",
        fact_id=fact_id("count", "hr", day),
        kind="count",
        source="hr",
        revision=revision(NOON, answer),
        recorded_at=NOON,
        timestamp=parse_timestamp(day, AMSTERDAM),
        answer=answer,
    )


def fact_item(kind: str, answer: dict[str, Any], *, question: str | None = None) -> Item:
    """A fact as it lies in the table."""
    lane = KINDS[kind].lane_for(question)
    order = revision(NOON, answer)
    return to_item(
        {
            "client_id": "acme",
            "fact_id": f"{kind}#s#1",
            "format": 1,
            "kind": kind,
            "question": question,
            "source": "s",
            "revision": order,
            "observed_at": "2026-11-20T08:00:00Z",
            "answer": answer,
            "lane_time": f"{lane}#2026-11-20T08:00:00.000000Z#{order}",
        }
    )


FACTS = {
    "response": fact_item("response", {"score": 9}),
    "reported": fact_item("reported", {"nps": 65, "exact": "64.5", "responses": 12}),
    "count": fact_item("count", {"working": 7, "happy": 5}),
    "survey": fact_item("survey", {"roadmap": "yes"}, question="roadmap"),
}

ABSENT = {("answer", "exact"), ("answer", "responses"), ("answer", "happy")}
"""What need not be there."""


@pytest.mark.parametrize("kind", FACTS)
def test_a_fact_is_read_as_it_lies(kind: str) -> None:
    fact = read_fact(FACTS[kind])
    assert fact
    assert (fact.name, fact.kind, fact.source, fact.observed_at) == ("acme", kind, "s", "2026-11-20T08:00:00Z")
    assert (fact.lane, fact.position) == (
        {"response": RESPONSES, "reported": REPORTED, "count": "consultants", "survey": "survey.roadmap"}[kind],
        f"2026-11-20T08:00:00.000000Z#{fact.revision}",
    )


@pytest.mark.parametrize("kind", FACTS)
def test_a_damaged_fact_counts_for_nothing(kind: str) -> None:
    item = FACTS[kind]
    counted_still: list[str] = []
    for path, attribute in nodes(item):
        if path != ("lane_time",) and path not in ABSENT and _counts(without(item, path)):
            counted_still.append(f"{path} taken away")
        others = [other for other in OTHERS if not _may_be(path, attribute, other)]
        counted_still += [f"{path} made {other}" for other in others if _counts(with_other(item, path, other))]
    assert counted_still == []


def _counts(item: Item) -> bool:
    fact = read_fact(item)
    return fact is not None and fact.lane is not None


def _may_be(path: tuple[str | int, ...], attribute: Item, other: Item) -> bool:
    if other == {"N": "1.5"} or path == ("format",):
        return False
    if path[0] == "answer" and len(path) > 1 and path[1] not in {"score", "nps", "happy"}:
        return other.keys() <= {"N", "S"}
    if path[0] in {"client_id", "fact_id", "source"} or "N" in attribute:
        return attribute.keys() == other.keys()
    return False


@pytest.mark.parametrize("kind", ["unknown", "description"])
def test_a_fact_of_another_kind_is_not_read(kind: str) -> None:
    assert read_fact({**FACTS["count"], "kind": {"S": kind}}) is None


def test_a_tombstone_is_read_and_stands_nowhere() -> None:
    gone = {key: value for key, value in FACTS["response"].items() if key not in {"observed_at", "lane_time"}}
    fact = read_fact({**gone, "answer": {"M": {}}})
    assert fact
    assert (fact.lane, fact.position, dict(fact.answer)) == (None, "", {})


def test_of_several_erasures_of_a_client_the_latest_stands_in_whatever_order_they_are_marked(facts: Facts) -> None:
    moments = (NOON, NOON + timedelta(microseconds=1), NOON + timedelta(seconds=1))
    assert facts.erased_at("acme") is None

    for number, order in enumerate(permutations(moments)):
        for moment in order:
            facts.mark_erased(f"acme-{number}", moment)
        assert facts.erased_at(f"acme-{number}") == moments[-1]


@pytest.mark.parametrize("damaged", [{}, {"erased_at": "yesterday"}, {"erased_at": 7}], ids=repr)
def test_a_word_of_an_erasure_that_cannot_be_read_is_as_good_as_none(
    facts: Facts, client: "DynamoDBClient", damaged: dict[str, Any]
) -> None:
    key = {"client_id": "erased#acme", "fact_id": "erased#"}
    client.put_item(TableName="FactsTable", Item=to_item(key | damaged))
    assert facts.erased_at("acme") is None

    facts.mark_erased("acme", NOON)

    assert facts.erased_at("acme") == NOON
