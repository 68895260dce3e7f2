"""Events of every kind about one client."""

from typing import Any

from tests.support.readings import counted
from tests.support.service import event, responses

RESPONDENT = "robin@example.com"


def told() -> list[dict[str, Any]]:
    """A batch of them: one response has a comment and tells who gave it."""
    survey = {"answered_at": "2026-11-01T09:00:00Z", "answers": {"roadmap": "yes", "specialisms": 3}}
    talk = {"talk_id": "t-1", "on": "2026-11-20", "with": ["Sam"], "summary": "Much.", "internal": "More."}
    action = {"action_id": "a-1", "title": "Do it", "side": "agency", "due": "2026-12-24"}
    rated = {"response_id": "r-9", "score": 9, "responded_at": "2026-11-14T09:00:00Z", "respondent": RESPONDENT}
    return [
        counted(6),
        *responses([10, 9, 3]),
        event("nps.responded", {**rated, "comment": "Good."}, id="e-9"),
        event("survey.answered", survey, id="e-10"),
        event("talk.recorded", talk, id="e-11"),
        event("action.agreed", action, id="e-12"),
        event("client.described", {"name": "Acme", "aliases": ["acme-old"]}, id="e-13"),
        event("goal.set", {"goal_id": "g-1", "points": 16, "by": "2027-06-30"}, id="e-14"),
        event("note.written", {"note_id": "n-1", "text": "Ask.", "internal": False}, id="e-15"),
    ]
