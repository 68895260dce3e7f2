"""What a deleted stack has kept, and how a stack of the same name takes it over.

Secrets have names of their own, so a new stack would collide with those of the deleted one; tables would get new names,
and the facts of before would lie beside them. CloudFormation imports both: a stack that holds only them is made first,
and the deployment adds the rest.
"""

import json
import re
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError, WaiterError

from tools.deploy.parameters import document
from tools.errors import ToolError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

_TABLE, _SECRET = "AWS::DynamoDB::Table", "AWS::SecretsManager::Secret"
_MEANT = ("TimeZone", "Model")
"""The parameters by which the same facts score otherwise."""

_PAUSE, _PATIENCE = 2.0, 300.0


@dataclass(frozen=True, slots=True)
class Kept:
    """A resource that outlived its stack."""

    logical_id: str
    type: str
    name: str
    identifier: Mapping[str, str]
    """What CloudFormation knows it by."""
    key: str = ""
    """The KMS key of one's own that encrypts it; empty for a key of AWS."""


def retained() -> dict[str, Any]:
    """The resources of the template that are kept when their stack is deleted."""
    resources = document()["Resources"]
    return {name: each for name, each in resources.items() if each.get("DeletionPolicy") == "Retain"}


def find(session: boto3.Session, stack: str) -> list[Kept]:
    """What a deleted stack of this name has kept. Raises ToolError when it cannot be told what is meant."""
    found = [*_tables(session, stack), *_secrets(session, stack)]
    twice = {each.logical_id for each in found if [other.logical_id for other in found].count(each.logical_id) > 1}
    if twice:
        named = "\n".join(f"  {each.logical_id}: {each.name}" for each in found if each.logical_id in twice)
        raise ToolError(
            f"Several stacks called {stack} were deleted, and each has kept these:\n{named}\n"
            "Delete those that are not wanted any more (export their facts first), so that one of each is left."
        )
    return found


def refusal(stack: str, kept: list[Kept]) -> str:
    """What to do about what was kept, when nobody has said it yet."""
    named = "\n".join(f"  {each.logical_id}: {each.name}" for each in kept)
    return (
        f"A stack called {stack} was deleted, and has kept:\n{named}\n"
        "ADOPT=1 takes them over: its facts count again, and its sources, people and respondents are known. To begin "
        "anew, delete them first, or choose another name. Nothing was built or deployed."
    )


def parameters(deleted: Mapping[str, str] | None, given: Mapping[str, str]) -> Mapping[str, str]:
    """Those that the deleted stack had. Raises ToolError where nobody can say what its days and its model were."""
    unsaid = [name for name in _MEANT if name not in given]
    if deleted is None and unsaid:
        said = " ".join(f"{name}=..." for name in unsaid)
        raise ToolError(
            "The stack that was deleted is known no more, and so are its parameters: days and model decide what facts "
            f'count for. Say PARAMS="{said}", and others that it had. Nothing was built or deployed.'
        )
    return deleted or {}


def check_keys(kept: list[Kept], key: str) -> None:
    """Raises ToolError when the stack would say of what was kept that another key encrypts it.

    The functions could not read it, or it would go on without the key that was asked for.
    """
    # A secret may tell the id of its key only.
    wrong = [each for each in kept if each.key.rpartition("/")[2] != key.rpartition("/")[2]]
    if wrong:
        named = "\n".join(f"  {each.logical_id}: {each.key or 'a key of AWS'}" for each in wrong)
        raise ToolError(
            f"KmsKeyArn={key}: this is encrypted by another key:\n{named}\n"
            "Take it over with the key that it has, and deploy with another one afterwards. "
            "Nothing was built or deployed."
        )


def take_over(client: "CloudFormationClient", stack: str, kept: list[Kept], values: Mapping[str, str]) -> None:
    """Make a stack of what was kept, and of nothing else yet. Raises ToolError with the reason when that fails."""
    template = importable(kept)
    change_set = f"take-over-{uuid.uuid4().hex[:8]}"  # one that was broken off may still be there
    client.create_change_set(
        StackName=stack,
        ChangeSetName=change_set,
        ChangeSetType="IMPORT",
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": name, "ParameterValue": values[name]} for name in template.get("Parameters", {})],
        ResourcesToImport=[
            {
                "ResourceType": each.type,
                "LogicalResourceId": each.logical_id,
                "ResourceIdentifier": dict(each.identifier),
            }
            for each in kept
        ],
    )
    _await_change_set(client, stack, change_set)
    client.execute_change_set(StackName=stack, ChangeSetName=change_set)
    try:
        client.get_waiter("stack_import_complete").wait(
            StackName=stack, WaiterConfig={"Delay": 2, "MaxAttempts": int(_PATIENCE / 2)}
        )
    except WaiterError as failed:
        status = client.describe_stacks(StackName=stack)["Stacks"][0]
        raise ToolError(
            f"{stack} could not take over what was kept: it is {status['StackStatus']}, "
            f"{status.get('StackStatusReason', 'without a reason')}. Nothing of it was changed."
        ) from failed


def importable(kept: list[Kept]) -> dict[str, Any]:
    """The part of the template that declares these resources; no transform may stand in it, nor anything else."""
    template = document()
    resources = {each.logical_id: template["Resources"][each.logical_id] for each in kept}
    conditions = {
        name: template["Conditions"][name] for name in _named("Fn::If", resources) & set(template["Conditions"])
    }
    used = _named("Ref", [resources, conditions]) & set(template["Parameters"])
    parameters = {name: template["Parameters"][name] for name in sorted(used)}
    return {
        "AWSTemplateFormatVersion": template["AWSTemplateFormatVersion"],
        **({"Parameters": parameters} if parameters else {}),
        **({"Conditions": conditions} if conditions else {}),
        "Resources": resources,
    }


def _named(function: str, value: Any) -> set[str]:
    """What `Ref` or `Fn::If` names anywhere in a value."""
    found: set[str] = set()
    if isinstance(value, dict):
        for key, member in value.items():
            if key == function:
                found.add(member[0] if isinstance(member, list) else member)
            found |= _named(function, member)
    elif isinstance(value, list):
        found = found.union(*(_named(function, member) for member in value))
    return found


def _tables(session: boto3.Session, stack: str) -> Iterator[Kept]:
    """CloudFormation calls a table `<stack>-<logical id>-<letters and digits>`."""
    wanted = [name for name, each in retained().items() if each["Type"] == _TABLE]
    pattern = re.compile(rf"{re.escape(stack)}-({'|'.join(wanted)})-[A-Z0-9]+")
    client = session.client("dynamodb")
    for page in client.get_paginator("list_tables").paginate():
        for name in page["TableNames"]:
            if found := pattern.fullmatch(name):
                encrypted = client.describe_table(TableName=name)["Table"].get("SSEDescription", {})
                yield Kept(found[1], _TABLE, name, {"TableName": name}, encrypted.get("KMSMasterKeyArn", ""))


def _secrets(session: boto3.Session, stack: str) -> Iterator[Kept]:
    client = session.client("secretsmanager")
    for logical_id, each in retained().items():
        if each["Type"] != _SECRET:
            continue
        name = each["Properties"]["Name"]["Fn::Sub"].replace("${AWS::StackName}", stack)
        try:
            secret = client.describe_secret(SecretId=name)
        except ClientError as refused:
            if refused.response["Error"]["Code"] == "ResourceNotFoundException":
                continue
            raise
        if "DeletedDate" in secret:
            raise ToolError(
                f"The secret {name} is being deleted, and its name is taken until that is done: wait, or restore it "
                f"and take it over: aws secretsmanager restore-secret --secret-id {name}"
            )
        yield Kept(logical_id, _SECRET, name, {"Id": secret["ARN"]}, secret.get("KmsKeyId", ""))


def _await_change_set(client: "CloudFormationClient", stack: str, name: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        change_set = client.describe_change_set(StackName=stack, ChangeSetName=name)
        status = change_set["Status"]
        if (status, change_set["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE"):
            return
        if status in {"CREATE_COMPLETE", "FAILED"} or time.monotonic() > deadline:
            client.delete_stack(StackName=stack)  # it is under review, and holds nothing
            raise ToolError(
                f"What was kept cannot be taken over: {change_set.get('StatusReason', status)}. "
                "Nothing of it was changed."
            )
        time.sleep(_PAUSE)
