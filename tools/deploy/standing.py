"""What stands of a stack in an account before it is deployed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from tools.errors import ToolError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

_WHOLE = (
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_COMPLETE",
)
_NOT_TAKEN_OVER = ("IMPORT_ROLLBACK_COMPLETE", "IMPORT_ROLLBACK_FAILED")
_OF_A_DEPLOYMENT = "ScoreFunctionName"
"""An output that a stack has from its first deployment on."""

_NEVER_CAME = ("CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED")


@dataclass(frozen=True, slots=True)
class Standing:
    """A stack that can be deployed again."""

    parameters: Mapping[str, str]
    is_whole: bool
    """Whether it was ever deployed: without that it holds what was taken over, and nothing else."""


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
    is_whole = any(output["OutputKey"] == _OF_A_DEPLOYMENT for output in found.get("Outputs", []))
    if status in _NOT_TAKEN_OVER and not is_whole:
        raise ToolError(
            f"{stack} is {status}: what was kept could not be taken over, and the stack holds nothing. See why, delete "
            f"it (what was kept stays), and deploy with ADOPT=1: aws cloudformation delete-stack --stack-name {stack}"
        )
    if status == "UPDATE_ROLLBACK_FAILED":
        raise ToolError(
            f"{stack} is {status}. See why, mend it, and then: "
            f"aws cloudformation continue-update-rollback --stack-name {stack}"
        )
    if status not in (*_WHOLE, *_NOT_TAKEN_OVER):
        raise ToolError(f"{stack} is {status}: somebody changes it now. Wait until that has ended.")
    return Standing(_parameters(found), is_whole)


def deleted(client: "CloudFormationClient", stack: str) -> Mapping[str, str] | None:
    """The parameters of the stack of this name that was deleted last; None when CloudFormation knows of none any more.

    It does for 90 days: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html
    """
    pages = client.get_paginator("list_stacks").paginate(StackStatusFilter=["DELETE_COMPLETE"])
    found = [each for page in pages for each in page["StackSummaries"] if each["StackName"] == stack]
    if not found:
        return None
    latest = max(found, key=lambda each: each["DeletionTime"])
    return _parameters(client.describe_stacks(StackName=latest["StackId"])["Stacks"][0])


def _parameters(described: "StackTypeDef") -> dict[str, str]:
    given = described.get("Parameters", [])
    return {parameter["ParameterKey"]: parameter.get("ParameterValue", "") for parameter in given}
