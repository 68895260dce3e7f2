"""How far an import in the browser is: kept in its page between two steps, and signed, so that nobody makes it up."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import field

from shared.http.cursors import decode, encode
from shared.http.problems import InvalidError
from shared.opmm.dataclass import dataclass

COUNTS = ("accepted", "duplicate", "superseded", "refused", "without")
"""What may become of a line."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What the service has counted, and where it is in the file."""

    begun: int = 0
    """Lines before the step that was last."""
    done: int = 0
    finished: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    refused: Mapping[int, str] = field(default_factory=dict)
    """By line of the step that was last, why the service refused what is right: the key of a text, or a sentence."""

    def text(self, about: str, key: str) -> str:
        """As it stands in the page, good for this file only."""
        whole = (self.begun, self.done, int(self.finished), *(self.counts[each] for each in COUNTS))
        refused = [part for line, why in self.refused.items() for part in (str(line), why)]
        return encode([*map(str, whole), *refused], _purpose(about), key)

    @classmethod
    def read(cls, text: str, about: str, keys: Sequence[str]) -> "Progress | None":
        """What was kept in a page; None for what this service has not signed for this file."""
        try:
            begun, done, finished, *rest = decode(text, _purpose(about), keys)
        except InvalidError:
            return None
        counted, refused = rest[: len(COUNTS)], rest[len(COUNTS) :]
        return cls(
            int(begun),
            int(done),
            finished == "1",
            Counter(dict(zip(COUNTS, map(int, counted), strict=True))),
            {int(line): why for line, why in zip(refused[::2], refused[1::2], strict=True)},
        )


def _purpose(about: str) -> str:
    return f"import {about}"
