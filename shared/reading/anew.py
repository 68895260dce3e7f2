"""A scorecard made from the facts while somebody waits, where the one that is stored cannot be read."""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from shared.opmm.dataclass import dataclass
from shared.opmm.discussion import reasons_to_talk
from shared.opmm.ledger import readings as readings_of
from shared.opmm.model import Model
from shared.opmm.scorecard import known_points, scorecard
from shared.opmm.timestamps import window
from shared.storage.alias_groups import read_alias_group
from shared.storage.client_agenda import AgendaReader
from shared.storage.client_facts import ClientFacts, find_holdings
from shared.storage.facts import Facts
from shared.storage.records import Scored, Unreadable
from shared.storage.scores import Scores


@dataclass(frozen=True, slots=True)
class Anew:
    """Reads all facts of a client and stores nothing: the score function mends what is stored."""

    facts: Facts
    scores: Scores
    model: Model
    zone: tzinfo
    clock: Callable[[], datetime]

    def __call__(self, name: str) -> Scored | None:
        """The scorecard of a client, as a recompute would make it; None when nothing was ever told of it.

        That of the client that has the name, where it is the word that the name is an alias which cannot be read.
        """
        group = read_alias_group([name], self.facts, self.scores)
        name = group.owners[name]
        held, names = group.records[name], group.names_of(name)
        if isinstance(held, Scored):
            return held
        if not any(self.facts.any(known) for known in names.all):
            return None
        record = held if isinstance(held, Unreadable) else Unreadable()
        now = self.clock()
        day = now.astimezone(self.zone).date()
        compared_on = day - timedelta(days=self.model.discussion.days)
        holdings = find_holdings(self.facts, name, names.all, self.model)
        facts = ClientFacts(self.facts, holdings, self.model, self.zone)
        found = facts.read(names.description, compared_on)
        since = window(compared_on, self.model.nps_window_days)[0]
        planned = AgendaReader(facts, self.model, found.inputs, since, day).read()
        card = scorecard(found.inputs, self.model, day)
        compared = scorecard(found.earlier, self.model, compared_on)
        reasons = reasons_to_talk(card, compared, self.model, planned.talked(day, self.model))
        last = next(iter(self.scores.latest_changes(name, 1)), None)
        return Scored(
            version=max(record.version, last.version if last else 0, 1),
            inputs=found.inputs,
            earlier=found.earlier,
            since=since,
            earlier_total=compared.total,
            earlier_points=known_points(compared),
            discussion=reasons,
            holdings=holdings,
            planned=planned,
            as_of=day,
            made_with=self.scores.made_with,
            model=self.model.id,
            readings=readings_of(card),
            changed_at=record.changed_at or (last.at if last else now),
        )
