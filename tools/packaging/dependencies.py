"""The pinned dependencies in a folder, without what no function reads, and compiled."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Set as AbstractSet
from pathlib import Path

from tools.packaging import code as packaged_code
from tools.packaging import sdk
from tools.packaging.code import CODE, compile_modules
from tools.packaging.sdk import called_names, trim_sdk
from tools.packaging.shelf import ROOT, kept

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
    """The folder with the trimmed and compiled dependencies. To be called `in_turn`."""
    called = called_names(*(ROOT / name for name in CODE))
    recipes = (ROOT / "requirements.txt", Path(__file__), Path(sdk.__file__), Path(packaged_code.__file__))
    made_of = [*(path.read_bytes() for path in recipes), " ".join(sorted(called)).encode()]
    recipe = hashlib.sha256(b"\0".join(made_of)).hexdigest()[:16]
    state = "compiled" if interpreter else "plain"

    def make(fresh: Path) -> None:
        install(fresh, version, platform)
        trim(fresh, called)
        if interpreter:
            compile_modules(fresh, interpreter)

    return kept(f"{version}-{platform or sys.platform}-{state}-{recipe}", make)


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
