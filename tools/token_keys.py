"""The keys that sign access tokens, and the ids of tokens that were withdrawn: one secret, written by tools only."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import ClientError

from shared.storage.issued import name_of
from tools.errors import ToolError

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

BYTES_OF_A_KEY = 48

MOST_BYTES = 65_536
"""https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html: some 2,000 withdrawn ids."""

_TRIES = 10
_OVERTAKEN = {"InvalidParameterException", "InvalidRequestException"}


@dataclass(frozen=True)
class TokenKeys:
    """The current key signs; a token signed by the previous one still counts, unless it was withdrawn."""

    current: str
    previous: str | None = None
    revoked: Mapping[str, int] = field(default_factory=dict)
    """When the tokens end that were withdrawn since the latest rotation, in seconds since 1970, by their ids."""
    revoked_before: Mapping[str, int] = field(default_factory=dict)
    """The same of those withdrawn before it; the next rotation ends the keys that signed them."""

    @classmethod
    def read(cls, client: "SecretsManagerClient", stack: str) -> Self:
        """The keys of a stack."""
        return cls._read(client, stack)[0]

    @classmethod
    def change(cls, client: "SecretsManagerClient", stack: str, changed: "Callable[[Self], Self]") -> Self:
        """Changes the keys of a stack; warm functions follow within a minute.

        What somebody else has written meanwhile is never overwritten: the new version becomes the current one only in
        the place of the version that was read, or all is done once more. Raises ToolError when it gets too long, or
        when others write all the time.
        """
        for _ in range(_TRIES):
            keys, version = cls._read(client, stack)
            wanted = changed(keys)
            if wanted == keys:
                return keys
            staged = client.put_secret_value(
                SecretId=secret_name(stack), SecretString=wanted.text(), VersionStages=["AWSPENDING"]
            )["VersionId"]
            try:
                client.update_secret_version_stage(
                    SecretId=secret_name(stack),
                    VersionStage="AWSCURRENT",
                    MoveToVersionId=staged,
                    RemoveFromVersionId=version,
                )
            except ClientError as refused:
                if refused.response["Error"]["Code"] not in _OVERTAKEN:
                    raise
            else:
                return wanted
        raise ToolError("Others change the keys all the time; nothing was changed. Try again.")

    @classmethod
    def _read(cls, client: "SecretsManagerClient", stack: str) -> tuple[Self, str]:
        held = client.get_secret_value(SecretId=secret_name(stack), VersionStage="AWSCURRENT")
        stored: dict[str, Any] = json.loads(held["SecretString"])
        keys = cls(
            stored["current"],
            stored.get("previous"),
            stored.get("revoked") or {},
            stored.get("revoked_before") or {},
        )
        return keys, held["VersionId"]

    def text(self) -> str:
        """What the secret holds. Raises ToolError when that is more than it takes."""
        parts = {
            "current": self.current,
            "previous": self.previous,
            "revoked": self.revoked,
            "revoked_before": self.revoked_before,
        }
        text = json.dumps({name: part for name, part in parts.items() if part}, separators=(",", ":"))
        if len(text.encode()) > MOST_BYTES:
            count = len(self.revoked) + len(self.revoked_before)
            raise ToolError(
                f"No more ids can be withdrawn one by one: {count} are, and none of them has ended yet. "
                "make rotate-keys, twice, ends every token of before and forgets those ids."
            )
        return text

    def rotated(self) -> Self:
        """A new current key; what was current becomes previous, and what was previous counts no more."""
        fresh = secrets.token_urlsafe(BYTES_OF_A_KEY)
        return replace(self, current=fresh, previous=self.current, revoked={}, revoked_before=self.revoked)

    def without(self, token_id: str, expires_at: int, now: datetime) -> Self:
        """The same keys, with one token withdrawn; ids of tokens that have ended are forgotten."""
        if self.is_withdrawn(token_id):
            return self
        seconds = now.timestamp()
        return replace(
            self,
            revoked=_lasting({**self.revoked, token_id: expires_at}, seconds),
            revoked_before=_lasting(self.revoked_before, seconds),
        )

    def is_withdrawn(self, token_id: str) -> bool:
        """Whether the token of this id was withdrawn."""
        return token_id in self.revoked or token_id in self.revoked_before

    def have(self, key_name: str) -> bool:
        """Whether a key still counts, by what `name_of` calls it."""
        return key_name in {name_of(key) for key in (self.current, self.previous) if key}


def secret_name(stack: str) -> str:
    """The name template.yaml gives the secret."""
    return f"{stack}/token-keys"


def _lasting(ends: Mapping[str, int], now: float) -> dict[str, int]:
    return {token_id: end for token_id, end in ends.items() if end > now}
