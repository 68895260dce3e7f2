"""Each function's role grants what the function does, and the emulator refuses everything else."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from tools.stack import Settings, Stack
from tools.stack.account import session

PROBE = """
import boto3
from botocore.exceptions import ClientError

def handler(event, context):
    try:
        getattr(boto3.client(event["service"]), event["call"])(**event["arguments"])
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "done"
"""
DENIED = {"AccessDeniedException", "AccessDenied"}
GRANTED = {"done", "ConditionalCheckFailedException"}
NEVER = {"ConditionExpression": "attribute_exists(probed)"}
"""A put that leaves nothing behind: it is authorised, and then fails."""


@pytest.fixture
def lambdas(settings: Settings, stack: Stack) -> Any:
    assert stack.stack_name == settings.name
    return session(settings).client("lambda", endpoint_url=settings.endpoint_url)


def tables(settings: Settings) -> dict[str, str]:
    client = session(settings).client("cloudformation", endpoint_url=settings.endpoint_url)
    outputs = client.describe_stacks(StackName=settings.name)["Stacks"][0]["Outputs"]
    return {output["OutputKey"]: output["OutputValue"] for output in outputs}


@pytest.fixture(params=["ingest", "score", "query", "pages", "erase", "notify"])
def probe(request: pytest.FixtureRequest, lambdas: Any, settings: Settings) -> Iterator[tuple[str, Any]]:
    """A function that makes any call, under the role of one of ours."""
    role = lambdas.get_function_configuration(FunctionName=f"{settings.name}-{request.param}")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("probe.py", PROBE)
    name = f"probe-{request.param}"
    lambdas.create_function(
        FunctionName=name,
        Role=role["Role"],
        Runtime=role["Runtime"],
        Handler="probe.handler",
        Code={"ZipFile": archive.getvalue()},
        Timeout=20,
    )

    def call(service: str, operation: str, **arguments: Any) -> str:
        payload = json.dumps({"service": service, "call": operation, "arguments": arguments})
        answer: str = json.loads(lambdas.invoke(FunctionName=name, Payload=payload)["Payload"].read())
        return answer

    yield request.param, call
    lambdas.delete_function(FunctionName=name)


def test_a_role_grants_what_its_function_does_and_nothing_else(probe: tuple[str, Any], settings: Settings) -> None:
    function, call = probe
    names = tables(settings)
    facts, scores = names["FactsTableName"], names["ScoresTableName"]
    fact, scorecard = (
        {"client_id": {"S": "probe"}, "fact_id": {"S": "probe"}},
        {"client_id": {"S": "probe"}, "item": {"S": "probe"}},
    )
    one_client: dict[str, Any] = {
        "KeyConditionExpression": "client_id = :probe",
        "ExpressionAttributeValues": {":probe": {"S": "probe"}},
    }
    outcomes = {
        "put a fact": call("dynamodb", "put_item", TableName=facts, Item=fact, **NEVER),
        "get facts": call("dynamodb", "batch_get_item", RequestItems={facts: {"Keys": [fact]}}),
        "delete a fact": call("dynamodb", "delete_item", TableName=facts, Key=fact),
        "query facts": call("dynamodb", "query", TableName=facts, **one_client),
        "scan facts": call("dynamodb", "scan", TableName=facts),
        "put a score": call("dynamodb", "put_item", TableName=scores, Item=scorecard, **NEVER),
        "get a score": call("dynamodb", "get_item", TableName=scores, Key=scorecard),
        "query scores": call("dynamodb", "query", TableName=scores, **one_client),
        "scan scores": call("dynamodb", "scan", TableName=scores),
        "write down a link": call(
            "dynamodb", "put_item", TableName=names["IssuedTableName"], Item={"id": {"S": "probe"}}, **NEVER
        ),
        "note that a feed was read": call(
            "dynamodb", "update_item", TableName=names["IssuedTableName"], Key={"id": {"S": "probe"}}, **NEVER
        ),
        "list links": call("dynamodb", "scan", TableName=names["IssuedTableName"]),
        "forget a link": call(
            "dynamodb", "delete_item", TableName=names["IssuedTableName"], Key={"id": {"S": "probe"}}
        ),
        "keep how a source fares": call(
            "dynamodb",
            "update_item",
            TableName=names["SourceHealthTableName"],
            Key={"source": {"S": "probe"}, "entry": {"S": "probe"}},
            **NEVER,
        ),
        "write the journal": call(
            "dynamodb",
            "put_item",
            TableName=names["NotificationsTableName"],
            Item={"about": {"S": "probe"}, "entry": {"S": "probe"}},
            **NEVER,
        ),
        "ask the notify function": call(
            "lambda",
            "invoke",
            FunctionName=f"{settings.name}-notify:live",
            Payload=json.dumps({"job": "describe_destinations"}),
        ),
        "read the respondent key": call(
            "secretsmanager", "get_secret_value", SecretId=f"{settings.name}/respondent-key"
        ),
        "read the token keys": call("secretsmanager", "get_secret_value", SecretId=f"{settings.name}/token-keys"),
        "read the people": call("secretsmanager", "get_secret_value", SecretId=f"{settings.name}/people"),
        "read the destinations": call("secretsmanager", "get_secret_value", SecretId=f"{settings.name}/destinations"),
        "write a secret": call(
            "secretsmanager", "put_secret_value", SecretId=f"{settings.name}/token-keys", SecretString="{}"
        ),
    }
    granted = {
        "ingest": {"put a fact", "query facts", "get a score", "read the respondent key", "read the token keys"}
        | {"keep how a source fares"},
        "score": {"query facts", "scan facts", "put a score", "get a score", "query scores", "scan scores"},
        # It may put the overview of all; pages may put attention into the table of the journal, and who erases digests.
        # The emulator does not look at conditions on the key: tests/unit/test_roles.py does.
        "query": {"get facts", "query facts", "get a score", "query scores", "read the token keys", "put a score"},
        "pages": {
            *("put a fact", "get facts", "query facts", "get a score", "query scores"),
            *("read the token keys", "read the people", "write down a link", "list links"),
            *("write the journal", "ask the notify function"),
            "note that a feed was read",
        },
        "erase": {
            *("put a fact", "delete a fact", "query facts", "scan facts"),
            *("put a score", "get a score", "query scores"),
            *("read the respondent key", "read the token keys", "write the journal"),
        },
        "notify": {
            *("get a score", "query scores", "scan scores", "write the journal", "read the destinations"),
        },
    }

    assert {what for what, outcome in outcomes.items() if outcome in GRANTED} == granted[function]
    assert {outcome for what, outcome in outcomes.items() if what not in granted[function]} <= DENIED
