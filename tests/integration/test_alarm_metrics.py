"""Every metric of our own that an alarm or the dashboard looks at is one that the functions write, by running them."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from random import Random
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from moto import mock_aws

from shared.storage.deliveries import Deliveries
from tests.integration.test_traffic import CALLS, LOOK
from tests.support.calls import in_memory_with_clients
from tests.support.clients import secrets_client
from tests.support.faults import ClientFaults, injected
from tests.support.metrics import Metric, metrics_in
from tests.support.receivers import OK, receiver
from tests.support.service import Service, _dynamodb, in_memory, lanes, responses
from tests.support.template import environment
from tests.support.watch import OWN, alarms, of_type
from tests.support.webhooks import connected

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Counted = tuple[str, str, tuple[str, ...]]
"""A metric by its name and function, and the dimensions besides."""

FROM_A_LOG = {"CallsTurnedAway"}
"""What CloudWatch counts itself, from the access log."""


def written(function: str, metrics: list[Metric]) -> Iterator[Counted]:
    for metric in metrics:
        assert metric.namespace == environment(f"{function.capitalize()}Function")["POWERTOOLS_METRICS_NAMESPACE"]
        yield metric.name, function, tuple(sorted(metric.dimensions.keys() - {"service"}))


@pytest.fixture
def emitted(capsys: pytest.CaptureFixture[str]) -> set[Counted]:
    """What the functions write when all that can become of a call becomes of one, and time passes."""
    found: set[Counted] = set()
    with connected() as service:
        for act, *_ in CALLS.values():
            act(service)
        service.ingest(dict(LOOK), None)
        found |= set(written("ingest", metrics_in(capsys.readouterr().out)))
    with mock_aws():
        service = in_memory()
        for time in ("2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z", "2026-11-22T12:00:00Z"):
            service.post(responses([9], time=time))
        found |= set(written("ingest", metrics_in(capsys.readouterr().out)))
        service.settle()
        service.night()
        found |= set(written("score", metrics_in(capsys.readouterr().out)))
        service.tell()
        service.post(responses([2, 3], time="2026-11-24T12:00:00Z"))
        service.settle()
        with injected(_dynamodb(), ClientFaults(throttle=1), Random(1)):
            assert service.changes.step(service.notify)
        service.notify({"job": "catch_up"}, None)
        deliver(service)
        service.post(responses([10, 10], time="2026-11-30T06:00:00Z"))
        service.settle()
        with patch("functions.notify.routing.Routing.__call__", side_effect=KeyError):
            service.tell()
        found |= set(written("notify", metrics_in(capsys.readouterr().out)))
    with mock_aws():
        found |= set(written("score", of_bad_nights(capsys)))
    return found


def answering(status: str) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()


def deliver(service: Service) -> None:
    """All that can become of a delivery and of a digest becomes of one."""
    # The busy one comes last: it comes again at once here, and holds up all behind it.
    answers = {"good": OK, "down": answering("503 Down"), "gone": answering("410 Gone"), "busy": answering("503 Busy")}
    with ExitStack() as stack:
        document = {
            name: {
                "channel": "webhook",
                "address": stack.enter_context(receiver(answer)).address(),
                "secrets": ["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"],
                "wants": ["changes", "digest"] if name == "good" else ["changes"],
            }
            for name, answer in answers.items()
        }
        secrets_client().put_secret_value(SecretId="opmm/destinations", SecretString=json.dumps(document))
        service.restart_notify(LoopbackDestinations="yes")
        service.clock.now += timedelta(hours=1)
        service.post(responses([0], time="2026-11-24T13:00:00Z"))
        service.settle()
        service.tell()
        deliveries = Deliveries(_dynamodb(), "NotificationsTable")
        for delivery in deliveries.latest("down", 10).deliveries:
            deliveries.replace(delivery, replace(delivery, tries=9))
        for _ in range(8):  # those that are tried again come for ever here: the clock stands
            service.outgoing.step(service.notify)
        service.clock.now = datetime(2026, 11, 30, 6, 30, tzinfo=UTC)
        with injected(_dynamodb(), ClientFaults(throttle=1), Random(1)):
            assert service.notify({"job": "digests"}, None) == {"sent": 0, "failed": 1}
        assert service.notify({"job": "digests"}, None) == {"sent": 1, "failed": 0}


def of_bad_nights(capsys: pytest.CaptureFixture[str]) -> list[Metric]:
    """What the score function writes of records that were given up, a client that fails and a night without an end."""
    service, clients = in_memory_with_clients()
    stream = lanes(service, 1, seed=1, maximum_retry_attempts=0, bisect_batch_on_function_error=False)
    service.post(responses([9]))
    stream.deliver(failing)
    service.hand_over(stream)
    with refused(clients.score):
        service.clock.now += timedelta(days=1)
        service.night()
    for _ in range(2):
        service.clock.now += timedelta(days=1)
        service.score({"job": "nightly_refresh"}, None)
    return metrics_in(capsys.readouterr().out)


def failing(_event: dict[str, Any], _context: object) -> None:
    raise ConnectionError


@contextmanager
def refused(client: "DynamoDBClient") -> Iterator[None]:
    """Nothing can be read of acme."""

    def refuse(params: dict[str, Any], **_: Any) -> None:
        if params["Key"]["client_id"]["S"] == "acme":
            raise ConnectionError

    client.meta.events.register("provide-client-params.dynamodb.GetItem", refuse)
    try:
        yield
    finally:
        client.meta.events.unregister("provide-client-params.dynamodb.GetItem", refuse)


def test_every_alarm_on_a_metric_of_ours_looks_at_one_that_is_written(emitted: set[Counted]) -> None:
    watched = {
        (alarm.metric[1], alarm.dimensions["service"], tuple(sorted(alarm.dimensions.keys() - {"service"})))
        for alarm in alarms()
        if alarm.metric[0] == OWN and alarm.metric[1] not in FROM_A_LOG
    }

    assert watched
    assert watched <= emitted


def test_the_dashboard_shows_metrics_of_ours_that_are_written(emitted: set[Counted]) -> None:
    [dashboard] = of_type("AWS::CloudWatch::Dashboard").values()
    metrics = list(
        chain(*(widget["properties"]["metrics"] for widget in json.loads(dashboard["DashboardBody"])["widgets"]))
    )
    single = {(name, rest[1], ()) for namespace, name, *rest in filter(is_ours, metrics) if name not in FROM_A_LOG}
    searched = {
        (name, "ingest", ("source",))
        for [metric] in (metric for metric in metrics if len(metric) == 1)
        for name in re.findall(r'MetricName="(\w+)"', metric["expression"])
    }

    assert all(f'SEARCH(\'{{"{OWN}",service,source}} (' in m[0]["expression"] for m in metrics if len(m) == 1)
    assert single <= emitted
    assert searched <= emitted


def is_ours(metric: list[object]) -> bool:
    return metric[0] == OWN
