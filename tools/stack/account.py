"""The emulator as an AWS account, reached as its root whatever the profile and proxy of who runs this."""

import os

import boto3
import botocore.session
from botocore.config import Config

from tools.stack.settings import REGION

NOT_CONFIGURED = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


def session() -> boto3.Session:
    """A session with invented credentials; give its clients the endpoint_url of a stack."""
    plain = botocore.session.Session(session_vars=NOT_CONFIGURED)
    plain.set_default_client_config(Config(proxies={}, retries={"max_attempts": 2}))
    return boto3.Session(
        botocore_session=plain,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - invented
        region_name=REGION,
    )
