from datetime import UTC, datetime

import pytest

from tools.transfer.lines import TransferError
from tools.transfer.target import api

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def test_an_address_is_called_with_the_token_that_opens_it() -> None:
    with api("", "https://opmm.example.com/", "a-token", NOW) as client:
        assert str(client.base_url) == "https://opmm.example.com/"
        assert client.headers["Authorization"] == "Bearer a-token"


def test_an_address_without_a_token_is_refused() -> None:
    with pytest.raises(TransferError, match="TOKEN="):
        api("", "https://opmm.example.com/", "", NOW)


def test_without_a_stack_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIR", ".local/absent")

    with pytest.raises(TransferError, match="make up"):
        api("", "", "", NOW)
