"""Calls to the API of a stack by a tool of ours, with a token of its own."""

from datetime import UTC, datetime, timedelta

import httpx

from shared.storage.issued import Grant
from tools.target import Target


def calling(target: Target, subject: str, *scopes: str, lasts: timedelta, timeout: float) -> httpx.Client:
    """A client of the stack's API; in an account with a token that is listed under this subject, and ends by itself."""
    if target.local:
        address, headers = target.api(target.local.token)
        return httpx.Client(base_url=address, headers=headers, timeout=timeout, trust_env=False)
    now = datetime.now(UTC)  # noqa: TID251 - where a token is minted
    grant = Grant(kind="token", subject=subject, scopes=scopes, made_at=now, until=now + lasts)
    _, token = target.register().issue(grant, target.keys())
    address, headers = target.api(token)
    return httpx.Client(base_url=address, headers=headers, timeout=timeout)
