"""Different companies never become one client in silence, and one company never becomes two by how a tool calls it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from moto import mock_aws

from shared.storage.scores import Scores
from tests.support.calls import call, in_memory_with_clients, look
from tests.support.clients import dynamodb_client
from tests.support.metering import metered
from tests.support.service import Answer, Service, event, http_event, responses, token
from tests.support.webhooks import SOURCES, connected, post, signed, store, values
from tools.transfer.clients import StackNames, would_join

pytestmark = pytest.mark.usefixtures("plainly")

NAMED: Any = {"nps": SOURCES["nps"]}


@pytest.fixture
def named() -> Iterator[Service]:
    with connected(NAMED) as service:
        yield service


def described(subject: str, minute: int = 0, source: str = "tests", **data: Any) -> dict[str, Any]:
    return event("client.described", data, subject=subject, source=source, time=f"2026-11-23T15:{minute:02d}:00Z")


def rated(service: Service, client: str, response: str = "r-1", source: str = "nps") -> dict[str, Any]:
    """What became of a response that a tool sends about a client that it calls so."""
    payload = values("delighted")
    payload["event_data"] |= {"id": response}
    payload["event_data"]["person_properties"]["client"] = client
    body = json.dumps(payload).encode()
    answer = post(service, source, body, signed("delighted", body, SOURCES["nps"]["secrets"][0], service.clock()))
    [result] = answer.json["results"]
    return dict(result)


def rows(service: Service, query: str = "") -> list[str]:
    return [row["client_id"] for row in service.get(f"/v1/clients?status=all{query}").json["clients"]]


@pytest.mark.parametrize(
    "names",
    [
        ("日本電気 BV", "Северсталь BV", "BV"),
        ("C#", "C++", "C"),
        (
            "Ministerie van Binnenlandse Zaken en Koninkrijksrelaties, Den Haag",
            "Ministerie van Binnenlandse Zaken en Koninkrijksrelaties, Den Bosch",
        ),
    ],
)
def test_different_companies_are_different_clients(named: Service, names: tuple[str, ...]) -> None:
    found = [rated(named, name, f"r-{place}") for place, name in enumerate(names)]
    named.settle()

    assert len({result["client_id"] for result in found}) == len(names)
    assert [result["new_client"] for result in found] == [True] * len(names)
    assert len(rows(named)) == len(names)


@pytest.mark.parametrize("name", ["a\u202eb", "a\u0000b", "\u001b[31m", "a\u2028b", "\u200b\ufeff"])
def test_a_name_that_cannot_be_displayed_is_no_clients(named: Service, name: str) -> None:
    named.post(described("a-b", name="A B"))
    named.settle()

    result = rated(named, name)

    assert (result["status"], result["reason"]) == ("parked", "unknown_client")
    assert rows(named) == ["a-b"]


@pytest.mark.parametrize("name", [" ", "   ", "\u200b\ufeff", "\u00ad"])
def test_nobody_is_called_what_cannot_be_seen(service: Service, name: str) -> None:
    answer = service.post(described("acme", name=name))

    assert (answer.status, [error["pointer"] for error in answer.json["errors"]]) == (422, ["/data/name"])


def test_one_company_is_one_client_however_soon_it_is_called_otherwise(named: Service) -> None:
    first = rated(named, "Kees BV", "r-1")
    second = rated(named, "Kees B.V.", "r-2")
    named.settle()

    assert (first["client_id"], first["new_client"]) == ("kees-bv", True)
    assert second["client_id"] == "kees-bv"
    assert rows(named) == ["kees-bv"]


def test_a_display_name_leads_to_the_client_that_is_called_so_whatever_its_status(named: Service) -> None:
    named.post(described("gloeiwijk", name="Gloeiwijk Energie B.V.", status="ended"))
    named.settle()

    result = rated(named, "Gloeiwijk energie BV")

    assert (result["status"], result["client_id"], "new_client" in result) == ("accepted", "gloeiwijk", False)


def test_an_id_or_alias_comes_before_a_display_name(named: Service) -> None:
    named.post([described("one", name="two", aliases=["three"]), described("two", name="Three")])
    named.settle()

    assert rated(named, "Two", "a")["client_id"] == "two"
    assert rated(named, "Three", "b")["client_id"] == "one"


def test_a_client_that_was_never_described_is_called_as_its_id(named: Service) -> None:
    rated(named, "Vermeulen BV", "a")
    named.settle()

    assert rated(named, "Vermeulen B.V.", "b")["client_id"] == "vermeulen-bv"


def test_a_display_name_of_two_clients_is_parked_until_somebody_tells_them_apart(named: Service) -> None:
    named.post([described("one", name="Jansen"), described("two", name="JANSEN")])
    named.settle()

    result = rated(named, "Jansen!")

    assert (result["status"], result["reason"]) == ("parked", "ambiguous_client")
    named.post(described("two", 1, name="Jansen Beheer"))
    named.settle()
    assert named.post("", path=f"/v1/parked/{result['parked_id']}/replay").json["results"][0]["client_id"] == "one"


def test_a_client_is_new_until_its_first_scorecard_is_written(service: Service) -> None:
    [rating, other] = responses([9, 8])

    assert service.post(rating).json.get("new_client") is True
    assert "new_client" not in service.post(other).json
    service.settle()
    service.restart_ingest()
    assert "new_client" not in service.post(other).json


def test_a_new_name_costs_a_get_and_a_query_and_a_known_one_nothing_for_a_minute() -> None:
    with mock_aws():
        service, clients = in_memory_with_clients()
        store(NAMED)
        service.post(described("gloeiwijk", name="Gloeiwijk Energie"))
        service.settle()
        with metered(clients.ingest) as first:
            rated(service, "Gloeiwijk Energie", "a")
        with metered(clients.ingest) as second:
            rated(service, "Gloeiwijk Energie", "b")

    assert (first.calls["GetItem"], first.calls["Query"]) == (1, 1)
    assert {"GetItem", "Query"} & second.calls.keys() == set()


# Who may describe.


def restricted(**settings: Any) -> Mapping[str, Any]:
    return {"nps": SOURCES["nps"] | settings, "hr": SOURCES["hr"] | settings}


def hr(service: Service, sent: Mapping[str, Any]) -> dict[str, Any]:
    body = json.dumps(sent).encode()
    headers = signed("standard", body, SOURCES["hr"]["secrets"][0], service.clock())
    [result] = post(service, "hr", body, headers).json["results"]
    return dict(result)


COUNTED = {"working": 6, "happy": 6, "as_of": "2026-11-01"}


@pytest.mark.parametrize(
    ("settings", "sent", "reason"),
    [
        ({}, described("acme", name="Mine"), "type_not_allowed"),
        ({"describes": True}, described("acme", name="Acme"), None),
        ({"describes": True}, described("acme"), "not_valid"),
        ({"types": ["nps.responded"]}, event("consultants.counted", COUNTED), "type_not_allowed"),
        ({"types": ["consultants.counted"]}, event("consultants.counted", COUNTED), None),
        ({"clients": ["beta"]}, event("consultants.counted", COUNTED), "client_not_allowed"),
        ({"clients": ["acme"]}, event("consultants.counted", COUNTED), None),
        ({"clients": ["acme"], "describes": True}, described("beta", status="ended"), "client_not_allowed"),
        ({"clients": ["acme"], "describes": True}, described("acme", aliases=["beta"]), "client_not_allowed"),
        ({"clients": ["acme"], "describes": True}, described("acme", name="Beta B.V."), "client_not_allowed"),
    ],
)
def test_a_source_tells_of_what_it_may_tell_and_the_rest_is_parked(
    settings: dict[str, Any], sent: dict[str, Any], reason: str | None
) -> None:
    with connected(restricted(**settings)) as service:
        service.post(described("beta", name="Beta BV"))
        service.settle()

        result = hr(service, sent)

    assert result.get("reason") == reason


def test_a_display_name_of_another_client_is_not_told_to_a_source_that_is_limited() -> None:
    with connected(restricted(clients=["acme"])) as service:
        service.post([described("one", name="Jansen"), described("two", name="JANSEN"), described("b", name="Beta")])
        service.settle()

        assert {rated(service, name)["reason"] for name in ("Jansen", "Beta", "Nobody")} == {"client_not_allowed"}


def test_a_withdrawn_alias_lets_no_limited_writer_in_although_a_warm_function_has_known_it(service: Service) -> None:
    service.post([described("aaa", aliases=["bbb"]), described("bbb", name="B")])
    service.settle()
    limited = token(clients=["aaa"])
    assert service.post(responses([9], subject="bbb")[0], bearer=limited).json["client_id"] == "aaa"
    other = Service(service.tables)
    other.post(described("aaa", 1, aliases=[]))
    service.settle()

    answer = service.post(responses([1], subject="bbb")[0], bearer=limited)

    assert answer.status == 403
    assert service.get("/v1/clients/bbb").json["dimensions"][4]["value"] == 100


def test_a_writer_limited_to_a_client_can_neither_name_alias_nor_end_another(service: Service) -> None:
    service.post([described("va", status="active"), described("vb", name="Victoria", aliases=["old-vb"])])
    service.settle()
    mine = token(clients=["va"])

    refused = [
        service.post(described("va", 1, aliases=["vb"]), bearer=mine),
        service.post(described("va", 1, aliases=["old-vb"]), bearer=mine),
        service.post(described("va", 1, name="VICTORIA"), bearer=mine),
        service.post(described("vb", 1, status="ended"), bearer=mine),
        service.post(described("va", 1, name="V"), bearer=token(scopes=["events:write"])),
    ]

    assert [answer.status for answer in refused] == [403] * 5
    assert service.post(described("va", 1, name="Va & Co"), bearer=mine).status == 202


# What joins two clients says so.


def test_a_description_that_joins_described_clients_names_them_once(service: Service) -> None:
    service.post([described("other", name="Other"), described("third", status="ended")])
    service.post(responses([9], subject="stray"))
    service.settle()

    told = [
        service.post(described("acme", 1, aliases=["stray", "new"])).json,
        service.post(described("acme", 2, aliases=["stray", "new", "third", "other"])).json,
        service.post(described("acme", 2, aliases=["stray", "new", "third", "other"])).json,
        service.post(described("acme", 3, aliases=["other", "third"])).json,
        service.post(described("acme", 0, aliases=["other"])).json,
    ]

    assert [(result["status"], result.get("joined")) for result in told] == [
        ("accepted", None),
        ("accepted", ["other", "third"]),
        ("duplicate", None),
        ("accepted", None),
        ("superseded", None),
    ]


def test_it_is_told_before_the_first_scorecard_and_in_a_batch(service: Service) -> None:
    sent = [described("other", name="Other"), described("acme", 1, aliases=["other"])]

    assert [result.get("joined") for result in service.post(sent).json["results"]] == [None, ["other"]]


def test_taking_an_alias_back_joins_nothing_and_joining_again_is_told_again(service: Service) -> None:
    service.post([described("other", name="Other"), described("acme", 1, aliases=["other"])])
    service.settle()

    told = [service.post(described("acme", minute, aliases=names)).json for minute, names in ((2, []), (3, ["other"]))]

    assert [result.get("joined") for result in told] == [None, ["other"]]


def test_a_source_that_joins_clients_is_told_too() -> None:
    with connected(restricted(describes=True)) as service:
        service.post(described("beta", name="Beta BV"))
        service.settle()

        assert hr(service, described("acme", aliases=["beta"]))["joined"] == ["beta"]


def test_to_tell_of_it_costs_no_further_read() -> None:
    with mock_aws():
        service, clients = in_memory_with_clients()
        service.post([described("other", name="Other"), described("acme", name="Acme")])
        service.settle()
        with metered(clients.ingest) as free:
            service.post(described("acme", 1, aliases=["free"]))
        with metered(clients.ingest) as joins:
            service.post(described("acme", 2, aliases=["other"]))

    reads = [meter.calls["GetItem"] + meter.calls["Query"] for meter in (free, joins)]
    assert reads == [5, 7]  # of the subject one, and two for each name that is tied to it


def test_a_dry_run_tells_which_clients_it_would_join(service: Service) -> None:
    service.post([described("other", name="Other"), described("was-one", name="Was"), *responses([9], subject="stray")])
    service.post(described("acme", 1, aliases=["was-one"]))
    service.settle()
    names = StackNames(Scores(dynamodb_client(), "ScoresTable", service.model, ZoneInfo("Europe/Amsterdam")))

    sent = described("acme", 2, aliases=["other", "stray", "was-one", "nobody"])

    assert would_join(sent, names) == {"other"}
    assert would_join(described("acme", name="Acme"), names) == would_join(responses([9])[0], names) == set()


# What a wrong join told.


def test_the_ledger_of_a_wrong_join_is_hidden_from_limited_tokens_once_it_is_undone(service: Service) -> None:
    mine = token(clients=["acme"])
    for sent in (
        event("consultants.counted", COUNTED),
        responses([9, 9], subject="other"),
        described("acme", 1, aliases=["other"]),
        event("consultants.counted", {**COUNTED, "as_of": "2026-11-02", "happy": 1}),
    ):
        service.post(sent)
        service.settle()
    assert "hidden" not in service.get("/v1/clients/acme/history", bearer=mine).json
    service.post(described("acme", 2, aliases=[]))
    service.settle()

    all_of_it, shown = (service.get("/v1/clients/acme/history", bearer=bearer).json for bearer in (token(), mine))

    assert [change["total_after"] for change in all_of_it["changes"]] == [1, 5, 7, 3]
    assert ([change["total_after"] for change in shown["changes"]], shown["hidden"]) == ([3], 3)
    assert "other" not in json.dumps(shown)
    assert service.get("/v1/clients/acme", bearer=mine).json["total"] == 1
    assert "hidden" not in all_of_it
    pages = [service.get("/v1/clients/acme/history?limit=1", bearer=mine).json]
    while pages[-1]["next"]:
        pages.append(service.get(f"/v1/clients/acme/history?limit=1&cursor={pages[-1]['next']}", bearer=mine).json)
    assert [len(page["changes"]) for page in pages] in ([1], [1, 0])
    assert sum(page.get("hidden", 0) for page in pages) == 3
    assert "3 changes are not shown" in look(service, "/clients/acme", clients=["acme"]).text


# What nobody has described, and joining on pages.


def fill_in(service: Service, client: str, fields: str, origin: str = "https://opmm.test", **claims: Any) -> Answer:
    headers = {
        "cookie": f"__Host-opmm={token(**claims)}",
        "host": "opmm.test",
        "x-forwarded-proto": "https",
        "origin": origin,
        "content-type": "application/x-www-form-urlencoded",
    }
    return call(service.pages, http_event("POST", f"/clients/{client}/names", fields, headers))


def test_the_portfolio_shows_clients_that_nobody_has_described(service: Service) -> None:
    service.post([described("acme", name="Acme"), *responses([9], subject="stray")])
    service.settle()

    assert (rows(service, "&described=false"), rows(service, "&described=true")) == (["stray"], ["acme"])
    assert service.get("/v1/portfolio").json["undescribed"] == 1
    page = look(service, "/?described=false").text
    assert ("stray" in page, ">Acme<" in page) == (True, False)


def test_an_admin_joins_a_client_to_another_on_its_page_and_takes_that_back(service: Service) -> None:
    service.post([described("acme", name="Acme", aliases=["acme-old"]), *responses([9], subject="stray")])
    service.settle()

    joined = fill_in(service, "acme", "join=Stray")
    service.settle()

    assert (joined.status, joined.headers["Location"]) == (303, "/clients/acme?saved=joined")
    assert 'role="status"' in look(service, "/clients/acme?saved=joined").text
    assert 'role="status"' not in look(service, "/clients/acme?saved=x").text
    assert service.get("/v1/clients/acme").json["aliases"] == ["acme-old", "stray"]
    assert rows(service) == ["acme"]
    assert 'value="stray"' in look(service, "/clients/acme").text

    service.clock.now = service.clock.now.replace(minute=1)
    assert fill_in(service, "acme", "release=stray").status == 303
    service.settle()
    assert service.get("/v1/clients/acme").json["aliases"] == ["acme-old"]
    assert sorted(rows(service)) == ["acme", "stray"]


def test_a_client_that_another_joins_keeps_its_name_and_its_state(service: Service) -> None:
    service.post([described("acme", name="Acme"), described("stray", 1, name="Crème & Kruimel", status="ended")])
    service.post([described("later", 2, name="Later B.V.", status="ended"), *responses([9], subject="unnamed")])
    service.settle()

    for client, other in (("acme", "stray"), ("unnamed", "later")):
        asked = fill_in(service, client, f"join={other}")
        assert (asked.status, 'name="sure"' in asked.text, f'value="{other}"' in asked.text) == (200, True, True)
        assert fill_in(service, client, f"join={other}&sure=1").status == 303
    service.settle()

    told = [service.get(f"/v1/clients/{name}").json for name in ("acme", "stray", "unnamed")]
    assert [(card["client_id"], card["name"], card["status"]) for card in told] == [
        ("acme", "Acme", "active"),
        ("acme", "Acme", "active"),
        ("unnamed", "Later B.V.", "active"),
    ]

    service.clock.now = service.clock.now.replace(minute=1)
    fill_in(service, "acme", "release=stray")
    service.settle()
    assert [service.get(f"/v1/clients/{name}").json["name"] for name in ("acme", "stray")] == [
        "Acme",
        "Crème & Kruimel",
    ]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ("join=nobody", "There is no client of this name"),
        ("join=%21", "Fill in a name"),
        ("", "Fill in a name"),
        ("join=acme", "the same client already"),
        ("join=Jansen", "Several clients are called this"),
        ("release=acme-old", "not given here"),
        ("release=nobody", "not given here"),
    ],
)
def test_what_cannot_be_joined_or_taken_back_is_told_with_the_way_on(service: Service, fields: str, told: str) -> None:
    names = [described("acme", aliases=["acme-old"]), described("one", name="Jansen"), described("two", name="Jansen")]
    service.post(names)
    service.settle()

    answer = fill_in(service, "acme", fields)

    assert (answer.status, told in answer.text, 'href="/clients/acme"' in answer.text) == (422, True, True)


@pytest.mark.parametrize(
    "claims",
    [
        {"scopes": ["scores:read", "events:write"]},
        {"clients": ["acme"]},
        {"clients": ["stray"]},
    ],
)
def test_who_may_not_describe_both_clients_joins_nothing(service: Service, claims: dict[str, Any]) -> None:
    service.post([described("acme", status="active"), *responses([9], subject="stray")])
    service.settle()

    assert fill_in(service, "acme", "join=stray", **claims).status == 403
    assert fill_in(service, "acme", "join=stray", origin="https://evil.test").status == 403
    assert sorted(rows(service)) == ["acme", "stray"]


def test_only_who_may_describe_sees_the_forms(service: Service) -> None:
    service.post(described("acme", status="active"))
    service.settle()

    assert "/clients/acme/names" not in look(service, "/clients/acme", scopes=["scores:read"]).text
    assert "/clients/acme/names" in look(service, "/clients/acme").text
