"""Secrets, remembered for a while by a warm function."""

import json
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from aws_lambda_powertools import Logger
from botocore.config import Config

from shared.storage.dynamodb import CONFIG, session
from shared.storage.outages import is_outage

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


_KEPT_FOR = 3600
"""Seconds for which a secret counts that cannot be fetched any more: so much longer lives what was withdrawn."""

_AGAIN_AFTER = 10
"""Seconds until a secret that could not be fetched is asked for again: trying takes time from every request."""

_CONFIG = CONFIG.merge(Config(retries={"mode": "standard", "total_max_attempts": 2}))
"""Leaves a request that has to go by what is remembered time for its work."""


class Secret:
    """One secret that holds a JSON object."""

    def __init__(
        self,
        client: "SecretsManagerClient",
        name: str,
        logger: Logger,
        *,
        remembered_for: float = 60,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._client = client
        self._name = name
        self._logger = logger
        self._remembered_for = remembered_for
        self._clock = clock
        self._value: dict[str, Any] = {}
        self._until = float("-inf")
        self._kept_until = float("-inf")

    def look_anew(self) -> None:
        """Has the next one who reads fetch the secret, for whom a minute ago is too long ago."""
        self._until = float("-inf")

    def read(self) -> dict[str, Any]:
        """The secret as it was at most `remembered_for` seconds ago; an hour more while it cannot be fetched.

        One that was taken away, or that we may not read any more, counts no longer than that.
        """
        now = self._clock()
        if now >= self._until:
            try:
                held = self._client.get_secret_value(SecretId=self._name, VersionStage="AWSCURRENT")
            except Exception as error:
                if now >= self._kept_until or not is_outage(error):
                    raise
                self._until = min(now + _AGAIN_AFTER, self._kept_until)
                self._logger.warning(
                    "a secret cannot be fetched: the one from before counts",
                    secret=self._name,
                    error=type(error).__name__,
                    seconds_left=int(self._kept_until - now),
                )
            else:
                self._value = json.loads(held["SecretString"])
                self._until = now + self._remembered_for
                self._kept_until = self._until + _KEPT_FOR
        return self._value


def connect_secrets() -> "SecretsManagerClient":
    """One client per process."""
    return cast("SecretsManagerClient", session().create_client("secretsmanager", config=_CONFIG))


def token_keys(secret: Secret) -> list[str]:
    """The keys that sign access tokens: the current one, and the previous one while it is kept."""
    held = secret.read()
    return [held[which] for which in ("current", "previous") if held.get(which)]


def is_withdrawn(secret: Secret, token_id: str) -> bool:
    """Whether the token of this id was withdrawn, as the secret of the keys says."""
    held = secret.read()
    return any(token_id in (held.get(which) or ()) for which in ("revoked", "revoked_before"))
