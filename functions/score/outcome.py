"""Decides what is written of a client: its scorecard, and an entry in the ledger for everything that moved."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from functions.score.gather import Gathered
from functions.score.invalidation import Invalidation
from shared.opmm.discussion import reasons_to_talk
from shared.opmm.ledger import UNANSWERED, Cause, Change, Readings, moves, readings, total
from shared.opmm.model import Model
from shared.opmm.scorecard import Scorecard, scorecard
from shared.opmm.timestamps import window
from shared.storage.records import Scored

MOST_FACTS = 100
"""Facts named behind one change; an import may touch thousands at once."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is written in one go."""

    entry: Scored
    card: Scorecard
    changes: tuple[Change, ...]
    """Each under a version of its own; the last is the entry's."""


def decide(
    held: Scored | None,
    found: Gathered,
    *,
    names: tuple[str, ...],
    version: int,
    model: Model,
    now: datetime,
    today: date,
    touched: Invalidation,
) -> Outcome | None:
    """The outcome of a recompute, or None when what is held says it all already.

    What only the passing of time (or another model) moved is told apart from what facts moved: first the score that
    the held facts give today, then the score of today's facts. `version` is the one that was read.
    """
    day = max(today, held.as_of) if held else today
    card = scorecard(found.standing, model, day)
    compared = scorecard(found.earlier, model, day - timedelta(days=model.discussion.days))
    before = held.readings if held else UNANSWERED
    waited = readings(scorecard(held.standing, model, day)) if held else UNANSWERED
    after = readings(card)
    says = (found.standing, found.earlier, names, day, model.id, after)
    if held and (held.standing, held.earlier, held.names, held.as_of, held.model, before) == says:
        return None

    at = max(now, held.changed_at) if held else now
    changes = _changes(version + 1, at, [(before, waited, _of_itself(held, model)), (waited, after, None)], touched)
    return Outcome(
        entry=Scored(
            version=version + max(len(changes), 1),
            standing=found.standing,
            earlier=found.earlier,
            since=window(day - timedelta(days=model.discussion.days), model.nps_window_days)[0],
            earlier_total=compared.total,
            discussion=tuple(dict.fromkeys(reason.key for reason in reasons_to_talk(card, compared, model))),
            names=names,
            as_of=day,
            model=model.id,
            readings=after,
            changed_at=at if changes or held is None else held.changed_at,
        ),
        card=card,
        changes=changes,
    )


def _of_itself(held: Scored | None, model: Model) -> Cause:
    """Why a score moved while no fact did."""
    return "model" if held and held.model != model.id else "window"


def _changes(
    version: int, at: datetime, steps: list[tuple[Readings, Readings, Cause | None]], touched: Invalidation
) -> tuple[Change, ...]:
    """An entry for each step that moved something; a step without a cause of its own was moved by facts."""
    changes: list[Change] = []
    for before, after, cause in steps:
        moved = moves(before, after)
        if not moved:
            continue
        facts, by_facts = ((), None) if cause else touched.behind(move.key for move in moved)
        changes.append(
            Change(
                version=version + len(changes),
                at=at,
                cause=cause or by_facts or "rebuild",
                total_before=total(before),
                total_after=total(after),
                moves=moved,
                facts=facts[:MOST_FACTS],
            )
        )
    return tuple(changes)
