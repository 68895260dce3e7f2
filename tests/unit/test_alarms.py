"""Each alarm has a page in the runbook and a metric that there is, and each thing that can go wrong has an alarm."""

import json
import re
from typing import Any

import pytest

from tests.support.template import document, holds, resolved
from tests.support.watch import OWN, TOLD, Alarm, alarms, dead_letter_queues, names_by_page, of_type, pages

OF_AWS = {
    ("AWS/ApiGateway", "5xx"): {"ApiId"},
    ("AWS/ApiGateway", "4xx"): {"ApiId"},
    ("AWS/ApiGateway", "Count"): {"ApiId"},
    ("AWS/ApiGateway", "Latency"): {"ApiId"},
    ("AWS/Lambda", "Errors"): {"FunctionName"},
    ("AWS/Lambda", "Throttles"): {"FunctionName"},
    ("AWS/Lambda", "IteratorAge"): {"FunctionName"},
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): {"QueueName"},
    ("AWS/DynamoDB", "ReadThrottleEvents"): {"TableName"},
    ("AWS/DynamoDB", "WriteThrottleEvents"): {"TableName"},
}
"""Metrics of AWS with the dimensions under which they are counted.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
"""

TYPES = {
    "ApiId": "AWS::ApiGatewayV2::Api",
    "FunctionName": "AWS::Serverless::Function",
    "QueueName": "AWS::SQS::Queue",
    "TableName": "AWS::DynamoDB::Table",
}
FUNCTIONS = of_type("AWS::Serverless::Function")
EVALUATED_DAILY = 86_400

each_alarm = pytest.mark.parametrize("alarm", alarms(), ids=lambda alarm: alarm.name)


@each_alarm
def test_an_alarm_says_what_it_means_and_names_its_page(alarm: Alarm) -> None:
    meaning, _, page = alarm.description.partition(" docs/runbook.md#")

    assert page in pages()
    assert re.fullmatch(r"[A-Z].{30,}\.", meaning)
    assert f"`{alarm.name}`" in pages()[page].partition("\n\n")[2].partition(":")[0]


@pytest.mark.parametrize("page", [page for page, text in pages().items() if text.lstrip().startswith("Alarm")])
def test_a_page_names_alarms_that_there_are_and_leads_to_the_end(page: str) -> None:
    text = pages()[page]
    named = re.findall(r"`([\w-]+)`", text.lstrip().partition(":")[0])

    assert names_by_page()[page] == set(named)
    assert re.findall(r"^- \*\*(\w+)", text, re.MULTILINE) == ["Look", "Do", "Over"]


def test_every_alarm_names_a_page_that_there_is() -> None:
    named = names_by_page()

    assert named.keys() <= pages().keys()
    assert sum(map(len, named.values())) == len(of_type("AWS::CloudWatch::Alarm"))


@each_alarm
def test_who_is_told_of_an_alarm_is_told_of_its_end(alarm: Alarm) -> None:
    assert alarm.settings["AlarmActions"] == alarm.settings["OKActions"] == ["AlarmTopic"]


@each_alarm
def test_an_alarm_is_one_that_cloudwatch_takes(alarm: Alarm) -> None:
    period, times = alarm.settings["Period"], alarm.settings["EvaluationPeriods"]

    assert period % 60 == 0
    assert period <= EVALUATED_DAILY
    assert period * times <= (7 * EVALUATED_DAILY if period >= 3600 else EVALUATED_DAILY)
    assert alarm.settings.get("TreatMissingData") in ("breaching", "notBreaching", "ignore")
    assert len(alarm.description) <= 1024


def counts(namespace: str, name: str, dimensions: dict[str, str]) -> bool:
    """Whether a metric of AWS is counted under these dimensions, of things of this stack."""
    return dimensions.keys() == OF_AWS[namespace, name] and all(
        document()["Resources"][value.partition(".")[0]]["Type"] == TYPES[dimension]
        for dimension, value in dimensions.items()
    )


@pytest.mark.parametrize("alarm", [alarm for alarm in alarms() if alarm.metric[0] != OWN], ids=lambda alarm: alarm.name)
def test_an_alarm_looks_at_a_metric_that_aws_counts(alarm: Alarm) -> None:
    assert counts(*alarm.metric, dict(alarm.dimensions))


@pytest.mark.parametrize("metric", ["Errors", "Throttles"])
def test_every_function_has_an_alarm_for_errors_and_one_for_throttles(metric: str) -> None:
    watched = [alarm.dimensions["FunctionName"] for alarm in alarms() if alarm.metric == ("AWS/Lambda", metric)]

    assert sorted(watched) == sorted(FUNCTIONS)


def test_every_queue_of_what_was_given_up_has_an_alarm() -> None:
    watched = {
        alarm.dimensions["QueueName"].removesuffix(".QueueName")
        for alarm in alarms()
        if alarm.metric == ("AWS/SQS", "ApproximateNumberOfMessagesVisible")
    }

    assert watched == dead_letter_queues()


def test_calls_that_were_turned_away_are_counted_from_the_access_log() -> None:
    [counted] = of_type("AWS::Logs::MetricFilter").values()
    told = json.loads(access_log().replace("$context.status", "429"))

    assert counted["LogGroupName"] == "AccessLogs"
    assert re.fullmatch(r'\{ \$\.(\w+) = "(\w+)" \}', counted["FilterPattern"])
    field, value = re.findall(r'\$\.(\w+) = "(\w+)"', counted["FilterPattern"])[0]
    assert told[field] == value
    [metric] = counted["MetricTransformations"]
    assert (metric["MetricNamespace"], metric["MetricName"], metric["MetricValue"]) == (OWN, "CallsTurnedAway", "1")


# Nothing of it costs anything until somebody is to be told.


def test_alarms_and_what_they_need_come_with_an_address() -> None:
    assert (holds("Watched"), holds("Watched", TOLD)) == (False, True)
    resources = document()["Resources"]
    paid = {"AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::SNS::Topic", "AWS::KMS::Key"}
    paid |= {"AWS::SNS::Subscription", "AWS::Logs::MetricFilter"}
    found = [resource for resource in resources.values() if resource["Type"] in paid]

    assert {resource["Type"] for resource in found} == paid
    assert {resource.get("Condition") for resource in found} == {"Watched", "InSteps"}
    assert (holds("InSteps"), holds("InSteps", {"Canary": "yes"})) == (False, True)


@pytest.mark.parametrize("address", ["", "ops@example.com", "o.p+s@mail.example.co.uk"])
def test_an_address_or_nothing_is_taken(address: str) -> None:
    assert re.fullmatch(document()["Parameters"]["AlarmEmail"]["AllowedPattern"], address)


@pytest.mark.parametrize(
    "address", ["ops", "ops@example", "a@b.nl,c@d.nl", "o ps@example.com", "ops@@example.com", "@b.nl"]
)
def test_what_is_no_address_is_refused_before_anything_is_deployed(address: str) -> None:
    assert not re.fullmatch(document()["Parameters"]["AlarmEmail"]["AllowedPattern"], address)


def test_cloudwatch_may_use_the_key_of_the_topic() -> None:
    [topic] = of_type("AWS::SNS::Topic").values()
    [key] = of_type("AWS::KMS::Key").items()
    [statement] = [said for said in key[1]["KeyPolicy"]["Statement"] if "Service" in said["Principal"]]

    assert topic["KmsMasterKeyId"] == key[0]
    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]


# The dashboard.


def widgets() -> list[Any]:
    [dashboard] = of_type("AWS::CloudWatch::Dashboard").values()
    found: list[Any] = json.loads(dashboard["DashboardBody"])["widgets"]
    return found


def test_the_dashboard_is_one_that_cloudwatch_draws() -> None:
    taken: set[tuple[int, int]] = set()
    for widget in widgets():
        assert widget["type"] == "metric"
        assert widget["x"] + widget["width"] <= 24
        places = {
            (x, y)
            for x in range(widget["x"], widget["x"] + widget["width"])
            for y in range(widget["y"], widget["y"] + widget["height"])
        }
        assert not places & taken
        taken |= places
        assert widget["properties"].keys() >= {"title", "view", "region", "period", "stat", "metrics"}


def metrics_of_the_dashboard() -> list[list[Any]]:
    return [metric for widget in widgets() for metric in widget["properties"]["metrics"]]


def test_the_dashboard_shows_metrics_that_aws_counts() -> None:
    shown = [metric for metric in metrics_of_the_dashboard() if str(metric[0]).startswith("AWS/")]

    assert shown
    for namespace, name, *rest in shown:
        pairs = [part for part in rest if isinstance(part, str)]
        assert counts(namespace, name, dict(zip(pairs[::2], pairs[1::2], strict=True)))


def test_the_dashboard_shows_what_every_alarm_looks_at() -> None:
    shown = {tuple(metric[:2]) for metric in metrics_of_the_dashboard() if isinstance(metric[0], str)}

    assert {alarm.metric for alarm in alarms()} <= shown


# Logs.


def access_log() -> str:
    [stage] = of_type("AWS::ApiGatewayV2::Stage").values()
    settings: dict[str, str] = stage["AccessLogSettings"]
    assert settings["DestinationArn"] == "AccessLogs.Arn"
    return settings["Format"]


def test_the_access_log_is_json_on_one_line_and_holds_nothing_that_somebody_wrote() -> None:
    told = json.loads(access_log())

    assert "\n" not in access_log()
    assert {value.removeprefix("$context.") for value in told.values()} == {
        *("requestId", "requestTimeEpoch", "routeKey", "status", "responseLatency", "responseLength"),
        *("integrationStatus", "integrationErrorMessage", "error.message"),
    }


def test_metrics_of_two_stacks_stand_apart() -> None:
    variables = document()["Globals"]["Function"]["Environment"]["Variables"]

    assert resolved(variables["POWERTOOLS_METRICS_NAMESPACE"]) == OWN
