"""What stands in the scores table: what a name is, and what a client's row in the portfolio says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shared.opmm.inputs import ScoringInputs
from shared.opmm.ledger import Readings
from shared.opmm.timestamps import sortable


@dataclass(frozen=True, slots=True)
class Scored:
    """A client's scorecard as it was last written, and what it was made from."""

    version: int
    standing: ScoringInputs
    earlier: ScoringInputs
    """What stood on the day that the scorecard is compared with; it shares the responses of `standing`."""
    since: date
    """The first day whose responses are held."""
    earlier_total: int
    """The total on that day."""
    discussion: tuple[str, ...]
    """The reasons to talk, by their keys in the model."""
    names: tuple[str, ...]
    """The names under which the client's facts lie, its own id first."""
    as_of: date
    model: str
    readings: Readings
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Alias:
    """The word that a name is another name of a client."""

    version: int
    alias_of: str
    claimants: tuple[str, ...]
    """Every name that claims it, also those that a later claim has beaten."""
    changed_at: datetime | None = None
    """When the ledger that lies under the name was closed; None when there is none."""


@dataclass(frozen=True, slots=True)
class Vacant:
    """Nothing is known of a name; its version is 0 unless something was known before."""

    version: int = 0
    changed_at: datetime | None = None
    """When the ledger that lies under the name was closed; None when there is none."""


Entry = Scored | Alias | Vacant


@dataclass(frozen=True, slots=True)
class SummaryDimension:
    """One question in a row of the portfolio."""

    key: str
    points: int | None
    value: int | str | None
    stale: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """A client's row in the portfolio: its scorecard as it was last written, in short."""

    client_id: str
    name: str
    status: str
    as_of: date
    model: str
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
    discussion: tuple[str, ...]
    """The reasons to talk, by their keys in the model; none when all is well."""


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
