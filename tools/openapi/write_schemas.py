"""Schemas of what becomes of what is sent, of parked items, and of problems."""

from typing import get_args

from shared.storage.facts import PutOutcome
from shared.webhooks.provider import Reason, Status
from tools.openapi.score_schemas import CLIENT_ID
from tools.openapi.shapes import COUNT, INSTANT, TEXT, Schema, among, described, listed, nullable, ref, shape, within

_REASON = described(among(get_args(Reason)), "Why it could not be taken.")
_PARKED_ID: Schema = described(TEXT, "Names the parked item.")


def write_schemas() -> dict[str, Schema]:
    """By name."""
    statuses = get_args(Status)
    outcome: dict[str, Schema] = {
        "status": among(statuses),
        "id": TEXT,
        "client_id": CLIENT_ID,
        "parked_id": _PARKED_ID,
        "reason": {"type": "string", "enum": [*_REASON["enum"], "unknown_source"]},
    }
    return {
        "Problem": shape(
            {
                "type": {"const": "about:blank"},
                "title": TEXT,
                "status": within(400, 599),
                "detail": TEXT,
                "errors": listed(ref("Fault")),
            },
            "What is wrong (RFC 9457), with all faults at once.",
            optional=["errors"],
        ),
        "Fault": shape(
            {
                "pointer": described(TEXT, "A JSON pointer into what was sent; `/query/...` for a parameter."),
                "detail": TEXT,
            }
        ),
        "Taken": shape(
            {"id": TEXT, "client_id": CLIENT_ID, "status": among(get_args(PutOutcome))},
            "What became of an event: `superseded` by a later version of the same fact.",
        ),
        "Rejected": shape(
            {"id": nullable(TEXT), "status": {"const": "rejected"}, "problem": ref("Problem")},
            "An event of a batch that was not taken.",
        ),
        "Results": shape({"results": listed({"anyOf": [ref("Taken"), ref("Rejected")]})}, "In the order of the batch."),
        "WebhookResult": shape(
            {
                "status": described(among(statuses), "One word for all results."),
                "results": listed(shape(outcome, optional=[name for name in outcome if name != "status"])),
            },
            "What became of the parts of a call; of a probe there are none.",
            optional=["results"],
        ),
        "Parked": shape(
            {
                "id": _PARKED_ID,
                "source": TEXT,
                "reason": _REASON,
                "detail": TEXT,
                "received_at": described(INSTANT, "When it came first."),
                "count": described(COUNT, "How often it was delivered."),
            },
            "A call of a tool that could not be mapped; nothing of what was sent is told.",
        ),
        "ParkedItems": shape({"parked": listed(ref("Parked")), "next": ref("Next")}),
        "Replayed": shape(
            {
                "replayed": COUNT,
                "statuses": {
                    "type": "object",
                    "propertyNames": {"enum": list(statuses)},
                    "additionalProperties": COUNT,
                },
                "next": ref("Next"),
            },
            "How many were replayed, and what became of them.",
        ),
        "Alive": shape({"status": {"const": "ok"}}),
    }
