from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.support.plain_tables import plain_tables
from tests.support.post import Post
from tests.support.service import Service, in_memory


@pytest.fixture
def service() -> Iterator[Service]:
    with mock_aws():
        yield in_memory()


@pytest.fixture
def plainly() -> Iterator[None]:
    """Tables in plain dicts: for files that make much again and again, and ask nothing of how DynamoDB words it."""
    with plain_tables():
        yield


@pytest.fixture
def post(service: Service) -> Post:
    return Post(service)
