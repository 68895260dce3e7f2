"""The sources document of a stack: `make sources FILE=sources.json` checks and stores it; without FILE it is listed."""

import argparse
import json
import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.opmm.model import published_model
from shared.webhooks.sources import SourcesError, load_sources
from tools.access import client_of
from tools.stack import Settings, Stack

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

MOST_BYTES = 65_536
"""https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html"""


def read_document(path: Path) -> dict[str, Any]:
    """A sources document that can be stored. Raises SourcesError with all its faults, none of which tells a secret."""
    try:
        document = json.loads(path.read_bytes(), object_pairs_hook=_each_once)
    except UnicodeDecodeError as error:
        raise SourcesError([f"the document: is not UTF-8 at byte {error.start}"]) from None
    except json.JSONDecodeError as error:
        raise SourcesError([f"the document: is not JSON: {error}"]) from None
    load_sources(document, published_model())
    if len(json.dumps(document).encode()) > MOST_BYTES:
        raise SourcesError([f"the document: is longer than the {MOST_BYTES} bytes that a secret takes"])
    return dict(document)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What a new document changes, by the names of sources."""
    told = {
        "added": after.keys() - before.keys(),
        "removed": before.keys() - after.keys(),
        "changed": {name for name in before.keys() & after.keys() if before[name] != after[name]},
    }
    return [f"{what}: {', '.join(sorted(names))}" for what, names in told.items() if names]


def listed(document: Mapping[str, Any]) -> list[str]:
    """The names of the sources with their providers, and nothing else of them."""
    return [f"{name}  {source.get('provider')}" for name, source in sorted(document.items())]


def hint(path: Path) -> str | None:
    """What to do about a file that others may read; it holds secrets."""
    others = path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)
    return f"Hint: others on this machine may read {path}: chmod 600 {path}" if others else None


def store(client: "SecretsManagerClient", stack: str, path: Path) -> list[str]:
    """Makes the file's document the sources of a stack, and tells what that changes. Raises SourcesError."""
    after = read_document(path)
    told = changes(stored(client, stack), after)
    if told:
        client.put_secret_value(SecretId=secret_name(stack), SecretString=json.dumps(after))
    return told


def stored(client: "SecretsManagerClient", stack: str) -> dict[str, Any]:
    """The sources document of a stack."""
    document: dict[str, Any] = json.loads(client.get_secret_value(SecretId=secret_name(stack))["SecretString"])
    return document


def secret_name(stack: str) -> str:
    """The name template.yaml gives the secret."""
    return f"{stack}/sources"


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. JSON lets a name stand twice, and the first would be lost without a word."""
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SourcesError([f"{name}: stands twice" for name in twice])
    return dict(pairs)


def main(given: list[str] | None = None) -> None:
    """Store or list the sources; a document that is not right ends with its faults, one per line."""
    parser = argparse.ArgumentParser(prog="python -m tools.sources", description=__doc__)
    parser.add_argument("--file", default="", help="the document; without it the sources that are stored are listed")
    parser.add_argument("--stack", default="", help="a stack in your AWS account; without it the local one")
    wanted = parser.parse_args(given)
    settings = Settings.from_environment(os.environ)
    stack = None if wanted.stack else Stack.read(settings)
    if stack is None and not wanted.stack:
        sys.exit("The local stack is not up: make up. For a stack in your AWS account add STACK=name.")
    name = wanted.stack or settings.name
    try:
        if wanted.file:
            told = store(client_of(stack), name, Path(wanted.file))
            seen = f"{name} holds these sources; a warm function sees them within a minute."
            print("\n".join([*told, seen] if told else ["Nothing has changed."]))
            if hinted := hint(Path(wanted.file)):
                print(hinted, file=sys.stderr)
        else:
            print("\n".join(listed(stored(client_of(stack), name))) or f"{name} has no sources yet.")
    except SourcesError as refused:
        sys.exit("\n".join(" ".join(fault.split()) for fault in refused.faults))
    except (BotoCoreError, ClientError, OSError) as failed:
        sys.exit(f"The sources of {name} cannot be reached: {failed}")


if __name__ == "__main__":
    main()
