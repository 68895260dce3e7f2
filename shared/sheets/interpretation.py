"""How the lines of a file are understood: as the stack that they are for would understand them."""

from collections.abc import Callable
from dataclasses import field
from datetime import datetime, tzinfo
from typing import Any, Self

from shared.http.problems import Fault, InvalidError
from shared.intake.client_names import Named, find_client
from shared.intake.events import EventTypes, event_types
from shared.intake.fields import Validation
from shared.intake.validation import validate_event
from shared.opmm.dataclass import dataclass
from shared.opmm.model import LANGUAGES, Model
from shared.sheets.kinds import FileKind, file_kinds
from shared.texts.words import Words

Names = Callable[[str], Named]
"""The client behind any name. Raises NoNameError or AmbiguousNameError."""


def by_slug(name: str) -> Named:
    """A client by the slug of its name alone, where no service can be asked which clients there are."""
    return find_client(name, lambda slug: Named(slug, slug, is_new=False), lambda _: ())


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The questions of a stack's model, its time zone, and the time by the clock."""

    model: Model
    kinds: tuple[FileKind, ...]
    """Every kind of CSV file that there is."""
    types: EventTypes
    zone: tzinfo
    now: datetime
    names: Names = by_slug
    """Which client a name stands for."""
    words: Words = field(default_factory=lambda: Words(LANGUAGES[0]))
    """In which language is told what is wrong."""

    @classmethod
    def by(
        cls, model: Model, zone: tzinfo, now: datetime, names: Names = by_slug, language: str = LANGUAGES[0]
    ) -> Self:
        """That of a stack which scores by this model, whose days begin in this zone, and which has these clients."""
        return cls(model, file_kinds(model), event_types(model), zone, now, names, Words(language))

    def faults_in(self, event: Any) -> tuple[Fault, ...]:
        """All that the service would find wrong with an event."""
        try:
            validate_event(event, self.types, Validation(now=self.now, zone=self.zone, language=self.words.language))
        except InvalidError as problem:
            return problem.faults
        return ()
