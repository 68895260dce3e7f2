"""Calls to the local stack, and waiting for what follows from them."""

import time
from collections.abc import Callable
from typing import Any

import httpx

from tools.stack import Stack


def calling(stack: Stack, token: str | None = None) -> httpx.Client:
    """A client of the stack's API, with the token of all scopes unless another is given."""
    headers = {"Authorization": f"Bearer {token or stack.token}", "Host": stack.host}
    return httpx.Client(base_url=stack.api_url, headers=headers, timeout=60)


def eventually(reading: Callable[[], Any], expected: Any, seconds: float = 30) -> None:
    """Waits until a reading is what is expected: a score follows its event by a moment."""
    until = time.monotonic() + seconds
    while (last := reading()) != expected and time.monotonic() < until:
        time.sleep(0.2)
    assert last == expected
