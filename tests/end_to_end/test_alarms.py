"""An alarm of the deployed template: a source is refused, the operator is told, and the page of the runbook ends it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.http.tokens import mint
from shared.storage.source_health import SourceHealth
from tests.end_to_end.calls import calling, eventually
from tests.support.metrics import metrics_in
from tests.support.service import event
from tests.support.watch import PAGE, pages
from tools.alarms import states
from tools.stack import Settings, Stack
from tools.target import Target
from tools.token_keys import TokenKeys

SOURCE, EXPIRED = "payroll-of-alarms", "0123456789abcdef"
REFUSED = "source-refused"
COUNTED = event(
    "consultants.counted", {"working": 4, "happy": 4, "as_of": "2026-11-01"}, source=SOURCE, subject="alarmed"
)


@pytest.fixture
def target(settings: Settings, stack: Stack) -> Target:
    return Target(settings.name, stack.session, stack)


@pytest.fixture
def inbox(target: Target) -> Iterator[Any]:
    """What the operator is told of refused calls, while this test is looking."""
    sqs = target.session.client("sqs", endpoint_url=target.endpoint_url)
    sns: Any = target.session.client("sns", endpoint_url=target.endpoint_url)
    url = sqs.create_queue(QueueName="inbox")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    [topic] = [found["TopicArn"] for found in sns.list_topics()["Topics"] if found["TopicArn"].endswith("-alarms")]
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    sqs.set_queue_attributes(
        QueueUrl=url, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [allowed]})}
    )
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)["SubscriptionArn"]
    told: list[Any] = []

    def look() -> list[Any]:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        found = [json.loads(json.loads(message["Body"])["Message"]) for message in messages]
        told.extend(alarm for alarm in found if alarm["AlarmName"].endswith(REFUSED))
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return told

    yield look
    sns.unsubscribe(SubscriptionArn=subscription)
    sqs.delete_queue(QueueUrl=url)


def lines_of(target: Target, function: str) -> list[str]:
    """All that a function has logged: other tests may have had it log a lot."""
    logs = target.session.client("logs", endpoint_url=target.endpoint_url)
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{target.name}-{function}")
    return [line["message"].strip() for page in pages for line in page["events"]]


def extract_metrics(target: Target, function: str) -> list[str]:
    """Takes the metrics out of what a function logged, as CloudWatch does by itself and the emulator does not."""
    metrics = metrics_in("\n".join(lines_of(target, function)))
    for metric in metrics:
        target.session.client("cloudwatch", endpoint_url=target.endpoint_url).put_metric_data(
            Namespace=metric.namespace,
            MetricData=[
                {
                    "MetricName": metric.name,
                    "Dimensions": [{"Name": name, "Value": value} for name, value in metric.dimensions.items()],
                    "Value": metric.value,
                }
            ],
        )
    return [metric.name for metric in metrics]


def test_a_source_that_is_refused_is_told_and_the_page_of_the_runbook_leads_to_its_end(
    target: Target, stack: Stack, inbox: Any
) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - tokens are checked against the real time
    keys = TokenKeys.read(target.secrets(), target.name)
    expired = mint(
        keys.current,
        subject=SOURCE,
        scopes=["events:write"],
        sources=[SOURCE],
        expires_at=now - timedelta(minutes=1),
        token_id=EXPIRED,
    )

    # It breaks.
    with calling(stack, expired) as api:
        assert api.post("v1/events", json=COUNTED).status_code == 401
    eventually(lambda: "CallsRefused" in extract_metrics(target, "ingest"), expected=True)

    # The operator is told, and by which page to go on.
    eventually(lambda: [told["NewStateValue"] for told in inbox()], ["ALARM"])
    [page] = PAGE.findall(inbox()[0]["AlarmDescription"])
    assert f"`{REFUSED}`" in pages()[page]
    cloudwatch = target.session.client("cloudwatch", endpoint_url=target.endpoint_url)
    wrong = {alarm.name: alarm.page for alarm in states(cloudwatch, target.name) if alarm.state == "ALARM"}
    assert wrong[f"{target.name}-{REFUSED}"] == f"docs/runbook.md#{page}"

    # Look: `make sources`, and the log tells which token.
    kept = SourceHealth(target.dynamodb(), target.output("SourceHealthTableName"))
    assert (kept.names() >= {SOURCE}, kept.of(SOURCE, now).counts) == (True, {"refused": 1})
    [refused] = [line for line in lines_of(target, "ingest") if EXPIRED in line]
    assert {"source": SOURCE, "outcome": "refused", "problem": "ExpiredTokenError"}.items() <= json.loads(
        refused
    ).items()

    # Do: another token. Over: it is heard.
    renewed = mint(
        keys.current, subject=SOURCE, scopes=["events:write"], sources=[SOURCE], expires_at=now + timedelta(days=1)
    )
    with calling(stack, renewed) as api:
        assert api.post("v1/events", json=COUNTED).status_code == 202
    fares = kept.of(SOURCE, now + timedelta(minutes=1))
    assert fares.heard_at
    assert fares.counts == {"refused": 1, "accepted": 1}
