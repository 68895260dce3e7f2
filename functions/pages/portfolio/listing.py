"""Which clients are listed, in what order and in which groups; and how that is said in an address."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, timedelta
from typing import Literal

from shared.http.parameters import Parameters
from shared.opmm.dataclass import dataclass
from shared.opmm.inputs import ACTIVE
from shared.opmm.model import Model
from shared.opmm.persons import person_key
from shared.reading.portfolio import SORTS, STATUSES, Filters, by_movement
from shared.storage.records import Summary

DUE = "due"
"""The order that only the page has: what needs a talk first, in groups."""

LONGEST_SEARCH = 100

SOON = timedelta(days=28)
"""A talk within this time is one to prepare, whether or not anything is due."""

Group = Literal["due", "planned", "rest"]
GROUPS: tuple[Group, ...] = ("due", "planned", "rest")

PARAMETERS = (
    *("sort", "status", "q", "owner", "mine", "due", "overdue", "complete", "stale", "described", "max_total"),
)
"""What a list is made of, as its address says it."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at the list, and when."""

    day: date
    person: str | None = None
    """By name, where that is known."""
    internal: bool = False
    """Whether they may know of what is internal."""

    def owns(self, row: Summary) -> bool:
        """Whether a client is theirs, however the name is written."""
        return self.person is not None and person_key(row.owner) == person_key(self.person)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as it was asked for."""

    status: str = ACTIVE
    sort: str = DUE
    filters: Filters = field(default_factory=Filters)
    mine: bool = False
    """Only the clients of who looks."""
    overdue: bool | None = None
    """Whether something that was agreed should have been done by now."""

    def fits(self, row: Summary, viewer: Viewer) -> bool:
        """Whether a row is wanted."""
        return (
            self.filters.fit(row)
            and (not self.mine or viewer.owns(row))
            and (self.overdue is None or bool(row.overdue(viewer.day, internal=viewer.internal)) == self.overdue)
        )

    @property
    def asked(self) -> dict[str, str | None]:
        """The list as parameters; None for what stands by default."""
        filters = self.filters
        return {
            "sort": None if self.sort == DUE else self.sort,
            "status": None if self.status == ACTIVE else self.status,
            "q": filters.q,
            "owner": filters.owner,
            "mine": "true" if self.mine else None,
            "due": _said(filters.due),
            "overdue": _said(self.overdue),
            "complete": _said(filters.complete),
            "stale": _said(filters.stale),
            "described": _said(filters.described),
            "max_total": None if filters.max_total is None else str(filters.max_total),
        }

    @property
    def set_filters(self) -> dict[str, str]:
        """The filters that are set, by the names of their parameters; whose clients they are is no filter here."""
        return {name: value for name, value in self.asked.items() if value is not None and name not in ("sort", "mine")}


def listing_of(parameters: Parameters, model: Model) -> Listing:
    """The list that an address asks for."""
    return Listing(
        status=parameters.choice("status", STATUSES),
        sort=parameters.choice("sort", orders(model)),
        filters=Filters(
            max_total=parameters.whole("max_total", 0, model.max_total),
            complete=parameters.flag("complete"),
            stale=parameters.flag("stale"),
            described=parameters.flag("described"),
            due=parameters.flag("due"),
            owner=parameters.text("owner", LONGEST_SEARCH),
            q=parameters.text("q", LONGEST_SEARCH),
        ),
        mine=bool(parameters.flag("mine")),
        overdue=parameters.flag("overdue"),
    )


def orders(model: Model) -> tuple[str, ...]:
    """Every order that there is, the one that stands by default first."""
    return (DUE, *SORTS, *model.keys)


def group_of(row: Summary, day: date) -> Group:
    """Where a row stands when what needs a talk comes first."""
    planned = row.next_talk(day)
    if planned and (row.discussion or planned <= day + SOON):
        return "planned"
    return "due" if row.discussion else "rest"


def position_in(sort: str, row: Summary, day: date) -> str:
    """Where a row stands in an order; equals stand by their ids."""
    total, by_id = f"{row.total:03d}", f"#{row.client_id}"
    match sort:
        case "due":
            group = group_of(row, day)
            urgency = {
                "due": f"{500 + min(row.moved or 0, 0):04d}{total}",
                "planned": str(row.next_talk(day)),
                "rest": total,
            }
            return f"{GROUPS.index(group)}{urgency[group]}{by_id}"
        case "moved":
            return by_movement(row)
        case "name":
            return f"{row.name.casefold()}\t{row.client_id}"
        case "total" | "-total":
            return f"{total}{by_id}"
        case "-changed_at":
            return f"{row.changed_at.isoformat()}{by_id}"
        case _:
            points = next((score.points for score in row.dimensions if score.key == sort), None)
            return f"{999 if points is None else points:03d}{total}{by_id}"


@dataclass(frozen=True, slots=True)
class Ordered:
    """The rows of a list in its order, each with its position."""

    rows: Sequence[Summary]
    positions: Sequence[str]
    groups: Mapping[Group, int]
    """How many rows are in each group."""
    descending: bool

    def behind(self, after: str) -> int:
        """The place of the first row behind a position."""
        behind = (
            place
            for place, position in enumerate(self.positions)
            if (position < after if self.descending else position > after)
        )
        return next(behind, len(self.rows))


def ordered_of(rows: Sequence[Summary], listing: Listing, viewer: Viewer) -> Ordered:
    """The rows of a list, out of those of its status."""
    descending = listing.sort.startswith("-")
    placed = sorted(
        (
            (position_in(listing.sort, row, viewer.day), place, row)
            for place, row in enumerate(rows)
            if listing.fits(row, viewer)
        ),
        reverse=descending,
    )
    return Ordered(
        rows=[row for _, _, row in placed],
        positions=[position for position, _, _ in placed],
        groups=Counter(group_of(row, viewer.day) for _, _, row in placed),
        descending=descending,
    )


def _said(flag: bool | None) -> str | None:  # noqa: FBT001 - a filter as it is
    return None if flag is None else str(flag).lower()
