"""Every page, at its address."""

from typing import TYPE_CHECKING, Protocol

from functions.pages.agreements_page import AGREED_BY, AgreementsPage
from functions.pages.answers import AnswerForm
from functions.pages.calendar_page import CalendarPage
from functions.pages.client_names import ClientNamesForm
from functions.pages.client_page import ClientPage
from functions.pages.evidence_page import EvidencePage
from functions.pages.forms.agree import PREFILLED, AgreeForm
from functions.pages.forms.alerts import AlertsForm
from functions.pages.forms.goal import GoalForm
from functions.pages.forms.note import NoteForm
from functions.pages.forms.owner import OwnerForm
from functions.pages.forms.plan import PlanForm
from functions.pages.forms.saying import Saying
from functions.pages.layout import PageContext, problem_page, stylesheet, talk_script
from functions.pages.model_page import ModelPage
from functions.pages.portfolio.page import LISTED_BY, PortfolioPage
from functions.pages.prepare_page import PreparePage
from functions.pages.session import Session, SignInNeededError
from functions.pages.talks_page import TalksPage
from shared.http.parameters import refuse_other_names
from shared.http.problems import ProblemError
from shared.http.requests import Request, Response, problem_response
from shared.http.routes import Endpoint
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.reading.access import Access
from shared.reading.agenda import AgendaReading
from shared.reading.all_rows import AllRows
from shared.reading.scorecards import Cards
from shared.storage.attention import Attentions
from shared.storage.queries import Queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from functions.pages.client_links import LinksPage
    from functions.pages.feeds.page import FeedsPage
    from functions.pages.feeds.reading import FeedReading
    from functions.pages.import_page import ImportPage
    from functions.pages.notifications_page import NotificationsPage
    from functions.pages.sources_page import SourcesPage
    from functions.pages.talk.page import TalkPage
    from shared.intake.intake import Intake

_FEEDS = "/feeds/"
"""How the addresses begin that programs read."""


@dataclass(frozen=True, slots=True)
class Rare:
    """Pages that few look at: each is made when somebody does."""

    talk: "Callable[[], TalkPage]"
    imports: "Callable[[], ImportPage]"
    sources: "Callable[[], SourcesPage]"
    notifications: "Callable[[], NotificationsPage]"
    links: "Callable[[], LinksPage]"
    feeds: "Callable[[], FeedsPage]"
    feed: "Callable[[], FeedReading]"


@dataclass(frozen=True, slots=True)
class _Page:
    """The endpoint of a page, for addresses that it understands."""

    endpoint: Endpoint
    parameters: frozenset[str]

    def __call__(self, request: Request, **captured: str) -> Response:
        """Raises QueryNamesError before anything is read."""
        refuse_other_names(request, self.parameters)
        return self.endpoint(request, **captured)


class _Form(Protocol):
    """A form on a page of its own."""

    def show(self, context: PageContext, token: Token, client_id: str) -> Response:
        """Draws it."""

    def respond(self, context: PageContext, token: Token, client_id: str) -> Response:
        """Takes what was filled in."""


class Pages:
    """The pages, wired."""

    def __init__(
        self,
        access: Access,
        cards: Cards,
        queries: Queries,
        session: Session,
        intake: "Callable[[], Intake]",
        *,
        rows: AllRows,
        rare: "Rare",
        attentions: Attentions,
        agency: str | None = None,
    ) -> None:
        self._model = ModelPage(access, cards)
        self._session = session
        saying = Saying(access, cards, intake)
        self._alerts = AlertsForm(saying, attentions, lambda person: rare.notifications().reaches(person))
        self._client = ClientPage(access, cards, queries, self._alerts, agency)
        self._evidence = EvidencePage(access, cards)
        self._prepare = PreparePage(access, cards, queries)
        self._calendar = CalendarPage(access, cards, queries)
        self._talks = TalksPage(access, cards, queries)
        self._names = ClientNamesForm(access, cards, intake)
        self._portfolio = PortfolioPage(access, cards, queries, rows)
        self._agreements = AgreementsPage(access, cards, queries, rows)
        self._talk, self._import = rare.talk, rare.imports
        self._sources, self._notifications = rare.sources, rare.notifications
        self._links, self._feeds, self._feed = rare.links, rare.feeds, rare.feed
        self._answers = AnswerForm(saying)
        self._forms: dict[str, tuple[_Form, tuple[str, ...]]] = {
            "agree": (AgreeForm(saying), ("id", *PREFILLED)),
            "plan": (PlanForm(saying), ("id",)),
            "goal": (GoalForm(saying), ()),
            "note": (NoteForm(saying, AgendaReading(cards, queries)), ()),
            "owner": (OwnerForm(saying), ()),
        }
        """By the last part of their address, with the parameters that they take."""

    @property
    def routes(self) -> dict[str, Endpoint]:
        """The addresses of the pages. Each takes the language and the parameters behind it, and refuses any other.

        Where people come back from a provider anything is taken, and where programs read a feed: they add parameters of
        their own.
        """
        table: dict[str, tuple[Endpoint, tuple[str, ...]]] = {
            "GET /": (self.portfolio, LISTED_BY),
            "GET /portfolio": (self.portfolio, LISTED_BY),
            "GET /agreements": (self.agreements, AGREED_BY),
            "GET /clients/{client_id}": (self.client, ("as_of", "list", "saved", "answer")),
            "GET /clients/{client_id}/as-client": (self.as_client, ("as_of",)),
            "GET /clients/{client_id}/next-talk.ics": (self.next_talk, ()),
            "GET /clients/{client_id}/evidence/{question}": (self.evidence, ("cursor",)),
            "GET /clients/{client_id}/prepare": (self.prepare, ()),
            "GET /clients/{client_id}/calendar.ics": (self.calendar, ()),
            "GET /clients/{client_id}/talks": (self.talks, ("cursor", "notes")),
            "GET /clients/{client_id}/links": (self.links, ()),
            "POST /clients/{client_id}/links": (self.make_link, ()),
            "POST /clients/{client_id}/names": (self.names, ()),
            "POST /clients/{client_id}/alerts": (self.alerts, ()),
            "GET /clients/{client_id}/talk": (self.talk, ("talk",)),
            "POST /clients/{client_id}/talk": (self.hold_talk, ("talk",)),
            "POST /clients/{client_id}/answers/{question}": (self.answers, ()),
            "GET /sources": (self.sources, ("source", "cursor", "item", "became")),
            "POST /sources": (self.mend_sources, ()),
            "GET /feeds": (self.feeds, ()),
            "POST /feeds": (self.change_feeds, ()),
            "GET /notifications": (self.notifications, ("destination", "status", "cursor", "became")),
            "POST /notifications": (self.send_again, ()),
            "GET /model": (self.model, ("client",)),
            "GET /import": (self.choose_file, ()),
            "POST /import": (self.import_file, ()),
            "GET /sign-in": (self._session.open_link, ("token", "next")),
            "POST /sign-in": (self._session.sign_in, ()),
            "POST /sign-in/provider": (self._session.to_provider, ()),
            "POST /sign-out": (self._session.sign_out, ()),
            "GET /style.css": (self.style, ("v",)),
            "GET /talk.js": (self.talk_script, ("v",)),
        }
        for name, (form, parameters) in self._forms.items():
            table[f"GET /clients/{{client_id}}/{name}"] = (self._shown(form), parameters)
            table[f"POST /clients/{{client_id}}/{name}"] = (self._taken(form), ())
        pages = {route: _Page(endpoint, frozenset({"lang", *names})) for route, (endpoint, names) in table.items()}
        return {**pages, "GET /signed-in": self._session.from_provider, "GET /feeds/{file}": self.feed}

    def portfolio(self, request: Request) -> Response:
        """`GET /`: every partnership that the visitor may see."""
        token = self._session.visitor(request)
        return self._portfolio.respond(PageContext(request, token), token)

    def agreements(self, request: Request) -> Response:
        """`GET /agreements`: what was agreed with all clients that the visitor may see."""
        token = self._session.visitor(request)
        return self._agreements.respond(PageContext(request, token), token)

    def client(self, request: Request, client_id: str) -> Response:
        """`GET /clients/{client_id}`: one partnership, and all that explains its score."""
        token = self._session.visitor(request)
        return self._client.respond(PageContext(request, token), token, client_id)

    def prepare(self, request: Request, client_id: str) -> Response:
        """`GET /clients/{client_id}/prepare`: why to talk, and all that stands behind it."""
        token = self._session.visitor(request)
        return self._prepare.respond(PageContext(request, token), token, client_id)

    def calendar(self, request: Request, client_id: str) -> Response:
        """`GET /clients/{client_id}/calendar.ics`: what is coming, for a calendar."""
        token = self._session.visitor(request)
        return self._calendar.respond(PageContext(request, token), token, client_id)

    def talks(self, request: Request, client_id: str) -> Response:
        """`GET /clients/{client_id}/talks`: every talk and every note."""
        token = self._session.visitor(request)
        return self._talks.respond(PageContext(request, token), token, client_id)

    def as_client(self, request: Request, client_id: str) -> Response:
        """`GET /clients/{client_id}/as-client`: the same as the client sees it."""
        token = self._session.visitor(request)
        return self._client.letter(PageContext(request, token), token, client_id)

    def next_talk(self, request: Request, client_id: str) -> Response:
        """`GET /clients/{client_id}/next-talk.ics`: the next talk as a calendar file."""
        token = self._session.visitor(request)
        return self._client.next_talk(PageContext(request, token), token, client_id)

    def links(self, request: Request, client_id: str) -> Response:
        """`GET /clients/{client_id}/links`: a form that makes a link for somebody at the client, and who holds one."""
        token = self._session.visitor(request)
        return self._links().respond(PageContext(request, token), token, client_id)

    def make_link(self, request: Request, client_id: str) -> Response:
        """`POST /clients/{client_id}/links`: makes one."""
        token = self._session.visitor(request)
        return self._links().make(PageContext(request, token), token, client_id)

    def names(self, request: Request, client_id: str) -> Response:
        """`POST /clients/{client_id}/names`: joins another client to this one, or takes that back."""
        token = self._session.visitor(request)
        return self._names.respond(PageContext(request, token), token, client_id)

    def alerts(self, request: Request, client_id: str) -> Response:
        """`POST /clients/{client_id}/alerts`: has the alerts of a client pause, or hands them to whoever asks."""
        token = self._session.visitor(request)
        return self._alerts.respond(PageContext(request, token), token, client_id)

    def answers(self, request: Request, client_id: str, question: str) -> Response:
        """`POST /clients/{client_id}/answers/{question}`: answers it; what came back stands in its row."""
        token = self._session.visitor(request)
        context = PageContext(request, token)
        taken = self._answers.respond(context, token, client_id, question)
        return taken if isinstance(taken, Response) else self._client.again(context, token, client_id, taken)

    def _shown(self, form: _Form) -> Endpoint:
        def show(request: Request, client_id: str) -> Response:
            token = self._session.visitor(request)
            return form.show(PageContext(request, token), token, client_id)

        return show

    def _taken(self, form: _Form) -> Endpoint:
        def take(request: Request, client_id: str) -> Response:
            token = self._session.visitor(request)
            return form.respond(PageContext(request, token), token, client_id)

        return take

    def evidence(self, request: Request, client_id: str, question: str) -> Response:
        """`GET /clients/{client_id}/evidence/{question}`: every fact behind one question."""
        token = self._session.visitor(request)
        return self._evidence.respond(PageContext(request, token), token, client_id, question)

    def talk(self, request: Request, client_id: str) -> Response:
        """`GET /clients/{client_id}/talk`: the form of a talk, as far as it is filled in."""
        token = self._session.visitor(request)
        return self._talk().show(PageContext(request, token), token, client_id)

    def hold_talk(self, request: Request, client_id: str) -> Response:
        """`POST /clients/{client_id}/talk`: keeps what was filled in, or saves it."""
        token = self._session.visitor(request)
        return self._talk().take(PageContext(request, token), token, client_id)

    def sources(self, request: Request) -> Response:
        """`GET /sources`: the tools that send, and what is parked of them."""
        token = self._session.visitor(request)
        return self._sources().show(PageContext(request, token), token)

    def mend_sources(self, request: Request) -> Response:
        """`POST /sources`: takes what is parked once more, or forgets it."""
        token = self._session.visitor(request)
        return self._sources().act(PageContext(request, token), token)

    def feeds(self, request: Request) -> Response:
        """`GET /feeds`: a form that makes a feed, and those that there are."""
        token = self._session.visitor(request)
        return self._feeds().show(PageContext(request, token), token)

    def change_feeds(self, request: Request) -> Response:
        """`POST /feeds`: makes one, or withdraws one."""
        token = self._session.visitor(request)
        return self._feeds().act(PageContext(request, token), token)

    def feed(self, request: Request, file: str) -> Response:
        """`GET /feeds/{file}`: what a program reads; nobody is signed in."""
        return self._feed().respond(request, file)

    def notifications(self, request: Request) -> Response:
        """`GET /notifications`: the destinations, and what was sent to them."""
        token = self._session.visitor(request)
        return self._notifications().show(PageContext(request, token), token)

    def send_again(self, request: Request) -> Response:
        """`POST /notifications`: sends one thing again, or all that failed."""
        token = self._session.visitor(request)
        return self._notifications().act(PageContext(request, token), token)

    def model(self, request: Request) -> Response:
        """`GET /model`: the table, and the rules around it; with `client` where that one is."""
        token = self._session.visitor(request)
        return self._model.respond(PageContext(request, token), token)

    def choose_file(self, request: Request) -> Response:
        """`GET /import`: a file is chosen, to be looked at and imported."""
        token = self._session.visitor(request)
        return self._import().show(PageContext(request, token), token)

    def import_file(self, request: Request) -> Response:
        """`POST /import`: shows how it would be read, or imports a part of it."""
        token = self._session.visitor(request)
        return self._import().take(PageContext(request, token), token)

    def style(self, request: Request) -> Response:  # noqa: ARG002 - every endpoint takes the request
        """`GET /style.css`: the one stylesheet; its address changes with it, so browsers keep it for good."""
        return _kept_for_good("text/css", stylesheet()[0])

    def talk_script(self, request: Request) -> Response:  # noqa: ARG002 - every endpoint takes the request
        """`GET /talk.js`: what helps those whose browser runs scripts not to lose what they type during a talk."""
        return _kept_for_good("text/javascript", talk_script()[0])

    def problem(self, request: Request, problem: ProblemError) -> Response:
        """What went wrong, to somebody who may not be signed in: a page, or a problem document where none is wanted.

        Programs that read a feed want none, and a page would repeat the address.
        """
        if isinstance(problem, SignInNeededError):
            return self._session.lead(request)
        first = request.path.split("/")[1]
        if request.path.startswith(_FEEDS):
            return problem_response(problem)
        wanted = first.lower() != "v1" and "text/html" in request.headers.get("accept", "")
        if wanted or first in {route.split("/")[1] for route in self.routes}:
            return problem_page(request, problem)
        return problem_response(problem)


def _kept_for_good(media_type: str, text: str) -> Response:
    headers = {"Content-Type": f"{media_type}; charset=utf-8", "Cache-Control": "public, max-age=31536000, immutable"}
    return Response(200, headers=headers, body=text)
