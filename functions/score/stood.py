"""What stood before, so that only what begins to stand is news."""

from collections.abc import Iterable
from datetime import date

from shared.opmm.signals import Standing
from shared.storage.client_anew import Found
from shared.storage.records import Scored


def stood(held: Scored, found: Found, stands: Iterable[Standing], day: date) -> frozenset[Standing] | None:
    """What is no news, be it that it stands: what stood, and what came along with a name or was left by one.

    What a name brings was told under that name. What time makes of the client's own facts is news beside it. None where
    nobody knows what stood.
    """
    if held.standing is None or not found.joined:
        return held.standing
    return held.standing | {each for each in stands if not _is_of_its_own(each, held, found, day)}


def _is_of_its_own(each: Standing, held: Scored, found: Found, day: date) -> bool:
    """Whether it rests on a fact that the client had before the name came or went."""
    known, agenda = held.planned.agenda, found.planned.agenda
    match each.kind:
        case "talk_due":
            return known.last_talk(day) is not None and known.last_talk(day) == agenda.last_talk(day)
        case "answer_stale":
            before, now = (inputs.answers.get(each.about) for inputs in (held.inputs, found.readings.inputs))
            return before is not None and now is not None and before.fact_id == now.fact_id
        case _:
            talks, actions = ({fact.fact_id for fact in facts} for facts in (known.talks, known.actions))
            return each.about in talks | actions
