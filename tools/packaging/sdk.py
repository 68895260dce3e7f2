"""The AWS SDK without what no function uses: other services, operations that nothing here calls, an eager documenter.

Every client reads the whole description of its service when it is made, makes a method of every operation, and brings
along what would write their documentation. That is a tenth of a cold start.
"""

import gzip
import json
import re
import shutil
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

SERVICES = ("dynamodb", "dynamodbstreams", "lambda", "secretsmanager", "sesv2", "sqs")
"""The services whose description is kept. The 400 others weigh 20 times as much as all the rest."""

_ENDPOINTS = ("email", "streams.dynamodb")
"""What the endpoints of a service are called, where that is another name."""

_DOCUMENTER = '''"""The documenter, which is imported when something of it is asked for."""

from importlib import import_module


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)  # the import system asks for some
    return getattr(import_module("botocore.docs.{original}"), name)
'''

_DOCSTRINGS = '''

class ClientMethodDocstring(str):
    """What a client's method says of itself: nothing, as texts are left out of this package."""

    def __new__(cls, *args, **kwargs):
        return super().__new__(cls)


PaginatorDocstring = WaiterDocstring = ClientMethodDocstring
'''


def trim_sdk(botocore: Path, called: AbstractSet[str]) -> None:
    """Trim an installed botocore to the operations whose methods have these names; boto3 can still be laid on top."""
    for name, ours in {"__init__": "", "docstring": _DOCSTRINGS}.items():
        module, original = botocore / "docs" / f"{name}.py", f"original_{name.strip('_')}"
        module.rename(module.with_stem(original))
        module.write_text(_DOCUMENTER.format(original=original) + ours, encoding="utf-8")
    data = botocore / "data"
    for path in list(data.iterdir()):
        if path.is_dir() and path.name not in SERVICES:
            shutil.rmtree(path)
    for examples in data.rglob("examples-1.json*"):
        examples.unlink()
    for packed in list(data.rglob("*.json.gz")):
        packed.with_suffix("").write_bytes(gzip.decompress(packed.read_bytes()))
        packed.unlink()
    for path in data.rglob("service-2.json"):
        _write(path, only_called(without_documentation(_read(path)), called))
    # A megabyte that is read at every cold start, nearly all of it about services that are not there.
    endpoints = _read(data / "endpoints.json")
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in (*SERVICES, *_ENDPOINTS) if name in services}
    _write(data / "endpoints.json", endpoints)


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path: Path, description: Any) -> None:
    path.write_text(json.dumps(description, separators=(",", ":")), encoding="utf-8")


def called_names(*folders: Path) -> frozenset[str]:
    """Every name that stands behind a dot, or is given to a paginator, anywhere in these folders."""
    texts = [path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py")]
    patterns = (r"\.(\w+)", r"get_paginator\(\"(\w+)\"")
    return frozenset(name for text in texts for pattern in patterns for name in re.findall(pattern, text))


def without_documentation(description: Any) -> Any:
    """A service's description without its texts, which are most of it and read by people only.

    A member that is itself called `documentation` is an object and stays.
    """
    if isinstance(description, dict):
        return {
            key: without_documentation(value)
            for key, value in description.items()
            if not (key == "documentation" and isinstance(value, str))
        }
    if isinstance(description, list):
        return [without_documentation(member) for member in description]
    return description


def only_called(description: dict[str, Any], called: AbstractSet[str]) -> dict[str, Any]:
    """A service's description with the operations of these methods, and the shapes that those are made of."""
    operations = {
        name: operation for name, operation in description["operations"].items() if method_name(name) in called
    }
    wanted, shapes = set(mentioned(operations)), dict[str, Any]()
    while wanted:
        name = wanted.pop()
        shapes[name] = description["shapes"][name]
        wanted |= set(mentioned(shapes[name])) - shapes.keys()
    return {**description, "operations": operations, "shapes": shapes}


def method_name(operation: str) -> str:
    """What the SDK calls the method of an operation: `GetItem` is `get_item`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()


def mentioned(part: Any) -> Iterator[str]:
    """The names of the shapes that a part of a description refers to."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "shape" and isinstance(value, str):
                yield value
            else:
                yield from mentioned(value)
    elif isinstance(part, list):
        for member in part:
            yield from mentioned(member)
