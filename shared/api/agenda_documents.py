"""What the API responds with about talks, actions, goals, notes, and what time alone will do; as `documents`."""

from typing import Annotated, TypedDict

from shared.api.constraints import pattern
from shared.api.documents import StepDocument
from shared.api.fields import ClientId, Count, Day, Instant, QuestionKey, Value
from shared.opmm.agenda import ActionStatus, GoalStatus, Side, TalkStatus
from shared.opmm.calendar import EntryKind

Digest = Annotated[str, pattern("^sha256:[0-9a-f]{64}$")]


class ThenDocument(TypedDict):
    """What the questions said on the day of a talk."""

    total: Count
    digest: Digest
    """Covers the points and values of the questions: where that of `told` and of `today` differ, facts came later."""


_WithDocument = TypedDict("_WithDocument", {"with": list[str]})


class TalkDocument(_WithDocument):
    """A conversation of agency and client about the scorecard."""

    talk_id: str
    on: Day
    status: TalkStatus
    """`missed`: its day has passed, and nobody said that it was held or cancelled."""
    summary: str | None
    internal: str | None
    """Null without `evidence:read`."""
    author: str | None
    told: ThenDocument | None
    """As it was told then; null unless it was held, and where nothing had been told."""
    today: ThenDocument | None
    """As the facts known today give it; null unless it was held."""
    actions: list[str]
    """The ids of what was agreed in it."""


class TalkListDocument(TypedDict):
    """A page of talks, the latest first."""

    talks: list[TalkDocument]
    next: str | None
    """What `cursor` takes for the next page; null at the end."""


class ExpectationDocument(TypedDict):
    """The points of a question that an action should bring."""

    dimension: QuestionKey
    points: Count


class ActionDocument(TypedDict):
    """What was agreed: who does what by when, and which question it should move."""

    action_id: str
    title: str
    side: Side
    who: str | None
    agreed_on: Day
    due: Day
    talk_id: str | None
    expects: ExpectationDocument | None
    internal: bool
    """Only told with `evidence:read`."""
    status: ActionStatus
    """With an expectation facts settle it: `kept`, `late`, `missed`, or `no_effect` where it was closed as done."""
    settled_on: Day | None
    fact_id: str | None
    """The fact that settled it; null where many are behind it, and without `evidence:read`."""
    author: str | None


class ActionListDocument(TypedDict):
    """A page of actions."""

    actions: list[ActionDocument]
    next: str | None
    """What `cursor` takes for the next page; null at the end."""


class GoalDocument(TypedDict):
    """The total, or the points of one question, aimed at by a day; how far it is, and the cheapest way there."""

    goal_id: str
    points: Count
    dimension: QuestionKey | None
    """Null for the total."""
    by: Day
    set_on: Day
    status: GoalStatus
    """`on_the_way`: the gap has become smaller since it was set."""
    then: Count
    """The points when it was set."""
    now: Count
    path: list[StepDocument]
    """The cheapest next steps that lead there, one for each question; none when it is reached."""
    arrives: Count
    """The points at the end of the path, which may end before the goal."""
    author: str | None


class GoalListDocument(TypedDict):
    """The goals that stand; those for the total and those set last come first."""

    client_id: ClientId
    goals: list[GoalDocument]


class NoteDocument(TypedDict):
    """What somebody wrote down."""

    note_id: str
    text: str
    dimension: QuestionKey | None
    internal: bool
    """Only told with `evidence:read`."""
    at: Instant
    author: str | None


class NoteListDocument(TypedDict):
    """A page of notes, the latest first."""

    notes: list[NoteDocument]
    next: str | None
    """What `cursor` takes for the next page; null at the end."""


class SaidDocument(TypedDict):
    """What a question says."""

    points: Count | None
    value: Value


class EntryDocument(TypedDict):
    """What a day will bring if nothing else comes in."""

    day: Day
    kind: EntryKind
    """`window`: responses leave it. `stale`: an answer grows out of date. `quiet`: the last talk is long ago. Else what
    is planned or due."""
    dimension: QuestionKey | None
    before: SaidDocument | None
    """Of `window` only."""
    after: SaidDocument | None
    points: int
    """The difference to the total."""
    subject: str | None
    """The id of the talk, the action or the goal."""
    text: str


class CalendarDocument(TypedDict):
    """The coming days on which time alone will change what is said, the soonest first."""

    client_id: ClientId
    as_of: Day
    entries: list[EntryDocument]
