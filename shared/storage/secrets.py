"""Secrets, remembered for a while by a warm function."""

import json
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from shared.storage.dynamodb import CONFIG, session

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


class Secret:
    """One secret that holds a JSON object."""

    def __init__(
        self,
        client: "SecretsManagerClient",
        name: str,
        *,
        remembered_for: float = 60,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._client = client
        self._name = name
        self._remembered_for = remembered_for
        self._clock = clock
        self._value: dict[str, Any] = {}
        self._until = float("-inf")

    def read(self) -> dict[str, Any]:
        """The secret as it was at most `remembered_for` seconds ago."""
        now = self._clock()
        if now >= self._until:
            held = self._client.get_secret_value(SecretId=self._name, VersionStage="AWSCURRENT")
            self._value = json.loads(held["SecretString"])
            self._until = now + self._remembered_for
        return self._value


def connect_secrets() -> "SecretsManagerClient":
    """One client per process."""
    return cast("SecretsManagerClient", session().create_client("secretsmanager", config=CONFIG))


def token_keys(secret: Secret) -> list[str]:
    """The keys that sign access tokens: the current one, and the previous one while it is kept."""
    held = secret.read()
    return [held[which] for which in ("current", "previous") if held.get(which)]


def is_withdrawn(secret: Secret, token_id: str) -> bool:
    """Whether the token of this id was withdrawn, as the secret of the keys says."""
    held = secret.read()
    return any(token_id in (held.get(which) or ()) for which in ("revoked", "revoked_before"))
