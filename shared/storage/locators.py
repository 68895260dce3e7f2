"""At which client a fact counts whose identity holds for all clients: the one that its latest version names (rule 16).

Such a fact has a locator beside it, an item of its own in the facts table, which knows every name it was ever told
under. It is written when a name hears of the fact for the first time; a correction that leaves the client as it is
costs nothing more.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.opmm.facts import Fact, sort_of
from shared.storage.dynamodb import Item, to_item
from shared.storage.fact_items import FORMAT
from shared.storage.facts import Facts, OtherVersionSortError, Written

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LOCATOR = "locator"
"""The sort key of a locator; its partition key is the fact's identity, which is never a client's id."""


@dataclass(frozen=True, slots=True)
class _Located:
    """Where a fact counts, and in which version."""

    name: str
    revision: str
    names: frozenset[str]
    """Every name that it was told under."""


class Locators:
    """Keeps facts at one client each. Every step may be repeated, and may come late."""

    def __init__(self, client: "DynamoDBClient", table: str, facts: Facts) -> None:
        self._client = client
        self._table = table
        self._facts = facts

    def settle(self, fact: Fact, written: Written) -> None:
        """Sees to it that the fact counts at one client only, after it was put.

        Nothing when a new version came to where the fact is already: one write when it was never seen before. What was
        sent again is looked up: the process that wrote it first may have ended before this. Raises
        OtherVersionSortError, and then the fact counts where it did before.
        """
        if written.outcome == "accepted":
            if written.first:
                self._settle(fact.client_id, fact.fact_id, written.revision)
        elif self._names(fact.fact_id) != {fact.client_id}:
            self._settle(fact.client_id, fact.fact_id, written.revision)

    def _settle(self, name: str, fact_id: str, revision: str) -> None:
        while True:
            located = self._claim(name, fact_id, revision)
            if sort_of(located.revision) != sort_of(revision):
                self._facts.withdraw(name, fact_id, located.revision, instead_of=revision)
                raise OtherVersionSortError(fact_id)
            for other in sorted(located.names - {located.name}):
                newer = self._facts.withdraw(other, fact_id, located.revision)
                if newer:
                    name, revision = other, newer
                    break
            else:
                return

    def _claim(self, name: str, fact_id: str, revision: str) -> _Located:
        """Makes this the place of the fact unless a later version has another; gives where it is then."""
        try:
            found: Any = self._client.update_item(
                TableName=self._table,
                Key=_key(fact_id),
                UpdateExpression="SET #format = :format, #name = :name, revision = :revision ADD #names :names",
                ConditionExpression="attribute_not_exists(revision) OR (revision >= :sort AND revision < :revision)",
                ExpressionAttributeNames={"#format": "format", "#name": "name", "#names": "names"},
                ExpressionAttributeValues=to_item(
                    {
                        ":format": FORMAT,
                        ":name": name,
                        ":revision": revision,
                        ":sort": sort_of(revision),
                        ":names": frozenset({name}),
                    }
                ),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            ).get("Attributes", {})
        except self._client.exceptions.ConditionalCheckFailedException as refused:
            found = refused.response.get("Item", {})
        located = _located(found)
        return _Located(located.name, located.revision, located.names | {name})

    def _names(self, fact_id: str) -> frozenset[str]:
        """Every name that a fact was told under, as far as its locator knows."""
        item = self._client.get_item(TableName=self._table, Key=_key(fact_id), ConsistentRead=True).get("Item")
        return _located(item).names if item else frozenset()


def _key(fact_id: str) -> Item:
    return to_item({"client_id": fact_id, "fact_id": LOCATOR})


def _located(item: Any) -> _Located:
    return _Located(item["name"]["S"], item["revision"]["S"], frozenset(item["names"]["SS"]))
