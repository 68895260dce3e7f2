"""Brings what is held of a client's talks, actions and goals up to date, reading again only what may have changed."""

from dataclasses import replace
from datetime import date, timedelta

from functions.score.invalidation import Invalidation
from shared.opmm.agenda import Action
from shared.opmm.kinds import AGENDA, lanes_behind
from shared.opmm.months import first_day
from shared.opmm.scorecard import Snapshot
from shared.storage.client_agenda import AgendaReader, Planned
from shared.storage.records import Scored


def gather_agenda(held: Scored, reader: AgendaReader, invalidation: Invalidation) -> Planned:
    """The agenda of the reader's day, from the one that is held."""
    agenda = held.planned.agenda
    first = first_day(reader.day)
    # A talk of a day yet to come is held once that has come.
    held_on = {*held.planned.held_on, *agenda.talked(first, reader.day)}
    if invalidation.lanes.keys() & {*AGENDA}:
        agenda = reader.facts.agenda()
        held_on = {*agenda.talked(first, reader.day)}
    agenda = agenda.kept(reader.day)
    again = {
        action: unsure
        for action in agenda.actions
        if action.expects and (unsure := _first_unsure_day(action, held, reader, invalidation))
    }
    # Of one that says something else than before nothing is sure: it may have been met before it was agreed by now.
    same = {action.fact_id: again.get(action, date.max) for action in agenda.actions if _is_held(action, held)}
    sure = {
        fact_id: met for fact_id, met in held.planned.agenda.met.items() if fact_id in same and met.day < same[fact_id]
    }
    unmet = {action: first for action, first in again.items() if action.fact_id not in sure}
    standing = {action.fact_id for action in agenda.actions if action.expects}
    met = {fact_id: day for fact_id, day in (sure | reader.met(unmet)).items() if fact_id in standing}
    return Planned(
        replace(agenda, met=met),
        _past(held, agenda.past_days(reader.day, reader.model.discussion.days), reader, invalidation),
        tuple(sorted(day for day in held_on if day >= first)),
    )


def _first_unsure_day(action: Action, held: Scored, reader: AgendaReader, invalidation: Invalidation) -> date | None:
    """The first day of which it is not known whether it met what the action expects; None when all are known."""
    if action.expects is None:
        return None
    if not _is_held(action, held):
        return action.agreed_on
    dimension = reader.model.dimension(action.expects.dimension)
    days = [invalidation.earliest[lane] for lane in lanes_behind(dimension) if lane in invalidation.earliest]
    if reader.day > held.as_of:  # the window of the NPS gains points by time, and facts may be of a day yet to come
        days.append(held.as_of + timedelta(days=1))
    return max(min(days), action.agreed_on) if days else None


def _is_held(action: Action, held: Scored) -> bool:
    return action in held.planned.agenda.actions


def _past(
    held: Scored, days: tuple[date, ...], reader: AgendaReader, invalidation: Invalidation
) -> dict[date, Snapshot]:
    """The scorecards of earlier days: read again from where a fact of that day or before may be another."""
    lanes = {lane for dimension in reader.model.dimensions for lane in lanes_behind(dimension)}
    first = min((day for lane, day in invalidation.earliest.items() if lane in lanes), default=date.max)
    known = {day: held.planned.past[day] for day in days if day in held.planned.past and day < first}
    return known | reader.past(day for day in days if day not in known)
