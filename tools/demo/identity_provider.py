"""`make demo-idp`: the emulator's Cognito as the identity provider of the local stack, with three invented people."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.http.tokens import Role
from tools.people import store
from tools.stack import Settings, Stack
from tools.stack.settings import REGION

POOL = "opmm-demo"
GROUP = "finance"


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody who can sign in."""

    name: str
    email: str
    role: Role
    password: str
    groups: tuple[str, ...] = ()


def demo_idp() -> None:
    """Let invented people sign in to the local stack."""
    stack = Stack.running(Settings.from_environment(os.environ))
    print(
        f"Within a minute {stack.pages_url}sign-in leads to the sign-in of the emulator's Cognito. Who can sign in:\n"
    )
    for person in set_up(stack):
        print(f"  {person.email:26} {person.password}   {person.name}, {person.role}")
    print("\nThe passwords are new each time. make people FILE=nobody.json ends it, where the file holds {}")


def set_up(stack: Stack) -> Sequence[Invented]:
    """Makes a user pool with its people, anew, and stores whom the stack lets in."""
    cognito: Any = stack.session.client("cognito-idp", endpoint_url=stack.endpoint_url)
    for pool in cognito.list_user_pools(MaxResults=60)["UserPools"]:
        if pool["Name"] == POOL:
            cognito.delete_user_pool(UserPoolId=pool["Id"])
    people = (
        Invented("Vera Viewer", "vera@finance.example", "viewer", _password(), (GROUP,)),
        Invented("Ed Editor", "ed@agency.example", "editor", _password()),
        Invented("Ada Admin", "ada@agency.example", "admin", _password()),
    )
    pool_id = cognito.create_user_pool(PoolName=POOL, UsernameAttributes=["email"], AutoVerifiedAttributes=["email"])[
        "UserPool"
    ]["Id"]
    cognito.create_group(UserPoolId=pool_id, GroupName=GROUP)
    for person in people:
        _register(cognito, pool_id, person)
    client = cognito.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName=POOL,
        GenerateSecret=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthScopes=["openid", "email", "profile"],
        SupportedIdentityProviders=["COGNITO"],
        CallbackURLs=[f"{stack.pages_url}signed-in"],
        LogoutURLs=[f"{stack.pages_url}sign-in"],
    )["UserPoolClient"]
    document = {
        # It calls itself what it would be called in an account, and says here where it really is.
        "issuer": f"https://cognito-idp.{REGION}.amazonaws.com/{pool_id}",
        "discovery": f"http://localhost:{stack.port}/{pool_id}/.well-known/openid-configuration",
        "client_id": client["ClientId"],
        "client_secret": client["ClientSecret"],
        "groups_claim": "cognito:groups",
        "contact": "Ada Admin",
        "allow": [
            {"email": "*@agency.example", "role": "editor"},
            {"email": "ada@agency.example", "role": "admin"},
            {"group": GROUP, "role": "viewer"},
        ],
    }
    store(stack.session.client("secretsmanager", endpoint_url=stack.endpoint_url), stack.stack_name, document)
    return people


def _register(cognito: Any, pool_id: str, person: Invented) -> None:
    told = {"email": person.email, "email_verified": "true", "name": person.name}
    named = {"UserPoolId": pool_id, "Username": person.email}
    cognito.admin_create_user(
        **named,
        UserAttributes=[{"Name": name, "Value": value} for name, value in told.items()],
        MessageAction="SUPPRESS",
    )
    cognito.admin_set_user_password(**named, Password=person.password, Permanent=True)
    for group in person.groups:
        cognito.admin_add_user_to_group(**named, GroupName=group)


def _password() -> str:
    """Random, with a sign of each kind that pools ask for."""
    return f"{secrets.token_urlsafe(12)}-aA1"
