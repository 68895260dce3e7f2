"""The notify function as it is deployed: from what happens to what a receiver gets, over HTTP, signed."""

import json
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from tests.support.clients import dynamodb_client, secrets_client
from tests.support.post import fall
from tests.support.receivers import OK, receiver
from tests.support.service import Service, event

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")


def listens(service: Service, document: dict[str, Any]) -> None:
    secrets_client().put_secret_value(SecretId="opmm/destinations", SecretString=json.dumps(document))
    service.restart_notify(LoopbackDestinations="yes")


def parted(request: bytes) -> tuple[dict[str, str], str]:
    """The headers of a request, by their names in lower case, and its body."""
    head, _, body = request.decode().partition("\r\n\r\n")
    lines = (line.partition(": ") for line in head.split("\r\n")[1:])
    return {name.lower(): value for name, _, value in lines}, body


def respond(service: Service, score: int, comment: str | None, day: str) -> None:
    data = {"response_id": f"r-{day}-{score}", "score": score, "responded_at": f"{day}T10:00:00Z"}
    service.post(event("nps.responded", data | ({"comment": comment} if comment else {}), id=f"{day}-{score}"))
    service.settle()


def test_a_fall_arrives_as_a_webhook_that_the_official_package_verifies(service: Service) -> None:
    with receiver(OK) as crm:
        listens(
            service,
            {"crm": {"channel": "webhook", "address": crm.address(), "secrets": [SECRET], "wants": ["changes"]}},
        )
        fall(service)
        service.tell()
        service.outgoing.deliver(service.notify)

    assert len(crm.received) == 2
    for headers, body in map(parted, crm.received):
        # Signed anew by the package, as its own check compares with another clock than that of the tests.
        assert headers["webhook-signature"] == Webhook(SECRET).sign(headers["webhook-id"], service.clock.now, body)
    told = json.loads(parted(crm.received[-1])[1])
    assert told["type"] == "opmm.score.changed"
    assert (told["data"]["change"]["total_before"], told["data"]["change"]["total_after"]) == (4, 1)


@pytest.mark.parametrize(("comments", "quoted"), [(True, True), (False, False)])
def test_a_detractor_who_says_why_is_told_once_and_quoted_only_where_that_may_be_read(
    service: Service, capsys: pytest.CaptureFixture[str], *, comments: bool, quoted: bool
) -> None:
    with receiver(OK) as team:
        listens(
            service,
            {
                "team": {
                    "channel": "webhook",
                    "address": team.address(),
                    "secrets": [SECRET],
                    "wants": ["alerts"],
                    "comments": comments,
                }
            },
        )
        respond(service, 9, "Fine.", "2026-11-23")
        service.clock.now += timedelta(minutes=5)
        respond(service, 2, "Far too slow, says Robin.", "2026-11-23")
        service.tell()
        service.outgoing.deliver(service.notify)

    [request] = team.received
    told = json.loads(parted(request)[1])["data"]
    assert (b"Robin" in request) is quoted
    assert [(alert["kind"], alert["score"]) for alert in told["alerts"]] == [
        ("fell", None),
        ("detractor", 2 if quoted else None),
    ]
    assert (told["total"], told["cause"]) == (2, "new")
    assert "Robin" not in capsys.readouterr().out


def test_a_detractor_of_long_ago_or_without_a_word_is_told_nobody(service: Service) -> None:
    with receiver(OK) as team:
        listens(
            service,
            {"team": {"channel": "webhook", "address": team.address(), "secrets": [SECRET], "wants": ["alerts"]}},
        )
        respond(service, 2, "Long ago.", "2026-10-01")
        respond(service, 2, None, "2026-11-23")  # the NPS is as low as it gets already
        service.tell()
        service.outgoing.deliver(service.notify)

        assert team.received == []

        respond(service, 2, "Today.", "2026-11-24")
        service.tell()
        service.outgoing.deliver(service.notify)
        assert len(team.received) == 1


def test_without_destinations_nobody_is_told_and_nothing_is_kept_but_the_journal(service: Service) -> None:
    fall(service)
    service.tell()

    assert service.outgoing.step(service.notify) is False
    kept = dynamodb_client().scan(TableName="NotificationsTable")["Items"]
    assert {item["about"]["S"] for item in kept} == {"journal"}


def test_the_digest_job_answers_what_it_did(service: Service) -> None:
    assert service.notify({"job": "digests"}, None) == {"sent": 0, "failed": 0}
