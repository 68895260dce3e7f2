"""What a reader is told of people: all of it, or counts by month and category for those without `evidence:read`."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo

from shared.http.problems import ForbiddenError
from shared.http.tokens import Token
from shared.opmm.agenda import Agenda
from shared.opmm.dataclass import dataclass
from shared.opmm.intervals import end_of_month
from shared.opmm.kinds import KINDS, RESPONSES, lane_of
from shared.opmm.scorecard import DimensionScore, Scorecard
from shared.opmm.timestamps import parse_timestamp, start_of

SCOPE = "evidence:read"

_YEAR = timedelta(days=364)
_ID_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Disclosure:
    """How much one reader may know of those who answered.

    Without people nothing leads to a single response: not its rating, its time, its comment, nor its id at the tool. A
    survey may have come in one call with a rating, under one id and at one time: it is told by its day, under a digest.
    """

    people: bool
    """Whether single responses may be seen."""
    zone: tzinfo

    @classmethod
    def to(cls, token: Token, zone: tzinfo) -> "Disclosure":
        """What the bearer of a token is told."""
        return cls(SCOPE in token.scopes, zone)

    def require_people(self) -> None:
        """Raises ForbiddenError for a reader who is told counts by month."""
        if not self.people:
            raise ForbiddenError(
                f"Responses by day need {SCOPE}, which the token does not grant: ask for interval=month."
            )

    def instant(self, instant: datetime) -> datetime:
        """When something was recorded: for who is told counts the beginning of that day in the zone.

        A tool delivers a response within seconds, so that the time of a change would be that of the response.
        """
        return instant if self.people else start_of(instant.astimezone(self.zone).date(), self.zone)

    def fact_id(self, fact_id: str) -> str:
        """The identity of a fact; for who is told counts without the id that a survey has at its tool."""
        return fact_id if self.people or not _is_survey(fact_id) else _without_tool_id(fact_id)

    def facts(self, fact_ids: Iterable[str]) -> list[str]:
        """The facts behind a change that may be named: for who is told counts the responses are left out."""
        return [self.fact_id(fact_id) for fact_id in fact_ids if self.people or lane_of(fact_id) != RESPONSES]

    def observed_at(self, observed_at: str, fact_id: str) -> str:
        """The business time of a fact; for who is told counts the day of a survey."""
        if self.people or not _is_survey(fact_id):
            return observed_at
        return parse_timestamp(observed_at, self.zone).day(self.zone).isoformat()

    def scorecard(self, score: Scorecard, today: date) -> Scorecard:
        """A scorecard without what leads to a single response. Points and values are never others."""
        if self.people:
            return score
        whole = score.as_of >= today or score.as_of == end_of_month(score.as_of)
        return replace(score, dimensions=tuple(self._dimension(score, whole=whole) for score in score.dimensions))

    def whole_months(self, first: date, last: date, today: date) -> tuple[date, date]:
        """The days that are asked for, or the months that hold them: one day cut out of a month would be a day."""
        if self.people:
            return first, last
        return first.replace(day=1), max(last, min(end_of_month(last), today))

    def agenda(self, agenda: Agenda) -> Agenda:
        """What is planned and agreed; for who is told counts without what is internal."""
        if self.people:
            return agenda
        return replace(agenda, actions=tuple(action for action in agenda.actions if not action.internal))

    def _dimension(self, score: DimensionScore, *, whole: bool) -> DimensionScore:
        """Counts of a day within a month, less those of the day before it, would be counts by day."""
        if score.tally:
            return replace(score, observed_at=None, tally=score.tally if whole else None)
        if score.fact_id is None or score.observed_at is None:
            return score
        return replace(
            score,
            observed_at=self.observed_at(score.observed_at, score.fact_id),
            fact_id=self.fact_id(score.fact_id),
        )


def months_of_window(today: date) -> tuple[date, date]:
    """The calendar months that hold the days of a year up to today."""
    return (today - _YEAR).replace(day=1), today


def response_count(fact_ids: Iterable[str]) -> int:
    """How many of these facts are responses."""
    return sum(lane_of(fact_id) == RESPONSES for fact_id in fact_ids)


def _is_survey(fact_id: str) -> bool:
    kind = KINDS.get(fact_id.partition("#")[0])
    return kind is not None and kind.by_question


def _without_tool_id(fact_id: str) -> str:
    """The questions of one survey still have one id between them, within its source."""
    survey, _, question = fact_id.rpartition("#")
    kind, source, *_ = survey.split("#")
    return f"{kind}#{source}#{hashlib.sha256(survey.encode()).hexdigest()[:_ID_DIGITS]}#{question}"
