"""Who looks at a page: by a link that holds an access token, or signed in with a provider; and signing out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING

from functions.pages.controls import button, link_button
from functions.pages.layout import HEADERS, PageContext, notice, page
from functions.pages.markup import Child, tag
from shared.http.problems import CrossSiteError, NotFoundError, UnauthenticatedError, UnavailableError
from shared.http.requests import Request, Response
from shared.http.tokens import ROLES, Token, Verifier
from shared.opmm.dataclass import dataclass
from shared.opmm.slugs import is_slug
from shared.people.document import People, PeopleDocument
from shared.people.sessions import SignedIn

if TYPE_CHECKING:
    from functions.pages.sign_in import SignIn

_SCOPE = "scores:read"

_END_OF_CALENDAR = 253_402_214_400
"""The last day of the year 9999, in seconds since 1970: a token may end later than any day has a name."""

_UNAUTHORIZED = 401


class SignInNeededError(UnauthenticatedError):
    """Nobody is signed in, and there is a provider to sign in with."""

    def __init__(self) -> None:
        super().__init__("Sign in.")


@dataclass(frozen=True, slots=True)
class Session:
    """Lets people in, and out.

    One cookie holds either the token of a link or the session of a person: the later way in counts.
    """

    verify: Verifier
    zone: tzinfo
    clock: Callable[[], datetime]
    people: PeopleDocument
    provider: "Callable[[], SignIn]"
    """Made when somebody signs in with the provider: nobody else has to wait for it."""

    def visitor(self, request: Request) -> Token:
        """The token of somebody who looks at a page, from their cookie and from nowhere else.

        What a person may do is looked up each time; who came by a link has no need of the people document.

        Raises SignInNeededError or UnauthenticatedError, or ForbiddenError for a token that does not let its bearer
        read scores.
        """
        text = request.cookies.get(cookie_name(request), "")
        signed_in = self._signed_in(text)
        try:
            token = self._of_person(signed_in) if signed_in else self.verify(f"Bearer {text}")
        except UnauthenticatedError as nobody:
            if self.people() is None:
                raise
            raise SignInNeededError from nobody
        token.require(_SCOPE)
        return token

    def lead(self, request: Request) -> Response:
        """To the sign-in page, from where it goes on to the page that was wanted; a form has to be filled in again."""
        context = PageContext(request)
        if request.method in ("GET", "HEAD"):
            place = context.link("/sign-in", next=context.here_in(context.chosen))
            return Response(303, None, {**HEADERS, "Location": place})
        return sentence(context, "ended_title", "ended_text", to_sign_in(context), status=_UNAUTHORIZED)

    def open_link(self, request: Request) -> Response:
        """`GET /sign-in?token=`: a page with a button, and nothing else; without a token one for the provider.

        Mail scanners and foreign sites open addresses, too; a button is pressed by people. Raises as `visitor` does.
        """
        text = request.query.get("token", "").strip()
        if not text and (people := self.people()):
            return _provider_page(request, people)
        token = self._granted(text)
        context = PageContext(request)
        words = context.words
        form = tag.form(
            tag.input(type="hidden", name="token", value=text),
            button(words("sign_in"), weight="filled"),
            method="post",
            action=context.link("/sign-in"),
        )
        return page(
            context,
            words("link_title"),
            notice(
                words("link_title"),
                tag.p(words("link_for", name=token.name)) if token.name else None,
                tag.p(words("link_text", day=words.day(self._last_day(token)))),
                acts=form,
            ),
        )

    def sign_in(self, request: Request) -> Response:
        """`POST /sign-in`: keeps a good token as a cookie, and goes to the client it is for, or the portfolio.

        Raises CrossSiteError when no page of ours sent it: no site may sign somebody in as somebody else. Else as
        `visitor` does.
        """
        _refuse_other_sites(request)
        text = request.form().get("token", "").strip()
        token = self._granted(text)
        seconds = max(token.expires_at - int(self.clock().timestamp()), 0)
        place = PageContext(request).link(_first_page(token))
        kept = cookie(request, cookie_name(request), text, seconds)
        return Response(303, None, {**HEADERS, "Location": place}, (kept,))

    def to_provider(self, request: Request) -> Response:
        """`POST /sign-in/provider`: goes to the provider. Raises CrossSiteError, or NotFoundError without one."""
        _refuse_other_sites(request)
        return self.provider().begin(request, self._set_up())

    def from_provider(self, request: Request) -> Response:
        """`GET /signed-in`: comes back from the provider. Raises NotFoundError without a provider."""
        return self.provider().finish(request, self._set_up())

    def sign_out(self, request: Request) -> Response:
        """`POST /sign-out`: forgets the cookie. The link opens the pages again, as long as its token lasts.

        A person is offered to sign out of the provider, too. Raises CrossSiteError when no page of ours sent it.
        """
        _refuse_other_sites(request)
        context = PageContext(request)
        words = context.words
        person = self._signed_in(request.cookies.get(cookie_name(request), ""))
        try:
            people = self.people() if person else None
        except UnavailableError:
            people = None  # a document that cannot be read keeps nobody signed in
        said: Child = tag.p(words("signed_out_text"))
        acts: Child = None
        if people:
            elsewhere = self.provider().end_session_address(request, people)
            name = people.provider
            said = tag.p(words("signed_out_person", provider=name)) if elsewhere else None
            acts = [
                link_button(words("sign_out_provider", provider=name), elsewhere) if elsewhere else None,
                to_sign_in(context),
            ]
        content = notice(words("signed_out"), said, acts=acts)
        forgotten = cookie(request, cookie_name(request), "", 0)
        drawn = page(context, words("signed_out"), content, cookies=(forgotten,))
        # What was typed of a talk may still lie in the browser, which others use after this.
        return replace(drawn, headers={**drawn.headers, "Clear-Site-Data": '"storage"'})

    def _signed_in(self, text: str) -> SignedIn | None:
        return SignedIn.read(text, self.verify.keys(), self.clock().timestamp()) if text else None

    def _of_person(self, signed_in: SignedIn) -> Token:
        """What a person may do now. Raises UnauthenticatedError for one who was taken out, or whose session was."""
        person = signed_in.person
        nobody = Token(person.subject, frozenset(), id=signed_in.id)
        self.verify.trace(nobody, self.verify.keys())
        people = self.people()
        if people is None or people.issuer_id != signed_in.issuer_id or self.verify.is_withdrawn(signed_in.id):
            raise UnauthenticatedError("The session has ended.")
        role = people.role_of(person)
        if role is None:
            raise UnauthenticatedError("The session has ended.")
        return Token(
            subject=person.subject,
            scopes=frozenset(ROLES[role]),
            expires_at=signed_in.expires_at,
            id=signed_in.id,
            name=person.name,
        )

    def _set_up(self) -> People:
        people = self.people()
        if people is None:
            raise NotFoundError("There is nothing at this address.")
        return people

    def _last_day(self, token: Token) -> date:
        return datetime.fromtimestamp(min(token.expires_at, _END_OF_CALENDAR), self.zone).date()

    def _granted(self, text: str) -> Token:
        token = self.verify(f"Bearer {text}")
        token.require(_SCOPE)
        return token


def cookie_name(request: Request) -> str:
    """What the cookie is called that says who looks. Only pages take it.

    With its prefix a browser keeps it only if it came over TLS from this very host; a local stack has no TLS.
    """
    return "opmm" if request.on_this_machine else "__Host-opmm"


def cookie(request: Request, name: str, text: str, seconds: int) -> str:
    """A cookie that no script and no other site's form can use; only on this machine does it travel without TLS."""
    secure = "" if request.on_this_machine else "; Secure"
    return f"{name}={text}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax{secure}"


def sentence(
    context: PageContext,
    title: str,
    text: str,
    way_on: Child,
    *,
    status: int,
    cookies: tuple[str, ...] = (),
    **values: str,
) -> Response:
    """A page of one sentence, by the keys of its texts, and a way on."""
    heading = context.words(title, **values)
    content = notice(heading, tag.p(context.words(text, **values)), acts=way_on)
    return page(context, heading, content, status=status, cookies=cookies)


def to_sign_in(context: PageContext, place: str | None = None) -> Child:
    """A link to the sign-in page, and from there to a place of ours."""
    return link_button(context.words("to_sign_in"), context.link("/sign-in", next=place))


def _provider_page(request: Request, people: People) -> Response:
    context = PageContext(request)
    words, name = context.words, people.provider
    form = tag.form(
        tag.input(type="hidden", name="next", value=request.query.get("next", "")),
        button(words("provider_button", provider=name), weight="filled"),
        method="post",
        action=context.link("/sign-in/provider"),
    )
    content = notice(
        words("provider_title"),
        tag.p(words("provider_text", provider=name)),
        tag.p(words("provider_link"), class_="hint"),
        acts=form,
    )
    drawn = page(context, words("provider_title"), content)
    # Browsers apply form-action to the redirects that follow a form, too, and a provider may send people on to others.
    here = " http://localhost:* http://*.localhost:* http://127.0.0.1:*" if people.on_this_machine else ""
    policy = HEADERS["Content-Security-Policy"].replace("form-action 'self'", f"form-action 'self' https:{here}")
    return Response(200, headers={**drawn.headers, "Content-Security-Policy": policy}, body=drawn.body)


def _refuse_other_sites(request: Request) -> None:
    if not request.is_from_own_page:
        raise CrossSiteError


def _first_page(token: Token) -> str:
    only = next(iter(token.clients)) if token.clients is not None and len(token.clients) == 1 else ""
    return f"/clients/{only}" if is_slug(only) else "/"
