"""What a history comes to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """What is wrong after one history."""

    seed: int
    scores: tuple[str, ...]
    ledgers: tuple[str, ...]
    drift: int
    """Scorecards that the night found to say something else than their facts."""
    seconds: float

    @property
    def wrong(self) -> bool:
        """Whether anything is."""
        return bool(self.scores or self.ledgers)
