from moto import mock_aws

from shared.storage.facts import Facts
from tests.support.clients import dynamodb_client
from tests.support.service import responses
from tests.support.template import create_tables
from tests.unit.tools.worlds import fact_of
from tools.transfer.stored import facts


def test_all_facts_are_read_or_those_of_the_names_that_are_given() -> None:
    with mock_aws():
        client = dynamodb_client()
        table = create_tables(client).facts
        for name in ("acme", "beta", "core"):
            for sent in responses([9, 8], subject=name):
                Facts(client, table).put(fact_of(sent))

        everything = [(item["client_id"], item["fact_id"]) for item in facts(client, table, [])]
        some = [item["client_id"] for item in facts(client, table, ["core", "acme"])]

    assert len(everything) == len(set(everything)) == 6
    assert some == ["core", "core", "acme", "acme"]
