import os

from tests.support.clients import REGION
from tests.support.template import environment

# The handlers read their environment when they are imported, as in Lambda; the template says what is in it.
os.environ |= {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    **environment("IngestFunction"),
    **environment("ScoreFunction"),
    **environment("PagesFunction"),
    **environment("QueryFunction"),
}
