"""Tells whether what would be deployed is what was deployed."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from tools.stack.settings import ROOT

SOURCES = (
    "template.yaml",
    "requirements.txt",
    "requirements-emulator.txt",
    "tools/package.py",
    "tools/packaging",
    "functions",
    "shared",
)


def fingerprint(parameters: str) -> str:
    """One hash over all that decides what is deployed."""
    digest = hashlib.sha256(parameters.encode())
    for file in source_files():
        digest.update(f"\0{file.relative_to(ROOT)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def source_files() -> Iterator[Path]:
    """The files that end up in the stack, in a fixed order."""
    for source in SOURCES:
        path = ROOT / source
        inside = [path] if path.is_file() else sorted(path.rglob("*"))
        yield from (file for file in inside if file.is_file() and "__pycache__" not in file.parts)
