"""Builds the template with SAM and deploys it to the emulator, when it is not what stands there already."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
from botocore.exceptions import ClientError

from tools.stack.progress import StackError, step
from tools.stack.settings import LOCAL, REGION, ROOT, Settings

SAM = LOCAL / "sam" / "bin" / "sam"
EMULATOR_PYTHON = LOCAL / "emulator" / "bin" / "python"
BUCKET = "sam-artifacts"
SOURCES = ("template.yaml", "requirements.txt", "requirements-emulator.txt", "tools/package.py", "functions", "shared")
STANDING = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
SECONDS = 300
LINES_OF_OUTPUT = 40


def session() -> boto3.Session:
    """The credentials of the emulator's own root user, whoever runs this."""
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)  # noqa: S106 - invented


def deploy(settings: Settings) -> dict[str, str]:
    """Bring the emulator to what the working copy says, and give the stack's outputs."""
    wanted = fingerprint(settings)
    outputs = standing_outputs(settings)
    if outputs is not None and deployed(settings) == wanted:
        print("The stack is up to date.")
        return outputs
    settings.fingerprint_file.unlink(missing_ok=True)
    with step("Build the functions"):
        sam(settings, "build", "--build-in-source", "--build-dir", str(settings.build_dir))
    with step("Deploy the stack"):
        session().client("s3", endpoint_url=settings.endpoint_url).create_bucket(Bucket=BUCKET)
        template = settings.build_dir / "template.yaml"
        sam(settings, "deploy", "--template-file", str(template), *deployment_options(settings))
    outputs = standing_outputs(settings)
    if outputs is None:
        raise StackError(f"SAM deployed {settings.name}, but the emulator does not show it as complete.")
    settings.fingerprint_file.write_text(wanted, encoding="utf-8")
    return outputs


def deployment_options(settings: Settings) -> list[str]:
    """How the stack is deployed here: the same template, other parameters."""
    return [
        *("--stack-name", settings.name, "--s3-bucket", BUCKET, "--capabilities", "CAPABILITY_IAM"),
        *("--no-confirm-changeset", "--no-fail-on-empty-changeset", "--no-progressbar"),
    ]


def sam(settings: Settings, command: str, *options: str) -> None:
    """Run SAM against the emulator; its output is shown when it fails."""
    version = subprocess.run(
        [EMULATOR_PYTHON, "-c", "import sys; print('python%d.%d' % sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    environment = settings.environment(os.environ) | {
        "AWS_ENDPOINT_URL": settings.endpoint_url,
        "SAM_CLI_TELEMETRY": "0",
        "PACKAGE_HOST": "1",  # the emulator runs the functions with its own interpreter, on this machine
        "PACKAGE_PYTHON": str(EMULATOR_PYTHON),
    }
    parameters = ["--parameter-overrides", f"Runtime={version}", f"Architecture={settings.architecture}"]
    try:
        done = subprocess.run(
            [SAM, command, *options, "--region", REGION, *parameters],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        raise StackError(f"sam {command} did not end in {SECONDS} s.") from expired
    if done.returncode:
        raise StackError(f"sam {command} failed:\n" + "\n".join(done.stdout.splitlines()[-LINES_OF_OUTPUT:]))


def standing_outputs(settings: Settings) -> dict[str, str] | None:
    """The outputs of the stack that stands in the emulator, None when there is none or it is not whole."""
    client = session().client("cloudformation", endpoint_url=settings.endpoint_url)
    try:
        stack = client.describe_stacks(StackName=settings.name)["Stacks"][0]
    except ClientError:
        return None
    if stack["StackStatus"] not in STANDING:
        return None
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def deployed(settings: Settings) -> str | None:
    """The fingerprint of what was deployed last."""
    return settings.fingerprint_file.read_text(encoding="utf-8") if settings.fingerprint_file.exists() else None


def fingerprint(settings: Settings) -> str:
    """One hash over all that decides what is deployed."""
    digest = hashlib.sha256(f"{settings.name} {settings.architecture} {sys.version_info[:2]}".encode())
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
