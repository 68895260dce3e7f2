"""A release is a version of each function, reached by its alias; asked to, it is let in step by step."""

import json
from typing import Any

import pytest
from cfnlint.api import ManualArgs, lint  # type: ignore[import-untyped]  # it ships no types

from tests.support.template import document, resolved
from tests.support.transform import transformed

FUNCTIONS = sorted(
    name for name, each in document()["Resources"].items() if each["Type"] == "AWS::Serverless::Function"
)


def of_type(type_: str, **parameters: str) -> dict[str, Any]:
    resources = transformed(**parameters)["Resources"]
    return {name: each for name, each in resources.items() if each["Type"] == type_}


@pytest.mark.parametrize(
    ("type_", "target"),
    [
        ("AWS::ApiGatewayV2::Integration", "IntegrationUri"),
        ("AWS::Lambda::Permission", "FunctionName"),
        ("AWS::Lambda::EventSourceMapping", "FunctionName"),
    ],
)
def test_whatever_calls_a_function_calls_its_alias(type_: str, target: str) -> None:
    targets = {name: each["Properties"][target] for name, each in of_type(type_).items()}

    assert targets
    assert {
        name: value for name, value in targets.items() if value.get("Ref", "") not in of_type("AWS::Lambda::Alias")
    } == {}


def test_a_schedule_calls_the_alias_and_may_call_nothing_else() -> None:
    for name, schedule in of_type("AWS::Scheduler::Schedule").items():
        assert schedule["Properties"]["Target"]["Arn"]["Ref"] in of_type("AWS::Lambda::Alias"), name
        role = schedule["Properties"]["Target"]["RoleArn"]["Fn::GetAtt"][0]
        invoked = [
            statement["Resource"]["Fn::Sub"]
            for policy in document()["Resources"][role]["Properties"]["Policies"]
            for statement in policy["PolicyDocument"]["Statement"]
            if statement["Action"] == "lambda:InvokeFunction"
        ]
        assert {each.rpartition(":")[2] for each in invoked} == {"live"}, name


def test_another_release_is_another_version_of_every_function() -> None:
    versions = of_type("AWS::Lambda::Version")

    assert [each["Properties"]["Description"] for each in versions.values()] == [{"Ref": "Release"}] * len(FUNCTIONS)
    # Lambda publishes none of a function that is as it was, whatever its description.
    functions = of_type("AWS::Lambda::Function").values()
    assert [each["Properties"]["Environment"]["Variables"]["RELEASE"] for each in functions] == [
        {"Ref": "Release"}
    ] * len(FUNCTIONS)


@pytest.mark.parametrize("level", ["DEBUG", "INFO", "WARN", "ERROR"])
def test_metrics_reach_their_alarms_whatever_is_logged(level: str) -> None:
    """They have no level, and count as INFO where Lambda leaves out what is below one."""
    for each in of_type("AWS::Lambda::Function", LogLevel=level).values():
        told = each["Properties"]["LoggingConfig"]["ApplicationLogLevel"]
        assert resolved(told, {"LogLevel": level}) in {"DEBUG", "INFO"}


def test_a_release_replaces_the_one_before_at_once_unless_it_is_asked_otherwise() -> None:
    assert of_type("AWS::CodeDeploy::DeploymentGroup") == of_type("AWS::CodeDeploy::Application") == {}
    assert [alias.get("UpdatePolicy") for alias in of_type("AWS::Lambda::Alias").values()] == [None] * len(FUNCTIONS)


def test_a_release_that_is_let_in_step_by_step_is_taken_back_by_an_alarm() -> None:
    groups = of_type("AWS::CodeDeploy::DeploymentGroup", Canary="yes")

    assert len(groups) == len(FUNCTIONS)
    for group in groups.values():
        declared = group["Properties"]
        assert "Canary10Percent10Minutes" in json.dumps(declared["DeploymentConfigName"])
        assert "NewReleaseFails" in json.dumps(declared["AlarmConfiguration"])
        assert "DEPLOYMENT_STOP_ON_ALARM" in declared["AutoRollbackConfiguration"]["Events"]
    aliases = of_type("AWS::Lambda::Alias", Canary="yes").values()
    assert all("CodeDeployLambdaAliasUpdate" in alias["UpdatePolicy"] for alias in aliases)


def test_who_is_told_of_alarms_is_told_when_a_release_is_taken_back() -> None:
    declared = document()["Resources"]["NewReleaseFails"]["Properties"]

    for actions in (declared["AlarmActions"], declared["OKActions"]):
        assert resolved(actions, {"AlarmEmail": "ops@example.com"}) == ["AlarmTopic"]
        assert not resolved(actions)


def test_the_alarm_hears_of_every_function() -> None:
    watched = json.dumps(document()["Resources"]["NewReleaseFails"]["Properties"]["Metrics"])

    names = {name: document()["Resources"][name]["Properties"]["FunctionName"]["Fn::Sub"] for name in FUNCTIONS}
    assert [name for name, called in names.items() if f'"{called}"' not in watched] == []


def test_what_lets_a_release_in_step_by_step_is_taken_by_the_schemas_of_the_resources() -> None:
    config = ManualArgs(regions=["eu-west-1"], ignore_checks=["W7001"])  # the transform has used the mapping

    found = lint(json.dumps(transformed(Canary="yes")), config=config)

    assert [f"{match.rule.id} {match.message}" for match in found] == []
