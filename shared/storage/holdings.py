"""Where the facts of a client lie, which may have several names, and which of them count for nothing there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import field, replace

from shared.opmm.dataclass import dataclass
from shared.opmm.kinds import AGENDA, KINDS, NOTES, lanes_behind
from shared.opmm.model import Model
from shared.storage.fact_items import StoredFact
from shared.storage.facts import Facts


@dataclass(frozen=True, slots=True)
class Holdings:
    """Where the facts of a client lie: under its own id, and in some lanes under some of its aliases."""

    client_id: str
    aliases: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By alias, the lanes in which it holds facts; aliases that hold none are left out."""
    overruled: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By name, the identities of facts of surveys that count for nothing: another name holds a later version."""

    def names(self, lane: str) -> tuple[str, ...]:
        """The names to look under for facts of this lane."""
        return (self.client_id, *(alias for alias, lanes in sorted(self.aliases.items()) if lane in lanes))

    @property
    def all_names(self) -> tuple[str, ...]:
        """The names to look under for facts of any lane."""
        return (self.client_id, *sorted(self.aliases))

    def adding(self, name: str, lanes: Iterable[str]) -> "Holdings":
        """The same, after facts came to this name in these lanes."""
        held = self.aliases.get(name, frozenset())
        added = held | frozenset(lanes)
        return self if name == self.client_id or added == held else replace(self, aliases={**self.aliases, name: added})

    def overruling(self, facts: Facts, surveys: Iterable[str]) -> "Holdings":
        """The same, after versions of these surveys came to some name: a query for each name and survey.

        Surveys are the beginnings of the identities of their facts. Nothing is read of a client with one name.
        """
        asked = tuple(sorted(set(surveys)))
        if len(self.all_names) == 1 or not asked:
            return self
        found = [fact for name in self.all_names for survey in asked for fact in facts.versions(name, survey)]
        kept = {
            (name, fact_id)
            for name, fact_ids in self.overruled.items()
            for fact_id in fact_ids
            if not fact_id.startswith(asked)
        }
        return replace(self, overruled=_by_name(kept | _overruled(found)))

    def counts(self, name: str, fact_id: str) -> bool:
        """Whether what stands under this name is the last version of its fact."""
        return fact_id not in self.overruled.get(name, ())


def _overruled(versions: Iterable[StoredFact]) -> set[tuple[str, str]]:
    """Of versions of facts under several names, those that a later one overrules; of equal ones, one counts."""
    by_fact: defaultdict[str, list[StoredFact]] = defaultdict(list)
    for version in versions:
        by_fact[version.fact_id].append(version)
    found: set[tuple[str, str]] = set()
    for fact_id, told in by_fact.items():
        last = max(told, key=lambda version: (version.revision, version.name))
        found |= {(version.name, fact_id) for version in told if version is not last and version.lane}
    return found


def _by_name(facts: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, fact_id in facts:
        found[name].add(fact_id)
    return {name: frozenset(fact_ids) for name, fact_ids in found.items()}


SURVEYS = f"{KINDS['survey'].name}#"
"""How the identities of facts begin that may have versions under several names of a client."""


def survey_of(fact_id: str) -> str | None:
    """How the identities of all facts of a survey begin; None for facts of other kinds."""
    return f"{fact_id.rpartition('#')[0]}#" if fact_id.startswith(SURVEYS) else None


def lanes_of(model: Model) -> tuple[str, ...]:
    """Every lane that a model's questions are answered from, and those of what people plan and agree."""
    answered = (lane for dimension in model.dimensions for lane in lanes_behind(dimension))
    return tuple(dict.fromkeys((*answered, *AGENDA, NOTES)))


def find_holdings(facts: Facts, client_id: str, names: Iterable[str], model: Model) -> Holdings:
    """Looks where the facts of a client lie: one query for each alias that holds none.

    Where several names hold facts, all their surveys are read: no more than there were surveys.
    """
    lanes = lanes_of(model)
    found = {name: frozenset(facts.lanes(name, lanes)) for name in names if name != client_id}
    return Holdings(client_id, {name: held for name, held in found.items() if held}).overruling(facts, [SURVEYS])
