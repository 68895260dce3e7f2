"""What a browser keeps of somebody who signs in: an attempt under way, and then a session.

Both are signed by keys that are derived from those of access tokens, one for each purpose: neither passes for the
other, neither is an access token, and no access token is one of them.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, Self

import jwt

from shared.opmm.dataclass import dataclass
from shared.people.document import Person

SECONDS_OF_SESSION = 12 * 3600
SECONDS_OF_ATTEMPT = 600

MOST_BYTES = 1000
"""Of a session: with its name it stays under 1 KB."""

ID_OF_SESSION = "session-"
"""How the ids of sessions begin, by which they can be withdrawn."""

Purpose = Literal["session", "sign-in", "log"]

_ALGORITHM = "HS256"
_BYTES_OF_AN_ID = 8


class TooLongError(Exception):
    """What the provider tells of somebody does not fit into a cookie."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person who has signed in."""

    id: str
    person: Person
    issuer_id: str
    expires_at: int
    """In seconds since 1970."""

    @classmethod
    def now(cls, person: Person, issuer_id: str, now: float) -> Self:
        """A new session."""
        token_id = f"{ID_OF_SESSION}{secrets.token_hex(_BYTES_OF_AN_ID)}"
        return cls(token_id, person, issuer_id, int(now) + SECONDS_OF_SESSION)

    @classmethod
    def read(cls, text: str, keys: Sequence[str], now: float) -> Self | None:
        """The session of a cookie; None when it is none, or has ended."""
        claims = _read(text, "session", keys, now)
        if claims is None:
            return None
        person = Person(claims["sub"], claims.get("name"), claims.get("email"), tuple(claims.get("groups", ())))
        return cls(claims["jti"], person, claims["iss"], claims["exp"])

    def text(self, key: str) -> str:
        """The session as a cookie holds it; where that gets too long, without groups or the name.

        Raises TooLongError.
        """
        person = self.person
        while len(text := self._text(person, key)) > MOST_BYTES:
            if person.groups:
                person = replace(person, groups=person.groups[:-1])
            elif person.name:
                person = replace(person, name=None)
            else:
                raise TooLongError
        return text

    def _text(self, person: Person, key: str) -> str:
        told = {"name": person.name, "email": person.email, "groups": list(person.groups)}
        claims = {"jti": self.id, "sub": person.subject, "iss": self.issuer_id, "exp": self.expires_at}
        return _signed({**claims, **{name: value for name, value in told.items() if value}}, "session", key)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in under way, which only the browser that began it can end."""

    state: str
    nonce: str
    verifier: str
    """Of PKCE (RFC 7636)."""
    place: str
    """Where somebody wanted to go."""

    @classmethod
    def new(cls, place: str) -> Self:
        """An attempt that nobody can guess."""
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), place)

    @classmethod
    def read(cls, text: str, keys: Sequence[str], now: float) -> Self | None:
        """The attempt of a cookie; None when it is none, or was begun too long ago."""
        claims = _read(text, "sign-in", keys, now)
        return cls(claims["state"], claims["nonce"], claims["verifier"], claims["place"]) if claims else None

    def text(self, key: str, now: float) -> str:
        """The attempt as a cookie holds it."""
        claims = {"state": self.state, "nonce": self.nonce, "verifier": self.verifier, "place": self.place}
        return _signed({**claims, "exp": int(now) + SECONDS_OF_ATTEMPT}, "sign-in", key)


def logged_as(subject: str, key: str) -> str:
    """A short hash by which lines about one person are found together, and the person is not."""
    return hmac.new(_key(key, "log"), subject.encode(), hashlib.sha256).hexdigest()[:12]


def _key(key: str, purpose: Purpose) -> bytes:
    return hmac.new(key.encode(), f"opmm {purpose}".encode(), hashlib.sha256).digest()


def _signed(claims: dict[str, Any], purpose: Purpose, key: str) -> str:
    return jwt.encode(claims, _key(key, purpose), algorithm=_ALGORITHM)


def _read(text: str, purpose: Purpose, keys: Sequence[str], now: float) -> Mapping[str, Any] | None:
    for key in keys:
        try:
            claims = jwt.decode(
                text,
                _key(key, purpose),
                algorithms=[_ALGORITHM],
                options={"verify_exp": False, "verify_iss": False},  # `exp` is checked by the clock that is handed in
            )
        except (jwt.InvalidTokenError, UnicodeError):  # a lone surrogate cannot be encoded
            continue
        return claims if claims["exp"] > now else None
    return None
