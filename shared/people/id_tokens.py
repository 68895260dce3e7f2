"""What an ID token has to say before anybody is let in by it (OpenID Connect Core 1.0, 3.1.3.7)."""

import base64
import hashlib
import hmac
import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from shared.opmm.display import is_displayable
from shared.opmm.email_addresses import LONGEST_EMAIL
from shared.people.document import People, Person

LEEWAY = 60
"""Seconds by which two clocks may differ."""

OLDEST = 600
"""Seconds since a token was issued: it was asked for a moment ago."""

LONGEST_NAME = 40
"""Characters of a name that are shown; a session is a cookie, which has little room."""

_LONGEST_SUBJECT = 255
"""ASCII characters, as OpenID Connect has it; some providers take more."""

_EMAIL = re.compile(r"[!-?A-~]+@[!-?A-~]+")


class IdTokenError(Exception):
    """The ID token does not let anybody in; the message is a reason that can be logged."""


def person_of(id_token: str, people: People, *, nonce: str, now: float) -> Person:
    """The person of an ID token that came straight from the provider. Raises IdTokenError.

    Its signature is not looked at: TLS says who sent it. See docs/decisions/17.
    """
    claims = _claims(id_token)
    if claims.get("iss") != people.issuer:
        raise IdTokenError("another issuer")
    _check_audience(claims, people.client_id)
    _check_times(claims, now)
    told = claims.get("nonce")
    if not isinstance(told, str) or not hmac.compare_digest(told.encode(), nonce.encode()):
        raise IdTokenError("another nonce")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject.strip()) <= _LONGEST_SUBJECT:
        raise IdTokenError("no subject")
    return Person(
        subject=_known_as(people.issuer, subject),
        name=_name(claims.get("name")),
        email=_email(claims),
        groups=_groups(claims.get(people.groups_claim), people.groups),
    )


def _claims(id_token: str) -> Mapping[str, Any]:
    """What a JWT says."""
    parts = id_token.split(".")
    if len(parts) != 3:  # noqa: PLR2004 - header, claims, signature
        raise IdTokenError("no token")
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        claims = json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
        json.dumps(claims, ensure_ascii=False).encode()  # lone surrogates cannot be compared, hashed or shown
    except (ValueError, RecursionError):
        raise IdTokenError("no token") from None
    if not isinstance(claims, dict):
        raise IdTokenError("no token")
    return claims


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    meant = audience if isinstance(audience, list) else [audience]
    if client_id not in meant:
        raise IdTokenError("another audience")
    if ("azp" in claims or len(meant) > 1) and claims.get("azp") != client_id:
        raise IdTokenError("another party")


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    if not _time(claims.get("exp")) > now - LEEWAY:
        raise IdTokenError("expired")
    if not now - OLDEST < _time(claims.get("iat")) < now + LEEWAY:
        raise IdTokenError("issued at another time")


def _time(claim: object) -> float:
    """A time in seconds since 1970; what is none is neither before nor after any."""
    return claim if isinstance(claim, int | float) and not isinstance(claim, bool) else math.nan


def _known_as(issuer: str, subject: str) -> str:
    """What a person is called here: as long for everybody, and without what some providers put into a subject."""
    return f"person-{hashlib.sha256(f'{issuer} {subject}'.encode()).hexdigest()[:32]}"


def _name(claim: object) -> str | None:
    if not isinstance(claim, str):
        return None
    name = " ".join(claim.split())[:LONGEST_NAME].strip()
    return name if is_displayable(name) else None


def _email(claims: Mapping[str, Any]) -> str | None:
    """The address that counts: in ASCII, where letters of other scripts cannot pass for others."""
    email, verified = claims.get("email"), claims.get("email_verified")
    if verified is False or (isinstance(verified, str) and verified.lower() == "false"):
        return None
    if not isinstance(email, str) or len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        return None
    return email.lower()


def _groups(claim: object, known: Sequence[str]) -> tuple[str, ...]:
    told = claim if isinstance(claim, list) else [claim]
    return tuple(group for group in known if group in told)
