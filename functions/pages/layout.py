"""The frame of every page: who looks at it in which language, its headers, the bar on top, and what went wrong."""

import hashlib
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode

from functions.pages.controls import button, initials, link_button
from functions.pages.icons import icon
from functions.pages.markup import Child, Markup, Value, document, tag
from shared.http.languages import language
from shared.http.problems import CrossSiteError, ProblemError, QueryNamesError
from shared.http.requests import Request, Response
from shared.http.tokens import Role, Token
from shared.opmm.dataclass import dataclass
from shared.opmm.display import is_displayable
from shared.opmm.model import LANGUAGES, Model
from shared.texts.words import Words

DASH = "\N{EN DASH}"
"""Stands where there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the bar on top: its address, the key of its text, and what else belongs to it."""

    path: str
    text: str
    beginning: str | None = None
    """How the addresses begin of pages that lie below it."""


PLACES = (Place("/", "portfolio", "/clients/"), Place("/agreements", "agreements"), Place("/model", "model"))
"""Where everybody at the agency can go, in this order."""

_OF_EDITORS = Place("/notifications", "notifications")
"""Where those can go, too, who see what was sent."""

_OF_ADMINS = Place("/sources", "sources")
"""Where those can go, too, who see what is parked."""

LANGUAGE_NAMES = {"en": "English", "nl": "Nederlands"}
_ICON = (
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 5 5'>"
    "<path d='M0 5V3h1v2zm1 0V2h1v3zm1 0V2h1v3zm1 0V1h1v4zm1 0V0h1v5z' fill='%230f686c'/></svg>"
)
_PROBLEMS = {401, 403, 404}
"""Statuses that have texts of their own."""
_UNAUTHENTICATED = 401
_OURS = 500
_LONGEST_NAME = 40
"""Of a parameter that is shown on a page."""
_NOT_KEPT = {"lang", "token", "code", "state"}
"""Parts of an address that no link of ours repeats."""

_POLICY = "Content-Security-Policy"

HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    # No script, no frame, nothing from elsewhere: whatever got into a page could do nothing and tell nobody.
    _POLICY: (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Vary": "Accept-Language, Cookie",
}


@dataclass(frozen=True, slots=True)
class Again:
    """The form that draws a page anew which no link leads to: the switch of language sends it, and loses nothing."""

    form: str
    """Its id."""
    act: str
    """The value of `act` by which nothing is done but drawing."""
    enter: str | None = None
    """That of the button which the Enter key presses in one of its fields."""


@dataclass(frozen=True, slots=True)
class PageContext:
    """One request for a page: who looks, in which language, and how its links keep that."""

    request: Request
    visitor: Token | None = None
    """Who has signed in."""

    @property
    def signed_in(self) -> bool:
        """Whether anybody has."""
        return self.visitor is not None

    @property
    def person(self) -> str | None:
        """Who looks, by name, where that is known."""
        return self.visitor.name if self.visitor else None

    @property
    def role(self) -> Role | None:
        """What they may do, in a word; a client sees no portfolio."""
        return self.visitor.role if self.visitor else None

    @property
    def is_client(self) -> bool:
        """Whether somebody looks who is let in to their own partnership only."""
        return self.role == "client"

    @property
    def sees_parked(self) -> bool:
        """Whether they look after sources: of all clients, as nobody knows whom a parked call is about."""
        return self.visitor is not None and "parked:read" in self.visitor.scopes and self.visitor.clients is None

    @property
    def sees_sent(self) -> bool:
        """Whether they see what was sent to whom: of all clients, as most destinations hear of all."""
        return self.visitor is not None and "people:write" in self.visitor.scopes and self.visitor.clients is None

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
    context: PageContext,
    title: str,
    *content: Child,
    status: int = 200,
    cookies: tuple[str, ...] = (),
    class_: str | None = None,
    keeps: str | None = None,
    again: Again | None = None,
    script: str | None = None,
) -> Response:
    """A page of ours. Nobody stores it: it is gone after signing out.

    `keeps` is the id of a form that nothing in the bar leaves: its links are buttons of that form, `keep` with the
    address that they lead to. `again` is a form that the switch of language sends. `script` is the address of a script
    of ours; without one nothing may run.
    """
    words = context.words
    head = tag.head(
        tag.meta(charset="utf-8"),
        tag.meta(name="viewport", content="width=device-width, initial-scale=1"),
        tag.meta(name="color-scheme", content="light dark"),
        tag.title(f"{title} \N{MIDDLE DOT} OPMM"),
        tag.link(rel="icon", href=_ICON),
        tag.link(rel="stylesheet", href=f"/style.css?v={stylesheet()[1]}"),
        tag.script(src=script, defer=True) if script else None,
    )
    body = tag.body(
        tag.a(words("skip"), href="#content", class_="skip"),
        _first_button(keeps, "keep", "later", formnovalidate=True) if keeps else None,
        _first_button(again.form, "act", again.enter) if again and again.enter else None,
        tag.header(
            tag.div(
                _way(keeps, context.link("/"), "OPMM", class_="brand", title=words("product")),
                _menu(context, keeps) if context.signed_in else None,
                _sending_switch(context, again) if again else _switch(context, keeps),
                _visitor(context, keeps) if context.signed_in else None,
                class_="bar",
            ),
            class_="top",
        ),
        tag.main(*content, id="content", tabindex="-1", class_=class_),
    )
    return Response(
        status,
        headers=HEADERS | {"Content-Language": words.language} | ({_POLICY: _with_script()} if script else {}),
        cookies=cookies,
        body=document(words.language, head, body),
    )


def notice(title: str, *content: Child, acts: Child = None) -> Child:
    """A page of one thing to say: what happened, and the way on."""
    return tag.section(tag.h1(title), *content, tag.div(acts, class_="acts") if acts else None, class_="notice")


def problem_page(request: Request, problem: ProblemError) -> Response:
    """What went wrong, as a page; the headers of the problem stay.

    It says no more than the status, and of a query where to go on: a client that is not granted looks like none at all.
    """
    context, status = PageContext(request), problem.status.value
    words = context.words
    kind = "foreign" if isinstance(problem, CrossSiteError) else str(status) if status in _PROBLEMS else "other"
    text = words("5xx_text") if status >= _OURS else words(f"{kind}_text")
    title = words(f"{kind}_title")
    if isinstance(problem, QueryNamesError):
        content = notice(title, _way_on(context, problem))
    else:
        home = (
            None if status == _UNAUTHENTICATED or kind == "foreign" else link_button(words("home"), context.link("/"))
        )
        content = notice(title, tag.p(text), acts=home)
    drawn = page(context, title, content, status=status)
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
    return _file("style.css")


@cache
def talk_script() -> tuple[str, str]:
    """The script of the form of a talk, and a name for what it says."""
    return _file("talk.js")


def _file(name: str) -> tuple[str, str]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return text, hashlib.sha256(text.encode()).hexdigest()[:12]


def most_points(model: Model) -> int:
    """What the question that is worth most is worth."""
    return max(dimension.max for dimension in model.dimensions)


def _with_script() -> str:
    return HEADERS[_POLICY].replace("style-src 'self'", "script-src 'self'; style-src 'self'")


def _first_button(form: str, name: str, value: str, **attributes: Value) -> Markup:
    """What the Enter key presses within a field of a form: never one of its buttons in the bar."""
    return tag.button(
        form=form, name=name, value=value, tabindex="-1", aria_hidden="true", class_="heard", **attributes
    )


def _way(form: str | None, href: str, *children: Child, class_: str = "", **attributes: Value) -> Markup:
    """A link, or a button that keeps a form and then goes there."""
    if form is None:
        return tag.a(*children, href=href, class_=class_ or None, **attributes)
    class_ = f"{class_} way".strip()
    return tag.button(*children, form=form, name="keep", value=href, formnovalidate=True, class_=class_, **attributes)


def _menu(context: PageContext, keeps: str | None) -> Child:
    if context.is_client:
        return None
    here = context.request.path
    links = [
        _way(
            keeps,
            context.link(place.path),
            context.words(place.text),
            aria_current="page" if here == place.path else "true" if _below(here, place) else None,
        )
        for place in (
            *PLACES,
            *([_OF_EDITORS] if context.sees_sent else []),
            *([_OF_ADMINS] if context.sees_parked else []),
        )
    ]
    return tag.nav(links, aria_label=context.words("menu"), class_="menu")


def _below(here: str, place: Place) -> bool:
    return place.beginning is not None and here.startswith(place.beginning)


def _switch(context: PageContext, keeps: str | None) -> Child:
    links = [
        _way(
            keeps,
            context.here_in(offered),
            offered.upper(),
            lang=offered,
            hreflang=None if keeps else offered,
            aria_label=LANGUAGE_NAMES[offered],
            aria_current="true" if offered == context.words.language else None,
        )
        for offered in LANGUAGES
    ]
    return tag.nav(links, aria_label=context.words("language"), class_="languages")


def _sending_switch(context: PageContext, again: Again) -> Child:
    buttons = [
        tag.button(
            offered.upper(),
            form=again.form,
            formaction=context.here_in(offered),
            formnovalidate=True,
            name="act",
            value=again.act,
            lang=offered,
            aria_label=LANGUAGE_NAMES[offered],
            aria_current="true" if offered == context.words.language else None,
            class_="way",
        )
        for offered in LANGUAGES
    ]
    return tag.nav(buttons, aria_label=context.words("language"), class_="languages")


def _visitor(context: PageContext, keeps: str | None) -> Child:
    """Who is signed in, and the way out; there is none in the middle of a form that is kept."""
    words, name = context.words, context.person
    out = (
        None
        if keeps
        else tag.form(button(words("sign_out"), weight="small"), method="post", action=context.link("/sign-out"))
    )
    letters = initials(name) if name else ""
    return tag.details(
        tag.summary(
            tag.span(letters, aria_hidden="true") if letters else icon("person"),
            tag.span(words("visitor", name=name) if name else words("signed_in"), class_="heard"),
            class_="person me",
        ),
        tag.div(
            tag.p(name, class_="name") if name else None,
            tag.p(words(f"role_{context.role}"), class_="hint") if context.role else None,
            out,
            class_="menu-box",
        ),
        class_="visitor",
    )
