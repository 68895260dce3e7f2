"""Every operation of the HTTP API, once.

The functions build their routes from this table, scopes are checked by it, and the description of the API and the
check of the template read it. Documents and parameters stand by their names in `documents` and `parameters`, which no
function has to import for it.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import field
from typing import Literal

from shared.opmm.dataclass import dataclass

Function = Literal["ingest", "query", "erase"]

QUERY: Mapping[str, str] = {
    "Limit": "limit",
    "Cursor": "cursor",
    "Status": "status",
    "Sort": "sort",
    "MaxTotal": "max_total",
    "Complete": "complete",
    "Stale": "stale",
    "Described": "described",
    "AsOf": "as_of",
    "Suppose": "suppose",
    "Owner": "owner",
    "Due": "due",
    "Part": "q",
    "From": "from",
    "To": "to",
    "NpsFrom": "from",
    "NpsTo": "to",
    "Dimension": "dimension",
    "Granularity": "interval",
    "Respondent": "respondent",
    "ParkedSource": "source",
    "MendedSource": "source",
    "MendedClient": "client",
}
"""What the parameters of queries are called in an address, by the names that operations give them: all that a function
has to know of them. What they hold stands in `parameters`."""


@dataclass(frozen=True, slots=True)
class Success:
    """What is responded when all is well."""

    description: str
    document: tuple[str, ...] = ()
    """The type of the document, without `Document`; one of them when there are several."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """What each header says."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A method at an address, and what comes of it."""

    id: str
    function: Function
    """Which function has its endpoint."""
    route: str
    """`GET /v1/clients/{client_id}`; HEAD is taken wherever GET is."""
    summary: str
    responses: Mapping[int, Success]
    """By status."""
    tag: str = "scores"
    description: str = ""
    scope: str | None = None
    """What the token must grant; None when no token is needed."""
    parameters: tuple[str, ...] = ()
    body: str | None = None
    """The schema of what is sent."""
    problems: tuple[int, ...] = ()
    """Statuses of the problems that are its own."""
    tagged: bool = False
    """Whether what is responded carries an entity tag."""
    other_methods: tuple[str, ...] = ()
    """Methods that have the same endpoint, for the sake of those who probe."""
    any_query: bool = False
    """Whether parameters of others are let be in the query: tools add theirs, and drop what they cannot deliver."""
    query: AbstractSet[str] | None = field(init=False)
    """The parameters that the query may have; None when it may have any."""

    def __post_init__(self) -> None:
        """Once: every request is compared with them."""
        known = None if self.any_query else frozenset(QUERY[name] for name in self.parameters if name in QUERY)
        object.__setattr__(self, "query", known)

    @property
    def method(self) -> str:
        """In upper case."""
        return self.route.partition(" ")[0]

    @property
    def path(self) -> str:
        """The address, with names in braces."""
        return self.route.partition(" ")[2]

    @property
    def routes(self) -> tuple[str, ...]:
        """Every route to its endpoint."""
        return (self.route, *(f"{method} {self.path}" for method in self.other_methods))


def _read(
    id_: str,
    path: str,
    document: str,
    summary: str,
    description: str,
    *parameters: str,
    spoken: bool = False,
) -> Operation:
    """A reading of scores; `spoken` when texts follow the language of the caller."""
    of_client = "{client_id}" in path
    return Operation(
        id=id_,
        function="query",
        route=f"GET {path}",
        summary=summary,
        description=description,
        scope="scores:read",
        parameters=(
            *(("ClientId",) if of_client else ()),
            *parameters,
            *(("AcceptLanguage",) if spoken else ()),
        ),
        responses={200: Success(summary, (document,))},
        problems=(404,) if of_client else (),
        tagged=True,
    )


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="postEvents",
        function="ingest",
        route="POST /v1/events",
        summary="Sends an event, or a batch.",
        description="The same event again is a `duplicate`, an older version of a fact is `superseded`: events may "
        "come late, twice and in any order. The good ones of a batch are kept when others are rejected. "
        "`application/cloudevents+json` for one event and `application/cloudevents-batch+json` for a batch are taken "
        "as well as `application/json`; so is one event in binary mode, its attributes in `ce-*` headers and its data "
        "as the body. The first event of an unseen `subject` makes a client: then the result says `new_client`. "
        "409 says that the versions of a fact are counted in one place (`sequence`) and timed in another. "
        "`client.described` needs the scope `clients:write` besides; an alias that is a described client of its own "
        "is joined to the client, and `joined` says so.",
        tag="events",
        scope="events:write",
        body="EventOrBatch",
        responses={
            202: Success("A new event was stored.", ("EventResult",)),
            200: Success(
                "One event that changes nothing, or a batch that was taken as a whole.", ("EventResult", "BatchResult")
            ),
            207: Success("A batch of which something was rejected.", ("BatchResult",)),
        },
        problems=(400, 409, 413, 415, 422),
    ),
    Operation(
        id="postWebhook",
        function="ingest",
        route="POST /v1/webhooks/{source}",
        summary="Takes a call of a survey tool or HR system.",
        description="Verified with the signature of the tool; no token. What is well signed is responded to with 200, "
        "also when it cannot be mapped: then it is parked. The body is what the tool sends, signed over its bytes in "
        "the way of the tool; `application/x-www-form-urlencoded` is taken as well as `application/json`.",
        tag="webhooks",
        parameters=("Source",),
        body="Payload",
        responses={200: Success("What became of it.", ("WebhookResult",))},
        problems=(400, 401, 413),
        any_query=True,
    ),
    Operation(
        id="probeWebhook",
        function="ingest",
        route="GET /v1/webhooks/{source}",
        summary="Tells a tool that somebody is there.",
        description="Before a source is set up, and after. OPTIONS gets the same, and leave to send where "
        "`WebHook-Request-Origin` asks for it, as the webhooks of CloudEvents say.",
        tag="webhooks",
        parameters=("Source",),
        responses={200: Success("Somebody is there.", ("Presence",), {"Allow": "The methods of this address."})},
        other_methods=("OPTIONS",),
        any_query=True,
    ),
    Operation(
        id="listSources",
        function="ingest",
        route="GET /v1/sources",
        summary="The tools that may post, and how each fares.",
        description="When each was last heard, what became of its calls in the last day, what is parked, and what is "
        "wrong where nothing counts. No secrets, and of what was sent the names only.",
        tag="webhooks",
        scope="parked:read",
        responses={200: Success("All of them.", ("SourceList",))},
    ),
    Operation(
        id="listParked",
        function="ingest",
        route="GET /v1/parked",
        summary="Calls of tools that could not be mapped.",
        description="The latest first within a page; nothing of what was sent is shown.",
        tag="webhooks",
        scope="parked:read",
        parameters=("ParkedSource", "Limit", "Cursor"),
        responses={200: Success("A page of them.", ("ParkedList",))},
    ),
    Operation(
        id="getParkedItem",
        function="ingest",
        route="GET /v1/parked/{parked_id}",
        summary="One parked call, and the shape of what was sent.",
        description="The names in the payload, so that somebody sees where it differs from what its source expects; no "
        "values.",
        tag="webhooks",
        scope="parked:read",
        parameters=("ParkedId",),
        responses={200: Success("The item.", ("ParkedItem",))},
        problems=(404,),
    ),
    Operation(
        id="replayParked",
        function="ingest",
        route="POST /v1/parked/replay",
        summary="Takes the parked calls of a source once more, after its mapping was mended.",
        description="Some at a time; go on with `next`. What cannot be mapped still stays parked.",
        tag="webhooks",
        scope="parked:write",
        parameters=("MendedSource", "Cursor"),
        responses={200: Success("What became of them.", ("Replay",))},
    ),
    Operation(
        id="replayParkedItem",
        function="ingest",
        route="POST /v1/parked/{parked_id}/replay",
        summary="Takes one parked call once more.",
        description="It stays parked while it cannot be mapped. `client` says whom it is about where the payload does "
        "not: an id, an alias or a name.",
        tag="webhooks",
        scope="parked:write",
        parameters=("ParkedId", "MendedClient"),
        responses={200: Success("What became of it.", ("WebhookResult",))},
        problems=(404,),
    ),
    Operation(
        id="deleteParkedItem",
        function="ingest",
        route="DELETE /v1/parked/{parked_id}",
        summary="Forgets a parked call.",
        description="With what was sent.",
        tag="webhooks",
        scope="parked:write",
        parameters=("ParkedId",),
        responses={204: Success("It is gone.")},
        problems=(404,),
    ),
    Operation(
        id="postErasure",
        function="erase",
        route="POST /v1/erasures",
        summary="Erases a person, or a client with everything.",
        description="`respondent` is an address or id as the tool sends it: over all clients who gave a response goes "
        "with the comment, from facts and from parked calls; the bare rating stays unless `ratings` is true. "
        "`client_id` is an id or alias: all that is held under any of its names goes. It runs in the background; the "
        "response is its receipt so far. What was erased does not come back when it is delivered again. The same wish "
        "twice is two erasures. A token that is limited to clients or sources is refused.",
        tag="erasure",
        scope="admin",
        body="Wish",
        responses={202: Success("The erasure that has begun.", ("Erasure",))},
        problems=(400, 404, 413, 422),
    ),
    Operation(
        id="listErasures",
        function="erase",
        route="GET /v1/erasures",
        summary="Receipts of erasures, the latest first.",
        description="They hold nothing that leads to a person.",
        tag="erasure",
        scope="admin",
        parameters=("Limit", "Cursor"),
        responses={200: Success("A page of them.", ("ErasureList",))},
        problems=(422,),
    ),
    Operation(
        id="getErasure",
        function="erase",
        route="GET /v1/erasures/{erasure_id}",
        summary="How far an erasure is, and its receipt.",
        description="Counts by kind, when and by whom it was asked for, what is kept, why and until when.",
        tag="erasure",
        scope="admin",
        parameters=("ErasureId",),
        responses={200: Success("The receipt.", ("Erasure",))},
        problems=(404,),
    ),
    Operation(
        id="getSubject",
        function="erase",
        route="GET /v1/subjects",
        summary="How much is held of a person, before anything is erased.",
        description="Counts by client and source, nothing of the contents. Some pages of the tables are read a call: "
        "go on with `next`, and add up.",
        tag="erasure",
        scope="admin",
        parameters=("Respondent", "Cursor"),
        responses={200: Success("What is held on these pages.", ("Subject",))},
        problems=(422,),
    ),
    _read(
        "listClients",
        "/v1/clients",
        "ClientList",
        "A page of scorecards in short.",
        "A token that is limited to clients lists those.",
        *("Status", "Sort", "Owner", "Due", "Part", "MaxTotal", "Complete", "Stale", "Described", "Limit", "Cursor"),
    ),
    _read(
        "getClient",
        "/v1/clients/{client_id}",
        "Client",
        "The client and its current scorecard.",
        "An alias leads to the client it is now.",
        spoken=True,
    ),
    _read(
        "getScore",
        "/v1/clients/{client_id}/score",
        "Scorecard",
        "The scorecard, current or as of a day.",
        "As the facts known today give it. With `suppose` as it would be: nothing is stored.",
        *("AsOf", "Suppose"),
        spoken=True,
    ),
    _read(
        "getNextSteps",
        "/v1/clients/{client_id}/next-steps",
        "StepList",
        "What would gain or lose a point, the biggest gain first.",
        "For each input the smallest change that gains a point, and the smallest that loses one. Without "
        "`evidence:read` what time will do is told for the ends of months.",
        spoken=True,
    ),
    _read(
        "getTalks",
        "/v1/clients/{client_id}/talks",
        "TalkList",
        "Talks, held and planned, the latest first.",
        "Beside each that was held the scorecard of its day: as it was told then, and as the facts known today give "
        "it. "
        "What stays inside the agency needs `evidence:read`.",
        *("Limit", "Cursor"),
    ),
    _read(
        "getActions",
        "/v1/clients/{client_id}/actions",
        "ActionList",
        "What was agreed, the latest first, and what became of it.",
        "Facts settle what expects points of a question. Internal ones need `evidence:read`.",
        *("Limit", "Cursor"),
    ),
    _read(
        "getGoals",
        "/v1/clients/{client_id}/goals",
        "GoalList",
        "The goals that stand, how far each is, and the cheapest way there.",
        "At most 5: those for the total and those set last come first.",
        spoken=True,
    ),
    _read(
        "getNotes",
        "/v1/clients/{client_id}/notes",
        "NoteList",
        "Notes, the latest first.",
        "Internal ones need `evidence:read`.",
        *("Limit", "Cursor"),
    ),
    _read(
        "getCalendar",
        "/v1/clients/{client_id}/calendar",
        "Calendar",
        "The coming days on which time alone will change what is said.",
        "A year ahead: responses that leave the window, answers that grow out of date, talks, what is due. Without "
        "`evidence:read` the window is told for the ends of months. With `Accept: text/calendar` it is a calendar "
        "file.",
        spoken=True,
    ),
    _read(
        "getVerification",
        "/v1/clients/{client_id}/verify",
        "Verification",
        "Whether the stored scorecard says what the facts give.",
        "The scorecard is made from the facts once more, and nothing is stored. Within seconds of an event it may "
        "differ; what differs for longer is mended at night.",
    ),
    _read(
        "getHistory",
        "/v1/clients/{client_id}/history",
        "ChangeList",
        "The ledger, newest first: what moved, and why.",
        "The points of what moved add up to the difference of the totals. Without `evidence:read` responses are "
        "counted instead of named, and times are days. A token that is limited to clients does not see what rests on "
        "facts of a name that was joined to the client by mistake and is no longer.",
        *("From", "To", "Limit", "Cursor"),
        spoken=True,
    ),
    _read(
        "listChanges",
        "/v1/changes",
        "Journal",
        "What was written of all clients, the oldest first: for systems that keep a copy.",
        "Changes of points and signals of every client that the token reaches, in the order in which they were "
        "written, for 400 days. Keep `next` and go on with it: at once while `more` is true, later otherwise; an empty "
        "page has one, too. While `more` is true a page may have fewer entries than `limit`, or none, above all for a "
        "token that is limited to some clients. What was told of a client that has been erased since is left out. An "
        "entry may be listed twice, under the same `id`; so is all of it to who begins anew, as a cursor is refused "
        "after the keys of tokens were rotated twice.",
        *("Limit", "Cursor"),
        spoken=True,
    ),
    _read(
        "getEvidence",
        "/v1/clients/{client_id}/evidence",
        "FactList",
        "The facts behind a question, newest first.",
        "Single responses and their comments need `evidence:read`; without it responses are counted by month.",
        *("Dimension", "Limit", "Cursor"),
    ),
    _read(
        "getNps",
        "/v1/clients/{client_id}/nps",
        "IntervalList",
        "Responses and NPS over time, without gaps.",
        "By day or calendar month; a year by default. Days need `evidence:read`; without it months are whole, and "
        "`from` and `to` move to their ends.",
        *("NpsFrom", "NpsTo", "Granularity"),
    ),
    _read(
        "getPortfolio",
        "/v1/portfolio",
        "Overview",
        "All active clients at a glance.",
        "A token that is limited to clients counts those. More than a hundred clients are not read each time: what is "
        "told of them is at most 30 seconds old for 1,000, 60 for 2,000, 10 minutes from 20,000 on, and up to twice as "
        "old while they are being read. `Age` says how old, in seconds.",
    ),
    _read(
        "getModel",
        "/v1/model",
        "Model",
        "The model by which is scored, in all languages.",
        "The questions, their bands and their texts.",
    ),
    Operation(
        id="getOpenApi",
        function="query",
        route="GET /v1/openapi.json",
        summary="This document.",
        description="Whoever connects a system reads it first: no token is needed.",
        tag="service",
        responses={200: Success("This document.", ("Description",))},
        tagged=True,
    ),
    Operation(
        id="getHealth",
        function="query",
        route="GET /v1/health",
        summary="That the service runs, and which version.",
        description="Nothing is read; no token is needed.",
        tag="service",
        responses={200: Success("It runs.", ("Health",))},
    ),
)
