"""What surveys may ask, and the answers of ours that can be chosen."""

from collections.abc import Mapping

from shared.opmm.model import INSPIRATION_ANSWERS, ROADMAP_ANSWERS

SURVEY_ANSWERS = ("specialisms", "roadmap", "inspiration")
ASKED = ("nps", "comment", *SURVEY_ANSWERS)

OURS: Mapping[str, tuple[str, ...]] = {"roadmap": ROADMAP_ANSWERS, "inspiration": INSPIRATION_ANSWERS}
"""By question, the answers to choose from."""
