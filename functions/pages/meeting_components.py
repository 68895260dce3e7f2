"""What is aimed at, when agency and client talk, and who answers for it: the facts below a client's name and later."""

from collections.abc import Sequence
from datetime import date, timedelta

from functions.pages.agenda import Meetings
from functions.pages.controls import person
from functions.pages.history_components import Marked, fold
from functions.pages.icons import icon
from functions.pages.marks import trend as marks
from functions.pages.marks.goal import goal_bar
from functions.pages.markup import Child, Markup, tag
from functions.pages.partnership import Partnership
from functions.pages.scorecard_components import advice_text
from functions.pages.sections import Prop
from shared.opmm.advice import Advice, advice, is_worth_aiming_at
from shared.opmm.agenda import Goal, Talk, goal_status
from shared.opmm.dataclass import dataclass
from shared.opmm.model import Model
from shared.opmm.next_steps import Step
from shared.opmm.supposition import path
from shared.reading.agenda import Note
from shared.texts.words import Words

_YEAR = timedelta(days=365)
_NEAR = timedelta(days=92)
"""How far ahead a planned talk is drawn on a trend: farther ones would squeeze the year."""
_NEAREST = 2
"""Steps of a path that are told."""
_LISTED = 6
_STATES: tuple[marks.TalkState, ...] = ("held", "planned", "missed")


@dataclass(frozen=True, slots=True)
class MeetingTexts:
    """Says what people plan and aim at."""

    loaded: Partnership
    model: Model
    words: Words

    @property
    def day(self) -> date:
        """The day of the scorecard."""
        return self.loaded.card.score.as_of

    @property
    def told(self) -> Meetings:
        """What is said something about."""
        return self.loaded.meetings

    def goal_text(self, goal: Goal) -> str:
        """16 by 30 June: 2 to go."""
        words, day = self.words, self.words.day_of_year(goal.by, self.day)
        now = goal.reached_points(self.loaded.card.score)
        key = {"reached": "goal_reached", "expired": "goal_expired"}.get(self._status(goal), "goal_to_go")
        text = words(key, points=goal.points, day=day, count=goal.points - now)
        return text if goal.dimension is None else words("goal_question", name=self._name(goal.dimension), goal=text)

    def goal_prop(self, act: Child = None) -> Prop:
        """The goal with its bar and its path."""
        words, goal = self.words, self.told.agenda.goal()
        if goal is None:
            return Prop(words("goal"), tag.span(words("no_goal"), class_="none"), [words("no_goal_note"), " ", act])
        now = goal.reached_points(self.loaded.card.score)
        whole = self.model.dimension(goal.dimension).max if goal.dimension else self.model.max_total
        bar = goal_bar(now, goal.points, whole, words("goal_label", now=now, goal=goal.points))
        return Prop(words("goal"), [self.goal_text(goal), bar], [self._way(goal), " ", act])

    def _way(self, goal: Goal) -> str | None:
        """Whether it has come nearer, and the nearest steps."""
        words, status = self.words, self._status(goal)
        if status in ("reached", "expired"):
            return None
        then = goal.reached_points(self.told.past[goal.set_on]) if goal.set_on in self.told.past else None
        parts = []
        if status == "on_the_way" and then is not None:
            parts.append(words("goal_on_the_way", then=then))
        elif goal.set_on < self.day:
            parts.append(words("goal_behind"))
        steps = self._steps(goal)[:_NEAREST]
        if steps:
            parts.append(words("goal_nearest", steps=", ".join(steps)))
        return " ".join(parts)

    def _status(self, goal: Goal) -> str:
        now = self.loaded.card.score
        return goal_status(goal, self.told.past.get(goal.set_on) or now.snapshot(), now)

    def _steps(self, goal: Goal) -> list[str]:
        """The path, told as advice: nobody is told to answer "no", nor what nobody was asked."""
        card = self.loaded.card
        steps, _ = path(card.inputs, self.model, self.day, goal.points, goal.dimension)
        advised = {one.dimension: one for one in advice(self.loaded.steps, card.score, self.model)}
        told = (self._advised(step, advised.get(step.dimension)) for step in steps)
        texts = [advice_text(one, self.model, self.words) for one in told if one]
        return [f"{text[:1].lower()}{text[1:]}" if text[1:2].islower() else text for text in texts]

    def _advised(self, step: Step, instead: Advice | None) -> Advice | None:
        dimension = self.model.dimension(step.dimension)
        if instead is not None and instead.step is None:
            return instead
        if isinstance(step.change, str) and not is_worth_aiming_at(dimension.band_of(step.change), dimension):
            return instead
        return Advice(step.dimension, step)

    def talk_prop(self, act: Child = None) -> Prop:
        """The next talk with whom, and how the last ones went."""
        words, talk = self.words, self.told.next_talk(self.day)
        if talk is None:
            value: Child = tag.span(words("no_talk"), class_="none")
            return Prop(words("talk_next"), value, [tag.span(self._before(), class_="line"), act])
        names = self.told.with_whom(talk) if self.loaded.people else []
        left = (talk.on - self.day).days
        when = words.counted("talk_in", left) if left else words("talk_today")
        if names:
            when = words("talk_with", when=when, names=words.listed(names))
        elif self.told.last_talk(self.day) is None:
            when = words("talk_first", when=when)
        before = self._before() if self.told.last_talk(self.day) or self._missed() else None
        return Prop(
            words("talk_next"),
            sentence(words.weekday(talk.on, self.day)),
            [tag.span(when, class_="line"), tag.span(before, class_="line") if before else None, act],
        )

    def _before(self) -> Child:
        words, last = self.words, self.told.last_talk(self.day)
        held = words("held_on", day=words.day_of_year(last.on, self.day)) if last else words("never_held")
        missed = self._missed()
        if missed is None:
            return held
        return [held, "; ", tag.span(words("was_not", day=words.day_of_year(missed, self.day)), class_="low")]

    def _missed(self) -> date | None:
        return self.told.agenda.missed_talk(self.day)

    def owner_prop(self, act: Child = None) -> Prop:
        """Who at the agency answers for the client."""
        words, owner = self.words, self.loaded.card.inputs.description.owner
        if owner is None:
            return Prop(
                words("owner_prop"), tag.span(words("no_owner"), class_="none"), [words("no_owner_note"), " ", act]
            )
        return Prop(words("owner_prop"), tag.span(person(owner), owner, class_="owner"), act)

    def marked(self) -> Marked:
        """Talks and the goal, as they are drawn on the trend."""
        words, since = self.words, self.day - _YEAR
        talks = [
            marks.Talk(talk.on, words(f"mark_{status}", day=words.near(talk.on, self.day)), status)
            for talk in sorted(self.told.agenda.talks, key=lambda talk: talk.on)
            if (status := talk.status(self.day)) in _STATES and since < talk.on <= self.day + _NEAR
        ]
        goal = self.told.agenda.goal()
        if goal is None or goal.dimension is not None:
            return Marked(talks)
        return Marked(talks, marks.Goal(goal.points, goal.set_on, words("mark_goal", points=goal.points)))

    def fold(self, place: str) -> Markup:
        """A line of the index: how many talks, agreements and notes there are, with the newest behind it."""
        words, told = self.words, self.told
        states = [talk.status(self.day) for talk in told.agenda.talks]
        counts = [
            words(f"count_talks_{state}", count=states.count(state))
            for state in ("held", "missed", "planned")
            if states.count(state)
        ]
        if told.agenda.actions:
            counts.append(words.counted("counted_agreements", len(told.agenda.actions)))
        if told.notes:
            counts.append(words.counted("count_notes", len(told.notes)))
        rows = [
            *(self.talk_row(talk) for talk in told.agenda.talks[:_LISTED]),
            *(note_row(note, self.model, self.words) for note in told.notes[:_LISTED]),
        ]
        return fold(
            words("talks_and_notes"),
            ", ".join(counts) or words("no_talks"),
            str(len(told.agenda.talks) + len(told.notes)),
            tag.ul(rows, class_="facts") if rows else tag.p(words("no_talks"), class_="hint"),
            tag.p(tag.a(words("all_talks"), href=place)) if rows else None,
        )

    def talk_row(self, talk: Talk) -> Markup:
        """A talk with who was there, and what both may read of it; what stays inside only for those who may know."""
        names = self.told.with_whom(talk) if self.loaded.people else []
        return talk_row(
            self.words(f"talk_listed_{talk.status(self.day)}", day=self.words.day_of_year(talk.on, self.day)),
            names,
            self.words,
            summary=self.told.text(talk, "summary"),
            internal=self.told.text(talk, "internal"),
        )

    def _name(self, key: str) -> str:
        return self.model.dimension(key).name[self.words.language]


def talk_row(
    title: str,
    names: Sequence[str],
    words: Words,
    *,
    summary: str | None = None,
    internal: str | None = None,
    further: Child = None,
) -> Markup:
    """A talk in a list of facts."""
    return tag.li(
        tag.strong(title),
        tag.span(words("talk_names", names=words.listed(names)), class_="hint") if names else None,
        tag.p(summary, class_="shared") if summary else None,
        tag.p(
            icon("lock"),
            tag.span(internal, tag.span(f" ({words('kept_inside')})", class_="hint")),
            class_="inside-only",
        )
        if internal
        else None,
        further,
    )


def note_row(note: Note, model: Model, words: Words) -> Markup:
    """A note in a list of facts."""
    text, author = (note.details.get(key) for key in ("text", "author"))
    dimension = model.find(note.dimension) if note.dimension else None
    day = words.short_day(note.written_on)
    said = words("note_on", author=author, day=day) if isinstance(author, str) and author else day
    about = [dimension.name[words.language]] if dimension else []
    about += [words("kept_inside")] if note.internal else []
    return tag.li(
        tag.span(text if isinstance(text, str) else ""),
        tag.span(said, class_="hint"),
        tag.p(", ".join(about), class_="hint about") if about else None,
    )


def sentence(text: str) -> str:
    """A text as a sentence begins."""
    return f"{text[:1].upper()}{text[1:]}"
