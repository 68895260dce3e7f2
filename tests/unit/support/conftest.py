from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from tests.support.clients import dynamodb_client, streams_client
from tests.support.template import Tables, create_tables

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient


@pytest.fixture
def dynamodb() -> Iterator["DynamoDBClient"]:
    with mock_aws():
        yield dynamodb_client()


@pytest.fixture
def tables(dynamodb: "DynamoDBClient") -> Tables:
    return create_tables(dynamodb)


@pytest.fixture
def streams(tables: Tables) -> "DynamoDBStreamsClient":
    assert tables.stream_arn
    return streams_client()
