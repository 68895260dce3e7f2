import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from shared.destinations.change_message import ToldOfClient, change_message
from shared.destinations.signal_message import signal_message
from shared.opmm.ledger import Change, Move, Reading
from shared.opmm.signals import Signal, Standing
from tests.support.readme import examples_of
from tests.unit.opmm.inputs import MODEL

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ACME = ToldOfClient(client_id="acme", name="Acme", owner="Sam Example")
FELL = Change(8, AT, "new", 14, 11, (Move("nps", Reading(4, 33), Reading(1, -9)),), ("response#d#1",))
PAGES = "https://opmm.example/"


def test_a_change_is_told_as_the_list_of_changes_has_it_with_name_and_owner() -> None:
    message = change_message("m-1", ACME, FELL, model=MODEL, language="nl", pages=PAGES)
    assert (message.kind, message.title) == ("score.changed", "Acme: 14 naar 11")
    assert [line.text for line in message.sections[0].lines] == ["NPS 4 naar 1", "Door een nieuw antwoord."]
    assert message.data == {
        "id": "m-1",
        "client_id": "acme",
        "name": "Acme",
        "owner": "Sam Example",
        "at": "2026-11-23T09:30:00Z",
        "kind": "score.changed",
        "change": {
            "version": 8,
            "at": "2026-11-23T09:30:00Z",
            "cause": "new",
            "total_before": 14,
            "total_after": 11,
            "max_total": 20,
            "dimensions": [
                {"key": "nps", "before": {"points": 4, "value": 33}, "after": {"points": 1, "value": -9}},
            ],
        },
        "signal": None,
    }


def test_the_sample_that_is_shown_to_whoever_receives_it_is_one() -> None:
    shown = json.loads(examples_of("notify.md", "json")[1])
    told = shown["data"]["change"]
    moves = (Move("roadmap", Reading(4, "co_creating"), Reading(1, "third_party")),)
    at = datetime.fromisoformat(told["at"])
    change = Change(told["version"], at, "new", told["total_before"], told["total_after"], moves, facts=())
    about = replace(ACME, owner=shown["data"]["owner"])
    message = change_message(shown["data"]["id"], about, change, model=MODEL, language="en", pages=PAGES)

    assert shown == {"type": "opmm.score.changed", "timestamp": told["at"], "data": message.data}
    assert told["total_after"] - told["total_before"] == 1 - 4


def test_no_fact_is_named_that_leads_to_a_single_response() -> None:
    message = change_message("m-1", ACME, FELL, model=MODEL, language="en", pages=PAGES)
    assert "response#" not in repr(message)


def test_a_question_of_another_model_is_told_by_its_key() -> None:
    gone = replace(FELL, moves=(Move("gone", Reading(2, "x"), Reading()),))
    message = change_message("m-1", ACME, gone, model=MODEL, language="en", pages=PAGES)
    assert message.sections[0].lines[0].text == "gone 2 to unanswered"


@pytest.mark.parametrize(
    ("standing", "english", "dutch"),
    [
        (Standing("talk_due"), "Acme: a talk is due", "Acme: tijd voor een gesprek"),
        (
            Standing("talk_missed", "talk#api#t-1", date(2026, 11, 20)),
            "Acme: the talk of 20 November 2026 was not held",
            "Acme: het gesprek van 20 november 2026 is niet gevoerd",
        ),
        (
            Standing("action_missed", "action#api#a-1", date(2026, 11, 20), internal=True),
            "Acme: an agreement that was due 20 November 2026 was not kept",
            "Acme: een afspraak voor 20 november 2026 is niet nagekomen",
        ),
        (Standing("answer_stale", "roadmap"), "Acme: Roadmap is out of date", "Acme: Roadmap is verouderd"),
    ],
)
def test_a_signal_is_told_in_words_and_as_the_list_of_changes_has_it(
    standing: Standing, english: str, dutch: str
) -> None:
    told = [
        signal_message("m-1", ACME, Signal(9, AT, standing), model=MODEL, language=language, pages=PAGES)
        for language in ("en", "nl")
    ]
    assert [message.title for message in told] == [english, dutch]
    assert told[0].data["signal"]["kind"] == standing.kind
    assert told[0].data["change"] is None
