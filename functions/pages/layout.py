"""The frame of every page, and the headers that keep it safe."""

import hashlib
from functools import cache
from pathlib import Path

from functions.pages.markup import Child, document, tag
from functions.pages.page_context import PageContext
from shared.http.requests import Response
from shared.opmm.model import LANGUAGES

_LANGUAGES = {"en": "English", "nl": "Nederlands"}
_ICON = (
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 5 5'>"
    "<path d='M0 5V3h1v2zm1 0V2h1v3zm1 0V2h1v3zm1 0V1h1v4zm1 0V0h1v5z' fill='%230f6a6e'/></svg>"
)
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    # No script, no frame, nothing from elsewhere: whatever got into a page could do nothing and tell nobody.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Vary": "Accept-Language, Cookie",
}


def page(visit: PageContext, title: str, *content: Child, status: int = 200, cookies: tuple[str, ...] = ()) -> Response:
    """A page of ours. Nobody stores it: it is gone after signing out."""
    words = visit.words
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
            tag.a("OPMM", href=visit.link("/"), class_="brand", title=words("product")),
            _menu(visit) if visit.token else None,
            _switch(visit),
            _sign_out(visit) if visit.token else None,
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


@cache
def stylesheet() -> tuple[str, str]:
    """The stylesheet, and a name for what it says."""
    text = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    return text, hashlib.sha256(text.encode()).hexdigest()[:12]


def _menu(visit: PageContext) -> Child:
    here = visit.request.path
    places = {"/": visit.words("portfolio"), "/model": visit.words("model")}
    links = [
        tag.a(name, href=visit.link(path), aria_current="page" if here == path else None)
        for path, name in places.items()
    ]
    return tag.nav(links, aria_label=visit.words("menu"))


def _switch(visit: PageContext) -> Child:
    links = [
        tag.a(
            each.upper(),
            href=visit.here_in(each),
            lang=each,
            hreflang=each,
            aria_label=_LANGUAGES[each],
            aria_current="true" if each == visit.words.language else None,
        )
        for each in LANGUAGES
    ]
    return tag.nav(links, aria_label=visit.words("language"), class_="languages")


def _sign_out(visit: PageContext) -> Child:
    return tag.form(tag.button(visit.words("sign_out")), method="post", action=visit.link("/sign-out"))
