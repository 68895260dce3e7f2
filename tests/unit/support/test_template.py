from typing import TYPE_CHECKING, Any

import pytest

from tests.support.stream import EventSourceMapping
from tests.support.template import (
    TABLES,
    Statement,
    Tables,
    environment,
    event_source_mapping,
    holds,
    properties,
    resolved,
    role_statements,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def test_tables_have_the_declared_keys_indexes_and_stream(dynamodb: "DynamoDBClient", tables: Tables) -> None:
    for name in (tables.facts, tables.scores):
        made: Any = dynamodb.describe_table(TableName=name)["Table"]
        declared = properties(name)
        assert made["KeySchema"] == declared["KeySchema"]
        for kind in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes"):
            shapes = [
                {part: index[part] for part in ("IndexName", "KeySchema", "Projection")} for index in made.get(kind, [])
            ]
            assert shapes == declared.get(kind, [])
    for name, view in ((tables.facts, "NEW_AND_OLD_IMAGES"), (tables.scores, "NEW_IMAGE")):
        told = dynamodb.describe_table(TableName=name)["Table"]["StreamSpecification"]
        assert told == {"StreamEnabled": True, "StreamViewType": view}


def test_facts_and_scores_have_a_stream_each_and_no_other_table_has(dynamodb: "DynamoDBClient", tables: Tables) -> None:
    assert ":table/FactsTable/stream/" in tables.stream_arn
    assert ":table/ScoresTable/stream/" in tables.changes_arn
    for name in {*TABLES} - {tables.facts, tables.scores}:
        assert "LatestStreamArn" not in dynamodb.describe_table(TableName=name)["Table"]


def test_the_mapping_is_that_of_the_score_function() -> None:
    declared = properties("ScoreFunction")["Events"]["FactsChanged"]["Properties"]
    assert event_source_mapping() == EventSourceMapping(
        batch_size=declared["BatchSize"],
        parallelization_factor=declared["ParallelizationFactor"],
        maximum_retry_attempts=declared["MaximumRetryAttempts"],
        maximum_record_age_seconds=declared["MaximumRecordAgeInSeconds"],
        bisect_batch_on_function_error=True,
        report_batch_item_failures=True,
        on_failure="UnscoredQueue.Arn",
    )


def test_the_environment_joins_globals_and_the_functions_own_with_names_filled_in() -> None:
    variables = environment("IngestFunction")
    assert variables["TIME_ZONE"] == "Europe/Amsterdam"
    assert variables["FACTS_TABLE"] == "FactsTable"
    assert variables["TOKEN_KEYS_SECRET"] == "opmm/token-keys"


def test_role_statements_name_actions_and_resources() -> None:
    statements = {statement.sid: statement for statement in role_statements("IngestRole")}
    assert statements["StoreFacts"] == Statement(
        "StoreFacts", "Allow", ("dynamodb:PutItem", "dynamodb:UpdateItem"), ("FactsTable.Arn",)
    )
    assert statements["WriteLogs"].actions == ("logs:CreateLogStream", "logs:PutLogEvents")


def test_references_read_as_logical_ids() -> None:
    assert resolved({"Fn::Sub": "${FactsTable.Arn}/index/*"}) == "FactsTable.Arn/index/*"
    assert resolved({"Fn::GetAtt": ["FactsTable", "Arn"]}) == "FactsTable.Arn"
    assert resolved({"Ref": "TimeZone"}) == "Europe/Amsterdam"
    assert resolved("*") == "*"


def test_an_unknown_resource_is_an_error() -> None:
    with pytest.raises(KeyError):
        properties("NoSuchTable")


def test_a_choice_follows_the_parameters() -> None:
    choice = {"Fn::If": ["WarnsOnly", "WARNING", {"Ref": "LogLevel"}]}

    assert (resolved(choice), resolved(choice, {"LogLevel": "WARN"})) == ("INFO", "WARNING")
    assert resolved([{"a": choice, "b": {"Ref": "AWS::NoValue"}}], {"LogLevel": "ERROR"}) == [{"a": "ERROR"}]
    assert (holds("OwnKey"), holds("OwnKey", {"KmsKeyArn": "arn:of-a-key"})) == (False, True)
