"""Data of a valid event of each type."""

from collections.abc import Mapping
from typing import Any

VALID: Mapping[str, Mapping[str, Any]] = {
    "nps.responded": {
        "response_id": "r-1",
        "score": 9,
        "responded_at": "2026-11-14T09:00:00Z",
        "respondent": "jo@example.com",
        "comment": "fine",
        "excluded": False,
    },
    "nps.retracted": {"response_id": "r-1"},
    "nps.reported": {"nps": 40, "responses": 12, "measured_at": "2026-11-14T09:00:00Z"},
    "consultants.counted": {"working": 8, "happy": 6, "as_of": "2026-11-01"},
    "survey.answered": {"answered_at": "2026-11-14T09:00:00Z", "survey_id": "s-1", "answers": {"roadmap": "yes"}},
    "client.described": {"name": "Acme B.V.", "aliases": ["acme-old"], "status": "active"},
}
