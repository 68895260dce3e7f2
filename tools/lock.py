"""Compiles the requirements from pyproject.toml (`make lock`), and checks without a network that they are in step."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer

from tools.errors import ToolError

ROOT = Path(__file__).resolve().parent.parent
# What each file installs: the project's own dependencies, or a dependency group. One environment each, but for dev,
# which stands on top of what runs in Lambda.
FILES = {
    "requirements.txt": None,
    "requirements-dev.txt": "dev",
    "requirements-emulator.txt": "emulator",
    "requirements-sam.txt": "sam",
}
COMPILE = [
    *(sys.executable, "-m", "piptools", "compile", "--quiet", "--generate-hashes", "--strip-extras", "--allow-unsafe"),
    # Hashes hold wherever a package comes from; where this machine gets them is nobody's business.
    *("--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host", "--no-emit-options", "--no-header"),
    *("--no-annotate",),
]
HEADER = "# Compiled from pyproject.toml by `make lock`; change it there.\n"


def pins(project: dict[str, Any], group: str | None) -> list[str]:
    """What pyproject.toml pins for a file."""
    chosen: list[str] = project["project"]["dependencies"] if group is None else project["dependency-groups"][group]
    return chosen


def compile_file(name: str, wanted: list[str]) -> None:
    """Resolve one file; versions that still fit are kept."""
    constraint = ["--constraint", "requirements.txt"] if name == "requirements-dev.txt" else []
    command = [*COMPILE, *constraint, "--output-file", name, "-"]
    if subprocess.run(command, input="\n".join(wanted), text=True, cwd=ROOT, check=False).returncode:
        raise ToolError(f"{name} could not be compiled.")
    file = ROOT / name
    file.write_text(HEADER + file.read_text(encoding="utf-8"), encoding="utf-8")
    print(f"{name}: compiled")


def faults(name: str, wanted: list[str]) -> list[str]:
    """What in a compiled file is not what pyproject.toml says."""
    text = (ROOT / name).read_text(encoding="utf-8")
    compiled = set(re.findall(r"^([\w.,[\]-]+==[^\s;\\]+)", text, re.MULTILINE))
    missing = [f"{pin} is not in {name}" for pin in wanted if normal(pin) not in {normal(line) for line in compiled}]
    unhashed = [f"{line} in {name} has no hash" for line in compiled if f"{line} \\\n    --hash=" not in text]
    addresses = [
        f"{name} names where packages come from" for word in ("index-url", "find-links") if f"--{word}" in text
    ]
    return missing + unhashed + addresses


def normal(pin: str) -> str:
    """A pin without extras, its name as package indexes write it."""
    name, _, version = pin.partition("==")
    return re.sub(r"[-_.]+", "-", name.partition("[")[0]).lower() + "==" + version


def lock(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Only look whether they are in step; needs no network.")
    ] = False,
) -> None:
    """Compile requirements*.txt from pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if not check:
        for name, group in FILES.items():
            compile_file(name, pins(project, group))
    found = [fault for name, group in FILES.items() for fault in faults(name, pins(project, group))]
    if found:
        raise ToolError("\n".join([*found, "Run `make lock`."]))
