"""Builds the template with SAM and deploys it to the emulator, when it is not what stands there already."""

import os
import subprocess
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from tools.packaging.build_record import version
from tools.stack.account import AccountKeys, session
from tools.stack.fingerprint import fingerprint
from tools.stack.one_package import pack
from tools.stack.progress import StackError, step
from tools.stack.settings import LOCAL, REGION, ROOT, Settings

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

SAM = LOCAL / "sam" / "bin" / "sam"
PYTHON = LOCAL / "emulator" / "bin" / "python"
BUCKET = "sam-artifacts"
# What stands is told by the stack itself: a file beside it would be wrong after the emulator lost its last state.
TAG = "fingerprint"
# Alarms stand here too; nobody gets an e-mail. The emulator knows no saved queries, and keeps mail
# in an outbox. Destinations may be on this machine.
SENDER = "opmm@example.com"
WATCHED = f"AlarmEmail=operator@example.com SavedQueries=no MailSender={SENDER} LoopbackDestinations=yes"
DEPLOY = ["--s3-bucket", BUCKET, "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset", "--no-progressbar"]
DEPLOY += ["--no-fail-on-empty-changeset", "--tags"]
WHOLE = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
SECONDS = 300
LINES_OF_OUTPUT = 40


def deploy(settings: Settings) -> dict[str, str]:
    """Bring the emulator to what the working copy says, and give the stack's outputs."""
    pages = f"PagesAddress=http://{{api}}.execute-api.localhost:{settings.port}/"
    parameters = f"Runtime={runtime()} Architecture={settings.architecture} {WATCHED} {pages}"
    wanted = fingerprint(parameters)
    # As an operator verifies the sender in SES. It is kept, and lost with an emulator that ended without being stopped.
    session(settings).client("sesv2", endpoint_url=settings.endpoint_url).create_email_identity(EmailIdentity=SENDER)
    deployed = deployed_stack(settings)
    if deployed is not None and {"Key": TAG, "Value": wanted} in deployed.get("Tags", []):
        print("The stack is up to date.")
        return outputs(deployed)
    parameters += f" Release={wanted[:12]}"
    with step("Build the functions"):
        sam(settings, "build", parameters, "--build-in-source", "--build-dir", str(settings.build_dir))
        pack(settings.build_dir)
    with step("Deploy the stack"):
        session(settings).client("s3", endpoint_url=settings.endpoint_url).create_bucket(Bucket=BUCKET)
        template = str(settings.build_dir / "template.yaml")
        sam(
            settings,
            "deploy",
            parameters,
            "--template-file",
            template,
            "--stack-name",
            settings.name,
            *DEPLOY,
            f"{TAG}={wanted}",
            f"version={version()}",
        )
    deployed = deployed_stack(settings)
    if deployed is None:
        raise StackError(f"SAM deployed {settings.name}, but the emulator does not show it as complete.")
    return outputs(deployed)


def runtime() -> str:
    """The runtime of the functions: the emulator runs them with its own interpreter."""
    question = "import sys; print('python%d.%d' % sys.version_info[:2])"
    return subprocess.run([PYTHON, "-c", question], capture_output=True, text=True, check=True).stdout.strip()


def sam(settings: Settings, command: str, parameters: str, *options: str) -> None:
    """Run SAM against the emulator; its output is shown when it fails."""
    environment = settings.environment(os.environ) | {
        **AccountKeys.of(settings).environment(),
        "AWS_ENDPOINT_URL": settings.endpoint_url,
        "SAM_CLI_TELEMETRY": "0",
        "PACKAGE_HOST": "1",  # the functions run on this machine, not on Lambda's Linux
        "PACKAGE_PYTHON": str(PYTHON),
    }
    try:
        done = subprocess.run(
            [SAM, command, *options, "--region", REGION, "--parameter-overrides", parameters],
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


def deployed_stack(settings: Settings) -> "StackTypeDef | None":
    """The stack that stands in the emulator, None when there is none or it is not whole."""
    client = session(settings).client("cloudformation", endpoint_url=settings.endpoint_url)
    try:
        stack = client.describe_stacks(StackName=settings.name)["Stacks"][0]
    except ClientError:
        return None
    return stack if stack["StackStatus"] in WHOLE else None


def outputs(stack: "StackTypeDef") -> dict[str, str]:
    """What the template gives out, by name."""
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
