"""What stands in the scores table: what a name is, and what a client's row in the portfolio says."""

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from typing import Any

from shared.opmm.agenda import Side
from shared.opmm.dataclass import dataclass
from shared.opmm.discussion import Reason
from shared.opmm.inputs import ScoringInputs
from shared.opmm.ledger import Cause, Readings
from shared.opmm.months import Months
from shared.opmm.scorecard import digest_on
from shared.opmm.signals import Standing
from shared.opmm.timestamps import sortable
from shared.storage.client_agenda import Planned
from shared.storage.holdings import Holdings


@dataclass(frozen=True, slots=True)
class MadeWith:
    """What a scorecard was made with besides facts. One that was made with anything else is made anew."""

    model: str
    """The fingerprint of the model document."""
    zone: str
    """The name of the time zone in which its days begin and end."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A client's scorecard as it was last written, and what it was made from."""

    version: int
    inputs: ScoringInputs
    earlier: ScoringInputs
    """What stood on the day that the scorecard is compared with; it shares the responses of `inputs`."""
    since: date
    """The first day whose responses are held."""
    earlier_total: int
    """The total on that day."""
    discussion: tuple[Reason, ...]
    """The reasons to talk, the weightiest first."""
    holdings: Holdings
    """The names under which the client's facts lie."""
    as_of: date
    """The day for which it was worked out: it holds for later days, too, until something is said differently."""
    made_with: MadeWith
    model: str
    """The id of the model."""
    readings: Readings
    changed_at: datetime
    earlier_points: Mapping[str, int] = field(default_factory=dict)
    """The points on that earlier day of the questions that were answered by then."""
    months: Months = field(default_factory=dict)
    """The points at the ends of the months before."""
    changes_on: date | None = None
    """The first day after `as_of` on which time alone changes what the scorecard says; None when it never does."""
    planned: Planned = field(default_factory=Planned)
    """What is planned and agreed, as far as it can still matter."""
    unnamed: Mapping[str, Cause] = field(default_factory=dict)
    """By fact, what happened to it since the last change of its question: facts that count and that no change names."""
    standing: frozenset[Standing] | None = None
    """What stands and was told as a signal, or needed none; None in an item of an earlier release."""
    erased_at: datetime | None = None
    """When an earlier client of this name was erased: what was recorded by then is not taken any more."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of the client, its own id first."""
        return self.inputs.names


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A scorecard that this release cannot read, or that was made with another model or zone: as good as none.

    The next recompute makes it anew from the facts, over what lies there.
    """

    version: int = 0
    lock: Mapping[str, Any] | None = None
    """The version as it lies there, whatever its type, to be replaced by and by; None when there is none."""
    changed_at: datetime | None = None
    other_model: bool = False
    """Whether it can be read, and was made with another model."""
    made_otherwise: bool = False
    """Whether it can be read, and was made with another model or zone: then nothing of it is damaged."""
    tied: tuple[str, ...] = ()
    """Names that it leads to all the same: what was an alias may be one still."""
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alias:
    """The word that a name is another name of a client."""

    version: int
    alias_of: str
    claimants: tuple[str, ...]
    """Every name that claims it, also those that a later claim has beaten."""
    changed_at: datetime | None = None
    """When the ledger that lies under the name was closed; None when there is none."""
    erased_at: datetime | None = None
    """When a client that had this name was erased."""


@dataclass(frozen=True, slots=True)
class Vacant:
    """Nothing is known of a name; its version is 0 unless something was known before."""

    version: int = 0
    changed_at: datetime | None = None
    """When the ledger that lies under the name was closed; None when there is none."""
    erased_at: datetime | None = None
    """When the client of this name was erased: what was recorded by then is not taken any more."""
    erasing: bool = False
    """Whether its facts are still being erased: nothing is made of them meanwhile."""


Record = Scored | Alias | Vacant | Unreadable


@dataclass(frozen=True, slots=True)
class SummaryDimension:
    """One question in a row of the portfolio."""

    key: str
    points: int | None
    value: int | str | None
    stale: bool
    earlier: int | None = None
    """The points some months before; None when nobody had answered by then."""
    answered_on: date | None = None
    """The day of the answer; None where nobody has answered, and for an NPS of responses."""


@dataclass(frozen=True, slots=True)
class Due:
    """An action that is to be done, in a row of the portfolio."""

    on: date
    by_facts: bool
    """Whether facts settle it, as it expects points of a question."""
    side: Side = "agency"
    """Whose it is."""
    internal: bool = False
    """Whether the client must not hear of it."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A client's row in the portfolio: its scorecard as it was last written, in short."""

    client_id: str
    name: str
    described: bool
    """Whether anybody has said what the client is called, or anything else of it."""
    status: str
    as_of: date
    """The day for which it was worked out; `told_on` has the one that is told."""
    model: str
    """The id of the model that it was made with: after another was deployed, rows follow one by one."""
    version: int
    changed_at: datetime
    digest: str
    total: int
    max_total: int
    attainable: int
    complete: bool
    stale: bool
    dimensions: tuple[SummaryDimension, ...]
    earlier_total: int
    """The total some months before, by the model's rule for discussions."""
    discussion: tuple[Reason, ...]
    """The reasons to talk, the weightiest first; none when all is well."""
    owner: str | None = None
    """The person at the agency who answers for the client."""
    last_talk: date | None = None
    """When a talk was last held."""
    planned_talks: tuple[date, ...] = ()
    """When a talk was planned since, the soonest first; those that nobody held are among them."""
    due: tuple[Due, ...] = ()
    """What is to be done, the soonest first."""
    settled: tuple[Due, ...] = ()
    """What was settled of late, by the day on which it was, the latest first."""
    months: tuple[tuple[int | None, ...], ...] = ()
    """The points of these questions at the ends of the months before that of `as_of`, the oldest first."""
    talked: tuple[date, ...] = ()
    """The days in these months on which talks were held."""
    said: str | None = None
    """The hash of what the scorecard says, whatever day it is; None in a row of an earlier release."""
    changes_on: date | None = None
    """The first day after `as_of` on which time alone changes what the scorecard says; None when it never does."""

    @property
    def moved(self) -> int | None:
        """By how much it moved since the day it is compared with; None where nothing was known then.

        What was answered for the first time since is no movement.
        """
        known = [dimension for dimension in self.dimensions if dimension.earlier is not None]
        if not known:
            return None
        return sum((dimension.points or 0) - (dimension.earlier or 0) for dimension in known)

    def told_on(self, today: date) -> date:
        """The day that the row is of, told today: nothing is written of a day on which nothing is said differently.

        Where time has changed something and the nightly refresh has not come by yet, it is the last day before that.
        """
        if self.said is None:
            return self.as_of
        right_until = today if self.changes_on is None else self.changes_on - timedelta(days=1)
        return max(self.as_of, min(today, right_until))

    def digest_on(self, today: date) -> str:
        """The digest of the scorecard of that day."""
        return self.digest if self.said is None else digest_on(self.told_on(today), self.said)

    def reasons_on(self, today: date) -> tuple[Reason, ...]:
        """The reasons to talk; for how long there was no talk is told by the day."""
        return tuple(
            replace(reason, days=(self.told_on(today) - self.last_talk).days)
            if reason.days is not None and self.last_talk
            else reason
            for reason in self.discussion
        )

    def to_do(self, day: date, *, internal: bool) -> list[Due]:
        """What is to be done on a day, the soonest first: what a fact should settle is missed once its day is over."""
        return [due for due in self.due if (not due.by_facts or due.on >= day) and (internal or not due.internal)]

    def next_talk(self, day: date) -> date | None:
        """The next day on which a talk is planned, this one included."""
        return next((on for on in self.planned_talks if on >= day), None)

    def missed_talk(self, day: date) -> date | None:
        """The last day on which a talk was planned that nobody held."""
        return max((on for on in self.planned_talks if on < day), default=None)

    def open_actions(self, day: date, *, internal: bool) -> int:
        """How much is to be done."""
        return len(self.to_do(day, internal=internal))

    def overdue(self, day: date, *, internal: bool) -> int:
        """How much of it should have been done by now."""
        return sum(not due.by_facts and due.on < day and (internal or not due.internal) for due in self.due)


_LONGEST_IN_ORDER = 200


def _by_total(row: Summary) -> str:
    return f"{row.total:02d}#{row.client_id}"


def _by_name(row: Summary) -> str:
    # What separates name and id sorts before a space: Acme before Acme Beheer. As a name may grow when it is folded, it
    # is cut: DynamoDB refuses an item whose sort key, that of an index too, is longer than 1024 bytes.
    return f"{row.name.casefold()[:_LONGEST_IN_ORDER]}\t{row.client_id}"


def _by_change(row: Summary) -> str:
    return f"{sortable(row.changed_at)}#{row.client_id}"


ORDERS: Mapping[str, Callable[[Summary], str]] = {"total": _by_total, "name": _by_name, "change": _by_change}
"""The orders of the portfolio: where a row stands in each. Equals stand by their ids."""
