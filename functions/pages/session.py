"""Signing in by a link that holds an access token, which the browser then keeps as a cookie; and signing out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from functions.pages.layout import HEADERS, PageContext, page
from functions.pages.markup import tag
from shared.http.requests import Request, Response
from shared.http.tokens import Token, verify
from shared.opmm.slugs import is_slug

COOKIE = "opmm_token"
"""Holds the access token of somebody who opened a link. Only pages take it."""

_SCOPE = "scores:read"


@dataclass(frozen=True, slots=True)
class Session:
    """Lets people in, and out."""

    keys: Callable[[], list[str]]
    clock: Callable[[], datetime]

    def visitor(self, request: Request) -> Token:
        """The token of somebody who looks at a page, from their cookie and from nowhere else.

        Raises UnauthenticatedError, or ForbiddenError for a token that does not let its bearer read scores.
        """
        return self._granted(request.cookies.get(COOKIE, ""))

    def sign_in(self, request: Request) -> Response:
        """`GET /sign-in?token=`: keeps a good token as a cookie, and goes to the client it is for, or the portfolio.

        Raises as `visitor` does.
        """
        text = request.query.get("token", "").strip()
        token = self._granted(text)
        seconds = max(token.expires_at - int(self.clock().timestamp()), 0)
        place = PageContext(request).link(_first_page(token))
        return Response(303, None, {**HEADERS, "Location": place}, (_cookie(request, text, seconds),))

    def sign_out(self, request: Request) -> Response:
        """`POST /sign-out`: forgets the cookie. The link opens the pages again, as long as its token lasts."""
        # A form of another site brings no cookie along, and must not sign anybody out.
        cookies = (_cookie(request, "", 0),) if COOKIE in request.cookies else ()
        context = PageContext(request)
        words = context.words
        content = tag.section(tag.h1(words("signed_out")), tag.p(words("signed_out_text")), class_="notice")
        return page(context, words("signed_out"), content, cookies=cookies)

    def _granted(self, text: str) -> Token:
        token = verify(f"Bearer {text}", self.keys())
        token.require(_SCOPE)
        return token


def _first_page(token: Token) -> str:
    only = next(iter(token.clients)) if token.clients is not None and len(token.clients) == 1 else ""
    return f"/clients/{only}" if is_slug(only) else "/"


def _cookie(request: Request, text: str, seconds: int) -> str:
    """A cookie that no script and no other site's form can use; only on this machine does it travel without TLS."""
    secure = "" if _on_this_machine(request) else "; Secure"
    return f"{COOKIE}={text}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax{secure}"


def _on_this_machine(request: Request) -> bool:
    name = request.headers.get("host", "").partition(":")[0]
    plain = request.headers.get("x-forwarded-proto", "http") == "http"
    return plain and (name == "localhost" or name.endswith(".localhost"))
