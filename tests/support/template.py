"""Reads template.yaml, so that the tables, the event source mapping and the roles in tests are the deployed ones."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tests.support.stream import EventSourceMapping
from tools.deploy import parameters as of_deployments

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TableDescriptionTypeDef

document = of_deployments.document
"""The template as plain JSON values: tags in their long form (`Fn::Sub`), anchors expanded."""

TABLES = (
    "FactsTable",
    "ScoresTable",
    "ParkedTable",
    "ErasuresTable",
    "DraftsTable",
    "SourceHealthTable",
    "NotificationsTable",
)
"""The tables of the functions."""

PSEUDO_PARAMETERS = {
    "AWS::StackName": "opmm",
    "AWS::Region": "eu-west-1",
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}


@dataclass(frozen=True)
class Tables:
    """The two tables by name (their logical ids), the stream of the facts, and that of the scores."""

    facts: str
    scores: str
    stream_arn: str
    changes_arn: str


@dataclass(frozen=True)
class Statement:
    """One statement of a role; resources of the stack read as in `FactsTable.Arn/index/*`."""

    sid: str
    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    keys: tuple[str, ...] | None = None
    """Partition keys that it is held to, with * for anything."""


def properties(logical_id: str) -> Any:
    """The properties of a resource; KeyError when the template has no such resource."""
    return document()["Resources"][logical_id]["Properties"]


def create_table(client: "DynamoDBClient", logical_id: str) -> "TableDescriptionTypeDef":
    """Creates a table as the template declares it: keys, indexes with projections, stream; gives its description."""
    declared = properties(logical_id)
    request: dict[str, Any] = {
        name: declared[name]
        for name in (
            "AttributeDefinitions",
            "KeySchema",
            "LocalSecondaryIndexes",
            "GlobalSecondaryIndexes",
            "BillingMode",
        )
        if name in declared
    }
    if "StreamSpecification" in declared:
        # CloudFormation leaves out what the API wants said.
        request["StreamSpecification"] = declared["StreamSpecification"] | {"StreamEnabled": True}
    return client.create_table(TableName=logical_id, **request)["TableDescription"]


def create_tables(client: "DynamoDBClient") -> Tables:
    """Creates the tables of the functions."""
    made = {name: create_table(client, name) for name in TABLES}
    streams = [made[name]["LatestStreamArn"] for name in ("FactsTable", "ScoresTable")]
    return Tables("FactsTable", "ScoresTable", *streams)


def event_source_mapping(function: str = "ScoreFunction", event: str | None = None) -> EventSourceMapping:
    """The settings of a stream event of the function, the first unless one is named; else Lambda's defaults."""
    events = properties(function)["Events"]
    streams = {name: each["Properties"] for name, each in events.items() if each["Type"] == "DynamoDB"}
    declared = streams[event or next(iter(streams))]
    return EventSourceMapping(
        batch_size=declared.get("BatchSize", 100),
        parallelization_factor=declared.get("ParallelizationFactor", 1),
        maximum_retry_attempts=declared.get("MaximumRetryAttempts", -1),
        maximum_record_age_seconds=declared.get("MaximumRecordAgeInSeconds", -1),
        bisect_batch_on_function_error=declared.get("BisectBatchOnFunctionError", False),
        report_batch_item_failures="ReportBatchItemFailures" in declared.get("FunctionResponseTypes", []),
        filters=tuple(json.loads(each["Pattern"]) for each in declared.get("FilterCriteria", {}).get("Filters", [])),
        on_failure=resolved(declared.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")),
    )


def environment(function: str, **parameters: str) -> dict[str, str]:
    """The variables the function gets, those of Globals included: ready to be set before its handler is imported.

    Tables have their logical ids as names, as `create_tables` names them; parameters have their defaults unless given.
    """
    declared = document()["Globals"]["Function"].get("Environment", {}).get("Variables", {})
    declared = declared | properties(function).get("Environment", {}).get("Variables", {})
    return {name: str(resolved(value, parameters)) for name, value in declared.items()}


def role_statements(role: str) -> list[Statement]:
    """Every statement of the role's inline policies, in the order of the template."""
    return [
        Statement(
            sid=statement.get("Sid", ""),
            effect=statement["Effect"],
            actions=tuple(_listed(statement["Action"])),
            resources=tuple(str(resolved(resource)) for resource in _listed(statement["Resource"])),
            keys=_keys_of(statement.get("Condition", {})),
        )
        for policy in own_policies(role)
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def own_policies(role: str) -> list[Any]:
    """The policies that a role has in every stack."""
    return [policy for policy in properties(role)["Policies"] if "Fn::If" not in policy]


def _keys_of(condition: Mapping[str, Mapping[str, list[str]]]) -> tuple[str, ...] | None:
    for operator in ("ForAllValues:StringEquals", "ForAllValues:StringLike"):
        if found := condition.get(operator, {}).get("dynamodb:LeadingKeys"):
            return tuple(found)
    return None


def resolved(value: Any, parameters: Mapping[str, str] = MappingProxyType({})) -> Any:
    """The value of Ref, Fn::GetAtt, Fn::Sub and Fn::If, within lists and objects too.

    Parameters have their defaults unless given; resources read as `LogicalId` or `LogicalId.Attr`. What comes to
    AWS::NoValue is None, and left out of an object.
    """
    found: Any = value
    match value:
        case {"Ref": str(name)}:
            found = None if name == "AWS::NoValue" else _named(name, parameters)
        case {"Fn::GetAtt": attribute}:
            found = attribute if isinstance(attribute, str) else ".".join(attribute)
        case {"Fn::Sub": str(text)}:
            found = re.sub(r"\$\{([^}!]+)\}", lambda name: _named(name[1], parameters), text)
        case {"Fn::If": [str(condition), then, otherwise]}:
            found = resolved(then if holds(condition, parameters) else otherwise, parameters)
        case dict():
            members = {name: resolved(member, parameters) for name, member in value.items()}
            found = {name: member for name, member in members.items() if member is not None}
        case list():
            found = [resolved(member, parameters) for member in value]
    return found


def holds(condition: str, parameters: Mapping[str, str] = MappingProxyType({})) -> bool:
    """Whether a condition of the template holds."""
    return _true(document()["Conditions"][condition], parameters)


def _true(condition: Any, parameters: Mapping[str, str]) -> bool:
    match condition:
        case {"Fn::Equals": [one, other]}:
            return bool(resolved(one, parameters) == resolved(other, parameters))
        case {"Fn::Not": [inner]}:
            return not _true(inner, parameters)
        case _:
            raise ValueError(f"{condition} is no condition that is understood here")


def _named(name: str, parameters: Mapping[str, str]) -> str:
    if name in PSEUDO_PARAMETERS:
        return PSEUDO_PARAMETERS[name]
    if name in parameters:
        return parameters[name]
    parameter = document()["Parameters"].get(name)
    return name if parameter is None else str(parameter["Default"])


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
