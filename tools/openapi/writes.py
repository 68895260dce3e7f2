"""The calls that send, and those about what could not be taken."""

from tools.openapi.answers import answered
from tools.openapi.calls import Call
from tools.openapi.shapes import TEXT, Schema, ref

_EVENTS: Schema = {
    "required": True,
    "content": {
        "application/json": {"schema": {"anyOf": [ref("Event"), ref("Events")]}},
        "application/cloudevents+json": {"schema": ref("Event")},
        "application/cloudevents-batch+json": {"schema": ref("Events")},
    },
}
_PAYLOAD: Schema = {
    "description": "What the tool sends, signed over its bytes in the way of the tool.",
    "required": True,
    "content": {
        "application/json": {"schema": {}},
        "application/x-www-form-urlencoded": {"schema": {"type": "object"}},
    },
}
_PROBED: Schema = {
    "description": "Somebody is there.",
    "headers": {"Allow": {"required": True, "schema": TEXT}},
    "content": {"application/json": {"schema": ref("Alive")}},
}

WRITES = (
    Call(
        route="POST /v1/events",
        name="postEvents",
        summary="Sends an event, or a batch.",
        description="The same event again is a `duplicate`, an older version of a fact is `superseded`: events may "
        "come late, twice and in any order. The good ones of a batch are kept when others are rejected.",
        scope="events:write",
        body=_EVENTS,
        answers={
            202: answered("A new event was stored.", "Taken"),
            200: answered("One event that changes nothing, or a batch that was taken as a whole.", "TakenOrResults"),
            207: answered("A batch of which something was rejected.", "Results"),
        },
        problems=(400, 413, 415, 422),
        tag="events",
    ),
    Call(
        route="POST /v1/webhooks/{source}",
        name="postWebhook",
        summary="Takes a call of a survey tool or HR system.",
        description="Verified with the signature of the tool; no token. What is well signed is answered 200, also when "
        "it cannot be mapped: then it is parked.",
        parameters=("Source",),
        body=_PAYLOAD,
        answers={200: answered("What became of it.", "WebhookResult")},
        problems=(400, 401, 413),
        tag="webhooks",
    ),
    Call(
        route="GET /v1/webhooks/{source}",
        name="probeWebhook",
        summary="Tells a tool that somebody is there.",
        parameters=("Source",),
        answers={200: _PROBED},
        tag="webhooks",
    ),
    Call(
        route="GET /v1/parked",
        name="listParked",
        summary="Calls of tools that could not be mapped.",
        scope="parked:read",
        parameters=("ParkedSource", "Limit", "Cursor"),
        answers={200: answered("A page of them.", "ParkedItems")},
        problems=(422,),
        tag="webhooks",
    ),
    Call(
        route="POST /v1/parked/replay",
        name="replayParked",
        summary="Takes the parked calls of a source once more, after its mapping was mended.",
        description="Some at a time; go on with `next`. What cannot be mapped still stays parked.",
        scope="parked:write",
        parameters=("MendedSource", "Cursor"),
        answers={200: answered("What became of them.", "Replayed")},
        problems=(422,),
        tag="webhooks",
    ),
    Call(
        route="POST /v1/parked/{parked_id}/replay",
        name="replayParkedItem",
        summary="Takes one parked call once more.",
        scope="parked:write",
        parameters=("ParkedId",),
        answers={200: answered("What became of it.", "WebhookResult")},
        problems=(404,),
        tag="webhooks",
    ),
    Call(
        route="DELETE /v1/parked/{parked_id}",
        name="deleteParkedItem",
        summary="Forgets a parked call.",
        scope="parked:write",
        parameters=("ParkedId",),
        answers={204: {"description": "It is gone."}},
        problems=(404,),
        tag="webhooks",
    ),
)
