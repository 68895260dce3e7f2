"""Which stack a command is for: the local one, or one in an AWS account."""

import os
from dataclasses import dataclass
from time import sleep
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import boto3

from shared.opmm.model import Model
from shared.opmm.model_document import ModelError, published_model
from shared.storage.issued import Register
from shared.storage.queries import Queries
from shared.storage.scores import Scores
from tools.errors import ToolError
from tools.stack import Settings, Stack, StackError
from tools.token_keys import TokenKeys

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_secretsmanager import SecretsManagerClient

ONLY_WITH_A_STACK = "REGION= and PROFILE= say where a stack in your AWS account is found: add STACK=name."


@dataclass(frozen=True, slots=True)
class Target:
    """A stack of this service, and where it stands."""

    name: str
    session: boto3.Session
    local: Stack | None = None
    """How it is reached on this machine; None for a stack in an account, the one whose credentials are at hand."""

    @classmethod
    def of(cls, stack_name: str | None, region: str | None = None, profile: str | None = None) -> "Target":
        """The stack of this name in the account; without a name the local one.

        Raises ToolError when that is down, when nobody says in which region a stack is, and for a region or a profile
        without a name.
        """
        if stack_name:
            # The AWS CLI takes AWS_REGION for all that is typed in a shell; boto3 does not.
            named = region or os.environ.get("AWS_REGION") or None
            session = boto3.Session(region_name=named, profile_name=profile)
            if session.region_name is None:
                raise ToolError("Which region? Say REGION=eu-west-1, or give the profile one.")
            return cls(stack_name, session)
        if region or profile:
            raise ToolError(ONLY_WITH_A_STACK)
        try:
            stack = Stack.running(Settings.from_environment(os.environ))
        except StackError as failed:
            raise ToolError(f"{failed} For a stack in your AWS account add STACK=name.") from failed
        return cls(stack.stack_name, stack.session, stack)

    @property
    def endpoint_url(self) -> str | None:
        """Where AWS is, if not where it always is."""
        return self.local.endpoint_url if self.local else None

    def secrets(self) -> "SecretsManagerClient":
        """Its secrets."""
        return self.session.client("secretsmanager", endpoint_url=self.endpoint_url)

    def dynamodb(self) -> "DynamoDBClient":
        """Its tables."""
        return self.session.client("dynamodb", endpoint_url=self.endpoint_url)

    def keys(self) -> TokenKeys:
        """What signs its tokens."""
        return TokenKeys.read(self.secrets(), self.name)

    def register(self) -> Register:
        """What was issued of it. Raises ToolError when it is no stack of this service, or of an earlier release."""
        return Register(self.dynamodb(), self.output("IssuedTableName"))

    @property
    def pages_url(self) -> str:
        """Where a browser opens its pages."""
        return self.local.pages_url if self.local else self.output("ApiUrl")

    def api(self, token: str) -> tuple[str, dict[str, str]]:
        """Where its API is, and what a call with this token carries."""
        bearer = {"Authorization": f"Bearer {token}"}
        if self.local:
            return self.local.api_url, bearer | {"Host": self.local.host}
        return self.output("ApiUrl"), bearer

    def outputs(self) -> dict[str, str]:
        """What it gives out, by name."""
        return {output["OutputKey"]: output["OutputValue"] for output in self._described().get("Outputs", [])}

    def output(self, key: str) -> str:
        """One thing that it gives out. Raises ToolError when it is no stack of this service."""
        value = self.outputs().get(key)
        if value is None:
            raise ToolError(f"{self.name} gives no {key}; is it a stack of this service?")
        return value

    def parameters(self) -> dict[str, str]:
        """The parameters that it was deployed with, by name."""
        given = self._described().get("Parameters", [])
        return {parameter["ParameterKey"]: parameter["ParameterValue"] for parameter in given}

    def scores(self) -> Scores:
        """What its clients are called, and its scorecards. Raises ToolError as `zone_and_model` does."""
        zone, model = self.zone_and_model()
        return Scores(self.dynamodb(), self.output("ScoresTableName"), model, zone)

    def queries(self) -> Queries:
        """The lists of its clients. Raises ToolError when it is no stack of this service."""
        return Queries(self.dynamodb(), self.output("ScoresTableName"), sleep)

    def zone_and_model(self) -> tuple[ZoneInfo, Model]:
        """The time zone in which its days begin, and the model by which it scores.

        Raises ToolError when it is no stack of this service, or scores by a model that is not in this working copy.
        """
        parameters = self.parameters()
        if not parameters.keys() >= {"TimeZone", "Model"}:
            raise ToolError(f"{self.name} has no TimeZone and no Model; is it a stack of this service?")
        try:
            return ZoneInfo(parameters["TimeZone"]), published_model(parameters["Model"])
        except ModelError as unknown:
            raise ToolError(f"{self.name} scores by a model that this working copy does not have: {unknown}") from None

    def _described(self) -> "StackTypeDef":
        client = self.session.client("cloudformation", endpoint_url=self.endpoint_url)
        return client.describe_stacks(StackName=self.name)["Stacks"][0]
