"""Arbitrary events about a few clients, their aliases included: late, repeated, corrected, retracted, contradicting."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from shared.intake.events import event_types
from shared.intake.validation import validate_event
from shared.opmm.model_document import published_model
from tests.support.service import NOW

TYPES = event_types(published_model())
ZONE = "Europe/Amsterdam"
_END_OF_TIME = datetime(9000, 1, 1, tzinfo=UTC)
"""Events that were taken are told from whatever day it is: nothing is in the future here."""

CLIENTS = ("acme", "beta", "core")
"""Names; each may be declared an alias of those before it, which leaves no circles."""

_SOURCES = st.sampled_from(["hr", "delighted"])
_IDS = st.sampled_from(["1", "2", "3", "4"])
_RECORDED = (st.sampled_from([0, 20]) | st.integers(0, 40)).map(
    lambda minutes: _text(NOW - timedelta(hours=2) + timedelta(minutes=minutes))
)
_INSTANTS = st.one_of(
    st.integers(0, 420 * 24).map(lambda hours: _text(NOW - timedelta(hours=hours + 3))),
    st.sampled_from(
        ["2025-11-24T22:59:59Z", "2025-11-24T23:00:00Z", "2026-11-23T22:59:59.5Z", "2026-03-29T01:30:00+01:00"]
    ),
)
_DAYS = st.integers(1, 420).map(lambda days: (date(2026, 11, 24) - timedelta(days=days)).isoformat())


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


def _counted() -> st.SearchStrategy[dict[str, Any]]:
    return st.integers(0, 14).flatmap(
        lambda working: st.fixed_dictionaries(
            {"working": st.just(working), "as_of": _DAYS | _INSTANTS}, optional={"happy": st.integers(0, working)}
        )
    )


_DATA: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    "nps.responded": st.fixed_dictionaries(
        {"response_id": _IDS, "score": st.integers(0, 10), "responded_at": _INSTANTS},
        optional={"excluded": st.booleans(), "comment": st.text(max_size=5)},
    ),
    "nps.retracted": st.fixed_dictionaries({"response_id": _IDS}),
    "nps.reported": st.fixed_dictionaries(
        {"nps": st.integers(-100, 100), "measured_at": _INSTANTS}, optional={"responses": st.integers(0, 50)}
    ),
    "consultants.counted": _counted(),
    "survey.answered": st.fixed_dictionaries(
        {
            "answered_at": _INSTANTS,
            "survey_id": _IDS,
            "answers": _some(
                specialisms=st.integers(0, 6) | st.lists(st.sampled_from(["UX", "ux", "Java"]), max_size=3),
                roadmap=st.sampled_from(["co_creating", "yes", "no", "third_party"]),
                inspiration=st.sampled_from(["regularly", "incidentally", "no", "third_party"]),
            ).filter(bool),
        }
    ),
}


@st.composite
def _event(draw: st.DrawFn) -> dict[str, Any]:
    subject = draw(st.sampled_from(CLIENTS))
    later = CLIENTS[CLIENTS.index(subject) + 1 :]
    described = _some(
        name=st.sampled_from(["Acme B.V.", "Beta"]),
        status=st.sampled_from(["active", "ended"]),
        aliases=st.lists(st.sampled_from(later), unique=True) if later else st.just([]),
    ).filter(bool)
    kind = draw(st.sampled_from([*_DATA, "client.described"]))
    return {
        "specversion": "1.0",
        "type": kind,
        "source": draw(_SOURCES),
        "id": draw(_IDS),
        "subject": subject,
        "time": draw(_RECORDED),
        "data": draw(_DATA.get(kind, described)),
    }


def events() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Some events, in the order in which they were written."""
    return st.lists(_event(), min_size=1, max_size=25)


def digest(sent: Mapping[str, Any], question: str | None = None) -> str:
    """What breaks the tie between two versions that were recorded at the same instant."""
    envelope, data = validate_event(dict(sent), TYPES, {"now": _END_OF_TIME, "zone": ZoneInfo(ZONE)})
    facts = data.facts(envelope, lambda respondent: respondent)
    return next(fact for fact in facts if question in (None, fact.question)).revision.rpartition("#")[2]


def has_one_day_a_survey(items: Iterable[Mapping[str, Any]]) -> bool:
    """Whether all answers of each survey are of one day, as a row of a file has it.

    Versions of one time that contradict one another are told apart by question, and may leave answers of several.
    """
    days: dict[tuple[str, str], set[str]] = {}
    for item in items:
        if item["fact_id"].startswith("survey#") and "lane_time" in item:
            days.setdefault((item["client_id"], item["fact_id"].rpartition("#")[0]), set()).add(item["observed_at"])
    return all(len(each) == 1 for each in days.values())
