"""The page of one partnership: what its score is, why, how it came about, and what would raise it."""

from dataclasses import dataclass
from datetime import timedelta

from functions.pages import evidence_part, nps_part, scorecard_part, steps_part, trend_components
from functions.pages.layout import page
from functions.pages.markup import tag
from functions.pages.page_context import PageContext
from functions.pages.trend import Past
from shared.http.requests import Response
from shared.opmm.intervals import intervals
from shared.opmm.next_steps import next_steps
from shared.opmm.scorecard import scorecard
from shared.opmm.timestamps import start_of
from shared.reading.access import Access
from shared.reading.scorecards import Cards
from shared.storage.queries import Queries

_CHANGES = 8
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class ClientPage:
    """What both sides look at together."""

    access: Access
    cards: Cards
    views: Queries

    def answer(self, visit: PageContext, client_id: str) -> Response:
        """`GET /clients/{client_id}`.

        Reads the scorecard, the newest facts of each question (6 queries), their comments where they are shown, a page
        of the ledger, and the responses that are older than those held with the scorecard: 10 reads as a rule.
        """
        token = visit.token or self.access.visitor(visit.request)
        card = self.cards.current(self.access.scored(token, client_id))
        scored, model, words = card.scored, self.cards.model, visit.words
        today = card.score.as_of
        past = Past(self.cards, scored)
        behind = past.behind()
        year = past.year(behind)
        earlier = scorecard(scored.earlier, model, today - timedelta(days=model.discussion.days))
        since = start_of(today - _YEAR, self.cards.zone)
        changes = self.views.ledger(scored.standing.client_id, since, None, _CHANGES, None).rows
        months = intervals(scored.standing.responses, year[1].as_of.replace(day=1), today, monthly=True)
        comments = self.cards.client_facts(scored).comments(behind["nps"].facts) if token.clients is None else {}
        name = scored.standing.description.name
        steps = next_steps(card.inputs, card.score, model)
        return page(
            visit,
            name,
            scorecard_part.heading(card, words),
            scorecard_part.hero(card, earlier, model, words),
            scorecard_part.talk(card, model, words),
            scorecard_part.questions(card, model, words),
            tag.div(
                trend_components.trend(year, model, words), nps_part.nps(card, months, model, words), class_="columns"
            ),
            steps_part.steps(steps, model, words),
            trend_components.history(changes, model, self.cards.zone, words),
            evidence_part.evidence(behind, comments, self.cards, words),
            tag.p(words("made", day=words.day(today)), class_="note"),
        )
