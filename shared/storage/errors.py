"""Trouble with AWS, for those who must not import its SDK."""

from botocore.exceptions import BotoCoreError, ClientError

from shared.storage.dynamodb import UnprocessedKeysError

STORAGE_ERRORS = (ClientError, BotoCoreError, UnprocessedKeysError)
"""A call failed after all retries, or could not be made."""
