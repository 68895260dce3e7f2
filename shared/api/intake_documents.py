"""What becomes of what is sent: events, calls of tools, what is parked of them, and the sources; as `documents`."""

from typing import Literal, NotRequired, TypedDict

from shared.api.fields import ClientId, Count, Instant
from shared.http.problems import ProblemDocument
from shared.reading.sources import Finding
from shared.storage.facts import PutOutcome
from shared.webhooks.provider import Reason as ParkedReason
from shared.webhooks.provider import Status as WebhookStatus


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
