"""Makes what a delivery says, of what is held when it is sent: what was erased since is not told any more."""

from datetime import datetime
from typing import TYPE_CHECKING

from shared.destinations.alert_message import Alarmed, alert_message
from shared.destinations.change_message import ToldOfClient, change_message
from shared.destinations.destination import Destination
from shared.destinations.digest_message import digest_message
from shared.destinations.message import Message
from shared.opmm.alerts import alerts_of, alerts_of_response
from shared.opmm.dataclass import dataclass
from shared.opmm.ledger import Change
from shared.opmm.timestamps import parse_instant
from shared.storage.codec import UnreadableError
from shared.storage.deliveries import Delivery
from shared.storage.digests import Digests
from shared.storage.ledger_codec import change as read_change
from shared.storage.queries import Queries
from shared.storage.records import Summary
from shared.storage.responses import Responses
from shared.storage.scores import Scores

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from shared.opmm.model import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """Makes messages, each in the language of its destination."""

    scores: Scores
    queries: Queries
    responses: Responses
    digests: Digests
    model: "Model"
    zone: "tzinfo"
    pages: str
    """The address of the pages, with a slash behind it."""

    def __call__(self, delivery: Delivery, destination: Destination) -> Message | None:
        """The message of a delivery; None when there is nothing to tell any more."""
        make: dict[str, Callable[[Delivery, Destination], Message | None]] = {
            "change": self._changed,
            "signal": self._signalled,
            "alert": self._alarmed,
            "detractor": self._detracted,
            "digest": self._digested,
        }
        return make[delivery.subject](delivery, destination)

    def _changed(self, delivery: Delivery, destination: Destination) -> Message | None:
        found = self._change(delivery)
        if found is None:
            return None
        row, change = found
        return change_message(
            delivery.id,
            ToldOfClient(client_id=row.client_id, name=row.name, owner=row.owner),
            change,
            model=self.model,
            language=destination.language,
            pages=self.pages,
        )

    def _alarmed(self, delivery: Delivery, destination: Destination) -> Message | None:
        found = self._change(delivery)
        if found is None:
            return None
        row, change = found
        alerts = alerts_of(change, change.at.astimezone(self.zone).date())
        if not alerts:
            return None
        told = Alarmed(client_id=row.client_id, name=row.name, total=change.total_after, alerts=alerts, change=change)
        return self._alert(delivery, destination, told, change.at)

    def _detracted(self, delivery: Delivery, destination: Destination) -> Message | None:
        """The comment is read now, and told only where whoever reads along may know it."""
        row, said = self._row(delivery), self.responses.said(delivery.reference)
        if row is None or said is None:
            return None
        day = said.timestamp.day(self.zone)
        alerts = alerts_of_response(said.score, comment=said.comment is not None, day=day, on=day)
        if not alerts:
            return None
        comment = said.comment if destination.comments else None
        told = Alarmed(client_id=row.client_id, name=row.name, total=row.total, alerts=alerts, comment=comment)
        return self._alert(delivery, destination, told, said.timestamp.instant)

    def _signalled(self, delivery: Delivery, destination: Destination) -> Message | None:
        raise NotImplementedError

    def _change(self, delivery: Delivery) -> tuple[Summary, Change] | None:
        """The client and the entry of its ledger; None where either is gone."""
        row, item = self._row(delivery), self.scores.entry(delivery.client_id or "", delivery.reference)
        if row is None or item is None:
            return None
        try:
            return row, read_change(item)
        except UnreadableError:
            return None

    def _row(self, delivery: Delivery) -> Summary | None:
        rows = self.queries.summaries([delivery.client_id] if delivery.client_id else [])
        return rows[0] if rows else None

    def _alert(self, delivery: Delivery, destination: Destination, told: Alarmed, at: datetime) -> Message:
        return alert_message(
            delivery.id, told, at=at, model=self.model, language=destination.language, pages=self.pages
        )

    def _digested(self, delivery: Delivery, destination: Destination) -> Message | None:
        held = self.digests.get(destination.name, parse_instant(delivery.reference))
        if held is None:
            return None
        return digest_message(
            delivery.id,
            held.digest,
            at=held.moment,
            model=self.model,
            language=destination.language,
            pages=self.pages,
        )
