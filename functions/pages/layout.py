"""The frame of every page: who looks at it in which language, its headers, and the small pieces that pages share."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode

from functions.pages.markup import Child, Markup, document, tag
from shared.http.languages import language
from shared.http.problems import CrossSiteError, ProblemError, QueryNamesError
from shared.http.requests import Request, Response
from shared.http.tokens import Token
from shared.opmm.display import is_displayable
from shared.opmm.model import LANGUAGES, Model
from shared.texts.words import Words, signed

DASH = "\N{EN DASH}"
"""Stands where there is nothing to say."""

_LANGUAGES = {"en": "English", "nl": "Nederlands"}
_ICON = (
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 5 5'>"
    "<path d='M0 5V3h1v2zm1 0V2h1v3zm1 0V2h1v3zm1 0V1h1v4zm1 0V0h1v5z' fill='%230f6a6e'/></svg>"
)
_PROBLEMS = {401, 403, 404}
"""Statuses that have texts of their own."""
_OURS = 500
_LONGEST_NAME = 40
"""Of a parameter that is shown on a page."""
_NOT_KEPT = {"lang", "token", "code", "state"}
"""Parts of an address that no link of ours repeats."""

HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    # No script, no frame, nothing from elsewhere: whatever got into a page could do nothing and tell nobody.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Vary": "Accept-Language, Cookie",
}


@dataclass(frozen=True, slots=True)
class PageContext:
    """One request for a page: who looks, in which language, and how its links keep that."""

    request: Request
    visitor: Token | None = None
    """Who has signed in."""

    @property
    def chosen(self) -> str | None:
        """The language that was chosen in a link; None when the browser decides."""
        asked = self.request.query.get("lang")
        return asked if asked in LANGUAGES else None

    @property
    def words(self) -> Words:
        """The language of the page."""
        return Words(self.chosen or language(self.request.headers.get("accept-language", "")))

    def link(self, path: str, **query: str | None) -> str:
        """An address of ours; a chosen language stays chosen."""
        given = {name: value for name, value in {"lang": self.chosen, **query}.items() if value is not None}
        return f"{path}?{urlencode(given)}" if given else path

    def here_in(self, chosen: str | None) -> str:
        """This page in another language, or in that of the browser; without what signs somebody in."""
        kept = {name: value for name, value in self.request.query.items() if name not in _NOT_KEPT}
        return self._here(kept | ({"lang": chosen} if chosen else {}))

    def here_without(self, names: Collection[str]) -> str:
        """This page without some parameters; of what is only sent to, and no page, the first page instead."""
        if self.request.method not in ("GET", "HEAD"):
            return self.link("/")
        return self._here({name: value for name, value in self.request.query.items() if name not in names})

    def _here(self, query: Mapping[str, str]) -> str:
        path = f"/{quote(self.request.path.lstrip('/'))}"
        return f"{path}?{urlencode(query)}" if query else path


def page(
    context: PageContext, title: str, *content: Child, status: int = 200, cookies: tuple[str, ...] = ()
) -> Response:
    """A page of ours. Nobody stores it: it is gone after signing out."""
    words = context.words
    head = tag.head(
        tag.meta(charset="utf-8"),
        tag.meta(name="viewport", content="width=device-width, initial-scale=1"),
        tag.meta(name="color-scheme", content="light dark"),
        tag.title(f"{title} \N{MIDDLE DOT} OPMM"),
        tag.link(rel="icon", href=_ICON),
        tag.link(rel="stylesheet", href=f"/style.css?v={stylesheet()[1]}"),
    )
    body = tag.body(
        tag.a(words("skip"), href="#content", class_="skip"),
        tag.header(
            tag.a("OPMM", href=context.link("/"), class_="brand", title=words("product")),
            _menu(context) if context.visitor else None,
            _switch(context),
            _who(context, context.visitor) if context.visitor else None,
            _sign_out(context) if context.visitor else None,
            class_="top",
        ),
        tag.main(*content, id="content", tabindex="-1"),
    )
    return Response(
        status,
        headers=HEADERS | {"Content-Language": words.language},
        cookies=cookies,
        body=document(words.language, head, body),
    )


def problem_page(request: Request, problem: ProblemError) -> Response:
    """What went wrong, as a page; the headers of the problem stay.

    It says no more than the status, and of a query where to go on: a client that is not granted looks like none at all.
    """
    context, status = PageContext(request), problem.status.value
    words = context.words
    kind = "foreign" if isinstance(problem, CrossSiteError) else str(status) if status in _PROBLEMS else "other"
    text = words("5xx_text") if status >= _OURS else words(f"{kind}_text")
    title = words(f"{kind}_title")
    told = _way_on(context, problem) if isinstance(problem, QueryNamesError) else tag.p(text)
    drawn = page(context, title, tag.section(tag.h1(title), told, class_="notice"), status=status)
    kept = {name: value for name, value in problem.headers.items() if name != "WWW-Authenticate"}
    return Response(status, headers={**drawn.headers, **kept}, body=drawn.body)


def _way_on(context: PageContext, problem: QueryNamesError) -> Child:
    """Which parameters the page does not take, as far as they can be shown, and a link to it without them."""
    words, names = context.words, problem.unknown | problem.repeated
    shown = sorted(name for name in names if len(name) <= _LONGEST_NAME and is_displayable(name))
    return [
        tag.p(words("query_text"), [[" ", tag.code(name)] for name in shown]),
        tag.p(tag.a(words("query_link"), href=context.here_without(names))),
    ]


@cache
def stylesheet() -> tuple[str, str]:
    """The stylesheet, and a name for what it says."""
    text = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    return text, hashlib.sha256(text.encode()).hexdigest()[:12]


def direction(difference: int) -> str:
    """Which way something moved, as the stylesheet calls it."""
    return "up" if difference > 0 else "down" if difference < 0 else "still"


def badge(difference: int) -> Markup:
    """By how many points something moved."""
    return tag.span(signed(difference), class_=f"badge {direction(difference)}")


def most_points(model: Model) -> int:
    """What the question that is worth most is worth."""
    return max(dimension.max for dimension in model.dimensions)


def _menu(context: PageContext) -> Child:
    here = context.request.path
    places = {"/": context.words("portfolio"), "/model": context.words("model")}
    links = [
        tag.a(name, href=context.link(path), aria_current="page" if here == path else None)
        for path, name in places.items()
    ]
    return tag.nav(links, aria_label=context.words("menu"))


def _switch(context: PageContext) -> Child:
    links = [
        tag.a(
            offered.upper(),
            href=context.here_in(offered),
            lang=offered,
            hreflang=offered,
            aria_label=_LANGUAGES[offered],
            aria_current="true" if offered == context.words.language else None,
        )
        for offered in LANGUAGES
    ]
    return tag.nav(links, aria_label=context.words("language"), class_="languages")


def _who(context: PageContext, visitor: Token) -> Child:
    """The name and the role of who looks, as far as they are known."""
    told = [visitor.name, context.words(f"role_{visitor.role}") if visitor.role else None]
    text = " \N{MIDDLE DOT} ".join(filter(None, told))
    return tag.p(text, class_="who screen") if text else None


def _sign_out(context: PageContext) -> Child:
    return tag.form(tag.button(context.words("sign_out")), method="post", action=context.link("/sign-out"))
