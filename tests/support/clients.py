"""Clients of moto for tests: the ones that read and write behind a test's back, and the one that reads the stream.

Each is made once: making it costs more than many a test.
"""

from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient

REGION = "eu-west-1"

# moto does not know the endpoints that carry an account id: its DescribeStream answers 404 there. Retries stay with
# the test, which decides what fails.
CONFIG = Config(account_id_endpoint_mode="disabled", retries={"total_max_attempts": 1})


@cache
def dynamodb_client(region: str = REGION) -> "DynamoDBClient":
    """A DynamoDB client that tries once."""
    return boto3.client("dynamodb", region_name=region, config=CONFIG)


@cache
def streams_client(region: str = REGION) -> "DynamoDBStreamsClient":
    """A client for the records of DynamoDB streams that tries once."""
    return boto3.client("dynamodbstreams", region_name=region, config=CONFIG)


@cache
def sqs_client() -> "SQSClient":
    """A client of queues."""
    return boto3.client("sqs", region_name=REGION)


@cache
def secrets_client() -> "SecretsManagerClient":
    """A client of Secrets Manager."""
    return boto3.client("secretsmanager", region_name=REGION)


def unhooked(client: "BaseClient") -> "DynamoDBClient":
    """Another client for the same tables, out of reach of what was hooked onto the given one."""
    return _aside(client.meta.region_name)


@cache
def _aside(region: str) -> "DynamoDBClient":
    return boto3.client("dynamodb", region_name=region, config=CONFIG)
