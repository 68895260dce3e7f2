"""Whether responses are known already under the name of another source: they would count twice."""

from collections import Counter
from collections.abc import Collection, Iterator
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from shared.opmm.facts import fact_id
from shared.storage.dynamodb import Pause, batch_get, to_item
from shared.storage.locators import LOCATOR

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_MOST_CLIENTS = 10
_MOST_SOURCES = 20
_RESPONSE = "response#"
_BEHIND = "$"
"""The sign behind the one that parts an identity: what comes after it is of another source."""


def known_elsewhere(
    client: "DynamoDBClient",
    table: str,
    *,
    source: str,
    ids: Collection[str],
    names: Collection[str],
    configured: Collection[str],
    pause: Pause,
) -> Counter[str]:
    """By other source, how many of some responses it has told already.

    Looked at are the sources that are `configured`, and those which have told responses of the clients of these
    `names`: a small query for each of them, and a read for each response and source.
    """
    others = set(configured)
    for name in islice(sorted(set(names)), _MOST_CLIENTS):
        others.update(islice(_sources_of(client, table, name), _MOST_SOURCES))
    others.discard(source)
    keys = {fact_id("response", other, response): other for other, response in product(sorted(others), {*ids})}
    found: Counter[str] = Counter()
    wanted = [to_item({"client_id": key, "fact_id": LOCATOR}) for key in keys]
    for item in batch_get(client, table, wanted, {"ProjectionExpression": "client_id"}, pause):
        found[keys[item["client_id"]["S"]]] += 1
    return found


def _sources_of(client: "DynamoDBClient", table: str, name: str) -> Iterator[str]:
    """The sources that have told responses of a client: a query each, from behind the last of one to the next."""
    after = _RESPONSE
    while True:
        page: Any = client.query(
            TableName=table,
            KeyConditionExpression="client_id = :name AND fact_id > :after",
            ExpressionAttributeValues=to_item({":name": name, ":after": after}),
            ProjectionExpression="fact_id",
            Limit=1,
        )
        identity = page["Items"][0]["fact_id"]["S"] if page["Items"] else ""
        if not identity.startswith(_RESPONSE):
            return
        told = identity.split("#")[1]
        yield told.replace("%23", "#").replace("%25", "%")
        after = f"{_RESPONSE}{told}{_BEHIND}"
