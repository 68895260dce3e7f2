"""What a scorecard is made from: of all the facts of a client, those that count."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Literal

from shared.opmm.dataclass import dataclass
from shared.opmm.kinds import Basis
from shared.opmm.nps import Tally

Status = Literal["active", "ended"]
ACTIVE: Status = "active"
ENDED: Status = "ended"


@dataclass(frozen=True, slots=True)
class Answer:
    """The latest answer to a question, with where it came from."""

    value: int | str
    basis: Basis
    day: date
    """The day of the fact in the tenant's calendar."""
    observed_at: str
    source: str
    fact_id: str
    position: str = field(default="", compare=False)
    """Where the fact stands among those of its question; the later one counts."""
    name: str = field(default="", compare=False)
    """The name of the client that it was sent under."""


@dataclass(frozen=True, slots=True)
class LatestResponse:
    """When and from where the latest NPS response came."""

    observed_at: str
    source: str
    position: str = field(default="", compare=False)
    """Where it stands among the responses of its client."""
    name: str = field(default="", compare=False)
    """The name of the client that it was sent under."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a client is called, and whether the partnership goes on."""

    name: str
    status: Status = "active"
    aliases: tuple[str, ...] = ()
    """Every other name whose facts count for the client, sorted."""
    described: bool = False
    """Whether anybody has said anything of the client itself."""
    owner: str | None = None
    """The person at the agency who answers for the client."""


@dataclass(frozen=True, slots=True)
class ScoringInputs:
    """All that a scorecard needs to know of a client's facts, for its last day and any later one."""

    client_id: str
    description: Description
    answers: Mapping[str, Answer] = field(default_factory=dict)
    """By question, the NPS left out; a question nobody answered is absent."""
    reported: Answer | None = None
    """The latest NPS that was reported as a number."""
    responses: Mapping[date, Tally] = field(default_factory=dict)
    """NPS responses by the day they were answered on; days without any may be absent."""
    latest_response: LatestResponse | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of the client, its own id first."""
        return (self.client_id, *self.description.aliases)
