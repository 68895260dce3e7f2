"""Decides who is told of what happened, writes each delivery down, and sends for it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo

from functions.notify.occurrences import Occurrence
from functions.notify.spells import Spells, is_fall
from shared.destinations.destination import Destination
from shared.destinations.document import DestinationsDocument
from shared.opmm.alerts import AT_MOST_ONE_IN, alerts_of
from shared.opmm.dataclass import dataclass
from shared.opmm.inputs import ACTIVE
from shared.opmm.ledger import Change
from shared.opmm.message_ids import alert_id
from shared.storage.alert_claims import AlertClaims
from shared.storage.attention import Attentions
from shared.storage.deliveries import Deliveries, Delivery, Subject
from shared.storage.queries import Queries
from shared.storage.queue import Queue
from shared.storage.records import Summary

WAIT = 15
"""Seconds that what is told at once waits for what comes along with it."""

LATE_AFTER = timedelta(days=1)
"""What is told so long after it was written, as something was down, alarms nobody any more."""


@dataclass(frozen=True, slots=True)
class News:
    """What happened, as a delivery tells it."""

    client_id: str
    id: str
    """Of the delivery."""
    at: datetime
    subject: Subject
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """Who is told. Safe to repeat: every delivery has an id that follows from what it tells."""

    destinations: DestinationsDocument
    deliveries: Deliveries
    claims: AlertClaims
    attentions: Attentions
    queries: Queries
    spells: Spells
    queue: Queue
    zone: tzinfo
    clock: Callable[[], datetime]

    def __call__(self, occurrences: Sequence[Occurrence]) -> None:
        """Has every change told where all are wanted, and at once where it cannot wait."""
        listening = [each for each in self.destinations.all() if each.wants & {"changes", "alerts"}]
        if not listening:
            return
        rows = self._rows(occurrence.client_id for occurrence in occurrences)
        everything = [each for each in listening if "changes" in each.wants]
        for occurrence in occurrences:
            row = rows.get(occurrence.client_id)
            where = occurrence.reference
            news = News(where.client_id, where.id, where.at, "signal" if where.is_signal else "change", where.item)
            for destination in everything:
                if destination.hears_of(occurrence.client_id, row.owner if row else None):
                    self._tell(destination, news)
        self._press([found for each in occurrences if (found := self._pressing(each))], listening, rows)

    def wants_alerts(self) -> bool:
        """Whether any destination does."""
        return any("alerts" in each.wants for each in self.destinations.all())

    def at_once(self, news: Sequence[News]) -> None:
        """Has these told at once, where alerts are wanted."""
        listening = self.destinations.all()
        self._press(news, listening, self._rows(each.client_id for each in news))

    def _pressing(self, occurrence: Occurrence) -> News | None:
        said = occurrence.said
        if not isinstance(said, Change) or not self._may_press(said):
            return None
        change = self.spells.around(occurrence.client_id, said.at)
        if change is None or not alerts_of(change, self._day(said)):
            return None
        return News(occurrence.client_id, alert_id(occurrence.id), said.at, "alert", occurrence.reference.item)

    def _may_press(self, change: Change) -> bool:
        """Whether it alarms, or is a step of a fall that may: only then is read what came along with it."""
        return self.spells.is_news(change) and (is_fall(change) or bool(alerts_of(change, self._day(change))))

    def _day(self, change: Change) -> date:
        return change.at.astimezone(self.zone).date()

    def _press(self, news: Iterable[News], listening: Iterable[Destination], rows: Mapping[str, Summary]) -> None:
        listening = [each for each in listening if "alerts" in each.wants]
        now = self.clock()
        for each in news if listening else ():
            if now - each.at > LATE_AFTER:
                continue
            attention, row = self.attentions.of(each.client_id), rows.get(each.client_id)
            if attention.is_muted(now) or (row and row.status != ACTIVE):
                continue
            person, taker = row.owner if row else None, attention.taken_by
            # Who took it over and is told nothing, as somebody who has left, does not keep it from the owner.
            if taker and any(destination.belongs_to(taker) for destination in listening):
                person = taker
            for destination in listening:
                if destination.hears_of(each.client_id, person) and self.claims.claim(
                    each.client_id, destination.name, each.id, now, AT_MOST_ONE_IN
                ):
                    self._tell(destination, each, WAIT)

    def _tell(self, destination: Destination, news: News, wait: int = 0) -> None:
        """Writes a delivery down before it is sent for: what is written down and not sent for is found again."""
        delivery = Delivery(
            destination=destination.name,
            id=news.id,
            occurred_at=news.at,
            subject=news.subject,
            reference=news.reference,
            client_id=news.client_id,
            made_at=self.clock(),
        )
        if self.deliveries.add(delivery):
            self.queue.send(delivery.message, wait)

    def _rows(self, client_ids: Iterable[str]) -> dict[str, Summary]:
        return {row.client_id: row for row in self.queries.summaries(sorted(set(client_ids)), consistent=True)}
