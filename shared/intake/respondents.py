"""Respondents are known by a keyed hash only: the same person is recognised, and nobody is named."""

import hmac

from shared.storage.secrets import Secret


class RespondentHash:
    """HMAC-SHA256 of the respondent in lower case, under a key that is read when the first respondent comes."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    def __call__(self, respondent: str) -> str:
        """The hash, as 64 hexadecimal digits. An address is the same person whatever its case."""
        key: str = self._secret.read()["key"]
        return hmac.new(key.encode(), respondent.strip().casefold().encode(), "sha256").hexdigest()
