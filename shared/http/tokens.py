"""Access tokens: signed JWTs that say who may do what, for which clients and as which sources."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import jwt

from shared.http.problems import ForbiddenError, UnauthenticatedError
from shared.opmm.dataclass import dataclass
from shared.opmm.display import NOT_DISPLAYABLE, is_displayable

if TYPE_CHECKING:
    from jwt.types import Options

SCOPES = (
    "events:write",
    "clients:write",
    "scores:read",
    "evidence:read",
    "people:write",
    "parked:read",
    "parked:write",
    "admin",
)

Role = Literal["client", "viewer", "editor", "admin"]
"""What a person may do, in a word."""

_CLIENT = ("scores:read",)
_VIEWER = (*_CLIENT, "evidence:read")
_EDITOR = (*_VIEWER, "events:write", "people:write")
_ADMIN = (*_EDITOR, "clients:write", "parked:read", "parked:write", "admin")

ROLES: Mapping[Role, tuple[str, ...]] = {"client": _CLIENT, "viewer": _VIEWER, "editor": _EDITOR, "admin": _ADMIN}
"""The scopes of each role."""

OF_EVERY_CLIENT = frozenset({"parked:read", "parked:write", "admin"})
"""Scopes of what is not one client's: a token that is limited to clients is refused there, whatever it holds."""

_ALGORITHM = "HS256"
_OPTIONS: "Options" = {"require": ["exp", "sub"], "verify_aud": False}


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
    id: str | None = None
    """By which it can be withdrawn; None for a token of an earlier release, which new keys end."""
    name: str | None = None
    """The person who holds it."""

    @property
    def role(self) -> Role | None:
        """What its bearer may do, in a word: the role that grants most of what it does; None for less than any.

        A client is let in to their own partnership, and told counts instead of people.
        """
        if "evidence:read" not in self.scopes:
            return "client" if self.clients is not None and len(self.clients) == 1 else None
        granted = [role for role, scopes in ROLES.items() if self.scopes.issuperset(scopes)]
        return granted[-1] if granted else None

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
    token_id: str | None = None,
    name: str | None = None,
) -> str:
    """A token signed with this key; without clients or sources it reaches all.

    Raises ValueError on unknown scopes, and on a name that cannot be shown.
    """
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise ValueError(f"unknown scopes: {', '.join(unknown) or '(none given)'}; there are {', '.join(SCOPES)}")
    claims: dict[str, Any] = {"sub": subject, "scope": " ".join(scopes), "exp": expires_at}
    if clients:
        claims["clients"] = list(clients)
    if sources:
        claims["sources"] = list(sources)
    if token_id:
        claims["jti"] = token_id
    if name:
        if not is_displayable(name):
            raise ValueError(f"a name {NOT_DISPLAYABLE}")
        claims["name"] = name
    return jwt.encode(claims, key, algorithm=_ALGORITHM)


class ExpiredTokenError(UnauthenticatedError):
    """The time of a token is over. It grants nothing; whose it was may be told."""

    def __init__(self, token: Token) -> None:
        super().__init__("The token has expired.")
        self.token = token


@dataclass(frozen=True, slots=True)
class Verifier:
    """Tells good tokens from others, by the keys of now and without those that were withdrawn."""

    keys: Callable[[], Sequence[str]]
    is_withdrawn: Callable[[str], bool] = lambda _: False
    trace: Callable[[Token, Sequence[str]], None] = lambda _, __: None
    """Takes note of every token that one of the keys signed, also of one that is refused then."""

    def __call__(self, authorization: str | None) -> Token:
        """The token of an Authorization header. Raises UnauthenticatedError."""
        keys = self.keys()
        try:
            token = verify(authorization, keys)
        except ExpiredTokenError as expired:
            self.trace(expired.token, keys)
            raise
        self.trace(token, keys)
        if token.id is not None and self.is_withdrawn(token.id):
            raise UnauthenticatedError("The token was withdrawn.")
        return token


def verify(authorization: str | None, keys: Sequence[str]) -> Token:
    """The token of an Authorization header, signed with any of the keys.

    Raises UnauthenticatedError, and of that ExpiredTokenError for a token of ours whose time is over.
    """
    scheme, _, text = (authorization or "").strip().partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise UnauthenticatedError("Send an access token: Authorization: Bearer <token>.")
    for key in keys:
        try:
            claims = jwt.decode(text.strip(), key, algorithms=[_ALGORITHM], options=_OPTIONS)
        except jwt.ExpiredSignatureError as expired:
            raise _expired(text.strip(), key) from expired
        except (jwt.InvalidTokenError, UnicodeError):  # a lone surrogate cannot be encoded
            continue
        return _token(claims)
    raise UnauthenticatedError("The token is not valid.")


def _expired(text: str, key: str) -> UnauthenticatedError:
    try:
        claims = jwt.decode(text, key, algorithms=[_ALGORITHM], options={**_OPTIONS, "verify_exp": False})
    except jwt.InvalidTokenError:  # more is wrong with it than its time
        return UnauthenticatedError("The token is not valid.")
    return ExpiredTokenError(_token(claims))


def _token(claims: Mapping[str, Any]) -> Token:
    """A claim of the wrong type grants nothing, rather than everything: `null` is no missing claim."""
    scope, name = claims.get("scope"), claims.get("name")
    return Token(
        subject=claims["sub"],
        scopes=frozenset(scope.split() if isinstance(scope, str) else ()),
        clients=_names(claims["clients"]) if "clients" in claims else None,
        sources=_names(claims["sources"]) if "sources" in claims else None,
        expires_at=int(claims["exp"]),
        id=claims.get("jti"),
        name=name if isinstance(name, str) and is_displayable(name) else None,
    )


def _names(claim: object) -> frozenset[str]:
    return frozenset(name for name in claim if isinstance(name, str)) if isinstance(claim, list) else frozenset()
