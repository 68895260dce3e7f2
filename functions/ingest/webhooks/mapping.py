"""From a payload to stored facts: adapt, find the client, take each event in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from functions.ingest.webhooks.drafts import Draft, UnmappableError
from functions.ingest.webhooks.expressions import find
from functions.ingest.webhooks.providers import PROVIDERS
from functions.ingest.webhooks.sources import Source
from functions.ingest.webhooks.values import is_number
from shared.http.problems import Fault, InvalidError
from shared.http.tokens import Token
from shared.intake.events import Envelope, event_types
from shared.intake.intake import Intake, Taken
from shared.opmm.model import published_model
from shared.opmm.slugs import slugify

_MODELS: tuple[type[BaseModel], ...] = (Envelope, *event_types(published_model()).values())
_FIELDS = {"data", *published_model().keys}.union(*(model.model_fields for model in _MODELS))


@dataclass(frozen=True, slots=True)
class Mapper:
    """Takes what a source has sent."""

    intake: Intake

    def take(self, name: str, source: Source, fragment: Any) -> Iterator[Taken]:
        """Stores the facts of one fragment of a payload; none when there is nothing to store yet.

        Raises UnmappableError behind what could be stored: taking the fragment again changes nothing of that.
        """
        grant = Token(subject=f"webhook {name}", scopes=frozenset(), sources=frozenset({name}))
        unmappable: list[UnmappableError] = []
        for draft in PROVIDERS[source.provider].adapt(fragment, source):
            try:
                yield self._taken(name, source, fragment, draft, grant)
            except UnmappableError as error:
                unmappable.append(error)
        if unmappable:
            raise unmappable[0]

    def _taken(self, name: str, source: Source, fragment: Any, draft: Draft, grant: Token) -> Taken:
        subject = draft.subject if source.client is None else client_of(source.client, fragment)
        try:
            return self.intake.take(draft.event(name, subject), grant, order=draft.order)
        except InvalidError as problem:
            faults = "; ".join(f"{_place(fault)} {fault.detail}" for fault in problem.faults)
            raise UnmappableError("not_valid", faults or problem.detail) from problem


def client_of(expression: str, payload: Any) -> str:
    """The slug of the client that the payload names. Raises UnmappableError when it names none."""
    try:
        found = find(expression, payload)
    except ValueError:
        found = None
    slug = slugify(str(found)) if isinstance(found, str) or is_number(found) else ""
    if not slug:
        raise UnmappableError("unknown_client", "the payload names no client where the source expects one")
    return slug


def _place(fault: Fault) -> str:
    """Where a fault is. Names that are not ours came with the payload, and nothing of that is listed."""
    steps = fault.pointer.split("/")[1:]
    return "".join(f"/{step if step in _FIELDS or step.isdigit() else '*'}" for step in steps)
