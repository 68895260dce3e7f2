"""The rows of the portfolio: what they say in words, what they draw, and what is taken along of them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from functions.pages.portfolio import page
from functions.pages.portfolio.files import draw_csv
from functions.pages.portfolio.listing import Listing, Viewer, group_of, position_in
from functions.pages.portfolio.reasons import rest_text, why_text
from functions.pages.portfolio.strip import counts_of, in_days
from shared.opmm.discussion import Reason
from shared.opmm.inputs import ScoringInputs
from shared.opmm.model import LANGUAGES, Model
from shared.opmm.model_document import published_model
from shared.opmm.scorecard import scorecard
from shared.reading.portfolio import Filters
from shared.storage.records import Due, Summary, SummaryDimension
from shared.texts.words import Words
from tests.support.models import test_model
from tests.unit.pages.drawing import DAY, NOW, UNANSWERED, answered, as_text, context

ZONE = ZoneInfo("Europe/Amsterdam")
OPMM, SIX, THREE = published_model(), test_model("six"), test_model("three")
EN = Words("en")
VIEWER = Viewer(DAY, "Noor van Dalen", internal=True)

each_model = pytest.mark.parametrize("model", [OPMM, SIX, THREE], ids=lambda model: model.id)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def row(model: Model, inputs: ScoringInputs, earlier: int | None = None, **parts: Any) -> Summary:
    """A row; each question had `earlier` points some months before."""
    card = scorecard(inputs, model, DAY)
    return Summary(
        **{
            "client_id": "acme",
            "name": "Acme B.V.",
            "described": True,
            "status": "active",
            "as_of": DAY,
            "model": model.id,
            "version": 1,
            "changed_at": NOW,
            "digest": card.digest(),
            "total": card.total,
            "max_total": card.max_total,
            "attainable": card.attainable,
            "complete": card.complete,
            "stale": card.stale,
            "dimensions": tuple(
                SummaryDimension(score.key, score.points, score.value, score.stale, earlier)
                for score in card.dimensions
            ),
            "earlier_total": 0,
            "discussion": (),
            **parts,
        }
    )


def held(model: Model, rows: Sequence[Summary], viewer: Viewer = VIEWER, **parts: Any) -> page.Loaded:
    return page.Loaded(
        **{
            "listing": Listing(),
            "viewer": viewer,
            "counts": counts_of(rows, viewer, model),
            "counted_at": NOW,
            "rows": rows,
            "fitting": len(rows),
            "groups": {},
            "all": len(rows),
            **parts,
        }
    )


def portfolio(model: Model, *rows: Summary, language: str = "en", **parts: Any) -> str:
    body = page.draw(held(model, rows, **parts), model, ZONE, context(language, "/")).body or ""
    return body.replace(f"?lang={language}", "")


def said(body: str) -> str:
    """What stands on it, one space between any two words."""
    return " ".join(as_text(body).split())


@each_language
@each_model
def test_a_row_says_the_points_of_each_question(model: Model, language: str) -> None:
    body = portfolio(model, row(model, answered(model)), language=language)
    told = "; ".join(f"{dimension.name[language]} {dimension.max}" for dimension in model.dimensions)

    assert f'aria-label="{told}"' in body
    assert f"{model.max_total} /{model.max_total}" in said(body)


def test_rows_of_another_model_say_what_was_not_asked() -> None:
    body = portfolio(SIX, row(OPMM, answered(OPMM)))

    assert "not answered yet" in re.findall(r'class="profile" role="img" aria-label="([^"]*)"', body)[0]
    assert body.count('class="unknown"') == len(set(SIX.keys) - set(OPMM.keys))


@pytest.mark.parametrize(("earlier", "expected"), [(None, "new"), (3, "+5"), (4, "0")])
def test_a_first_measurement_is_no_movement(earlier: int | None, expected: str) -> None:
    body = portfolio(OPMM, row(OPMM, answered(OPMM), earlier))

    assert re.findall(r'class="moved"><span[^>]*>([^<]*)<', body) == [expected]


def test_what_was_answered_for_the_first_time_since_does_not_count_as_a_rise() -> None:
    first, *others = row(OPMM, answered(OPMM), 4).dimensions

    assert row(OPMM, answered(OPMM), dimensions=(replace(first, earlier=None), *others)).moved == 0
    assert row(OPMM, answered(OPMM), dimensions=(replace(first, points=None), *others)).moved == -4


def test_a_row_says_in_words_why_to_talk() -> None:
    weak = answered(OPMM, best=False)
    low = [Reason("low", key, 1) for key in OPMM.keys]
    due = row(OPMM, weak, discussion=(Reason("fell", points=4), *low, Reason("nps_up_happy_down")))
    expected = "Fell 4 points in 90 days; five questions at 1 point; the NPS rises while fewer consultants are happy"

    assert why_text(due, OPMM, EN, DAY) == expected
    assert expected in portfolio(OPMM, due)
    assert why_text(row(OPMM, weak), OPMM, EN, DAY) is None


def test_one_weak_choice_says_what_was_chosen_and_only_reasons_that_stand_are_told() -> None:
    due = row(OPMM, answered(OPMM, best=False), discussion=(Reason("low", "roadmap", 1), Reason("stale", "nps")))

    assert why_text(due, OPMM, EN, DAY) == "Roadmap at 1 point: working through a third party; NPS out of date"


def test_a_quiet_partnership_says_how_long() -> None:
    last = DAY - timedelta(days=190)
    due = row(OPMM, answered(OPMM), discussion=(Reason("quiet", days=189),), last_talk=last)

    assert why_text(due, OPMM, EN, DAY) == "Quiet: 190 days since the last talk"


def test_where_nothing_is_due_the_last_talk_is_told_and_when_that_will_be_long_ago() -> None:
    def told(**parts: Any) -> str:
        return rest_text(row(OPMM, answered(OPMM), **parts), OPMM, EN, DAY)

    assert told() == "No talk was held yet"
    assert told(last_talk=date(2026, 10, 1)) == "Last talk 1 October"
    assert told(last_talk=date(2026, 6, 18)) == "Last talk 18 June; quiet from 15 December"
    assert told(last_talk=date(2026, 6, 18), planned_talks=(date(2027, 3, 1),)) == "Last talk 18 June"


def test_what_needs_a_talk_and_has_none_planned_comes_first() -> None:
    due = (Reason("fell", points=3),)

    def named(name: str, **parts: Any) -> Summary:
        return row(OPMM, answered(OPMM), **{"client_id": name, **parts})

    rows = [
        named("good"),
        named("far", planned_talks=(DAY + timedelta(days=90),)),
        named("soon", planned_talks=(DAY + timedelta(days=20),)),
        named("sooner", discussion=due, planned_talks=(DAY - timedelta(days=9), DAY + timedelta(days=2))),
        named("missed", discussion=due, planned_talks=(DAY - timedelta(days=1),)),
        named("worse", discussion=due, earlier=4, total=13),
    ]
    worst = row(OPMM, answered(OPMM, best=False), 4, client_id="worst", discussion=due)
    ordered = sorted([*rows, worst], key=lambda each: position_in("due", each, DAY))

    assert [(each.client_id, group_of(each, DAY)) for each in ordered] == [
        ("worst", "due"),
        ("worse", "due"),
        ("missed", "due"),
        ("sooner", "planned"),
        ("soon", "planned"),
        ("far", "rest"),
        ("good", "rest"),
    ]


def test_the_year_is_drawn_of_months_that_can_be_compared_with_today() -> None:
    full, part = (4, 4, 4, 4, 2), (4, 4, None, 4, 2)
    body = portfolio(OPMM, row(OPMM, answered(OPMM), months=(part,) * 9 + (full, full), talked=(date(2026, 10, 9),)))

    assert 'aria-label="Totals by month: 18, 18, 20; 1 talk held"' in body
    assert body.count('class="tick"') == 1
    assert "sparkline" not in portfolio(OPMM, row(OPMM, UNANSWERED))


def test_a_talk_can_be_planned_by_those_who_may_and_one_that_was_not_held_stands_out() -> None:
    missed = row(OPMM, answered(OPMM), planned_talks=(DAY - timedelta(days=12),))
    planned = row(OPMM, answered(OPMM), planned_talks=(DAY + timedelta(days=3),))

    assert "Not held" in portfolio(OPMM, missed)
    assert 'href="/clients/acme/plan"' in portfolio(OPMM, missed, plans=True)
    assert "/plan" not in portfolio(OPMM, missed)
    assert 'href="/clients/acme/prepare"' in portfolio(OPMM, planned)


def test_the_strip_tells_what_calls_for_work_and_how_much_of_it_is_ones_own() -> None:
    overdue = Due(DAY - timedelta(days=1), by_facts=False)
    inside = Due(DAY, by_facts=False, internal=True)
    mine = row(OPMM, answered(OPMM), owner="noor van dalen ", discussion=(Reason("fell", points=2),), due=(overdue,))
    other = row(OPMM, answered(OPMM), client_id="b", owner="Daan", due=(overdue, inside), discussion=mine.discussion)
    body = said(portfolio(OPMM, mine, other))

    assert "2 need a talk 2 of them not planned, 1 of them yours" in body
    assert "3 open agreements 2 overdue , 1 of them yours" in body
    assert counts_of([other], replace(VIEWER, internal=False), OPMM).agreements.count == 1


def test_an_owner_is_offered_once_however_the_clients_have_the_name() -> None:
    rows = [
        row(OPMM, answered(OPMM), client_id=f"c-{place}", owner=owner)
        for place, owner in enumerate(
            ("noor van dalen ", "Noor van Dalen", "Noor\N{NO-BREAK SPACE}van Dalen", "Daan", " ")
        )
    ]

    assert counts_of(rows, VIEWER, OPMM).owners == (("Noor van Dalen", 3), ("Daan", 1))
    assert [each.client_id for each in rows if Filters(owner="NOOR VAN DALEN").fit(each)] == ["c-0", "c-1", "c-2"]


def test_the_next_talk_is_ones_own_where_there_is_one() -> None:
    own = row(OPMM, answered(OPMM), name="Own", owner=VIEWER.person, planned_talks=(DAY + timedelta(days=9),))
    other = row(OPMM, answered(OPMM), name="Other", client_id="b", planned_talks=(DAY,))

    assert "Your next talk, in 9 days Own" in said(portfolio(OPMM, own, other))
    assert "The next talk, today Other" in said(portfolio(OPMM, other))
    assert "No talk is planned" in said(portfolio(OPMM, row(OPMM, UNANSWERED)))
    assert portfolio(OPMM, own, other).count("button filled") == 1


@pytest.mark.parametrize(
    ("days", "said"), [(0, "today"), (1, "tomorrow"), (2, "in 2 days"), (28, "in 28 days"), (105, "in 15 weeks")]
)
def test_coming_days_are_told_by_how_far_they_are(days: int, said: str) -> None:
    assert in_days(DAY + timedelta(days=days), DAY, EN) == said


def test_a_file_holds_what_is_shown_and_no_formula() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    rows = [
        row(OPMM, answered(OPMM), 2, name="=1+1", owner="@x", changed_at=late),
        row(OPMM, UNANSWERED, client_id="b", name='B "x"'),
    ]
    body = draw_csv(rows, OPMM, ZONE, VIEWER, EN).body or ""
    [heading, first, second] = body.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines()

    assert heading.startswith('"client_id","Client","Owner","Total","Attainable","90 days"')
    assert first.startswith('"acme","\'=1+1","\'@x","20","20","10","4","4","4","4","4","",')
    assert first.endswith('"2026-11-24"'), "the day in the zone of the stack"
    assert second.startswith('"b","B ""x""","","0","0","new","","","","","","",')
