"""What a deleted stack keeps is found, told and taken over."""

from dataclasses import replace
from typing import Any, cast

import boto3
import pytest
from moto import mock_aws

from tests.support.clients import REGION, dynamodb_client
from tests.support.template import document
from tools.deploy import kept
from tools.deploy.kept import Kept
from tools.deploy.parameters import document as as_deployed
from tools.errors import ToolError

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
FACTS = Kept("FactsTable", "AWS::DynamoDB::Table", "opmm-FactsTable-1AB2", {"TableName": "opmm-FactsTable-1AB2"})


def session() -> boto3.Session:
    return boto3.Session(region_name=REGION)


def make_table(name: str) -> None:
    client = dynamodb_client()
    keys: Any = [{"AttributeName": "client_id", "KeyType": "HASH"}]
    types: Any = [{"AttributeName": "client_id", "AttributeType": "S"}]
    client.create_table(TableName=name, KeySchema=keys, AttributeDefinitions=types, BillingMode="PAY_PER_REQUEST")


def make_secret(name: str) -> str:
    made: str = session().client("secretsmanager").create_secret(Name=name, SecretString="{}")["ARN"]
    return made


def test_what_cannot_be_made_again_is_kept() -> None:
    assert kept.retained().keys() == {
        *("FactsTable", "ParkedTable", "ErasuresTable", "NotificationsTable"),
        *("RespondentKeySecret", "SourcesSecret", "PeopleSecret", "DestinationsSecret"),
    }


@mock_aws
def test_tables_and_secrets_of_a_deleted_stack_are_found_and_no_others() -> None:
    for name in ("opmm-FactsTable-1AB2", "opmm-two-FactsTable-1AB2", "opmm-ScoresTable-1AB2", "opmm-FactsTable"):
        make_table(name)
    arn = make_secret("opmm/sources")
    make_secret("opmm/token-keys")
    make_secret("other/sources")

    assert kept.find(session(), "opmm") == [
        FACTS,
        Kept("SourcesSecret", "AWS::SecretsManager::Secret", "opmm/sources", {"Id": arn}),
    ]
    assert kept.find(session(), "agency") == []


@mock_aws
def test_it_is_told_by_which_key_something_kept_is_encrypted() -> None:
    client: Any = dynamodb_client()
    client.create_table(
        TableName="opmm-FactsTable-1AB2",
        KeySchema=[{"AttributeName": "client_id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "client_id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY},
    )
    session().client("secretsmanager").create_secret(Name="opmm/sources", SecretString="{}", KmsKeyId=KEY)
    make_secret("opmm/people")

    found = kept.find(session(), "opmm")

    assert {each.logical_id: each.key for each in found} == {
        "FactsTable": KEY,
        "SourcesSecret": KEY,
        "PeopleSecret": "",
    }


@pytest.mark.parametrize(("has", "asked"), [("", ""), (KEY, KEY), (KEY.rpartition("/")[2], KEY)])
def test_what_was_kept_is_taken_over_with_the_key_that_it_has(has: str, asked: str) -> None:
    kept.check_keys([replace(FACTS, key=has)], asked)


@pytest.mark.parametrize(("has", "asked", "told"), [(KEY, "", KEY), ("", KEY, "a key of AWS"), (KEY, KEY + "0", KEY)])
def test_another_key_than_it_has_is_refused_before_anything_is_built(has: str, asked: str, told: str) -> None:
    with pytest.raises(ToolError) as refused:
        kept.check_keys([replace(FACTS, key=has)], asked)

    faults = str(refused.value).splitlines()
    assert faults[:2] == [f"KmsKeyArn={asked}: this is encrypted by another key:", f"  FactsTable: {told}"]


def test_parameters_of_a_deleted_stack_count_and_where_they_are_not_known_any_more_its_days_have_to_be_said() -> None:
    had = {"TimeZone": "Europe/London", "LogLevel": "WARN"}

    assert kept.parameters(had, {}) == had
    assert kept.parameters(None, {"TimeZone": "UTC", "Model": "opmm-1"}) == {}
    with pytest.raises(ToolError, match=r'is known no more.* Say PARAMS="Model=\.\.\.", and others'):
        kept.parameters(None, {"TimeZone": "UTC"})


@mock_aws
def test_of_two_deleted_stacks_it_is_not_guessed_which_is_meant() -> None:
    make_table("opmm-FactsTable-1AB2")
    make_table("opmm-FactsTable-3CD4")

    with pytest.raises(ToolError, match="FactsTable: opmm-FactsTable-1AB2\n  FactsTable: opmm-FactsTable-3CD4\n"):
        kept.find(session(), "opmm")


@mock_aws
def test_a_secret_that_is_being_deleted_says_how_it_comes_back() -> None:
    make_secret("opmm/people")
    session().client("secretsmanager").delete_secret(SecretId="opmm/people")

    with pytest.raises(ToolError, match="aws secretsmanager restore-secret --secret-id opmm/people"):
        kept.find(session(), "opmm")


def test_it_is_said_what_was_kept_and_how_to_go_on() -> None:
    said = kept.refusal("opmm", [FACTS])

    assert "FactsTable: opmm-FactsTable-1AB2" in said
    assert "ADOPT=1" in said


def test_what_is_imported_is_declared_as_it_is_deployed_and_nothing_else_is() -> None:
    template = kept.importable([FACTS])

    assert template["Resources"] == {"FactsTable": document()["Resources"]["FactsTable"]}
    assert (template["Parameters"].keys(), template["Conditions"].keys()) == ({"KmsKeyArn"}, {"OwnKey"})
    assert template["Conditions"] == {"OwnKey": as_deployed()["Conditions"]["OwnKey"]}
    assert "Transform" not in template


class _CloudFormation:
    """CloudFormation, as far as an import goes."""

    def __init__(self, status: str, execution: str, reason: str = "") -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self._change_set = {"Status": status, "ExecutionStatus": execution, "StatusReason": reason}

    def describe_change_set(self, **_names: Any) -> Any:
        return self._change_set

    def get_waiter(self, name: str) -> "_CloudFormation":
        self.asked.append((name, {}))
        return self

    def __getattr__(self, called: str) -> Any:
        return lambda **arguments: self.asked.append((called, arguments))


def test_what_was_kept_is_imported_by_what_it_is_known_by() -> None:
    client = _CloudFormation("CREATE_COMPLETE", "AVAILABLE")

    kept.take_over(cast("Any", client), "opmm", [FACTS], {"KmsKeyArn": "", "LogLevel": "INFO"})

    (created, said), *later = client.asked
    assert [created, *(called for called, _ in later)] == [
        *("create_change_set", "execute_change_set", "stack_import_complete", "wait")
    ]
    assert (said["ChangeSetType"], said["Parameters"]) == (
        "IMPORT",
        [{"ParameterKey": "KmsKeyArn", "ParameterValue": ""}],
    )
    [resource] = said["ResourcesToImport"]
    assert resource["ResourceIdentifier"] == {"TableName": "opmm-FactsTable-1AB2"}


@pytest.mark.parametrize("status", ["FAILED", "CREATE_COMPLETE"])
def test_an_import_that_is_refused_says_why_and_leaves_no_empty_stack(status: str) -> None:
    client = _CloudFormation(status, "UNAVAILABLE", "the table belongs to another stack")

    with pytest.raises(ToolError, match=r"cannot be taken over: the table belongs to another stack\. Nothing of it"):
        kept.take_over(cast("Any", client), "opmm", [FACTS], {"KmsKeyArn": ""})
    assert [called for called, _ in client.asked] == ["create_change_set", "delete_stack"]
