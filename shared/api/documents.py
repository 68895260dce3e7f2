"""What the API responds with, as types: mypy holds the functions to them, and the API's description is made of them.

A schema has the name of its type without `Document`; its fields are described by the texts below them. A type with
another name is the beginning of one. Functions import this module for type checking only: no cold start pays for it.
"""

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from shared.api.constraints import Constraint, pattern
from shared.api.fields import ClientId, Count, Day, Instant, Nps, QuestionKey, Timestamp, Value
from shared.opmm.inputs import Status
from shared.opmm.kinds import Basis


class PresenceDocument(TypedDict):
    """That somebody is there."""

    status: Literal["ok"]


class HealthDocument(TypedDict):
    """That the service runs, and which version of it."""

    status: Literal["ok"]
    version: str
    """What was deployed, as in `1.0.0+d5db1f0`."""


DescriptionDocument = dict[str, Any]
"""What OpenAPI says that it is."""


# Scorecards.


class TallyDocument(TypedDict):
    """Responses by what they are: 9 and 10, 7 and 8, 0 to 6, all."""

    promoters: Count
    passives: Count
    detractors: Count
    count: Count


class NpsIntervalDocument(TypedDict):
    """How sure the NPS is."""

    low: Nps
    high: Nps
    confidence: Literal[95]


class DimensionDocument(TypedDict):
    """One question on a scorecard; the last three fields stand at the NPS only."""

    key: QuestionKey
    points: Count | None
    """Null when nobody has answered the question."""
    max: Count
    value: Value
    """A count, the NPS, or the answer that was chosen."""
    basis: Basis | None
    """What the value rests on."""
    band: str | None
    """The row of the table, in the language of the response."""
    observed_at: Timestamp | None
    """A date when only the day is known. Without `evidence:read` null for the NPS, and the day of a survey."""
    source: str | None
    fact_id: str | None
    """Without `evidence:read` the part of a survey's that its tool has given is a digest."""
    stale: bool
    responses: NotRequired[TallyDocument | None]
    """The responses that the NPS is made of; without `evidence:read` null for earlier days within a month."""
    interval: NotRequired[NpsIntervalDocument | None]
    one_answer_moves: NotRequired[bool]
    """Whether one more response could change the points."""


class ReasonDocument(TypedDict):
    """Why agency and client should talk."""

    key: str
    dimension: QuestionKey | None
    """The question it is about; null when it is about all of them."""
    text: str


class DiscussionDocument(TypedDict):
    """Whether to talk about the partnership, and why."""

    due: bool
    reasons: list[ReasonDocument]
    last_talk: Day | None
    """When a talk was last held: it settled the reasons of that day."""
    next_talk: Day | None
    missed_talk: Day | None
    """When, since the last talk, one was planned that nobody held or cancelled."""
    open_actions: Count
    """How much of what was agreed is to be done; without `evidence:read` what both sides may see."""


class _ScoreDocument(TypedDict):
    """What scorecards and their summaries have in common."""

    client_id: ClientId
    name: str
    as_of: Day
    total: Count
    """The sum of the points that are known."""
    max_total: Count
    attainable: Count
    """The points that the answered questions could have given."""
    complete: bool
    """Whether all questions are answered."""
    stale: bool
    """Whether an answer is out of date."""
    model: str
    """The model by which is scored."""
    version: Count
    """Rises with each change."""
    changed_at: Instant
    """Without `evidence:read` the beginning of that day."""
    digest: Annotated[str, pattern("^sha256:[0-9a-f]{64}$")]
    """Covers what the score says: the same facts on the same day give the same digest."""


class ScorecardDocument(_ScoreDocument):
    """The questions of the model for one client, in their order."""

    discussion: DiscussionDocument
    dimensions: list[DimensionDocument]


class ClientDocument(ScorecardDocument):
    """A client and its current scorecard."""

    status: Status
    described: bool
    """Whether anybody has described the client; else its first event has made it, and may have misnamed another."""
    owner: str | None
    """The person at the agency who answers for the client."""
    aliases: list[str]


class SummaryReasonDocument(TypedDict):
    """Why agency and client should talk, by its key in the model."""

    key: str
    dimension: QuestionKey | None
    """The question it is about; null when it is about all of them."""
    points: Count | None
    """By how many points the total fell, or how many the question has; null where that is not the reason."""
    days: Count | None
    """How many days have passed since the last talk; null where that is not the reason."""


class SummaryDiscussionDocument(TypedDict):
    """Whether to talk about the partnership, and why."""

    due: bool
    reasons: list[SummaryReasonDocument]
    last_talk: Day | None
    next_talk: Day | None
    missed_talk: Day | None
    open_actions: Count


class SummaryDimensionDocument(TypedDict):
    """One question on a scorecard, in short."""

    key: QuestionKey
    points: Count | None
    """Null when nobody has answered the question."""
    value: Value
    """A count, the NPS, or the answer that was chosen."""
    stale: bool


class SummaryDocument(_ScoreDocument):
    """A scorecard in short."""

    status: Status
    described: bool
    """Whether anybody has described the client; else its first event has made it, and may have misnamed another."""
    owner: str | None
    """The person at the agency who answers for the client."""
    discussion: SummaryDiscussionDocument
    dimensions: list[SummaryDimensionDocument]


class ClientListDocument(TypedDict):
    """A page of clients."""

    clients: list[SummaryDocument]
    next: str | None
    """What `cursor` takes for the next page; null at the end."""


class StepDocument(TypedDict):
    """The smallest change of an input that gains or loses points."""

    dimension: QuestionKey
    points: int
    """The difference to the total."""
    change: Annotated[dict[str, int | str], Constraint(minProperties=1, maxProperties=1)]
    """One input: relative for counts (`happy`, `promoters`, ...), the new `answer` for choices, the `day` for what time
    will do."""
    basis: NotRequired[Literal["band"]]
    """Only the band of the answer is known, and its end counts: a gain takes that much at most, a loss at least."""
    text: str


class StepListDocument(TypedDict):
    """What would gain or lose points, the biggest gain first."""

    client_id: ClientId
    total: Count
    steps: list[StepDocument]


class VerificationDocument(TypedDict):
    """The stored scorecard beside one that was made from the facts just now."""

    client_id: ClientId
    as_of: Day
    stored: Annotated[str, pattern("^sha256:[0-9a-f]{64}$")] | None
    """The digest of what is stored; null where there is nothing that can be read."""
    fresh: Annotated[str, pattern("^sha256:[0-9a-f]{64}$")]
    """The digest of what the facts give."""
    equal: bool
    differs: list[str]
    """The parts in which what is stored differs: questions, `responses`, `agenda` and such; never a value."""


# All clients at a glance.


class TotalDocument(TypedDict):
    """How many clients have a total."""

    total: Count
    clients: Count


class MoverDocument(TypedDict):
    """A client whose total has moved."""

    client_id: ClientId
    name: str
    total_before: Count
    total: Count
    points: int
    """The difference."""


class OverviewDocument(TypedDict):
    """All active clients at a glance."""

    count: Count
    totals: list[TotalDocument]
    incomplete: Count
    stale: Count
    due: Count
    """How many need a talk."""
    days: Count
    """How far back the movers are compared."""
    undescribed: Count
    """How many nobody has described: their first event may have named them by mistake."""
    movers: list[MoverDocument]
