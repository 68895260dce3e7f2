"""Access tokens: signed JWTs that say who may do what, for which clients and as which sources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt

from shared.http.problems import ForbiddenError, UnauthenticatedError

SCOPES = ("events:write", "scores:read", "parked:read", "parked:write", "admin")

_ALGORITHM = "HS256"


@dataclass(frozen=True, slots=True)
class Token:
    """What a verified token grants."""

    subject: str
    scopes: frozenset[str]
    clients: frozenset[str] | None = None
    """The only clients it reaches; None for all."""
    sources: frozenset[str] | None = None
    """The only sources it may send as; None for all."""
    expires_at: int = 0
    """In seconds since 1970."""

    def require(self, scope: str) -> None:
        """Raises ForbiddenError unless the scope is granted."""
        if scope not in self.scopes:
            raise ForbiddenError(f"The token does not grant {scope}.")

    def require_client(self, client_id: str) -> None:
        """Raises ForbiddenError unless the client is granted, whether or not there is such a client."""
        if self.clients is not None and client_id not in self.clients:
            raise ForbiddenError("The token does not grant this client.")

    def require_source(self, source: str) -> None:
        """Raises ForbiddenError unless the token may send as this source."""
        if self.sources is not None and source not in self.sources:
            raise ForbiddenError("The token does not grant this source.")


def mint(
    key: str,
    *,
    subject: str,
    scopes: Sequence[str],
    expires_at: datetime,
    clients: Sequence[str] = (),
    sources: Sequence[str] = (),
) -> str:
    """A token signed with this key; without clients or sources it reaches all. Raises ValueError on unknown scopes."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise ValueError(f"unknown scopes: {', '.join(unknown) or '(none given)'}; there are {', '.join(SCOPES)}")
    claims: dict[str, Any] = {"sub": subject, "scope": " ".join(scopes), "exp": expires_at}
    if clients:
        claims["clients"] = list(clients)
    if sources:
        claims["sources"] = list(sources)
    return jwt.encode(claims, key, algorithm=_ALGORITHM)


def verify(authorization: str | None, keys: Sequence[str]) -> Token:
    """The token of an Authorization header, signed with any of the keys. Raises UnauthenticatedError."""
    scheme, _, text = (authorization or "").strip().partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise UnauthenticatedError("Send an access token: Authorization: Bearer <token>.")
    for key in keys:
        try:
            claims = jwt.decode(
                text.strip(), key, algorithms=[_ALGORITHM], options={"require": ["exp", "sub"], "verify_aud": False}
            )
        except jwt.ExpiredSignatureError as expired:
            raise UnauthenticatedError("The token has expired.") from expired
        except (jwt.InvalidTokenError, UnicodeError):  # a lone surrogate cannot be encoded
            continue
        return _token(claims)
    raise UnauthenticatedError("The token is not valid.")


def _token(claims: Mapping[str, Any]) -> Token:
    """A claim of the wrong type grants nothing, rather than everything."""
    scope, clients, sources = claims.get("scope"), claims.get("clients"), claims.get("sources")
    return Token(
        subject=claims["sub"],
        scopes=frozenset(scope.split() if isinstance(scope, str) else ()),
        clients=None if clients is None else _names(clients),
        sources=None if sources is None else _names(sources),
        expires_at=int(claims["exp"]),
    )


def _names(claim: object) -> frozenset[str]:
    return frozenset(name for name in claim if isinstance(name, str)) if isinstance(claim, list) else frozenset()
