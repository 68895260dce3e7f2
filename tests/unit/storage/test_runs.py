"""How far a night or a rebuild is, whatever comes twice, late or not at all."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from shared.storage.runs import MessageCounts, MessageKey, Run, Runs, piece_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOW = datetime(2026, 11, 24, 0, 5, tzinfo=UTC)
FIRST, SECOND = "2026-11-24", "2026-11-25"


@pytest.fixture
def runs(client: "DynamoDBClient") -> Runs:
    """Of a stack in which nothing has begun."""
    return Runs(client, "ScoresTable")


def counts(number: int = 0, **told: Any) -> MessageCounts:
    plain: dict[str, Any] = {"number": number, "look": 0, "clients": 25, "again": 0, "drifted": 0, "failed": 0}
    return MessageCounts(**plain | told)


def latest(runs: Runs) -> Run:
    found = runs.latest("night")
    assert found
    return found


def test_nothing_has_begun(runs: Runs) -> None:
    assert runs.latest("night") is None


def test_a_run_is_done_when_each_part_is_listed_and_each_message_is_done(runs: Runs) -> None:
    runs.begin("night", FIRST, ["a", "b"], NOW)
    runs.done("night", FIRST, "a", counts())
    runs.listed("night", FIRST, "a", 2)
    runs.listed("night", FIRST, "b", 0)
    assert ([part.messages for part in latest(runs).parts], latest(runs).is_done) == ([2, 0], False)

    runs.done("night", FIRST, "a", counts(1))

    assert (latest(runs).is_done, latest(runs).clients, latest(runs).messages) == (True, 50, 2)


def test_what_is_looked_at_again_is_waited_for(runs: Runs) -> None:
    runs.begin("night", FIRST, ["a"], NOW)
    runs.listed("night", FIRST, "a", 1)
    runs.done("night", FIRST, "a", counts(again=3))
    assert (latest(runs).is_done, latest(runs).waiting) == (False, 3)

    runs.done("night", FIRST, "a", counts(look=1, clients=3, drifted=2))

    assert (latest(runs).is_done, latest(runs).waiting, latest(runs).clients, latest(runs).drifted) == (True, 0, 25, 2)


def test_a_message_that_comes_twice_counts_once_also_when_it_finds_something_else(runs: Runs) -> None:
    runs.begin("night", FIRST, ["a"], NOW)
    for told in (counts(again=2, drifted=1), counts(again=2, drifted=1), counts(again=1)):
        runs.done("night", FIRST, "a", told)

    assert (latest(runs).clients, latest(runs).drifted, latest(runs).waiting) == (25, 1, 2)


def test_what_is_mended_for_a_message_counts_once_however_often_it_comes(runs: Runs, client: "DynamoDBClient") -> None:
    first, other = MessageKey("a", 0, 1), MessageKey("a", 1, 1)
    for name in ("acme", "beta", "acme"):
        runs.mending("night", FIRST, first, name, NOW)

    told = [runs.mended("night", run, message) for run, message in ((FIRST, first), (FIRST, other), (SECOND, first))]

    assert told == [2, 0, 0]
    [item] = client.scan(TableName="ScoresTable")["Items"]
    assert item["expires_at"] == {"N": str(int((NOW + timedelta(days=30)).timestamp()))}
    assert "acme" not in str(item)
    assert runs.latest("night") is None


def test_a_message_that_was_divided_is_waited_for_and_counts_its_clients_once(runs: Runs) -> None:
    first, second = (piece_of(names) for names in (["acme", "beta"], ["gamma"]))
    runs.begin("night", FIRST, ["a"], NOW)
    runs.listed("night", FIRST, "a", 1)
    runs.done("night", FIRST, "a", counts(clients=3, drifted=1, pieces=(first, second)))
    runs.done("night", FIRST, "a", counts(clients=2, piece=first, again=1))
    runs.done("night", FIRST, "a", counts(clients=1, piece=first, look=1, drifted=1))
    assert not latest(runs).is_done

    runs.done("night", FIRST, "a", counts(clients=1, piece=second, failed=1))

    found = latest(runs)
    assert (found.is_done, found.clients, found.drifted, found.failed, found.waiting) == (True, 3, 2, 1, 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0:0:25:0:0",
        "0:0:25:0:0:x",
        "0:0:25:0:0:0:7",
        "0:0:25:0:0:0:0123abcd:",
        "0.7:0:25:0:0:0",
        "0.0123abcd.1:0:1:0:0:0",
    ],
)
def test_counts_of_another_form_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        MessageCounts.read(text)


@pytest.mark.parametrize("told", [{}, {"piece": "0123abcd"}, {"pieces": ("0123abcd", "deadbeef")}])
def test_counts_are_read_as_they_were_laid_down(told: dict[str, Any]) -> None:
    assert MessageCounts.read(counts(7, **told).text) == counts(7, **told)


def test_clients_that_failed_at_first_and_were_made_anew_since_have_not_failed(runs: Runs) -> None:
    runs.begin("night", FIRST, ["a"], NOW)
    runs.done("night", FIRST, "a", counts(failed=2))
    runs.done("night", FIRST, "a", counts(1, failed=1))
    assert latest(runs).failed == 3

    runs.done("night", FIRST, "a", counts())

    assert latest(runs).failed == 1


def test_a_run_that_begins_anew_knows_nothing_of_the_one_before(runs: Runs) -> None:
    runs.begin("night", FIRST, ["a"], NOW)
    runs.listed("night", FIRST, "a", 1)
    runs.done("night", FIRST, "a", counts(drifted=4))

    runs.begin("night", SECOND, ["a", "b"], NOW + timedelta(days=1))
    assert (latest(runs).id, latest(runs).counts, {part.messages for part in latest(runs).parts}) == (
        SECOND,
        (),
        {None},
    )
    assert not runs.is_current("night", FIRST)
    part = runs.done("night", SECOND, "a", counts(7))

    assert part
    assert (part.messages, [told.number for told in part.counts]) == (None, [7])


def test_what_comes_late_of_an_earlier_run_changes_nothing_of_the_later(runs: Runs) -> None:
    runs.begin("night", SECOND, ["a"], NOW + timedelta(days=1))
    runs.done("night", SECOND, "a", counts())
    before = latest(runs)

    runs.begin("night", FIRST, ["z"], NOW)
    assert runs.done("night", FIRST, "a", counts(5)) is None
    assert runs.listed("night", FIRST, "a", 9) is None
    assert not runs.finish("night", FIRST, NOW)

    assert latest(runs) == before


def test_a_run_that_is_begun_twice_goes_on_and_is_finished_once(runs: Runs) -> None:
    runs.begin("night", FIRST, ["a"], NOW)
    runs.listed("night", FIRST, "a", 0)
    runs.begin("night", FIRST, ["a", "b"], NOW + timedelta(hours=1))
    assert [part.name for part in latest(runs).parts] == ["a"]

    assert runs.finish("night", FIRST, NOW + timedelta(minutes=3))
    assert not runs.finish("night", FIRST, NOW + timedelta(minutes=4))

    assert (latest(runs).begun_at, latest(runs).finished_at) == (NOW, NOW + timedelta(minutes=3))


def test_a_rebuild_of_one_client_takes_the_place_of_no_other(runs: Runs) -> None:
    runs.begin("rebuild", FIRST, ["a"], NOW)
    runs.begin("client", SECOND, ["client"], NOW)

    assert runs.is_current("rebuild", FIRST)


def test_the_record_of_a_night_of_a_million_clients_fits_into_its_items() -> None:
    messages = 1_000_000 // 25 // 4
    worst = [
        counts(number, look=look, again=25, drifted=25, failed=25).text for number in range(messages) for look in (0, 1)
    ]

    assert sum(map(len, worst)) < 400 * 1024
