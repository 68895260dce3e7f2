"""Which stack is meant: the local one, one in an AWS account, or an address with a token."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import boto3
import httpx

from tools.stack import Settings, Stack
from tools.stack.account import session
from tools.stack.deployment import outputs
from tools.token_keys import TokenKeys
from tools.transfer.lines import TransferError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_TIMEOUT = 60
"""Seconds for one call: a batch on a cold stack starts a function first."""

_TOKEN_LIFETIME = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Account:
    """Where a stack's resources are: the local emulator, or the account whose credentials are at hand."""

    name: str
    session: boto3.Session
    endpoint_url: str | None = None

    @classmethod
    def of(cls, stack_name: str) -> "Account":
        """The account that holds this stack; without a name, the local stack. Raises TransferError when it is down."""
        if stack_name:
            return cls(stack_name, boto3.Session())
        stack = local_stack()
        return cls(stack.stack_name, session(), stack.endpoint_url)

    def outputs(self) -> dict[str, str]:
        """What the stack gives out, by name."""
        client = self.session.client("cloudformation", endpoint_url=self.endpoint_url)
        return outputs(client.describe_stacks(StackName=self.name)["Stacks"][0])

    def dynamodb(self) -> "DynamoDBClient":
        """Its tables."""
        return self.session.client("dynamodb", endpoint_url=self.endpoint_url)

    def token(self, now: datetime) -> str:
        """A token that sends events for the next hours."""
        keys = TokenKeys.read(self.session.client("secretsmanager", endpoint_url=self.endpoint_url), self.name)
        return keys.mint(subject="import", scopes=["events:write"], expires_at=now + _TOKEN_LIFETIME)


def local_stack() -> Stack:
    """The local stack. Raises TransferError when it is down."""
    stack = Stack.read(Settings.from_environment(os.environ))
    if stack is None:
        raise TransferError("The local stack is not up: make up. For another one add STACK=name, or API=... TOKEN=...")
    return stack


def api(stack_name: str, address: str, token: str, now: datetime) -> httpx.Client:
    """Calls to the service's API. Raises TransferError when nothing tells where it is or what opens it."""
    if address and not stack_name and not token:
        raise TransferError("API= needs a TOKEN= with the scope events:write: make token SCOPE=events:write")
    if stack_name:
        account = Account.of(stack_name)
        address = address or account.outputs()["ApiUrl"]
        token = token or account.token(now)
    if address:
        return httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=_TIMEOUT)
    stack = local_stack()
    headers = {"Authorization": f"Bearer {stack.token}", "Host": stack.host}
    return httpx.Client(base_url=stack.api_url, headers=headers, timeout=_TIMEOUT, trust_env=False)
