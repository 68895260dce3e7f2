from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tools.errors import ToolError
from tools.transfer.destination import Destination, Given, destination

NOW = datetime(2026, 11, 24, tzinfo=UTC)
ADDRESS = "https://opmm.example.com/"


@pytest.fixture(autouse=True)
def _nothing_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIR", ".local/absent")


def meant(dry_run: bool = False, **given: object) -> Destination:  # noqa: FBT001, FBT002 - a test reads better so
    return destination(Given(**given), NOW, dry_run=dry_run)  # type: ignore[arg-type] # as the tests give them


def test_an_address_is_called_with_the_token_that_opens_it() -> None:
    with meant(api=ADDRESS, token="a-token").calls() as client:
        assert client is not None
        assert str(client.base_url) == ADDRESS
        assert client.headers["Authorization"] == "Bearer a-token"


def test_an_address_without_a_token_is_refused() -> None:
    with pytest.raises(ToolError, match="TOKEN="):
        meant(api=ADDRESS)


def test_an_address_tells_no_time_zone_so_what_is_taken_is_said() -> None:
    taken = meant(api=ADDRESS, token="a-token")
    said = meant(api=ADDRESS, token="a-token", zone=ZoneInfo("Europe/London"))

    assert (taken.zone.key, taken.model.id) == ("Europe/Amsterdam", "opmm-1")
    assert taken.note is not None
    assert "Europe/Amsterdam" in taken.note
    assert said.zone.key == "Europe/London"


@pytest.mark.parametrize("given", [{"api": ADDRESS, "token": "a-token"}, {"dry_run": True}, {}])
@pytest.mark.parametrize("where", [{"region": "eu-west-1"}, {"profile": "agency"}])
def test_a_region_or_a_profile_goes_with_a_stack_only(where: dict[str, Any], given: dict[str, Any]) -> None:
    with pytest.raises(ToolError, match=r"add STACK=name\.$"):
        meant(**given, **where)


def test_a_model_that_is_not_there_is_refused() -> None:
    with pytest.raises(ToolError, match="no model document absent"):
        meant(api=ADDRESS, token="a-token", model="absent")


def test_without_a_stack_it_says_what_to_do() -> None:
    with pytest.raises(ToolError, match="make up"):
        meant()


def test_lines_are_checked_without_a_stack_too() -> None:
    unsent = meant(dry_run=True)

    assert (unsent.zone.key, unsent.address) == ("Europe/Amsterdam", None)
    with unsent.calls() as client:
        assert client is None
