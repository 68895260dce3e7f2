"""What is coming with many clients: talks, agreements, goals, and what time alone will do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from functions.pages.agenda import Meetings
from functions.pages.coming import Coming, coming, planned_text
from shared.opmm.calendar import Entry, planned_entries
from shared.opmm.dataclass import dataclass
from shared.reading.scorecards import Cards
from shared.storage.dynamodb import Pause
from shared.storage.queries import Queries
from shared.storage.records import Scored, Summary
from shared.storage.scores import Scores
from shared.texts.words import Words

Told = tuple[str, Entry, str]
"""The client, what comes, and how that is said."""

MOST_READ = 300
"""Clients whose scorecards are read for one calendar: some seconds. Of more, what time alone will do is not told."""


@dataclass(frozen=True, slots=True)
class ComingOfAll:
    """Reads the scorecards of clients, as many at once as can be read."""

    cards: Cards
    scores: Scores
    queries: Queries
    pause: Pause

    def told(self, rows: Sequence[Summary], words: Words) -> list[Told]:
        """Everything within a year, the soonest first, as the pages of these clients tell it.

        By month where the day would say when somebody responded, and without the names of who comes to a talk: nobody
        signs in to read it. Only what is planned and agreed of more than `MOST_READ` clients, and of a client whose
        scorecard has to be made anew: the night makes it.
        """
        names = {row.client_id: row.name for row in rows}
        if len(rows) > MOST_READ:
            return _in_order(
                self._planned([row.client_id for row in rows if row.planned_talks or row.due], names, words)
            )
        records = self.scores.read_many(list(names), self.pause)
        read = {client_id: record for client_id, record in records if isinstance(record, Scored)}
        found = [
            (client_id, entry, f"{names[client_id]}: {text}")
            for client_id, record in read.items()
            for entry, text in self._entries(record, words)
        ]
        found += self._planned([client_id for client_id in names if client_id not in read], names, words)
        return _in_order(found)

    def _entries(self, record: Scored, words: Words) -> Iterator[tuple[Entry, str]]:
        card = self.cards.current(record)
        told = Meetings(agenda=card.planned.agenda, past=card.planned.past)
        for one in coming(card, told, self.cards.model, words, people=False):
            yield one.entry, _said(one, words)

    def _planned(self, clients: Sequence[str], names: Mapping[str, str], words: Words) -> Iterator[Told]:
        if not clients:
            return
        for client_id, agenda in self.queries.agendas(clients).items():
            for entry in planned_entries(agenda, self.cards.today()):
                yield client_id, entry, f"{names[client_id]}: {planned_text(entry, words)}"


def _in_order(found: Iterable[Told]) -> list[Told]:
    return sorted(found, key=lambda one: (one[1].day, one[0], one[1].kind, one[1].subject or "", one[2]))


def _said(one: Coming, words: Words) -> str:
    return f"{one.text} ({words.month_of_year(one.day)})" if one.whole_month else one.text
