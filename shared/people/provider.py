"""Calls to the identity provider: where its addresses are, and the ID token for a code.

Imported when somebody signs in, not before.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import monotonic
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from shared.opmm.dataclass import dataclass
from shared.people.document import People, is_safe_address
from shared.people.sessions import Attempt

SECONDS_TO_ANSWER = 3
"""For each step of a call (to connect, to begin, to end): two calls that take their time fit into the function's."""

MOST_BYTES = 128 * 1024

_REMEMBERED_FOR = 600
"""Seconds for which a warm function remembers the addresses of a provider."""

_ERROR_CODE = re.compile(r"[a-z_]{1,40}")


class ProviderError(Exception):
    """The provider does not do what it should; the message is a reason that can be logged."""


class ProviderSilentError(ProviderError):
    """The provider cannot be reached, is too slow, or says that it has trouble: another time may do."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a provider says of itself (OpenID Connect Discovery 1.0)."""

    authorization_endpoint: str
    token_endpoint: str
    end_session_endpoint: str | None
    takes_secret_in_body: bool
    """Whether the secret goes into the body, for the few that do not take it as RFC 6749 prefers."""


class Provider:
    """The identity provider, as a warm function knows it."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[float, Configuration]] = {}

    def configuration(self, people: People) -> Configuration:
        """Where its addresses are. Raises ProviderError."""
        now, asked = self._clock(), (people.issuer, people.discovery)
        until, known = self._known.get(asked, (now, None))
        if known is None or until <= now:
            known = _configuration(people)
            self._known = {asked: (now + _REMEMBERED_FOR, known)}
        return known

    def authorization_address(self, people: People, attempt: Attempt, redirect_address: str) -> str:
        """Where the browser goes to sign in. Raises ProviderError."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
        return _with_query(
            self.configuration(people).authorization_endpoint,
            response_type="code",
            client_id=people.client_id,
            redirect_uri=redirect_address,
            scope=people.scope,
            state=attempt.state,
            nonce=attempt.nonce,
            code_challenge=challenge,
            code_challenge_method="S256",
        )

    def id_token(self, people: People, attempt: Attempt, code: str, redirect_address: str) -> str:
        """The ID token for a code. Raises ProviderError."""
        configuration = self.configuration(people)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_address,
            "code_verifier": attempt.verifier,
        }
        headers: dict[str, str] = {}
        if people.client_secret is None or configuration.takes_secret_in_body:
            form["client_id"] = people.client_id
            form |= {"client_secret": people.client_secret} if people.client_secret else {}
        else:
            pair = f"{quote_plus(people.client_id)}:{quote_plus(people.client_secret)}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        status, said = _call(configuration.token_endpoint, form, headers)
        if status != HTTPStatus.OK:
            raise ProviderError(f"no token: {error_code(said.get('error')) or status}")
        id_token = said.get("id_token")
        if not isinstance(id_token, str):
            raise ProviderError("no ID token")
        return id_token

    def end_session_address(self, people: People, back: str) -> str | None:
        """Where somebody signs out of the provider, too; None when it does not say. Raises ProviderError."""
        address = self.configuration(people).end_session_endpoint
        if address is None:
            return None
        # Cognito calls the place to go back to otherwise; what a provider does not know, it skips.
        return _with_query(address, client_id=people.client_id, post_logout_redirect_uri=back, logout_uri=back)


def error_code(said: object) -> str | None:
    """An error as RFC 6749 codes it; None for anything else, which may say more than is good in a log."""
    return said if isinstance(said, str) and _ERROR_CODE.fullmatch(said) else None


def _configuration(people: People) -> Configuration:
    status, said = _call(people.discovery)
    if status != HTTPStatus.OK:
        raise ProviderError(f"no configuration: {status}")
    if said.get("issuer") != people.issuer:
        raise ProviderError("the configuration is of another issuer")
    addresses = {name: value for name, value in said.items() if name.endswith("_endpoint") or name == "jwks_uri"}
    needed = {"authorization_endpoint", "token_endpoint"}
    here = people.on_this_machine
    if needed - addresses.keys() or not all(is_safe_address(it, on_this_machine=here) for it in addresses.values()):
        raise ProviderError("the configuration has addresses without TLS, or lacks one")
    methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Configuration(
        addresses["authorization_endpoint"],
        addresses["token_endpoint"],
        addresses.get("end_session_endpoint"),
        isinstance(methods, list) and "client_secret_post" in methods and "client_secret_basic" not in methods,
    )


def _call(
    address: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, Mapping[str, Any]]:
    """The status and the JSON object of a response; a redirect is not followed. Raises ProviderError."""
    parts = urlsplit(address)
    connects = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = connects(parts.hostname or "", parts.port, timeout=SECONDS_TO_ANSWER)
    target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    sent = {"Accept": "application/json", **(headers or {})}
    until = monotonic() + SECONDS_TO_ANSWER
    try:
        if form is None:
            connection.request("GET", target, headers=sent)
        else:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request("POST", target, urlencode(form), sent)
        response = connection.getresponse()
        status, body = response.status, _read(response.read1, until)
    except (OSError, HTTPException) as error:
        raise ProviderSilentError(f"unreachable: {type(error).__name__}") from None
    finally:
        connection.close()
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        raise ProviderSilentError(f"trouble: {status}")
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise ProviderError("a redirect")
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise ProviderError(f"no JSON object: {status}")
    return status, said


def _read(read: Callable[[int], bytes], until: float) -> bytes:
    """A body that is not too long, and does not trickle in for ever."""
    body = b""
    while part := read(MOST_BYTES):
        body += part
        if len(body) > MOST_BYTES:
            raise ProviderError("too much was sent")
        if monotonic() > until:
            raise ProviderSilentError("too slow")
    return body


def _with_query(address: str, **query: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"
