from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from shared.destinations.digest_message import digest_message
from shared.destinations.message import Message
from shared.opmm.calendar import Entry
from shared.opmm.digest import Agreed, Agreement, Coming, Digest, Moved, Silent, TalkDue
from shared.opmm.discussion import Reason
from shared.opmm.ledger import Move, Reading
from tests.unit.opmm.inputs import MODEL

UNTIL = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
PAGES = "https://opmm.example/"

FELL = Moved("acme", "Acme", 11, (Move("nps", Reading(4, 33), Reading(1, -9)),), ("new", "window"))
CAME = Moved("dune", "Dune", 3, (Move("roadmap", Reading(), Reading(3, "yes")),), ("new",))
WEEK = Digest(
    since=UNTIL - timedelta(days=7),
    until=UNTIL,
    clients=3,
    points=37,
    points_before=40,
    falls=(FELL,),
    answered=(CAME,),
    told_late=500,
    remade=1,
    talks=(
        TalkDue("acme", "Acme", Reason("low", "roadmap", 1), None),
        TalkDue("beta", "Beta", Reason("quiet", days=200), UNTIL + timedelta(days=3)),
    ),
    agreements=(
        Agreement("acme", "Acme", Agreed("Plan a session", UNTIL - timedelta(days=3), "agency"), late=True),
        Agreement("beta", "Beta", Agreed("Send the roadmap", UNTIL + timedelta(days=2), "client"), late=False),
    ),
    stale=(Coming("beta", "Beta", Entry(UNTIL + timedelta(days=9), "stale", "roadmap")),),
    silent=(Silent("nps", 12), Silent("hr", None)),
    undelivered=("crm",),
)


def message(told: Digest, language: str = "en") -> Message:
    return digest_message("m-1", told, at=AT, model=MODEL, language=language, pages=PAGES)


def text(told: Digest, language: str = "en") -> str:
    made = message(told, language)
    parts = [made.title]
    for section in made.sections:
        parts += [f"# {section.heading}"] if section.heading else []
        parts += [line.text for line in section.lines]
    return "\n".join(parts)


def test_a_week_is_told_falls_first() -> None:
    assert text(WEEK).splitlines() == [
        "Partnerships, 16 November to 23 November 2026",
        "12.3 of 20 points on average over 3 clients, 1.0 less than before.",
        "# Fell",
        "Acme: \N{MINUS SIGN}3, to 11 of 20. NPS 4 to 1, by a new answer and the passing of time.",
        "# First answers",
        "Dune: Roadmap 3 points. 3 of 20 in all.",
        "# Talks to have",
        "Acme: Roadmap: 1 of 4. No talk is planned.",
        "Beta: 200 days have passed since the last talk. A talk is planned for 26 November.",
        "# Agreements",
        "Acme: Plan a session, 3 days late (agency)",
        "Beta: Send the roadmap, by 25 November (client)",
        "# Answers that grow out of date",
        "Beta: Roadmap is out of date, 2 December",
        "# Sources that fell silent",
        "nps: nothing for 12 days",
        "hr: never heard",
        "# Messages that do not arrive",
        "crm",
        "# Also",
        "500 changes tell of what happened more than a week before, as imports do.",
        "1 score was made anew, by another model, a repair or an erasure.",
    ]


def test_a_week_is_told_in_dutch() -> None:
    told = text(WEEK, "nl").splitlines()
    assert told[0] == "Partnerschappen, 16 november t/m 23 november 2026"
    assert told[1] == "Gemiddeld 12,3 van 20 punten over 3 klanten, 1,0 minder dan ervoor."
    assert told[3] == (
        "Acme: \N{MINUS SIGN}3, naar 11 van 20. NPS 4 naar 1, door een nieuw antwoord en het verstrijken van de tijd."
    )
    assert told[5] == "Dune: Roadmap 3 punten. Samen 3 van 20."
    assert "500 wijzigingen gaan over wat meer dan een week eerder gebeurde, zoals bij een import." in told


def test_a_week_without_news_is_one_line() -> None:
    quiet = Digest(UNTIL - timedelta(days=7), UNTIL, clients=2, points=25, points_before=25, without_news=1)
    assert text(quiet).splitlines()[1:] == ["Nothing new. 12.5 of 20 points on average over 2 clients, as before."]
    paused = replace(quiet, without_news=3, pauses=True)
    assert text(paused).splitlines()[2:] == [
        "That makes three digests in a row without news: the next one comes when there is some."
    ]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_same_digest_gives_the_same_message(language: str) -> None:
    assert message(WEEK, language) == message(WEEK, language)


def test_no_clients_have_no_average() -> None:
    empty = Digest(UNTIL, UNTIL, clients=0, points=0, points_before=0)
    assert text(empty).splitlines()[1:] == ["Nothing new. There are no active clients."]


def test_beyond_twenty_clients_are_counted() -> None:
    falls = tuple(replace(FELL, client_id=f"c{n}", name=f"C{n}") for n in range(23))
    told = text(replace(WEEK, falls=falls)).splitlines()
    assert told[2 + 1 + 20] == "And 3 more."
    assert len(message(replace(WEEK, falls=falls)).data["falls"]) == 23


def test_lines_lead_to_their_clients() -> None:
    fell = message(WEEK).sections[1].lines[0]
    assert fell.link == "https://opmm.example/clients/acme"


def test_machines_get_days_keys_and_points() -> None:
    data = message(WEEK).data
    assert data["falls"] == [
        {
            "client_id": "acme",
            "name": "Acme",
            "points": -3,
            "total": 11,
            "causes": ["new", "window"],
            "dimensions": [{"key": "nps", "before": 4, "after": 1}],
        }
    ]
    assert data["talks_due"][1]["planned_on"] == "2026-11-26"
    assert data["growing_stale"][0]["on"] == "2026-12-02"
