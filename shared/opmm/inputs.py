"""What stands for a client: of all its facts, those that count."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from shared.opmm.kinds import Basis
from shared.opmm.nps import Tally

Status = Literal["active", "ended"]


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


@dataclass(frozen=True, slots=True)
class LatestResponse:
    """When and from where the latest NPS response came."""

    observed_at: str
    source: str


@dataclass(frozen=True, slots=True)
class Description:
    """What a client is called, and whether the partnership goes on."""

    name: str
    status: Status = "active"
    aliases: tuple[str, ...] = ()
    """Every other name whose facts count for the client, sorted."""


@dataclass(frozen=True, slots=True)
class ScoringInputs:
    """All that a scorecard needs to know of a client's facts, for its last day and any later one."""

    client_id: str
    description: Description
    answers: Mapping[str, Answer] = field(default_factory=dict)
    """By dimension, the NPS left out; a question nobody answered is absent."""
    reported: Answer | None = None
    """The latest NPS that was reported as a number."""
    responses: Mapping[date, Tally] = field(default_factory=dict)
    """NPS responses by the day they were answered on; days without any may be absent."""
    latest_response: LatestResponse | None = None
