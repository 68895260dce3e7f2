"""Signing in by a link that holds an access token, which the browser then keeps as a cookie; and signing out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from functions.pages.controls import button
from functions.pages.layout import HEADERS, PageContext, notice, page
from functions.pages.markup import tag
from shared.http.problems import CrossSiteError
from shared.http.requests import Request, Response
from shared.http.tokens import Token, Verifier
from shared.opmm.slugs import is_slug

_SCOPE = "scores:read"

_END_OF_CALENDAR = 253_402_214_400
"""The last day of the year 9999, in seconds since 1970: a token may end later than any day has a name."""


@dataclass(frozen=True, slots=True)
class Session:
    """Lets people in, and out."""

    verify: Verifier
    zone: tzinfo
    clock: Callable[[], datetime]

    def visitor(self, request: Request) -> Token:
        """The token of somebody who looks at a page, from their cookie and from nowhere else.

        Raises UnauthenticatedError, or ForbiddenError for a token that does not let its bearer read scores.
        """
        return self._granted(request.cookies.get(cookie_name(request), ""))

    def open_link(self, request: Request) -> Response:
        """`GET /sign-in?token=`: a page with a button, and nothing else.

        Mail scanners and foreign sites open addresses, too; a button is pressed by people. Raises as `visitor` does.
        """
        text = request.query.get("token", "").strip()
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
        return Response(303, None, {**HEADERS, "Location": place}, (_cookie(request, text, seconds),))

    def sign_out(self, request: Request) -> Response:
        """`POST /sign-out`: forgets the cookie. The link opens the pages again, as long as its token lasts.

        Raises CrossSiteError when no page of ours sent it.
        """
        _refuse_other_sites(request)
        context = PageContext(request)
        words = context.words
        content = notice(words("signed_out"), tag.p(words("signed_out_text")))
        return page(context, words("signed_out"), content, cookies=(_cookie(request, "", 0),))

    def _last_day(self, token: Token) -> date:
        return datetime.fromtimestamp(min(token.expires_at, _END_OF_CALENDAR), self.zone).date()

    def _granted(self, text: str) -> Token:
        token = self.verify(f"Bearer {text}")
        token.require(_SCOPE)
        return token


def cookie_name(request: Request) -> str:
    """What the cookie with the access token is called. Only pages take it.

    With its prefix a browser keeps it only if it came over TLS from this very host; a local stack has no TLS.
    """
    return "opmm" if request.on_this_machine else "__Host-opmm"


def _refuse_other_sites(request: Request) -> None:
    if not request.is_from_own_page:
        raise CrossSiteError


def _first_page(token: Token) -> str:
    only = next(iter(token.clients)) if token.clients is not None and len(token.clients) == 1 else ""
    return f"/clients/{only}" if is_slug(only) else "/"


def _cookie(request: Request, text: str, seconds: int) -> str:
    """A cookie that no script and no other site's form can use; only on this machine does it travel without TLS."""
    secure = "" if request.on_this_machine else "; Secure"
    return f"{cookie_name(request)}={text}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax{secure}"
