"""Pages over tables that events have filled, where another model runs."""

import re
from typing import Any

from moto import mock_aws

from shared.opmm.model_document import load_model, published_model
from tests.support.calls import look
from tests.support.service import event, in_memory, responses


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


def tables(body: str) -> list[str]:
    """What can be read instead of the charts: the totals by month, then the NPS."""
    return re.findall(r'<table class="numbers">(.*?)</table>', body)
