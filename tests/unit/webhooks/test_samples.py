"""Every sample gives the events that a reader would expect of it."""

import json

import pytest

from shared.opmm.slugs import slugify
from shared.webhooks.notification_only import notification_only
from shared.webhooks.payloads import named_by
from shared.webhooks.provider import UnvalidatedEvent, find_provider, provider_names
from shared.webhooks.signing import STANDARD_WEBHOOKS
from tests.support.webhooks import NAMES, SAMPLES, values
from tests.unit.webhooks.adapting import LOADED, adapted

EXPECTED = {
    "delighted": [
        UnvalidatedEvent(
            type="nps.responded",
            id="5c4f3e2d1b0a",
            time="2026-11-03T10:00:00Z",
            data={
                "response_id": "9001",
                "score": 9,
                "responded_at": "2026-11-03T09:00:00Z",
                "respondent": "sanne@example.com",
                "comment": "Fijne samenwerking, korte lijnen.",
            },
        )
    ],
    "typeform": [
        UnvalidatedEvent(
            type="nps.responded",
            id="01HINVENTED0TYPEFORM0EVENT",
            time="2026-11-12T09:02:47Z",
            data={
                "response_id": "a3a12ec67a1365927098a606107fac15",
                "score": 9,
                "responded_at": "2026-11-12T09:02:47Z",
                "respondent": None,
                "comment": "Ze denken mee, ook over de cijfers van ’27.",  # noqa: RUF001 - as people type
            },
        ),
        UnvalidatedEvent(
            type="survey.answered",
            id="01HINVENTED0TYPEFORM0EVENT",
            time="2026-11-12T09:02:47Z",
            data={
                "survey_id": "a3a12ec67a1365927098a606107fac15",
                "answered_at": "2026-11-12T09:02:47Z",
                "answers": {"specialisms": ["Development", "Design", "Data"], "roadmap": "co_creating"},
            },
        ),
    ],
    "formbricks": [
        UnvalidatedEvent(
            type="nps.responded",
            id="cm3invented0response",
            time="2026-11-13T10:17:32.480Z",
            data={
                "response_id": "cm3invented0response",
                "score": 10,
                "responded_at": "2026-11-13T10:15:00.120Z",
                "respondent": "bram@example.com",
                "comment": "Snel, en eerlijk over wat niet kan.",
            },
        ),
        UnvalidatedEvent(
            type="survey.answered",
            id="cm3invented0response",
            time="2026-11-13T10:17:32.480Z",
            data={
                "survey_id": "cm3invented0response",
                "answered_at": "2026-11-13T10:15:00.120Z",
                "answers": {"inspiration": "regularly"},
            },
        ),
    ],
    "wootric": [
        UnvalidatedEvent(
            type="nps.responded",
            id="482913",
            time="2026-11-10T01:13:05-07:00",
            data={
                "response_id": "482913",
                "score": 7,
                "responded_at": "2026-11-10T01:12:30-07:00",
                "respondent": "noor@example.com",
                "comment": "Goed werk, maar de planning schoof twee keer.",
                "excluded": False,
            },
        )
    ],
    "asknicely": [
        UnvalidatedEvent(
            type="nps.responded",
            id="88121",
            time="2026-11-11T09:22:10Z",
            data={
                "response_id": "88121",
                "score": 9,
                "responded_at": "2026-11-11T09:22:10Z",
                "respondent": "fatima@example.com",
                "comment": "Altijd bereikbaar.",
            },
            order=2,
        )
    ],
    "tally": [
        UnvalidatedEvent(
            type="nps.responded",
            id="5f2c1b0e-0000-4000-8000-00000000a111",
            time="2026-11-14T13:40:01.000Z",
            data={
                "response_id": "wAlL1E",
                "score": 8,
                "responded_at": "2026-11-14T13:40:01.000Z",
                "respondent": "rEsP0n",
                "comment": None,
            },
        ),
        UnvalidatedEvent(
            type="survey.answered",
            id="5f2c1b0e-0000-4000-8000-00000000a111",
            time="2026-11-14T13:40:01.000Z",
            data={
                "survey_id": "wAlL1E",
                "answered_at": "2026-11-14T13:40:01.000Z",
                "answers": {"specialisms": ["UX", "Development"], "roadmap": "yes"},
            },
        ),
    ],
    "survicate": [
        UnvalidatedEvent(
            type="nps.responded",
            id="b6a7f0d2-0000-4000-8000-00000000b222",
            time="2026-11-15T15:05:44.000000Z",
            data={
                "response_id": "0c9d8e7f-0000-4000-8000-00000000c333",
                "score": 6,
                "responded_at": "2026-11-15T15:05:44.000000Z",
                "respondent": "d4e5f6a7-0000-4000-8000-00000000d444",
                "comment": "Te veel wisselingen in het team.",
            },
        )
    ],
    "custom": [
        UnvalidatedEvent(
            type="nps.responded",
            id="1234567890123456789",
            time="2026-11-16T11:20:00+01:00",
            data={
                "response_id": "1234567890123456789",
                "score": 10,
                "responded_at": "2026-11-16T11:20:00+01:00",
                "respondent": "lot@example.com",
                "comment": "Graag zo door.",
            },
            order=3,
        )
    ],
}

CLIENTS = {
    "delighted": "gloeiwijk",
    "typeform": "halmvelt",
    "formbricks": "averland-wonen",
    "wootric": "snorrewind",
    "asknicely": "kruidpunt",
    "tally": "creme-kruimel",
    "survicate": "melkeveen",
    "custom": "vlierbes",
}


@pytest.mark.parametrize("provider", EXPECTED)
def test_a_sample_becomes_these_events(provider: str) -> None:
    assert adapted(provider, values(provider)) == EXPECTED[provider]


@pytest.mark.parametrize("provider", CLIENTS)
def test_a_sample_names_a_client_of_the_sample_portfolio(provider: str) -> None:
    source = LOADED[NAMES[provider]]
    portfolio = (SAMPLES.parent / "portfolio.jsonl").read_text(encoding="utf-8").splitlines()

    assert slugify(named_by(source.client or "", values(provider))) == CLIENTS[provider]
    assert CLIENTS[provider] in {json.loads(line)["subject"] for line in portfolio}


def test_the_standard_sample_is_a_batch_of_events_as_they_are() -> None:
    batch = LOADED[NAMES["standard"]].provider.split(values("standard"))

    assert [adapted("standard", event)[0].event("hr", event["subject"]) for event in batch] == batch


def test_every_sample_has_a_source_and_every_source_a_sample() -> None:
    assert {path.stem for path in SAMPLES.glob("*.json")} - {"sources"} == set(NAMES)


def test_every_tool_that_says_what_changed_has_a_sample() -> None:
    says_nothing = notification_only("any", STANDARD_WEBHOOKS).adapt
    providers = filter(None, map(find_provider, provider_names()))

    assert {provider.name for provider in providers if provider.adapt is not says_nothing} <= set(NAMES)
