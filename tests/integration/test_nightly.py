"""The night makes every client anew from its facts: time passes, what was lost is found, nothing else is written."""

import json
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from moto import mock_aws

from shared.invocations import UnknownJobError
from shared.storage.given_up import GivenUp, GivenUpClients
from shared.storage.queue import Queue
from shared.storage.runs import Runs
from tests.support.calls import in_memory_with_clients
from tests.support.clients import dynamodb_client
from tests.support.damage import item_of, lay_down, remove
from tests.support.ledgers import ledger
from tests.support.metering import metered
from tests.support.readings import counted
from tests.support.said import logged, metrics
from tests.support.service import Service, event, responses

pytestmark = pytest.mark.usefixtures("plainly")

DAY = timedelta(days=1)


def lost(service: Service) -> None:
    """Every record that waits in the stream is lost."""
    service.stream.deliver(lambda _event, _context: None)


def fallen(service: Service) -> None:
    """Ten promoters are told of, and four detractors whose records are lost."""
    service.post([*responses([10] * 10), event("consultants.counted", {"working": 3, "as_of": "2026-11-23"})])
    service.settle()
    service.post([replaced(rating, place) for place, rating in enumerate(responses([0] * 4))])
    lost(service)


def replaced(response: dict[str, Any], place: int) -> dict[str, Any]:
    return response | {"id": f"late-{place}", "data": response["data"] | {"response_id": f"late-{place}"}}


def nps_of(service: Service) -> Any:
    return service.get("/v1/clients/acme").json["dimensions"][4]["value"]


def test_a_day_that_begins_moves_the_window_and_says_so_in_the_ledger(service: Service) -> None:
    service.post([*responses([9]), event("consultants.counted", {"working": 3, "as_of": "2026-11-23"})])
    service.settle()
    service.clock.now += timedelta(days=365 - 10)

    service.night()

    [row] = service.get("/v1/clients").json["clients"]
    assert (row["total"], row["as_of"], row["stale"]) == (2, "2027-11-14", True)
    latest = service.get("/v1/clients/acme/history").json["changes"][0]
    assert (latest["cause"], latest["facts"]) == ("window", [])
    assert latest["dimensions"] == [
        {
            "key": "nps",
            "before": {"points": 4, "value": 100, "band": "10 or higher"},
            "after": {"points": None, "value": None, "band": None},
        }
    ]


def test_nothing_is_written_of_a_client_of_whom_nothing_is_said_differently(service: Service) -> None:
    service.post([*responses([9, 0]), event("consultants.counted", {"working": 3, "as_of": "2026-11-23"})])
    service.settle()
    held, said = item_of("acme"), service.get("/v1/clients/acme").json

    service.clock.now += DAY
    service.night()

    assert item_of("acme") == held
    card, [row] = service.get("/v1/clients/acme").json, service.get("/v1/clients").json["clients"]
    assert (card["as_of"], row["as_of"]) == ("2026-11-25", "2026-11-25")
    assert card["digest"] == row["digest"] != said["digest"]
    unchanged = {"as_of", "digest"}
    assert {key: card[key] for key in card.keys() - unchanged} == {key: said[key] for key in said.keys() - unchanged}


def test_an_entity_tag_changes_when_only_the_day_has(service: Service) -> None:
    service.post(responses([9]))
    service.settle()
    paths = ("/v1/clients", "/v1/clients/acme", "/v1/clients/acme/score")
    held = {path: service.get(path).headers["ETag"] for path in paths}

    service.clock.now += DAY

    tagged = {path: service.get(path, headers={"If-None-Match": tag}) for path, tag in held.items()}
    assert [answer.status for answer in tagged.values()] == [200, 200, 200]


def test_a_row_that_time_has_changed_is_told_as_of_the_last_day_before_until_the_night_comes(service: Service) -> None:
    service.post([*responses([9]), event("consultants.counted", {"working": 3, "as_of": "2026-11-23"})])
    service.settle()
    before = service.get("/v1/clients").json["clients"][0]
    service.clock.now += timedelta(days=46)  # a head count of the 23rd is stale from 8 January on

    [row] = service.get("/v1/clients").json["clients"]
    card = service.get("/v1/clients/acme").json
    assert (row["as_of"], row["stale"]) == ("2027-01-07", False)
    assert (card["as_of"], card["stale"]) == ("2027-01-09", True)
    assert row["digest"] == service.get("/v1/clients/acme/score?as_of=2027-01-07").json["digest"] != before["digest"]

    service.night()

    [row] = service.get("/v1/clients").json["clients"]
    assert (row["as_of"], row["stale"], row["digest"]) == ("2027-01-09", True, card["digest"])


def test_for_how_long_there_was_no_talk_is_told_by_the_day(service: Service) -> None:
    service.post(event("talk.recorded", {"talk_id": "t-1", "on": "2026-11-20"}))
    service.post(counted(3))
    service.settle()
    service.clock.now += timedelta(days=200)
    service.night()
    held = item_of("acme")

    service.clock.now += DAY
    service.night()

    assert item_of("acme") == held
    [row] = service.get("/v1/clients?due=true").json["clients"]
    [quiet] = [reason for reason in row["discussion"]["reasons"] if reason["key"] == "quiet"]
    assert quiet["days"] == 205
    assert "205" in json.dumps(service.get("/v1/clients/acme").json["discussion"])


def test_what_lost_records_told_is_found_counted_and_named(
    service: Service, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    fallen(service)
    assert nps_of(service) == 100
    capsys.readouterr()

    service.night()

    assert nps_of(service) == 43
    latest = ledger(service, "acme")[-1]
    assert (latest["cause"], latest["facts"]) == ("rebuild", [])
    assert [(move["key"], move["before"]["value"], move["after"]["value"]) for move in latest["dimensions"]] == [
        ("nps", 100, 43)
    ]
    [line] = logged(caplog, "score drifted")
    assert (line["client_id"], line["parts"]) == ("acme", ("responses",))
    assert metrics(capsys)["ScoresDrifted"] == 1


def test_a_record_that_is_on_its_way_is_no_drift(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    service.post(responses([10]))
    service.settle()
    service.post(replaced(responses([0])[0], 1))
    service.score({"job": "nightly_refresh"}, None)
    service.refreshes.settle(service.score)
    assert nps_of(service) == 100

    service.settle()
    service.refreshes.deliver(service.score)

    assert nps_of(service) == 0
    assert [change["cause"] for change in ledger(service, "acme")] == ["new", "new"]
    assert metrics(capsys).get("ScoresDrifted", 0) == 0


def test_a_client_whose_only_records_were_lost_is_found(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    service.post(responses([9]))
    lost(service)
    assert service.get("/v1/clients/acme").status == 404

    service.night()

    assert service.get("/v1/clients/acme").json["total"] == 4
    assert [change["cause"] for change in ledger(service, "acme")] == ["rebuild"]
    assert metrics(capsys)["ScoresDrifted"] == 1


def test_a_scorecard_that_is_gone_is_found_at_night(service: Service) -> None:
    service.post(responses([9]))
    service.settle()
    remove("acme")

    service.night()

    assert service.get("/v1/clients/acme").json["total"] == 4


def test_a_night_is_begun_once_a_day_and_says_when_it_is_finished(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    service.post([counted(3, f"client-{number}") for number in range(60)])
    service.settle()
    capsys.readouterr()

    service.score({"job": "nightly_refresh"}, None)
    service.score({"job": "nightly_refresh"}, None)
    service.refreshes.deliver(service.score)

    run = Runs(dynamodb_client(), "ScoresTable").latest("night")
    assert run
    assert (run.id, run.is_done, run.clients, run.drifted, run.failed) == ("2026-11-24", True, 60, 0, 0)
    counts = metrics(capsys)
    assert (counts["NightFinished"], counts["NightClients"], counts.get("RefreshFailed", 0)) == (1, 120, 0)
    assert max(len(message.get("names", [])) for message in service.refreshes.delivered) <= 25


def test_messages_that_come_twice_count_once(service: Service) -> None:
    service.post([counted(3, name) for name in ("acme", "beta")])
    service.settle()
    service.night()
    again = [message for message in service.refreshes.delivered if "names" in message]
    assert again
    for message in again:
        service.score({"Records": [{"eventSource": "aws:sqs", "messageId": "m", "body": json.dumps(message)}]}, None)

    run = Runs(dynamodb_client(), "ScoresTable").latest("night")
    assert run
    assert (run.clients, run.is_done) == (2, True)


def dies_once(service: Service, method: str) -> list[str]:
    """Has the function die after it has mended, at the first call of this method of the record; gives when it did."""
    died: list[str] = []
    way: Any = getattr(Runs, method)

    def dying(runs: Runs, kind: Any, run: Any, *told: Any) -> Any:
        if not died and nps_of(service) == 43:
            died.append(kind)
            raise ConnectionError
        return way(runs, kind, run, *told)

    with patch.object(Runs, method, dying):
        service.rebuild()
    return died


@pytest.mark.parametrize("method", ["done", "mended"])
def test_what_was_mended_counts_when_the_function_dies_before_it_can_say_so(
    service: Service, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, method: str
) -> None:
    fallen(service)
    capsys.readouterr()

    assert dies_once(service, method) == ["rebuild"]

    run = Runs(dynamodb_client(), "ScoresTable").latest("rebuild")
    assert run
    assert (nps_of(service), run.is_done, run.clients, run.drifted) == (43, True, 1, 1)
    assert len(logged(caplog, "score drifted")) == 1
    assert metrics(capsys)["ScoresDrifted"] >= 1


def test_a_night_that_was_not_finished_is_told_by_the_next(
    service: Service, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    service.post(counted(3))
    service.settle()
    service.score({"job": "nightly_refresh"}, None)
    capsys.readouterr()

    service.clock.now += DAY
    service.score({"job": "nightly_refresh"}, None)

    [line] = logged(caplog, "night was not finished")
    assert line["run"] == "2026-11-24"
    assert metrics(capsys) == {"NightUnfinished": 1}


def test_a_list_goes_on_in_another_message_when_the_time_runs_short(service: Service) -> None:
    names = {f"client-{number}" for number in range(40)}
    service.post([counted(3, name) for name in sorted(names)])
    service.settle()

    class Short:
        """An invocation of which little is left."""

        def get_remaining_time_in_millis(self) -> int:
            return 1000

    client = service.connects("score")

    def small_pages(params: dict[str, Any], **_: Any) -> None:
        params["Limit"] = 3

    client.meta.events.register("provide-client-params.dynamodb.Scan", small_pages)
    try:
        service.score({"job": "nightly_refresh"}, None)
        service.refreshes.deliver(service.score, Short())
    finally:
        client.meta.events.unregister("provide-client-params.dynamodb.Scan", small_pages)

    # A message of clients is divided as well; its pieces name again those that were not looked at.
    whole = [message for message in service.refreshes.delivered if "piece" not in message]
    assert sorted(name for message in whole for name in message.get("names", [])) == sorted(names)
    assert sum("list" in message for message in service.refreshes.delivered) > 40
    run = Runs(dynamodb_client(), "ScoresTable").latest("night")
    assert run
    assert (run.is_done, run.clients) == (True, 40)


def test_a_client_that_fails_does_not_hold_up_the_others_and_is_given_up_by_name(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with mock_aws():
        service, clients = in_memory_with_clients()
        service.post([counted(3, name) for name in "ab"])
        service.settle()
        service.clock.now += timedelta(days=60)

        def refuse(params: dict[str, Any], **_: Any) -> None:
            if params["Key"]["client_id"]["S"] == "a":
                raise ConnectionError

        clients.score.meta.events.register("provide-client-params.dynamodb.GetItem", refuse)
        capsys.readouterr()
        service.night()

        stale = {row["client_id"]: row["stale"] for row in service.get("/v1/clients").json["clients"]}
        assert stale == {"a": False, "b": True}
        assert [set(message["names"]) & {"a"} for message in service.refreshes.dead] == [{"a"}]
        assert metrics(capsys)["RefreshFailed"] == 1
        assert [line["clients"] for line in logged(caplog, "refresh gave up")] == [["a"]]
        run = Runs(dynamodb_client(), "ScoresTable").latest("night")
        assert run
        assert (run.is_done, run.failed) == (True, 1)


def test_one_client_that_fails_costs_neither_the_count_of_what_drifted_nor_the_others_their_turn(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with mock_aws():
        service, clients = in_memory_with_clients()
        service.post([counted(3, name) for name in "abc"])
        service.settle()
        service.post([counted(4, name) for name in "bc"])
        lost(service)
        failures: list[str] = []

        def refuse(params: dict[str, Any], **_: Any) -> None:
            if params["Key"]["client_id"]["S"] == "a" and len(failures) < 2:
                failures.append("a")
                raise ConnectionError

        clients.score.meta.events.register("provide-client-params.dynamodb.GetItem", refuse)
        capsys.readouterr()
        service.rebuild()

        run = Runs(dynamodb_client(), "ScoresTable").latest("rebuild")
        assert run
        assert (run.is_done, run.clients, run.drifted, run.failed) == (True, 3, 2, 0)
        assert metrics(capsys)["ScoresDrifted"] == 2
        looked_at = [message["names"] for message in service.refreshes.delivered if "names" in message]
        assert sorted(name for names in looked_at for name in names) == ["a", "a", "a", "b", "c"]
        assert service.refreshes.dead == []


def test_a_night_that_is_asked_for_once_more_when_it_is_finished_does_nothing(service: Service) -> None:
    service.post(counted(3))
    service.settle()
    once = {"job": "nightly_refresh", "once": True}
    begun = service.score(once, None)
    assert service.score(once, None) == begun
    service.refreshes.deliver(service.score)
    done = len(service.refreshes.delivered)

    assert service.score(once, None) == begun
    service.refreshes.deliver(service.score)
    assert len(service.refreshes.delivered) == done
    service.clock.now += DAY
    assert service.score(once, None) != begun


@pytest.mark.parametrize(
    "job", [{"ball": "day"}, {"job": "rebuild", "client": "Acme B.V."}, {"job": "rebuild", "wait": "1"}]
)
def test_a_call_that_is_no_job_is_refused(service: Service, job: dict[str, Any]) -> None:
    with pytest.raises(UnknownJobError):
        service.score(job, None)


def test_a_rebuild_finds_what_stands_and_changes_nothing(service: Service) -> None:
    service.post([*responses([9, 0, 7]), event("client.described", {"status": "ended"})])
    service.settle()
    before, held = service.get("/v1/clients/acme").json, item_of("acme")

    service.rebuild()

    assert (service.get("/v1/clients/acme").json, item_of("acme")) == (before, held)


def test_a_rebuild_of_one_client_looks_at_no_other(service: Service) -> None:
    fallen(service)
    service.post(counted(3, "beta"))
    lost(service)

    service.rebuild("acme")

    assert nps_of(service) == 43
    assert service.get("/v1/clients/beta").status == 404


def test_a_later_rebuild_takes_the_place_of_an_earlier_one(service: Service) -> None:
    service.post(counted(3))
    lost(service)
    service.score({"job": "rebuild", "wait": 0}, None)
    service.clock.now += timedelta(seconds=1)
    service.score({"job": "rebuild", "wait": 0}, None)
    service.refreshes.deliver(service.score)

    run = Runs(dynamodb_client(), "ScoresTable").latest("rebuild")
    assert run
    assert (run.is_done, run.clients, run.drifted) == (True, 1, 1)
    # Of the earlier one nothing is listed any more, so nothing comes of it.
    assert len({message["run"] for message in service.refreshes.delivered if "names" in message}) == 1


def test_a_night_whose_beginning_died_is_finished_also_when_nobody_waits_any_more(service: Service) -> None:
    service.post(counted(3))
    service.settle()
    given_up = GivenUpClients(dynamodb_client(), "ScoresTable")
    given_up.keep([GivenUp("acme", service.clock.now, "RetryAttemptsExhausted", "shard-1")])
    with patch.object(Queue, "send", side_effect=ConnectionError), pytest.raises(ConnectionError):
        service.score({"job": "nightly_refresh"}, None)
    given_up.clear(["acme"], service.clock.now)

    service.night()

    run = Runs(dynamodb_client(), "ScoresTable").latest("night")
    assert run
    assert (run.is_done, run.clients) == (True, 1)


def test_a_night_costs_reads_and_no_write_of_a_client() -> None:
    with mock_aws():
        service, clients = in_memory_with_clients()
        service.post([*responses([9, 0, 7]), event("consultants.counted", {"working": 3, "as_of": "2026-11-23"})])
        service.settle()
        service.clock.now += DAY
        service.score({"job": "nightly_refresh"}, None)
        with metered(clients.score) as meter:
            service.refreshes.deliver(service.score)

        listed, looked = 8, 1
        assert meter.calls.get("PutItem", 0) + meter.calls.get("TransactWriteItems", 0) <= listed + looked
        assert meter.calls["UpdateItem"] <= 2 * (listed + looked) + 1
        assert "DeleteItem" not in meter.calls


def test_the_end_of_a_month_is_written_once_and_the_days_beside_it_write_nothing(service: Service) -> None:
    service.post([*responses([9, 0, 7]), event("consultants.counted", {"working": 3, "as_of": "2026-11-23"})])
    service.settle()
    written = []
    for day in ("2026-11-30", "2026-12-01", "2026-12-02"):
        before = item_of("acme")
        service.clock.now = datetime.fromisoformat(f"{day}T01:00:00Z")
        service.night()
        written.append({key for key in before if item_of("acme")[key] != before[key]})

    assert [bool(changed) for changed in written] == [False, True, False]
    assert service.get("/v1/clients").json["clients"][0]["as_of"] == "2026-12-02"


def test_an_item_of_the_release_before_is_read_and_written_anew_once(service: Service) -> None:
    service.post([*responses([9]), counted(3)])
    service.settle()
    item = item_of("acme")
    for key in ("said", "changes_on"):
        del item["summary"]["M"][key]
    lay_down(item)
    assert service.get("/v1/clients").json["clients"][0]["as_of"] == "2026-11-24"

    service.clock.now += DAY
    service.night()
    [row], written = service.get("/v1/clients").json["clients"], item_of("acme")
    assert row["as_of"] == "2026-11-25"
    service.clock.now += DAY
    service.night()
    assert item_of("acme") == written
