"""Whom a document of destinations names that nobody knows: told of where it is stored, and no reason to refuse it."""

from time import sleep

from shared.destinations.document import load_destinations
from shared.storage.queries import Queries
from tests.support.clients import dynamodb_client
from tests.support.service import Service, event
from tools.destinations import unheard_of

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def test_clients_and_owners_that_nobody_knows_are_told_of_and_stored_all_the_same(service: Service) -> None:
    for name, owner in (("acme", "Sam de Vries"), ("beta", "Noor van Dalen"), ("gone", "Kim Weg")):
        service.post([event("client.described", {"owner": owner}, subject=name)])
    service.post([event("client.described", {"status": "ended"}, subject="gone", id="ended")])
    service.settle()
    of_some = {"channel": "webhook", "address": "https://crm.example/", "secrets": [SECRET], "wants": ["changes"]}
    stored = load_destinations(
        {
            "all": of_some,
            "known": of_some | {"owner": " sam  DE vries "},
            "left": of_some | {"owner": "Kim Weg"},
            "some": of_some | {"clients": ["acme", "acmee", "gone", "betta"]},
            "two": of_some | {"owner": "Sam de Vreis"},
        }
    )

    assert list(unheard_of(stored, Queries(dynamodb_client(), "ScoresTable", sleep))) == [
        "left.owner: no client has the owner 'Kim Weg'; owners are Noor van Dalen, Sam de Vries.",
        "some.clients: no client has the id acmee or betta.",
        "two.owner: no client has the owner 'Sam de Vreis'; owners are Noor van Dalen, Sam de Vries.",
    ]


def test_nobody_is_read_where_nobody_is_named() -> None:
    described = {"channel": "webhook", "address": "https://crm.example/", "secrets": [SECRET], "wants": ["changes"]}
    assert list(unheard_of(load_destinations({"all": described}), Queries(None, "", sleep))) == []  # type: ignore[arg-type]
