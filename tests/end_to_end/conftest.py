"""A local stack for these tests, one for each worker. When it cannot be brought up, they fail and say why."""

import os
import shutil
import socket
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.end_to_end.calls import calling, eventually
from tools.demo.calls import post_events
from tools.demo.portfolio import PORTFOLIO, ZONE, client_ids, load_portfolio
from tools.stack import Settings, Stack, clean, up
from tools.stack.settings import LOCAL

ORDER = {"test_stack.py": -4, "test_pages.py": -3, "test_transfer.py": -2, "test_sources.py": -1, "test_openapi.py": 1}

QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First what expects the sample portfolio and nothing else, then what takes long.

    What stores sources comes soon: a function that has seen others learns of them within a minute only. Invented
    requests come last: they leave facts behind that no other test expects.
    """
    items.sort(key=lambda item: ORDER.get(item.path.name, 0))


@pytest.fixture(scope="session")
def settings() -> Iterator[Settings]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    settings = Settings(port=port, state_dir=LOCAL / f"end-to-end-{worker}")
    clean(settings)
    yield settings
    clean(settings)


@pytest.fixture(scope="session")
def stack(settings: Settings) -> Stack:
    return up(settings)


@pytest.fixture
def api(stack: Stack) -> Iterator[httpx.Client]:
    with calling(stack) as client:
        yield client


@pytest.fixture(scope="session")
def portfolio(stack: Stack) -> list[dict[str, Any]]:
    """The sample portfolio, posted and scored."""
    events = load_portfolio(PORTFOLIO, datetime.now(ZONE).date())  # noqa: TID251 - the portfolio is told from today
    with calling(stack) as client:
        post_events(client, events)

        def behind() -> list[str]:
            """The clients whose scorecard does not say yet what their facts give."""
            names = client_ids(events)
            return [name for name in names if not client.get(f"v1/clients/{name}/verify").json().get("equal")]

        eventually(behind, [], seconds=60)
    return events


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. Without it these tests are skipped, but not where CI is set."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("CI is set, and there is no chromium: apt-get install chromium")
        pytest.skip("no chromium on PATH: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield started
        started.close()
