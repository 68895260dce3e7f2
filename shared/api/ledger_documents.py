"""What the API responds with about where a score came from: changes, signals and facts; as `documents`."""

from typing import Literal, NotRequired, TypedDict

from shared.api.documents import TallyDocument
from shared.api.fields import ClientId, Count, Day, Instant, Nps, QuestionKey, Timestamp, Value
from shared.http.parameters import Granularity
from shared.opmm.kinds import FactKind
from shared.opmm.ledger import Cause
from shared.opmm.signals import SignalKind


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
