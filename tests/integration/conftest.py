import os
from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.support.clients import REGION
from tests.support.template import environment

# The handlers read their environment when they are imported, as in Lambda; the template says what is in it.
os.environ |= {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    **environment("IngestFunction"),
    **environment("ScoreFunction"),
    **environment("QueryFunction"),
}

from tests.support.service import Service, in_memory


@pytest.fixture
def service() -> Iterator[Service]:
    with mock_aws():
        yield in_memory()
