"""The page of one partnership: what its score is, why, how it came about, and what would raise it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta, tzinfo

from functions.pages.client_names import SCOPE, client_names, hidden_note, saved_note
from functions.pages.history_components import evidence, nps, recorded_changes, trend
from functions.pages.layout import PageContext, page
from functions.pages.markup import tag
from functions.pages.scorecard_components import heading, hero, next_steps, questions, talk
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.inputs import Answer
from shared.opmm.intervals import Interval, intervals
from shared.opmm.ledger import Change
from shared.opmm.model import Dimension, Model
from shared.opmm.next_steps import Step
from shared.opmm.next_steps import next_steps as steps_from
from shared.opmm.nps import Tally
from shared.opmm.scorecard import Scorecard, scorecard
from shared.opmm.timestamps import start_of, window
from shared.reading.access import Access
from shared.reading.disclosure import Disclosure
from shared.reading.history import Ledger
from shared.reading.scorecards import Card, Cards
from shared.storage.client_facts import ClientFacts
from shared.storage.fact_items import StoredFact
from shared.storage.queries import Queries
from shared.storage.records import Scored

MONTHS = 12
_CHANGES = 8
_SHOWN = 5
"""Facts of a question that are shown."""
_FACTS = 60
"""How many of the newest facts of a question are read at once: more than weekly for a year. Of the NPS, whose responses
are counted elsewhere, only those that are shown."""
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Behind:
    """The newest facts behind a question."""

    facts: tuple[StoredFact, ...]
    all: bool
    """Whether there are no others."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that the page tells."""

    card: Card
    year: Sequence[Scorecard]
    """Of the last month ends and of today, the oldest first, as the facts known today give them."""
    responses: Sequence[Interval]
    """Of these months; none where the model asks for no NPS."""
    steps: Sequence[Step]
    changes: Sequence[Change]
    facts: Mapping[str, Sequence[StoredFact]]
    """The newest ones behind each question."""
    comments: Mapping[str, str]
    hidden: int = 0
    """Changes that are not shown: they rest on facts of a name that is no longer the client's."""
    people: bool = True
    """Whether single responses are among the facts; else they are told by month."""


@dataclass(frozen=True, slots=True)
class _Year:
    """The scorecards of a client's last year, made from what was read of its facts at once."""

    cards: Cards
    card: Card
    behind: Mapping[str, Behind]
    responses: Mapping[date, Tally]

    def scorecard_of(self, day: date) -> Scorecard:
        """As the facts known today give it for the end of a day."""
        now = self.card.inputs
        answers = {key: self._answer(key, latest, day) for key, latest in now.answers.items() if key in self.behind}
        reported = now.reported
        if reported and reported.day > day:
            reported = self._facts_until(day).reported()
        inputs = replace(
            now,
            answers={key: answer for key, answer in answers.items() if answer},
            reported=reported,
            responses=self.responses,
        )
        return scorecard(inputs, self.cards.model, day)

    def _answer(self, key: str, latest: Answer, day: date) -> Answer | None:
        """The answer that counted then: one of the newest facts, or a query of one row where these end too soon."""
        if latest.day <= day:
            return latest
        behind, zone = self.behind[key], self.cards.zone
        counting = next((fact for fact in behind.facts if fact.timestamp(zone).day(zone) <= day), None)
        if counting:
            return self._facts_until(day).answer(counting, self.cards.model.dimension(key))
        return None if behind.all else self._facts_until(day).answer_to(self.cards.model.dimension(key))

    def _facts_until(self, day: date) -> ClientFacts:
        return self.cards.client_facts(self.card.scored, day)


@dataclass(frozen=True, slots=True)
class ClientPage:
    """What both sides look at together."""

    access: Access
    cards: Cards
    queries: Queries

    def respond(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`GET /clients/{client_id}`."""
        disclosure = Disclosure.to(token, self.cards.zone)
        loaded = self.load(self.access.scored(token, client_id), token, disclosure)
        return draw(loaded, self.cards.model, self.cards.zone, context, may_describe=SCOPE in token.scopes)

    def load(self, scored: Scored, token: Token, disclosure: Disclosure) -> Loaded:
        """Reads what is told beside the scorecard.

        The newest facts of each question (a query each, and one more for reported figures), their comments where they
        are shown, a page of the ledger, and the responses that are older than those held with the scorecard: 9 reads
        for five questions. A reader who is told counts costs fewer.
        """
        card, model, zone = self.cards.current(scored), self.cards.model, self.cards.zone
        client_facts, asked = self.cards.client_facts(scored), model.answered_from("nps")
        today = card.score.as_of
        ends = month_ends(today)
        behind = {dimension.key: _behind(dimension, client_facts, disclosure) for dimension in model.dimensions}
        oldest = window(ends[0], model.nps_window_days)[0]
        responses = self.cards.tallies(card, oldest) if asked else {}
        year = _Year(self.cards, card, behind, responses)
        history = Ledger(self.queries, scored, token).page(start_of(today - _YEAR, zone), None, _CHANGES, None)
        return Loaded(
            card=replace(card, score=disclosure.scorecard(card.score, today)),
            year=[year.scorecard_of(day) for day in ends],
            responses=intervals(responses, ends[1].replace(day=1), today, monthly=True) if asked else (),
            steps=steps_from(card.inputs, card.score, model, by_month=not disclosure.people),
            changes=history.changes,
            hidden=history.hidden,
            facts={key: known.facts[:_SHOWN] for key, known in behind.items()},
            comments=_comments(client_facts, behind[asked.key]) if asked and disclosure.people else {},
            people=disclosure.people,
        )


def _comments(client_facts: ClientFacts, behind: Behind) -> dict[str, str]:
    remarks = client_facts.remarks(behind.facts)
    return {fact_id: remark.comment for fact_id, remark in remarks.items() if remark.comment}


def _behind(dimension: Dimension, client_facts: ClientFacts, disclosure: Disclosure) -> Behind:
    limit = _SHOWN if dimension.kind == "nps" else _FACTS
    facts, following = client_facts.page(dimension, limit, None, responses=disclosure.people)
    return Behind(tuple(facts), following is None)


def draw(loaded: Loaded, model: Model, zone: tzinfo, context: PageContext, *, may_describe: bool = False) -> Response:
    """The page."""
    card, words = loaded.card, context.words
    asked = model.answered_from("nps")
    past = trend(loaded.year, model, words)
    return page(
        context,
        card.inputs.description.name,
        saved_note(context) if may_describe else None,
        heading(card, words),
        hero(card, model, words),
        talk(card, model, words),
        questions(card, model, words),
        tag.div(past, nps(card.score, asked, loaded.responses, model, words), class_="columns") if asked else past,
        next_steps(loaded.steps, model, words),
        recorded_changes(loaded.changes, model, zone, words),
        hidden_note(loaded.hidden, words),
        evidence(loaded.facts, loaded.comments, model, zone, words, months=() if loaded.people else loaded.responses),
        client_names(card, context) if may_describe else None,
        tag.p(words("made", day=words.day(card.score.as_of)), class_="note"),
    )


def month_ends(today: date) -> list[date]:
    """The last days of the `MONTHS` months before this one, and today."""
    ends = [today]
    for _ in range(MONTHS):
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return ends[::-1]
