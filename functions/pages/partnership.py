"""All that pages tell of one partnership, read at once."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date, timedelta
from typing import Any

from functions.pages.agenda import AgendaFacts, Meetings, meetings
from functions.pages.year import Behind, Course, Year, month_ends
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.intervals import Interval, end_of_month, intervals
from shared.opmm.ledger import Change
from shared.opmm.model import Dimension, Model
from shared.opmm.next_steps import Step, next_steps
from shared.opmm.nps import Tally
from shared.opmm.scorecard import Scorecard
from shared.opmm.timestamps import start_of, window
from shared.opmm.topics import Known, Topic, topics
from shared.reading.disclosure import Disclosure
from shared.reading.history import Ledger
from shared.reading.scorecards import Card, Cards
from shared.storage.client_facts import ClientFacts
from shared.storage.facts import Remark
from shared.storage.queries import Queries
from shared.storage.records import Scored

_CHANGES = 8
_SHOWN = 15
"""Facts of the NPS that are read, for what was said: its responses are counted elsewhere."""
_TOLD = 5
"""Facts of another question that are told with who said them."""
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
    meetings: Meetings = field(default_factory=Meetings)
    topics: Sequence[Topic] = ()
    """What a talk should be about, the heaviest first."""
    past: bool = False
    """Whether it is the scorecard of a day that is over."""

    @property
    def comments(self) -> Mapping[str, str]:
        """By fact, what was left as a comment."""
        return {fact_id: remark.comment for fact_id, remark in self.remarks.items() if remark.comment}


@dataclass(frozen=True, slots=True)
class Partnerships:
    """Reads them."""

    cards: Cards
    queries: Queries

    def load(self, scored: Scored, token: Token, disclosure: Disclosure, day: date | None = None) -> Partnership:
        """Reads what is told beside the scorecard.

        The newest facts of each question (a query each), talks, actions and notes (a query each), what people wrote (in
        one go with comments, where these are shown), a page of the ledger, and the responses that are older than those
        held with the scorecard: 12 reads for five questions, that of the scorecard among them. What reaches further
        back than that costs more: a question with more facts in a year than are read at once, an action that is older.
        A reader who is told counts costs fewer; a day that is over is read from its facts, too.
        """
        today, model, zone = self.cards.today(), self.cards.model, self.cards.zone
        past = day is not None and day < today
        last = day if past else None
        card = self.cards.as_of(scored, last) if last else self.cards.current(scored)
        client_facts, asked = self.cards.client_facts(scored, last), model.answered_from("nps")
        until = card.score.as_of
        ends = month_ends(until)
        behind = {dimension.key: _behind(dimension, client_facts, card, disclosure) for dimension in model.dimensions}
        agenda = AgendaFacts.read(client_facts)
        commented = behind[asked.key].facts if asked and disclosure.people else ()
        named = _counted_by_name(card, model)
        said = [
            fact
            for known in behind.values()
            for place, fact in enumerate(known.facts)
            if (disclosure.people and place < _TOLD) or fact.fact_id in named
        ]
        remarked = {fact.fact_id: fact for fact in (*commented, *said)}
        details = client_facts.details([*remarked.values(), *agenda.written])
        oldest = window(ends[0], model.nps_window_days)[0]
        responses = _tallies(self.cards, card, client_facts, oldest, last) if asked else {}
        year = Year(self.cards, card, behind, responses, oldest, last)
        months = [year.scorecard_of(end) for end in ends]
        since = start_of(until - _YEAR, zone)
        before = start_of(last + timedelta(days=1), zone) if last else None
        counted = intervals(responses, ends[1].replace(day=1), until, monthly=True) if asked else ()
        history = Ledger(self.queries, scored, token).page(since, before, _CHANGES, None)
        steps = next_steps(card.inputs, card.score, model, by_month=not disclosure.people)
        told = meetings(agenda, card.planned, details, year, disclosure)
        return Partnership(
            card=replace(card, score=disclosure.scorecard(card.score, today)),
            year=months,
            course=year.course(months, people=disclosure.people),
            responses=counted if disclosure.people else _whole(counted, today),
            steps=steps,
            changes=history.changes,
            hidden=history.hidden,
            behind=behind,
            remarks={
                fact_id: remark
                for fact_id, fact in remarked.items()
                if (remark := _remark(details.get((fact.name, fact_id), {}), disclosure)) != Remark()
            },
            meetings=told,
            topics=topics_of(card, told, steps, model),
            people=disclosure.people,
            past=past,
        )

    def planned(self, card: Card, disclosure: Disclosure) -> Meetings:
        """What is planned and agreed, as it is kept with the scorecard; a read for who comes to the next talk."""
        agenda = disclosure.agenda(card.planned.agenda)
        coming = [talk.fact_id for talk in agenda.talks if talk.status(card.score.as_of) == "planned"]
        details = self.cards.client_facts(card.scored).details_of(coming) if coming and disclosure.people else {}
        return Meetings(agenda=agenda, past=card.planned.past, written=details)


def topics_of(card: Card, told: Meetings, steps: Sequence[Step], model: Model) -> tuple[Topic, ...]:
    """What a talk should be about."""
    last = told.agenda.last_talk(card.score.as_of)
    talked = told.past.get(last) if last else None
    return topics(Known(card.score, card.earlier, card.reasons, told.agenda, talked, steps), model)


def _counted_by_name(card: Card, model: Model) -> set[str]:
    """The facts that count for questions of a survey which may have been answered with names."""
    return {
        answer.fact_id
        for dimension in model.dimensions
        if dimension.kind == "count" and dimension.answers_from == "survey"
        if (answer := card.inputs.answers.get(dimension.key))
    }


def _remark(details: Mapping[str, Any], disclosure: Disclosure) -> Remark:
    """What is told beside a fact, of what is kept there; to those who are told counts only what was counted by name."""
    comment, author, names = (details.get(name) for name in ("comment", "author", "names"))
    counted = tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()
    if not disclosure.people:
        return Remark(names=counted)
    return Remark(
        comment=comment if isinstance(comment, str) else None,
        author=author if isinstance(author, str) else None,
        names=counted,
    )


def _behind(dimension: Dimension, client_facts: ClientFacts, card: Card, disclosure: Disclosure) -> Behind:
    """The newest facts; of an NPS those of the sort that counts: the others stand on the page of all its facts."""
    if dimension.kind != "nps":
        facts, following = client_facts.page(dimension, _FACTS, None)
        return Behind(tuple(facts), following is None)
    reported = card.inputs.reported is not None
    counted = disclosure.people and (not reported or any(score.tally for score in card.score.dimensions))
    if not counted and not reported:
        return Behind((), all=True)
    facts, following = client_facts.page(dimension, _SHOWN, None, responses=counted, reported=not counted)
    return Behind(tuple(facts), following is None and not (counted and reported))


def _whole(counted: Sequence[Interval], today: date) -> list[Interval]:
    """Whole months, and this one so far: one that is cut off elsewhere would tell of single days."""
    return [month for month in counted if month.last in (today, end_of_month(month.last))]


def _tallies(
    cards: Cards, card: Card, client_facts: ClientFacts, oldest: date, last: date | None
) -> Mapping[date, Tally]:
    """The responses of the year and of the windows that end in it; of a day that is over those up to it."""
    return client_facts.tallies_since(oldest) if last else cards.tallies(card, oldest)
