"""Brings the points of the ends of months up to date, working out again only those that may be others."""

from datetime import date

from functions.score.invalidation import Invalidation
from shared.opmm.kinds import lanes_behind
from shared.opmm.model import Dimension
from shared.opmm.months import Months, month_ends
from shared.storage.client_agenda import AgendaReader


def gather_months(held: Months, reader: AgendaReader, invalidation: Invalidation) -> Months:
    """The points at the ends of the months before the reader's day, from those that are held of some of them.

    A fact can only have changed the ends of months from its own day on: what happens today changes none. For each end
    and question at most one fact is read, however many there are.
    """
    ends = month_ends(reader.day)
    if not any(end in held for end in ends):
        return reader.months(ends)
    found: dict[date, dict[str, int]] = {end: {} for end in ends}
    for dimension in reader.model.dimensions:
        unsure = [end for end in ends if end not in held or end >= _first_changed(dimension, invalidation)]
        points = {end: held[end].get(dimension.key) for end in ends if end not in unsure}
        points |= reader.facts.points_on(dimension, unsure, reader.inputs)
        for end, known in points.items():
            if known is not None:
                found[end][dimension.key] = known
    return found


def _first_changed(dimension: Dimension, invalidation: Invalidation) -> date:
    """The first day on which a question may say something else; the last of all days when it says the same."""
    earliest = invalidation.earliest
    return min((earliest[lane] for lane in lanes_behind(dimension) if lane in earliest), default=date.max)
