"""What becomes of a verified webhook: each part of it is taken, ignored or parked, and nothing is dropped."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.http.problems import Fault, ForbiddenError, InvalidError, VersionSortError
from shared.http.tokens import Token
from shared.intake.client_names import AmbiguousNameError, NoNameError
from shared.intake.envelope import Envelope
from shared.intake.intake import Intake, Taken
from shared.opmm.dataclass import dataclass
from shared.storage.parked import Parked
from shared.webhooks.notification_only import HANDED_OVER
from shared.webhooks.payloads import named_by, read_payload
from shared.webhooks.provider import NotOursError, Reason, Source, Status, UnmappableError, UnvalidatedEvent

if TYPE_CHECKING:
    from shared.api.intake_documents import WebhookOutcomeDocument, WebhookResultDocument

_WEIGHT: tuple[Status, ...] = ("parked", "accepted", "superseded", "duplicate", "ignored")
"""What several outcomes are called together: the first of these that is among them."""

MOST_HANDED_OVER = 5
"""Secrets that are kept for a source that has none yet."""


@dataclass(frozen=True, slots=True)
class Processed:
    """What became of one part of a webhook."""

    status: Status
    taken: Taken | None = None
    parked_id: str | None = None
    reason: Reason | None = None
    detail: str | None = None
    """Why it is parked, or ignored, in words of ours."""


@dataclass(frozen=True, slots=True)
class Processing:
    """Takes the bodies of webhooks in."""

    intake: Intake
    parked: Parked
    clock: Callable[[], datetime]

    def process(
        self, source: Source, body: bytes, media_type: str, *, again: bool = False, client: str | None = None
    ) -> list[Processed]:
        """Takes what can be taken, and parks what cannot, with its bytes as they came.

        `again` says that nothing was delivered: a parked item is replayed, perhaps by somebody who knows which client
        it is about.
        """
        try:
            fragments = source.provider.split(read_payload(body, media_type))
        except UnmappableError as unmappable:
            return [self._park(source, unmappable, body, media_type, again=again)]
        outcomes: list[Processed] = []
        for fragment in fragments:
            try:
                # One by one: what was taken before the rest turned out to be unmappable counts, too.
                for taken in self._take(source, fragment, client):
                    outcomes.append(Processed(taken.status, taken=taken))  # noqa: PERF401
            except NotOursError as ignored:
                outcomes.append(Processed("ignored", detail=ignored.detail))
            except UnmappableError as unmappable:
                alone = len(fragments) == 1
                kept = body if alone else json.dumps(fragment, ensure_ascii=False).encode()
                kept_as = media_type if alone else "application/json"
                outcomes.append(self._park(source, unmappable, kept, kept_as, again=again))
        return outcomes or [Processed("ignored")]

    def hold(self, source: Source, body: bytes, media_type: str) -> Processed:
        """Keeps a secret that a tool hands over unsigned, for an operator to look at; strangers can send such, too.

        So only `MOST_HANDED_OVER` are kept, and none verifies anything.
        """
        if len(self.parked.page(source.name, MOST_HANDED_OVER, None).items) >= MOST_HANDED_OVER:
            return Processed("ignored", detail="enough was handed over already: delete what is parked")
        return self._park(source, UnmappableError("handed_over", HANDED_OVER), body, media_type, again=False)

    def _take(self, source: Source, fragment: Any, client: str | None) -> Iterator[Taken]:
        """Stores the facts of one fragment of a payload; none when there is nothing to store yet.

        Raises UnmappableError behind what could be stored: taking the fragment again changes nothing of that.
        """
        grant = Token(
            f"webhook {source.name}",
            frozenset({"clients:write"} if source.describes else ()),
            clients=source.clients,
            sources=frozenset({source.name}),
            name=source.name,  # a source speaks for itself
        )
        unmappable: list[UnmappableError] = []
        for event in source.provider.adapt(fragment, source):
            try:
                yield self._taken(source, self._client(source, fragment, event, client), event, grant)
            except UnmappableError as error:
                unmappable.append(error)
        if unmappable:
            raise unmappable[0]

    def _taken(self, source: Source, subject: Any, event: UnvalidatedEvent, grant: Token) -> Taken:
        if fault := source.fault_in_type(event.type):
            raise UnmappableError("type_not_allowed", fault)
        try:
            return self.intake.take(event.event(source.name, subject), grant, order=event.order)
        except InvalidError as problem:
            ours = self._names_of_ours(source)
            faults = "; ".join(f"{_place(fault, ours)} {fault.detail}" for fault in problem.faults)
            raise UnmappableError("not_valid", faults or problem.detail) from problem
        except VersionSortError as problem:
            raise UnmappableError("not_valid", problem.detail) from problem
        except ForbiddenError as problem:
            raise UnmappableError(
                "client_not_allowed", "the source may not tell of this client: `clients` says of which"
            ) from problem

    def _client(self, source: Source, payload: Any, event: UnvalidatedEvent, told: str | None) -> Any:
        """Whom an event is about: whoever was told, or else whom the payload names."""
        if told is not None:
            return self._subject(source, told)
        return event.subject if source.client is None else self._subject(source, named_by(source.client, payload))

    def _subject(self, source: Source, name: str) -> str:
        """The id or alias of the client of this name. Raises UnmappableError when that is none, or several.

        Of a client that the source may not tell of it is not told whether it exists.
        """
        try:
            return self.intake.names.called(name, afresh=source.clients is not None).subject
        except NoNameError as nobody:
            raise UnmappableError(
                "unknown_client", "the payload names no client where the source expects one"
            ) from nobody
        except AmbiguousNameError as several:
            if source.clients is not None:
                raise UnmappableError("client_not_allowed", "the payload names none of `clients`") from several
            raise UnmappableError(
                "ambiguous_client", "several clients are called this: send an id, or give one of them an alias"
            ) from several

    def _names_of_ours(self, source: Source) -> set[str]:
        """The fields of events. Other names came with the payload, and nothing of that is listed."""
        ours = {"data", *source.questions, *Envelope.model_fields}
        return ours.union(*(data.model_fields for data in self.intake.types.values()))

    def _park(
        self, source: Source, unmappable: UnmappableError, body: bytes, media_type: str, *, again: bool
    ) -> Processed:
        parked_id = self.parked.park(
            source.name, unmappable.reason, unmappable.detail, body, media_type, now=self.clock(), delivered=not again
        )
        if parked_id is None:  # what was erased is not kept again
            return Processed("superseded")
        return Processed("parked", parked_id=parked_id, reason=unmappable.reason, detail=unmappable.detail)


def summarised(outcomes: Iterable[Processed]) -> "WebhookResultDocument":
    """The outcomes as JSON: one word for all of them, and each by itself."""
    listed = list(outcomes)
    statuses = {outcome.status for outcome in listed}
    return {
        "status": next(status for status in _WEIGHT if status in statuses),
        "results": [_document(outcome) for outcome in listed],
    }


def _place(fault: Fault, ours: set[str]) -> str:
    """Where a fault is, in names of ours."""
    steps = fault.pointer.split("/")[1:]
    return "".join(f"/{step if step in ours or step.isdigit() else '*'}" for step in steps)


def _document(outcome: Processed) -> "WebhookOutcomeDocument":
    document: WebhookOutcomeDocument = {"status": outcome.status}
    if outcome.taken:
        document |= {"id": outcome.taken.id, "client_id": outcome.taken.client_id}
        if outcome.taken.is_new:
            document["new_client"] = True
        if outcome.taken.joined:
            document["joined"] = list(outcome.taken.joined)
    if outcome.parked_id and outcome.reason:
        document |= {"parked_id": outcome.parked_id, "reason": outcome.reason}
    if outcome.detail:
        document["detail"] = outcome.detail
    return document
