import gc
import os

from tests.support.clients import REGION
from tests.support.light_calls import lighten_calls
from tests.support.light_moto import lighten
from tests.support.light_queues import lighten_queues
from tests.support.template import environment

# The handlers read their environment when they are imported, as in Lambda; the template says what is in it.
os.environ |= {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    # moto does not know the endpoints that carry an account id: what reads a stream would hear 404 there.
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
    **environment("NotifyFunction"),
    **environment("IngestFunction"),
    **environment("ScoreFunction"),
    **environment("EraseFunction"),
    **environment("QueryFunction"),
    **environment("PagesFunction"),
}

lighten()
lighten_calls()
lighten_queues()


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
