"""Fields that documents of the API have in common, as types."""

from typing import Annotated

from shared.api.constraints import Constraint, at_least, between, formatted, pattern
from shared.opmm.slugs import SLUG_PATTERN

ClientId = Annotated[str, pattern(SLUG_PATTERN), Constraint(examples=["acme"])]
QuestionKey = Annotated[str, pattern("^[a-z][a-z0-9_]{0,39}$"), Constraint(examples=["nps"])]
Day = Annotated[str, formatted("date", "2026-11-01")]
Instant = Annotated[str, formatted("date-time", "2026-11-20T08:00:00Z")]
Timestamp = Day | Instant
"""The day alone where no more is known. It comes first: a client that tries a time before would read it as midnight."""
Count = Annotated[int, at_least(0)]
Nps = Annotated[int, between(-100, 100)]
Value = int | str | None
