"""The pinned dependencies in a folder, without what no function reads, and compiled."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Set as AbstractSet
from pathlib import Path

from tools.packaging import sdk
from tools.packaging.sdk import called_names, trim_sdk

ROOT = Path(__file__).resolve().parent.parent.parent
CODE = ("functions", "shared")
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
    called = called_names(*(ROOT / name for name in CODE))
    recipes = (ROOT / "requirements.txt", Path(__file__), Path(sdk.__file__))
    made_of = [*(path.read_bytes() for path in recipes), " ".join(sorted(called)).encode()]
    recipe = hashlib.sha256(b"\0".join(made_of)).hexdigest()[:16]
    state = "compiled" if interpreter else "plain"
    packages = ROOT / ".local" / "packages"
    folder = packages / f"{version}-{platform or sys.platform}-{state}-{recipe}"
    if folder.is_dir():
        return folder
    packages.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=packages) as scratch:
        fresh = Path(scratch) / "fresh"
        install(fresh, version, platform)
        trim(fresh, called)
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


def trim(folder: Path, called: AbstractSet[str]) -> None:
    """Remove what no function reads: metadata, tests, parts of packages, and of the AWS SDK what is not called."""
    for pattern in UNUSED:
        for path in list(folder.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    trim_sdk(folder / "botocore", called)


def compile_modules(folder: Path, interpreter: str) -> None:
    """Compile all modules: /var/task is read-only, so without this every cold start would compile them again.

    Unchecked hashes, because times in a zip mean nothing. Paths are relative, so that a build is the same wherever it
    is made and a traceback still finds its lines through sys.path.
    """
    command = [interpreter, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "-s", str(folder)]
    if subprocess.run([*command, str(folder)], check=False).returncode:
        sys.exit(f"Not every module compiles with {interpreter}.")
