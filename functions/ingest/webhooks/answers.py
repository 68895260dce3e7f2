"""Surveys with questions of one's own: from what was answered to events, as the source's `answers` says."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from functions.ingest.webhooks.drafts import Draft, UnmappableError
from functions.ingest.webhooks.questions import OURS, SURVEY_ANSWERS
from functions.ingest.webhooks.ratings import rating_in_text
from functions.ingest.webhooks.sources import Question, Source
from functions.ingest.webhooks.values import comment_of, is_number

_NUMBER = re.compile(r"[0-9]{1,3}", re.ASCII)


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


def drafts_of(submission: Submission, source: Source) -> Iterator[Draft]:
    """A response when a rating was given, and surveys when any of the other questions was answered.

    Raises UnmappableError behind what could be made, when one of the answers cannot be read.
    """
    asked = source.answers or {}
    given = {name: _given(submission, question) for name, question in asked.items()}
    unmappable: list[UnmappableError] = []
    if given.get("nps") is not None:
        try:
            yield _responded(submission, asked["nps"], given["nps"], given.get("comment"))
        except UnmappableError as error:
            unmappable.append(error)
    answers: dict[str, Any] = {}
    for name in SURVEY_ANSWERS:
        if given.get(name) in (None, ""):
            continue
        try:
            answers[name] = _answer(name, asked[name], given[name])
        except UnmappableError as error:
            unmappable.append(error)
    for survey in [{name: answer} for name, answer in answers.items()] if submission.in_parts else [answers]:
        if survey:
            yield _answered(submission, survey)
    if unmappable:
        raise unmappable[0]


def _given(submission: Submission, question: Question) -> Any:
    """The answer to a question, None when there is none; a list of one is that one, for tools that know lists only."""
    given = submission.given.get(question.question)
    if isinstance(given, list):
        given = None if not given else given[0] if len(given) == 1 else given
    return None if given == Choice(None, None) else given


def _responded(submission: Submission, question: Question, given: Any, comment: Any) -> Draft:
    return Draft(
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


def _answered(submission: Submission, answers: dict[str, Any]) -> Draft:
    survey_id = "/".join([submission.id, *answers]) if submission.in_parts else submission.id
    return Draft(
        type="survey.answered",
        id=submission.event_id,
        time=submission.recorded_at,
        data={"survey_id": survey_id, "answered_at": submission.answered_at, "answers": answers},
    )


def _answer(name: str, question: Question, given: Any) -> Any:
    """What one of ours is answered with. Raises UnmappableError for what is no answer to it."""
    if name == "specialisms":
        return _specialisms(question, given)
    meaning = _meaning(question, given)
    if meaning in OURS[name]:
        return meaning
    raise UnmappableError("not_valid", f"answers.{name}.choices does not say what the answer to {name} stands for")


def _specialisms(question: Question, given: Any) -> int | list[str]:
    """A number, or the names that were chosen."""
    if isinstance(given, list):
        names = [_meaning(question, each) for each in given]
        if all(isinstance(name, str) for name in names):
            return names
    else:
        meaning = _meaning(question, given)
        if is_number(meaning):
            return int(meaning)
        if isinstance(meaning, str):
            return int(meaning) if _NUMBER.fullmatch(meaning) else [meaning]
    raise UnmappableError("not_valid", "the answer to specialisms is neither a number nor names")


def _meaning(question: Question, given: Any) -> Any:
    """What `choices` says that this stands for, by label or id; else the label, text or number itself."""
    choices = question.choices or {}
    for known_as in (given.label, given.id) if isinstance(given, Choice) else (given,):
        name = str(known_as).lower() if isinstance(known_as, bool) else known_as
        if (isinstance(name, str) or is_number(name)) and str(name) in choices:
            return choices[str(name)]
    return _plain(given)


def _plain(given: Any) -> Any:
    return given.label if isinstance(given, Choice) else given
