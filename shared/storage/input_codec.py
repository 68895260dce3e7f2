"""How what a scorecard was made from lies in it: the latest answers, and where each stands among others."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date
from typing import Any, get_args

from shared.opmm.inputs import Answer, Description, LatestResponse, ScoringInputs
from shared.opmm.kinds import Basis
from shared.opmm.nps import Tally
from shared.opmm.timestamps import parse_timestamp
from shared.storage.shapes import day, number_or_text, of_type, one_of, optional, texts, whole


def from_inputs(inputs: ScoringInputs, *, placed: bool) -> dict[str, Any]:
    """The inputs, without responses; `placed` where an answer may have to be compared with those under other names."""
    latest = inputs.latest_response
    return {
        "answers": {key: _from_answer(answer, placed=placed) for key, answer in inputs.answers.items()},
        "reported": inputs.reported and _from_answer(inputs.reported, placed=placed),
        "latest_response": latest
        and [latest.observed_at, latest.source, *([latest.position, latest.name] if placed else [])],
    }


def to_inputs(
    client_id: str, description: Description, responses: Mapping[date, Tally], laid_down: Mapping[str, Any]
) -> ScoringInputs:
    """The inputs as `from_inputs` laid them down. Raises as a reader of plain values does."""
    return ScoringInputs(
        client_id=client_id,
        description=description,
        answers={key: _to_answer(answer) for key, answer in laid_down["answers"].items()},
        reported=optional(_to_reported, laid_down["reported"]),
        responses=responses,
        latest_response=optional(_to_latest_response, laid_down["latest_response"]),
    )


def _from_answer(answer: Answer, *, placed: bool) -> list[Any]:
    place = [answer.position, answer.name] if placed else []
    day = answer.day.isoformat()
    return [answer.value, answer.basis, day, answer.observed_at, answer.source, answer.fact_id, *place]


def _to_answer(laid_down: Any) -> Answer:
    value, basis, on, observed_at, source, fact_id, *place = of_type(list, laid_down)
    position, name = _to_place(place)
    return Answer(
        value=number_or_text(value),
        basis=one_of(get_args(Basis), basis),
        day=day(on),
        observed_at=_observed_at(observed_at),
        source=of_type(str, source),
        fact_id=of_type(str, fact_id),
        position=position,
        name=name,
    )


def _to_reported(laid_down: Any) -> Answer:
    """An NPS that was reported is a number, also while responses count instead of it."""
    answer = _to_answer(laid_down)
    return replace(answer, value=whole(answer.value))


def _to_latest_response(laid_down: Any) -> LatestResponse:
    observed_at, source, *place = texts(laid_down)
    return LatestResponse(_observed_at(observed_at), source, *_to_place(place))


def _to_place(laid_down: list[Any]) -> tuple[str, str]:
    """Position and name, or neither."""
    position, name = texts(laid_down) or ("", "")
    return position, name


def _observed_at(value: Any) -> str:
    """A date, or a time, as it was sent; in which zone the date is meant does not matter here."""
    return parse_timestamp(of_type(str, value), UTC).text
