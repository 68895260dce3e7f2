"""Browsers of people who sign in, and the pages that they get."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import boto3
import httpx
import pytest

from functions.pages.handler import wire
from tests.support.clients import REGION
from tests.support.service import Clock, Handler, http_event
from tests.support.template import environment

HOST = "opmm.example.com"
SESSION, ATTEMPT = "__Host-opmm", "__Host-opmm-sign-in"
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1, seconds=1)


def started(clock: Clock) -> Handler:
    """A function that remembers nothing yet."""
    return wire(environment("PagesFunction"), clock)


def secrets() -> Any:
    return boto3.client("secretsmanager", region_name=REGION)


@dataclass
class Page:
    """What a browser shows."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def location(self) -> str:
        return self.headers["Location"]

    @property
    def heading(self) -> str:
        found = re.search("<h1>(.*?)</h1>", self.text)
        assert found
        return found[1]

    @property
    def query(self) -> dict[str, str]:
        """Of the address that it leads to."""
        return dict(parse_qsl(urlsplit(self.location).query))


@dataclass
class Visitor:
    """A browser: it keeps cookies, and says that what it sends comes from our own page."""

    pages: Handler
    cookies: dict[str, str] = field(default_factory=dict)
    set: list[str] = field(default_factory=list)
    """What the latest response said of cookies."""

    def get(self, path: str, method: str = "GET") -> Page:
        route, _, query = path.partition("?")
        return self._ask(http_event(method, route, headers=self._headers(), query=query))

    def post(self, path: str, headers: Mapping[str, str] | None = None, **form: str) -> Page:
        said = {
            "content-type": "application/x-www-form-urlencoded",
            "sec-fetch-site": "same-origin",
            "origin": "null",
            **self._headers(),
            **(headers or {}),
        }
        return self._ask(http_event("POST", path, urlencode(form), said))

    def to_provider(self, place: str = "/") -> Page:
        """Presses the button of the sign-in page."""
        return self.post("/sign-in/provider", next=place)

    def there_and_back(self, place: str = "/") -> str:
        """Goes to the provider; gives where that sends the browser, on this host."""
        there = self.to_provider(place)
        assert there.status == 303, there.text
        back = urlsplit(httpx.get(there.location).headers["location"])
        assert f"{back.scheme}://{back.netloc}" == f"https://{HOST}"
        return f"{back.path}?{back.query}"

    def sign_in(self, place: str = "/") -> Page:
        return self.get(self.there_and_back(place))

    def _headers(self) -> dict[str, str]:
        pairs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"host": HOST, "accept": "text/html", "x-forwarded-proto": "https"} | (
            {"cookie": pairs} if pairs else {}
        )

    def _ask(self, event: dict[str, Any]) -> Page:
        response = self.pages(event, None)
        self.set = response.get("cookies", [])
        for line in self.set:
            name, _, rest = line.partition("=")
            value, _, attributes = rest.partition("; ")
            self.cookies[name] = value
            if "Max-Age=0;" in attributes:
                del self.cookies[name]
        return Page(response["statusCode"], response["headers"], response["body"])


def logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """What was said of attempts to sign in."""
    return [vars(record) for record in caplog.records if record.getMessage() in ("a sign-in failed", "signed in")]
