"""What the API responds with, as types: mypy holds the functions to them, and the API's description is made of them.

A schema has the name of its type without `Document`; its fields are described by the texts below them. A type with
another name is the beginning of one. Functions import this module for type checking only: no cold start pays for it.
"""

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from shared.api.constraints import Constraint, at_least, between, exactly, formatted, pattern
from shared.http.parameters import Granularity
from shared.http.problems import ProblemDocument
from shared.opmm.inputs import Status
from shared.opmm.kinds import Basis, FactKind
from shared.opmm.ledger import Cause
from shared.opmm.model import AnswersFrom, Kind
from shared.opmm.signals import SignalKind
from shared.opmm.slugs import SLUG_PATTERN
from shared.reading.sources import Finding
from shared.storage.facts import PutOutcome
from shared.webhooks.provider import Reason as ParkedReason
from shared.webhooks.provider import Status as WebhookStatus

ClientId = Annotated[str, pattern(SLUG_PATTERN), Constraint(examples=["acme"])]
QuestionKey = Annotated[str, pattern("^[a-z][a-z0-9_]{0,39}$"), Constraint(examples=["nps"])]
Day = Annotated[str, formatted("date", "2026-11-01")]
Instant = Annotated[str, formatted("date-time", "2026-11-20T08:00:00Z")]
Timestamp = Day | Instant
"""The day alone where no more is known. It comes first: a client that tries a time before would read it as midnight."""
Count = Annotated[int, at_least(0)]
Nps = Annotated[int, between(-100, 100)]
Value = int | str | None


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


# What becomes of what is sent.


class EventResultDocument(TypedDict):
    """What became of an event."""

    id: str
    client_id: ClientId
    status: PutOutcome
    """`superseded` by a later version of the same fact."""
    new_client: NotRequired[Literal[True]]
    """Only where nothing was known of the client: said until its first scorecard is written, a moment later."""
    joined: NotRequired[list[ClientId]]
    """Only where this alone has joined others to the client, which had been described as clients of their own: their
    facts count for it from now on. A description without the alias takes that back."""


class RejectedEventDocument(TypedDict):
    """An event of a batch that was not taken."""

    id: str | None
    status: Literal["rejected"]
    problem: ProblemDocument


class BatchResultDocument(TypedDict):
    """What became of a batch."""

    results: list[EventResultDocument | RejectedEventDocument]
    """In the order of the batch."""


class WebhookOutcomeDocument(TypedDict):
    """What became of one part of a call."""

    status: WebhookStatus
    id: NotRequired[str]
    client_id: NotRequired[ClientId]
    new_client: NotRequired[Literal[True]]
    """Only where nothing was known of the client: said until its first scorecard is written, a moment later."""
    joined: NotRequired[list[ClientId]]
    """Only where this alone has joined others to the client, which had been described as clients of their own."""
    parked_id: NotRequired[str]
    """Names the parked item."""
    reason: NotRequired[ParkedReason | Literal["unknown_source"]]
    """Why it could not be taken."""
    detail: NotRequired[str]
    """The same in words, also of what was ignored; nothing of what was sent."""


class WebhookResultDocument(TypedDict):
    """What became of a call of a tool."""

    status: WebhookStatus
    """One word for all results."""
    results: NotRequired[list[WebhookOutcomeDocument]]
    """What became of its parts; a probe has none."""


class SourceSampleDocument(TypedDict):
    """A parked call, and the names in what was sent."""

    id: str
    """Names the parked item."""
    shape: list[str]
    """The places in the payload, without what stands there."""


class SourceDocument(TypedDict):
    """A tool that may post, and how it fares."""

    name: str
    provider: str
    client: str | None
    """The expression that finds the client in a payload; null where events name it themselves."""
    heard_at: Instant | None
    """When it last called, to the minute; null for a year without a call."""
    refused_at: Instant | None
    """When a call in its name was last refused."""
    counts: dict[str, Count]
    """What became of its calls in the last day, by outcome."""
    parked: dict[str, Count]
    """What is parked by now, by reason."""
    finding: Finding | None
    """What is wrong with it, by its last day: every call is `refused`; `client_not_found` where the source looks;
    `only_parks`, for another reason; it `notifies` only that something changed."""
    sample: SourceSampleDocument | None
    """The latest parked call of the most frequent reason, where its payloads are what is wrong."""


class SourceListDocument(TypedDict):
    """Every source that can be read, by name."""

    sources: list[SourceDocument]


class ParkedDocument(TypedDict):
    """A call of a tool that could not be mapped, without anything of what was sent."""

    id: str
    """Names the parked item."""
    source: str
    reason: ParkedReason
    """Why it could not be taken."""
    detail: str
    received_at: Instant
    """When it came first."""
    count: Count
    """How often it was delivered."""


class ParkedItemDocument(ParkedDocument):
    """A parked call with the names in what was sent."""

    shape: list[str]
    """The places in the payload, `event_data.person.email`, without what stands there; `[]` is the first of a list."""


class ParkedListDocument(TypedDict):
    """A page of parked items."""

    parked: list[ParkedDocument]
    next: str | None
    """What `cursor` takes for the next page; null at the end."""


class ReplayDocument(TypedDict):
    """How many were replayed, and what became of them."""

    replayed: Count
    statuses: dict[WebhookStatus, int]
    """How many by status."""
    next: str | None
    """What `cursor` takes for the next page; null at the end."""


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


# Where a score came from.


class ReadingTold(TypedDict):
    """What webhooks tell of it, too."""

    points: Count | None
    """Null when nobody had answered the question."""
    value: Value
    """A count, the NPS, or the answer that was chosen."""


class ReadingDocument(ReadingTold):
    """What a scorecard said of a question."""

    band: str | None
    """The row of the table, in the language of the response; null where the model has none for the value any more."""


class MoveDocument(TypedDict):
    """One question that reads differently than before."""

    key: QuestionKey
    before: ReadingDocument
    after: ReadingDocument


class ChangeTold(TypedDict):
    """What webhooks tell of it, too."""

    version: Count
    at: Instant
    """Without `evidence:read` the beginning of that day."""
    cause: Cause
    total_before: Count
    total_after: Count


class ChangeDocument(ChangeTold):
    """What moved, from what to what, and the facts behind it. The parts add up to the difference."""

    dimensions: list[MoveDocument]
    facts: list[str]
    """100 at most; without `evidence:read` no responses."""
    responses: NotRequired[Count]
    """How many more of these facts are responses, where `evidence:read` is missing."""


class ChangeListDocument(TypedDict):
    """A page of the ledger."""

    changes: list[ChangeDocument]
    hidden: NotRequired[Count]
    """Changes that this page leaves out or has passed over, as they rest on facts of a name that is no longer the
    client's. Each is counted on one page. Only for a token that is limited to clients; then totals before and after do
    not meet, and a page may have no changes and a `next` where very many are hidden."""
    next: str | None
    """What `cursor` takes for the next page; null at the end."""


class SignalDocument(TypedDict):
    """News of a client that is no change of points."""

    kind: SignalKind
    """The last talk is too long ago, a planned talk was not held, an agreement is late or was not settled by facts in
    time, an answer is out of date."""
    dimension: QuestionKey | None
    """The question whose answer is out of date."""
    fact_id: str | None
    """The talk or the agreement."""
    on: Day | None
    """When the talk was planned, or the agreement due."""


class JournalEntryDocument(TypedDict):
    """A change or a signal of a client."""

    id: str
    """By this a receiver knows what it has had already: the same each time, here and in a webhook."""
    client_id: ClientId
    """The client as it was called when that was written: by now the name may be an alias."""
    kind: Literal["score.changed", "signal"]
    at: Instant
    """When it was written. Without `evidence:read` the beginning of that day."""
    change: ChangeDocument | None
    signal: SignalDocument | None


class JournalDocument(TypedDict):
    """What was written behind a place of the journal."""

    entries: list[JournalEntryDocument]
    more: bool
    """Whether there may be more already: then ask at once."""
    next: str
    """What `cursor` takes to go on behind this page, now or in a month: it is there also where the page is empty."""


class FactDocument(TypedDict):
    """What an event left behind."""

    fact_id: str
    kind: FactKind
    source: str
    observed_at: Timestamp
    """A date when only the day is known; without `evidence:read` the day of a survey."""
    day: Day
    """The day it counts for, in the calendar of the stack."""
    answer: dict[str, float | str]
    """What was answered: `score`; `nps`, `responses`; `working`, `happy`; or questions of a survey by their keys."""
    comment: str | None
    """Null also without `evidence:read`."""
    author: str | None
    """Who said it, where that is another than the source; null also without `evidence:read`."""
    erased: NotRequired[Literal[True]]
    """Only where the person who responded was erased, and the comment; then `fact_id` tells kind and source alone."""


_DaysDocument = TypedDict("_DaysDocument", {"from": Day, "to": Day})


class IntervalDocument(_DaysDocument, TallyDocument):
    """The responses of some days, both included."""

    nps: Nps | None
    """Null when there are no responses."""


class FactListDocument(TypedDict):
    """A page of facts."""

    facts: list[FactDocument]
    next: str | None
    """What `cursor` takes for the next page; null at the end."""
    responses: NotRequired[list[IntervalDocument]]
    """Instead of single responses, where `evidence:read` is missing: those of a year by month, on the first page."""


class IntervalListDocument(TypedDict):
    """Responses over time, without gaps."""

    client_id: ClientId
    interval: Granularity
    intervals: list[IntervalDocument]


# The model.


class TextDocument(TypedDict):
    """A text in every language."""

    en: str
    nl: str


class UnitDocument(TypedDict):
    """What is counted in every language: one of them, and several."""

    en: Annotated[list[str], exactly(2)]
    nl: Annotated[list[str], exactly(2)]


_RangeDocument = TypedDict("_RangeDocument", {"from": NotRequired[int | None], "to": NotRequired[int | None]})


class BandDocument(_RangeDocument):
    """A row of the table: an answer, or whole numbers from one to another, both included; null for an open end."""

    points: Count
    text: TextDocument
    answer: NotRequired[str]


class QuestionDocument(TypedDict):
    """A question of the model."""

    key: QuestionKey
    kind: Kind
    answers_from: AnswersFrom
    max: Count
    name: TextDocument
    short: TextDocument
    question: TextDocument
    unit: NotRequired[UnitDocument]
    answers: NotRequired[list[str]]
    fresh_days: Count | None
    """Days after which an answer is called stale."""
    bands: list[BandDocument]


class DivergingDocument(TypedDict):
    """A reason to talk: one number rises while another falls."""

    key: str
    up: QuestionKey
    down: QuestionKey


class DiscussionRulesDocument(TypedDict):
    """When a partnership needs a talk."""

    days: Count
    """How far back a scorecard is compared."""
    fell_by: Count
    low_points: Count
    talk_days: Count
    """For how long a talk settles the reasons of its day."""
    diverging: list[DivergingDocument]
    texts: dict[str, TextDocument]
    """What is said of each reason, by its key."""


class ModelDocument(TypedDict):
    """The questions, what they are worth, and for how long an answer counts."""

    model: str
    name: TextDocument
    max_total: Count
    nps_window_days: Count
    discussion: DiscussionRulesDocument
    dimensions: list[QuestionDocument]
