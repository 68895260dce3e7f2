"""Takes one event in: validates it, finds its client, stores its facts."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, tzinfo
from typing import Any

from shared.http.problems import Fault, InvalidError, VersionSortError
from shared.http.tokens import Token
from shared.intake.client_names import AmbiguousNameError, ClientNames, Named, NoNameError
from shared.intake.envelope import Data, Envelope, Hash
from shared.intake.events import ClientDescribed, EventTypes
from shared.intake.validation import validate_event
from shared.opmm.dataclass import dataclass
from shared.opmm.facts import Fact
from shared.opmm.kinds import KINDS
from shared.opmm.timestamps import is_date, sortable
from shared.storage.alias_groups import MOST_ALIASES, read_alias_group
from shared.storage.fact_items import StoredFact
from shared.storage.facts import Facts, OtherVersionSortError, PutOutcome
from shared.storage.locators import Locators
from shared.storage.scores import Scores


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an event."""

    id: str
    client_id: str
    status: PutOutcome
    is_new: bool = False
    """Whether nothing was known of the client before."""
    joined: tuple[str, ...] = ()
    """Clients that somebody had described as clients of their own, and that are other names of this one from now on."""


@dataclass(frozen=True, slots=True)
class _Joining:
    """What is known of the names that a description claims."""

    joined: tuple[str, ...] = ()
    """The described clients among them, which become one with the client."""
    erased: Mapping[str, datetime | None] = field(default_factory=dict)
    """By name, when a client of that name was erased."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Stores events as facts: a conditional write for each fact, and at most one look-up a minute for each subject."""

    facts: Facts
    locators: Locators
    scores: Scores
    types: EventTypes
    names: ClientNames
    zone: tzinfo
    clock: Callable[[], datetime]
    hashed: Hash

    def take(self, sent: Any, token: Token, *, order: int | None = None) -> Taken:
        """Takes one event, as JSON values; `order` is the sender's own count of its versions.

        Raises InvalidError, ForbiddenError for a client, source or description not granted, or VersionSortError.

        Nothing is stored unless all of it is right.
        """
        envelope, data = validate_event(sent, self.types, {"now": self.clock(), "zone": self.zone})
        token.require_source(envelope.source)
        described = data if isinstance(data, ClientDescribed) else None
        if described:
            token.require("clients:write")
        named = self._named(envelope.subject, token, describes=described is not None)
        client_id = named.client_id
        token.require_client(client_id)
        aliases = tuple(described.aliases or ()) if described else ()
        if described and token.clients is not None:
            self._refuse_names_of_others(described, token)
        joining = self._joining(aliases, envelope, client_id)
        if named.was_erased(envelope.time.instant):
            return Taken(envelope.id, client_id, "superseded")
        # Under the very name it was sent for: whose alias that is may change, and no fact may depend on when it came.
        try:
            facts = data.facts(envelope, self.hashed, order)
            outcomes = Counter(self._stored(replace(fact, author=_author(token, fact.source))) for fact in facts)
        except OtherVersionSortError as mixed:
            raise VersionSortError(
                "The versions of this fact are ordered by `time` so far and this one by a count, or the other way "
                "round; they cannot be compared. Send all versions of a fact in the same way."
            ) from mixed
        status: PutOutcome = next(name for name in ("accepted", "superseded", "duplicate") if outcomes[name])
        if described and status != "superseded":
            self.names.forget(client_id)
            for alias in aliases:
                self.names.learn(alias, client_id, joining.erased.get(alias))
        if named.is_new or described:
            self.names.learn(envelope.subject, client_id, named.erased_at)
        if named.is_new and not described:
            self.names.made(client_id)
        return Taken(envelope.id, client_id, status, named.is_new, joining.joined if status == "accepted" else ())

    def facts_of(self, sent: Any) -> tuple[Fact, ...]:
        """The facts that an event would leave behind; nothing is stored. Raises InvalidError."""
        envelope, data = validate_event(sent, self.types, {"now": self.clock(), "zone": self.zone})
        return data.facts(envelope, self.hashed)

    def take_all(self, sent: Sequence[Any], token: Token) -> list[Taken]:
        """Takes several events as one: all of them are stored, or none. Not for descriptions and responses.

        Raises InvalidError with the faults of all events, each with the place of its event in front; ForbiddenError;
        OvertakenError when somebody has told a later version of one of them; ValueError for what cannot be taken so.
        """
        faults: list[Fault] = []
        told: list[tuple[Envelope, Data]] = []
        for place, event in enumerate(sent):
            try:
                told.append(validate_event(event, self.types, {"now": self.clock(), "zone": self.zone}))
            except InvalidError as invalid:
                faults += [Fault(f"/{place}{fault.pointer}", fault.detail) for fault in invalid.faults]
        if faults:
            raise InvalidError("The events are not valid.", faults)
        taken: list[Taken] = []
        facts: list[Fact] = []
        for envelope, data in told:
            if isinstance(data, ClientDescribed) or KINDS[data.kind].unique:
                raise ValueError(f"{envelope.type} is stored by more than one write")
            token.require_source(envelope.source)
            named = self._named(envelope.subject, token, describes=False)
            token.require_client(named.client_id)
            author = _author(token, envelope.source)
            facts += [replace(fact, author=author) for fact in data.facts(envelope, self.hashed)]
            taken.append(Taken(envelope.id, named.client_id, "accepted", named.is_new))
        self.facts.put_all(facts)
        return taken

    def holds(self, sent: Sequence[Any]) -> bool:
        """Whether all that some events say is stored already, whenever it was told: a form that was sent twice.

        A query for each fact. Raises InvalidError.
        """
        for event in sent:
            envelope, data = validate_event(event, self.types, {"now": self.clock(), "zone": self.zone})
            for fact in data.facts(envelope, self.hashed):
                held = next(
                    (
                        held
                        for held in self.facts.versions(fact.client_id, fact.fact_id)
                        if held.fact_id == fact.fact_id
                    ),
                    None,
                )
                if held is None or not _says_the_same(held, fact):
                    return False
                told = self.facts.details([(fact.client_id, fact.fact_id)]) if fact.counts else {}
                details = told.get((fact.client_id, fact.fact_id), {})
                if fact.counts and {key: value for key, value in details.items() if key != "author"} != fact.details:
                    return False
        return True

    def _named(self, subject: str, token: Token, *, describes: bool) -> Named:
        """The client of an event. What only some clients may be told is never decided by what is remembered.

        Else a withdrawn alias that is still remembered would let the writer of one client write into another. A
        description is checked against the client that its subject leads to now, or was just said to lead to.
        """
        held = self.names.remembered(subject)
        if token.clients is None and held and not (describes and held.client_id == subject):
            return held
        found = self.names.client(subject, afresh=True)
        if held and held.client_id != found.client_id and held.client_id in (token.clients or ()):
            # An alias that was just declared, or is no longer: the descriptions themselves say which.
            owner = read_alias_group([subject, held.client_id], self.facts, self.scores).owners[subject]
            self.names.learn(subject, owner, found.erased_at)
            return Named(subject, owner, is_new=False, erased_at=found.erased_at)
        return replace(found, is_new=found.is_new and (held is None or held.is_new))

    def _refuse_names_of_others(self, described: ClientDescribed, token: Token) -> None:
        """Raises ForbiddenError where a description gives a client a name that leads to one that is not granted.

        Or a token for one client could join another client to it, or get what is sent under another's name.
        """
        for alias in described.aliases or ():
            token.require_client(alias)
            token.require_client(self.names.client(alias, afresh=True).client_id)
        if described.name:
            try:
                found = self.names.called(described.name, afresh=True)
            except NoNameError:
                return
            except AmbiguousNameError:
                token.require_client("")  # whose name it is, is not told
            else:
                if not found.is_new:
                    token.require_client(found.client_id)

    def _stored(self, fact: Fact) -> PutOutcome:
        """Stores a fact, and sees to it that one that is known to all clients counts at one of them only."""
        written = self.facts.put(fact)
        return self.locators.settle(fact, written) if KINDS[fact.kind].unique else written.outcome

    def _joining(self, aliases: tuple[str, ...], envelope: Envelope, client_id: str) -> _Joining:
        """What is known of the names that a description claims.

        Raises InvalidError where a client would be an alias of itself, or have more names than it may.
        """
        joining = _Joining()
        faults = [
            Fault(f"/data/aliases/{place}", "would make the client an alias of itself")
            for place, alias in enumerate(aliases)
            if alias in (client_id, envelope.subject)
        ]
        if aliases and not faults:
            # With the client that the subject is known to belong to: the score function may not have marked it yet.
            group = read_alias_group([client_id, envelope.subject, *aliases], self.facts, self.scores)
            owners = group.owners_with(envelope.subject, envelope.source, aliases, sortable(envelope.time.instant))
            owner = owners.get(envelope.subject, envelope.subject)
            count = sum(each == owner for each in owners.values())
            described = (alias for alias in {*aliases} if owners.get(alias) == owner and group.is_described(alias))
            joining = _Joining(tuple(sorted(described)), {alias: group.records[alias].erased_at for alias in aliases})
            if count > MOST_ALIASES:
                faults = [
                    Fault(
                        "/data/aliases",
                        f"would give the client {count} names besides its id, over all sources; "
                        f"at most {MOST_ALIASES} are kept",
                    )
                ]
        if faults:
            raise InvalidError("The event is not valid.", faults)
        return joining


def _says_the_same(held: StoredFact, fact: Fact) -> bool:
    """Whether a stored version says what this one says; days are compared, and the time of telling is not."""
    said = [
        {key: value for key, value in answer.items() if key != "recorded_at"} for answer in (held.answer, fact.answer)
    ]
    day = fact.timestamp.text if fact.timestamp and is_date(fact.timestamp.text) else None
    return said[0] == said[1] and bool(held.lane) == fact.counts and (day is None or held.observed_at == day)


def _author(token: Token, source: str) -> str | None:
    """Who says it: never what the sender claims, and nobody beside a source that speaks for itself."""
    author = token.name or token.subject
    return None if author == source else author
