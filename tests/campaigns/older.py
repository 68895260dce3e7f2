"""Items that this release did not write: those of the release before, of earlier ones still, and damaged ones."""

from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

from tests.support.clients import dynamodb_client
from tests.support.damage import opened
from tests.support.releases.before import release_before
from tests.support.releases.inside import lay_down

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.plain_tables.expressions import Item

_MADE_FROM = ("inputs", "earlier", "agenda", "past", "holdings", "summary", "made_with")
"""Parts of a scorecard that some earlier release did not have, or had in another form."""


def left_by_the_release_before(rng: Random) -> list[dict[str, Any]]:
    """Lays down the facts and the view of some history as that release left them; gives its events."""
    history = rng.choice(release_before()[1])
    lay_down({name: items for name, items in history.tables.items() if name in ("FactsTable", "ScoresTable")})
    return list(history.events)


@cache
def _known() -> frozenset[str]:
    """What a scorecard of the release before has."""
    items = [item for history in release_before()[1] for item in history.tables["ScoresTable"]]
    return frozenset(name for item in items if "inputs" in item for name in item)


def age(rng: Random, name: str) -> None:
    """Makes the scorecard of a client one of an earlier release, or a damaged one; of an alias, its marker."""
    key: Any = {"client_id": {"S": name}, "item": {"S": "scorecard"}}
    item: Item = dict(dynamodb_client().get_item(TableName="ScoresTable", Key=key).get("Item", {}))
    if not item:
        return
    item = opened(item)
    ways: list[Callable[[], Item]] = [
        lambda: {part: held for part, held in item.items() if part in _known() or "inputs" not in item},
        lambda: item | {"format": {"N": str(int(item["format"]["N"]) - 1)}},
        lambda: {part: held for part, held in item.items() if part != rng.choice(_MADE_FROM)},
    ]
    dynamodb_client().put_item(TableName="ScoresTable", Item=rng.choice(ways)())
