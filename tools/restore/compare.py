"""What becomes of one fact in a restore: how it was then beside how it is now, as items lie in the table.

Nothing of what was erased comes back, whatever is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from shared.opmm.facts import bare_revision, sort_of
from shared.opmm.kinds import KINDS
from shared.storage.dynamodb import Item
from shared.storage.erasable import earlier_parts, is_later
from shared.storage.fact_items import SAID
from shared.storage.facts import ERASED_CLIENT

Key = tuple[str, str]
"""The name that an item is stored under, and its identity."""

Found = Literal["the same", "missing", "damaged", "later", "added", "erased", "elsewhere"]

_WOKEN = "woken_by"
"""Says nothing: an erasure touches an item with it."""

OF_A_PERSON = ("respondent", "comment")
"""What a response tells of who gave it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A fact then and now; of a response also where it counts, which its locator says. None where there is none."""

    key: Key
    then: Item | None
    now: Item | None
    located_then: Item | None = None
    located_now: Item | None = None

    @property
    def is_unique(self) -> bool:
        """Whether it counts at one of several clients."""
        kind = KINDS.get(self.key[1].partition("#")[0])
        return bool(kind and kind.unique)


@dataclass(frozen=True, slots=True)
class ErasedSince:
    """What was erased, as far as anything still says so."""

    clients: Mapping[str, datetime] = field(default_factory=dict)
    """By name, up to when."""
    people: bool = False
    """Whether people were erased after the time that is gone back to: of whom, nobody knows any more."""
    ratings: bool = False
    """Whether the ratings of any of them went, too."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be brought back."""

    exact: bool = False
    """All as it was: what was told since goes. Else only what is missing or damaged comes back."""
    whole: bool = True
    """Of every client."""


@dataclass(frozen=True, slots=True)
class Step:
    """What was found of a fact, and how it is to lie from now on; as it does where nothing changes."""

    found: Found
    target: Item | None
    locator: Item | None
    """Where it counts, likewise."""


def step(pair: Pair, erased: ErasedSince, wanted: Wanted) -> Step:
    """What becomes of a fact."""
    found, target = _of_item(pair, erased, wanted)
    return Step(found, target, _of_locator(pair, target, erased, wanted))


def _of_item(pair: Pair, erased: ErasedSince, wanted: Wanted) -> tuple[Found, Item | None]:
    if pair.then is None:
        return _added(pair, wanted)
    if pair.key[0].startswith(ERASED_CLIENT):  # the word that a client was erased is brought back, and never replaced
        return ("the same", pair.now) if pair.now else ("missing", pair.then)
    back = _without_erased(pair, pair.then, erased)
    if back is None:
        return "erased", pair.now
    if pair.now is None:
        return ("elsewhere", None) if _counts_elsewhere(pair, wanted) else ("missing", back)
    return _told_again(pair, back, pair.now, wanted)


def _told_again(pair: Pair, back: Item, now: Item, wanted: Wanted) -> tuple[Found, Item]:
    """What was there and still is."""
    if same(back, now):
        return "the same", now
    if wanted.exact:
        return ("elsewhere", now) if _moved_since(pair, wanted) else ("later", back)
    merged = _latest(back, now)
    return ("later", now) if same(merged, now) else ("damaged", merged)


def _added(pair: Pair, wanted: Wanted) -> tuple[Found, Item | None]:
    """What there was not. The word that something was erased stays whatever is asked for."""
    now = pair.now
    if now and ("erased" in now or pair.key[0].startswith(ERASED_CLIENT)):
        return "erased", now
    if not wanted.exact:
        return "added", now
    return ("elsewhere", now) if _moved_since(pair, wanted) else ("added", None)


def _without_erased(pair: Pair, then: Item, erased: ErasedSince) -> Item | None:
    """How much of it may come back: None for nothing."""
    until = erased.clients.get(pair.key[0])
    if until is not None:
        if not is_later(then, until):
            return None
        gone = earlier_parts(then, until)
        then = {name: value for name, value in then.items() if name not in gone}
    level = _level(pair.now) or _level(pair.located_now)
    if level is None and pair.is_unique and pair.now is None and pair.located_now is None and erased.people:
        level = "response" if erased.ratings else "person"  # nothing is left that would say whether it was theirs
    if level is None or _level(then) == "response":
        return then
    return None if level == "response" else _bare(then)


def _level(item: Item | None) -> str | None:
    level: str | None = (item or {}).get("erased", {}).get("S")
    return level


def _bare(item: Item) -> Item:
    """A response without the person who gave it."""
    revision = item.get("revision", {}).get("S", "")
    kept = {name: value for name, value in item.items() if name not in OF_A_PERSON} | {"erased": {"S": "person"}}
    if revision:
        kept["revision"] = {"S": bare_revision(revision)}
    if "lane_time" in item:
        kept["lane_time"] = {"S": item["lane_time"]["S"].removesuffix(revision) + bare_revision(revision)}
    return kept


def _latest(then: Item, now: Item) -> Item:
    """The later version of both, a damaged one being the earlier; of a description each part for itself."""
    parts = {name for name in then.keys() | now.keys() if name.startswith(SAID)}
    if parts:
        merged = {**then, **now}
        for part in parts & then.keys():
            if part not in now or _revision(_members(now[part])) <= _revision(_members(then[part])):
                merged[part] = then[part]
        return merged
    one, other = _revision(then), _revision(now)
    return now if other and (sort_of(one) != sort_of(other) or other > one) else then


def _members(part: Any) -> Item:
    return part["M"] if isinstance(part, dict) and isinstance(part.get("M"), dict) else {}


def _revision(item: Item) -> str:
    """Empty for an item that is damaged."""
    revision = item.get("revision", {}).get("S", "")
    return revision if isinstance(revision, str) else ""


def _names(locator: Item | None) -> frozenset[str]:
    return frozenset((locator or {}).get("names", {}).get("SS", ()))


def _counts_elsewhere(pair: Pair, wanted: Wanted) -> bool:
    """Whether a response that is missing here counts at another client, in this version or a later one."""
    located, then = pair.located_now, pair.then or {}
    if located is None or (wanted.exact and wanted.whole) or "moved" in then:
        return False
    at = located.get("name", {}).get("S")
    return at is not None and at != pair.key[0] and _revision(located) >= bare_revision(_revision(then))


def _moved_since(pair: Pair, wanted: Wanted) -> bool:
    """Whether it was told of several clients, of which not all are brought back: it would count twice, or nowhere."""
    return pair.is_unique and not wanted.whole and len(_names(pair.located_now)) > 1


def _of_locator(pair: Pair, target: Item | None, erased: ErasedSince, wanted: Wanted) -> Item | None:
    """Where a response counts from now on. The names that it was told under, and an erasure, are never forgotten."""
    then, now, name = pair.located_then, pair.located_now, pair.key[0]
    if not pair.is_unique:
        return now
    if then is not None and then.get("name", {}).get("S") in erased.clients:
        then = None
    told_under = sorted(_names(then) - erased.clients.keys() | _names(now))
    if now is None:
        return None if then is None or target is None else {**then, "names": {"SS": told_under}, **_erased_too(target)}
    if then is None:
        forgotten = wanted.exact and target is None and pair.now is not None and "erased" not in now
        return None if forgotten and (wanted.whole or _names(now) <= {name}) else now
    back = wanted.exact and wanted.whole
    if not back and _revision(now) >= _revision(then):
        return now
    return {**now, **then, "names": {"SS": told_under}, **_erased_too(now)}


def _erased_too(item: Item) -> Item:
    return {"erased": item["erased"]} if "erased" in item else {}


def same(one: Item | None, other: Item | None) -> bool:
    """Whether two items say the same."""
    return _plain(one) == _plain(other)


def _plain(item: Item | None) -> Item | None:
    if item is None:
        return None
    return {
        name: {"SS": sorted(value["SS"])} if "SS" in value else value for name, value in item.items() if name != _WOKEN
    }
