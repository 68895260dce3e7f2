"""What surveys may ask, and the answers of ours that can be chosen."""

from collections.abc import Mapping
from typing import get_args

from shared.opmm.model import InspirationAnswer, RoadmapAnswer

SURVEY_ANSWERS = ("specialisms", "roadmap", "inspiration")
ASKED = ("nps", "comment", *SURVEY_ANSWERS)

OURS: Mapping[str, tuple[str, ...]] = {"roadmap": get_args(RoadmapAnswer), "inspiration": get_args(InspirationAnswer)}
"""By question, the answers to choose from."""
