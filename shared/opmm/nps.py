"""The Net Promoter Score, exact from counts."""

from collections.abc import Iterable
from dataclasses import dataclass

LOWEST_PROMOTER = 9
LOWEST_PASSIVE = 7


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
    balance = 100 * (counts.promoters - counts.detractors)
    magnitude = (2 * abs(balance) + counts.count) // (2 * counts.count)
    return magnitude if balance >= 0 else -magnitude
