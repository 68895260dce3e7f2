"""Mistakes that somebody could make in the product, made on purpose: the campaign must catch each.

A mutant lives in its context only, and only in this process. One that is not caught says that the campaign is too weak.
"""

import builtins
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from unittest.mock import patch

from functions.score import recompute
from functions.score.alias_groups import ResolvedAliases
from functions.score.gather import Gatherer
from functions.score.invalidation import Invalidation
from functions.score.outcome import Before, Behind, Decision
from functions.score.refresh import Looked, Refresh
from functions.score.stream import StreamBatch
from shared.opmm.inputs import ScoringInputs
from shared.opmm.ledger import Cause, Change, Move, Readings, readings
from shared.opmm.nps import Tally
from shared.opmm.scorecard import scorecard
from shared.storage import facts
from shared.storage.client_facts import ClientFacts
from shared.storage.dynamodb import to_item
from shared.storage.ledger_codec import change_item
from shared.storage.records import Record, Scored
from shared.storage.scores import Scores

Patched = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True)
class Mutant:
    """A mistake, and where it shows soonest."""

    name: str
    says: str
    patched: Patched
    column: str


def _put(scores: Scores, values: dict[str, Any], over: Record) -> Any:  # noqa: ARG001 - as the method that it stands for
    return {"TableName": scores._table, "Item": to_item(values)}  # noqa: SLF001 - as the method that it stands for


def _responses(
    gatherer: Gatherer,  # noqa: ARG001 - as the method that it stands for
    held: Scored,
    facts: ClientFacts,
    invalidation: Invalidation,
    day: date,  # noqa: ARG001
) -> dict[date, Tally]:
    counted = dict(held.inputs.responses)
    for moved in invalidation.days:
        counted[moved] = counted.get(moved, Tally()) + facts.tally_of(moved)
    return {moved: counts for moved, counts in counted.items() if counts.count}


_again = Gatherer._again  # noqa: SLF001 - it goes on being called


def _again_but_one(
    gatherer: Gatherer, held: ScoringInputs, facts: ClientFacts, invalidation: Invalidation
) -> ScoringInputs:
    lanes = {lane: names for lane, names in invalidation.lanes.items() if lane != "survey.inspiration"}
    return _again(gatherer, held, facts, replace(invalidation, lanes=lanes))


_batch = StreamBatch.__call__


def _highest(batch: StreamBatch, records: Sequence[Mapping[str, Any]]) -> list[str]:
    return sorted(_batch(batch, records), key=int)[-1:]


def _swallowed(batch: StreamBatch, records: Sequence[Mapping[str, Any]]) -> list[str]:
    _batch(batch, records)
    return []


_put_with = Scores._put_with  # noqa: SLF001 - it goes on being called


def _entry(scores: Scores, client_id: str, change: Change) -> Any:
    return {"TableName": scores._table, "Item": to_item(change_item(client_id, change))}  # noqa: SLF001


def _put_and_tell(scores: Scores, put: Any, client_id: str, changes: Sequence[Change]) -> None:
    _put_with(scores, put, client_id, ())
    for change in changes:
        _put_with(scores, _entry(scores, client_id, change), client_id, ())


def _trusting(refresh: Refresh, name: str, looked: Looked) -> None:
    replace(refresh.recompute, judge=looked)(name, Invalidation(refresh=True))


def _first(*values: Any, **named: Any) -> Any:
    return values[0] if len(values) > 1 else builtins.max(*values, **named)


def _steps(decision: Decision, held: Scored | None, before: Before, after: Readings) -> list[Any]:
    if held is None:
        return [decision._step(before.readings or {}, after, before.cause)]  # noqa: SLF001
    waited = scorecard(held.inputs, decision.model, decision.day)
    return [decision._step(readings(waited), after)]  # noqa: SLF001


def _facts(behind: Behind, parts: Iterable[Move]) -> tuple[tuple[str, ...], Cause | None]:
    named, cause = _named(behind, parts)
    return named[:1], cause


_named = Behind.facts

_OLDER = "attribute_not_exists({0}) OR NOT attribute_type({0}, :text) OR {0} >= :sort OR {0} < :revision"
"""Every version is older than the one that comes."""

MUTANTS: Mapping[str, Mutant] = {
    mutant.name: mutant
    for mutant in (
        Mutant(
            "unconditional-put",
            "a scorecard is written over whatever lies there",
            lambda: patch.object(Scores, "_put", _put),
            "four-lanes",
        ),
        Mutant(
            "counter",
            "responses are counted up and down by what records say",
            lambda: patch.object(Gatherer, "_responses", _responses),
            "one-lane",
        ),
        Mutant(
            "skipped-dimension",
            "one question is not read again",
            lambda: patch.object(Gatherer, "_again", _again_but_one),
            "one-lane",
        ),
        Mutant(
            "checkpoint-too-high",
            "of the records that failed the last is reported",
            lambda: patch.object(StreamBatch, "__call__", _highest),
            "throttled",
        ),
        Mutant(
            "swallowed-failures",
            "a client that failed is not reported",
            lambda: patch.object(StreamBatch, "__call__", _swallowed),
            "four-lanes",
        ),
        Mutant(
            "ledger-outside",
            "a change is told after the scorecard was written, not with it",
            lambda: patch.object(Scores, "_put_with", _put_and_tell),
            "one-lane",
        ),
        Mutant(
            "forgotten-alias",
            "clients that lost or won a name are not looked at",
            lambda: patch.object(ResolvedAliases, "outdated", lambda _: []),
            "aliases",
        ),
        Mutant(
            "trusting-refresh",
            "a refresh takes what is held for true",
            lambda: patch.object(Refresh, "_look", _trusting),
            "lost-shard",
        ),
        Mutant(
            "day-taken-back",
            "a worker whose clock is behind begins the day before again",
            lambda: patch.object(recompute, "max", _first, create=True),
            "clocks",
        ),
        Mutant(
            "untold-window",
            "what only time has moved is not told",
            lambda: patch.object(Decision, "_steps", _steps),
            "one-lane",
        ),
        Mutant(
            "one-fact-named",
            "a change names one fact, whatever moved",
            lambda: patch.object(Behind, "facts", _facts),
            "one-lane",
        ),
        Mutant(
            "last-comes-last",
            "a version of a fact replaces a later one",
            lambda: patch.object(facts, "_OLDER", _OLDER),
            "one-lane",
        ),
    )
}
