"""Documents that an operator writes, as JSON in files."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

MOST_BYTES = 65_536
"""https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html"""


def read_json(path: Path, refuse: Callable[[list[str]], Exception]) -> Any:
    """What a file says. Raises what `refuse` makes of a fault, which tells names and no values."""
    try:
        return json.loads(path.read_bytes(), object_pairs_hook=lambda pairs: _each_once(pairs, refuse))
    except UnicodeDecodeError as error:
        raise refuse([f"the document: is not UTF-8 at byte {error.start}"]) from None
    except json.JSONDecodeError as error:
        raise refuse([f"the document: is not JSON: {error}"]) from None
    except RecursionError:
        raise refuse(["the document: is nested too deep"]) from None


def as_secret(document: Any, refuse: Callable[[list[str]], Exception]) -> str:
    """A document as the text of a secret. Raises what `refuse` makes of one that no secret can hold."""
    text = json.dumps(document)
    if len(text.encode()) > MOST_BYTES:
        raise refuse([f"the document: is longer than the {MOST_BYTES} bytes that a secret takes"])
    return text


def hint(path: Path) -> str | None:
    """What to do about a file that others may read; it holds secrets."""
    others = path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)
    return f"Hint: others on this machine may read {path}: chmod 600 {path}" if others else None


def _each_once(pairs: list[tuple[str, Any]], refuse: Callable[[list[str]], Exception]) -> dict[str, Any]:
    """An object. JSON lets a name stand twice, and the first would be lost without a word."""
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise refuse([f"{name}: stands twice" for name in twice])
    return dict(pairs)
