"""Surveys with questions of one's own: from what was answered to events, as the source's `answers` says."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any, Literal

from shared.opmm.dataclass import dataclass
from shared.opmm.model import Dimension
from shared.webhooks.coercion import comment_of, rating_in_text, whole_number
from shared.webhooks.provider import Question, Source, UnmappableError, UnvalidatedEvent

_NUMBER = re.compile(r"[0-9]{1,3}", re.ASCII)

Scale = Literal["stars", "untold"]
"""The scale of a question that need not have 0 to 10: stars never do, and of another nobody may have told."""

_SKIPPED = (None, "")
"""How tools write that a question was not answered."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An option that somebody chose."""

    id: Any
    label: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One filled-in survey, whatever the tool; skipped questions are absent from `given`."""

    id: str
    event_id: str
    answered_at: str
    recorded_at: str
    given: Mapping[str, Any]
    """By the ref, key or id of the question: text, a number, a `Choice`, or a list of these."""
    respondent: str | None = None
    comment: Any = None
    """Said along with the rating, where no question asks for it."""
    in_parts: bool = False
    """Whether each answer comes by itself, so that the next must not replace it."""
    scales: Mapping[str, Scale] = field(default_factory=dict)
    """Of questions that need not have 0 to 10, by the same names."""


def events_of(submission: Submission, source: Source) -> Iterator[UnvalidatedEvent]:
    """A response when a rating was given, and surveys when any of the model's survey questions was answered.

    Raises UnmappableError behind what could be made, when one of the answers cannot be read.
    """
    asked = source.answers
    given = {name: _given(submission, question) for name, question in asked.items()}
    unmappable: list[UnmappableError] = []
    if given.get("nps") is not None:
        try:
            _require_scale(submission, source, given["nps"])
            yield _responded(submission, asked["nps"], given["nps"], given.get("comment"))
        except UnmappableError as error:
            unmappable.append(error)
    answers: dict[str, Any] = {}
    for key, dimension in source.questions.items():
        if given.get(key) is None:
            continue
        try:
            answers[key] = _answer(dimension, asked[key], given[key])
        except UnmappableError as error:
            unmappable.append(error)
    for survey in [{key: answer} for key, answer in answers.items()] if submission.in_parts else [answers]:
        if survey:
            yield _answered(submission, survey)
    if unmappable:
        raise unmappable[0]


def _given(submission: Submission, question: Question) -> Any:
    """The answer to a question, None when there is none; a list of one is that one, for tools that know lists only."""
    given = submission.given.get(question.question)
    if isinstance(given, list):
        given = None if not given else given[0] if len(given) == 1 else given
    return None if given in _SKIPPED or given == Choice(None, None) else given


def _require_scale(submission: Submission, source: Source, given: Any) -> None:
    """Raises UnmappableError for an answer that need not be one of 0 to 10: stars, or a scale that nobody has told.

    What `choices` gives a meaning is one, whatever the question.
    """
    question = source.answers["nps"]
    scale = submission.scales.get(question.question)
    if scale is None or _chosen(question, given) is not None:
        return
    if scale == "stars":
        raise UnmappableError("no_usable_score", "the question is answered in stars, which are no scale from 0 to 10")
    if source.scale is None:
        raise UnmappableError(
            "no_usable_score",
            'the question is no NPS: "scale": "0-10" in the source says that it has 0 to 10',
        )


def _responded(submission: Submission, question: Question, given: Any, comment: Any) -> UnvalidatedEvent:
    return UnvalidatedEvent(
        type="nps.responded",
        id=submission.event_id,
        time=submission.recorded_at,
        data={
            "response_id": submission.id,
            "score": rating_in_text(_meaning(question, given)),
            "responded_at": submission.answered_at,
            "respondent": submission.respondent,
            "comment": comment_of(_plain(submission.comment if comment is None else comment)),
        },
    )


def _answered(submission: Submission, answers: dict[str, Any]) -> UnvalidatedEvent:
    survey_id = "/".join([submission.id, *answers]) if submission.in_parts else submission.id
    return UnvalidatedEvent(
        type="survey.answered",
        id=submission.event_id,
        time=submission.recorded_at,
        data={"survey_id": survey_id, "answered_at": submission.answered_at, "answers": answers},
    )


def _answer(dimension: Dimension, question: Question, given: Any) -> Any:
    """What a question of the model is answered with. Raises UnmappableError for what is no answer to it."""
    key = dimension.key
    if dimension.kind == "choice":
        meaning = _meaning(question, given)
        if meaning in dimension.answers:
            return meaning
        raise UnmappableError("not_valid", f"answers.{key}.choices does not say what the answer to {key} stands for")
    counted = _counted(question, given)
    if counted is None:
        raise UnmappableError("not_valid", f"the answer to {key} is neither a number nor names")
    return counted


def _counted(question: Question, given: Any) -> int | list[str] | None:
    """A number, or the names that were chosen; None for what is neither."""
    if isinstance(given, list):
        names = [_meaning(question, chosen) for chosen in given]
        return names if all(isinstance(name, str) for name in names) else None
    meaning = _meaning(question, given)
    if isinstance(meaning, str):
        return int(meaning) if _NUMBER.fullmatch(meaning) else [meaning]
    return whole_number(meaning)


def _meaning(question: Question, given: Any) -> Any:
    """What `choices` says that this stands for, by label or id; else the label, text or number itself."""
    chosen = _chosen(question, given)
    return _plain(given) if chosen is None else chosen


def _chosen(question: Question, given: Any) -> str | int | None:
    """What `choices` says that this stands for; None when it does not say."""
    for known_as in (given.label, given.id) if isinstance(given, Choice) else (given,):
        name = _name(known_as)
        if name is not None and name in question.choices:
            return question.choices[name]
    return None


def _name(value: Any) -> str | None:
    """What `choices` calls a value; JSON has text for names only."""
    if isinstance(value, bool):
        return str(value).lower()
    number = whole_number(value)
    return value if isinstance(value, str) else None if number is None else str(number)


def _plain(given: Any) -> Any:
    return given.label if isinstance(given, Choice) else given
