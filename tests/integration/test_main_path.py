from tests.support.service import NOTHING_TO_DISCUSS, Service, event, responses


def test_an_event_moves_the_score(service: Service) -> None:
    counted = event("consultants.counted", {"working": 8, "happy": 6, "as_of": "2026-11-01"}, source="hr")

    answer = service.post(counted)
    service.settle()

    assert answer.status == 202
    assert answer.json == {"id": "e-1", "client_id": "acme", "status": "accepted", "new_client": True}
    card = service.get("/v1/clients/acme/score").json
    assert card.pop("digest").startswith("sha256:")
    unanswered = {
        "points": None,
        "max": 4,
        "value": None,
        "basis": None,
        "band": None,
        "observed_at": None,
        "source": None,
        "fact_id": None,
        "stale": False,
    }
    assert card == {
        "client_id": "acme",
        "name": "acme",
        "as_of": "2026-11-24",
        "total": 3,
        "max_total": 20,
        "attainable": 4,
        "complete": False,
        "stale": False,
        "model": "opmm-1",
        "version": 1,
        "changed_at": "2026-11-24T12:00:00Z",
        "discussion": NOTHING_TO_DISCUSS,
        "dimensions": [
            {
                "key": "happy_consultants",
                "points": 3,
                "max": 4,
                "value": 6,
                "basis": "measured",
                "band": "between 5 and 10",
                "observed_at": "2026-11-01",
                "source": "hr",
                "fact_id": "count#hr#2026-11-01",
                "stale": False,
            },
            {"key": "specialisms", **unanswered},
            {"key": "roadmap", **unanswered},
            {"key": "inspiration", **unanswered},
            {"key": "nps", **unanswered, "responses": None, "interval": None, "one_answer_moves": True},
        ],
    }


def test_the_ledger_says_what_moved_and_why(service: Service) -> None:
    service.post(responses([9, 9, 0]))
    service.settle()
    service.post(event("nps.retracted", {"response_id": "r-2"}, time="2026-11-23T13:00:00Z"))
    service.settle()

    history = service.get("/v1/clients/acme/history").json

    assert history["next"] is None
    assert history["changes"] == [
        {
            "version": 2,
            "at": "2026-11-24T12:00:00Z",
            "cause": "retraction",
            "total_before": 4,
            "total_after": 4,
            "dimensions": [
                {
                    "key": "nps",
                    "before": {"points": 4, "value": 33, "band": "10 or higher"},
                    "after": {"points": 4, "value": 100, "band": "10 or higher"},
                }
            ],
            "facts": ["response#tests#r-2"],
        },
        {
            "version": 1,
            "at": "2026-11-24T12:00:00Z",
            "cause": "new",
            "total_before": 0,
            "total_after": 4,
            "dimensions": [
                {
                    "key": "nps",
                    "before": {"points": None, "value": None, "band": None},
                    "after": {"points": 4, "value": 33, "band": "10 or higher"},
                }
            ],
            "facts": ["response#tests#r-0", "response#tests#r-1", "response#tests#r-2"],
        },
    ]
