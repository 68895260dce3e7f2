"""The calls that read."""

from tools.openapi.answers import TAGGED, answered
from tools.openapi.calls import Call

_CONDITIONAL = ("IfNoneMatch",)
_SPOKEN = ("AcceptLanguage", "IfNoneMatch")
_PAGED = ("Limit", "Cursor")


def _read(
    path: str,
    name: str,
    summary: str,
    schema: str,
    *,
    parameters: tuple[str, ...] = _CONDITIONAL,
    description: str = "",
    scope: str | None = "scores:read",
) -> Call:
    of_a_client = "{client_id}" in path
    asked = any(each not in _SPOKEN for each in parameters)
    return Call(
        route=f"GET {path}",
        name=name,
        summary=summary,
        description=description,
        scope=scope,
        parameters=("ClientId", *parameters) if of_a_client else parameters,
        answers={200: answered(summary, schema, headers=TAGGED)},
        problems=(304, *([404] if of_a_client else []), *([422] if asked else [])),
    )


READS = (
    _read(
        "/v1/clients",
        "listClients",
        "A page of scorecards in short.",
        "Rows",
        parameters=("Status", "Sort", "MaxTotal", "Complete", "Stale", *_PAGED, *_CONDITIONAL),
        description="A token that is limited to clients lists those.",
    ),
    _read(
        "/v1/clients/{client_id}",
        "getClient",
        "The client and its current scorecard.",
        "Client",
        parameters=_SPOKEN,
        description="An alias answers with the client it is now.",
    ),
    _read(
        "/v1/clients/{client_id}/score",
        "getScore",
        "The scorecard, current or as of a day.",
        "Scorecard",
        parameters=("AsOf", *_SPOKEN),
    ),
    _read(
        "/v1/clients/{client_id}/next-steps",
        "getNextSteps",
        "What would gain or lose a point, the biggest gain first.",
        "Steps",
        parameters=_SPOKEN,
    ),
    _read(
        "/v1/clients/{client_id}/history",
        "getHistory",
        "The ledger, newest first: what moved, and why.",
        "Changes",
        parameters=("From", "To", *_PAGED, *_SPOKEN),
    ),
    _read(
        "/v1/clients/{client_id}/evidence",
        "getEvidence",
        "The facts behind a question, newest first.",
        "Facts",
        parameters=("Dimension", *_PAGED, *_CONDITIONAL),
    ),
    _read(
        "/v1/clients/{client_id}/nps",
        "getNps",
        "Responses and NPS over time, without gaps.",
        "Intervals",
        parameters=("NpsFrom", "NpsTo", "Interval", *_CONDITIONAL),
    ),
    _read("/v1/portfolio", "getPortfolio", "All active clients at a glance.", "Overview"),
    _read("/v1/model", "getModel", "The model by which is scored, in all languages.", "Model"),
    Call(
        route="GET /v1/openapi.json",
        name="getOpenApi",
        summary="This document.",
        tag="service",
        parameters=_CONDITIONAL,
        answers={
            200: {
                "description": "This document.",
                "headers": TAGGED,
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        },
        problems=(304,),
    ),
    Call(
        route="GET /v1/health",
        name="getHealth",
        summary="That the service runs.",
        tag="service",
        answers={200: answered("It runs.", "Alive")},
    ),
)
