"""What becomes of a verified webhook: each part of it is taken, ignored or parked, and nothing is dropped."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from functions.ingest.webhooks.drafts import Reason, UnmappableError
from functions.ingest.webhooks.mapping import Mapper
from functions.ingest.webhooks.payloads import read_payload
from functions.ingest.webhooks.providers import PROVIDERS
from functions.ingest.webhooks.sources import Source
from shared.intake.intake import Taken
from shared.storage.parked import Parked

if TYPE_CHECKING:
    from shared.api.documents import WebhookOutcomeDocument, WebhookResultDocument

Status = Literal["parked", "accepted", "superseded", "duplicate", "ignored"]

_WEIGHT: tuple[Status, ...] = ("parked", "accepted", "superseded", "duplicate", "ignored")
"""What several outcomes are called together: the first of these that is among them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one part of a webhook."""

    status: Status
    taken: Taken | None = None
    parked_id: str | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Reception:
    """Takes the bodies of webhooks in."""

    mapper: Mapper
    parked: Parked
    clock: Callable[[], datetime]

    def receive(self, name: str, source: Source, body: bytes, media_type: str, *, again: bool = False) -> list[Outcome]:
        """Takes what can be taken, and parks what cannot, with its bytes as they came.

        `again` says that nothing was delivered: a parked item is replayed.
        """
        try:
            fragments = PROVIDERS[source.provider].split(read_payload(body, media_type))
        except UnmappableError as unmappable:
            return [self._park(name, unmappable, body, media_type, again=again)]
        outcomes: list[Outcome] = []
        for fragment in fragments:
            try:
                # One by one: what was taken before the mapper gave up is told, too.
                for each in self.mapper.take(name, source, fragment):
                    outcomes.append(Outcome(each.status, taken=each))  # noqa: PERF401
            except UnmappableError as unmappable:
                alone = len(fragments) == 1
                kept = body if alone else json.dumps(fragment, ensure_ascii=False).encode()
                kept_as = media_type if alone else "application/json"
                outcomes.append(self._park(name, unmappable, kept, kept_as, again=again))
        return outcomes or [Outcome("ignored")]

    def _park(self, name: str, unmappable: UnmappableError, body: bytes, media_type: str, *, again: bool) -> Outcome:
        parked_id = self.parked.park(
            name, unmappable.reason, unmappable.detail, body, media_type, now=self.clock(), delivered=not again
        )
        return Outcome("parked", parked_id=parked_id, reason=unmappable.reason)


def summarised(outcomes: Iterable[Outcome]) -> "WebhookResultDocument":
    """The outcomes as JSON: one word for all of them, and each by itself."""
    listed = list(outcomes)
    statuses = {outcome.status for outcome in listed}
    return {
        "status": next(status for status in _WEIGHT if status in statuses),
        "results": [_document(outcome) for outcome in listed],
    }


def _document(outcome: Outcome) -> "WebhookOutcomeDocument":
    document: WebhookOutcomeDocument = {"status": outcome.status}
    if outcome.taken:
        document |= {"id": outcome.taken.id, "client_id": outcome.taken.client_id}
    if outcome.parked_id and outcome.reason:
        document |= {"parked_id": outcome.parked_id, "reason": outcome.reason}
    return document
