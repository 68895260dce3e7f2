"""Says things in the language of the reader: texts, days, points, values, differences."""

from dataclasses import dataclass
from datetime import date

from shared.opmm.model import LANGUAGES, Dimension
from shared.texts.page_texts import TEXTS
from shared.texts.sentences import day_text, points_text

_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
}
_NUMBERS = {
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    "nl": ("geen", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """One of our languages."""

    language: str

    def __call__(self, key: str, **values: str | int) -> str:
        """A text of the pages."""
        return TEXTS[key][LANGUAGES.index(self.language)].format(**values)

    def counted(self, key: str, count: int, **values: str | int) -> str:
        """A text in the singular or the plural; `{count}` in it stands for the digits, `{number}` for the word."""
        return self(f"{key}_one" if count == 1 else key, count=count, number=self._number(count), **values)

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

    def band(self, value: int | str | None, dimension: Dimension | None) -> str:
        """The row of the table that holds a value: between 5 and 10.

        A value that has no row, because another model asked for it, is shown as it is.
        """
        if value is None:
            return self("nobody")
        if dimension is None or not dimension.holds(value):
            return raw(value)
        return dimension.band_of(value).text[self.language]

    def _number(self, count: int) -> str:
        numbers = _NUMBERS[self.language]
        return numbers[count] if count < len(numbers) else str(count)


def signed(number: int) -> str:
    """A number with its sign: +2, 0, and a real minus."""
    return f"+{number}" if number > 0 else plain(number)


def plain(number: int) -> str:
    """A number with a real minus, which screen readers say and narrow lines do not tear off."""
    return f"\N{MINUS SIGN}{-number}" if number < 0 else str(number)


def raw(value: int | str | None) -> str:
    """A value as it was given, without the words of any model."""
    return plain(value) if isinstance(value, int) else str(value)
