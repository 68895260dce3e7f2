"""The pinned dependencies in a folder, without what no function reads, and compiled."""

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
# The services whose description the AWS SDK must find. Its 400 others weigh 20 times as much as all the rest.
SERVICES = ("dynamodb", "secretsmanager", "sqs")
PLATFORMS = {"arm64": "manylinux2014_aarch64", "x86_64": "manylinux2014_x86_64"}
UNUSED = (
    "*.dist-info",
    "bin",
    # Of Powertools the functions take Logger and Metrics, which need the rest of it.
    "aws_lambda_powertools/event_handler",
    "aws_lambda_powertools/middleware_factory",
    *(
        f"aws_lambda_powertools/utilities/{name}"
        for name in ("auth_alpha", "batch", "circuit_breaker", "data_classes", "data_masking", "feature_flags")
    ),
    *(
        f"aws_lambda_powertools/utilities/{name}"
        for name in ("idempotency", "kafka", "metadata", "parameters", "parser", "streaming", "validation")
    ),
    "icalendar/tests",
    "pydantic/v1",
    "pydantic/mypy.py",
    "urllib3/contrib/emscripten",
    "dateutil/zoneinfo/dateutil-zoneinfo.tar.gz",  # the time zones are those of tzdata
)


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
    """Remove what no function reads: metadata, tests, parts of packages, descriptions of services that are not used."""
    for pattern in UNUSED:
        for path in list(folder.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
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


def compile_modules(folder: Path, interpreter: str) -> None:
    """Compile all modules: /var/task is read-only, so without this every cold start would compile them again.

    Unchecked hashes, because times in a zip mean nothing. Paths are relative, so that a build is the same wherever it
    is made and a traceback still finds its lines through sys.path.
    """
    command = [interpreter, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "-s", str(folder)]
    if subprocess.run([*command, str(folder)], check=False).returncode:
        sys.exit(f"Not every module compiles with {interpreter}.")
