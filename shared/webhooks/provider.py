"""What a provider is: how a tool signs, what its source has to say, and which events its payloads become."""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Literal

from shared.opmm.dataclass import dataclass
from shared.opmm.model import Dimension
from shared.webhooks import providers
from shared.webhooks.signing import Scheme

Status = Literal["parked", "accepted", "superseded", "duplicate", "ignored"]
"""What becomes of a payload, or of a part of one."""

Reason = Literal[
    "not_readable",
    "unknown_shape",
    "unknown_client",
    "ambiguous_client",
    "client_not_allowed",
    "type_not_allowed",
    "no_usable_score",
    "not_valid",
    "thin",
    "handed_over",
]
"""Why it is parked: the words that are listed, and nothing of what was sent."""

DESCRIBES = "client.described"
"""The type of event that says what a client is called, and what its other names are."""

Setting = Literal["client", "answers", "header", "signature", "event", "scale", "templates"]
"""What a source may have to say besides its provider and its secrets."""


class UnmappableError(Exception):
    """A payload that no event can be made of, with the reason. Never quotes the payload."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class NotOursError(Exception):
    """A payload that the tool sent rightly and that is nothing to us, with the reason. Never quotes the payload.

    Where nothing is to be told (no rating yet), an adapter gives no event; this is for what somebody may look for.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class UnvalidatedEvent:
    """An event as the tool tells it: as `POST /v1/events` takes it, before it is validated."""

    type: Any
    id: Any
    time: Any
    """When the tool recorded it: the revision of the fact, unless `order` is given."""
    data: Any
    order: int | None = None
    """A counter of the tool's that rises with each version: the revision of the fact."""
    sequence: Any = None
    """The same, where the payload is an event of ours."""
    subject: Any = None
    """The client, where the payload is an event of ours; else the source's `client` expression finds it."""

    def event(self, source: str, subject: Any) -> dict[str, Any]:
        """The CloudEvent of this source about this client."""
        return {
            "specversion": "1.0",
            "type": self.type,
            "source": source,
            "id": self.id,
            "subject": subject,
            "time": self.time,
            "data": self.data,
            **({} if self.sequence is None else {"sequence": self.sequence}),
        }


@dataclass(frozen=True, slots=True)
class Question:
    """Which question of a tool's survey asks for something of ours, and what its choices mean."""

    question: str
    choices: Mapping[str, str | int]
    """By what the respondent chose: the answer it stands for. A choice that is not here is taken as it is."""


Adapter = Callable[[Any, "Source"], Iterable[UnvalidatedEvent]]
"""Turns a payload (JSON values) into events. None at all says that there is nothing to do: no rating yet, a decline.

Raises NotOursError when it is another sort of survey, say, and UnmappableError when there is something to do and nobody
can say what. An adapter that yields may do so behind the events that it could make: those are taken, and the payload is
parked for the rest.
"""


def _whole(payload: Any) -> list[Any]:
    return [payload]


def takes_any_secret(_: str) -> str | None:
    """No secret is refused."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One tool."""

    name: str
    scheme: Scheme | None
    """How it signs; None where the source has to say so in `signature`."""
    adapt: Adapter
    needs: tuple[Setting, ...] = ("client",)
    """What its source has to say."""
    takes: tuple[Setting, ...] = ()
    """What its source may say besides."""
    split: Callable[[Any], list[Any]] = _whole
    """What of a payload is taken or parked by itself."""
    fault_in_secret: Callable[[str], str | None] = takes_any_secret
    """What is wrong with a secret; None when it may be one of this tool."""
    handed_over: Callable[[Any], bool] | None = None
    """Whether a payload is the secret itself, which the tool sends once, unsigned; None where no tool does."""
    signs_with: str = "the secret that the tool signs with"
    """Where its secret comes from."""
    tells_scale: bool = True
    """Whether a payload says that a rating is one of 0 to 10. Where it does not, the source has to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One tool that posts to `POST /v1/webhooks/{name}`, as the sources document describes it; valid."""

    name: str
    provider: Provider
    secrets: tuple[str, ...]
    """The current secret, and during a rotation the previous one."""
    scheme: Scheme
    client: str | None
    """The expression that finds the client in a payload."""
    answers: Mapping[str, Question]
    """By `nps`, `comment` or a survey question of the model: the question that asks for it."""
    event: Mapping[str, str]
    """For a mapping of one's own: the type of event, and by field the expression that finds it."""
    questions: Mapping[str, Dimension]
    """The survey questions of the model, by their keys and in its order."""
    scale: str | None = None
    """The scale of its question about recommending, where somebody has said so: from 0 to 10."""
    templates: frozenset[str] | None = None
    """The only surveys whose ratings count, by the names that the tool gives them; None for all."""
    clients: frozenset[str] | None = None
    """The only clients it may tell of; None for all."""
    types: frozenset[str] | None = None
    """The only types of events that it may send; None for all, but see `describes`."""
    describes: bool = False
    """Whether it may send `client.described`."""
    silent_after_days: int | None = None
    """After so many days without a call of it somebody is told; None for never."""

    def fault_in_type(self, event_type: Any) -> str | None:
        """Why it may not send events of a type; None when it may. What is no type at all is not judged here."""
        if event_type == DESCRIBES and not self.describes:
            return "the source may not describe clients: `describes` lets it"
        if self.types is not None and isinstance(event_type, str) and event_type not in self.types:
            return "the source may not send events of this type: `types` says which"
        return None


def provider_names() -> list[str]:
    """Every tool that can be connected."""
    return sorted(module.name for module in iter_modules(providers.__path__))


def find_provider(name: str) -> Provider | None:
    """The provider of this name; None when there is none.

    Only its own module is imported, and only a name that a file bears gets that far.
    """
    if name not in provider_names():
        return None
    provider: Provider = import_module(f"{providers.__name__}.{name}").PROVIDER
    return provider
