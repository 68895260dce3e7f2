"""Clients and facts for pages, made by hand for any model, and what can be read of a page."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

from functions.pages.agenda import Meetings
from functions.pages.layout import PageContext
from functions.pages.partnership import Partnership, topics_of
from functions.pages.year import Behind, course, month_ends
from shared.http.requests import Request
from shared.http.tokens import Token
from shared.opmm.discussion import reasons_to_talk
from shared.opmm.inputs import Answer, Description, LatestResponse, ScoringInputs
from shared.opmm.intervals import intervals
from shared.opmm.ledger import Change, Reading
from shared.opmm.model import Model
from shared.opmm.next_steps import next_steps
from shared.opmm.nps import Tally
from shared.opmm.scorecard import Scorecard, scorecard
from shared.reading.scorecards import Card
from shared.storage.fact_items import StoredFact

DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NOTHING: Any = None
"""Of what is stored: a page is drawn without looking there."""
BASES = {"consultants": "measured", "survey": "answered"}


def context(language: str = "en", path: str = "/clients/acme") -> PageContext:
    return PageContext(Request("GET", path, {}, {"lang": language}), Token("tests", frozenset()))


def answered(model: Model, best: bool = True) -> ScoringInputs:  # noqa: FBT001, FBT002 - the best or the worst
    """Every question answered: with the value that has the most points, or the fewest."""
    answers: dict[str, Answer] = {}
    for dimension in model.dimensions:
        band = (max if best else min)(dimension.bands, key=lambda band: band.points)
        value = band.low if band.answer is None else band.answer
        if dimension.kind != "nps" and value is not None:
            basis: Any = BASES[dimension.answers_from]
            answers[dimension.key] = Answer(value, basis, DAY, DAY.isoformat(), "tests", f"fact-{dimension.key}")
    responses = {DAY: Tally(promoters=3) if best else Tally(detractors=3)} if model.answered_from("nps") else {}
    latest = LatestResponse(DAY.isoformat(), "tests") if responses else None
    return ScoringInputs("acme", Description("Acme B.V."), answers=answers, responses=responses, latest_response=latest)


UNANSWERED = ScoringInputs("acme", Description("Acme B.V."))


def fact(kind: str, answer: Mapping[str, Any]) -> StoredFact:
    return StoredFact("acme", f"{kind}#tests#1", kind, "tests", "1", answer, "2026-11-20T23:30:00Z", None, "")


def loaded(
    model: Model,
    now: ScoringInputs,
    before: ScoringInputs = UNANSWERED,
    changes: Sequence[Change] = (),
    *,
    facts: Mapping[str, Sequence[StoredFact]] | None = None,
    told: Meetings | None = None,
) -> Partnership:
    """What the page of a client tells whose answers were others before this month."""
    compared_on = DAY - timedelta(days=model.discussion.days)
    card, earlier = scorecard(now, model, DAY), scorecard(before, model, compared_on)
    ends = month_ends(DAY)
    asked = model.answered_from("nps")
    year = [*(scorecard(before, model, day) for day in ends[:-1]), card]
    told, steps = told or Meetings(), next_steps(now, card, model)
    held = Card(NOTHING, now, card, earlier, reasons_to_talk(card, earlier, model))
    return Partnership(
        card=held,
        year=year,
        course=course(by_month(year), ends[0], model),
        responses=intervals(now.responses, ends[1].replace(day=1), DAY, monthly=True) if asked else (),
        steps=steps,
        changes=changes,
        behind={key: Behind(tuple((facts or {}).get(key, ())), all=True) for key in model.keys},
        remarks={},
        meetings=told,
        topics=topics_of(held, told, steps, model),
    )


def by_month(year: Sequence[Scorecard]) -> dict[str, dict[date, Reading]]:
    """What each question read at the ends of the months."""
    keys = [dimension.key for dimension in year[0].dimensions]
    return {
        key: {card.as_of: Reading(card.dimensions[place].points, card.dimensions[place].value) for card in year}
        for place, key in enumerate(keys)
    }


def texts(body: str | None, tag: str = r"\w+") -> list[str]:
    """What stands between the tags of a page, or of its elements of one kind."""
    return [unescape(text) for text in re.findall(rf"<{tag}(?: [^>]*)?>([^<>]+)<", body or "")]


def as_text(body: str | None) -> str:
    """What a page says."""
    return unescape(re.sub(r"<[^>]*>", " ", body or ""))
