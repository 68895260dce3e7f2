"""At which client a fact counts whose identity holds for all clients: the one that its latest version names (rule 16).

Such a fact has a locator beside it, an item of its own in the facts table, which knows every name it was ever told
under. It is written when a name hears of the fact for the first time; a correction that leaves the client as it is
costs nothing more.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from shared.opmm.dataclass import dataclass
from shared.opmm.facts import Fact, bare_revision, sort_of
from shared.storage.dynamodb import Item, to_item
from shared.storage.fact_items import FORMAT
from shared.storage.facts import Erased, Facts, OtherVersionSortError, PutOutcome, Written

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
    erased: Erased | None = None
    """What was erased of it, under whatever name a version comes in."""


class Locators:
    """Keeps facts at one client each. Every step may be repeated, and may come late."""

    def __init__(self, client: "DynamoDBClient", table: str, facts: Facts) -> None:
        self._client = client
        self._table = table
        self._facts = facts

    def settle(self, fact: Fact, written: Written) -> PutOutcome:
        """Sees to it that the fact counts at one client only, after it was put; gives what became of it in the end.

        Nothing when a new version came to where the fact is already: one write when it was never seen before. What was
        sent again is looked up: the process that wrote it first may have ended before this. Raises
        OtherVersionSortError, and then the fact counts where it did before.
        """
        known = written.outcome == "accepted" and not written.first
        if known or (written.outcome != "accepted" and self._names(fact.fact_id) == {fact.client_id}):
            return written.outcome
        located = self._settle(fact.client_id, fact.fact_id, written.revision)
        # New under this name, and older than what another one is told of: it counts nowhere.
        elsewhere = located.name != fact.client_id
        return "superseded" if elsewhere or located.erased == "response" else written.outcome

    def erase(self, name: str, fact_id: str, level: Erased) -> None:
        """Erases a response under every name that it was told under, and under those that are still to come.

        The locator is marked first: who puts a version under another name meanwhile finds the mark when it claims that
        name, and erases what it has put. Safe to repeat.
        """
        found = self._client.update_item(
            TableName=self._table,
            Key=_key(fact_id),
            UpdateExpression="SET #format = :format, erased = "
            + (":level" if level == "response" else "if_not_exists(erased, :level)")
            + " ADD #names :names",
            ExpressionAttributeNames={"#format": "format", "#names": "names"},
            ExpressionAttributeValues=to_item({":format": FORMAT, ":level": level, ":names": frozenset({name})}),
            ReturnValues="ALL_NEW",
        )["Attributes"]
        for known in sorted(_names_in(found)):
            self._facts.erase(known, fact_id, _erased(found) or level)

    def forget(self, name: str, fact_id: str) -> None:
        """Takes back that a fact was told under this name, whose client was erased; all of it where it counts there."""
        key = _key(fact_id)
        names = {"#name": "name"}
        try:
            self._client.delete_item(
                TableName=self._table,
                Key=key,
                ConditionExpression="#name = :name OR attribute_not_exists(#name)",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=to_item({":name": name}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            self._client.update_item(
                TableName=self._table,
                Key=key,
                UpdateExpression="DELETE #names :names",
                ConditionExpression="attribute_exists(client_id)",
                ExpressionAttributeNames={"#names": "names"},
                ExpressionAttributeValues=to_item({":names": frozenset({name})}),
            )

    def _settle(self, name: str, fact_id: str, stored: str) -> _Located:
        """Gives where the fact counts now, which is decided without its details: they may be erased."""
        while True:
            located = self._claim(name, fact_id, bare_revision(stored))
            if sort_of(located.revision) != sort_of(stored):
                self._facts.withdraw(name, fact_id, located.revision, instead_of=stored)
                raise OtherVersionSortError(fact_id)
            if located.erased and stored != bare_revision(stored):
                # It came in under a name that knows nothing of the erasure.
                self._facts.erase(name, fact_id, located.erased)
            for other in sorted(located.names - {located.name}):
                newer = self._facts.withdraw(other, fact_id, located.revision)
                if newer:
                    name, stored = other, newer
                    break
            else:
                return located

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
        return replace(located, names=located.names | {name})

    def _names(self, fact_id: str) -> frozenset[str]:
        """Every name that a fact was told under, as far as its locator knows."""
        item = self._client.get_item(TableName=self._table, Key=_key(fact_id), ConsistentRead=True).get("Item")
        return _names_in(item) if item else frozenset()


def _key(fact_id: str) -> Item:
    return to_item({"client_id": fact_id, "fact_id": LOCATOR})


def _located(item: Any) -> _Located:
    return _Located(item["name"]["S"], item["revision"]["S"], _names_in(item), _erased(item))


def _names_in(item: Any) -> frozenset[str]:
    return frozenset(item.get("names", {}).get("SS", ()))


def _erased(item: Any) -> Erased | None:
    level: Erased | None = item.get("erased", {}).get("S")
    return level
