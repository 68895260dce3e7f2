from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.support.service import Service, in_memory


@pytest.fixture
def service() -> Iterator[Service]:
    with mock_aws():
        yield in_memory()
