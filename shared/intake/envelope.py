"""What every event has in common: its envelope, and how its data becomes a fact."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal, TypedDict

from pydantic import BaseModel, ConfigDict

from shared.intake import fields
from shared.opmm.facts import Fact, counted_revision, fact_id, revision
from shared.opmm.kinds import KINDS, FactKind
from shared.opmm.timestamps import Timestamp

Hash = Callable[[str], str]
"""Turns a respondent into the keyed hash by which they are known."""


class Envelope(BaseModel):
    """A CloudEvent 1.0 in structured JSON. Extension attributes are allowed, and not looked at."""

    model_config = ConfigDict(frozen=True, extra="ignore", arbitrary_types_allowed=True)

    specversion: Literal["1.0"]
    type: str
    source: fields.SourceName
    id: fields.Identifier
    subject: fields.Slug
    time: fields.Instant
    sequence: fields.Count | None = None
    """The extension of this name: the sender's own count of the versions of a fact, which then orders them."""


class Content(TypedDict, total=False):
    """The parts of a fact that its event tells, besides its identity and revision; as `Fact` has them."""

    timestamp: Timestamp
    answer: Mapping[str, Any]
    counts: bool
    details: Mapping[str, Any]


class Data(BaseModel):
    """What an event of one type carries. Unknown fields are refused: this contract is ours."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)

    kind: ClassVar[FactKind]

    def identity(self, envelope: Envelope) -> tuple[str, ...]:
        """What tells this fact from others of its kind, client and source."""
        raise NotImplementedError

    def content(self, hashed: Hash) -> Content:
        """What the fact says."""
        raise NotImplementedError

    def facts(self, envelope: Envelope, hashed: Hash, order: int | None = None) -> tuple[Fact, ...]:
        """The facts that this event leaves behind under its subject: one, but for a survey.

        `order` is the sender's own count of its versions, where the event does not tell it as `sequence`.
        """
        return (self._fact(envelope, self.content(hashed), order),)

    def _fact(
        self,
        envelope: Envelope,
        content: Content,
        order: int | None,
        *,
        question: str | None = None,
        part: str | None = None,
    ) -> Fact:
        if order is None and envelope.sequence is not None:
            order = int(envelope.sequence)
        timestamp = content.get("timestamp")
        said = {"kind": self.kind, **content, "timestamp": timestamp and timestamp.text}
        if KINDS[self.kind].unique:
            # Two versions that differ in nothing but their client are two: one of them is the latest.
            said["client"] = envelope.subject
        takes_away = not content.get("counts", True)
        return Fact(
            client_id=envelope.subject,
            fact_id=fact_id(self.kind, envelope.source, *self.identity(envelope), *([question] if question else [])),
            kind=self.kind,
            source=envelope.source,
            revision=revision(envelope.time.instant, said, takes_away=takes_away)
            if order is None
            else counted_revision(order, said, takes_away=takes_away),
            recorded_at=envelope.time.instant,
            question=question,
            part=part,
            **content,
        )


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Only what was given."""
    return {key: value for key, value in values.items() if value is not None}
