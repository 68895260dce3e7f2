"""What time alone will do, as far as it matters: what is planned and due, answers that grow old, and a moving NPS."""

from collections.abc import Sequence
from datetime import date, timedelta

from functions.pages.agenda import Meetings
from functions.pages.controls import badge, disclosure
from functions.pages.markup import Child, Markup, tag
from shared.opmm.calendar import Entry, calendar
from shared.opmm.dataclass import dataclass
from shared.opmm.intervals import end_of_month
from shared.opmm.model import Model
from shared.reading.scorecards import Card
from shared.texts.words import Words, raw, signed

_SHOWN = 7
"""Entries that are shown at once."""


@dataclass(frozen=True, slots=True)
class Coming:
    """Something that a day will bring."""

    entry: Entry
    text: str
    lead: str = ""
    """How the text begins, where that is the word to look for."""
    hint: str | None = None
    points: int = 0
    whole_month: bool = False
    """Whether only the month may be told: the very day would say when somebody responded."""

    @property
    def day(self) -> date:
        """When it comes."""
        return self.entry.day


def coming(card: Card, told: Meetings, model: Model, words: Words, *, people: bool) -> list[Coming]:
    """Everything within a year that matters, the soonest first.

    Of an NPS only the first change of its points, when it is the doing of that one day (or month). An NPS that runs dry
    is not a fall, as nobody knows it then: that is told when it comes near. Of a long silence nothing is said where a
    talk is planned before it.
    """
    entries = calendar(card.inputs, told.agenda, model, card.score.as_of, by_month=not people)
    teller = _Teller(card, told, model, words, people=people)
    found: list[Coming] = []
    for entry in entries:
        one = teller.tell(entry)
        # Who looks farther than the first move of the NPS supposes that nobody answers meanwhile.
        if one and not (entry.kind == "window" and any(other.entry.kind == "window" for other in found)):
            found.append(one)
    return found


@dataclass(frozen=True, slots=True)
class _Teller:
    card: Card
    told: Meetings
    model: Model
    words: Words
    people: bool

    def tell(self, entry: Entry) -> Coming | None:
        """An entry in words; None for one that does not matter."""
        match entry.kind:
            case "window":
                return self._window(entry)
            case "stale":
                return self._stale(entry)
            case "quiet":
                return self._quiet(entry)
            case "talk":
                return self._talk(entry)
            case "action":
                text = planned_text(entry, self.words)
                return Coming(entry, text, lead=text.partition(":")[0])
            case "goal":
                return self._goal(entry)

    def _window(self, entry: Entry) -> Coming | None:
        words, name = self.words, self._name(entry)
        if entry.after.points is None:
            near = entry.day <= self.card.score.as_of + timedelta(days=self.model.discussion.days)
            if not near:
                return None
            text = words("will_lapse", name=name)
            return Coming(entry, text, hint=words("ask_again"), whole_month=not self.people)
        if not entry.points or not entry.leaving or entry.leaving != self._leaving(entry.day):
            return None
        before, after = (
            signed(value) if isinstance(value, int) else raw(value) for value in (entry.before.value, entry.after.value)
        )
        text = words.counted("will_leave", entry.leaving, before=before, after=after)
        return Coming(entry, text, points=entry.points, whole_month=not self.people)

    def _leaving(self, day: date) -> int:
        """How many answers leave on that very day, or in that month."""
        first, last = (day, day) if self.people else (day.replace(day=1), end_of_month(day))
        window, today = timedelta(days=self.model.nps_window_days), self.card.score.as_of
        return sum(
            counts.count
            for answered, counts in self.card.inputs.responses.items()
            if first <= answered + window <= last and answered + window > today
        )

    def _stale(self, entry: Entry) -> Coming:
        return Coming(entry, self.words("will_be_old", name=self._name(entry)), hint=self.words("ask_again"))

    def _quiet(self, entry: Entry) -> Coming | None:
        planned = self.told.agenda.next_talk(self.card.score.as_of)
        if planned and planned <= entry.day:
            return None
        return Coming(entry, self.words("will_be_quiet", days=self.model.discussion.talk_days))

    def _talk(self, entry: Entry) -> Coming:
        talk = next((talk for talk in self.told.agenda.talks if talk.talk_id == entry.subject), None)
        names = self.told.with_whom(talk) if talk and self.people else []
        lead = planned_text(entry, self.words)
        text = self.words("will_talk_with", names=self.words.listed(names)) if names else lead
        return Coming(entry, text, lead=lead)

    def _goal(self, entry: Entry) -> Coming | None:
        goal = next((goal for goal in self.told.agenda.goals if goal.goal_id == entry.subject), None)
        if goal is None:
            return None
        points = self.words.points(goal.points)
        text = (
            self.words("will_goal", points=points)
            if goal.dimension is None
            else self.words("will_goal_question", points=points, name=self._name(entry))
        )
        return Coming(entry, text, lead=text.partition(":")[0])

    def _name(self, entry: Entry) -> str:
        dimension = self.model.find(entry.dimension) if entry.dimension else None
        return dimension.name[self.words.language] if dimension else ""


def planned_text(entry: Entry, words: Words) -> str:
    """A talk that is planned, or an action that is due, without the names of who comes."""
    return words("will_talk") if entry.kind == "talk" else words("will_be_due", title=entry.title or "")


def coming_list(found: Sequence[Coming], today: date, words: Words) -> Child:
    """What time alone will do, the soonest first."""
    if not found:
        return tag.p(words("no_time"), class_="quiet")
    shown, later = _rows(found[:_SHOWN], today, words), _rows(found[_SHOWN:], today, words)
    return [
        tag.ol(shown, class_="rows dates"),
        disclosure(words("more_coming", count=len(later)), tag.ol(later, class_="rows dates")) if later else None,
    ]


def _rows(found: Sequence[Coming], today: date, words: Words) -> list[Markup]:
    return [
        tag.li(
            tag.time(coming_day(one, today, words), datetime=None if one.whole_month else one.day.isoformat()),
            tag.span(
                tag.strong(one.lead) if one.lead else None,
                one.text.removeprefix(one.lead),
                tag.span(f" \N{MIDDLE DOT} {one.hint}", class_="quiet") if one.hint else None,
            ),
            badge(one.points) if one.points else None,
        )
        for one in found
    ]


def coming_day(one: Coming, today: date, words: Words) -> str:
    """When it comes: a day, or the month in which it does."""
    return words.month_of_year(one.day) if one.whole_month else words.near(one.day, today)
