"""What the score is made from: the latest facts behind each question. Who responded is nobody's business."""

from collections.abc import Mapping

from functions.pages.markup import Child, tag
from functions.pages.trend import SHOWN, Behind
from shared.opmm.model import Dimension
from shared.reading.scorecards import Cards
from shared.storage.facts import StoredFact
from shared.texts.words import Words, plain


def evidence(behind: Mapping[str, Behind], comments: Mapping[str, str], cards: Cards, words: Words) -> Child:
    """The newest facts by question; comments only where they are given."""
    return tag.section(
        tag.h2(words("evidence")),
        tag.p(words("evidence_note"), class_="hint"),
        tag.div(
            (_question(each, behind[each.key], comments, cards, words) for each in cards.model.dimensions),
            class_="facts",
        ),
        class_="card screen",
    )


def _question(dimension: Dimension, behind: Behind, comments: Mapping[str, str], cards: Cards, words: Words) -> Child:
    rows = [
        tag.li(
            tag.strong(answer_text(fact, dimension, words)),
            tag.span(
                words("told", source=fact.source, day=words.short_day(fact.timestamp(cards.zone).day(cards.zone))),
                class_="hint",
            ),
            tag.q(comments[fact.fact_id]) if fact.fact_id in comments else None,
        )
        for fact in behind.facts[:SHOWN]
    ]
    facts: Child = tag.ul(rows) if rows else tag.p(words("no_facts"), class_="hint")
    return tag.div(tag.h3(dimension.name[words.language]), facts)


def answer_text(fact: StoredFact, dimension: Dimension, words: Words) -> str:
    """What a fact says, in words."""
    answer = fact.answer
    if fact.kind == "response":
        return words("rating", score=answer["score"])
    if fact.kind == "reported":
        return words("reported_nps", nps=plain(answer["nps"]))
    if fact.kind == "count":
        return words("happy_of" if "happy" in answer else "head_count", **answer)
    value: int | str = answer[dimension.key]
    return str(value) if isinstance(value, int) else dimension.band_of(value).text[words.language]
