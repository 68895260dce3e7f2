"""Where things are done with a client: the addresses of its pages and forms, each in one place."""

from functions.pages.layout import PageContext
from shared.opmm.advice import Advice
from shared.opmm.dataclass import dataclass
from shared.opmm.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class ClientPlaces:
    """The addresses of one client, in the language of whoever looks."""

    context: PageContext
    client_id: str

    def page(self, anchor: str = "", **query: str | None) -> str:
        """The client's own page, or a section of it."""
        return self._at("", **query) + (f"#{anchor}" if anchor else "")

    def prepare(self) -> str:
        """Where the next talk is prepared."""
        return self._at("/prepare")

    def hold(self, talk_id: str | None = None) -> str:
        """Where a talk is held: one that was planned, or the next."""
        return self._at("/talk", talk=talk_id)

    def agree(self, one: Advice | None = None, card: Scorecard | None = None, title: str | None = None) -> str:
        """Where something is agreed; filled in with an advice, if one is given: its words, and what it would bring."""
        if one is None or card is None:
            return self._at("/agree")
        score = next(score for score in card.dimensions if score.key == one.dimension)
        points = None if one.points is None else str(min((score.points or 0) + one.points, score.max))
        return self._at("/agree", title=title, dimension=one.dimension, points=points)

    def plan(self) -> str:
        """Where a talk is planned."""
        return self._at("/plan")

    def goal(self) -> str:
        """Where a goal is set."""
        return self._at("/goal")

    def answer(self, question: str) -> str:
        """Where one question is answered."""
        return self._at("", answer=question) + "#questions"

    def evidence(self, question: str) -> str:
        """Every fact of a question."""
        return self._at(f"/evidence/{question}")

    def talks(self) -> str:
        """Every talk, and every note."""
        return self._at("/talks")

    def calendar(self) -> str:
        """What is coming, as a file for a calendar."""
        return self._at("/calendar.ics")

    def _at(self, path: str, **query: str | None) -> str:
        return self.context.link(f"/clients/{self.client_id}{path}", **query)
