"""How the lines of a file are understood: as the stack that they are for would understand them."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Self

from shared.http.problems import Fault, InvalidError
from shared.intake.events import EventTypes, event_types
from shared.intake.fields import Validation
from shared.intake.validation import validate_event
from shared.opmm.model import Model
from tools.transfer.clients import Names, by_slug
from tools.transfer.kinds import FileKind, file_kinds


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The questions of a stack's model, its time zone, and the time by the clock."""

    kinds: tuple[FileKind, ...]
    """Every kind of CSV file that there is."""
    types: EventTypes
    zone: tzinfo
    now: datetime
    names: Names = by_slug
    """Which client a name stands for."""

    @classmethod
    def by(cls, model: Model, zone: tzinfo, now: datetime, names: Names = by_slug) -> Self:
        """That of a stack which scores by this model, whose days begin in this zone, and which has these clients."""
        return cls(file_kinds(model), event_types(model), zone, now, names)

    def faults_in(self, event: Any) -> tuple[Fault, ...]:
        """All that the service would find wrong with an event."""
        try:
            validate_event(event, self.types, Validation(now=self.now, zone=self.zone))
        except InvalidError as problem:
            return problem.faults
        return ()
