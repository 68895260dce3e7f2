"""What stands of a stack in an account before it is deployed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from tools.errors import ToolError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

_WHOLE = (
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
)
_NEVER_CAME = ("CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED")


@dataclass(frozen=True, slots=True)
class Standing:
    """A stack that can be deployed again."""

    parameters: Mapping[str, str]


def standing(client: "CloudFormationClient", stack: str) -> Standing | None:
    """The stack of this name; None when there is none. Raises ToolError when it cannot be deployed as it is."""
    try:
        found = client.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as refused:
        error = refused.response["Error"]
        if error["Code"] == "ValidationError" and "does not exist" in error["Message"]:
            return None
        raise
    status: str = found["StackStatus"]
    if status in {"REVIEW_IN_PROGRESS", "DELETE_COMPLETE"}:
        return None
    if status in _NEVER_CAME:
        raise ToolError(
            f"{stack} is {status}: it was never whole. Delete it (its facts and secrets are kept) and deploy again: "
            f"aws cloudformation delete-stack --stack-name {stack}"
        )
    if status == "UPDATE_ROLLBACK_FAILED":
        raise ToolError(
            f"{stack} is {status}. See why, mend it, and then: "
            f"aws cloudformation continue-update-rollback --stack-name {stack}"
        )
    if status not in _WHOLE:
        raise ToolError(f"{stack} is {status}: somebody changes it now. Wait until that has ended.")
    given = found.get("Parameters", [])
    return Standing({parameter["ParameterKey"]: parameter.get("ParameterValue", "") for parameter in given})
