from typing import TYPE_CHECKING

from moto import mock_aws

from shared.storage.dynamodb import to_item
from tests.support.clients import dynamodb_client
from tests.support.service import responses
from tests.support.template import create_tables
from tests.unit.tools.worlds import stored
from tools.transfer.stored import facts

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def filled(client: "DynamoDBClient", *names: str) -> str:
    table = create_tables(client).facts
    for name in names:
        for item in stored(responses([9, 8], subject=name)):
            client.put_item(TableName=table, Item=to_item(item))
    return table


def test_all_facts_are_read_or_those_of_the_names_that_are_given() -> None:
    with mock_aws():
        client = dynamodb_client()
        table = filled(client, "acme", "beta", "core")

        everything = [(item["client_id"], item["fact_id"]) for item in facts(client, table, [])]
        some = [item["client_id"] for item in facts(client, table, ["core", "acme"])]

    assert len(everything) == len(set(everything)) == 6
    assert some == ["core", "core", "acme", "acme"]
