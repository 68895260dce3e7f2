import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from zlib import compress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.opmm.inputs import Answer, Description, LatestResponse, ScoringInputs
from shared.storage.codec import UnreadableError, alias, alias_item, scorecard_item, scored, summary
from shared.storage.dynamodb import to_item
from shared.storage.ledger_codec import change, change_item
from shared.storage.made_from import MADE_FROM
from shared.storage.records import Alias
from tests.support.damage import opened
from tests.support.item_size import item_size
from tests.unit.opmm.inputs import FULL, standing
from tests.unit.storage.items import (
    ALIAS,
    CHANGE,
    OTHERS,
    SCORED,
    Item,
    Path,
    Written,
    any_written,
    nodes,
    with_other,
    without,
    written,
)


@given(any_written())
def test_a_scorecard_is_read_as_it_was_written(whole: Written) -> None:
    item = to_item(scorecard_item(whole.record, whole.card))
    assert scored(item) == whole.record
    assert _places(scored(item).inputs) == _places(whole.record.inputs)
    assert _places(scored(item).earlier) == _places(whole.record.earlier)


@given(any_written())
def test_a_scorecard_of_which_each_part_lies_beside_the_others_is_read_too(whole: Written) -> None:
    item = opened(to_item(scorecard_item(whole.record, whole.card)))
    assert item.keys() >= {"inputs", "earlier", "agenda", "made_with"}
    assert scored(item) == whole.record


@pytest.mark.parametrize(
    "held",
    [
        *[{"B": raw} for raw in (b"", b"x", b"{}", compress(b""), compress(b"[]"), compress(b"{}"), compress(b"\xff"))],
        {"B": compress(b"[" * 100_000)},
        *OTHERS,
    ],
    ids=str,
)
def test_what_does_not_hold_the_parts_of_a_scorecard_is_refused(held: Item) -> None:
    item = to_item(scorecard_item(SCORED.record, SCORED.card))
    assert _refused(STORED["scorecard"], {**item, MADE_FROM: held})
    assert _refused(STORED["scorecard"], {**item, MADE_FROM: {"B": item[MADE_FROM]["B"][:-5]}})


def test_what_a_scorecard_was_made_from_weighs_half_at_most() -> None:
    item = to_item(scorecard_item(SCORED.record, SCORED.card))
    parts = {name: part for name, part in opened(item).items() if name not in item}
    assert item_size({MADE_FROM: item[MADE_FROM]}) < item_size(parts) / 2


@given(any_written())
def test_a_row_of_the_portfolio_is_read_as_it_was_written(whole: Written) -> None:
    row = summary(to_item(scorecard_item(whole.record, whole.card)))
    assert (row.client_id, row.name, row.status) == (
        "acme",
        whole.record.inputs.description.name,
        whole.record.inputs.description.status,
    )
    assert (row.as_of, row.version, row.changed_at) == (
        whole.record.as_of,
        whole.record.version,
        whole.record.changed_at,
    )
    assert (row.digest, row.total, row.max_total, row.attainable, row.complete, row.stale) == (
        whole.card.digest(),
        whole.card.total,
        whole.card.max_total,
        whole.card.attainable,
        whole.card.complete,
        whole.card.stale,
    )
    assert [(entry.key, entry.points, entry.value, entry.stale) for entry in row.dimensions] == [
        (entry.key, entry.points, entry.value, entry.stale) for entry in whole.card.dimensions
    ]
    assert row.described == whole.record.inputs.description.described
    assert (row.earlier_total, row.discussion) == (whole.record.earlier_total, whole.record.discussion)


def test_where_answers_stand_is_held_only_for_clients_with_facts_under_several_names() -> None:
    kept = scored(to_item(scorecard_item(SCORED.record, SCORED.card)))
    assert set(_places(kept.inputs)) == {
        ("p-6", "acme-nl"),
        ("p-4", "acme-nl"),
        ("p-co_creating", "acme-nl"),
        ("p-no", "acme-nl"),
        ("p--7", "acme-nl"),
        ("p-3", "acme-bv"),
    }
    alone = written(FULL)
    assert set(_places(scored(to_item(scorecard_item(alone.record, alone.card))).inputs)) == {("", "")}


def test_a_scorecard_of_nothing_is_read_as_it_was_written() -> None:
    bare = written(standing())
    assert scored(to_item(scorecard_item(bare.record, bare.card))) == bare.record


@pytest.mark.parametrize("marker", [ALIAS, Alias(1, "acme", ("acme",))], ids=["closed ledger", "no ledger"])
def test_an_alias_is_read_as_it_was_written(marker: Alias) -> None:
    assert alias(to_item(alias_item("acme-bv", marker))) == marker


def test_a_change_is_read_as_it_was_written() -> None:
    assert change(to_item(change_item("acme", CHANGE))) == CHANGE


def test_what_an_earlier_release_did_not_say_of_a_change_or_a_row_is_told_as_far_as_it_is_known() -> None:
    assert change(without(to_item(change_item("acme", CHANGE)), ("names",))) == replace(CHANGE, names=())
    assert change(without(to_item(change_item("acme", CHANGE)), ("latest",))) == replace(CHANGE, latest=None)
    for name, described in (("Acme B.V.", True), ("acme", False)):
        bare = written(replace(FULL, description=Description(name, described=True)))
        item = without(to_item(scorecard_item(bare.record, bare.card)), ("summary", "described"))
        assert summary(item).described is described
        assert _refused(STORED["scorecard"], item)


def test_a_scorecard_that_stands_under_another_name_or_none_is_refused() -> None:
    item = to_item(scorecard_item(SCORED.record, SCORED.card))
    assert _refused(STORED["scorecard"], without(item, ("name_key",)))
    assert _refused(STORED["scorecard"], with_other(item, ("name_key",), {"S": "0" * 32}))
    nameless = written(replace(FULL, description=Description("...")))
    assert scored(to_item(scorecard_item(nameless.record, nameless.card))) == nameless.record


def test_changes_sort_by_time_and_then_by_version() -> None:
    assert change_item("acme", CHANGE)["item"] == "change#2026-11-23T09:30:00.000250Z#0000000007"


def _places(inputs: ScoringInputs) -> list[tuple[str, str]]:
    held: list[Answer | LatestResponse | None] = [*inputs.answers.values(), inputs.reported, inputs.latest_response]
    return [(answer.position, answer.name) for answer in held if answer]


@dataclass(frozen=True)
class Stored:
    """An item, and what of it may be otherwise and is still right. Paths are regular expressions."""

    read: Callable[[Item], object]
    item: Item
    looked_at: str = ".*"
    """Attributes that the reader looks at."""
    open_ended: str = "^$"
    """Lists and maps of any length."""
    nullable: str = "^$"
    """What may be null; in a map that stands in no list, or at the top: absent."""
    either: str = "^$"
    """What may be a number or a text."""
    unsaid: str = "^$"
    """What an earlier release did not write."""
    free: str = "^$"
    """Texts of any content."""
    emptied: bool = True
    """Whether these may be empty; names of clients may not."""


_ROW = "(client_id|status|format|summary.*)"
STORED = {
    "scorecard": Stored(
        scored,
        opened(to_item(scorecard_item(SCORED.record, SCORED.card))),
        looked_at="(?!item$).*",
        open_ended=r"aliases|(holdings|overruled)(/[^/]*)?|(inputs|earlier)/answers|unnamed|summary/(dimensions|discussion|planned_talks|due|talked|settled)"
        r"|agenda/(talks|actions|actions/\d|goals|met)|past(/[^/]*)?",
        nullable=r"(inputs|earlier)/(reported|latest_response)|summary/(owner|last_talk|changes_on|dimensions/\d/[45]|discussion/\d/[123])|agenda/goals/\d/5|agenda/met/[^/]*/1"
        r"|past/[^/]*/1/[12]|agenda/actions/\d/(who|talk|dimension|closed)",
        unsaid="summary/(said|changes_on)",
        either=r"(inputs|earlier)/answers/\w+/0|summary/dimensions/\d/2|past/[^/]*/\d/2",
        free=r"agenda/talks/\d/[01]|agenda/actions/\d/(id|fact|title|who|talk|dimension)|agenda/goals/\d/[015]"
        r"|agenda/met/[^/]*/1|past/[^/]*/\d/[02]|summary/owner|aliases/\d|(holdings|overruled)/.*|made_with/\d|summary/(model|digest|said|discussion/\d/[01]|dimensions/\d/0)"
        r"|(inputs|earlier)/(answers/\w+|reported)/[4-7]|(inputs|earlier)/latest_response/[1-3]",
    ),
    "row of the portfolio": Stored(
        summary,
        to_item(scorecard_item(SCORED.record, SCORED.card)),
        looked_at=_ROW,
        open_ended="summary/(dimensions|discussion|planned_talks|due|talked|settled)",
        nullable=r"summary/(owner|last_talk|changes_on|dimensions/\d/[45]|discussion/\d/[123])",
        either=r"summary/dimensions/\d/2",
        unsaid="summary/(described|said|changes_on)",
        free=r"client_id|summary/(name|owner|model|digest|said|discussion/\d/[01]|dimensions/\d/0)",
    ),
    "alias": Stored(
        alias,
        to_item(alias_item("acme-bv", ALIAS)),
        looked_at="(?!client_id|item).*",
        open_ended="claimants",
        nullable="changed_at",
        free=r"alias_of|claimants/\d",
        emptied=False,
    ),
    "change": Stored(
        change,
        to_item(change_item("acme", CHANGE)),
        looked_at="(?!client_id|item).*",
        open_ended="moves|facts|names",
        either=r"moves/\d/[24]",
        unsaid="names|latest",
        nullable="latest",
        free=r"moves/\d/0|facts/\d|names/\d",
    ),
}


def damages(stored: Stored) -> Iterator[tuple[str, Item]]:
    """Every way to take an attribute away, or to put another in its place, that leaves something wrong."""
    for path, attribute in nodes(stored.item):
        name = _name(path)
        if not _is(stored.looked_at, name):
            continue
        absent = _is(stored.unsaid, name) or (_is(stored.nullable, name) and len(path) == 1)
        if not _is(stored.open_ended, _name(path[:-1])) and not absent:
            yield f"{name} taken away", without(stored.item, path)
        for other in OTHERS:
            if not _may_be(stored, name, attribute, other):
                yield f"{name} made {other}", with_other(stored.item, path, other)


def _may_be(stored: Stored, name: str, attribute: Item, other: Item) -> bool:
    """Whether another attribute in the place of one is as right as that was."""
    if other == {"N": "1.5"} or name == "format":
        return False
    if "NULL" in other:
        return "NULL" in attribute or _is(stored.nullable, name)
    if _is(stored.either, name) and "NULL" not in attribute:
        return other.keys() <= {"N", "S"}
    if attribute.keys() != other.keys():
        return False
    if "L" in other or "M" in other:
        members_are_free = _is(stored.free, f"{name}/0") and "L" in other
        return _is(stored.open_ended, name) and (members_are_free or other in ({"L": []}, {"M": {}}))
    return (
        "N" in other
        or "BOOL" in other
        or ("S" in other and _is(stored.free, name) and (other["S"] != "" or stored.emptied))
    )


def _is(expression: str, name: str) -> bool:
    return re.fullmatch(expression, name) is not None


def _name(path: Path) -> str:
    return "/".join(map(str, path))


@pytest.mark.parametrize("kind", STORED)
def test_a_damaged_item_is_refused_wherever_the_damage_is(kind: str) -> None:
    stored = STORED[kind]
    stored.read(stored.item)
    damaged = list(damages(stored))
    assert len(damaged) > 80
    assert [what for what, item in damaged if not _refused(stored, item)] == []


@pytest.mark.parametrize("kind", STORED)
@pytest.mark.parametrize("other", [{"N": "2"}, {"N": "0"}, {"S": "1"}, {"N": "1.0"}], ids=str)
def test_an_item_of_another_format_is_refused(kind: str, other: Item) -> None:
    assert _refused(STORED[kind], with_other(STORED[kind].item, ("format",), other))


@pytest.mark.parametrize("kind", STORED)
@pytest.mark.parametrize("item", [{}, {"format": {"N": "1"}}, {"format": {}}], ids=str)
def test_an_item_of_nothing_is_refused(kind: str, item: Item) -> None:
    assert _refused(STORED[kind], item)


_attributes: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from(OTHERS) | st.builds(lambda text: {"S": text}, st.text(max_size=30)),
    lambda inner: (
        st.builds(lambda members: {"L": members}, st.lists(inner, max_size=8))
        | st.builds(lambda members: {"M": members}, st.dictionaries(st.text(max_size=8), inner, max_size=4))
    ),
    max_leaves=10,
)


@pytest.mark.parametrize("kind", STORED)
@given(st.data())
def test_whatever_lies_there_is_read_or_refused_and_nothing_else(kind: str, data: st.DataObject) -> None:
    stored = STORED[kind]
    item = stored.item
    for _ in range(data.draw(st.integers(1, 3))):
        path, _attribute = data.draw(st.sampled_from(list(nodes(item))))
        item = with_other(item, path, data.draw(_attributes))
    _refused(stored, item)


def _refused(stored: Stored, item: Item) -> bool:
    try:
        stored.read(item)
    except UnreadableError:
        return True
    return False
