"""Topics in words: what each is about, the facts and the words behind it, what is under way, and what it would take."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, tzinfo

from functions.pages.agreement_components import who_by
from functions.pages.controls import badge, link_button
from functions.pages.history_components import answer_text
from functions.pages.icons import icon
from functions.pages.markup import Child, Markup, Tag, tag
from functions.pages.partnership import Partnership
from functions.pages.places import ClientPlaces
from functions.pages.scorecard_components import advice_text, step_words, value_text
from shared.opmm.agenda import Action
from shared.opmm.dataclass import dataclass
from shared.opmm.kinds import KINDS
from shared.opmm.ledger import Reading
from shared.opmm.model import Dimension, Model
from shared.opmm.nps import LOWEST_PASSIVE
from shared.opmm.scorecard import DimensionScore
from shared.opmm.topics import Topic
from shared.storage.fact_items import StoredFact
from shared.texts.sentences import reason_text
from shared.texts.words import Words, plain

QUOTES = 2
"""Of a topic."""
_TOLD = 2
"""Agreements of one topic that are told in short."""
LONGEST_QUOTE = 180
"""On paper, in characters."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said."""

    text: str
    said: str
    """Who, or how content they were, and when."""
    internal: bool = False
    """Whether it stays inside, and on no paper."""


@dataclass(frozen=True, slots=True)
class TopicTexts:
    """Says what topics are about."""

    loaded: Partnership
    model: Model
    zone: tzinfo
    words: Words

    @property
    def today(self) -> date:
        """The day of the scorecard."""
        return self.loaded.card.score.as_of

    def title(self, topic: Topic) -> str:
        """What it is about, in a line."""
        words, dimension = self.words, self._dimension(topic)
        name = dimension.name[words.language] if dimension else ""
        if topic.kind == "fell" and dimension:
            return self._fall(topic, dimension)
        if topic.kind == "agreement":
            return self._not_kept(topic, name)
        if topic.kind in ("diverging", "quiet"):
            [reason] = (reason for reason in topic.reasons if reason.key not in ("fell", "low", "stale"))
            return reason_text(reason, self.model, words.language).rstrip(".")
        points, day = words.points(topic.after.points or 0), words.day_of_year(topic.day or self.today, self.today)
        return words(f"topic_{topic.kind}", name=name, points=points, day=day)

    def facts(self, topic: Topic) -> list[str]:
        """What it rests on, in sentences."""
        if topic.kind in ("not_held", "quiet"):
            return [self._of_talks(topic)]
        score = self._score(topic)
        if score is None:
            alone = len(topic.broken) == 1
            return [
                f"{self._by(action)}." if alone else f"{action.title}: {self._by(action)}." for action in topic.broken
            ]
        return self._counted(topic, score) if score.tally else self._answered(topic, score)

    def _answered(self, topic: Topic, score: DimensionScore) -> list[str]:
        if score.value is None:
            return [f"{self.words('nobody_now' if topic.before.value is not None else 'nobody_yet')}."]
        said = _sentence(value_text(score, self.model, self.words))
        if topic.kind == "stale":
            day = next((self._day(fact) for fact in self._behind(topic)), None)
            if day:
                return [self.words("stale_fact", said=said, day=self.words.day_of_year(day, self.today))]
        if topic.kind in ("fell", "lapsed", "diverging"):
            moved = self._then_and_now(topic)
            if moved:
                return moved
        return [self.words("stands_at", said=said, points=score.points or 0, whole=score.max)]

    def agreed(self, topic: Topic) -> list[str]:
        """What was agreed and not kept, unless the title says it and the facts who and when."""
        if topic.kind == "agreement" and topic.dimension is None:
            return []
        if topic.kind == "agreement" and len(topic.broken) == 1:
            return [self._by(topic.broken[0])]
        return [f"{action.title}: {self._by(action)}" for action in topic.broken]

    def under_way(self, topic: Topic) -> list[str]:
        """What is being done already."""
        return [f"{action.title}: {self._by(action)}" for action in topic.under_way]

    def would_take(self, topic: Topic) -> str | None:
        """What would gain a point, and of counts what would lose another."""
        words, parts = self.words, []
        if topic.kind == "stale":
            return None
        if topic.advice:
            text = advice_text(topic.advice, self.model, words)
            points = topic.advice.points
            parts.append(words("step_for", step=text, points=words.points(points)) if points else text)
        if topic.risk:
            step = step_words(topic.risk, self.model, words)
            parts.append(words("risk_for", step=step, points=words.points(-topic.risk.points)))
        return "; ".join(parts) or None

    def quotes(self, topic: Topic) -> list[Quote]:
        """What was said of it: comments on the NPS, of other questions what somebody wrote down."""
        dimension = self._dimension(topic)
        if dimension is None:
            return []
        written = self._written(dimension)
        return [*self._comments(dimension), *written][:QUOTES] if dimension.kind == "nps" else written[:1]

    def unheard(self) -> list[Quote]:
        """What people said who were not content since the last talk, where their answers are no topic."""
        asked = self.model.answered_from("nps")
        if asked is None or any(topic.dimension == asked.key for topic in self.loaded.topics):
            return []
        last = self.loaded.meetings.agenda.last_talk(self.today)
        facts = [
            fact
            for fact in self.loaded.behind[asked.key].facts
            if fact.fact_id in self.loaded.comments
            and fact.answer.get("score", LOWEST_PASSIVE) < LOWEST_PASSIVE
            and (last is None or self._day(fact) > last)
        ]
        return [self._quote(fact) for fact in facts[:QUOTES]]

    def _comments(self, dimension: Dimension) -> list[Quote]:
        """The newest of somebody who was not content, and the newest of the others."""
        commented = [fact for fact in self.loaded.behind[dimension.key].facts if fact.fact_id in self.loaded.comments]
        unhappy = [fact for fact in commented if fact.answer.get("score", LOWEST_PASSIVE) < LOWEST_PASSIVE]
        others = [fact for fact in commented if fact not in unhappy]
        return [self._quote(fact) for fact in [*unhappy[:1], *others[:1], *unhappy[1:], *others[1:]]]

    def _quote(self, fact: StoredFact) -> Quote:
        day = self.words.day_of_year(self._day(fact), self.today)
        return Quote(
            self.loaded.comments[fact.fact_id], self.words("rating_on", score=fact.answer.get("score", ""), day=day)
        )

    def _written(self, dimension: Dimension) -> list[Quote]:
        found = []
        for note in self.loaded.meetings.notes:
            text, author = note.details.get("text"), note.details.get("author")
            if note.dimension == dimension.key and isinstance(text, str) and text:
                day = self.words.day_of_year(note.written_on, self.today)
                said = (
                    self.words("note_on", author=author, day=day)
                    if isinstance(author, str) and author
                    else self.words("note_said", day=day)
                )
                found.append(Quote(text, said, internal=note.internal))
        return found

    def _fall(self, topic: Topic, dimension: Dimension) -> str:
        words, name = self.words, dimension.name[self.words.language]
        before, after = (self._reading(reading, dimension) for reading in (topic.before, topic.after))
        if dimension.kind == "choice":
            return words("topic_answer", name=name, before=before, after=after)
        if dimension.kind == "count":
            return words("topic_fewer", unit=dimension.unit[words.language][1], before=before, after=after)
        return words("topic_fell", name=name, before=before, after=after)

    def _not_kept(self, topic: Topic, name: str) -> str:
        if len(topic.broken) > 1:
            number = _sentence(self.words.number(len(topic.broken)))
            return self.words("topic_agreements" if name else "topic_several", number=number, name=name)
        [action] = topic.broken
        status = self.loaded.meetings.agenda.settled(action, self.today).status
        return self.words(f"topic_{status}", title=action.title)

    def _of_talks(self, topic: Topic) -> str:
        last = self.loaded.meetings.agenda.last_talk(self.today)
        if topic.kind == "quiet" and last:
            return self.words("quiet_fact", day=self.words.day_of_year(last, self.today))
        if last is None:
            return self.words("not_held_first")
        return self.words("not_held_fact", days=(self.today - last).days)

    def _counted(self, topic: Topic, score: DimensionScore) -> list[str]:
        words, counts = self.words, score.tally
        if counts is None:
            return []
        parts = ", ".join(
            words.counted(f"count_{share}", getattr(counts, share)) for share in ("promoters", "passives", "detractors")
        )
        said = [words.counted("nps_counted", counts.count, parts=parts)]
        since = topic.since
        if self.loaded.people and since and counts.detractors:
            responses = self.loaded.card.inputs.responses
            late = sum(counts.detractors for day, counts in responses.items() if since < day <= self.today)
            if late:
                day = words.day_of_year(since, self.today)
                said.append(words("detractors_since", count=late, whole=counts.detractors, day=day))
        return said

    def _then_and_now(self, topic: Topic) -> list[str]:
        """The last fact that said what stood on the earlier day, and the one that came after it."""
        facts, dimension = self._behind(topic), self._dimension(topic)
        if dimension is None or not facts:
            return []
        said = [self._value(fact, dimension) for fact in facts]
        place = said.index(topic.before.value) if topic.before.value in said else 0
        told = [facts[place], facts[place - 1]] if place else [facts[0]]
        return [
            self.words(
                "fact_on",
                day=self.words.day_of_year(self._day(fact), self.today),
                said=answer_text(fact, dimension, self.words),
            )
            for fact in told
        ]

    def _value(self, fact: StoredFact, dimension: Dimension) -> int | str | None:
        said = KINDS[fact.kind].said
        return said(fact.answer, dimension.key)[0] if said else None

    def _by(self, action: Action) -> str:
        return who_by(action, self.today, self.words)

    def _reading(self, reading: Reading, dimension: Dimension) -> str:
        if isinstance(reading.value, int):
            return plain(reading.value)
        return self.words("quoted", text=self.words.band(reading.value, dimension))

    def _behind(self, topic: Topic) -> Sequence[StoredFact]:
        return self.loaded.behind[topic.dimension].facts if topic.dimension else ()

    def _day(self, fact: StoredFact) -> date:
        return fact.timestamp(self.zone).day(self.zone)

    def _dimension(self, topic: Topic) -> Dimension | None:
        return self.model.dimension(topic.dimension) if topic.dimension else None

    def _score(self, topic: Topic) -> DimensionScore | None:
        return next((score for score in self.loaded.card.score.dimensions if score.key == topic.dimension), None)


def why_talk(texts: TopicTexts, places: ClientPlaces, *, may_write: bool) -> Child:
    """The topics in short: each with what it rests on, and at the right the words, the agreement or the act."""
    topics = texts.loaded.topics
    if not topics:
        return tag.div(tag.p(texts.words("no_reasons"), class_="quiet"), class_="sunk card")
    rows = [
        tag.li(
            _place(place, topic),
            tag.div(
                _heading(topic, texts, tag.h3),
                tag.p(" ".join(_in_short(topic, texts)), " ", _all_facts(topic, texts, places), class_="why"),
            ),
            tag.div(beside) if (beside := _beside(topic, texts, places, may_write=may_write)) else None,
        )
        for place, topic in enumerate(topics)
    ]
    return tag.ol(rows, class_="rows topics")


def _beside(topic: Topic, texts: TopicTexts, places: ClientPlaces, *, may_write: bool) -> Child:
    quotes = texts.quotes(topic)
    if quotes:
        return _quoted(quotes[0], texts.words, on_paper=not quotes[0].internal)
    if topic.broken and topic.kind != "agreement":
        return _with_icon("cross", topic.broken[0], texts)
    if topic.under_way:
        return _with_icon("ring", topic.under_way[0], texts)
    if topic.stale and topic.dimension and may_write:
        return link_button(texts.words("answer_anew"), places.answer(topic.dimension), weight="small")
    return None


def _with_icon(name: str, action: Action, texts: TopicTexts) -> Markup:
    said = who_by(action, texts.today, texts.words)
    marked = icon(name, "warn" if name == "cross" else "")
    return tag.div(marked, tag.div(action.title, tag.p(said, class_="hint")), class_="with-icon")


def topics_in_full(texts: TopicTexts, places: ClientPlaces, most_on_paper: int) -> Child:
    """The topics with all that belongs to them; how many more there are is said on paper, where some are left out."""
    topics, words = texts.loaded.topics, texts.words
    quotes = [texts.quotes(topic) for topic in topics]
    printed = [quote for some in quotes[:most_on_paper] for quote in some if not quote.internal][:QUOTES]
    rows = [
        tag.li(
            _place(place, topic),
            tag.div(
                _in_full(topic, texts, places),
                [_quoted(quote, words, on_paper=any(quote is one for one in printed)) for quote in quotes[place]],
            ),
        )
        for place, topic in enumerate(topics)
    ]
    unheard = [
        _quoted(quote, words, on_paper=place + len(printed) < QUOTES) for place, quote in enumerate(texts.unheard())
    ]
    return [
        tag.ol(rows, class_="rows full") if rows else tag.p(words("no_reasons"), class_="quiet none"),
        left_out(len(topics), most_on_paper, words),
        tag.section(tag.h2(words("also_said")), unheard, class_="unheard") if unheard else None,
    ]


def _in_full(topic: Topic, texts: TopicTexts, places: ClientPlaces) -> Child:
    words = texts.words
    would_take = texts.would_take(topic)
    parts: Mapping[str, Sequence[Child]] = {
        "facts": [[" ".join(texts.facts(topic)), " ", _all_facts(topic, texts, places)]]
        if topic.dimension
        else texts.facts(topic),
        "agreed": texts.agreed(topic),
        "under_way": texts.under_way(topic),
        "would_take": [would_take] if would_take else [],
    }
    return [
        _heading(topic, texts, tag.h2),
        tag.dl(
            tag.div(
                tag.dt(words(key)),
                [tag.dd(said) for said in parts[key]],
                tag.dd(words("more_on_page", count=len(parts[key]) - 1), class_="paper hint")
                if parts[key][1:]
                else None,
            )
            for key in parts
            if parts[key]
        ),
    ]


def left_out(count: int, most: int, words: Words) -> Child:
    """That some of a list are not on paper."""
    return tag.p(words("more_on_page", count=count - most), class_="paper hint") if count > most else None


def _place(place: int, topic: Topic) -> Markup:
    return tag.span(place + 1, class_="place" if topic.lost or topic.kind in ("low", "agreement") else "place still")


def _in_short(topic: Topic, texts: TopicTexts) -> list[str]:
    if topic.kind == "agreement" and topic.dimension:
        return [f"{said}." for said in texts.agreed(topic)] + texts.facts(topic)
    facts = texts.facts(topic)
    if topic.kind == "agreement" and len(topic.broken) > _TOLD:
        return [*facts[:_TOLD], texts.words("and_more", count=len(facts) - _TOLD)]
    return facts


def _heading(topic: Topic, texts: TopicTexts, level: Tag) -> Markup:
    lost = [" ", badge(-topic.lost)] if topic.lost else None
    return level(tag.span(texts.title(topic)), lost)


def _all_facts(topic: Topic, texts: TopicTexts, places: ClientPlaces) -> Child:
    if topic.dimension is None:
        return None
    name = texts.model.dimension(topic.dimension).name[texts.words.language]
    text = texts.words("with_facts", name=name)
    return tag.a(text, href=places.evidence(topic.dimension), class_="screen hint")


def _quoted(quote: Quote, words: Words, *, on_paper: bool = True) -> Markup:
    long = len(quote.text) > LONGEST_QUOTE
    cut = words("cut_off", text=quote.text[:LONGEST_QUOTE].rsplit(" ", 1)[0])
    return tag.blockquote(
        tag.q(tag.span(quote.text, class_="screen"), tag.span(cut, class_="paper")) if long else tag.q(quote.text),
        tag.span(quote.said, class_="hint"),
        class_=None if on_paper else "screen",
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def has_reason(topics: Iterable[Topic]) -> bool:
    """Whether any is more than something to ask anew."""
    return any(topic.reasons or topic.broken for topic in topics)
