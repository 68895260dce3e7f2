"""The facts of one client, which may lie under several names: aliases that had facts before they were declared."""

import heapq
import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta, tzinfo

from shared.opmm.inputs import Answer, Description, LatestResponse, ScoringInputs
from shared.opmm.kinds import KINDS
from shared.opmm.model import DIMENSIONS
from shared.opmm.nps import Tally, tally
from shared.opmm.timestamps import start_of
from shared.storage.facts import Facts, Span, StoredFact


class ClientFacts:
    """What counts of the facts under all names of a client.

    A fact that was sent under two names is one fact: its highest revision counts, wherever that lies. With a single
    name, which is nearly always, nothing extra is read for it.
    """

    def __init__(self, facts: Facts, names: Sequence[str], zone: tzinfo, last: date | None = None) -> None:
        """With a `last` day, facts of later days do not exist."""
        self._facts = facts
        self._names = tuple(names)
        self._zone = zone
        self._until = start_of(last + timedelta(days=1), zone) if last else None

    def standing(self, client_id: str, description: Description, first: date) -> ScoringInputs:
        """All that stands, with the responses since the `first` day."""
        return ScoringInputs(
            client_id=client_id,
            description=description,
            answers=self.answers(DIMENSIONS),
            reported=self.reported(),
            responses=self.tallies_since(first),
            latest_response=self.latest_response(),
        )

    def answers(self, dimensions: Iterable[str]) -> dict[str, Answer]:
        """The latest answers to these questions, the NPS left out; those nobody has answered are absent."""
        found = {dimension: self.latest(dimension) for dimension in sorted(set(dimensions) - {"nps"})}
        return {dimension: answer for dimension, answer in found.items() if answer}

    def latest(self, dimension: str) -> Answer | None:
        """The latest answer to a question other than the NPS; None when nobody has answered it."""
        found = self._latest(dimension)
        return self.answer(found, dimension) if found else None

    def reported(self) -> Answer | None:
        """The latest NPS that was reported as a number."""
        found = self._latest("nps", "reported#")
        return self.answer(found, "nps") if found else None

    def latest_response(self) -> LatestResponse | None:
        """The latest NPS response that counts."""
        found = self._latest("nps", "response#")
        return LatestResponse(found.moment(self._zone).told, found.source) if found else None

    def tally_of(self, day: date) -> Tally:
        """The responses that were answered on one day of the tenant's calendar."""
        return tally(fact.answer["score"] for fact in self._responses(day, day + timedelta(days=1)))

    def tallies_since(self, day: date) -> dict[date, Tally]:
        """The responses of this day and all later ones, by day; days without any are left out."""
        scores: defaultdict[date, list[int]] = defaultdict(list)
        for fact in self._responses(day, None):
            scores[fact.moment(self._zone).day(self._zone)].append(fact.answer["score"])
        return {on: tally(each) for on, each in scores.items()}

    def siblings(self, fact_ids: Iterable[str]) -> list[StoredFact]:
        """The versions of these facts under every name; nothing is read when there is only one name."""
        if len(self._names) == 1:
            return []
        return self._facts.get((name, fact_id) for fact_id in fact_ids for name in self._names)

    def page(
        self, dimension: str, limit: int, after: tuple[str, int] | None
    ) -> tuple[list[StoredFact], tuple[str, int] | None]:
        """Facts behind a question, the newest first, and where the next page begins.

        A place in the list is a position and how many facts at that very position were shown already.
        """
        prefixes = ("response#", "reported#") if dimension == "nps" else ("",)
        streams = [
            self._facts.newest(name, dimension, prefix, Span(self._until, limit + 1, after[0] if after else None))
            for name in self._names
            for prefix in prefixes
        ]
        by_time = heapq.merge(*streams, key=lambda fact: _position(fact, dimension), reverse=True)
        waiting = (fact for fact in by_time if self._counting([fact]))
        skipped = after[1] if after else 0
        found = list(itertools.islice(waiting, skipped, skipped + limit + 1))
        shown = found[:limit]
        if len(found) <= limit:
            return shown, None
        last = _position(shown[-1], dimension)
        alike = sum(_position(fact, dimension) == last for fact in shown)
        return shown, (last, alike + (skipped if after and last == after[0] else 0))

    def comments(self, facts: Iterable[StoredFact]) -> dict[str, str]:
        """The comments on these facts, by their identities; most have none."""
        return self._facts.comments((fact.name, fact.fact_id) for fact in facts)

    def _latest(self, dimension: str, prefix: str = "") -> StoredFact | None:
        by_time = heapq.merge(
            *(self._facts.newest(name, dimension, prefix, Span(self._until)) for name in self._names),
            key=lambda fact: fact.positions[dimension],
            reverse=True,
        )
        return next((fact for fact in by_time if self._counting([fact])), None)

    def _responses(self, since: date, until: date | None) -> list[StoredFact]:
        first, end = start_of(since, self._zone), start_of(until, self._zone) if until else self._until
        return self._counting([fact for name in self._names for fact in self._facts.responses(name, first, end)])

    def _counting(self, facts: Sequence[StoredFact]) -> list[StoredFact]:
        """Those that no other name holds a later version of; of equal versions, one."""
        if len(self._names) == 1:
            return list(facts)
        winner: dict[str, tuple[str, str]] = {}
        for version in self.siblings({fact.fact_id for fact in facts}):
            winner[version.fact_id] = max(winner.get(version.fact_id, ("", "")), (version.revision, version.name))
        return [fact for fact in facts if winner.get(fact.fact_id) == (fact.revision, fact.name)]

    def answer(self, fact: StoredFact, dimension: str) -> Answer:
        """What a fact answers to a question; an NPS only if it was reported."""
        moment = fact.moment(self._zone)
        said = KINDS[fact.kind].said
        if said is None:
            raise ValueError(f"{fact.fact_id} answers nothing by itself")
        value, basis = said(fact.answer, dimension)
        return Answer(
            value=value,
            basis=basis,
            day=moment.day(self._zone),
            observed_at=moment.told,
            source=fact.source,
            fact_id=fact.fact_id,
        )


def _position(fact: StoredFact, dimension: str) -> str:
    """Where a fact stands among those of its dimension, responses and reported figures taken together."""
    return fact.positions[dimension].removeprefix("response#").removeprefix("reported#")
