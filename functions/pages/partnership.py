"""All that pages tell of one partnership, read at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from functions.pages.year import Behind, Course, Year, month_ends
from shared.http.tokens import Token
from shared.opmm.intervals import Interval, end_of_month, intervals
from shared.opmm.ledger import Change
from shared.opmm.model import Dimension
from shared.opmm.next_steps import Step, next_steps
from shared.opmm.nps import Tally
from shared.opmm.scorecard import Scorecard
from shared.opmm.timestamps import start_of, window
from shared.reading.disclosure import Disclosure
from shared.reading.history import Ledger
from shared.reading.scorecards import Card, Cards
from shared.storage.client_facts import ClientFacts
from shared.storage.facts import Remark
from shared.storage.queries import Queries
from shared.storage.records import Scored

_CHANGES = 8
_SHOWN = 5
"""Facts of a question that are told with who said them; of the NPS no more are read, as its responses are counted
elsewhere."""
_FACTS = 60
"""How many of the newest facts of another question are read at once: more than weekly for a year."""
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Partnership:
    """What is known of it on a day."""

    card: Card
    year: Sequence[Scorecard]
    """Of the last month ends and of the day, the oldest first, as the facts known today give them."""
    course: Course
    """How the total went between them."""
    responses: Sequence[Interval]
    """Of these months; none where the model asks for no NPS."""
    steps: Sequence[Step]
    changes: Sequence[Change]
    behind: Mapping[str, Behind]
    """The newest facts behind each question."""
    remarks: Mapping[str, Remark]
    """By fact, who said it and what they left as a comment; empty for those who are told counts."""
    hidden: int = 0
    """Changes that are not shown: they rest on facts of a name that is no longer the client's."""
    people: bool = True
    """Whether single responses are among the facts; else they are told by month."""
    past: bool = False
    """Whether it is the scorecard of a day that is over."""


@dataclass(frozen=True, slots=True)
class Partnerships:
    """Reads them."""

    cards: Cards
    queries: Queries

    def load(self, scored: Scored, token: Token, disclosure: Disclosure, day: date | None = None) -> Partnership:
        """Reads what is told beside the scorecard.

        The newest facts of each question (a query each, and one more for reported figures), what was said beside them,
        a page of the ledger, and the responses that are older than those held with the scorecard: 9 reads for five
        questions. A reader who is told counts costs fewer; a day that is over is read from its facts, too.
        """
        today, model, zone = self.cards.today(), self.cards.model, self.cards.zone
        past = day is not None and day < today
        last = day if past else None
        card = self.cards.as_of(scored, last) if last else self.cards.current(scored)
        client_facts, asked = self.cards.client_facts(scored, last), model.answered_from("nps")
        until = card.score.as_of
        ends = month_ends(until)
        behind = {dimension.key: _behind(dimension, client_facts, disclosure) for dimension in model.dimensions}
        told = [fact for known in behind.values() for fact in known.facts[:_SHOWN]]
        oldest = window(ends[0], model.nps_window_days)[0]
        responses = _tallies(self.cards, card, client_facts, oldest, last) if asked else {}
        year = Year(self.cards, card, behind, responses)
        months = [year.scorecard_of(end) for end in ends]
        since = start_of(until - _YEAR, zone)
        before = start_of(last + timedelta(days=1), zone) if last else None
        counted = intervals(responses, ends[1].replace(day=1), until, monthly=True) if asked else ()
        history = Ledger(self.queries, scored, token).page(since, before, _CHANGES, None)
        return Partnership(
            card=replace(card, score=disclosure.scorecard(card.score, today)),
            year=months,
            course=year.course(months, people=disclosure.people),
            responses=counted if disclosure.people else _whole(counted, today),
            steps=next_steps(card.inputs, card.score, model, by_month=not disclosure.people),
            changes=history.changes,
            hidden=history.hidden,
            behind=behind,
            remarks=client_facts.remarks(told) if told and disclosure.people else {},
            people=disclosure.people,
            past=past,
        )


def _behind(dimension: Dimension, client_facts: ClientFacts, disclosure: Disclosure) -> Behind:
    limit = _SHOWN if dimension.kind == "nps" else _FACTS
    facts, following = client_facts.page(dimension, limit, None, responses=disclosure.people)
    return Behind(tuple(facts), following is None)


def _whole(counted: Sequence[Interval], today: date) -> list[Interval]:
    """Whole months, and this one so far: one that is cut off elsewhere would tell of single days."""
    return [month for month in counted if month.last in (today, end_of_month(month.last))]


def _tallies(
    cards: Cards, card: Card, client_facts: ClientFacts, oldest: date, last: date | None
) -> Mapping[date, Tally]:
    """The responses of the year and of the windows that end in it; of a day that is over those up to it."""
    return client_facts.tallies_since(oldest) if last else cards.tallies(card, oldest)
