"""What the form of a talk has to know before it is drawn: the talk, the scorecard, who and what is known by name."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from functions.pages.forms.saying import SOURCE
from shared.http.problems import NotFoundError
from shared.http.tokens import Token
from shared.opmm.advice import Advice, advice
from shared.opmm.agenda import Talk, TalkStatus
from shared.opmm.dataclass import dataclass
from shared.opmm.facts import fact_id
from shared.opmm.kinds import TALKS, lanes_behind
from shared.opmm.next_steps import next_steps
from shared.opmm.persons import person_key
from shared.reading.scorecards import Card, Cards
from shared.storage.agenda_facts import talk_of
from shared.storage.client_facts import ClientFacts
from shared.storage.fact_items import StoredFact
from shared.storage.records import Scored

ANOTHER = "new"
"""Asks for a talk that nobody has planned."""

_MOST_TALKS = 20
"""Earlier talks that are looked at for who was there."""
_MOST_KNOWN = 10
"""Names that are offered."""


@dataclass(frozen=True, slots=True)
class KnownTalk:
    """A talk that was planned or held."""

    fact: StoredFact
    talk: Talk
    details: Mapping[str, Any]

    @property
    def people(self) -> tuple[str, ...]:
        """Who was there, or is to be."""
        return tuple(name for name in self.details.get("with", ()) if isinstance(name, str))

    def text(self, name: str) -> str:
        """What was written down."""
        return str(self.details.get(name, ""))


@dataclass(frozen=True, slots=True)
class Loaded:
    """All of it."""

    card: Card
    today: date
    talk: KnownTalk | None
    """The one that is held now, or was; None for one that nobody has planned."""
    talks: Sequence[KnownTalk]
    """Every one that is known, the latest first."""
    people: Sequence[str]
    """Who may have been there, by name."""
    working: int | None
    """How many consultants work there, where the answer that counts says so."""
    names: Mapping[str, tuple[str, ...]]
    """By question, what the last answer has counted, by name."""
    told: Mapping[str, str | int | tuple[str, ...]]
    """By question, what was answered in this very talk."""
    told_at: str | None
    """When, as it was told."""
    advised: Sequence[Advice]

    @property
    def client_id(self) -> str:
        """The client's id."""
        return self.card.inputs.client_id

    @property
    def status(self) -> TalkStatus | None:
        """What became of the talk by today."""
        return self.talk.talk.status(self.today) if self.talk else None

    @property
    def next_talk(self) -> KnownTalk | None:
        """The next one that is planned beside this one."""
        mine = self.talk.talk.talk_id if self.talk else None
        planned = [
            known for known in self.talks if known.talk.status(self.today) == "planned" and known.talk.talk_id != mine
        ]
        return min((known for known in planned if known.talk.on > self.today), key=_day, default=None)


def _day(known: KnownTalk) -> date:
    return known.talk.on


@dataclass(frozen=True, slots=True)
class TalkReader:
    """Reads what there is: talks, their details, a head count and what was answered in this talk; at most 5 reads."""

    cards: Cards

    def load(self, scored: Scored, token: Token, asked: str | None, *, said: str | None = None) -> Loaded:
        """Of the talk that is asked for by its id; without one of the next that is planned, or of none.

        `said` is the id that a form says, whose talk may not be stored yet. Raises NotFoundError where one is asked for
        that does not exist.
        """
        card, today = self.cards.current(scored), self.cards.today()
        facts = self.cards.client_facts(scored)
        found = list(_readable(facts.all_of(TALKS), self.cards))
        chosen = _chosen([talk for _, talk in found], asked, said, today)
        if chosen is None and said is None and asked not in (None, ANOTHER):
            raise NotFoundError("There is no talk of this id.")
        held = chosen is not None and chosen.status(today) == "held"
        answers = self._answers(scored, chosen) if chosen and held else []
        keys = [(fact.name, fact.fact_id) for fact, _ in found[:_MOST_TALKS]]
        keys += [(fact.name, fact.fact_id) for fact, talk in found[_MOST_TALKS:] if talk is chosen]
        counted = [
            (dimension.key, answer.name or scored.inputs.client_id, answer.fact_id)
            for dimension in self.cards.model.survey_questions
            if dimension.kind == "count" and (answer := card.inputs.answers.get(dimension.key))
        ]
        keys += [(name, fact) for _, name, fact in counted]
        keys += [(fact.name, fact.fact_id) for fact in answers]
        details = self.cards.facts.details(dict.fromkeys(keys)) if keys else {}
        talks = [KnownTalk(fact, talk, details.get((fact.name, fact.fact_id), {})) for fact, talk in found]
        known = next((known for known in talks if known.talk is chosen), None)
        model = self.cards.model
        names = {key: _names(details.get((name, fact), {})) for key, name, fact in counted}
        told = {
            question: _names(details.get((fact.name, fact.fact_id), {})) or fact.answer[question]
            for fact in answers
            if (question := fact.question) and question in fact.answer and model.find(question)
        }
        return Loaded(
            card=card,
            today=today,
            talk=known,
            talks=talks,
            people=_people(known, talks, card, token),
            working=self._working(facts),
            names={key: found for key, found in names.items() if found},
            told=told,
            told_at=next((fact.observed_at for fact in answers if fact.observed_at), None),
            advised=advice(next_steps(card.inputs, card.score, model), card.score, model),
        )

    def _answers(self, scored: Scored, talk: Talk) -> list[StoredFact]:
        """What was answered in a talk that was held before."""
        beginning = f"{fact_id('survey', SOURCE, talk.talk_id)}#"
        return [fact for fact in self.cards.facts.versions(scored.inputs.client_id, beginning) if fact.lane]

    def _working(self, facts: ClientFacts) -> int | None:
        asked = self.cards.model.answered_from("consultants")
        if asked is None or not lanes_behind(asked):
            return None
        page, _ = facts.page(asked, 1, None)
        working = page[0].answer.get("working") if page else None
        return working if isinstance(working, int) else None


def _readable(facts: Sequence[StoredFact], cards: Cards) -> Iterator[tuple[StoredFact, Talk]]:
    """The talks among them; what is damaged is left out."""
    for fact in facts:
        try:
            yield fact, talk_of(fact, cards.zone)
        except (KeyError, TypeError, ValueError):
            continue


def _chosen(talks: Sequence[Talk], asked: str | None, said: str | None, today: date) -> Talk | None:
    wanted = said if said is not None else asked
    if wanted is not None:
        return next((talk for talk in talks if talk.talk_id == wanted), None)
    planned = [talk for talk in talks if talk.status(today) == "planned"]
    return min(planned, key=lambda talk: (talk.on, talk.fact_id), default=None)


def _people(known: KnownTalk | None, talks: Sequence[KnownTalk], card: Card, token: Token) -> list[str]:
    """Those of this talk first, then who answers for the client, who looks, and those of earlier talks and actions."""
    actions = card.planned.agenda.open_actions(card.score.as_of)
    offered = [
        *(known.people if known else ()),
        *filter(None, (card.inputs.description.owner, token.name)),
        *(name for earlier in talks for name in earlier.people),
        *(action.who for action in actions if action.who),
    ]
    distinct = {person_key(name): name for name in reversed(offered)}
    return list(reversed(distinct.values()))[: max(_MOST_KNOWN, len(known.people) if known else 0)]


def _names(details: Mapping[str, Any]) -> tuple[str, ...]:
    names = details.get("names", ())
    return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()
