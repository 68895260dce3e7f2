"""The same response under the names of two sources is told before it counts twice."""

from collections import Counter
from collections.abc import Collection

from moto import mock_aws

from shared.storage.elsewhere import known_elsewhere
from tests.support.clients import dynamodb_client
from tests.support.service import event, in_memory
from tests.support.template import environment


def known(source: str, ids: Collection[str], configured: Collection[str] = ()) -> Counter[str]:
    table = environment("IngestFunction")["FACTS_TABLE"]
    return known_elsewhere(
        dynamodb_client(), table, source=source, ids=ids, names=["acme"], configured=configured, pause=lambda _: None
    )


def response(id_: str, source: str, client: str = "acme") -> dict[str, object]:
    data = {"response_id": id_, "score": 9, "responded_at": "2026-11-01T10:00:00Z"}
    return event("nps.responded", data, source=source, subject=client, id=f"{source}-{id_}")


@mock_aws()
def test_responses_of_another_source_are_found_by_their_ids() -> None:
    service = in_memory()
    service.post([response("1", "nps"), response("2", "nps"), response("2", "a#b"), response("9", "other", "beta")])

    assert known("delighted", ["1", "2", "3"]) == Counter({"nps": 2, "a#b": 1})
    assert known("nps", ["1"]) == Counter()
    assert known("delighted", ["9"]) == Counter()
    assert known("delighted", ["9"], ["other"]) == Counter(other=1)
