"""What people say on pages is taken in like any other event. Imported when somebody writes, not before."""

from collections.abc import Callable
from datetime import datetime, tzinfo

from shared.intake.client_names import ClientNames
from shared.intake.events import event_types
from shared.intake.intake import Intake
from shared.opmm.model import Model
from shared.storage.facts import Facts
from shared.storage.locators import Locators
from shared.storage.scores import Scores


class NobodyHashedError(RuntimeError):
    """People tell of no respondents on pages, so this function has no key for them."""


def make_intake(
    *,
    facts: Facts,
    locators: Locators,
    scores: Scores,
    model: Model,
    zone: tzinfo,
    clock: Callable[[], datetime],
) -> Intake:
    """The intake of the pages' function."""
    return Intake(
        facts=facts,
        locators=locators,
        scores=scores,
        types=event_types(model),
        names=ClientNames(scores),
        zone=zone,
        clock=clock,
        hashed=_hashed,
    )


def _hashed(_respondent: str) -> str:
    raise NobodyHashedError
