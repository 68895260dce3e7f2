"""The page of those who want to know what was sent to whom, what became of it, and to send it again."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Literal, Protocol

from functions.pages.layout import HEADERS, PageContext
from functions.pages.notifications_drawing import AGAIN, FAILED, FAILED_AGAIN, PLACE, Drawing, Listed
from shared.destinations.answer import Unsent
from shared.http.parameters import Parameters
from shared.http.problems import CrossSiteError, InvalidError, NotFoundError, UnavailableError
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.persons import person_key
from shared.opmm.slugs import is_slug
from shared.reading.access import Access
from shared.reading.scorecards import Cards
from shared.storage.deliveries import Deliveries
from shared.storage.functions import CalledFunctionError
from shared.storage.queries import Queries

SEES, SENDS_ALL = "people:write", "admin"
"""Of those who see what was sent and send one thing again; and of those who send all again that failed."""

DESCRIBE: Mapping[str, Any] = {"job": "describe_destinations"}

_ROWS = 25
_DIGITS = 9
"""Of how often something was sent again, by far."""


class Notify(Protocol):
    """The function that has the destinations."""

    def __call__(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """What it responds to a job. Raises CalledFunctionError."""

    def later(self, job: Mapping[str, Any]) -> None:
        """Has a job done by and by."""


@dataclass(frozen=True, slots=True)
class NotificationsPage:
    """`/notifications`. What the destinations are is asked of the function that has their secrets, and tells none."""

    access: Access
    cards: Cards
    queries: Queries
    deliveries: Deliveries
    notify: Notify

    def show(self, context: PageContext, token: Token) -> Response:
        """`GET`: every destination, or one with what was sent to it. Raises ForbiddenError, or NotFoundError."""
        _admit(token)
        name = context.request.query.get("destination")
        became, sends_all = self._became(context, name), SENDS_ALL in token.scopes
        drawing = Drawing(context, self.cards.zone, self.cards.today(), became, sends_all=sends_all)
        told = self._ask(DESCRIBE)
        if name is None or not told["readable"]:
            return drawing.all(told["destinations"], readable=told["readable"])
        chosen = _named(name, told)
        if chosen is None:
            raise NotFoundError("There is no destination of this name.")
        return drawing.one(chosen, self._listed(context, name))

    def act(self, context: PageContext, token: Token) -> Response:
        """`POST`: sends one delivery again, or all that failed; leads back, where it is said what became of that.

        Raises CrossSiteError, ForbiddenError, and InvalidError for what no form of ours sends.
        """
        if not context.request.is_from_own_page:
            raise CrossSiteError
        _admit(token)
        form = context.request.form()
        name, wish, asked = form.get("destination", ""), form.get("act", ""), form.get("again", "")
        if not is_slug(name):
            raise NotFoundError("There is no destination of this name.")
        if wish == FAILED_AGAIN:
            token.require(SENDS_ALL)
            became: str = _unsent(name, self._ask(DESCRIBE)) or "sending"
            if became == "sending":
                self.notify.later({"job": "send_failed_again", "destination": name})
        elif wish == AGAIN and asked.isascii() and asked.isdigit() and len(asked) <= _DIGITS:
            job = {"job": "send_again", "destination": name, "delivery": form.get("delivery", ""), "again": int(asked)}
            answered = self._ask(job)
            became = "sent" if answered["sent"] else answered.get("why", "gone")
        else:
            raise InvalidError("The form does not say what is to be done.")
        # What is gone has no page of its own any more.
        chosen = None if became == "no_destination" else name
        status = FAILED if chosen and form.get("status") == FAILED else None
        signed = self.access.cursor([became], _purpose(chosen))
        place = context.link(PLACE, destination=chosen, status=status, became=signed)
        return Response(HTTPStatus.SEE_OTHER, None, {**HEADERS, "Location": place}, about={"destination": name})

    def reaches(self, person: str) -> bool:
        """Whether any destination gets alerts of the clients of a person; taken to be so where nobody can say now."""
        try:
            told = self._ask(DESCRIBE)
        except UnavailableError:
            return True
        owned = [each["said"] for each in told["destinations"] if each["said"] and each["said"]["owner"]]
        return any("alerts" in said["wants"] and person_key(said["owner"]) == person_key(person) for said in owned)

    def _listed(self, context: PageContext, name: str) -> Listed:
        """A page of what was sent to a destination, with what the clients are called that it is about."""
        parameters = Parameters(context.request.query)
        choices: tuple[Literal["all", "failed"], ...] = ("all", "failed")
        status = parameters.choice("status", choices)
        parameters.check()
        purpose = f"deliveries {status} {name}"
        position = self.access.position(context.request, purpose)
        page = self.deliveries.latest(
            name, _ROWS, position[0] if position else None, FAILED if status == FAILED else None
        )
        clients = sorted({each.client_id for each in page.deliveries if each.client_id})
        names = {row.client_id: row.name for row in self.queries.summaries(clients)}
        further = self.access.cursor([page.next] if page.next else None, purpose)
        return Listed(page.deliveries, names, further, only_failed=status == FAILED)

    def _became(self, context: PageContext, name: str | None) -> str | None:
        """What became of what was asked for just before: signed, so that no link can claim it."""
        signed = context.request.query.get("became")
        try:
            return self.access.opened(signed, _purpose(name))[0] if signed else None
        except InvalidError:
            return None

    def _ask(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """What the other function says. Raises UnavailableError."""
        try:
            return self.notify(job)
        except CalledFunctionError:
            raise UnavailableError("The destinations cannot be reached.", headers={"Retry-After": "5"}) from None


def _named(name: str, told: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return next((each for each in told["destinations"] if each["name"] == name), None)


def _unsent(name: str, told: Mapping[str, Any]) -> Unsent | None:
    """Why nothing is sent to a destination; None where it is."""
    chosen = _named(name, told)
    if not told["readable"] or (chosen and chosen["said"] is None):
        return "unreadable"
    if chosen is None:
        return "no_destination"
    return "destination_ended" if chosen["ended_at"] else None


def _purpose(name: str | None) -> str:
    return f"sent again {name or ''}"


def _admit(token: Token) -> None:
    """Lets in who may see what was sent: of all clients, as most destinations hear of all. Raises ForbiddenError."""
    token.require(SEES)
    token.require_client("")
