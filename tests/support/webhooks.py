"""Signing as the tools do, and posting what they post."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import boto3

from tests.support.clients import REGION
from tests.support.service import Answer, Service, http_event

SECRET = "s3cret-of-the-tool"


def register(service: Service, sources: Mapping[str, Any]) -> None:
    """Stores the sources document, and lets the warm function forget the one it knows."""
    secrets = boto3.client("secretsmanager", region_name=REGION)
    secrets.put_secret_value(SecretId="opmm/sources", SecretString=json.dumps(sources))
    service.restart_ingest()


def post(service: Service, source: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Posts the bytes as they are."""
    event = http_event("POST", f"/v1/webhooks/{source}", None, {"Content-Type": "application/json", **headers})
    event["body"], event["isBase64Encoded"] = base64.b64encode(body).decode(), True
    return service.ask_ingest(event)


def signature(body: bytes, algorithm: str = "sha256", encoding: str = "hex", key: str = SECRET) -> str:
    """The HMAC of a body."""
    digest = hmac.new(key.encode(), body, getattr(hashlib, algorithm)).digest()
    return digest.hex() if encoding == "hex" else base64.b64encode(digest).decode()
