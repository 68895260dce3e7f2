"""The work of an erasure: a few pages at a time, each written down before it is done, so that it can end anywhere."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from shared.opmm.dataclass import dataclass
from shared.opmm.slugs import name_key
from shared.storage.alias_groups import read_alias_group
from shared.storage.drafts import Drafts
from shared.storage.erasable import Erasable, Position
from shared.storage.erasable_notifications import ErasableNotifications, alerted
from shared.storage.erasures import Erasure, Erasures, OvertakenError, Target
from shared.storage.facts import Erased, Facts
from shared.storage.locators import Locators
from shared.storage.overviews import Overviews
from shared.storage.parked import Parked
from shared.storage.records import Alias, Vacant
from shared.storage.scores import Scores, VersionConflictError
from shared.webhooks.mentions import names_client, names_respondent

OF_RESPONDENT = ("responses", "bodies", "responses again")
"""The phases of the erasure of a person. Facts are looked through twice: one may have moved to a page that was read."""

OF_CLIENT = ("names", "facts", "bodies", "ledger", "facts again", "drafts", "notifications", "closing")
"""The phases of the erasure of a client."""

MEMORY = timedelta(seconds=90)
"""For how long functions may go on storing under a name that they remember: a minute, and a call that is under way."""

_AT_ONCE = 100
_BODIES_AT_ONCE = 25
_NOTIFICATIONS_AT_ONCE = 1000
_ATTEMPTS = 12

Found = tuple[tuple[Target, ...], Position]
"""What a page holds that is to go, and where the next page begins; an empty position ends the phase."""


@dataclass(frozen=True, slots=True)
class Work:
    """Erases. Safe to repeat, to break off and to run beside others of its kind."""

    erasures: Erasures
    erasable: Erasable
    facts: Facts
    locators: Locators
    scores: Scores
    parked: Parked
    drafts: Drafts
    overviews: Overviews
    notifications: ErasableNotifications
    hashed: Callable[[str], str]
    clock: Callable[[], datetime]
    pages: int = 10
    """How many pages are read in one go."""

    def __call__(self, erasure_id: str) -> float | None:
        """Goes on with an erasure; gives the seconds after which it wants to go on, None when it is done.

        None as well where another process is ahead: that one goes on.
        """
        erasure = self.erasures.get(erasure_id)
        if erasure is None or erasure.status == "done":
            return None
        try:
            for _ in range(self.pages):
                waiting = self._waiting(erasure)
                if waiting:
                    self.erasures.save(replace(erasure, status="running"))
                    return waiting
                erasure = self._step(erasure)
                if erasure.status == "done":
                    return None
            self.erasures.save(replace(erasure, status="running"))
        except OvertakenError:
            return None
        return 0

    def failed(self, erasure_id: str) -> None:
        """Writes down that an erasure is given up, unless a message goes on with it: this one, or one sent later."""
        erasure = self.erasures.get(erasure_id)
        if erasure is not None and erasure.status == "running":
            with suppress(OvertakenError):  # another process goes on with it
                self.erasures.save(replace(erasure, status="failed"))

    def _waiting(self, erasure: Erasure) -> float:
        """The seconds until the last look may begin; 0 when nothing has to be waited for."""
        if erasure.phase != "facts again" or erasure.not_before is None:
            return 0
        return max((erasure.not_before - self.clock()).total_seconds(), 0)

    def _step(self, erasure: Erasure) -> Erasure:
        """One page, or what was found on it."""
        phases = OF_CLIENT if erasure.client_id else OF_RESPONDENT
        phase = erasure.phase or phases[0]
        if erasure.pending:
            return self._apply(erasure, phase, phases)
        if phase == "names":
            erasure = self._named(erasure)
            if not erasure.names:
                return self.erasures.save(erasure.receipt(self.clock()))
            targets: tuple[Target, ...] = tuple((name,) for name in erasure.names)
            following: Position = {}
        else:
            targets, following = self._found(erasure, phase)
        found = replace(erasure, phase=phase, position=following, pending=targets)
        return self.erasures.save(found) if targets else self._beyond(found, phases)

    def _apply(self, erasure: Erasure, phase: str, phases: tuple[str, ...]) -> Erasure:
        # Looked at again, as it may be long since this was written down.
        left = replace(erasure, names=self._left(erasure))
        targets = [target for target in erasure.pending if _name_of(phase, target) in (None, *left.names)]
        for target in targets:
            self._erase(left, phase, target)
        counts = Counter(erasure.counts)
        counts.update(_counted(phase, targets))
        done = replace(erasure, pending=(), counts=dict(counts))
        if phase == "names":
            done = replace(done, not_before=self.clock() + MEMORY)
        return self.erasures.save(self._beyond(done, phases))

    def _beyond(self, erasure: Erasure, phases: tuple[str, ...]) -> Erasure:
        """The same, in the next phase where this one has come to its end."""
        if erasure.position:
            return erasure
        place = phases.index(erasure.phase) + 1
        if place < len(phases):
            return replace(erasure, phase=phases[place])
        return self.erasures.save(erasure.receipt(self.clock()))

    def _found(self, erasure: Erasure, phase: str) -> Found:
        pages: Mapping[str, Callable[[Erasure], Found]] = {
            "responses": self._responses,
            "responses again": self._responses,
            "bodies": self._bodies,
            "notifications": self._notifications,
        }
        under_names: Mapping[str, Callable[[Erasure, str, Position], Found]] = {
            "facts": self._facts_under,
            "facts again": self._facts_under,
            "ledger": self._changes_under,
            "drafts": self._drafts_under,
        }
        if phase in under_names:
            return self._under_names(erasure, under_names[phase])
        return pages[phase](erasure) if phase in pages else (tuple((name,) for name in erasure.names), {})

    def _responses(self, erasure: Erasure) -> Found:
        assert erasure.respondent  # noqa: S101 - an erasure that has phases for responses has one
        told, following = self.erasable.responses(erasure.respondent, erasure.position)
        targets: list[Target] = []
        for response in told:
            by_them = response.respondent == erasure.respondent
            if by_them or names_respondent((response.comment or "").encode(), erasure.respondent, self.hashed):
                level: Erased = "response" if by_them and erasure.ratings else "person"
                targets.append((response.name, response.fact_id, level, "comment" if response.comment else ""))
        return tuple(targets), following

    def _bodies(self, erasure: Erasure) -> Found:
        bodies, following = self.erasable.bodies(erasure.position, _BODIES_AT_ONCE)
        if erasure.respondent:
            of_person = erasure.respondent
            meant = [body for body in bodies if names_respondent(body.body, of_person, self.hashed)]
        else:
            if len(self._left(erasure)) < len(erasure.names):  # a later erasure may not know what it was called
                bodies = [body for body in bodies if not body.received_at or body.received_at <= erasure.asked_at]
            meant = [body for body in bodies if names_client(body.body, erasure.names, erasure.called)]
        return tuple((body.source, body.digest) for body in meant), following

    def _notifications(self, erasure: Erasure) -> Found:
        names = frozenset(self._left(erasure))
        found, following = self.notifications.about(names, erasure.position, _NOTIFICATIONS_AT_ONCE)
        return tuple((item.about, item.entry, item.kind) for item in found), following

    def _named(self, erasure: Erasure) -> Erasure:
        """With every name of the client, and all that it was ever called; with none where it was erased since."""
        assert erasure.client_id  # noqa: S101 - an erasure that has a phase for names has one
        if self._is_overtaken(erasure.client_id, erasure):
            return erasure
        group = read_alias_group([erasure.client_id], self.facts, self.scores)
        if group.owners[erasure.client_id] != erasure.client_id:
            # It has become an alias since it was asked for: what else belongs to that client is not meant.
            group = group.as_of(erasure.asked_at)
        names = group.names_of(erasure.client_id).all
        told = [description.answer.get("name") for name in names for description in group.descriptions[name]]
        keys = {name_key(name) for name in told if isinstance(name, str)} - {None}
        return replace(erasure, names=names, called=tuple(sorted(map(str, keys))))

    def _left(self, erasure: Erasure) -> tuple[str, ...]:
        """Its names, without those that a later erasure is done with."""
        return tuple(name for name in erasure.names if not self._is_overtaken(name, erasure))

    def _is_overtaken(self, name: str, erasure: Erasure) -> bool:
        """Whether a later erasure is done with a name: what lies there by now is of a client that began anew.

        While the later one is under way, nothing is made of the name, and both may take away what there is.
        """
        last = self.facts.erased_at(name)
        if last is None or last <= erasure.asked_at:
            return False
        record = self.scores.read(name)
        return not (isinstance(record, Vacant) and record.erasing)

    def _under_names(self, erasure: Erasure, page: Callable[[Erasure, str, Position], Found]) -> Found:
        """A page of what lies under one of the names, one name after the other."""
        place = int(erasure.position.get("name", 0))
        start = {key: value for key, value in erasure.position.items() if key != "name"}
        if place >= len(erasure.names):
            return (), {}
        name = erasure.names[place]
        targets, following = ((), {}) if self._is_overtaken(name, erasure) else page(erasure, name, start)
        if following:
            return targets, {**following, "name": str(place)}
        return targets, {"name": str(place + 1)} if place + 1 < len(erasure.names) else {}

    def _facts_under(self, erasure: Erasure, name: str, start: Position) -> Found:
        lying, following = self.erasable.lying(name, erasure.asked_at, start, _AT_ONCE)
        return tuple((name, item.fact_id, item.kind) for item in lying), following

    def _changes_under(self, erasure: Erasure, name: str, start: Position) -> Found:  # noqa: ARG002 - as `_facts_under`
        changes, following = self.erasable.changes(name, start, _AT_ONCE)
        return tuple((name, change) for change in changes), following

    def _drafts_under(self, erasure: Erasure, name: str, start: Position) -> Found:  # noqa: ARG002 - as `_facts_under`
        drafts = self.drafts.keys(name, _AT_ONCE)
        # What is erased stands on no page any more: the next page is the first of what is left.
        return tuple((name, draft) for draft in drafts), {"again": name} if len(drafts) == _AT_ONCE else {}

    def _erase(self, erasure: Erasure, phase: str, target: Target) -> None:
        if phase in ("responses", "responses again"):
            name, fact_id, level, _ = target
            self.locators.erase(name, fact_id, "response" if level == "response" else "person")
        elif phase == "bodies":
            self.parked.erase(*target)
        elif phase == "names":
            self.facts.mark_erased(target[0], erasure.asked_at)
            self._vacate(target[0], erasure, erasing=True)
            self.overviews.forget(self.clock() + MEMORY)
        elif phase in ("facts", "facts again"):
            self.erasable.take_away(target[0], target[1], erasure.asked_at)
        elif phase == "ledger":
            self.erasable.forget_change(*target)
        elif phase == "drafts":
            self.drafts.drop(*target)
        elif phase == "notifications":
            self.notifications.take_away(target[0], target[1], frozenset(erasure.names))
        else:
            self._vacate(target[0], erasure, erasing=False)
            self.erasable.wake(target[0], erasure.id)

    def _vacate(self, name: str, erasure: Erasure, *, erasing: bool) -> None:
        """Makes a name stand for nothing but the word that it was erased, unless it was erased later, too.

        Raises VersionConflictError.
        """
        for _ in range(_ATTEMPTS):
            record = self.scores.read(name)
            if record.erased_at and record.erased_at > erasure.asked_at:
                return
            if not erasing and not (isinstance(record, Vacant) and record.erasing):
                return  # it has become another client's meanwhile, or was closed before
            version, erased_at = record.version + 1, erasure.asked_at
            try:
                if isinstance(record, Alias) and record.alias_of not in erasure.names:
                    self.scores.mark_alias(name, replace(record, version=version, erased_at=erased_at), over=record)
                else:
                    vacant = Vacant(version, erased_at=erased_at, erasing=erasing)
                    self.scores.vacate(name, vacant, over=record)
            except VersionConflictError:
                continue
            return
        raise VersionConflictError(name)


def _name_of(phase: str, target: Target) -> str | None:
    """The name that a target lies under; None where it lies under none, but mentions some."""
    if phase == "notifications":
        return alerted(target[0], target[1])
    return None if phase in ("responses", "responses again", "bodies") else target[0]


def _counted(phase: str, targets: Iterable[Target]) -> Mapping[str, int]:
    """What was erased, by the words of the receipt."""
    counts: Counter[str] = Counter()
    for target in targets:
        if phase in ("responses", "responses again"):
            counts["ratings" if target[2] == "response" else "responses"] += 1
            counts["comments"] += bool(target[3])
        elif phase == "bodies":
            counts["parked"] += 1
        elif phase in ("facts", "facts again"):
            counts[_KINDS.get(target[2], "others")] += 1
        elif phase == "notifications":
            counts[target[2]] += 1
        elif phase in _ONE_KIND:
            counts[_ONE_KIND[phase]] += 1
    return +counts


_ONE_KIND = {"names": "names", "ledger": "changes", "drafts": "drafts"}
"""By phase, the word of the receipt, where all that a phase erases is of one kind."""

_KINDS = {
    "response": "responses",
    "reported": "reported",
    "count": "counts",
    "survey": "surveys",
    "description": "descriptions",
}
