"""One zip for all functions of a build whose artifacts are alike: SAM would pack and send each for itself."""

import hashlib
import re
import zipfile
from pathlib import Path

from tools.stack.progress import StackError

_LOCATED = re.compile(r"^(\s+CodeUri: )(\w+)$", re.MULTILINE)
_FASTEST = 1
"""A level of compression: nothing is sent farther than to this machine."""


def pack(build_dir: Path) -> None:
    """Packs what SAM built into this folder, and has its template say where. Raises StackError when nothing is told."""
    template = build_dir / "template.yaml"
    built = template.read_text(encoding="utf-8")
    located = [name for _, name in _LOCATED.findall(built)]
    if not located or len(located) != built.count("BuildMethod: makefile"):
        raise StackError(f"{template} does not say of each function where its code is.")
    zips = {name: _packed(build_dir / name) for name in located}
    template.write_text(_LOCATED.sub(lambda found: found[1] + zips[found[2]], built), encoding="utf-8")


def _packed(artifact: Path) -> str:
    """The name of the zip of an artifact, which is beside it."""
    files = sorted(path for path in artifact.rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"\0{file.relative_to(artifact)}\0".encode() + file.read_bytes())
    target = artifact.with_name(f"{digest.hexdigest()[:16]}.zip")
    if not target.exists():
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_FASTEST) as packed:
            for file in files:
                packed.write(file, file.relative_to(artifact))
    return target.name
