"""A stand-in for an identity provider, on this machine: it signs in whom a test wants, and says what a test wants."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

import jwt
from typing_extensions import override

CLIENT_ID = "opmm-pages"
CLIENT_SECRET = "hush hush/hush+hush"

ADA: dict[str, Any] = {"sub": "ada-1", "name": "Ada Example", "email": "Ada@agency.example", "email_verified": True}


@dataclass
class IdentityProvider:
    """What it is asked and what it responds; a test may change all of it."""

    issuer: str
    clock: Callable[[], float] = time.time
    person: dict[str, Any] = field(default_factory=lambda: dict(ADA))
    """The claims of who signs in."""
    claims: dict[str, Any] = field(default_factory=dict)
    """Claims that go before what would be right; those that are None are left out."""
    configuration: dict[str, Any] = field(default_factory=dict)
    """The same for its configuration."""
    sends_back: dict[str, str] = field(default_factory=dict)
    """Parts of the address to which it sends people back that go before what would be right."""
    response: tuple[int, bytes, dict[str, str]] | None = None
    """What the token endpoint responds, whatever it is asked: status, body, headers."""
    delay: float = 0
    """Seconds that each response takes."""
    asked: list[dict[str, str]] = field(default_factory=list)
    """The query of each request to sign somebody in."""
    calls: list[str] = field(default_factory=list)
    """The path of each request."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def document(self, **changes: Any) -> dict[str, Any]:
        """A people document with this provider."""
        allow = [
            {"email": "*@agency.example", "role": "editor"},
            {"email": "ada@agency.example", "role": "admin"},
            {"group": "finance", "role": "viewer"},
        ]
        told = {"issuer": self.issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "allow": allow}
        return {name: value for name, value in {**told, **changes}.items() if value is not None}

    def forget(self) -> None:
        """As if no test had changed or asked anything."""
        self.__dict__.update(IdentityProvider(self.issuer).__dict__)

    def configured(self) -> dict[str, Any]:
        """What it says of itself."""
        paths = {"authorization": "authorize", "token": "token", "end_session": "logout", "userinfo": "me"}
        told = {f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in paths.items()}
        return _without_none({"issuer": self.issuer, **told, **self.configuration})

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser goes on to."""
        self.asked.append(query)
        code = f"code-{len(self.asked)}"
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'state': query['state'], 'code': code, **self.sends_back})}"

    def redeem(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """An ID token for a code, once, and for nobody but who asked for it."""
        scheme, _, pair = authorization.partition(" ")
        named = base64.b64decode(pair).decode().partition(":")[::2] if scheme == "Basic" else ("", "")
        if tuple(map(unquote_plus, named)) != (CLIENT_ID, CLIENT_SECRET):
            return 401, {"error": "invalid_client"}
        query = self.codes.pop(form.get("code", ""), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if query is None or (query["code_challenge"], query["redirect_uri"]) != (challenge, form["redirect_uri"]):
            return 400, {"error": "invalid_grant", "error_description": "ada@agency.example"}
        return 200, {"access_token": "never used", "token_type": "Bearer", "id_token": self.id_token(query["nonce"])}

    def id_token(self, nonce: str) -> str:
        """The ID token of who signs in."""
        now = int(self.clock())
        told = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce}
        return jwt.encode(_without_none({**told, **self.person, **self.claims}), "of nobody that we know " * 2)


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    """A provider that listens on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    provider = IdentityProvider(f"http://127.0.0.1:{server.server_address[1]}")
    server.provider = provider  # type: ignore[attr-defined]  # how a handler of http.server gets at anything
    listening = threading.Thread(target=server.serve_forever, daemon=True)
    listening.start()
    yield provider
    server.shutdown()
    server.server_close()
    listening.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        provider, parts = self._asked()
        if parts.path == "/.well-known/openid-configuration":
            self._respond(200, json.dumps(provider.configured()).encode())
        elif parts.path == "/authorize":
            self._respond(302, b"", {"Location": provider.authorize(dict(parse_qsl(parts.query)))})
        else:
            self._respond(404, b"{}")

    def do_POST(self) -> None:
        provider, _ = self._asked()
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        if provider.response:
            self._respond(*provider.response)
            return
        status, said = provider.redeem(form, self.headers.get("Authorization", ""))
        self._respond(status, json.dumps(said).encode())

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""

    def _asked(self) -> tuple[IdentityProvider, Any]:
        provider: IdentityProvider = self.server.provider  # type: ignore[attr-defined]  # see identity_provider
        parts = urlsplit(self.path)
        provider.calls.append(parts.path)
        time.sleep(provider.delay)
        return provider, parts

    def _respond(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
