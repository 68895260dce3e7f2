"""The people document of a stack: `make people FILE=people.json` checks and stores it; without FILE it is shown."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shared.people.document import PeopleError, load_people
from tools.errors import ToolError
from tools.json_files import as_secret, hint, read_json
from tools.options import Profile, Region, StackName, filled_path
from tools.target import Target

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


def people(
    *,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", parser=filled_path, metavar="FILE", help="The document; without it the stored is shown."
        ),
    ] = None,
    stack: StackName = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Check and store who signs in with an identity provider and what they may do, or show it."""
    if file and not file.exists():
        raise ToolError(f"{file} does not exist.")
    target = Target.of(stack, region, profile)
    if file is None:
        document = stored(target.secrets(), target.name)
        if document is None:
            raise ToolError(f"{target.name} holds a people document that is not JSON: nobody can sign in.")
        print(shown(document) if document else f"{target.name} has no identity provider: people come by link.")
        return
    try:
        changed = store(target.secrets(), target.name, read_json(file, PeopleError))
    except PeopleError as refused:
        raise ToolError("\n".join(" ".join(fault.split()) for fault in refused.faults)) from None
    seen = f"{target.name} lets these people in; warm functions follow within a minute, also for who is signed in."
    back = f"Redirect address, to be registered with the provider: {target.pages_url}signed-in"
    print("\n".join([seen if changed else "Nothing has changed.", back]))
    if hinted := hint(file):
        print(hinted, file=sys.stderr)


def store(client: "SecretsManagerClient", stack: str, document: Any) -> bool:
    """Makes a document the one of a stack; False when it is already. Raises PeopleError with all its faults."""
    load_people(document)
    text = as_secret(document, PeopleError)
    if stored(client, stack) == document:
        return False
    client.put_secret_value(SecretId=secret_name(stack), SecretString=text)
    return True


def stored(client: "SecretsManagerClient", stack: str) -> Any:
    """The people document of a stack; None for one that somebody wrote by hand and that is not JSON."""
    try:
        return json.loads(client.get_secret_value(SecretId=secret_name(stack))["SecretString"])
    except ValueError:
        return None


def shown(document: Mapping[str, Any]) -> str:
    """A document without its secret."""
    hidden = {"client_secret": "(not shown)"} if "client_secret" in document else {}
    return json.dumps({**document, **hidden}, indent=2, ensure_ascii=False)


def secret_name(stack: str) -> str:
    """The name template.yaml gives the secret."""
    return f"{stack}/people"
