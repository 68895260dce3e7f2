from hypothesis import settings
from pytest_socket import disable_socket

# A busy machine is no reason to fail: what is slow is seen in the duration of the tests.
settings.register_profile("unit", deadline=None)
settings.load_profile("unit")


def pytest_runtest_setup() -> None:
    disable_socket()
