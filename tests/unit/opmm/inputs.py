"""Standings for tests: by hand, and any that there may be."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from shared.opmm.inputs import Answer, Description, LatestResponse, ScoringInputs
from shared.opmm.kinds import Basis
from shared.opmm.model_document import published_model
from shared.opmm.nps import Tally

MODEL = published_model()
DAY = date(2026, 11, 23)
LATEST = LatestResponse("2026-11-20T08:00:00Z", "delighted")


def days_ago(days: int) -> date:
    return DAY - timedelta(days=days)


def answer(
    value: int | str, on: date = DAY, basis: Basis = "answered", source: str = "survey", fact_id: str = "survey#s#1"
) -> Answer:
    return Answer(value, basis, on, on.isoformat(), source, fact_id)


def reported(value: int, on: date = DAY) -> Answer:
    return answer(value, on, "reported", "delighted", "reported#delighted#1")


def standing(**parts: Any) -> ScoringInputs:
    return ScoringInputs(client_id="acme", description=Description("Acme B.V."), **parts)


FULL = standing(
    answers={
        "happy_consultants": answer(6, days_ago(22), "measured", "hr", "count#hr#1"),
        "specialisms": answer(4),
        "roadmap": answer("co_creating"),
        "inspiration": answer("no"),
    },
    responses={days_ago(3): Tally(5, 2, 2)},
    latest_response=LATEST,
)
"""Every question answered."""

_days = st.integers(0, 800).map(days_ago)
_values: dict[str, st.SearchStrategy[int | str]] = {
    "happy_consultants": st.integers(0, 20),
    "specialisms": st.integers(0, 6),
    "roadmap": st.sampled_from(MODEL.dimension("roadmap").answers),
    "inspiration": st.sampled_from(MODEL.dimension("inspiration").answers),
}
tallies = st.builds(Tally, st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
standings: st.SearchStrategy[ScoringInputs] = st.builds(
    standing,
    answers=st.fixed_dictionaries(
        {}, optional={key: st.builds(answer, values, _days) for key, values in _values.items()}
    ),
    reported=st.none() | st.builds(reported, st.integers(-100, 100), _days),
    responses=st.dictionaries(_days, tallies, max_size=4),
    latest_response=st.just(LATEST),
)
