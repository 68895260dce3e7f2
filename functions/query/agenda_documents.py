"""Talks, actions, goals, notes and the calendar as the documents that are responded with."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from functions.query.documents import step_document
from shared.opmm.ledger import Reading, Readings, digest, total
from shared.opmm.model import Model
from shared.reading.agenda import ActionNow, GoalNow, Note, TalkThen
from shared.reading.disclosure import Disclosure
from shared.reading.scorecards import Card
from shared.texts.calendar_texts import entry_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from shared.api import agenda_documents as api
    from shared.opmm.calendar import Entry


def talk_document(
    row: TalkThen, client_id: str, day: "date", model: Model, disclosure: Disclosure
) -> "api.TalkDocument":
    """A talk, as of a day."""
    talk, details = row.talk, row.details
    return {
        "talk_id": talk.talk_id,
        "on": talk.on.isoformat(),
        "status": talk.status(day),
        "with": _names(details.get("with")),
        "summary": _text(details, "summary"),
        "internal": _text(details, "internal") if disclosure.people else None,
        "author": _text(details, "author"),
        "told": _then(client_id, row.told, model),
        "today": _then(client_id, row.today, model),
        "actions": list(row.actions),
    }


def _then(client_id: str, said: Readings | None, model: Model) -> "api.ThenDocument | None":
    return None if said is None else {"total": total(said), "digest": digest(client_id, said, model.keys)}


def action_list_document(
    actions: Iterable[ActionNow], disclosure: Disclosure, cursor: str | None
) -> "api.ActionListDocument":
    """A page of actions."""
    return {"actions": [_action(action, disclosure) for action in actions], "next": cursor}


def _action(row: ActionNow, disclosure: Disclosure) -> "api.ActionDocument":
    action, settlement = row.action, row.settlement
    expects = action.expects
    return {
        "action_id": action.action_id,
        "title": action.title,
        "side": action.side,
        "who": action.who,
        "agreed_on": action.agreed_on.isoformat(),
        "due": action.due.isoformat(),
        "talk_id": action.talk_id,
        "expects": {"dimension": expects.dimension, "points": expects.points} if expects else None,
        "internal": action.internal,
        "status": settlement.status,
        "settled_on": settlement.on.isoformat() if settlement.on else None,
        "fact_id": settlement.fact_id if disclosure.people else None,
        "author": _text(row.details, "author"),
    }


def goal_list_document(card: Card, goals: Iterable[GoalNow], model: Model, language: str) -> "api.GoalListDocument":
    """The goals of a client."""
    return {"client_id": card.score.client_id, "goals": [_goal(goal, model, language) for goal in goals]}


def _goal(row: GoalNow, model: Model, language: str) -> "api.GoalDocument":
    goal = row.goal
    return {
        "goal_id": goal.goal_id,
        "points": goal.points,
        "dimension": goal.dimension,
        "by": goal.by.isoformat(),
        "set_on": goal.set_on.isoformat(),
        "status": row.status,
        "then": row.then,
        "now": row.now,
        "path": [step_document(step, model, language) for step in row.path],
        "arrives": goal.reached_points(row.arrives),
        "author": _text(row.details, "author"),
    }


def note_list_document(notes: Iterable[Note], cursor: str | None) -> "api.NoteListDocument":
    """A page of notes."""
    return {
        "notes": [
            {
                "note_id": note.note_id,
                "text": _text(note.details, "text") or "",
                "dimension": note.dimension,
                "internal": note.internal,
                "at": note.written_at,
                "author": _text(note.details, "author"),
            }
            for note in notes
        ],
        "next": cursor,
    }


def calendar_document(card: Card, entries: "Sequence[Entry]", model: Model, language: str) -> "api.CalendarDocument":
    """What time alone will do."""
    return {
        "client_id": card.score.client_id,
        "as_of": card.score.as_of.isoformat(),
        "entries": [
            {
                "day": entry.day.isoformat(),
                "kind": entry.kind,
                "dimension": entry.dimension,
                "before": _said(entry.before) if entry.kind == "window" else None,
                "after": _said(entry.after) if entry.kind == "window" else None,
                "points": entry.points,
                "subject": entry.subject,
                "text": entry_text(entry, model, language),
            }
            for entry in entries
        ],
    }


def _said(reading: Reading) -> "api.SaidDocument":
    return {"points": reading.points, "value": reading.value}


def _text(details: Mapping[str, Any], name: str) -> str | None:
    value = details.get(name)
    return value if isinstance(value, str) else None


def _names(value: object) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []
