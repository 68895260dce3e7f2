from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from botocore.exceptions import ProfileNotFound

from tools.errors import ToolError
from tools.target import Target


class _Account:
    """An account in which every stack has these parameters."""

    def __init__(self, **parameters: str) -> None:
        self._parameters = parameters

    def client(self, _service: str, **_options: Any) -> "_Account":
        return self

    def describe_stacks(self, **_options: Any) -> Any:
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in self._parameters.items()]
        return {"Stacks": [{"Parameters": given}]}


def target(**parameters: str) -> Target:
    return Target("agency", cast("Any", _Account(**parameters)))


def test_the_zone_and_the_model_are_those_of_the_stack() -> None:
    zone, model = target(TimeZone="Europe/London", Model="opmm-1").zone_and_model()

    assert (zone, model.id) == (ZoneInfo("Europe/London"), "opmm-1")


def test_a_stack_that_scores_by_an_unknown_model_is_refused() -> None:
    with pytest.raises(ToolError, match="does not have: there is no model document own"):
        target(TimeZone="Europe/London", Model="own").zone_and_model()


def test_a_stack_of_another_service_is_refused() -> None:
    with pytest.raises(ToolError, match="is it a stack of this service"):
        target().zone_and_model()
    with pytest.raises(ToolError, match="gives no ApiUrl"):
        target().output("ApiUrl")


def test_a_stack_of_an_account_is_looked_for_in_the_region_that_is_said() -> None:
    assert Target.of("agency", region="eu-west-3").session.region_name == "eu-west-3"


@pytest.mark.parametrize("where", [{"region": "eu-west-1"}, {"profile": "agency"}])
def test_a_region_or_a_profile_without_a_stack_is_refused(where: dict[str, str]) -> None:
    with pytest.raises(ToolError, match=r"^REGION= and PROFILE= say where .*: add STACK=name\.$"):
        Target.of(None, **where)


def test_a_profile_that_is_not_configured_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(ProfileNotFound, match="unheard-of"):
        Target.of("agency", profile="unheard-of")
