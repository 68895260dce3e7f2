"""What was agreed: what is to be done, and what became of the rest."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from functions.pages.controls import disclosure, empty_state, link_button
from functions.pages.icons import icon
from functions.pages.markup import Child, Markup, tag
from shared.opmm.agenda import Action, ActionStatus, Settlement
from shared.opmm.dataclass import dataclass
from shared.opmm.model import Model
from shared.texts.words import Words

Settled = tuple[Action, Settlement]

_ICONS: Mapping[ActionStatus, tuple[str, str]] = {
    "open": ("ring", ""),
    "overdue": ("alert", "warn"),
    "kept": ("kept", "good"),
    "done": ("kept", "good"),
    "late": ("clock", ""),
    "missed": ("cross", "warn"),
    "no_effect": ("cross", "warn"),
    "dropped": ("close", ""),
}
_COUNTED: tuple[ActionStatus, ...] = ("kept", "done", "late", "missed", "no_effect", "dropped")
_SHOWN = 5
"""Settled ones that are shown at once."""


@dataclass(frozen=True, slots=True)
class Agreements:
    """Says what was agreed with a client, on a day."""

    day: date
    model: Model
    words: Words

    def note(self, opened: Sequence[Settled], settled: Sequence[Settled]) -> str | None:
        """How many are open, and what became of the others, in a line."""
        if not opened and not settled:
            return None
        if not settled:
            return self.words("agreements_open_note", open=len(opened))
        counted = Counter(settlement.status for _, settlement in settled)
        parts = [self.words(f"count_{status}", count=counted[status]) for status in _COUNTED if counted[status]]
        return self.words("agreements_note", open=len(opened), whole=len(settled), parts=", ".join(parts))

    def lists(
        self,
        opened: Sequence[Settled],
        settled: Sequence[Settled],
        agree: str | None = None,
        acts: Callable[[Action], Child] | None = None,
    ) -> Markup:
        """What is open at the left and what is settled at the right; the worst and the soonest come first.

        `agree` is where something can be agreed, for those who may; `acts` gives what can be done with one.
        """
        words = self.words
        if not opened and not settled:
            act = link_button(words("agree_something"), agree, weight="small") if agree else None
            return tag.div(empty_state(words("nothing_agreed_yet"), act=act), class_="card padded")
        shown, earlier = settled[:_SHOWN], settled[_SHOWN:]
        return tag.div(
            self._list(words("agreed_open"), opened, words("nothing_open"), acts),
            self._list(words("agreed_settled"), shown, words("nothing_settled"), acts, earlier),
            class_="pair agreements",
        )

    def _list(
        self,
        title: str,
        rows: Sequence[Settled],
        none: str,
        acts: Callable[[Action], Child] | None,
        earlier: Sequence[Settled] = (),
    ) -> Markup:
        def drawn(some: Sequence[Settled]) -> Markup:
            return tag.ul([self.row(*row, act=acts(row[0]) if acts else None) for row in some], class_="rows actions")

        more = disclosure(self.words.counted("more_settled", len(earlier)), drawn(earlier)) if earlier else None
        return tag.div(
            tag.h3(title, " ", tag.span(len(rows) + len(earlier), class_="count")),
            tag.div(drawn(rows) if rows else tag.p(none, class_="quiet none"), more, class_="card"),
        )

    def row(self, action: Action, settlement: Settlement, act: Child = None) -> Markup:
        """One of them: its title, who and by when, and its state in words at the right."""
        name, look = _ICONS[settlement.status]
        bad = look == "warn"
        return tag.li(
            icon(name, look),
            tag.div(tag.h4(action.title), tag.p(self._about(action), class_="hint"), act),
            tag.span(self._state(action, settlement), class_="state low" if bad else f"state {look}".rstrip()),
        )

    def brief(self, action: Action, settlement: Settlement) -> Markup:
        """The same in a narrow column: the state, the day and who below the title."""
        name, look = _ICONS[settlement.status]
        who = action.who or self.words(f"of_side_{action.side}")
        said = f"{self._state_on(action, settlement)} \N{MIDDLE DOT} {who}"
        if action.who and action.side == "client":
            said = f"{said}, {self.words('of_side_client')}"
        return tag.li(
            icon(name, look),
            tag.div(tag.p(action.title, class_="what"), tag.p(said, class_="hint")),
            class_="with-icon",
        )

    def _about(self, action: Action) -> str:
        words = self.words
        side = words(f"of_side_{action.side}")
        parts = [
            f"{action.who}, {side}" if action.who else side,
            words("due_by", day=words.near(action.due, self.day)),
        ]
        if action.expects:
            name = self.model.dimension(action.expects.dimension).name[words.language]
            parts.append(words("moves_to", name=name, points=action.expects.points))
        if action.internal:
            parts.append(words("kept_inside"))
        return " \N{MIDDLE DOT} ".join(parts)

    def _state(self, action: Action, settlement: Settlement) -> str:
        words = self.words
        match settlement.status:
            case "open":
                left = (action.due - self.day).days
                return words.counted("state_in", left) if left else words("state_today")
            case "overdue":
                return words.counted("state_overdue", (self.day - action.due).days)
            case "late":
                return words.counted("state_late", ((settlement.on or self.day) - action.due).days)
            case "kept" | "done":
                return words(f"state_{settlement.status}", day=words.near(settlement.on or self.day, self.day))
            case status:
                return words(f"state_{status}")

    def _state_on(self, action: Action, settlement: Settlement) -> str:
        words, due = self.words, self.words.near(action.due, self.day)
        match settlement.status:
            case "open":
                return words("open_by", day=due)
            case "overdue":
                return words("overdue_since", day=due)
            case "late":
                days = ((settlement.on or self.day) - action.due).days
                return words.counted("late_by", days, day=words.near(settlement.on or self.day, self.day))
            case "missed" | "no_effect":
                return words(f"{settlement.status}_on", day=due)
            case status:
                return words(f"{status}_on", day=words.near(settlement.on or self.day, self.day))


def who_by(action: Action, day: date, words: Words) -> str:
    """Who does it, and by when."""
    who = action.who or words(f"of_side_{action.side}")
    return words("by_whom", who=who, day=words.day_of_year(action.due, day))
