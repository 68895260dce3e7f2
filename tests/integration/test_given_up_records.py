"""Records that the stream gave up are read again, their clients named and made anew; what is gone, the night finds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from shared.storage.dynamodb import session
from tests.support.damage import item_of
from tests.support.readings import counted
from tests.support.said import logged, metrics
from tests.support.service import Service, lanes, responses
from tests.support.stream import StreamDriver

GONE = "records were given up and are gone: the night finds whose they were"


@pytest.fixture
def giving_up(service: Service) -> StreamDriver:
    """A mapping that gives up at once."""
    return lanes(service, 1, seed=1, maximum_retry_attempts=0, bisect_batch_on_function_error=False)


@contextmanager
def trimmed() -> Iterator[None]:
    """The records of the stream are older than a day."""
    answer = {"Error": {"Code": "TrimmedDataAccessException", "Message": "too old"}}
    hook = "before-call.dynamodb-streams.GetShardIterator"

    def refuse(**_: Any) -> Any:
        return AWSResponse("https://streams", 400, HTTPHeaders(), None), answer

    session().register(hook, refuse)
    try:
        yield
    finally:
        session().unregister(hook, refuse)


def failing(_event: dict[str, Any], _context: object) -> None:
    raise ConnectionError


def test_records_that_were_given_up_are_read_again_named_and_made_up_for(
    service: Service, giving_up: StreamDriver, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    service.post([*responses([9]), counted(3, "beta")])
    giving_up.deliver(failing)
    count = sum(len(record.sequence_numbers) for record in giving_up.unscored)
    capsys.readouterr()

    service.hand_over(giving_up)

    [line] = logged(caplog, "records were given up")
    assert line["clients"] == ["acme", "beta"]
    assert metrics(capsys)["RecordsGivenUp"] == count
    assert {service.get(f"/v1/clients/{name}").status for name in ("acme", "beta")} == {200}
    kept = [item_of("#given-up", name) for name in ("acme", "beta")]
    assert all(item.keys() >= {"at", "condition", "shard", "healed_at"} for item in kept)
    gone = int((service.clock.now + timedelta(days=90)).timestamp())
    assert [item["expires_at"] for item in kept] == [{"N": str(gone)}] * 2


def test_records_that_are_gone_by_then_are_found_by_the_night(
    service: Service, giving_up: StreamDriver, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    service.post(responses([9]))
    giving_up.deliver(failing)
    where = [record.shard_id for record in giving_up.unscored]
    capsys.readouterr()

    with trimmed():
        service.hand_over(giving_up)
    assert [line["shard"] for line in logged(caplog, GONE)] == where
    assert metrics(capsys)["RecordsGivenUp"] > 0
    assert service.unscored.dead == []
    service.night()

    assert service.get("/v1/clients/acme").json["total"] == 4
