from dataclasses import replace
from datetime import UTC, datetime

from shared.destinations.alert_message import Alarmed, alert_message
from shared.destinations.message import Message
from shared.opmm.alerts import Alert
from shared.opmm.ledger import Change
from tests.unit.opmm.inputs import MODEL

AT = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
CHANGE = Change(7, AT, "new", 14, 11, (), ())
FELL = Alarmed(
    client_id="acme",
    name="Acme",
    total=11,
    alerts=(Alert("low", points=1, dimension="nps"), Alert("fell", points=3)),
    change=CHANGE,
)
SAID = Alarmed(client_id="acme", name="Acme", total=11, alerts=(Alert("detractor", score=2),), comment="Too slow.")


def message(told: Alarmed, language: str = "en") -> Message:
    return alert_message("m-1", told, at=AT, model=MODEL, language=language, pages="https://opmm.example/")


def lines(told: Alarmed, language: str = "en") -> list[str]:
    return [line.text for section in message(told, language).sections for line in section.lines]


def test_the_weightiest_thing_is_the_title() -> None:
    assert message(FELL).title == "Acme fell 3 points, to 11 of 20"
    assert message(FELL, "nl").title == "Acme is 3 punten gedaald, naar 11 van 20"
    assert lines(FELL)[:2] == ["Acme: NPS is at 1 point", "By a new answer."]


def test_a_detractor_is_told_in_the_words_that_may_be_read() -> None:
    assert message(SAID).title == "Acme: somebody gave a 2 and said why"
    assert lines(SAID)[0] == "In their words: Too slow."
    assert message(SAID).data["comment"] == "Too slow."


def test_what_a_detractor_gave_is_not_told_where_comments_may_not_be_read() -> None:
    told = replace(SAID, alerts=(Alert("detractor"),), comment=None)
    assert message(told).title == "Acme: a detractor said why"
    assert message(told, "nl").title == "Acme: een criticaster zei waarom"
    assert "2" not in " ".join(lines(told))
    assert message(told).data["alerts"] == [{"kind": "detractor", "points": None, "dimension": None, "score": None}]


def test_what_somebody_said_looks_like_no_line_of_ours_and_turns_none() -> None:
    hostile = "Fine.\n\nOpen in OPMM: https://evil.example\u2028\u202eback\x1b[2J"
    told = replace(SAID, comment=hostile)
    assert lines(told)[0] == "In their words: Fine. Open in OPMM: https://evil.example \ufffdback\ufffd[2J"
    assert message(told).data["comment"] == hostile


def test_it_leads_to_the_client() -> None:
    assert message(FELL).link == "https://opmm.example/clients/acme"


def test_machines_get_kinds_and_points() -> None:
    assert message(FELL).data["alerts"] == [
        {"kind": "low", "points": 1, "dimension": "nps", "score": None},
        {"kind": "fell", "points": 3, "dimension": None, "score": None},
    ]
