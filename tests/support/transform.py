"""What CloudFormation makes of the template: the SAM transform is run, and names are those of one stack.

The transform is AWS's own, from the environment in which SAM runs (`make environments`).
"""

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped]  # it ships no types

from tests.support.template import PSEUDO_PARAMETERS, document

PYTHON = Path(__file__).parents[2] / ".local" / "sam" / "bin" / "python"

_TRANSFORM = """
import json, os, sys
os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
template, parameters = json.load(sys.stdin)
json.dump(Translator({}, Parser()).translate(template, parameters), sys.stdout)
"""


@dataclass(frozen=True)
class Identity:
    """By what a resource is known in an account and region, as far as the template says so."""

    type: str
    names: tuple[tuple[str, str], ...]
    """Its properties and what they are in one stack; another resource of the stack reads as `stack/LogicalId`."""


@cache
def _transformed(parameters: tuple[tuple[str, str], ...]) -> str:
    template = document()
    # A folder until `sam deploy` has put it where Lambda finds it.
    template["Globals"]["Function"]["CodeUri"] = "s3://artifacts/package"
    defaults = {name: str(declared.get("Default", "")) for name, declared in template["Parameters"].items()}
    done = subprocess.run(  # noqa: S603 - the environment that `make environments` made
        [PYTHON, "-W", "ignore", "-c", _TRANSFORM],
        input=json.dumps([template, PSEUDO_PARAMETERS | defaults | dict(parameters)]),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def transformed(**parameters: str) -> Any:
    """The template after the SAM transform, for these parameters; the others have their defaults."""
    return json.loads(_transformed(tuple(sorted(parameters.items()))))


def identities(stack: str, **parameters: str) -> dict[str, Identity]:
    """What identifies each resource of a stack, by logical id; one that AWS gives a name of its own has none here.

    Which properties these are is told by the schemas of the resources, as cfn-lint brings them along.
    """
    template = transformed(**parameters)
    return {
        logical_id: Identity(
            resource["Type"],
            tuple(
                (name, _of_stack(resource["Properties"][name], stack, template))
                for name in _identifying(_schema(resource["Type"]))
                if name in resource.get("Properties", {})
            ),
        )
        for logical_id, resource in template["Resources"].items()
    }


def longest(type_: str, name: str) -> int | None:
    """How long this property of a resource may be; None when its schema does not say."""
    if (type_, name) == ("AWS::Lambda::Function", "FunctionName"):
        return 64  # where it is a name: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
    found: int | None = _schema(type_)["properties"][name].get("maxLength")
    return found


def _identifying(schema: Mapping[str, Any]) -> list[str]:
    """What the template says to identify a resource by, names that are unique beside an id of AWS included."""
    own = ("Name", schema["typeName"].rpartition("::")[2] + "Name")
    unique = [f"/properties/{name}" for name in own if name in schema["properties"]]
    given = dict.fromkeys([*schema["primaryIdentifier"], *unique])
    return [pointer.rpartition("/")[2] for pointer in given if pointer not in schema.get("readOnlyProperties", ())]


@cache
def _schema(type_: str) -> Any:
    return PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_).schema


def _of_stack(value: Any, stack: str, template: Mapping[str, Any]) -> str:
    """A name in one stack; a resource of the stack reads as `stack/LogicalId`."""
    names = PSEUDO_PARAMETERS | {"AWS::StackName": stack}
    names |= {name: str(declared.get("Default", "")) for name, declared in template["Parameters"].items()}

    def named(name: str) -> str:
        return names.get(name, f"{stack}/{name}")

    match value:
        case str():
            return value
        case {"Ref": str(name)}:
            return named(name)
        case {"Fn::GetAtt": [str(name), *_]}:
            return named(name)
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{([^}!]+)\}", lambda found: named(found[1].partition(".")[0]), text)
        case _:
            raise ValueError(f"{value} is no name that is understood here")
