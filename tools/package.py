"""Fills a Lambda artifact: our code, the pinned dependencies without what no function reads, and compiled modules.

Called by `sam build` through the Makefile, once per function, with the standard library only. The dependencies are
installed once per (requirements, Python, processor), our code is compiled once per change of it, and both are kept in
.local/packages: the other functions link them.
"""

import argparse
import os
import platform
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # `sam build` runs this file by its path

from shared.opmm.model_document import ModelError, published_model  # noqa: E402 - found by what stands above
from tools.packaging.build_record import BuildRecord, version  # noqa: E402
from tools.packaging.code import code  # noqa: E402
from tools.packaging.dependencies import PLATFORMS, dependencies  # noqa: E402
from tools.packaging.interpreters import interpreter_of, not_at_hand  # noqa: E402
from tools.packaging.shelf import in_turn  # noqa: E402

MODELS = ROOT / "shared" / "opmm" / "models"


def template_default(parameter: str) -> str:
    """What template.yaml gives a parameter when nobody overrides it."""
    text = (ROOT / "template.yaml").read_text(encoding="utf-8")
    found = re.search(rf"^  {parameter}:\n(?:    .*\n)*?    Default: (\S+)$", text, re.MULTILINE)
    if found is None:
        sys.exit(f"template.yaml gives parameter {parameter} no default")
    return found[1]


def check_models(default: str) -> None:
    """Refuse to build when a model document is damaged, or the one that is scored by is not there."""
    faults = []
    for name in sorted({default, *(path.stem for path in MODELS.glob("*.json"))}):
        try:
            published_model(name)
        except ModelError as damaged:
            faults.append(f"{MODELS.relative_to(ROOT) / name}.json: {damaged}")
    if faults:
        sys.exit("\n".join(["The model documents cannot be scored by:", *faults]))


def link_or_copy(source: str, target: str) -> None:
    """A hard link where the file system allows it: artifacts are read, never written."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def fill(artifact: Path, record: BuildRecord, system: str | None, interpreter: str | None) -> None:
    """Lay everything into an artifact: for a system of Lambda's, or without one for this machine."""
    runtime = record.runtime.removeprefix("python")
    with in_turn():
        for part in (dependencies(runtime, system, interpreter), code(runtime, interpreter)):
            shutil.copytree(part, artifact, copy_function=link_or_copy, dirs_exist_ok=True)
    record.write(artifact)


def main() -> None:
    """Read what to build for, and fill the artifact."""
    environment = os.environ
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("artifact", type=Path)
    parser.add_argument("--runtime", default=environment.get("PACKAGE_RUNTIME") or template_default("Runtime"))
    parser.add_argument(
        "--architecture",
        choices=PLATFORMS,
        default=environment.get("PACKAGE_ARCHITECTURE") or template_default("Architecture"),
    )
    parser.add_argument(
        "--host", action="store_true", default="PACKAGE_HOST" in environment, help="for this machine and interpreter"
    )
    parser.add_argument(
        "--uncompiled",
        action="store_true",
        default="PACKAGE_UNCOMPILED" in environment,
        help="without compiled modules where no Python of the runtime's version is at hand",
    )
    parser.add_argument("--model", default=environment.get("PACKAGE_MODEL") or template_default("Model"))
    wanted = parser.parse_args()
    check_models(wanted.model)
    host = "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"
    runtime = "python{}.{}".format(*sys.version_info) if wanted.host else wanted.runtime
    architecture = host if wanted.host else wanted.architecture
    interpreter = interpreter_of(runtime.removeprefix("python"), environment)
    if interpreter is None and not wanted.uncompiled:
        sys.exit(not_at_hand(runtime.removeprefix("python")))
    record = BuildRecord(version(), runtime, architecture, compiled=interpreter is not None)
    fill(wanted.artifact, record, None if wanted.host else PLATFORMS[architecture], interpreter)


if __name__ == "__main__":
    main()
