"""The emulator as an AWS account, reached as its root whatever the profile and proxy of who runs this."""

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from functools import cache
from typing import Self

import boto3
import botocore.session
from botocore.config import Config

from tools.private_files import private, private_folder
from tools.stack.progress import StackError
from tools.stack.settings import REGION, Settings

NOT_CONFIGURED = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


@dataclass(frozen=True)
class AccountKeys:
    """What makes somebody the root of one emulator: each has keys of its own, which nobody can guess."""

    access_key_id: str
    secret_access_key: str

    @classmethod
    def read(cls, settings: Settings) -> Self | None:
        """The keys of a stack; None when it has none yet, or their file is damaged."""
        try:
            keys = cls(**json.loads(settings.keys_file.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        return keys if keys.access_key_id and keys.secret_access_key else None

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The keys of a stack. Raises StackError when it has none."""
        keys = cls.read(settings)
        if keys is None:
            raise StackError(f"There are no keys in {settings.keys_file}: make up.")
        return keys

    @classmethod
    def make(cls, settings: Settings) -> Self:
        """New keys, kept with the state of the stack for as long as that is."""
        key_id = f"OPMM{base64.b32encode(secrets.token_bytes(10)).decode()}"  # as long as one of AWS
        keys = cls(key_id, secrets.token_urlsafe(30))
        private_folder(settings.state_dir)
        with open(settings.keys_file, "w", encoding="utf-8", opener=private) as file:
            json.dump(asdict(keys), file)
        return keys

    def environment(self) -> dict[str, str]:
        """The variables in which SAM and the emulator look for them."""
        return {"AWS_ACCESS_KEY_ID": self.access_key_id, "AWS_SECRET_ACCESS_KEY": self.secret_access_key}

    def session(self) -> boto3.Session:
        """A session of the root; give its clients the endpoint_url of the stack."""
        return _session(self.access_key_id, self.secret_access_key)


@cache
def _session(access_key_id: str, secret_access_key: str) -> boto3.Session:
    """One for each key: it reads what AWS has of regions and services once, which takes as long as ten clients."""
    plain = botocore.session.Session(session_vars=NOT_CONFIGURED)
    plain.set_default_client_config(Config(proxies={}, retries={"max_attempts": 2}))
    return boto3.Session(
        botocore_session=plain,
        aws_access_key_id=access_key_id,
        aws_secret_access_key=secret_access_key,
        region_name=REGION,
    )


def session(settings: Settings) -> boto3.Session:
    """A session of the root of this stack's emulator. Raises StackError when it has no keys."""
    return AccountKeys.of(settings).session()
