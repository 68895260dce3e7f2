"""Makes the digests that are due: what the last days say of the clients that a destination hears of."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from shared.destinations.destination import Destination
from shared.destinations.document import DestinationsDocument
from shared.destinations.schedule import moments
from shared.opmm.calendar import Entry, calendar
from shared.opmm.dataclass import dataclass
from shared.opmm.digest import DUE_WITHIN, QUIET_DIGESTS, STALE_WITHIN, Agreed, ClientsDays, Digest, Silent, digest
from shared.opmm.inputs import ACTIVE
from shared.opmm.ledger import Change
from shared.opmm.message_ids import digest_id
from shared.opmm.model import Model
from shared.opmm.timestamps import rfc3339
from shared.storage.deliveries import Deliveries, Delivery
from shared.storage.destination_states import DestinationStates
from shared.storage.digests import Digests, HeldDigest, leaving_out, named
from shared.storage.journal import Journal
from shared.storage.queries import Queries
from shared.storage.queue import Queue
from shared.storage.records import Scored, Summary
from shared.storage.scores import Scores
from shared.storage.silences import Silences

MADE_WITHIN = timedelta(days=1)
"""How late a digest is still made. A destination that is set up on a Wednesday waits for the next Monday."""

PATIENCE = timedelta(minutes=10)
"""For so long a digest may be on its way: two jobs at once send for it once. The next one finds what has no message."""

Known = dict[tuple[datetime, datetime], list[tuple[str | None, ClientsDays]]]
"""By the days that digests tell of, what was read of every client."""

_ROWS_AT_ONCE = 1000
_CHANGES_AT_ONCE = 200
_SIDE_BY_SIDE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestJob:
    """Looks every quarter of an hour which digests are due. Safe to repeat: the digest of a moment is made once."""

    destinations: DestinationsDocument
    states: DestinationStates
    digests: Digests
    deliveries: Deliveries
    queries: Queries
    scores: Scores
    journal: Journal
    silences: Silences
    queue: Queue
    model: Model
    zone: tzinfo
    clock: Callable[[], datetime]
    logger: Logger
    metrics: Metrics

    def run(self) -> dict[str, int]:
        """How many digests were sent for."""
        now, sent, failed = self.clock(), 0, 0
        known: Known = {}
        for destination in self.destinations.all():
            moment, before = moments(destination.days, destination.at, self.zone, now)
            if "digest" not in destination.wants or now - moment >= MADE_WITHIN:
                continue
            try:
                sent += self._send(destination, before, moment, known)
            except Exception as error:  # noqa: BLE001 - the other destinations get theirs; this one is tried again soon
                failed += 1
                self.logger.error("a digest failed", destination=destination.name, error=type(error).__name__)
        self.metrics.add_metric("DigestsSent", MetricUnit.Count, sent)
        self.metrics.add_metric("DigestsFailed", MetricUnit.Count, failed)
        return {"sent": sent, "failed": failed}

    def _send(self, destination: Destination, since: datetime, moment: datetime, known: Known) -> bool:
        delivery = Delivery(
            destination=destination.name,
            id=digest_id(destination.name, moment),
            occurred_at=moment,
            subject="digest",
            reference=rfc3339(moment),
            client_id=None,
            made_at=self.clock(),
        )
        written = self.deliveries.get(destination.name, delivery.key)
        if written and (written.tries or written.status != "pending"):
            return False
        held = self.digests.get(destination.name, moment) or self._made(destination, since, moment, known)
        held = self._without_erased(held, since)
        if held.digest.without_news > QUIET_DIGESTS or not self.deliveries.add(delivery, PATIENCE):
            return False
        self.queue.send(delivery.message)
        return True

    def _made(self, destination: Destination, since: datetime, moment: datetime, known: Known) -> HeldDigest:
        """A digest of what is known by now; the one that somebody else made meanwhile, if there is one."""
        last = self.digests.latest(destination.name)
        told = self._told(destination, since, moment, known)
        if not told.has_news:
            quiet = 1 + (last.digest.without_news if last else 0)
            told = replace(told, without_news=quiet, pauses=quiet == QUIET_DIGESTS)
        held = HeldDigest(destination.name, moment, told)
        if self.digests.add(held):
            return held
        return self.digests.get(destination.name, moment) or held

    def _without_erased(self, held: HeldDigest, since: datetime) -> HeldDigest:
        """A digest as it is kept from now on: clients that were erased while it was made are taken out.

        Their erasure may have looked through the digests before this one was there, and whoever has kept it may have
        ended before this. A name that began anew in these days is left out as well: nobody could tell the two apart.
        """
        erased = self.queries.erased(sorted(named(held.digest)), since)
        if not erased:
            return held
        self.digests.without(held.destination, held.moment, erased)
        return replace(held, digest=leaving_out(held.digest, erased))

    def _told(self, destination: Destination, since: datetime, moment: datetime, known: Known) -> Digest:
        first, today = (at.astimezone(self.zone).date() for at in (since, moment))
        if (since, moment) not in known:
            known[since, moment] = self._days(since, moment, today)
        days = [told for owner, told in known[since, moment] if destination.hears_of(told.client_id, owner)]
        everything = destination.owner is None and destination.clients is None
        return digest(
            days,
            first,
            today,
            silent=self._silent(moment) if everything else (),
            undelivered=self._undelivered(destination, moment) if everything else (),
        )

    def _days(self, since: datetime, moment: datetime, today: date) -> list[tuple[str | None, ClientsDays]]:
        """What is known of each active client, with its owner: read once for every digest of these days."""
        rows = list(self.queries.all_of(ACTIVE, _ROWS_AT_ONCE))
        signals = Counter(each.client_id for each in self.journal.since(since) if each.is_signal)
        agreed = self._agreed(rows, today)

        def told(row: Summary) -> tuple[str | None, ClientsDays]:
            return row.owner, ClientsDays(
                client_id=row.client_id,
                name=row.name,
                total=row.total,
                changes=tuple(self._changes(row, since, moment)),
                signals=signals[row.client_id],
                reasons=row.reasons_on(today),
                next_talk=row.next_talk(today),
                agreed=agreed.get(row.client_id, ()),
                coming=tuple(self._coming(row, today)),
            )

        # Two calls of a client that moved: one after the other they would take most of the time that there is.
        with ThreadPoolExecutor(max_workers=_SIDE_BY_SIDE) as pool:
            return list(pool.map(told, rows))

    def _changes(self, row: Summary, since: datetime, until: datetime) -> Iterator[tuple[Change, date]]:
        """The entries of a ledger from `since` up to, not including, `until`; the oldest first."""
        if row.changed_at < since:
            return
        found: list[Change] = []
        before: str | None = None
        while True:
            page = self.queries.ledger(row.client_id, since, until, _CHANGES_AT_ONCE, before)
            found += page.rows
            before = page.next
            if before is None:
                break
        yield from ((change, change.at.astimezone(self.zone).date()) for change in reversed(found))

    def _agreed(self, rows: Sequence[Summary], today: date) -> dict[str, tuple[Agreed, ...]]:
        """By client, what is late or due soon, the soonest first."""
        last = today + DUE_WITHIN
        asked = [row.client_id for row in rows if any(due.on <= last for due in row.to_do(today, internal=True))]
        return {
            client_id: tuple(
                Agreed(action.title, action.due, action.side)
                for action in agenda.open_actions(today)
                if action.due <= last
            )
            for client_id, agenda in self.queries.agendas(asked).items()
        }

    def _coming(self, row: Summary, today: date) -> Iterable[Entry]:
        """What the calendar says; nothing is read of a client that time does not change soon."""
        if row.changes_on is None or row.changes_on > today + STALE_WITHIN:
            return ()
        record = self.scores.read(row.client_id)
        if not isinstance(record, Scored):
            return ()
        entries = calendar(record.inputs, record.planned.agenda, self.model, today)
        return [entry for entry in entries if entry.day <= today + STALE_WITHIN]

    def _silent(self, moment: datetime) -> list[Silent]:
        return [
            Silent(name, None if since is None else (moment - since) // timedelta(days=1))
            for name, since in sorted(self.silences.all().items())
        ]

    def _undelivered(self, destination: Destination, moment: datetime) -> list[str]:
        """Other destinations where nothing has arrived for days, or that cannot be read."""
        states = self.states.all()
        readable = {each.name for each in self.destinations.all()}
        return [
            name
            for name in self.destinations.names()
            # What cannot be read is told nothing at all, however long it has been so.
            if name != destination.name and (name not in readable or (name in states and states[name].is_told(moment)))
        ]
