"""Trouble with AWS, for those who must not import its SDK."""

from botocore.exceptions import BotoCoreError, ClientError

STORAGE_ERRORS = (ClientError, BotoCoreError)
"""A call failed after all retries, or could not be made."""
