"""The DynamoDB client, and items as plain values."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]

CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 4})
"""Gives up well before a function's own timeout, so that the caller learns why."""


def connect() -> "DynamoDBClient":
    """One client per process: making it costs more than a hundred calls."""
    return boto3.client("dynamodb", config=CONFIG)


class _PlainDeserializer(TypeDeserializer):
    """Numbers as int (this service stores no others) and binaries as bytes, instead of Decimal and Binary."""

    def _deserialize_n(self, value: str) -> int:
        return int(value)

    def _deserialize_b(self, value: bytes) -> bytes:
        return bytes(value)


_serializer = TypeSerializer()
_deserializer = _PlainDeserializer()


def to_item(values: Mapping[str, Any]) -> Item:
    """Plain values as DynamoDB attributes; None is left out, so that an index without it stays sparse."""
    return {key: _serializer.serialize(value) for key, value in values.items() if value is not None}


def from_item(item: Mapping[str, Any]) -> Item:
    """DynamoDB attributes as plain values."""
    return {key: _deserializer.deserialize(value) for key, value in item.items()}
