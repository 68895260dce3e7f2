"""Fills a Lambda artifact: our code, the pinned dependencies without what no function reads, and compiled modules.

Called by `sam build` through the Makefile, once per function, with the standard library only. The dependencies are
installed once per (requirements, Python, processor) and kept in .local/packages; a rebuild only copies.
"""

import argparse
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # `sam build` runs this file by its path

from shared.opmm.model_document import ModelError, published_model  # noqa: E402 - found by what stands above

MODELS = ROOT / "shared" / "opmm" / "models"
CODE = ("functions", "shared")
# The services whose description the AWS SDK must find. Its 400 others weigh 20 times as much as all the rest.
SERVICES = ("dynamodb", "secretsmanager", "sqs")
PLATFORMS = {"arm64": "manylinux2014_aarch64", "x86_64": "manylinux2014_x86_64"}
UNUSED = ("*.dist-info", "bin")


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


def install(folder: Path, version: str, platform: str | None) -> None:
    """Install the pinned dependencies into a folder: for Lambda's Linux, or without a platform for this machine."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--require-hashes", "--no-deps", "--only-binary=:all:", "--no-compile", "--target", str(folder)]
    if platform is not None:
        command += ["--platform", platform, "--python-version", version, "--implementation", "cp"]
    done = subprocess.run([*command, "--requirement", str(ROOT / "requirements.txt")], check=False)
    if done.returncode:
        sys.exit(f"The dependencies could not be installed for Python {version} ({platform or 'this machine'}).")


def trim(folder: Path) -> None:
    """Remove what no function reads: package metadata, examples, and descriptions of services that are not used."""
    for pattern in UNUSED:
        for path in list(folder.glob(pattern)):
            shutil.rmtree(path)
    data = folder / "botocore" / "data"
    for path in data.iterdir():
        if path.is_dir() and path.name not in SERVICES:
            shutil.rmtree(path)
    for examples in data.rglob("examples-1.json*"):
        examples.unlink()
    for packed in list(data.rglob("service-2.json.gz")):
        description = without_documentation(json.loads(gzip.decompress(packed.read_bytes())))
        packed.with_suffix("").write_text(json.dumps(description, separators=(",", ":")), encoding="utf-8")
        packed.unlink()
    # A megabyte that is read at every cold start, nearly all of it about services that are not there.
    endpoints = json.loads((data / "endpoints.json").read_text(encoding="utf-8"))
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in SERVICES if name in services}
    (data / "endpoints.json").write_text(json.dumps(endpoints, separators=(",", ":")), encoding="utf-8")


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


def interpreters(version: str) -> Iterator[str]:
    """Every interpreter at hand that may be the wanted version: this one, then the one on PATH."""
    yield sys.executable
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield on_path


def compiler(version: str) -> str | None:
    """An interpreter that really is the wanted version: bytecode of another one is worth nothing."""
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    for interpreter in interpreters(version):
        found = subprocess.run([interpreter, "-c", question], capture_output=True, text=True, check=False)
        if found.returncode == 0 and found.stdout.strip() == version:
            return interpreter
    return None


def compile_modules(folder: Path, interpreter: str) -> None:
    """Compile all modules: /var/task is read-only, so without this every cold start would compile them again.

    Unchecked hashes, because times in a zip mean nothing. Paths are relative, so that a build is the same wherever it
    is made and a traceback still finds its lines through sys.path.
    """
    command = [interpreter, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "-s", str(folder)]
    if subprocess.run([*command, str(folder)], check=False).returncode:
        sys.exit(f"Not every module compiles with {interpreter}.")


def dependencies(version: str, platform: str | None, interpreter: str | None) -> Path:
    """The folder with the trimmed and compiled dependencies; made once for all that it depends on."""
    recipe = hashlib.sha256((ROOT / "requirements.txt").read_bytes() + Path(__file__).read_bytes()).hexdigest()[:16]
    state = "compiled" if interpreter else "plain"
    packages = ROOT / ".local" / "packages"
    folder = packages / f"{version}-{platform or sys.platform}-{state}-{recipe}"
    if folder.is_dir():
        return folder
    packages.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=packages) as scratch:
        fresh = Path(scratch) / "fresh"
        install(fresh, version, platform)
        trim(fresh)
        if interpreter:
            compile_modules(fresh, interpreter)
        try:
            fresh.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another build made the same folder meanwhile
                raise
    return folder


def link_or_copy(source: str, target: str) -> None:
    """A hard link where the file system allows it: artifacts are read, never written."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def main() -> None:
    """Read what to build for, and fill the artifact."""
    environment = os.environ
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("artifact", type=Path)
    parser.add_argument("--runtime", default=environment.get("PACKAGE_RUNTIME") or template_default("Runtime"))
    parser.add_argument(
        "--architecture", default=environment.get("PACKAGE_ARCHITECTURE") or template_default("Architecture")
    )
    parser.add_argument(
        "--host", action="store_true", default="PACKAGE_HOST" in environment, help="for this machine and interpreter"
    )
    parser.add_argument("--model", default=environment.get("PACKAGE_MODEL") or template_default("Model"))
    wanted = parser.parse_args()
    check_models(wanted.model)
    host_version = "{}.{}".format(*sys.version_info)
    version = host_version if wanted.host else wanted.runtime.removeprefix("python")
    platform = None if wanted.host else PLATFORMS[wanted.architecture]
    interpreter = compiler(version)
    if interpreter is None:
        print(
            f"No python{version} at hand, so modules are shipped uncompiled and every cold start compiles them "
            f"(about 0.7 s). Put python{version} on PATH and build again to ship them compiled.",
            file=sys.stderr,
        )

    shutil.copytree(
        dependencies(version, platform, interpreter),
        wanted.artifact,
        copy_function=link_or_copy,
        dirs_exist_ok=True,
    )
    with tempfile.TemporaryDirectory() as scratch:
        ours = Path(scratch)
        for name in CODE:
            shutil.copytree(ROOT / name, ours / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        if interpreter:
            compile_modules(ours, interpreter)
        shutil.copytree(ours, wanted.artifact, dirs_exist_ok=True)


if __name__ == "__main__":
    main()
