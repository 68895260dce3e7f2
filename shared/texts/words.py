"""Says things in the language of the reader: texts, days, points, differences."""

from dataclasses import dataclass
from datetime import date

from shared.opmm.ledger import Reading
from shared.opmm.model import LANGUAGES, Dimension
from shared.texts.page_texts import TEXTS
from shared.texts.sentences import day_text, points_text

_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """One of our languages."""

    language: str

    def __call__(self, key: str, **values: str | int) -> str:
        """A text of the pages."""
        return TEXTS[key][LANGUAGES.index(self.language)].format(**values)

    def day(self, day: date) -> str:
        """14 January 2027."""
        return day_text(day, self.language)

    def month(self, day: date) -> str:
        """Jan."""
        return _MONTHS[self.language][day.month - 1]

    def month_of_year(self, day: date) -> str:
        """Jan 2027."""
        return f"{self.month(day)} {day.year}"

    def short_day(self, day: date) -> str:
        """14 Jan 2027."""
        return f"{day.day} {self.month_of_year(day)}"

    def points(self, count: int) -> str:
        """1 point, 2 points."""
        return points_text(count, self.language)

    def reading(self, reading: Reading, dimension: Dimension) -> str:
        """What a question reads, as the table has it: between 5 and 10."""
        if reading.value is None:
            return self("nobody")
        return dimension.band_of(reading.value).text[self.language]


def signed(number: int) -> str:
    """A number with its sign: +2, 0, and a real minus."""
    return f"+{number}" if number > 0 else plain(number)


def plain(number: int) -> str:
    """A number with a real minus, which screen readers say and narrow lines do not tear off."""
    return f"\N{MINUS SIGN}{-number}" if number < 0 else str(number)
