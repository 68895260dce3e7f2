"""What is told of every call: by source and outcome, in the log, as metrics and for operators."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto import mock_aws

from shared.storage.silences import Silences
from shared.storage.source_health import Health, SourceHealth
from tests.support.calls import in_memory_with_clients
from tests.support.clients import dynamodb_client
from tests.support.metering import metered
from tests.support.metrics import Emitted, metrics_in
from tests.support.service import Service, event, http_event, responses, token
from tests.support.webhooks import SOURCES, connected, post, sample, send, signed, values

RATED = responses([9])[0]
WRONG = event("nps.responded", {**RATED["data"], "score": 11})


@pytest.fixture
def service() -> Iterator[Service]:
    with connected() as connected_service:
        yield connected_service


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [vars(record) for record in caplog.records if record.getMessage() == "responded"]


def told(line: dict[str, Any]) -> tuple[Any, ...]:
    return line.get("source"), line.get("outcome"), line.get("outcomes")


def health(service: Service, source: str) -> Health:
    return SourceHealth(dynamodb_client(), "SourceHealthTable").of(source, service.clock())


def sums(emitted: Emitted) -> dict[tuple[str, str], float]:
    """By metric and source; of all sources together under no name."""
    found: defaultdict[tuple[str, str], float] = defaultdict(float)
    for metric in emitted:
        found[metric.name, metric.dimensions.get("source", "")] += metric.value
    return dict(found)


CALLS: dict[str, tuple[Any, str, str, bool]] = {
    "accepted": (lambda service: send(service, "delighted", sample("delighted")), "nps", "EventsAccepted", True),
    "ignored": (
        lambda service: send(service, "wootric", values("wootric") | {"survey_mode": "CSAT"}),
        "webshop",
        "EventsIgnored",
        True,
    ),
    "thin": (lambda service: send(service, "surveymonkey", sample("surveymonkey")), "forms", "EventsThin", True),
    "parked": (lambda service: send(service, "delighted", b"no json"), "nps", "EventsParked", True),
    "refused": (lambda service: post(service, "nps", b"{}", {}), "nps", "CallsRefused", True),
    "a stranger": (lambda service: post(service, "nobody", b"{}", {}), "unknown", "CallsRefused", False),
    "any source": (lambda service: service.post(RATED), "api", "EventsAccepted", True),
    "rejected": (lambda service: service.post(WRONG), "api", "EventsRejected", True),
    "not json": (
        lambda service: service.post("{", bearer=token(sources=["hr"])),
        "hr",
        "EventsRejected",
        True,
    ),
    "another source": (
        lambda service: service.post(RATED, bearer=token(sources=["hr"])),
        "hr",
        "EventsRejected",
        True,
    ),
    "a scope too few": (
        lambda service: service.post(RATED, bearer=token(sources=["hr"], scopes=["scores:read"])),
        "hr",
        "EventsRejected",
        True,
    ),
    "one of several": (
        lambda service: service.post(RATED, bearer=token(sources=["hr", "tests"])),
        "tests",
        "EventsAccepted",
        True,
    ),
    "no token": (lambda service: service.post(RATED, bearer="no-token"), "unknown", "CallsRefused", False),
    "expired": (
        lambda service: service.post(RATED, bearer=token(sources=["hr"], expires_at=datetime(2026, 1, 1, tzinfo=UTC))),
        "hr",
        "CallsRefused",
        True,
    ),
    "no name for a metric": (
        lambda service: service.post({**RATED, "source": "é"}, bearer=token(sources=["é"])),
        "api",
        "EventsAccepted",
        True,
    ),
}


@pytest.mark.parametrize("call", CALLS)
def test_every_call_is_told_and_counted_once_by_source_and_outcome(
    service: Service, call: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    act, source, metric, summed = CALLS[call]
    capsys.readouterr()

    act(service)

    counted = sums(metrics_in(capsys.readouterr().out))
    assert counted == {(metric, source): 1, **({(metric, ""): 1} if summed else {})}
    [line] = lines(caplog)
    outcome = metric.removeprefix("Events").removeprefix("Calls").lower()
    assert told(line) == (source, outcome, {outcome: 1})
    assert health(service, source).counts == {outcome: 1}


def test_a_batch_is_counted_by_the_outcome_of_each_event_and_named_after_the_worst(
    service: Service, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    service.post([RATED, RATED, WRONG, {**RATED, "id": "e-2", "source": "hr"}], bearer=token(sources=["hr", "tests"]))

    assert sums(metrics_in(capsys.readouterr().out)) == {
        ("EventsAccepted", "tests"): 1,
        ("EventsDuplicate", "tests"): 1,
        ("EventsRejected", "tests"): 1,
        ("EventsAccepted", "hr"): 1,
        ("EventsAccepted", ""): 2,
        ("EventsDuplicate", ""): 1,
        ("EventsRejected", ""): 1,
    }
    [line] = lines(caplog)
    assert told(line) == (["hr", "tests"], "rejected", {"accepted": 2, "duplicate": 1, "rejected": 1})


@pytest.mark.parametrize(
    "request_",
    [
        http_event("GET", "/v1/parked", headers={"Authorization": f"Bearer {token()}"}),
        http_event("GET", "/v1/parked"),
        http_event("HEAD", "/v1/webhooks/nps"),
        http_event("POST", "/v1/webhooks/nps", b"Ping test"),
    ],
)
def test_what_brings_no_event_is_counted_nowhere(
    service: Service, request_: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    service.ask_ingest(request_)

    assert metrics_in(capsys.readouterr().out) == []
    assert dynamodb_client().scan(TableName="SourceHealthTable")["Items"] == []


def test_a_failure_of_ours_is_nobody_elses(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    dynamodb_client().delete_table(TableName="FactsTable")

    assert service.post(RATED, bearer=token(sources=["tests"])).status == 500
    assert told(lines(caplog)[0]) == ("tests", "failed", None)
    assert health(service, "tests") == Health(counts={})


# What operators see.


def test_a_source_is_seen_with_its_first_call(service: Service) -> None:
    send(service, "delighted", sample("delighted"))

    assert health(service, "nps") == Health(heard_at=service.clock(), counts={"accepted": 1})


def test_who_cannot_show_to_be_the_source_is_not_the_source_being_heard(service: Service) -> None:
    body = sample("delighted")
    post(service, "nps", body, signed("delighted", body, "rotated-at-the-tool"))

    assert health(service, "nps") == Health(refused_at=service.clock(), counts={"refused": 1})


def test_a_source_is_seen_to_be_heard_again_at_once_after_it_was_refused(service: Service) -> None:
    post(service, "nps", b"{}", {})
    send(service, "delighted", sample("delighted"))

    assert health(service, "nps").heard_at == service.clock()
    assert health(service, "nps").counts == {"refused": 1, "accepted": 1}


def test_further_calls_are_kept_once_a_minute_or_for_many_at_once() -> None:
    with mock_aws():
        service, clients = in_memory_with_clients()
        service.post(RATED)

        def writes() -> int:
            with metered(clients.ingest) as meter:
                service.post(RATED)
            return meter.calls.get("UpdateItem", 0)

        assert [writes() for _ in range(24)] == [0] * 24
        assert writes() == 1
        assert health(service, "api").counts == {"accepted": 1, "duplicate": 25}
        service.clock.now += timedelta(seconds=59)
        assert writes() == 0
        service.clock.now += timedelta(seconds=1)
        assert writes() == 1
        assert health(service, "api").heard_at == service.clock()
        assert health(service, "api").counts == {"accepted": 1, "duplicate": 27}


def test_what_one_source_left_is_kept_by_the_call_of_another(service: Service) -> None:
    send(service, "delighted", sample("delighted"))
    send(service, "delighted", sample("delighted"))
    service.clock.now += timedelta(minutes=2)

    service.post(RATED)

    assert health(service, "nps").counts == {"accepted": 1, "duplicate": 1}
    assert health(service, "nps").heard_at == service.clock() - timedelta(minutes=2)


def test_trouble_with_keeping_it_is_no_trouble_of_the_call(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    dynamodb_client().delete_table(TableName="SourceHealthTable")

    assert service.post(RATED).status == 202
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
        "how a source fares is not kept"
    ]


# Silence.


LOOK = {"job": "look_for_silence"}


def watched(**days: int) -> dict[str, Any]:
    return {
        name: {**settings, "silent_after_days": days[name]} if name in days else settings
        for name, settings in SOURCES.items()
    }


def test_a_source_that_was_not_heard_for_its_days_is_silent_until_it_is_heard(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with connected(watched(nps=3)) as service:
        send(service, "delighted", sample("delighted"))
        found, told = [], []
        silences = Silences(dynamodb_client(), "SourceHealthTable")
        for _ in range(4):
            found.append(service.ingest(dict(LOOK), None))
            told.append(set(silences.all()))
            service.clock.now += timedelta(days=1)
        send(service, "delighted", sample("delighted"))
        found.append(service.ingest(dict(LOOK), None))
        told.append(set(silences.all()))
        assert "#silent" not in SourceHealth(dynamodb_client(), "SourceHealthTable").names()

    assert told == [set(), set(), set(), {"nps"}, set()]
    assert found == [{"silent": []}] * 3 + [{"silent": ["nps"]}, {"silent": []}]
    counted = [metric.value for metric in metrics_in(capsys.readouterr().out) if metric.name == "SourcesSilent"]
    assert counted == [0, 0, 0, 1, 0]
    warned = [vars(record) for record in caplog.records if record.levelname == "WARNING"]
    assert [(line["message"], line["source"], line["days"]) for line in warned] == [("a source fell silent", "nps", 3)]


def test_a_source_that_was_never_heard_is_silent_its_days_after_somebody_looked_first() -> None:
    with connected(watched(hr=2)) as service:
        found = []
        for _ in range(3):
            found.append(service.ingest(dict(LOOK), None)["silent"])
            service.clock.now += timedelta(days=1)

    assert found == [[], [], ["hr"]]


def test_calls_that_are_refused_end_no_silence() -> None:
    with connected(watched(nps=2)) as service:
        send(service, "delighted", sample("delighted"))
        service.clock.now += timedelta(days=2)
        assert post(service, "nps", b"{}", {}).status == 401

        assert service.ingest(dict(LOOK), None) == {"silent": ["nps"]}


def test_another_job_is_refused(service: Service) -> None:
    with pytest.raises(ValueError, match="look_for_silence"):
        service.ingest({"job": "rebuild"}, None)
