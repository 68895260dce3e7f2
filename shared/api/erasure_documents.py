"""What the API responds with about erasures, and about what is held of a person; as `documents` has the rest."""

from typing import Annotated, Literal, NotRequired, TypedDict

from shared.api.constraints import Constraint, pattern
from shared.api.fields import ClientId, Count, Day, Instant
from shared.storage.erasures import Status

ERASURE_ID_PATTERN = "^[0-9]{8}T[0-9]{6}-[0-9a-f]{8}$"

ErasureId = Annotated[str, pattern(ERASURE_ID_PATTERN), Constraint(examples=["20261124T120000-0a1b2c3d"])]


class AskerDocument(TypedDict):
    """Who asked for an erasure."""

    subject: str
    """The subject of the token."""
    token_id: str | None
    """The id of the token, as `make links` lists it."""


class KeptDocument(TypedDict):
    """Something that an erasure leaves, and why."""

    what: Literal["ratings", "response_ids", "client_names", "parked_digests", "backups"]
    why: str
    until: Day | None
    """The last day on which it is held, as far as that is known; null for what stays, and while the erasure runs."""


class ErasureDocument(TypedDict):
    """An erasure and its receipt. It holds nothing that leads to a person."""

    erasure_id: ErasureId
    status: Status
    """`failed` says that it was given up; asking for the same once more is safe."""
    of: Literal["respondent", "client"]
    client_id: NotRequired[ClientId]
    """The client that is erased."""
    ratings: bool
    """Whether the ratings of the respondent go, too."""
    asked_at: Instant
    asked_by: AskerDocument
    done_at: Instant | None
    counts: dict[str, int]
    """What was erased so far, by kind: `responses` that stay as bare ratings or, of a client, have gone; `ratings` that
    have gone; `comments`, `parked`, `counts`, `surveys`, `reported`, `descriptions`, `changes`, `names`, `drafts`;
    `deliveries` to destinations, `digests` that named the client, `alerts` chosen or sent of it."""
    kept: list[KeptDocument]


class ErasureListDocument(TypedDict):
    """A page of erasures."""

    erasures: list[ErasureDocument]
    next: str | None
    """What `cursor` takes for the next page; null at the end."""


class HeldResponsesDocument(TypedDict):
    """How many responses of a person are held at a client."""

    client_id: ClientId
    responses: Count
    """That the person has given."""
    mentions: Count
    """Of others, whose comments hold the person's address."""


class HeldParkedDocument(TypedDict):
    """How many parked calls of a tool tell of a person."""

    source: str
    parked: Count


class SubjectDocument(TypedDict):
    """What is held of a person on the pages that were read, without anything of its contents."""

    clients: list[HeldResponsesDocument]
    sources: list[HeldParkedDocument]
    next: str | None
    """What `cursor` takes to read on; null when all was read. Add up what the pages say."""
