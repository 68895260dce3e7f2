from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from shared.opmm.calendar import Entry
from shared.opmm.digest import Agreed, ClientsDays, Moved, Silent, digest
from shared.opmm.discussion import Reason
from shared.opmm.ledger import Cause, Change, Move, Reading
from tests.unit.opmm.inputs import DAY

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SINCE = DAY - timedelta(days=7)
STILL = ClientsDays("still", "Still", 12)


def change(before: int, after: int, *moves: Move, cause: Cause = "new", days_late: int = 0) -> tuple[Change, object]:
    return Change(1, NOW, cause, before, after, moves, (), latest=DAY - timedelta(days=days_late)), DAY


def client(name: str, total: int, *changes: tuple[Change, object]) -> ClientsDays:
    return ClientsDays(name, name.title(), total, changes=changes)  # type: ignore[arg-type]


NPS_FELL = Move("nps", Reading(4, 33), Reading(2, 0))
NPS_FELL_ON = Move("nps", Reading(2, 0), Reading(1, -9))
ROADMAP_ROSE = Move("roadmap", Reading(2, "no"), Reading(3, "yes"))
ROADMAP_CAME = Move("roadmap", Reading(), Reading(3, "yes"))


def test_no_clients_say_nothing() -> None:
    empty = digest([], SINCE, DAY)
    assert (empty.clients, empty.points, empty.has_news) == (0, 0, False)


def test_falls_and_rises_are_told_by_size_whatever_order_clients_come_in() -> None:
    clients = [
        client("acme", 11, change(14, 12, NPS_FELL), change(12, 11, NPS_FELL_ON)),
        client("beta", 9, change(10, 9, Move("nps", Reading(2, 0), Reading(1, -1)))),
        client("cosy", 13, change(12, 13, ROADMAP_ROSE)),
        STILL,
    ]
    fell = Moved("acme", "Acme", 11, (Move("nps", Reading(4, 33), Reading(1, -9)),), ("new",))
    for ordered in permutations(clients):
        told = digest(ordered, SINCE, DAY)
        assert [moved.client_id for moved in told.falls] == ["acme", "beta"]
        assert told.falls[0] == fell
        assert [moved.client_id for moved in told.rises] == ["cosy"]
        assert (told.clients, told.points, told.points_before) == (4, 45, 48)
        assert told.has_news


def test_what_went_down_and_up_again_is_no_movement() -> None:
    back = replace(NPS_FELL, before=NPS_FELL.after, after=NPS_FELL.before)
    told = digest([client("acme", 14, change(14, 12, NPS_FELL), change(12, 14, back))], SINCE, DAY)
    assert (told.falls, told.rises, told.points_before, told.has_news) == ((), (), 14, False)


def test_each_cause_is_told_once_in_its_order() -> None:
    told = digest(
        [
            client(
                "acme",
                10,
                change(14, 13, NPS_FELL, cause="window"),
                change(13, 11, NPS_FELL_ON),
                change(11, 10, cause="window"),
            )
        ],
        SINCE,
        DAY,
    )
    assert told.falls[0].causes == ("window", "new")


def test_an_import_of_what_happened_long_ago_is_one_line() -> None:
    told = digest([client(f"c{n}", 5, change(9, 5, NPS_FELL, days_late=40)) for n in range(500)], SINCE, DAY)
    assert (told.falls, told.told_late, told.has_news) == ((), 500, True)


@pytest.mark.parametrize("cause", ["model", "rebuild", "erasure"])
def test_what_was_made_anew_is_counted_and_falls_for_nobody(cause: Cause) -> None:
    told = digest([client("acme", 5, change(9, 5, NPS_FELL, cause=cause))], SINCE, DAY)
    assert (told.falls, told.told_late, told.remade) == ((), 0, 1)


def test_a_client_that_was_measured_for_the_first_time_has_not_risen() -> None:
    told = digest([client("acme", 3, change(0, 3, ROADMAP_CAME)), STILL], SINCE, DAY)
    assert [moved.client_id for moved in told.answered] == ["acme"]
    assert (told.rises, told.points, told.points_before) == ((), 15, 15)


def test_a_first_answer_is_no_movement_beside_one() -> None:
    came = change(12, 15, ROADMAP_CAME)
    told = digest([client("acme", 15, change(14, 12, NPS_FELL), came), client("beta", 15, came)], SINCE, DAY)
    assert [(moved.client_id, moved.points, moved.total) for moved in told.falls] == [("acme", -2, 15)]
    assert [(moved.client_id, moved.answered) for moved in told.answered] == [("beta", (ROADMAP_CAME,))]
    assert (told.rises, told.points - told.points_before) == ((), -2)


def test_what_moves_to_and_fro_between_questions_is_no_movement() -> None:
    moved = change(12, 12, Move("nps", Reading(2, 0), Reading(1, -9)), ROADMAP_ROSE)
    told = digest([client("acme", 12, moved)], SINCE, DAY)
    assert (told.falls, told.rises, told.answered, told.has_news) == ((), (), (), False)


def test_a_client_stands_where_it_stands_though_facts_of_long_ago_came_in_between() -> None:
    moved = [change(14, 12, NPS_FELL), change(12, 6, Move("sessions", Reading(4), Reading()), days_late=40)]
    told = digest([client("acme", 6, *moved)], SINCE, DAY)
    assert [(each.points, each.total) for each in told.falls] == [(-2, 6)]
    assert (told.points, told.points_before, told.told_late) == (6, 8, 1)


def test_talks_that_nobody_planned_come_before_those_that_are_planned() -> None:
    low = (Reason("low", "roadmap", 1), Reason("stale", "nps"))
    planned = ClientsDays("acme", "Acme", 9, reasons=low, next_talk=DAY + timedelta(days=2))
    sooner = ClientsDays("beta", "Beta", 9, reasons=low, next_talk=DAY + timedelta(days=1))
    unplanned = ClientsDays("cosy", "Cosy", 9, reasons=low)
    told = digest([planned, sooner, STILL, unplanned], SINCE, DAY)
    assert [talk.client_id for talk in told.talks] == ["cosy", "beta", "acme"]
    assert told.talks[0].reason == low[0]
    assert not told.has_news


def test_agreements_are_told_when_late_and_a_week_ahead() -> None:
    days = {"long": -20, "late": -1, "today": 0, "soon": 7, "far": 8}
    agreed = tuple(Agreed(title, DAY + timedelta(days=ahead), "agency") for title, ahead in days.items())
    told = digest([ClientsDays("acme", "Acme", 9, agreed=agreed)], SINCE, DAY)
    assert [(each.agreed.title, each.late) for each in told.agreements] == [
        ("long", True),
        ("late", True),
        ("today", False),
        ("soon", False),
    ]
    assert told.has_news
    assert not digest([ClientsDays("acme", "Acme", 9, agreed=agreed[:2])], SINCE, DAY).has_news


def test_what_time_will_do_is_told_thirty_days_ahead_and_what_is_planned_is_not() -> None:
    days = (0, 8, 30, 31)
    entries = tuple(Entry(DAY + timedelta(days=ahead), kind, "nps") for kind in ("window", "stale") for ahead in days)
    planned = (Entry(DAY, "talk"), Entry(DAY, "action"), Entry(DAY, "goal"))
    told = digest([ClientsDays("acme", "Acme", 9, coming=(*entries, *planned))], SINCE, DAY)
    assert [coming.entry.day - DAY for coming in told.stale] == [timedelta(days=ahead) for ahead in (0, 8, 30)]
    assert {coming.entry.kind for coming in told.coming} == {"window"}
    assert told.has_news
    later = ClientsDays("acme", "Acme", 9, coming=entries[1:3])
    assert not digest([later], SINCE, DAY).has_news


def test_a_signal_a_silent_source_and_a_destination_that_fails_are_news() -> None:
    assert digest([replace(STILL, signals=1)], SINCE, DAY).has_news
    assert digest([STILL], SINCE, DAY, silent=[Silent("nps", 12)]).has_news
    assert digest([STILL], SINCE, DAY, undelivered=["crm"]).has_news
    assert not digest([STILL], SINCE, DAY).has_news
