"""How a file would be read, to be looked at before anything is sent."""

from shared.opmm.dataclass import dataclass
from shared.texts.words import Words

ROWS = 10
"""That are shown."""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as it would be read, and what is wrong with it."""

    number: int
    cells: tuple[str, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a person looks at."""

    said: str
    """As what the file would be read."""
    columns: tuple[tuple[str, str], ...]
    """Ours, and the headings of the file that they are read from."""
    left_out: tuple[str, ...]
    """The headings of which nothing is read."""
    rows: tuple[PreviewRow, ...]
    differences: tuple[str, ...] = ()
    """Where the file's own totals are others than its answers give, each in a sentence."""
    zone: str = ""
    """In which zone times are shown; empty where there are none."""

    def rows_said(self, words: Words) -> str:
        """What stands above the rows."""
        return words("map_rows_in", zone=self.zone) if self.zone else words("map_rows")
