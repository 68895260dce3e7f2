"""Who looks at a page, in which language, and how its links keep that."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from shared.http.languages import language
from shared.http.requests import Request
from shared.http.tokens import Token
from shared.opmm.model import LANGUAGES
from shared.texts.words import Words


@dataclass(frozen=True, slots=True)
class PageContext:
    """One request for a page; without a token by somebody who is not signed in."""

    request: Request
    token: Token | None = None

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

    def here_in(self, chosen: str) -> str:
        """This page in another language."""
        kept = {name: value for name, value in self.request.query.items() if name not in ("lang", "token")}
        return f"/{quote(self.request.path.lstrip('/'))}?{urlencode({**kept, 'lang': chosen})}"
