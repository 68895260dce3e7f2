"""Which client a person means, by an id or by what it is called: the API of the stack is asked."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx

from shared.opmm.slugs import slugify
from tools.errors import ToolError

if TYPE_CHECKING:
    from tools.target import Target

_TIMEOUT = 60
"""Seconds: a cold stack starts a function first."""

_ASKED_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Client:
    """A client of a stack."""

    client_id: str
    """As it is now, whatever alias was given."""
    name: str | None


def find_client(target: "Target", text: str) -> Client | None:
    """The client of this id, alias, or name that makes one of them; None when the stack has none.

    Raises ToolError when the stack does not answer.
    """
    slug = slugify(text)
    if not slug:
        return None
    now = datetime.now(UTC)  # noqa: TID251 - a tool reads the clock where it mints a token
    token = target.keys().mint(subject="tools", scopes=["scores:read"], expires_at=now + _ASKED_WITHIN)
    address, headers = target.api(token)
    try:
        response = httpx.get(
            f"{address}v1/clients/{slug}", headers=headers, timeout=_TIMEOUT, trust_env=target.local is None
        )
    except httpx.HTTPError as failed:
        raise ToolError(f"{target.name} cannot be asked for {text!r}: {type(failed).__name__}.") from failed
    if response.status_code == HTTPStatus.NOT_FOUND:
        return None
    if response.status_code != HTTPStatus.OK:
        raise ToolError(f"{target.name} cannot be asked for {text!r}: it responds {response.status_code}.")
    document = response.json()
    return Client(document["client_id"], document.get("name"))
