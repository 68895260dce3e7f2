import json
from typing import Any

import pytest

from shared.people.document import PeopleError, Person, is_safe_address, load_people
from tests.support.readme import examples_of

GOOD: dict[str, Any] = {
    "issuer": "https://login.example.com/tenant/v2.0",
    "client_id": "opmm",
    "client_secret": "hush",
    "allow": [
        {"email": "*@Agency.example", "role": "editor"},
        {"email": "Boss@agency.example", "role": "admin"},
        {"group": "finance", "role": "viewer"},
    ],
}
ABSENT: Any = ...


def with_(**changes: Any) -> dict[str, Any]:
    return {name: value for name, value in {**GOOD, **changes}.items() if value is not ABSENT}


def allowing(*rules: Any) -> dict[str, Any]:
    return with_(allow=list(rules))


def faults(document: Any) -> list[str]:
    with pytest.raises(PeopleError) as refused:
        load_people(document)
    assert "hush" not in str(refused.value)
    return refused.value.faults


def test_an_empty_document_sets_up_no_provider() -> None:
    assert load_people({}) is None


def test_what_is_not_said_is_what_providers_do() -> None:
    people = load_people(with_(client_secret=ABSENT))

    assert people
    assert (people.client_secret, people.scope, people.groups_claim) == (None, "openid email profile", "groups")
    assert people.discovery == "https://login.example.com/tenant/v2.0/.well-known/openid-configuration"
    assert people.provider == "login.example.com"


def test_a_slash_at_the_end_of_an_issuer_belongs_to_its_name() -> None:
    people = load_people(with_(issuer="https://agency.eu.auth.example/"))

    assert people
    assert people.issuer == "https://agency.eu.auth.example/"
    assert people.discovery == "https://agency.eu.auth.example/.well-known/openid-configuration"


@pytest.mark.parametrize(
    ("email", "groups", "role"),
    [
        ("sam@agency.example", (), "editor"),
        ("boss@agency.example", (), "admin"),
        ("boss@agency.example", ("finance",), "admin"),
        ("sam@agency.example", ("finance",), "editor"),
        ("sam@elsewhere.example", ("finance",), "viewer"),
        (None, ("finance",), "viewer"),
        ("sam@elsewhere.example", (), None),
        ("sam@sub.agency.example", (), None),
        ("sam@xagency.example", (), None),
        (None, (), None),
        (None, ("Finance",), None),
    ],
)
def test_the_highest_role_that_a_rule_gives_counts(
    email: str | None, groups: tuple[str, ...], role: str | None
) -> None:
    people = load_people(GOOD)

    assert people
    assert people.role_of(Person("person-x", None, email, groups)) == role


def test_groups_are_told_from_the_highest_role_on() -> None:
    rules = [{"group": name, "role": role} for name, role in (("a", "viewer"), ("b", "admin"), ("c", "editor"))]
    people = load_people(allowing(*rules, {"group": "b", "role": "viewer"}))

    assert people
    assert people.groups == ("b", "c", "a")


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ([], "the document: must be an object"),
        (with_(issuer=ABSENT), "issuer:"),
        (with_(issuer="http://login.example.com"), "issuer:"),
        (with_(issuer="https://login.example.com?x"), "issuer:"),
        (with_(issuer="https://u@login.example.com"), "issuer:"),
        (with_(issuer="login.example.com"), "issuer:"),
        (with_(issuer=["https://login.example.com"]), "issuer:"),
        (with_(issuer="https://login.microsoftonline.com/common/v2.0"), "issuer: must name your own directory"),
        (with_(client_id=ABSENT), "client_id:"),
        (with_(client_id=" "), "client_id:"),
        (with_(client_secret=5), "client_secret:"),
        (with_(client_secret="hush\n"), "client_secret:"),
        (with_(groups_claim=None), "groups_claim:"),
        (with_(scope="email"), "scope:"),
        (with_(contact="\u202eAda"), "contact:"),
        (with_(discovery="https://evil.example/"), "discovery:"),
        (with_(secret="hush"), "secret: is not known"),
        (with_(allow=ABSENT), "allow:"),
        (with_(allow=[]), "allow:"),
        (with_(allow={}), "allow:"),
        (allowing("all"), "allow.0: must be an object"),
        (allowing({"role": "viewer"}), "allow.0: must have either"),
        (allowing({"role": "viewer", "email": "a@agency.example", "group": "x"}), "allow.0: must have either"),
        (allowing(GOOD["allow"][0], {"email": "a@agency.example"}), "allow.1.role:"),
        (allowing({"email": "a@agency.example", "role": "root"}), "allow.0.role: must be one of viewer, editor, admin"),
        (allowing({"email": "a@agency.example", "role": ["admin"]}), "allow.0.role:"),
        (allowing({"email": "a@agency.example", "role": "client"}), "allow.0.role: client is for"),
        (allowing({"group": "", "role": "viewer"}), "allow.0.group:"),
        (allowing({"group": ["x"], "role": "viewer"}), "allow.0.group:"),
        (allowing({"group": "x", "role": "viewer", "clients": []}), "allow.0.clients: is not known"),
    ],
)
def test_a_fault_names_its_place_and_no_secret(document: Any, place: str) -> None:
    assert [fault for fault in faults(document) if fault.startswith(place)]


def test_all_faults_are_told_at_once() -> None:
    document = with_(issuer="x", client_id="", allow=[{"email": "*", "role": "x"}, {"group": 5, "role": "viewer"}])

    assert [fault.partition(":")[0] for fault in faults(document)] == [
        "issuer",
        "client_id",
        "allow.0.role",
        "allow.0.email",
        "allow.1.group",
    ]


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("*", "would let in strangers"),
        ("*@*", "would let in strangers"),
        ("*@example", "would let in strangers"),
        ("*@*.example", "would let in strangers"),
        ("*@*.agency.example", "would let in strangers"),
        ("*agency.example", "would let in strangers"),
        ("*.agency.example", "would let in strangers"),
        ("a*@agency.example", "would let in strangers"),
        ("**@agency.example", "would let in strangers"),
        ("*@agency.example*", "would let in strangers"),
        ("*@gmail.com", "anybody can have an address at gmail.com"),
        ("*@Outlook.com", "anybody can have an address at outlook.com"),
        ("*@co.uk", "anybody can have a domain under co.uk"),
        ("@agency.example", "whole address"),
        ("agency.example", "whole address"),
        ("a@b@agency.example", "whole address"),
        ("a b@agency.example", "whole address"),
        ("*@agency..example", "strangers"),
        ("*@-agency.example", "strangers"),
        ("b\u00f6ss@agency.example", "in ASCII"),
        ("*@agen\u212ay.example", "in ASCII"),
        (5, "in ASCII"),
        (f"{'a' * 250}@agency.example", "in ASCII"),
    ],
)
def test_a_pattern_that_is_none_or_lets_in_strangers_is_refused_with_the_reason(pattern: Any, reason: str) -> None:
    [fault] = faults(allowing({"email": pattern, "role": "viewer"}))

    assert fault.startswith("allow.0.email: ")
    assert reason in fault


@pytest.mark.parametrize(
    "pattern", ["*@agency.example", "*@agency.co.uk", "o'brien+x@a-b.example", "*@xn--80ak6aa92e.com"]
)
def test_a_whole_address_or_a_whole_domain_is_taken(pattern: str) -> None:
    assert load_people(allowing({"email": pattern, "role": "viewer"}))


def test_the_document_that_is_shown_is_a_good_one() -> None:
    [text] = examples_of("sign-in.md", "json")
    people = load_people(json.loads(text.replace("<tenant id>", "tenant")))

    assert people
    assert people.contact == "Ada Example"
    assert people.role_of(Person("person-x", None, "boss@agency.example")) == "admin"


@pytest.mark.parametrize(
    ("address", "safe", "safe_here"),
    [
        ("https://login.example.com/x?y=z", True, True),
        ("https://login.example.com:8443", True, True),
        ("http://127.0.0.1:4566/x", False, True),
        ("http://[::1]/x", False, True),
        ("http://localhost:4566/x", False, True),
        ("http://abc.localhost/", False, True),
        ("http://localhost.evil.example/", False, False),
        ("http://10.0.0.1/", False, False),
        ("http://169.254.169.254/", False, False),
        ("http://login.example.com/", False, False),
        ("http://127.0.0.1@evil.example/", False, False),
        ("https://a@login.example.com/", False, False),
        ("https://login.example.com/#x", False, False),
        ("https:///x", False, False),
        ("https://login.example.com:x/", False, False),
        ("https://[::1", False, False),
        ("https://login.example.com/ x", False, False),
        ("https://login.example.com/\r\nx", False, False),
        ("https://login.example.com\\@evil.example/", False, False),
        ("javascript:alert(1)", False, False),
        ("ftp://127.0.0.1/", False, False),
        ("", False, False),
        (None, False, False),
    ],
)
def test_secrets_travel_over_tls_or_stay_on_this_machine(address: Any, safe: bool, safe_here: bool) -> None:  # noqa: FBT001 - what is expected
    assert (is_safe_address(address), is_safe_address(address, on_this_machine=True)) == (safe, safe_here)
