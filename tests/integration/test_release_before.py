"""Items of the release before are read and gone on from by this release; and those of this one by the one before."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from shared.storage.drafts import Drafts, draft_key
from shared.storage.issued import Register
from tests.campaigns.history import CLIENTS
from tests.campaigns.verdict import wrong_scores
from tests.support.clients import dynamodb_client
from tests.support.ledgers import adds_up, ledger
from tests.support.plain_tables import plain_tables
from tests.support.releases.before import History, ask, is_at_hand, release_before, tree_of
from tests.support.releases.inside import READS, fresh, lay_down, read, written
from tests.support.service import NOW, Service, event

COMMIT, HISTORIES = release_before()


@pytest.fixture(params=range(len(HISTORIES)))
def history(request: pytest.FixtureRequest) -> History:
    return HISTORIES[int(request.param)]


@pytest.fixture
def service(history: History) -> Iterator[Service]:
    """This release on what the one before left."""
    with mock_aws(), plain_tables():
        service: Service = fresh()
        lay_down(history.tables)
        service.stream.lose()  # it was heard of all this
        yield service


def added_up(service: Service) -> dict[str, bool]:
    cards = {name: service.get(f"/v1/clients/{name}") for name in CLIENTS}
    own = {name: card.json["total"] for name, card in cards.items() if card.json.get("client_id") == name}
    return {name: adds_up(ledger(service, name), total) for name, total in own.items()}


def test_every_read_answers(history: History) -> None:
    with mock_aws(), plain_tables():
        answers = read(history.tables)

    assert {path: status for path, (status, _) in answers.items() if status not in (200, 404)} == {}
    assert answers["/v1/parked"][1]["parked"]
    assert answers["/v1/erasures"][1]["erasures"]


def test_it_goes_on_with_the_next_event_and_the_next_night(service: Service, history: History) -> None:
    assert wrong_scores(service, history.events) == []

    next_ones = [
        event("consultants.counted", {"working": 12, "as_of": "2026-11-24"}, subject=name, id=f"next-{name}")
        for name in CLIENTS
    ]
    assert service.post(next_ones).status == 200
    service.settle()

    sent = [*history.events, *next_ones]
    assert wrong_scores(service, sent) == []
    service.clock.now = NOW.replace(hour=23, minute=30)
    service.night()
    assert wrong_scores(service, sent, service.clock.now.date().replace(day=25)) == []
    assert set(added_up(service).values()) == {True}


@pytest.mark.usefixtures("service")
def test_what_people_keep_is_read() -> None:
    draft = Drafts(dynamodb_client(), "DraftsTable").read("acme", draft_key("talk", "sam"), NOW)
    [issued] = Register(dynamodb_client(), "IssuedTable").listed()

    assert draft is not None
    assert draft.fields == {"on": "2026-12-01"}
    assert (issued.grant.name, issued.grant.clients) == ("Sam", ("acme",))


@pytest.mark.skipif(not is_at_hand(COMMIT), reason=f"git has no {COMMIT[:9]} here: the release before is not at hand")
def test_the_release_before_reads_what_this_one_writes() -> None:
    with mock_aws(), plain_tables():
        ours = written(HISTORIES[0].events)
    with mock_aws(), plain_tables():
        expected = read(ours)

    with tree_of(COMMIT) as tree:
        [answers] = ask(tree, "read", [ours])

    assert {path: answer[0] for path, answer in answers.items()} == {path: expected[path][0] for path in READS}
    assert totals(answers) == totals(expected)


def totals(answers: dict[str, Any]) -> dict[str, Any]:
    """What each client scores."""
    cards = {path: answers[path][1] for path in READS if path.endswith("/score")}
    return {path: card.get("total") for path, card in cards.items()}
