"""The scorecard: five questions, their points and their provenance, for one client on one day."""

import hashlib
import json
from datetime import date, timedelta
from typing import Any

from shared.opmm.dataclass import dataclass
from shared.opmm.inputs import Answer, ScoringInputs
from shared.opmm.kinds import Basis
from shared.opmm.model import Dimension, Model
from shared.opmm.nps import Tally, nps
from shared.opmm.timestamps import window


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """One question on a scorecard; all None when nobody has answered it."""

    key: str
    max: int
    points: int | None = None
    value: int | str | None = None
    basis: Basis | None = None
    observed_at: str | None = None
    source: str | None = None
    fact_id: str | None = None
    """The fact that was counted; None for NPS by responses, where many are."""
    stale: bool = False
    tally: Tally | None = None
    """NPS by responses only: what was counted in the window."""


@dataclass(frozen=True, slots=True)
class QuestionSnapshot:
    """What is kept of one question on an earlier day."""

    key: str
    points: int | None = None
    value: int | str | None = None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is kept of the scorecard of an earlier day: enough to compare with it, and no more."""

    as_of: date
    dimensions: tuple[QuestionSnapshot, ...]

    @property
    def total(self) -> int:
        """The sum of the points that were known."""
        return sum(dimension.points or 0 for dimension in self.dimensions)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The five dimensions of one client. Nothing is extrapolated: an unanswered question adds to neither sum."""

    client_id: str
    as_of: date
    model: str
    max_total: int
    dimensions: tuple[DimensionScore, ...]

    @property
    def total(self) -> int:
        """The sum of the points that are known; 0 when none are."""
        return sum(dimension.points or 0 for dimension in self.dimensions)

    @property
    def attainable(self) -> int:
        """What the answered questions could have given."""
        return sum(dimension.max for dimension in self.dimensions if dimension.points is not None)

    @property
    def complete(self) -> bool:
        """Whether all questions are answered."""
        return all(dimension.points is not None for dimension in self.dimensions)

    @property
    def stale(self) -> bool:
        """Whether any answer is older than its question allows."""
        return any(dimension.stale for dimension in self.dimensions)

    def snapshot(self) -> Snapshot:
        """What is kept of it once its day is over."""
        return Snapshot(
            self.as_of,
            tuple(
                QuestionSnapshot(dimension.key, dimension.points, dimension.value, dimension.stale)
                for dimension in self.dimensions
            ),
        )

    def digest(self) -> str:
        """`sha256:` and the hash of what the score says; the same facts on the same day give the same digest."""
        return digest_on(self.as_of, self.said())

    def said(self) -> str:
        """The hash of what the score says, whatever day it is: it stays while time passes and nothing else changes."""
        said = [
            self.client_id,
            self.model,
            [
                [
                    dimension.key,
                    dimension.points,
                    dimension.value,
                    dimension.basis,
                    # When the latest response came is nobody's to find out, not even by trying all times.
                    None if dimension.tally else dimension.observed_at,
                    dimension.source,
                    dimension.fact_id,
                    dimension.stale,
                    dimension.tally
                    and [dimension.tally.promoters, dimension.tally.passives, dimension.tally.detractors],
                ]
                for dimension in self.dimensions
            ],
        ]
        return _hash(said)


def digest_on(day: date, said: str) -> str:
    """The digest on a day of a scorecard that says this."""
    return "sha256:" + _hash([day.isoformat(), said])


def _hash(said: list[Any]) -> str:
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def changes_on(standing: ScoringInputs, model: Model, day: date) -> date | None:
    """The first day after this one on which time alone changes what the scorecard says; None when it never does."""
    found: list[date] = []
    for dimension in model.dimensions:
        if dimension.kind != "nps":
            answer = standing.answers.get(dimension.key)
            found += _grows_stale(answer, dimension) if answer else []
            continue
        kept = timedelta(days=model.nps_window_days)
        found += [moment for on, counts in standing.responses.items() if counts.count for moment in (on, on + kept)]
        first, last = window(day, model.nps_window_days)
        counted = any(counts.count and first <= on <= last for on, counts in standing.responses.items())
        if standing.reported and not counted:  # where responses count, nobody hears of it
            reported = standing.reported
            found += [reported.day, reported.day + kept, *_grows_stale(reported, dimension)]
    return min((moment for moment in found if moment > day), default=None)


def _grows_stale(answer: Answer, dimension: Dimension) -> list[date]:
    return [] if dimension.fresh_days is None else [answer.day + timedelta(days=dimension.fresh_days + 1)]


def known_points(card: Scorecard) -> dict[str, int]:
    """The points of the questions that are answered."""
    return {dimension.key: dimension.points for dimension in card.dimensions if dimension.points is not None}


def scorecard(standing: ScoringInputs, model: Model, day: date) -> Scorecard:
    """The scorecard for the end of a day. The standing must hold every response of the window that ends there."""
    return Scorecard(
        client_id=standing.client_id,
        as_of=day,
        model=model.id,
        max_total=model.max_total,
        dimensions=tuple(
            _nps(standing, dimension, model.nps_window_days, day)
            if dimension.kind == "nps"
            else _answered(standing.answers.get(dimension.key), dimension, day)
            for dimension in model.dimensions
        ),
    )


def _answered(answer: Answer | None, dimension: Dimension, day: date) -> DimensionScore:
    """The latest answer keeps its points, however old; past its time it is called stale."""
    if answer is None:
        return DimensionScore(dimension.key, dimension.max)
    return DimensionScore(
        key=dimension.key,
        max=dimension.max,
        points=dimension.points_for(answer.value),
        value=answer.value,
        basis=answer.basis,
        observed_at=answer.observed_at,
        source=answer.source,
        fact_id=answer.fact_id,
        stale=dimension.fresh_days is not None and day - answer.day > timedelta(days=dimension.fresh_days),
    )


def _nps(standing: ScoringInputs, dimension: Dimension, window_days: int, day: date) -> DimensionScore:
    """Responses in the window win; a reported NPS in the window counts only when there are none."""
    first, last = window(day, window_days)
    counts = sum((each for on, each in standing.responses.items() if first <= on <= last), Tally())
    if counts.count:
        value, latest = nps(counts), standing.latest_response
        return DimensionScore(
            key=dimension.key,
            max=dimension.max,
            points=dimension.points_for(value),
            value=value,
            basis="responses",
            observed_at=latest.observed_at if latest else None,
            source=latest.source if latest else None,
            tally=counts,
        )
    reported = standing.reported
    return _answered(reported if reported and first <= reported.day <= last else None, dimension, day)
