"""What is told of a source, the payloads that fit it, and what is read in a payload before it is sent."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.opmm.model_document import published_model
from shared.opmm.timestamps import parse_instant
from shared.sheets.interpretation import by_slug
from shared.webhooks.provider import Source, find_provider, provider_names
from shared.webhooks.signing import Call, sign, verify
from tests.support.service import NOW
from tests.support.webhooks import NAMES, SOURCES, sample
from tests.unit.webhooks.adapting import LOADED, source_of
from tools.connecting.command import source_of as source_in
from tools.connecting.reading import client_of, read
from tools.connecting.samples import SAMPLE_CLIENT, sample_for
from tools.connecting.setting_up import told
from tools.connecting.trying import media_type_of
from tools.errors import ToolError

MODEL, ZONE = published_model(), ZoneInfo("Europe/Amsterdam")
ADDRESS = "https://opmm.example.com/v1/webhooks/source"
SURVEYS = [name for name in NAMES if name not in ("custom", "surveymonkey")]

OTHERWISE: Mapping[str, Mapping[str, Any]] = {
    "delighted": {"client": "event_data.person_properties.company"},
    "typeform": {
        "client": "form_response.hidden.customer_id",
        "answers": {"nps": {"question": "q-1"}, "roadmap": {"question": "q-2", "choices": {"Ja": "yes"}}},
    },
    "formbricks": {"client": "data.contactAttributes.company", "answers": {"nps": {"question": "q1"}}},
    "wootric": {"client": "response.end_user_properties.account"},
    "asknicely": {"client": "person.company", "templates": ["partners"]},
    "tally": {
        "client": "data.fields[?label=='company'].value | [0]",
        "answers": {"nps": {"question": "question_abc"}, "roadmap": {"question": "q-2", "choices": {"Ja": "yes"}}},
    },
    "survicate": {
        "client": "event.questionAnswered.respondent.attributes.company",
        "answers": {"nps": {"question": "9001"}},
    },
    "standard": {},
}
"""Sources that look elsewhere than those of the sample document."""


def steps(source: Source, payload: Any) -> list[str]:
    """What is told of a payload that is not sent."""
    body = json.dumps(payload).encode()
    found = []
    for fragment, words, event in read(source, body, "application/json", model=MODEL, zone=ZONE, now=NOW):
        found.append(words)
        if event is not None:
            found.append(client_of(source, fragment, event, by_slug)[0])
    return found


@pytest.mark.parametrize("provider", SURVEYS)
@pytest.mark.parametrize("otherwise", [False, True])
def test_a_sample_fits_the_source_whatever_it_asks_and_wherever_it_looks(provider: str, *, otherwise: bool) -> None:
    source = source_of(SOURCES[NAMES[provider]] | (dict(OTHERWISE[provider]) if otherwise else {}))

    found = steps(source, sample_for(source, SAMPLE_CLIENT, MODEL, NOW))

    assert found
    assert [words.partition(" ")[0] for words in found[::2]] in (
        ["nps.responded:"],
        ["consultants.counted:"],
        ["nps.responded:", "survey.answered:"],
    )
    named = "'opmm-test'" if provider == "standard" else "'OPMM test'"
    assert set(found[1::2]) == {f"{named} is opmm-test, known"}


@pytest.mark.parametrize("provider", SURVEYS)
def test_a_sample_is_of_now_and_was_never_sent(provider: str) -> None:
    source = source_of(SOURCES[NAMES[provider]])

    found = [
        [
            (event.data.get("response_id", event.id), parse_instant(str(event.time)))
            for fragment in source.provider.split(sample_for(source, "acme", MODEL, NOW))
            for event in source.provider.adapt(fragment, source)
        ]
        for _ in range(2)
    ]

    assert not {name for name, _ in found[0]} & {name for name, _ in found[1]}
    assert all(timedelta() <= NOW - at < timedelta(minutes=5) for _, at in found[0])


def test_of_a_mapping_of_ones_own_no_payload_is_known() -> None:
    with pytest.raises(ToolError, match="payload of its own"):
        sample_for(LOADED[NAMES["custom"]], "acme", MODEL, NOW)


def test_a_tool_that_only_notifies_has_a_sample_that_is_parked() -> None:
    source = source_of({"provider": "hibob", "secrets": ["a secret of hibob"]})

    assert steps(source, sample_for(source, "acme", MODEL, NOW)) == [
        "parked as thin: hibob tells only that something changed"
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"survey_type": "csat"}, "ignored: `survey_type` says"),
        ({"score": 11}, "parked as no_usable_score: the score is no whole number"),
        ({"score": None}, "ignored: none of the questions"),
        ({"created_at": 1_900_000_000}, "parked as not_valid: /data/responded_at lies in the future"),
        (
            {"person_properties": {"team": "web"}},
            "none: event_data.person_properties.client finds nothing in {event_type",
        ),
    ],
)
def test_it_is_told_why_nothing_would_be_taken(change: dict[str, Any], words: str) -> None:
    payload = json.loads(sample("delighted"))
    payload["event_data"] |= change

    assert steps(LOADED["nps"], payload)[-1].startswith(words)


def test_what_is_told_of_a_payload_holds_nothing_that_people_wrote() -> None:
    payload = json.loads(sample("delighted"))
    payload["event_data"]["person_properties"] = None

    found = " ".join(steps(LOADED["nps"], payload))

    assert not [text for text in ("sanne@example.com", "Fijne samenwerking", "Sanne") if text in found]
    assert "event_data.person.email" in found


def test_what_is_no_json_is_told_as_parked() -> None:
    assert [
        words for _, words, _ in read(LOADED["nps"], b"{", "application/json", model=MODEL, zone=ZONE, now=NOW)
    ] == ["parked as not_readable: the body is not JSON"]
    assert media_type_of(b"a=1&b=2") == "application/x-www-form-urlencoded"


def test_a_client_that_the_source_may_not_tell_of_is_told() -> None:
    limited = source_of(SOURCES["nps"] | {"clients": ["acme"]})

    assert steps(limited, json.loads(sample("delighted")))[-1] == "gloeiwijk, which is none of `clients`"


@pytest.mark.parametrize("name", provider_names())
def test_every_source_is_told_with_its_address_and_header_and_without_its_secret(name: str) -> None:
    provider = find_provider(name)
    assert provider is not None
    named = NAMES.get(name)
    secret = "a-key-of-surveymonkey&its-secret" if name == "surveymonkey" else "a-secret-that-is-not-shown"
    source = LOADED[named] if named else source_of({"provider": name, "secrets": [secret]})

    text = "\n".join(told(source, ADDRESS, [], show=False))

    assert ADDRESS in text
    assert source.scheme.header in text
    assert source.secrets[0] not in text
    assert source.secrets[0] in "\n".join(told(source, ADDRESS, [], show=True))


def test_a_secret_that_was_handed_over_is_shown_when_it_is_asked_for() -> None:
    source = source_of({"provider": "gusto", "secrets": []})

    assert "none yet" in "\n".join(told(source, ADDRESS, [], show=False))
    assert "tok-1" not in "\n".join(told(source, ADDRESS, ["verification_token tok-1"], show=False))
    assert "tok-1" in "\n".join(told(source, ADDRESS, ["verification_token tok-1"], show=True))


def test_a_source_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(ToolError, match="There is no source 'npz'; there is hr, nps"):
        source_in({"nps": SOURCES["nps"], "hr": SOURCES["hr"]}, "npz", MODEL)


@pytest.mark.parametrize("provider", NAMES)
def test_what_is_signed_to_try_a_source_is_verified_by_it(provider: str) -> None:
    source, body = LOADED[NAMES[provider]], sample(provider)
    headers = sign(source.scheme, source.secrets[0], Call({}, body, "POST", ADDRESS), NOW, "msg_1")

    verify(source.scheme, source.secrets, Call(headers, body, "POST", ADDRESS), NOW)
