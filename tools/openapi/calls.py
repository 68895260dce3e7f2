"""One call of the API, and how it stands in the document."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tools.openapi.answers import refused
from tools.openapi.parameters import parameter
from tools.openapi.shapes import Schema

EVERYWHERE = (405, 503)
"""Statuses that any call may be answered with."""


@dataclass(frozen=True, slots=True)
class Call:
    """A method at an address."""

    route: str
    """As the handlers write it: `GET /v1/clients/{client_id}`."""
    name: str
    """The operation id."""
    summary: str
    answers: Mapping[int, Schema]
    """What is answered when all is well, by status."""
    problems: tuple[int, ...] = ()
    """Statuses of what else is answered, besides `EVERYWHERE`."""
    scope: str | None = None
    """What the token must grant; None when no token is needed."""
    description: str = ""
    parameters: tuple[str, ...] = ()
    body: Schema = field(default_factory=dict)
    tag: str = "scores"

    @property
    def method(self) -> str:
        """In lower case, as the document has it."""
        return self.route.partition(" ")[0].lower()

    @property
    def path(self) -> str:
        """The address."""
        return self.route.partition(" ")[2]

    def operation(self) -> Schema:
        """The call as it stands in the document."""
        statuses = {*self.problems, *EVERYWHERE, *((401, 403) if self.scope else ())}
        made: Schema = {
            "operationId": self.name,
            "tags": [self.tag],
            "summary": self.summary,
            "description": self.description,
            "parameters": [parameter(name) for name in self.parameters],
            "requestBody": self.body,
            "security": [{"token": [self.scope]}] if self.scope else [],
            "responses": {str(status): answer for status, answer in self.answers.items()} | refused(statuses),
        }
        return {key: value for key, value in made.items() if value or key == "security"}
