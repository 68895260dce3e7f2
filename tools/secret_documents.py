"""Documents of named things that lie in a secret of a stack: read, listed by what changes, and stored as a whole."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from shared.storage.described import DescriptionError
from tools.errors import ToolError
from tools.json_files import as_secret, hint
from tools.target import Target

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


@dataclass(frozen=True, slots=True)
class SecretDocument:
    """One such document: what its things are called, and what is said of them."""

    name: str
    """Of its things, and in that of the secret."""
    error: type[DescriptionError]
    """What a document is refused by."""
    unreadable: str
    """What becomes of a stack whose document is none, as somebody has written it by hand."""
    removal: str
    """What becomes of things that are removed."""
    stored_now: str
    """What a stack does with those that have just been stored, behind its name."""

    def secret_name(self, stack: str) -> str:
        """The name template.yaml gives the secret."""
        return f"{stack}/{self.name}"

    def stored(self, client: "SecretsManagerClient", stack: str) -> dict[str, Any]:
        """The document of a stack. Raises ToolError for what is none."""
        secret = self.secret_name(stack)
        try:
            document = json.loads(client.get_secret_value(SecretId=secret)["SecretString"])
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise ToolError(f"{secret} holds no {self.name} document: {self.unreadable}.")
        return document

    def store(
        self,
        client: "SecretsManagerClient",
        stack: str,
        document: Mapping[str, Any],
        may_remove: Callable[[list[str]], bool],
    ) -> list[str]:
        """Makes a checked document the one of a stack, and tells what that changes.

        Asks first where things are stored that it leaves out. Raises ToolError where they stay.
        """
        before = self.stored(client, stack)
        removed = sorted(before.keys() - document.keys())
        if removed and not may_remove(removed):
            raise ToolError("Nothing was stored.")
        changed = changes(before, document)
        if changed:
            text = as_secret(document, self.error)
            client.put_secret_value(SecretId=self.secret_name(stack), SecretString=text)
        return changed

    def take(
        self, target: Target, file: Path, read: Callable[[Path], Mapping[str, Any]], *, yes: bool
    ) -> Mapping[str, Any]:
        """Stores what a file says once it is checked, prints what that changes, and gives it. Raises ToolError.

        Without `yes` somebody is asked whether things may go that the file leaves out.
        """
        try:
            document = read(file)
        except self.error as refused:
            raise ToolError("\n".join(" ".join(fault.split()) for fault in refused.faults)) from None
        changed = self.store(target.secrets(), target.name, document, lambda names: yes or self._asked(target, names))
        seen = f"{target.name} {self.stored_now}; a warm function sees them within a minute."
        print("\n".join([*changed, seen] if changed else ["Nothing has changed."]))
        if hinted := hint(file):
            print(hinted, file=sys.stderr)
        return document

    def _asked(self, target: Target, removed: list[str]) -> bool:
        print(f"{target.name} has {self.name} that the file leaves out: {', '.join(removed)}")
        return typer.confirm(f"Remove them? Their secrets are gone then, and {self.removal}")


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What a new document changes, by the names of its things."""
    found = {
        "added": after.keys() - before.keys(),
        "removed": before.keys() - after.keys(),
        "changed": {name for name in before.keys() & after.keys() if before[name] != after[name]},
    }
    return [f"{what}: {', '.join(sorted(names))}" for what, names in found.items() if names]
