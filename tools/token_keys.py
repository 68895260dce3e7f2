"""The keys that sign access tokens: a secret with the current one and the one before it."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

from shared.http import tokens

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

BYTES_OF_A_KEY = 48


@dataclass(frozen=True)
class TokenKeys:
    """The current key signs; a token signed by the previous one still counts."""

    current: str
    previous: str | None = None

    @classmethod
    def read(cls, client: "SecretsManagerClient", stack: str) -> Self:
        """The keys of a stack."""
        stored = json.loads(client.get_secret_value(SecretId=secret_name(stack))["SecretString"])
        return cls(stored["current"], stored.get("previous"))

    def write(self, client: "SecretsManagerClient", stack: str) -> None:
        """Make these the keys of a stack; warm functions follow within a minute."""
        stored = {"current": self.current} | ({"previous": self.previous} if self.previous else {})
        client.put_secret_value(SecretId=secret_name(stack), SecretString=json.dumps(stored))

    def rotated(self) -> "TokenKeys":
        """A new current key; what was current becomes previous, and what was previous counts no more."""
        return TokenKeys(secrets.token_urlsafe(BYTES_OF_A_KEY), self.current)

    def mint(
        self,
        *,
        subject: str,
        scopes: Sequence[str],
        expires_at: datetime,
        clients: Sequence[str] = (),
        sources: Sequence[str] = (),
    ) -> str:
        """A token signed with the current key. Raises ValueError on an unknown scope."""
        return tokens.mint(
            self.current, subject=subject, scopes=scopes, expires_at=expires_at, clients=clients, sources=sources
        )


def secret_name(stack: str) -> str:
    """The name template.yaml gives the secret."""
    return f"{stack}/token-keys"
