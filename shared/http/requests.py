"""A request as API Gateway hands it over (HTTP API, payload format 2.0), and a response in return."""

import base64
import binascii
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from shared.http.problems import NotJsonError, ProblemError, TooLargeError
from shared.opmm.dataclass import dataclass

MOST_BYTES = 256 * 1024

_MOST_FIELDS = 100


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked."""

    method: str
    path: str
    headers: Mapping[str, str]
    """By lower-case name."""
    query: Mapping[str, str]
    """The last value of each name."""
    raw_body: str = ""
    is_base64: bool = False
    cookies: Mapping[str, str] = field(default_factory=dict)
    repeated: frozenset[str] = frozenset()
    """The names in the query that are given more than once."""
    raw_query: str = ""
    """The query as it was sent, without its `?`."""

    @property
    def media_type(self) -> str:
        """The content type in lower case, without its parameters; empty when there is none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def on_this_machine(self) -> bool:
        """Whether it came to a local stack, which has no TLS."""
        name = self.headers.get("host", "").partition(":")[0]
        plain = self.headers.get("x-forwarded-proto", "http") == "http"
        return plain and (name == "localhost" or name.endswith(".localhost"))

    @property
    def home(self) -> str:
        """Where the pages are: the host that it came to, as whoever called it has written it."""
        scheme = "http" if self.on_this_machine else "https"
        return f"{scheme}://{self.headers.get('host', '')}/"

    @property
    def uri(self) -> str:
        """The whole address that was called, as whoever called it has written it."""
        query = f"?{self.raw_query}" if self.raw_query else ""
        return f"{self.home.removesuffix('/')}{self.path}{query}"

    @property
    def is_from_own_page(self) -> bool:
        """Whether a browser says that a page of this very host sent it: then no other site can have made it.

        `Sec-Fetch-Site` says so by itself. `Origin` is `null` where pages send no referrer, as ours do not, and tells
        of browsers that do not know the other.
        https://www.w3.org/TR/fetch-metadata/ https://fetch.spec.whatwg.org/#append-a-request-origin-header
        """
        site, origin = self.headers.get("sec-fetch-site"), self.headers.get("origin", "null")
        host, scheme = self.headers.get("host", ""), "http" if self.on_this_machine else "https"
        own = bool(host) and origin.lower() == f"{scheme}://{host.lower()}"
        return (site == "same-origin" and (own or origin == "null")) or (site is None and own)

    def form(self, most: int = _MOST_FIELDS, *, most_bytes: int = MOST_BYTES) -> dict[str, str]:
        """The fields of a form that a page of ours sent, the last value of each; none when it is no form.

        None either when there are more than `most`.

        Raises as `body` does.
        """
        if self.media_type != "application/x-www-form-urlencoded":
            return {}
        try:
            return dict(parse_qsl(self.body(most_bytes).decode(), keep_blank_values=True, max_num_fields=most))
        except ValueError:
            return {}

    def body(self, most: int = MOST_BYTES) -> bytes:
        """The bytes that were sent. Raises NotJsonError for broken base64 and TooLargeError past `most` of them."""
        try:
            body = base64.b64decode(self.raw_body, validate=True) if self.is_base64 else self.raw_body.encode()
        except (binascii.Error, ValueError) as error:  # UnicodeEncodeError of a lone surrogate is a ValueError
            raise NotJsonError("The body cannot be decoded.") from error
        if len(body) > most:
            raise TooLargeError(f"The body has {len(body)} bytes; at most {most} are taken.")
        return body


def request_of(event: Mapping[str, Any]) -> Request:
    """Reads the event of a Lambda proxy integration."""
    http = event["requestContext"]["http"]
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    queried = parse_qsl(event.get("rawQueryString") or "", keep_blank_values=True)
    query = dict(queried)
    return Request(
        method=http["method"].upper(),
        path=event["rawPath"],
        headers=headers,
        query=query,
        repeated=_repeated(queried) if len(query) < len(queried) else frozenset(),
        raw_query=event.get("rawQueryString") or "",
        raw_body=event.get("body") or "",
        is_base64=bool(event.get("isBase64Encoded")),
        cookies=_cookies(event.get("cookies") or headers.get("cookie", "").split(";")),
    )


def _repeated(queried: Iterable[tuple[str, str]]) -> frozenset[str]:
    return frozenset(name for name, times in Counter(name for name, _ in queried).items() if times > 1)


def _cookies(pairs: Iterable[str]) -> dict[str, str]:
    """Cookies by name. API Gateway puts them into a list of their own; the local stack leaves them in their header."""
    named = (pair.strip().partition("=") for pair in pairs)
    return {name: value for name, equals, value in named if equals}


@dataclass(frozen=True, slots=True)
class Response:
    """What is responded under a status: JSON values, or a body of another type that is named in the headers."""

    status: int
    document: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Sequence[str] = ()
    """Each as the header Set-Cookie has it."""
    body: str | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    """What is logged of it beside its status: ids and words of ours, nothing that was sent."""

    @property
    def succeeded(self) -> bool:
        """Whether what was asked for was done, or is held by the caller already."""
        return self.status < HTTPStatus.BAD_REQUEST

    def as_event(self) -> dict[str, Any]:
        """The response as Lambda returns it to API Gateway."""
        return {
            "statusCode": self.status,
            "headers": {"Content-Type": "application/json", "Cache-Control": "no-store", **self.headers},
            "body": self.text(),
            "isBase64Encoded": False,
            **({"cookies": list(self.cookies)} if self.cookies else {}),
        }

    def text(self) -> str:
        """The body; without one the document as JSON, and nothing without either."""
        if self.body is not None or self.document is None:
            return self.body or ""
        return json.dumps(self.document, ensure_ascii=False, separators=(",", ":"))


def problem_response(problem: ProblemError) -> Response:
    """The response to a request that cannot be met."""
    return Response(
        problem.status.value,
        problem.document(),
        {"Content-Type": "application/problem+json", **problem.headers},
    )
