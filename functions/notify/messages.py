"""Makes what a delivery says, of what is held when it is sent: what was erased since is not told any more."""

from datetime import datetime
from itertools import product
from typing import TYPE_CHECKING

from functions.notify.spells import Spells
from shared.destinations.alert_message import Alarmed, alert_message
from shared.destinations.change_message import ToldOfClient, change_message
from shared.destinations.destination import Destination
from shared.destinations.digest_message import digest_message
from shared.destinations.message import Message
from shared.destinations.signal_message import signal_message
from shared.opmm.alerts import Alert, alerts_of
from shared.opmm.dataclass import dataclass
from shared.opmm.kinds import RESPONSES, lane_of
from shared.opmm.ledger import Change
from shared.opmm.signals import Signal
from shared.opmm.timestamps import parse_instant
from shared.storage.deliveries import Delivery
from shared.storage.digests import Digests
from shared.storage.entries import Entries
from shared.storage.journal import Reference
from shared.storage.queries import Queries
from shared.storage.responses import Responses, Said, reference

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from shared.opmm.model import Model


_LOOKED_AT = 5
"""Responses behind a change that are read for what was said in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """Makes messages, each in the language of its destination."""

    entries: Entries
    queries: Queries
    responses: Responses
    digests: Digests
    spells: Spells
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
        change = self._entry(delivery)
        if not isinstance(change, Change):
            return None
        return change_message(
            delivery.id,
            self._about(delivery),
            change,
            model=self.model,
            language=destination.language,
            pages=self.pages,
        )

    def _alarmed(self, delivery: Delivery, destination: Destination) -> Message | None:
        moved, client_id = self._entry(delivery), delivery.client_id or ""
        if not isinstance(moved, Change):
            return None
        change = self.spells.around(client_id, moved.at)
        if change is None or not self._alerts(change):
            return None
        return self._alert(delivery, destination, change, self._said(client_id, change), moved.at)

    def _detracted(self, delivery: Delivery, destination: Destination) -> Message | None:
        """With what it moved, where that alarms too: of one client one alert a day goes out."""
        said = self.responses.said(delivery.reference)
        if said is None or not said.detracts:
            return None
        change = self.spells.around(delivery.client_id or "", delivery.occurred_at)
        return self._alert(delivery, destination, change, said, said.timestamp.instant)

    def _alert(
        self, delivery: Delivery, destination: Destination, change: Change | None, said: Said | None, at: datetime
    ) -> Message:
        """What somebody gave and said is told only where whoever reads along may know it."""
        about = self._about(delivery)
        alerts = self._alerts(change) if change else ()
        shown = said if said and destination.comments else None
        detractors = (Alert("detractor", score=shown.score if shown else None),) if said else ()
        told = Alarmed(
            client_id=about.client_id,
            name=about.name,
            total=change.total_after if change else about.total,
            alerts=(*alerts, *detractors),
            change=change if alerts else None,
            comment=shown.comment if shown else None,
        )
        return alert_message(
            delivery.id, told, at=at, model=self.model, language=destination.language, pages=self.pages
        )

    def _alerts(self, change: Change) -> tuple[Alert, ...]:
        return alerts_of(change, change.at.astimezone(self.zone).date())

    def _signalled(self, delivery: Delivery, destination: Destination) -> Message | None:
        signal = self._entry(delivery)
        if not isinstance(signal, Signal):
            return None
        return signal_message(
            delivery.id,
            self._about(delivery),
            signal,
            model=self.model,
            language=destination.language,
            pages=self.pages,
        )

    def _said(self, client_id: str, change: Change) -> Said | None:
        """The detractor behind a change who said why, if there is one: of a client one alert a day goes out."""
        responses = [fact_id for fact_id in change.facts if lane_of(fact_id) == RESPONSES][:_LOOKED_AT]
        for fact_id, name in product(responses, (client_id, *change.names)):
            said = self.responses.said(reference(name, fact_id))
            if said and said.detracts:
                return said
        return None

    def _entry(self, delivery: Delivery) -> Change | Signal | None:
        where = Reference(delivery.client_id or "", delivery.reference)
        return self.entries.read([where]).get(where)

    def _about(self, delivery: Delivery) -> ToldOfClient:
        """The client as it is called by now; by its id where it stands in no list, as a name that joined another."""
        client_id = delivery.client_id or ""
        for row in self.queries.summaries([client_id] if client_id else [], consistent=True):
            return ToldOfClient(client_id=client_id, name=row.name, owner=row.owner, total=row.total)
        return ToldOfClient(client_id=client_id, name=client_id, owner=None)

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
