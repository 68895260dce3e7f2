"""The parameters of the template: what somebody gives is checked before anything is built or deployed."""

import difflib
import hashlib
import json
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self
from zoneinfo import available_timezones

from shared.opmm.model_document import ModelError, published_model
from tools.errors import ToolError

RELEASE = "Release"
MOST_CHARACTERS = 4096
"""Of any parameter.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

_SHOWN = 200
"""Characters of a value that a fault repeats."""

TEMPLATE = Path(__file__).resolve().parent.parent.parent / "template.yaml"


@dataclass(frozen=True, slots=True)
class Parameter:
    """What the template says of one of its parameters."""

    name: str
    default: str | None
    allowed: tuple[str, ...] = ()
    pattern: str | None = None
    least: int | None = None
    most: int | None = None
    longest: int = MOST_CHARACTERS
    is_number: bool = False
    description: str | None = None

    @classmethod
    def of(cls, name: str, declared: Mapping[str, Any]) -> Self:
        """A parameter as it is declared."""
        least, most = declared.get("MinValue"), declared.get("MaxValue")
        return cls(
            name,
            None if "Default" not in declared else str(declared["Default"]),
            tuple(str(value) for value in declared.get("AllowedValues", ())),
            declared.get("AllowedPattern"),
            None if least is None else int(least),
            None if most is None else int(most),
            int(declared.get("MaxLength", MOST_CHARACTERS)),
            declared["Type"] == "Number",
            declared.get("ConstraintDescription") or declared.get("Description"),
        )

    def fault(self, value: str) -> str | None:
        """What is wrong with a value, and what is allowed; None for a good one."""
        if self.allowed and value not in self.allowed:
            return f"allowed are {', '.join(self.allowed)}."
        if self.is_number and not (re.fullmatch(r"-?[0-9]+", value) and self._is_within(int(value))):
            return f"a whole number is allowed{self._range()}."
        if len(value) > self.longest:
            return f"it has {len(value)} characters, and at most {self.longest} are allowed."
        if self.pattern and not re.fullmatch(self.pattern, value):
            return f"it must match {self.pattern}" + (f" ({self.description})" if self.description else ".")
        return _SPECIAL.get(self.name, _nothing)(value)

    def _is_within(self, number: int) -> bool:
        return (self.least is None or number >= self.least) and (self.most is None or number <= self.most)

    def _range(self) -> str:
        least = [] if self.least is None else [f"from {self.least}"]
        most = [] if self.most is None else [f"to {self.most}"]
        return "".join(f" {end}" for end in (*least, *most))


@dataclass(frozen=True, slots=True)
class Chosen:
    """The values that a deployment goes with."""

    values: Mapping[str, str]
    unusual: tuple[str, ...]
    """Those that are not the template's defaults, in a line each."""


@cache
def document() -> Any:
    """The template as plain JSON values, tags in their long form."""
    from cfnlint.decode import decode  # type: ignore[import-untyped]  # noqa: PLC0415 - slow, and for this only

    template, problems = decode(str(TEMPLATE))
    if template is None or problems:
        raise ToolError(f"{TEMPLATE} cannot be read: {problems}")
    return json.loads(json.dumps(template))


def declared() -> Mapping[str, Parameter]:
    """The parameters of the template by name, without the one that is not for people."""
    parameters = document()["Parameters"]
    return {name: Parameter.of(name, each) for name, each in parameters.items() if name != RELEASE}


def with_release(values: Mapping[str, str], version: str) -> dict[str, str]:
    """The values with the one that a deployment says itself: it is another one for another version or other values."""
    digest = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
    return {**values, RELEASE: f"{version} {digest[:12]}"}


def read(text: str | None) -> dict[str, str]:
    """`TimeZone=Europe/London AgencyName="Acme & Sons"`, as a shell tells words apart. Raises ToolError."""
    try:
        words = shlex.split(text or "")
    except ValueError as open_end:
        raise ToolError(f"PARAMS cannot be read: {open_end}. It is Name=value, with spaces between them.") from None
    pairs = [word.partition("=") for word in words]
    faults = [f"{name}: it has no value; PARAMS takes Name=value." for name, equals, _ in pairs if not equals]
    names = [name for name, _, _ in pairs]
    faults += [f"{name}: it is given twice." for name in dict.fromkeys(names) if names.count(name) > 1]
    _refuse(faults)
    return {name: value for name, _, value in pairs}


def choose(parameters: Mapping[str, Parameter], given: Mapping[str, str], standing: Mapping[str, str]) -> Chosen:
    """What is given, else what stands, else the default. Raises ToolError with every fault at once.

    What stands under a name that the template no longer has is left behind.
    """
    unknown = [_unknown(name, parameters) for name in given if name not in parameters]
    said = {name: value for name, value in given.items() if name in parameters}
    held = {name: value for name, value in standing.items() if name in parameters}
    defaults = {name: each.default for name, each in parameters.items() if each.default is not None}
    values = {**defaults, **held, **said}
    missing = [f"{name}: it has no default; say PARAMS={name}=..." for name in parameters if name not in values]
    _refuse([*unknown, *missing, *_faults(parameters, values, said, held)])
    unusual = (
        f"{name}={value}" + ("" if name in given else "  (as it stands)")
        for name, value in values.items()
        if value != parameters[name].default
    )
    return Chosen(values, tuple(unusual))


def check_key(values: Mapping[str, str], region: str) -> None:
    """Raises ToolError for a key that tables and secrets of this region cannot use."""
    key = values["KmsKeyArn"]
    if key and key.split(":")[3] != region:
        _refuse([f"KmsKeyArn={key}: the stack is in {region}; a key of that region is allowed."])


def _faults(
    parameters: Mapping[str, Parameter], values: Mapping[str, str], given: Mapping[str, str], held: Mapping[str, str]
) -> Iterator[str]:
    for name, value in values.items():
        fault = parameters[name].fault(value)
        if fault:
            stands = ", as the stack has it" if name in held and name not in given else ""
            yield f"{name}={_shortened(value)}{stands}: {fault}"


def _shortened(value: str) -> str:
    return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}..."


def _unknown(name: str, parameters: Mapping[str, Parameter]) -> str:
    folded = {known.casefold(): known for known in parameters}
    near = difflib.get_close_matches(name.casefold(), folded, n=1)
    meant = f" {folded[near[0]]} is meant?" if near else ""
    return f"{name}: there is no such parameter.{meant} There are {', '.join(parameters)}."


def _refuse(faults: Iterable[str]) -> None:
    told = [*faults]
    if told:
        raise ToolError("\n".join([*told, "Nothing was built or deployed."]))


def _time_zone(value: str) -> str | None:
    # Not whether it can be read: some files beside the zones can, and where case does not count any name in any case.
    return None if value in available_timezones() else "there is no such time zone; one is Europe/Amsterdam."


def _model(value: str) -> str | None:
    try:
        published_model(value)
    except ModelError as unknown:
        return f"it cannot be scored by: {unknown}."
    return None


def _origins(value: str) -> str | None:
    origins = [origin.strip() for origin in value.split(",")] if value else []
    wrong = [origin for origin in origins if not re.fullmatch(r"\*|https?://[a-z0-9.-]+(:[0-9]+)?", origin)]
    return f"{wrong[0]!r} is no origin; one is https://portal.example.com." if wrong else None


def _loopback(value: str) -> str | None:
    return "destinations on the machine itself are for the local stack only; no is allowed." if value == "yes" else None


def _nothing(_value: str) -> None:
    """Nothing more is asked of a value."""


_SPECIAL = {"TimeZone": _time_zone, "Model": _model, "CorsOrigins": _origins, "LoopbackDestinations": _loopback}
"""What the template cannot say of a value."""
