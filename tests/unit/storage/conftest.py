from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from tests.support.clients import dynamodb_client
from tests.support.template import create_tables

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def client() -> Iterator["DynamoDBClient"]:
    """A client of DynamoDB, where the tables stand as the template declares them."""
    with mock_aws():
        dynamodb = dynamodb_client()
        create_tables(dynamodb)
        yield dynamodb
