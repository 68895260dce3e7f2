"""Signatures: every scheme verifies what its tool signs, and nothing else."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from shared.http.problems import UnauthenticatedError
from shared.webhooks.provider import find_provider, provider_names
from shared.webhooks.signing import STANDARD_WEBHOOKS, Call, Scheme, sign, verify
from tests.support.service import NOW
from tests.support.webhooks import NAMES, SIGNING, SOURCES, signature, signed, standard_headers
from tests.unit.webhooks.adapting import LOADED, source_of

BODY = '{"naam": "Crème & Kruimel",  "b": 1, "a": 2}'.encode()
WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ADDRESS = "https://opmm.example.com/v1/webhooks/helpdesk?region=eu"


def secret_of(provider: str) -> str:
    return WHSEC if provider in ("standard", "formbricks") else "s3cret & of the tool"


def scheme_of(provider: str) -> Scheme:
    known = find_provider(provider)
    assert known is not None
    return known.scheme or LOADED[NAMES[provider]].scheme


def lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def accepts(
    scheme: Scheme,
    headers: Mapping[str, str],
    body: bytes = BODY,
    secrets: Any = (WHSEC,),
    now: datetime = NOW,
    *,
    uri: str = ADDRESS,
) -> bool:
    try:
        verify(scheme, secrets, Call(lower(headers), body, "POST", uri), now)
    except UnauthenticatedError:
        return False
    return True


def test_every_provider_is_tried() -> None:
    assert sorted(SIGNING) == provider_names()


@pytest.mark.parametrize("provider", SIGNING)
@pytest.mark.parametrize("body", [BODY, b"", b"\xff\x00", b"{body}{timestamp}{id}"])
def test_what_a_tool_signs_is_verified_byte_for_byte(provider: str, body: bytes) -> None:
    secret, scheme = secret_of(provider), scheme_of(provider)
    headers = signed(provider, body, secret)

    assert accepts(scheme, headers, body, [secret])
    assert not accepts(scheme, headers, body, ["another"])
    assert not accepts(scheme, {}, body, [secret])
    assert accepts(scheme, headers, body + b" ", [secret]) == (provider == "asknicely")


@pytest.mark.parametrize("provider", SIGNING)
def test_while_a_secret_is_rotated_both_are_good(provider: str) -> None:
    old, new = secret_of(provider), "whsec_bmV3IGtleSBvZiB0aGUgdG9vbA=="
    scheme = scheme_of(provider)

    assert [accepts(scheme, signed(provider, BODY, key), secrets=[new, old]) for key in (old, new)] == [True, True]
    assert not accepts(scheme, signed(provider, BODY, old), secrets=[new])


@pytest.mark.parametrize("provider", SIGNING)
def test_a_source_that_does_not_exist_has_no_good_signature(provider: str) -> None:
    headers = signed(provider, BODY, "whsec_bm8gc3VjaCBzb3VyY2U=" if provider == "standard" else "no such source")

    assert not accepts(scheme_of(provider), headers, secrets=[])


@pytest.mark.parametrize(
    ("secret", "message_id", "timestamp", "body", "expected"),
    [
        (
            WHSEC,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
        (
            "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            1649367553,
            b'{"email":"test@example.com","username":"test_user"}',
            "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
        ),
    ],
)
def test_the_published_vectors_of_standard_webhooks(
    secret: str, message_id: str, timestamp: int, body: bytes, expected: str
) -> None:
    headers = {"webhook-id": message_id, "webhook-timestamp": str(timestamp), "webhook-signature": expected}
    then = datetime.fromtimestamp(timestamp, UTC)

    assert accepts(STANDARD_WEBHOOKS, headers, body, [secret], then)
    assert not accepts(STANDARD_WEBHOOKS, headers, body, [secret], NOW)


def test_what_the_official_package_signs_is_verified_and_the_other_way_round() -> None:
    now = datetime.now(UTC)  # noqa: TID251 - the package reads the clock itself
    official = Webhook(WHSEC)
    theirs = {
        "webhook-id": "msg_2",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": official.sign("msg_2", now, BODY.decode()),
    }

    assert accepts(STANDARD_WEBHOOKS, theirs, now=now)
    assert official.verify(BODY, standard_headers(BODY, WHSEC, now))["naam"] == "Crème & Kruimel"


def test_one_good_signature_among_several_is_enough() -> None:
    headers = standard_headers(BODY, WHSEC)
    good = headers["webhook-signature"]

    among = {"webhook-signature": f"v1,{'A' * 43}= v1a,{'A' * 43}= v2 {good}"}
    assert accepts(STANDARD_WEBHOOKS, headers | among)


@pytest.mark.parametrize(("seconds", "good"), [(-301, False), (-300, True), (0, True), (300, True), (301, False)])
@pytest.mark.parametrize("provider", ["standard", "formbricks", "bamboohr"])
def test_a_signed_time_may_differ_by_five_minutes_either_way(provider: str, seconds: int, *, good: bool) -> None:
    secret = secret_of(provider)
    headers = signed(provider, BODY, secret, NOW + timedelta(seconds=seconds))

    assert accepts(scheme_of(provider), headers, secrets=[secret]) is good


NOW_IN_SECONDS = str(int(NOW.timestamp()))
ARABIC = NOW_IN_SECONDS.translate({ord(str(digit)): chr(0x660 + digit) for digit in range(10)})


@pytest.mark.parametrize(
    "timestamp",
    [
        "",
        "t.5",
        "1_7",
        f"{NOW_IN_SECONDS}.0",
        f" {NOW_IN_SECONDS}",
        f"{NOW_IN_SECONDS}\n",
        f"+{NOW_IN_SECONDS}",
        f"-{NOW_IN_SECONDS}",
        ARABIC,
        "9" * 12,
        "9" * 5000,
        "NaN",
        "inf",
        "1e9",
        "\ud800",
    ],
)
def test_a_time_that_is_none_is_refused_however_well_it_is_signed(timestamp: str) -> None:
    signed_bytes = b".".join([b"m", timestamp.encode("utf-8", "replace"), BODY])
    key = base64.b64decode(WHSEC.removeprefix("whsec_"))
    headers = {
        "webhook-id": "m",
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature(signed_bytes, encoding='base64', key=key)}",
    }

    assert not accepts(STANDARD_WEBHOOKS, headers)


def test_a_missing_time_or_id_is_refused() -> None:
    headers = standard_headers(BODY, WHSEC)

    for name in headers:
        assert not accepts(STANDARD_WEBHOOKS, {other: headers[other] for other in headers if other != name})


@pytest.mark.parametrize("provider", SIGNING)
@pytest.mark.parametrize(
    "malformed",
    ["", " ", "v1", "v1,", ",", "v1,!!!", "v1,====", "sha256=", "sha256", "sha1=zz", "é", "\udcff", "0" * 10_000],
)
def test_a_malformed_signature_is_refused(provider: str, malformed: str) -> None:
    secret, scheme = secret_of(provider), scheme_of(provider)

    assert not accepts(scheme, signed(provider, BODY, secret) | {scheme.header: malformed}, secrets=[secret])


@given(
    provider=st.sampled_from(SIGNING),
    headers=st.dictionaries(st.sampled_from(["value", "webhook-id", "webhook-timestamp"]), st.text()),
    body=st.binary(),
)
def test_no_header_and_no_body_does_more_than_be_refused(provider: str, headers: dict[str, str], body: bytes) -> None:
    scheme = scheme_of(provider)

    assert not accepts(scheme, headers | {scheme.header: headers.get("value", "")}, body, [secret_of(provider)])


@pytest.mark.parametrize("encoding", ["hex", "base64"])
def test_survicate_may_write_its_digest_either_way(encoding: str) -> None:
    assert accepts(scheme_of("survicate"), {"Hmac": signature(BODY, encoding=encoding, key="key")}, secrets=["key"])
    assert not accepts(scheme_of("survicate"), {"Hmac": "", "Token": "key"}, secrets=["key"])


def scheme_said(**signature: Any) -> Scheme:
    """The scheme of a source that says how its tool signs."""
    return source_of(SOURCES[NAMES["custom"]] | {"secrets": [KEY], "signature": signature}).scheme


KEY = base64.b64encode(b"a key of a tool that signs").decode()
AT = datetime(2021, 3, 25, 5, 9, 27, tzinfo=UTC)

HUBSPOT = {
    "header": "X-HubSpot-Signature-v3",
    "encoding": "base64",
    "message": "{method}{uri}{body}{timestamp}",
    "timestamp_header": "X-HubSpot-Request-Timestamp",
    "timestamp": "milliseconds",
}
"""https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation"""

ZENDESK = {
    "header": "X-Zendesk-Webhook-Signature",
    "encoding": "base64",
    "message": "{timestamp}{body}",
    "timestamp_header": "X-Zendesk-Webhook-Signature-Timestamp",
    "timestamp": "iso8601",
}
"""https://developer.zendesk.com/documentation/webhooks/verifying/"""


def test_hubspot_signs_method_address_body_and_milliseconds() -> None:
    body, sent = b'[{"eventId":1,"portalId":62515}]', str(int(AT.timestamp() * 1000))
    signed_bytes = b"POST" + ADDRESS.encode() + body + sent.encode()
    headers = {
        "X-HubSpot-Signature-v3": signature(signed_bytes, encoding="base64", key=KEY),
        "X-HubSpot-Request-Timestamp": sent,
    }
    scheme = scheme_said(**HUBSPOT)

    assert accepts(scheme, headers, body, [KEY], AT + timedelta(minutes=5))
    assert not accepts(scheme, headers, body, [KEY], AT + timedelta(minutes=5, seconds=1))
    assert not accepts(scheme, headers, body, [KEY], AT, uri="https://opmm.example.com/v1/webhooks/other")
    assert accepts(scheme_said(**HUBSPOT, uri=ADDRESS), headers, body, [KEY], AT, uri="https://behind.example.net/")


def test_zendesk_signs_a_date_time_and_the_body() -> None:
    body, sent = b'{"id":"zen:event-type:user.created"}', "2021-03-25T05:09:27Z"
    headers = {
        "X-Zendesk-Webhook-Signature": signature(sent.encode() + body, encoding="base64", key=KEY),
        "X-Zendesk-Webhook-Signature-Timestamp": sent,
    }
    scheme = scheme_said(**ZENDESK)

    assert accepts(scheme, headers, body, [KEY], AT + timedelta(seconds=300))
    assert not accepts(scheme, headers, body, [KEY], AT + timedelta(seconds=301))


@pytest.mark.parametrize(
    ("form", "sent", "good"),
    [
        ("seconds", "1616648967", True),
        ("seconds", "1616648967000", False),
        ("milliseconds", "1616648967123", True),
        ("milliseconds", "1616648967", False),
        ("milliseconds", "16166489671.0", False),
        ("iso8601", "2021-03-25T05:09:27Z", True),
        ("iso8601", "2021-03-25T06:09:27.123456789+01:00", True),
        ("iso8601", "2021-03-25T05:09:27", False),
        ("iso8601", "2021-03-25", False),
        ("iso8601", "1616648967", False),
        ("iso8601", "9" * 5000, False),
        ("iso8601", "9999-12-31T23:59:59-23:59", False),
    ],
)
def test_a_signed_time_is_read_in_the_form_that_the_source_says(form: str, sent: str, *, good: bool) -> None:
    scheme = scheme_said(header="x-s", message="{timestamp}.{body}", timestamp_header="x-t", timestamp=form)
    headers = {"x-s": signature(f"{sent}.".encode() + BODY, key=KEY), "x-t": sent}

    assert accepts(scheme, headers, secrets=[KEY], now=AT) is good


@pytest.mark.parametrize(("separator", "between"), [(",", ","), (",", ", "), (" ", " ")])
def test_one_of_several_signatures_in_a_header_is_enough(separator: str, between: str) -> None:
    scheme = scheme_said(header="x-s", separator=separator, prefix="v1=")
    good = f"v1={signature(BODY, key=KEY)}"

    assert accepts(scheme, {"x-s": between.join(["v0=00", good, f"v1={'0' * 64}"])}, secrets=[KEY])
    assert not accepts(scheme, {"x-s": between.join(["v0=00", good.upper()])}, secrets=[KEY])
    assert not accepts(scheme_said(header="x-s", prefix="v1="), {"x-s": f"{good},{good}"}, secrets=[KEY])


@pytest.mark.parametrize(
    ("form", "secret"),
    [
        ("text", "a key of a tool"),
        ("base64", base64.b64encode(b"a key of a tool").decode()),
        ("base64", f"whsec_{base64.b64encode(b'a key of a tool').decode()}"),
        ("hex", b"a key of a tool".hex().upper()),
    ],
)
def test_a_secret_may_be_the_base64_or_hex_of_its_key(form: str, secret: str) -> None:
    settings = SOURCES[NAMES["custom"]] | {"secrets": [secret], "signature": {"header": "x-s", "key": form}}

    assert accepts(source_of(settings).scheme, {"x-s": signature(BODY, key="a key of a tool")}, secrets=[secret])


def test_svix_sends_standard_webhooks_under_headers_of_its_own() -> None:
    headers = standard_headers(BODY, WHSEC)
    branded = {name.replace("webhook-", "svix-"): value for name, value in headers.items()}

    assert accepts(STANDARD_WEBHOOKS, branded)
    assert accepts(STANDARD_WEBHOOKS, branded | {"webhook-id": "of no concern"})
    assert not accepts(STANDARD_WEBHOOKS, branded | {"webhook-signature": "v1,AAAA"})
    assert not accepts(STANDARD_WEBHOOKS, branded | {"svix-id": "another"})


@pytest.mark.parametrize("provider", SIGNING)
def test_what_is_signed_to_try_a_source_out_is_what_its_tool_signs(provider: str) -> None:
    secret, scheme = secret_of(provider), scheme_of(provider)
    headers = sign(scheme, secret, Call({}, BODY, "POST", ADDRESS), NOW, "msg_1")

    assert lower(signed(provider, BODY, secret)) == headers
    assert accepts(scheme, headers, secrets=[secret])


@pytest.mark.parametrize("signature_settings", [HUBSPOT, ZENDESK])
def test_schemes_of_ones_own_can_be_tried_out_too(signature_settings: dict[str, Any]) -> None:
    scheme = scheme_said(**signature_settings)
    headers = sign(scheme, KEY, Call({}, BODY, "POST", ADDRESS), NOW, "msg_1")

    assert accepts(scheme, headers, secrets=[KEY])
    assert not accepts(scheme, headers, BODY + b" ", [KEY])
