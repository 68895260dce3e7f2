"""Says things in the language of the reader: texts, days, points, values, differences."""

from collections.abc import Sequence
from datetime import date, datetime

from shared.opmm.dataclass import dataclass
from shared.opmm.model import LANGUAGES, Band, Dimension
from shared.texts.channel_texts import CHANNEL_TEXTS
from shared.texts.feed_texts import FEED_TEXTS
from shared.texts.form_texts import FORM_TEXTS
from shared.texts.import_texts import IMPORT_TEXTS
from shared.texts.letter_texts import LETTER_TEXTS
from shared.texts.message_texts import MESSAGE_TEXTS
from shared.texts.notification_texts import NOTIFICATION_TEXTS
from shared.texts.page_texts import TEXTS
from shared.texts.portfolio_texts import PORTFOLIO_TEXTS
from shared.texts.preparation_texts import PREPARATION_TEXTS
from shared.texts.sentences import day_text, points_text
from shared.texts.source_texts import SOURCE_TEXTS
from shared.texts.talk_texts import TALK_TEXTS

_TEXTS = {
    **TEXTS,
    **CHANNEL_TEXTS,
    **FEED_TEXTS,
    **FORM_TEXTS,
    **IMPORT_TEXTS,
    **LETTER_TEXTS,
    **MESSAGE_TEXTS,
    **NOTIFICATION_TEXTS,
    **PORTFOLIO_TEXTS,
    **PREPARATION_TEXTS,
    **SOURCE_TEXTS,
    **TALK_TEXTS,
}
_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
}
_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
}
_WEEKDAY_LETTERS = {"en": 3, "nl": 2}
_BETWEEN = {"en": "{low} to {high}", "nl": "{low} t/m {high}"}
_AND = {"en": "and", "nl": "en"}
_ENDS_OF_NPS = (-100, 100)
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
        return _TEXTS[key][LANGUAGES.index(self.language)].format(**values)

    def counted(self, key: str, count: int, **values: str | int) -> str:
        """A text in the singular or the plural; `{count}` in it stands for the digits, `{number}` for the word."""
        return self(f"{key}_one" if count == 1 else key, count=count, number=self.number(count), **values)

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

    def near(self, day: date, today: date) -> str:
        """3 Dec: the year is said only when it is another."""
        return f"{day.day} {self.month(day)}" if day.year == today.year else self.short_day(day)

    def months(self) -> tuple[str, ...]:
        """Jan to Dec."""
        return _MONTHS[self.language]

    def weekday(self, day: date, today: date | None = None) -> str:
        """Thursday 3 December, with the year when it is another than today's; always without one to compare with."""
        text = self.day(day)
        return f"{_WEEKDAYS[self.language][day.weekday()]} {text if not today or day.year != today.year else text[:-5]}"

    def weekday_short(self, day: date) -> str:
        """Thu."""
        return _WEEKDAYS[self.language][day.weekday()][: _WEEKDAY_LETTERS[self.language]]

    def day_of_year(self, day: date, today: date) -> str:
        """3 December, with the year when it is another."""
        return self.day(day)[:-5] if day.year == today.year else self.day(day)

    def moment(self, at: datetime, today: date) -> str:
        """Thursday 3 December, 14:05, by the clock that `at` is told by."""
        return f"{self.weekday(at.date(), today)}, {at:%H:%M}"

    def row(self, band: Band, dimension: Dimension) -> str:
        """What a row of the table says, without overlapping its neighbours: 5 to 10, where the table is 'between'."""
        low, high = band.low, band.high
        ends = _ENDS_OF_NPS if dimension.kind == "nps" else ()
        if low is None or high is None or low == high or low in ends or high in ends:
            text = band.text[self.language]
            return f"\N{MINUS SIGN}{text[1:]}" if text[:1] == "-" else text
        return _BETWEEN[self.language].format(low=plain(low), high=plain(high))

    def listed(self, parts: Sequence[str]) -> str:
        """Some things one after the other: this, that and another."""
        *first, last = parts
        return f"{', '.join(first)} {_AND[self.language]} {last}" if first else last

    def points(self, count: int) -> str:
        """1 point, 2 points."""
        return points_text(count, self.language)

    def band(self, value: int | str | None, dimension: Dimension | None) -> str:
        """The row of the table that holds a value: 5 to 10.

        A value that has no row, because another model asked for it, is shown as it is.
        """
        if value is None:
            return self("nobody")
        if dimension is None or not dimension.holds(value):
            return raw(value)
        return self.row(dimension.band_of(value), dimension)

    def number(self, count: int) -> str:
        """A small number as a word: two; from 13 on in digits."""
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
