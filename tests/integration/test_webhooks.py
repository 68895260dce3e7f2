from pathlib import Path

from tests.support.service import Service
from tests.support.webhooks import SECRET, post, register, signature

SAMPLES = Path(__file__).parent.parent.parent / "events" / "webhooks"
DELIGHTED = {
    "provider": "delighted",
    "secrets": [SECRET],
    "client": "event_data.person_properties.client",
}


def test_a_signed_response_becomes_a_score(service: Service) -> None:
    register(service, {"nps": DELIGHTED})
    body = (SAMPLES / "delighted.json").read_bytes()

    answer = post(service, "nps", body, {"X-Delighted-Webhook-Signature": f"sha256={signature(body)}"})
    service.settle()

    assert (answer.status, answer.json) == (
        200,
        {"status": "accepted", "results": [{"status": "accepted", "id": "5c4f3e2d1b0a", "client_id": "gloeiwijk"}]},
    )
    assert service.get("/v1/clients/gloeiwijk").json["total"] == 4


def test_a_payload_without_a_client_is_parked_and_replayed_once_the_mapping_is_mended(service: Service) -> None:
    register(service, {"nps": DELIGHTED | {"client": "event_data.client"}})
    body = (SAMPLES / "delighted.json").read_bytes()
    headers = {"X-Delighted-Webhook-Signature": f"sha256={signature(body)}"}

    parked = post(service, "nps", body, headers).json

    assert parked["status"] == "parked"
    [listed] = service.get_ingest("/v1/parked").json["parked"]
    assert listed == {
        "id": parked["results"][0]["parked_id"],
        "source": "nps",
        "reason": "unknown_client",
        "detail": "the payload names no client where the source expects one",
        "received_at": "2026-11-24T12:00:00Z",
        "count": 1,
    }

    register(service, {"nps": DELIGHTED})
    replayed = service.post("", path=f"/v1/parked/{listed['id']}/replay")

    assert replayed.json["status"] == "accepted"
    assert service.get_ingest("/v1/parked").json == {"parked": [], "next": None}


def test_an_unknown_source_cannot_be_told_from_a_bad_signature(service: Service) -> None:
    register(service, {"nps": DELIGHTED})

    unknown, wrong = (
        post(service, source, b"{}", {"X-Delighted-Webhook-Signature": "sha256=00"}) for source in ("x", "nps")
    )

    assert (unknown.status, unknown.text, unknown.headers) == (401, wrong.text, wrong.headers)
