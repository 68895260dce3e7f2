"""From `make sources` to the score, for every tool that says more than that something changed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.end_to_end.calls import eventually
from tests.support.webhooks import NAMES, SOURCES
from tools.stack import Settings, Stack
from tools.stack.settings import ROOT

SURVEYS = [name for name in NAMES if name not in ("surveymonkey", "custom")]


def sources(settings: Settings, *options: str) -> subprocess.CompletedProcess[str]:
    """What `make sources` does."""
    return subprocess.run(  # noqa: S603 - tools of ours
        [sys.executable, "-m", "tools", "sources", *options],
        cwd=ROOT,
        env=os.environ | {"PORT": str(settings.port), "STATE_DIR": str(settings.state_dir)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def connected(settings: Settings, stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """The stack with a source for each tool."""
    file = tmp_path_factory.mktemp("sources") / "sources.json"
    file.write_text(json.dumps(SOURCES | {"payroll": {"provider": "gusto", "secrets": []}}))
    stored = sources(settings, "--file", str(file), "--yes")
    assert stored.returncode == 0, stored.stderr
    # A function that has seen another document, as of other tests here, learns of this one within a minute.
    first = ("--source", NAMES[SURVEYS[0]], "--test", "1", "--client", "learns of it")
    eventually(lambda: sources(settings, *first).returncode, 0, seconds=75)
    return stack


@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize("provider", SURVEYS)
def test_a_sample_is_followed_to_the_score(settings: Settings, provider: str) -> None:
    tried = sources(settings, "--source", NAMES[provider], "--test", "1", "--client", f"walk {provider}")

    assert tried.returncode == 0, tried.stderr
    assert "sent     200 OK" in tried.stdout
    assert "became   accepted" in tried.stdout
    assert f"score    walk-{provider}: none -> " in tried.stdout


@pytest.mark.usefixtures("connected")
def test_a_payload_of_ones_own_is_sent_as_it_is(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "payload.json"
    file.write_bytes((ROOT / "events" / "webhooks" / "custom.json").read_bytes())
    dry = sources(settings, "--source", NAMES["custom"], "--test", str(file), "--dry-run")
    first, second = (sources(settings, "--source", NAMES["custom"], "--test", str(file)) for _ in range(2))

    assert "sent     not at all" in dry.stdout
    assert "became   accepted, of vlierbes" in first.stdout
    assert "became   duplicate, of vlierbes: this very version is known" in second.stdout
    assert "nothing moved" in second.stdout


def test_gusto_hands_its_token_over_and_make_sources_shows_it(settings: Settings, connected: Stack) -> None:
    body = {"verification_token": "token-of-gusto", "webhook_subscription_uuid": "u-1"}
    address = f"{connected.api_url}v1/webhooks/payroll"
    handed_over = httpx.post(address, json=body, headers={"Host": connected.host}, timeout=60, trust_env=False)

    assert handed_over.json()["results"][0]["reason"] == "handed_over"
    assert "token-of-gusto" not in sources(settings, "--source", "payroll").stdout
    assert "token-of-gusto" in sources(settings, "--source", "payroll", "--show").stdout


def test_a_sender_of_cloudevents_gets_leave_through_the_gateway(connected: Stack) -> None:
    asked = {
        "Host": connected.host,
        "WebHook-Request-Origin": "eventemitter.example.com",
        "WebHook-Request-Rate": "120",
    }
    probed = httpx.options(f"{connected.api_url}v1/webhooks/hr", headers=asked, timeout=60, trust_env=False)

    assert probed.status_code == 200
    assert (probed.headers["webhook-allowed-origin"], probed.headers["webhook-allowed-rate"]) == ("*", "*")
    assert "POST" in probed.headers["allow"]


def test_an_admin_mends_in_the_browser_what_is_parked(settings: Settings, connected: Stack, tmp_path: Path) -> None:
    file = tmp_path / "payload.json"
    file.write_text(json.dumps({"id": 7, "date": "2026-11-16T11:20:00Z", "rating": 9, "version": 1}))
    parked = sources(settings, "--source", NAMES["custom"], "--test", str(file))
    assert "became   parked as unknown_client" in parked.stdout
    [item] = re.findall(rf"\(({NAMES['custom']}\.[0-9a-f]+)\)", parked.stdout)
    headers = {"Host": connected.host, "Cookie": f"opmm={connected.token}", "Accept": "text/html"}
    with httpx.Client(base_url=connected.api_url, headers=headers, timeout=60, trust_env=False) as browser:
        shown = browser.get("sources", params={"source": NAMES["custom"]})
        mended = browser.post(
            "sources",
            data={"source": NAMES["custom"], "id": item, "act": "replay", "client": "Mended"},
            headers={"Sec-Fetch-Site": "same-origin"},
        )

    assert (shown.status_code, item in shown.text) == (200, True)
    assert (mended.status_code, mended.headers["location"]) == (
        303,
        f"/sources?source={NAMES['custom']}&became=accepted1",
    )
