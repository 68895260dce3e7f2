"""The Net Promoter Score, exact from counts."""

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from shared.opmm.dataclass import dataclass

LOWEST_PROMOTER = 9
LOWEST_PASSIVE = 7
LOWEST_NPS, HIGHEST_NPS = -100, 100


@dataclass(frozen=True, slots=True)
class Tally:
    """How many responses were promoters (9-10), passives (7-8) and detractors (0-6)."""

    promoters: int = 0
    passives: int = 0
    detractors: int = 0

    @property
    def count(self) -> int:
        """All responses."""
        return self.promoters + self.passives + self.detractors

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.promoters + other.promoters, self.passives + other.passives, self.detractors + other.detractors
        )


def tally(scores: Iterable[int]) -> Tally:
    """Counts ratings of 0 to 10 by category; none gives the empty tally."""
    promoters = passives = detractors = 0
    for score in scores:
        if score >= LOWEST_PROMOTER:
            promoters += 1
        elif score >= LOWEST_PASSIVE:
            passives += 1
        else:
            detractors += 1
    return Tally(promoters, passives, detractors)


def nps(counts: Tally) -> int:
    """100 (promoters - detractors) / responses as a whole number, half away from zero.

    Python's `round` is half-even and floats are inexact, so this is done in integers. Raises ZeroDivisionError
    without responses: nobody's NPS is not 0.
    """
    return _half_away_from_zero(100 * (counts.promoters - counts.detractors), counts.count)


def rounded(figure: Decimal) -> int:
    """An NPS that was reported with decimals as a whole number, half away from zero: 64.5 is 65, -0.5 is -1."""
    return _half_away_from_zero(*figure.as_integer_ratio())


def _half_away_from_zero(dividend: int, divisor: int) -> int:
    magnitude = (2 * abs(dividend) + divisor) // (2 * divisor)
    return magnitude if dividend >= 0 else -magnitude


def interval(counts: Tally) -> tuple[int, int]:
    """A 95 % confidence interval of the NPS, rounded outwards: where it may well lie if more people were asked.

    The adjusted Wald interval for the difference of two shares of the same answers: three quarters of a promoter and of
    a detractor and one and a half passive are added, so that few or unanimous answers do not look certain (B. Rocks,
    "Interval Estimation for the Net Promoter Score", The American Statistician 70, 2016). It always holds the NPS: a
    single answer is a point outside by the formula alone. Raises ZeroDivisionError without answers.
    """
    score = nps(counts)
    count = Decimal(counts.count + 3)
    promoters, detractors = (
        (Decimal(each) + Decimal("0.75")) / count for each in (counts.promoters, counts.detractors)
    )
    middle = promoters - detractors
    margin = Decimal("1.96") * ((promoters + detractors - middle * middle) / count).sqrt()
    low, high = 100 * (middle - margin), 100 * (middle + margin)
    return (
        max(-100, min(score, int(low.to_integral_value(ROUND_FLOOR)))),
        min(100, max(score, int(high.to_integral_value(ROUND_CEILING)))),
    )
