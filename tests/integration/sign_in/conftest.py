from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.support.identity_provider import IdentityProvider, identity_provider
from tests.support.readings import counted
from tests.support.service import TOKEN_KEY, Clock, Handler, Service, in_memory
from tests.support.visitors import Visitor, secrets, started
from tools.people import store
from tools.token_keys import TokenKeys


@pytest.fixture(scope="module")
def listening() -> Iterator[IdentityProvider]:
    with identity_provider() as provider:
        yield provider


@pytest.fixture
def provider(listening: IdentityProvider) -> IdentityProvider:
    """A provider of which no test has changed anything."""
    listening.forget()
    return listening


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def deployed() -> Iterator[Service]:
    """Two clients, of which no test changes anything."""
    with mock_aws():
        wired = in_memory()
        wired.post([counted(6), counted(3, subject="beta")])
        wired.settle()
        yield wired


@pytest.fixture
def pages(deployed: Service, provider: IdentityProvider, clock: Clock) -> Handler:  # noqa: ARG001 - in place
    """The pages' function, started anew, which lets people in as the provider's document says."""
    provider.clock = lambda: clock().timestamp()
    secrets().put_secret_value(SecretId="opmm/token-keys", SecretString=TokenKeys(TOKEN_KEY).text())
    store(secrets(), "opmm", provider.document())
    return started(clock)


@pytest.fixture
def visitor(pages: Handler) -> Visitor:
    return Visitor(pages)
