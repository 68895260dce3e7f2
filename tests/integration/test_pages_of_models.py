"""Pages over tables that events have filled, where another model runs."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from shared.opmm.model_document import load_model, published_model
from tests.support.browser_forms import opened, send
from tests.support.calls import look
from tests.support.service import event, in_memory, responses

pytestmark = pytest.mark.usefixtures("plainly")

MODELS = Path(__file__).parents[1] / "support" / "models"


def test_months_reach_behind_a_window_that_is_shorter_than_a_year() -> None:
    document: Any = {**published_model().document, "nps_window_days": 60}
    document["discussion"] = {**document["discussion"], "days": 30}
    model = load_model(document)
    with mock_aws():
        service = in_memory(model=model)
        earlier = {"response_id": "spring", "score": 10, "responded_at": "2026-04-10T09:00:00Z"}
        service.post([*responses([9, 0, 9, 0, 9]), event("nps.responded", earlier, id="spring")])
        service.settle()
        body = look(service, "/clients/acme").text

    assert "Answers by month: Dec 2025 none, Jan 2026 none, Feb 2026 none, Mar 2026 none, Apr 2026 1 answer, " in body
    totals, _ = (dict(re.findall(r'<th scope="row">([^<]*)</th><td>([^<]*)</td>', part)) for part in tables(body))
    assert [totals[month] for month in ("Mar 2026", "Apr 2026", "May 2026", "Jun 2026")] == ["0", "4", "4", "0"]


@pytest.mark.parametrize("name", ["three", "six"])
def test_a_talk_goes_through_the_questions_of_any_model(name: str) -> None:
    document = json.loads((MODELS / f"{name}.json").read_text(encoding="utf-8"))
    model = load_model(document)
    with mock_aws():
        service = in_memory(model=model)
        service.post(event("talk.recorded", {"talk_id": "t-1", "on": "2026-12-03"}))
        service.settle()
        form = opened(service, "/clients/acme/talk", "talk")
        for dimension in model.dimensions:
            assert form.fields.get(f"q.{dimension.key}", "") == ""
            best = max(dimension.bands, key=lambda band: band.points)
            if dimension.kind == "choice":
                form.fields[f"q.{dimension.key}"] = str(best.answer)
            elif dimension.answers_from == "consultants":
                form.fields |= {f"q.{dimension.key}": "told", f"q.{dimension.key}.working": str(best.low)}
            elif dimension.kind == "count":
                form.fields |= {f"q.{dimension.key}": "told", f"q.{dimension.key}.other": str(best.low)}
        answer = send(service, "/clients/acme/talk", form, save="1")
        service.settle()
        card = service.get("/v1/clients/acme").json

    worth = sum(dimension.max for dimension in model.dimensions if dimension.kind != "nps")
    assert (answer.status, answer.headers["Location"]) == (303, f"/clients/acme?saved=talk.0.{worth}")
    assert card["total"] == worth


def tables(body: str) -> list[str]:
    """What can be read instead of the charts: the totals by month, then the NPS."""
    return re.findall(r'<table class="numbers">(.*?)</table>', body)
