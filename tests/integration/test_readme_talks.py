"""What the README tells a reader to call about talks works as it is written."""

import json
import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from moto import mock_aws

from tests.support.readings import counted
from tests.support.readme import examples
from tests.support.service import Service, in_memory

SECTION = "Talks, agreements, goals"


@pytest.fixture
def service() -> Iterator[Service]:
    with mock_aws():
        wired = in_memory()
        wired.clock.now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
        wired.post(counted(6))
        wired.settle()
        yield wired


def calls() -> list[list[str]]:
    """The words of each call of `opmm`, without that name."""
    text = "".join(examples(SECTION, "sh"))
    return [shlex.split(call) for call in re.split(r"^opmm ", text, flags=re.MULTILINE)[1:]]


def test_every_call_about_talks_is_taken(service: Service) -> None:
    sent, asked = 0, 0
    for path, *options in calls():
        headers = dict(option.split(": ") for name, option in pairwise(options) if name == "-H")
        if "-d" in options:
            answer = service.post(json.loads(options[options.index("-d") + 1]))
            assert answer.status == 202, answer.text
            service.settle()
            sent += 1
        else:
            answer = service.get(f"/{path}", headers=headers)
            assert answer.status == 200, answer.text
            asked += 1
    assert (sent, asked) == (4, 3)

    [talk] = service.get("/v1/clients/acme/talks").json["talks"]
    [action] = service.get("/v1/clients/acme/actions").json["actions"]
    assert (talk["status"], talk["actions"], action["status"]) == ("held", [action["action_id"]], "open")
