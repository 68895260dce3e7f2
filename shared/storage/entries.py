"""What stands in the scores table: what a name is, and what a client's row in the portfolio says."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.opmm.ledger import Readings
from shared.opmm.standing import Standing


@dataclass(frozen=True, slots=True)
class Scored:
    """A client's scorecard as it was last written, and what it was made from."""

    version: int
    standing: Standing
    earlier: Standing
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


@dataclass(frozen=True, slots=True)
class Vacant:
    """Nothing is known of a name; its version is 0 unless something was known before."""

    version: int = 0


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


def by_total(total: int, client_id: str) -> str:
    """Where a client stands in the portfolio: by total, and by id among equals."""
    return f"{total:02d}#{client_id}"
