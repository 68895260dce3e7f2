"""Identity providers that fail, are slow, or are not who they should be."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from shared.people import provider as provider_calls
from tests.support.identity_provider import IdentityProvider
from tests.support.service import Handler
from tests.support.visitors import Visitor, logged, secrets
from tools.people import store

RESPONSES: dict[str, tuple[tuple[int, bytes, dict[str, str]], int, str]] = {
    "code refused": ((400, b'{"error": "invalid_grant"}', {}), 400, "no token: invalid_grant"),
    "secret refused": ((401, b'{"error": "invalid_client"}', {}), 400, "no token: invalid_client"),
    "a chatty error": ((400, b'{"error": "ada@agency.example"}', {}), 400, "no token: 400"),
    "an error without JSON": ((400, b"<html>", {}), 400, "no JSON object: 400"),
    "no ID token": ((200, b'{"access_token": "x"}', {}), 400, "no ID token"),
    "an ID token of another kind": ((200, b'{"id_token": 5}', {}), 400, "no ID token"),
    "garbage": ((200, b'{"id_token": "a.b.c"}', {}), 400, "no token"),
    "no JSON": ((200, b"x", {}), 400, "no JSON object: 200"),
    "a list": ((200, b"[]", {}), 400, "no JSON object: 200"),
    "nested": ((200, b"[" * 100_000, {}), 400, "no JSON object: 200"),
    "a redirect": ((302, b"", {"Location": "http://127.0.0.1:9/"}), 400, "a redirect"),
    "too much": ((200, b" " * 200_000, {}), 400, "too much was sent"),
    "trouble": ((500, b"{}", {}), 503, "trouble: 500"),
    "too many": ((429, b"{}", {}), 503, "trouble: 429"),
}


@pytest.mark.parametrize("case", RESPONSES)
def test_whatever_the_provider_responds_there_is_a_page_with_a_way_on(
    visitor: Visitor, provider: IdentityProvider, case: str, caplog: pytest.LogCaptureFixture
) -> None:
    provider.response, status, reason = RESPONSES[case]
    page = visitor.sign_in("/clients/acme")

    assert (page.status, visitor.cookies) == (status, {})
    assert page.headers.get("Retry-After") == ("30" if status == 503 else None)
    assert 'href="/sign-in?next=%2Fclients%2Facme"' in page.text
    assert [line["reason"] for line in logged(caplog)] == [reason]


def test_a_provider_that_cannot_be_reached_is_a_page_that_says_so(
    pages: Handler, provider: IdentityProvider, caplog: pytest.LogCaptureFixture
) -> None:
    store(secrets(), "opmm", provider.document(discovery="http://127.0.0.1:9/nobody"))
    page = Visitor(pages).to_provider()

    assert (page.status, page.headers["Retry-After"]) == (503, "30")
    assert page.heading == f"{urlsplit(provider.issuer).netloc} does not respond"
    assert [line["reason"] for line in logged(caplog)] == ["unreachable: ConnectionRefusedError"]


def test_a_provider_that_is_too_slow_is_waited_for_no_longer(
    visitor: Visitor, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_calls, "SECONDS_TO_ANSWER", 0.2)
    provider.delay = 1

    assert visitor.to_provider().status == 503


@pytest.mark.parametrize(
    "configuration",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": None},
        {"token_endpoint": "http://evil.example/token"},
        {"authorization_endpoint": "http://evil.example/"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"end_session_endpoint": "http://evil.example/"},
        {"userinfo_endpoint": "http://evil.example/"},
        {"jwks_uri": "http://evil.example/"},
        {"token_endpoint": ["https://a.example/"]},
        {"token_endpoint": "https://u:p@a.example/"},
    ],
    ids=str,
)
def test_a_configuration_of_another_or_without_tls_is_not_used(
    visitor: Visitor, provider: IdentityProvider, configuration: dict[str, Any]
) -> None:
    provider.configuration = configuration

    assert (visitor.to_provider().status, visitor.cookies) == (400, {})


def test_a_secret_goes_into_the_body_where_the_provider_takes_it_only_there(
    visitor: Visitor, provider: IdentityProvider
) -> None:
    provider.configuration = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}

    assert visitor.sign_in().status == 400  # the stand-in takes it in the header only
    assert provider.calls[-1] == "/token"
