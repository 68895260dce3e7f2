"""What the service costs and how fast it is, beside its bars and beside the usual way: `python -m tests.benchmarks`."""

from tests import conftest  # noqa: F401 - sets the environment that handlers read when they are imported
