from datetime import date

import pytest

from shared.opmm.discussion import Reason
from shared.opmm.next_steps import Step
from shared.texts.sentences import reason_text, step_text
from tests.support.models import test_model

SIX = test_model("six")


@pytest.mark.parametrize(
    ("step", "english", "dutch"),
    [
        (Step("joint_cases", 2, "joint_cases", 3), "3 more joint cases", "3 gezamenlijke cases meer"),
        (Step("joint_cases", -1, "joint_cases", -1), "1 fewer joint case", "1 gezamenlijke case minder"),
        (Step("happy_consultants", 1, "happy", 1), "1 more happy consultant", "1 blije consultant meer"),
        (Step("governance", 1, "answer", "monthly"), "Governance: every month", "Overleg: elke maand"),
        (Step("nps", 1, "promoters", 2), "2 promoters", "2 promotors"),
        (Step("nps", -1, "detractors", 1), "1 detractor", "1 criticaster"),
        (
            Step("nps", -1, "day", date(2027, 1, 14), leaving=3),
            "on 14 January 2027 3 responses leave the window",
            "op 14 januari 2027 vallen 3 reacties uit het venster",
        ),
        (
            Step("nps", -1, "day", date(2027, 1, 14)),
            "on 14 January 2027 the reported NPS leaves the window",
            "op 14 januari 2027 valt de gemelde NPS uit het venster",
        ),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_a_step_is_said_in_the_words_of_the_model(step: Step, english: str, dutch: str) -> None:
    assert (step_text(step, SIX, "en"), step_text(step, SIX, "nl")) == (english, dutch)


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (Reason("fell", points=1), "The total fell by 1 point in 60 days."),
        (Reason("low", "governance", 1), "Governance: 1 of 3."),
        (Reason("stale", "joint_cases"), "Joint cases: the answer is out of date."),
        (Reason("cases_up_nps_down"), "More joint cases while the NPS falls."),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_a_reason_is_said_in_the_words_of_the_model(reason: Reason, expected: str) -> None:
    assert reason_text(reason, SIX, "en") == expected
