"""Another tool is one file: the recipe of the README, followed word by word."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.webhooks import providers
from tests.support.readme import examples, section_of
from tests.support.service import Service
from tests.support.webhooks import SECRET, connected, post, signature

SECTION = "Connect a survey tool or an HR system"
SAMPLE: dict[str, Any] = {
    "response": {
        "id": 77,
        "score": 9,
        "comment": "Graag zo door.",
        "person": {"email": "lot@example.com", "company": "Vlierbes"},
        "answered_at": "2026-11-16T11:20:00+01:00",
        "changed_at": "2026-11-16T11:25:00+01:00",
    }
}


@pytest.fixture
def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of the provider whose file the README shows; the file stands in a folder beside the real ones."""
    [code] = examples(SECTION, "python")
    named = re.search(r"`shared/webhooks/providers/(\w+)\.py`", section_of(SECTION))
    assert named is not None
    (tmp_path / f"{named[1]}.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(providers, "__path__", [*providers.__path__, str(tmp_path)])
    yield named[1]
    sys.modules.pop(f"{providers.__name__}.{named[1]}", None)


@pytest.fixture
def service(provider: str) -> Iterator[Service]:
    source = {"provider": provider, "secrets": [SECRET], "client": "response.person.company"}
    with connected({"poll": source}) as connected_service:
        yield connected_service


def sent(service: Service, key: str = SECRET, **changes: Any) -> tuple[int, Any]:
    body = json.dumps({"response": SAMPLE["response"] | changes}).encode()
    answer = post(service, "poll", body, {"X-Pollster-Signature": signature(body, key=key)})
    return answer.status, answer.json.get("status")


def test_a_signed_sample_of_another_tool_becomes_a_score(service: Service) -> None:
    assert sent(service) == (200, "accepted")
    assert sent(service) == (200, "duplicate")
    service.settle()

    dimensions = service.get("/v1/clients/vlierbes").json["dimensions"]
    assert [dimension["value"] for dimension in dimensions if dimension["key"] == "nps"] == [100]


def test_another_tool_is_held_to_every_rule_of_webhooks(service: Service) -> None:
    assert sent(service, key="wrong")[0] == 401
    assert sent(service, score=None) == (200, "ignored")
    assert sent(service, score=9.5) == (200, "parked")
    assert sent(service, person={}) == (200, "parked")
    assert sent(service, score=9.0) == (200, "accepted")
    assert sent(service, score=3, changed_at="2026-11-15T00:00:00Z") == (200, "superseded")
