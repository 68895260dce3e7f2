"""The way to the identity provider and back. Imported when somebody signs in with it, not before."""

import hmac
import re
from collections.abc import Callable, Sequence
from datetime import datetime

from aws_lambda_powertools import Logger

from functions.pages.layout import HEADERS, PageContext
from functions.pages.session import cookie, cookie_name, sentence, to_sign_in
from shared.http.requests import Request, Response
from shared.people.document import People, Person
from shared.people.id_tokens import IdTokenError, person_of
from shared.people.provider import Provider, ProviderError, ProviderSilentError, error_code
from shared.people.sessions import (
    SECONDS_OF_ATTEMPT,
    SECONDS_OF_SESSION,
    Attempt,
    SignedIn,
    TooLongError,
    logged_as,
)

_LONGEST_PLACE = 500
_PLACE = re.compile(r"/(?![/\\])[!-\[\]-~]*")
"""A path of this host, with its query: a second slash would begin the name of another host."""
_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?")
_SECONDS_TO_WAIT = "30"
_LONGEST_CODE = 4096


class _RefusedError(Exception):
    """What came back does not sign anybody in; the message is a reason that can be logged."""


class _NotLetInError(Exception):
    """Nobody lets this person in, or the provider does not."""

    def __init__(self, reason: str, person: Person | None = None) -> None:
        super().__init__(reason)
        self.person = person


class SignIn:
    """Signing in by OpenID Connect: the authorization code flow with PKCE."""

    def __init__(self, *, keys: Callable[[], Sequence[str]], clock: Callable[[], datetime], logger: Logger) -> None:
        self._keys = keys
        self._clock = clock
        self._logger = logger
        self._provider = Provider()

    def begin(self, request: Request, people: People) -> Response:
        """To the provider, with an attempt that only this browser can end."""
        attempt = Attempt.new(own_place(request.form().get("next", "")) or PageContext(request).link("/"))
        try:
            address = self._provider.authorization_address(people, attempt, _come_back_to(request))
        except (ProviderError, _RefusedError) as failed:
            return self._failed(request, people, failed, attempt.place)
        kept = attempt.text(self._keys()[0], self._now())
        return Response(303, None, {**HEADERS, "Location": address}, (self._cookie(request, kept, SECONDS_OF_ATTEMPT),))

    def finish(self, request: Request, people: People) -> Response:
        """Back from the provider, with a code for who has signed in; the attempt is over, however it ends."""
        attempt = Attempt.read(request.cookies.get(_cookie_name(request), ""), self._keys(), self._now())
        if attempt is None:
            return self._failed(request, people, _RefusedError("no attempt"), None)
        try:
            signed_in = self._signed_in(request, people, attempt)
            text = signed_in.text(self._keys()[0])
        except (ProviderError, IdTokenError, TooLongError, _RefusedError, _NotLetInError) as failed:
            return self._failed(request, people, failed, attempt.place)
        self._logger.info("signed in", person=self._logged(signed_in.person), token_id=signed_in.id)
        session = cookie(request, cookie_name(request), text, SECONDS_OF_SESSION)
        return Response(303, None, {**HEADERS, "Location": attempt.place}, (session, self._cookie(request, "", 0)))

    def end_session_address(self, request: Request, people: People) -> str | None:
        """Where a person signs out of the provider, too; None when it does not say, or does not respond."""
        try:
            return self._provider.end_session_address(people, f"{_origin(request)}/sign-in")
        except (ProviderError, _RefusedError) as failed:
            self._logger.warning("the provider cannot be asked", reason=str(failed))
            return None

    def _signed_in(self, request: Request, people: People, attempt: Attempt) -> SignedIn:
        query = request.query
        if not hmac.compare_digest(query.get("state", "").encode(errors="replace"), attempt.state.encode()):
            raise _RefusedError("another state")
        if query.get("iss", people.issuer) != people.issuer:  # RFC 9207
            raise _RefusedError("another issuer responds")
        if query.get("error") == "access_denied":
            raise _NotLetInError("denied by the provider")
        if "error" in query:
            raise _RefusedError(f"the provider reports {error_code(query['error']) or 'an error'}")
        code = query.get("code", "")
        if not 0 < len(code) <= _LONGEST_CODE or not code.isascii():
            raise _RefusedError("no code")
        id_token = self._provider.id_token(people, attempt, code, _come_back_to(request))
        person = person_of(id_token, people, nonce=attempt.nonce, now=self._now())
        if people.role_of(person) is None:
            raise _NotLetInError("nobody lets them in", person)
        return SignedIn.now(person, people.issuer_id, self._now())

    def _failed(self, request: Request, people: People, failed: Exception, place: str | None) -> Response:
        """A page that says what to do, and not why in detail: that stands in the log."""
        person = failed.person if isinstance(failed, _NotLetInError) else None
        self._logger.warning(
            "a sign-in failed",
            reason=str(failed) or type(failed).__name__,
            person=self._logged(person) if person else None,
        )
        context, over = PageContext(request), (self._cookie(request, "", 0),)
        way_on = to_sign_in(context, place)
        if isinstance(failed, ProviderSilentError):
            name = people.provider
            drawn = sentence(context, "silent_title", "silent_text", way_on, status=503, cookies=over, provider=name)
            return Response(503, None, {**drawn.headers, "Retry-After": _SECONDS_TO_WAIT}, over, drawn.body)
        if isinstance(failed, _NotLetInError):
            if people.contact:
                told = {"contact": people.contact}
                return sentence(context, "unknown_title", "unknown_ask", way_on, status=403, cookies=over, **told)
            return sentence(context, "unknown_title", "unknown_text", way_on, status=403, cookies=over)
        return sentence(context, "failed_title", "failed_text", way_on, status=400, cookies=over)

    def _cookie(self, request: Request, text: str, seconds: int) -> str:
        return cookie(request, _cookie_name(request), text, seconds)

    def _logged(self, person: Person) -> str:
        return logged_as(person.subject, self._keys()[0])

    def _now(self) -> float:
        return self._clock().timestamp()


def own_place(text: str) -> str | None:
    """A place of ours, as an address without its host; None for anything else."""
    return text if len(text) <= _LONGEST_PLACE and _PLACE.fullmatch(text) else None


def _cookie_name(request: Request) -> str:
    return f"{cookie_name(request)}-sign-in"


def _origin(request: Request) -> str:
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise _RefusedError("no host")
    return f"{'http' if request.on_this_machine else 'https'}://{host}"


def _come_back_to(request: Request) -> str:
    """What has to be registered with the provider."""
    return f"{_origin(request)}/signed-in"
