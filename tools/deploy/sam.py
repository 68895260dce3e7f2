"""Builds the template and deploys it to an account, both with SAM and for the same runtime and processor."""

import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.errors import ToolError
from tools.packaging.build_record import BuildRecord
from tools.packaging.interpreters import interpreter_of, not_at_hand

ROOT = Path(__file__).resolve().parent.parent.parent
SAM = ROOT / ".local" / "sam" / "bin" / "sam"
PYTHON = ROOT / ".venv" / "bin" / "python"
BUILD = ROOT / ".aws-sam" / "deploy"

_OURS = (
    *("--template-file", "--template", "--stack-name", "--parameter-overrides", "--tags", "--region", "--profile"),
    *("--capabilities", "--confirm-changeset", "--no-confirm-changeset"),
)


@dataclass(frozen=True, slots=True)
class Account:
    """Where a stack is deployed, as somebody said; what is not said is as AWS is configured here."""

    region: str | None = None
    profile: str | None = None

    @property
    def options(self) -> list[str]:
        """The same for SAM."""
        region = [] if self.region is None else ["--region", self.region]
        profile = [] if self.profile is None else ["--profile", self.profile]
        return [*region, *profile]


def check_python(runtime: str, environment: Mapping[str, str]) -> None:
    """Raises ToolError when no Python compiles for this runtime."""
    version = runtime.removeprefix("python")
    if interpreter_of(version, environment) is None:
        raise ToolError(not_at_hand(version))


def more(text: str | None) -> list[str]:
    """Further options for `sam deploy`. Raises ToolError for one that is said in another way."""
    options = shlex.split(text or "")
    taken = [option for option in options if option.partition("=")[0] in _OURS]
    if taken:
        raise ToolError(
            f"ARGS takes no {taken[0]}: say STACK=, REGION=, PROFILE= or CONFIRM=1, and PARAMS= for the template's "
            "parameters."
        )
    return options


def build(values: Mapping[str, str], account: Account, *, uncompiled: bool) -> None:
    """Build every function for what it will run on."""
    environment = {
        "PACKAGE_RUNTIME": values["Runtime"],
        "PACKAGE_ARCHITECTURE": values["Architecture"],
        "PACKAGE_MODEL": values["Model"],
        "PACKAGE_PYTHON": str(PYTHON),
        **({"PACKAGE_UNCOMPILED": "1"} if uncompiled else {}),
    }
    _sam(
        ["build", "--build-in-source", "--build-dir", str(BUILD), *_overrides(values), *account.options],
        environment,
    )


def check_artifacts(values: Mapping[str, str], folder: Path, version: str) -> None:
    """Raises ToolError when what was built is not for what would be deployed: every call of it would fail."""
    artifacts = sorted(path for path in folder.iterdir() if path.is_dir())
    if not artifacts:
        raise ToolError(f"Nothing was built in {folder}.")
    for artifact in artifacts:
        built = BuildRecord.read(artifact)
        if built is None:
            raise ToolError(f"{artifact} does not say what it was built for. Nothing was deployed.")
        wanted = (values["Runtime"], values["Architecture"], version)
        if (built.runtime, built.architecture, built.version) != wanted:
            raise ToolError(
                f"{artifact.name} was built for {built.runtime} on {built.architecture}, version {built.version}, and "
                f"would run on {wanted[0]} on {wanted[1]} as version {version}. Nothing was deployed."
            )


def deploy(
    stack: str,
    values: Mapping[str, str],
    account: Account,
    version: str,
    *,
    confirm: bool,
    options: Sequence[str],
) -> None:
    """Deploy what was built."""
    bucket = [] if any(option.startswith("--s3-bucket") for option in options) else ["--resolve-s3"]
    _sam(
        [
            *("deploy", "--template-file", str(BUILD / "template.yaml"), "--stack-name", stack),
            *(*bucket, "--s3-prefix", stack, "--capabilities", "CAPABILITY_IAM", "--no-fail-on-empty-changeset"),
            "--confirm-changeset" if confirm else "--no-confirm-changeset",
            *(*_overrides(values), "--tags", f"version={version}", *account.options, *options),
        ],
        {},
    )


def _overrides(values: Mapping[str, str]) -> list[str]:
    r"""Every parameter, quoted as SAM reads them: within double quotes, `\` before a quote and a backslash."""
    quoted = {name: value.replace("\\", "\\\\").replace('"', '\\"') for name, value in values.items()}
    return ["--parameter-overrides", *(f'{name}="{value}"' for name, value in quoted.items())]


def _sam(words: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run SAM, with what it says. Raises ToolError when it fails."""
    settings = {**os.environ, "SAM_CLI_TELEMETRY": "0", **environment}
    if subprocess.run([SAM, *words], cwd=ROOT, env=settings, check=False).returncode:
        raise ToolError(f"sam {words[0]} failed; what stands above says why.")
