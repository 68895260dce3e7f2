"""From a payload to stored facts: adapt, find the client, take each event in."""

from dataclasses import dataclass
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from functions.ingest.intake import Intake, Taken
from functions.ingest.webhooks.drafts import UnmappableError
from functions.ingest.webhooks.providers import PROVIDERS
from functions.ingest.webhooks.sources import Source
from shared.http.problems import InvalidError
from shared.http.tokens import Token
from shared.opmm.slugs import slugify


@dataclass(frozen=True, slots=True)
class Mapper:
    """Takes what a source has sent."""

    intake: Intake

    def take(self, name: str, source: Source, fragment: Any) -> list[Taken]:
        """Stores the facts of one fragment of a payload; none when there is nothing to store yet.

        Raises UnmappableError. What was stored by then stays: taking the fragment again changes nothing.
        """
        grant = Token(subject=f"webhook {name}", scopes=frozenset(), sources=frozenset({name}))
        taken = []
        for draft in PROVIDERS[source.provider].adapt(fragment, source):
            subject = draft.subject if source.client is None else client_of(source.client, fragment)
            try:
                taken.append(self.intake.take(draft.event(name, subject), grant, order=draft.order))
            except InvalidError as problem:
                faults = ", ".join(f"{fault.pointer} {fault.detail}" for fault in problem.faults)
                raise UnmappableError("not_valid", faults or problem.detail) from problem
        return taken


def client_of(expression: str, payload: Any) -> str:
    """The slug of the client that the payload names. Raises UnmappableError when it names none."""
    try:
        found = jmespath.search(expression, payload)
    except JMESPathError:
        found = None
    slug = slugify(str(found)) if isinstance(found, str | int) and not isinstance(found, bool) else ""
    if not slug:
        raise UnmappableError("unknown_client", "the payload names no client where the source expects one")
    return slug
