"""What functions log under Lambda's own runtime client: nothing of what was sent, and no key, whatever the level."""

import base64
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from moto import mock_aws

from shared.storage.dynamodb import from_item, to_item
from shared.telemetry import own_logger
from tests.support.clients import dynamodb_client, secrets_client
from tests.support.queues import create_queues
from tests.support.runtime import Ran, aws_over_http, run
from tests.support.service import TOKEN_KEY, event, http_event, token
from tests.support.template import create_tables, document, environment
from tests.support.webhooks import signed

RESPONDENT_KEY = "canary-respondent-key".ljust(64, "r")
SOURCE_SECRET = "canary-source-secret-of-the-tool"
SIGNS = "whsec_Y2FuYXJ5LXNlY3JldC1vZi1hLWRlc3RpbmF0aW9u"
CRM = {
    "channel": "webhook",
    "address": "https://canary.invalid/canary-address",
    "secrets": [SIGNS],
    "wants": ["changes", "alerts", "digest"],
    "comments": True,
}
COMMENT = "canary-comment"
EMAIL = "canary-mail@example.com"
STRANGE = "canary-strange"
"""In every place that a stranger fills: a path, a query, a header, a body that is no JSON."""

LEVELS = tuple(document()["Parameters"]["LogLevel"]["AllowedValues"])


@dataclass(frozen=True)
class Stand:
    """Tables and secrets with canaries, reached over HTTP."""

    aws: str
    bearer: str

    def run(self, function: str, events: list[Any], level: str = "DEBUG", aws: str = "") -> Ran:
        """Hands a function events at this level, as the template sets it and as Lambda passes it on."""
        python = "WARNING" if level == "WARN" else level
        levels = {"AWS_LAMBDA_LOG_LEVEL": level, "AWS_LAMBDA_LOG_FORMAT": "JSON", "POWERTOOLS_LOG_LEVEL": python}
        return run(function, events, aws or self.aws, levels)

    def found_in(self, ran: Ran) -> set[str]:
        """What it wrote that no log may hold: in clear, or as a stored binary value carries it."""
        bodies = {base64.b64encode(text.encode()).decode()[:-2] for text in (COMMENT, EMAIL, STRANGE)}
        secret = {
            TOKEN_KEY,
            RESPONDENT_KEY,
            SOURCE_SECRET,
            SIGNS,
            self.bearer,
            self.bearer.rpartition(".")[2],
            "canary",
        }
        return {text for text in secret | bodies if text in ran.output}

    def asking(self, method: str, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        """A call with the token."""
        said = {"content-type": "application/json", "authorization": f"Bearer {self.bearer}", **headers}
        sent = body if body is None or isinstance(body, str) else json.dumps(body)
        route, _, query = path.partition("?")
        return http_event(method, route, sent, said, query)


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    with mock_aws(), aws_over_http() as aws:
        create_tables(dynamodb_client())
        source = {"provider": "delighted", "secrets": [SOURCE_SECRET], "client": "event_data.person_properties.client"}
        secrets = secrets_client()
        for name, held in {
            "token-keys": {"current": TOKEN_KEY},
            "respondent-key": {"key": RESPONDENT_KEY},
            "sources": {"nps": source},
            "destinations": {"crm": CRM},
        }.items():
            secrets.create_secret(Name=f"opmm/{name}", SecretString=json.dumps(held))
        create_queues()
        yield Stand(aws, token())


def webhook(**data: Any) -> dict[str, Any]:
    """A response of a survey tool, well signed."""
    answered = {"id": "r-2", "survey_type": "nps", "score": 9, "comment": COMMENT, "created_at": 1750000000}
    answered |= {"updated_at": 1750000000, "person": {"id": "1", "email": EMAIL}, **data}
    body = json.dumps({"event_type": "survey_response.updated", "event_data": answered}).encode()
    now = datetime.now(UTC)  # noqa: TID251 - the function runs on the real time
    headers = {"content-type": "application/json", **signed("delighted", body, SOURCE_SECRET, now)}
    sent = http_event("POST", "/v1/webhooks/nps", body, headers)
    return sent | {"pathParameters": {"source": "nps"}}


def stream() -> dict[str, Any]:
    """Every stored fact, as the stream hands it on: with its comment."""
    found = dynamodb_client().scan(TableName="FactsTable")["Items"]
    assert any(from_item(item).get("comment") == COMMENT for item in found)
    return records(found, "fact_id")


def changes() -> dict[str, Any]:
    """Every scorecard, and an entry of a ledger that nobody can read, as the stream hands it on."""
    found = dynamodb_client().scan(TableName="ScoresTable")["Items"]
    at = "change#2026-11-24T12:00:00.000000Z#0000000001"
    found.append(to_item({"client_id": STRANGE, "item": at, "format": 9, "said": COMMENT}))
    return records(json.loads(json.dumps(found, default=lambda raw: base64.b64encode(raw).decode())), "item")


def deliveries() -> dict[str, Any]:
    """Every delivery that is to be sent, as its queue hands it on."""
    kept = dynamodb_client().query(
        TableName="NotificationsTable",
        KeyConditionExpression="about = :about",
        ExpressionAttributeValues={":about": {"S": "deliveries#crm"}},
    )["Items"]
    return {
        "Records": [
            {
                "eventSource": "aws:sqs",
                "messageId": str(place),
                "receiptHandle": "none",
                "body": json.dumps({"destination": "crm", "delivery": item["entry"]["S"], "again": 0}),
            }
            for place, item in enumerate(kept)
        ]
    }


def records(found: list[Any], sort_key: str) -> dict[str, Any]:
    return {
        "Records": [
            {
                "eventID": str(place),
                "eventName": "INSERT",
                "eventSource": "aws:dynamodb",
                "dynamodb": {
                    "ApproximateCreationDateTime": 1748768400,
                    "Keys": {"client_id": item["client_id"], sort_key: item[sort_key]},
                    "NewImage": item,
                    "SequenceNumber": str(place),
                },
            }
            for place, item in enumerate(found, 1)
        ]
    }


RESPONDED = event(
    "nps.responded",
    {
        "response_id": "r-1",
        "score": 9,
        "responded_at": "2025-06-01T09:00:00Z",
        "respondent": EMAIL,
        "comment": COMMENT,
    },
    time="2025-06-01T09:00:00Z",
)


def statuses(ran: Ran) -> list[int]:
    return [response["statusCode"] for response in ran.responses]


@pytest.mark.parametrize("level", [LEVELS[0], LEVELS[-1]])  # the one at which most is logged, and the one of least
def test_no_function_logs_a_key_a_token_or_what_was_sent_whatever_the_level(stand: Stand, level: str) -> None:
    bad = f'{{"{STRANGE}": NaN'
    ingested = stand.run(
        "ingest",
        [
            stand.asking("POST", "/v1/events", RESPONDED),
            stand.asking("POST", "/v1/events", bad),
            stand.asking("POST", "/v1/events", RESPONDED, authorization=f"Bearer {STRANGE}"),
            webhook(person_properties={"client": "acme"}),
            webhook(person_properties={}, comment=STRANGE),
            stand.asking("GET", f"/v1/parked?source={STRANGE}"),
            stand.asking("POST", "/v1/parked/replay?source=nps"),
        ],
        level,
    )
    scored = stand.run("score", [stream(), {"job": "nightly_refresh"}, {STRANGE: STRANGE}], level)
    jobs = [{"job": "catch_up"}, {"job": "digests"}, {"job": "try_destination", "destination": "crm"}]
    told = stand.run("notify", [changes(), stream(), *jobs, {STRANGE: STRANGE}], level)
    sent = stand.run("notify", [deliveries()], level)
    read = stand.run(
        "query",
        [
            stand.asking("GET", "/v1/clients/acme/score"),
            stand.asking("GET", "/v1/clients/acme/evidence?dimension=nps"),
            stand.asking("GET", f"/v1/clients/{STRANGE}", **{STRANGE: STRANGE}),
            stand.asking("GET", f"/v1/clients/acme?{STRANGE}=1"),
        ],
        level,
    )
    cookie = {"cookie": f"__Host-opmm={stand.bearer}"}
    shown = stand.run(
        "pages", [stand.asking("GET", "/clients/acme", **cookie), stand.asking("GET", f"/{STRANGE}", **cookie)], level
    )

    erased = stand.run(
        "erase",
        [
            stand.asking("POST", "/v1/erasures", {"respondent": "canary-somebody@example.com"}),
            stand.asking("POST", "/v1/erasures", {"respondent": EMAIL, STRANGE: STRANGE}),
            stand.asking("GET", f"/v1/subjects?respondent={EMAIL}"),
            stand.asking("GET", f"/v1/erasures/{STRANGE}"),
        ],
        level,
    )
    begun = json.loads(erased.responses[0]["body"])["erasure_id"]
    message = {"messageId": "m", "body": json.dumps({"erasure_id": begun}), "attributes": {}}
    worked = stand.run("erase", [{"Records": [message]}, {"Records": [message]}], level)

    assert statuses(erased) == [202, 422, 200, 404]
    assert worked.responses == ({"batchItemFailures": []},) * 2
    assert statuses(ingested)[1:] == [400, 401, 200, 200, 200, 200]
    assert statuses(ingested)[0] in (200, 202)
    assert [response is None for response in scored.responses] == [False, False, True]
    assert told.responses[:2] == ({"batchItemFailures": []},) * 2
    assert [response is None for response in told.responses] == [*[False] * 5, True]
    assert sent.responses == ({"batchItemFailures": []},)  # what nobody can read is told nobody
    assert "unknown_host" in told.output or level in ("WARN", "ERROR")
    assert (statuses(read), statuses(shown)) == ([200, 200, 404, 422], [200, 404])
    for ran in (ingested, scored, told, sent, read, shown, erased, worked):
        assert stand.found_in(ran) == set()


@pytest.mark.parametrize("function", ["ingest", "query", "pages"])
def test_nothing_is_logged_of_a_request_that_cannot_be_served(stand: Stand, function: str) -> None:
    nowhere = "http://127.0.0.1:9"
    request = stand.asking("POST", "/v1/events", RESPONDED, cookie=f"__Host-opmm={stand.bearer}")
    if function != "ingest":
        path = "/v1/clients/acme" if function == "query" else "/clients/acme"
        request = stand.asking("GET", f"{path}?saved={STRANGE}", cookie=f"__Host-opmm={stand.bearer}")

    ran = stand.run(function, [request], aws=nowhere)

    assert statuses(ran) == [503]
    assert stand.found_in(ran) == set()
    assert "a service does not answer" in ran.output


def test_our_own_lines_follow_the_level_that_is_set(stand: Stand) -> None:
    health = [stand.asking("GET", "/v1/health")]

    assert "responded" in stand.run("query", health, "INFO").output
    assert "responded" not in stand.run("query", health, "WARN").output


def test_a_library_that_logs_at_debug_is_not_heard() -> None:
    before = logging.getLogger().level
    logging.getLogger().setLevel(logging.DEBUG)
    try:
        own_logger()

        assert not logging.getLogger("botocore.parsers").isEnabledFor(logging.INFO)
        assert not logging.getLogger("urllib3.connectionpool").isEnabledFor(logging.DEBUG)
        assert logging.getLogger("botocore").isEnabledFor(logging.WARNING)
    finally:
        logging.getLogger().setLevel(before)


def test_the_levels_of_the_template_are_those_of_lambda_and_python_is_given_names_that_it_knows() -> None:
    known = logging.getLevelNamesMapping()

    assert LEVELS == ("DEBUG", "INFO", "WARN", "ERROR")
    assert environment("QueryFunction")["POWERTOOLS_LOG_LEVEL"] == "INFO"
    for level in LEVELS:
        told = environment("QueryFunction", LogLevel=level)["POWERTOOLS_LOG_LEVEL"]
        assert (told in known, told) == (True, "WARNING" if level == "WARN" else level)
