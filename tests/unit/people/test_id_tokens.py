import base64
import json
import re
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.people.document import People, Rule
from shared.people.id_tokens import IdTokenError, person_of

NOW = 1_800_000_000
ISSUER = "https://login.example.com"
PEOPLE = People(
    issuer=ISSUER,
    client_id="opmm",
    client_secret=None,
    rules=(Rule("viewer", group="finance"), Rule("admin", group="owners")),
)
GOOD: dict[str, Any] = {
    "iss": ISSUER,
    "aud": "opmm",
    "exp": NOW + 300,
    "iat": NOW,
    "nonce": "n-1",
    "sub": "ada-1",
    "name": "Ada Example",
    "email": "Ada@agency.example",
    "email_verified": True,
    "groups": ["others", "finance", "owners"],
}
ABSENT: Any = ...


def token(**claims: Any) -> str:
    return jwt.encode({name: value for name, value in {**GOOD, **claims}.items() if value is not ABSENT}, "k" * 32)


def raw(payload: bytes) -> str:
    return f"e30.{base64.urlsafe_b64encode(payload).rstrip(b'=').decode()}.x"


def read(text: str) -> Any:
    return person_of(text, PEOPLE, nonce="n-1", now=NOW)


def test_a_good_token_says_who_it_is() -> None:
    person = read(token())

    assert (person.name, person.email, person.groups) == ("Ada Example", "ada@agency.example", ("owners", "finance"))
    assert re.fullmatch("person-[0-9a-f]{32}", person.subject)


def test_a_subject_is_the_same_for_good_and_of_no_other_person_or_provider() -> None:
    first = read(token()).subject
    assert read(token(name="A", email=ABSENT, iat=NOW - 5)).subject == first
    assert read(token(sub="ada-2")).subject != first


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": ["opmm"]},
        {"aud": ["opmm"], "azp": "opmm"},
        {"aud": ["another", "opmm"], "azp": "opmm"},
        {"azp": "opmm"},
        {"exp": NOW - 59},
        {"exp": NOW + 0.5},
        {"iat": NOW - 599},
        {"iat": NOW + 59},
        {"email": ABSENT, "email_verified": ABSENT, "groups": ABSENT, "name": ABSENT},
    ],
    ids=str,
)
def test_what_may_differ_between_providers_does_not_matter(claims: dict[str, Any]) -> None:
    assert read(token(**claims)).subject == read(token()).subject


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://evil.example"}, "another issuer"),
        ({"iss": f"{ISSUER}/"}, "another issuer"),
        ({"iss": ABSENT}, "another issuer"),
        ({"aud": "another"}, "another audience"),
        ({"aud": "opmm "}, "another audience"),
        ({"aud": ABSENT}, "another audience"),
        ({"aud": []}, "another audience"),
        ({"aud": {"opmm": 1}}, "another audience"),
        ({"aud": [["opmm"]]}, "another audience"),
        ({"aud": ["another"], "azp": "opmm"}, "another audience"),
        ({"aud": ["opmm", "another"]}, "another party"),
        ({"aud": ["opmm", "another"], "azp": "another"}, "another party"),
        ({"azp": "another"}, "another party"),
        ({"azp": None}, "another party"),
        ({"exp": NOW - 60}, "expired"),
        ({"exp": ABSENT}, "expired"),
        ({"exp": True}, "expired"),
        ({"exp": str(NOW + 300)}, "expired"),
        ({"exp": float("nan")}, "expired"),
        ({"iat": NOW - 600}, "issued at another time"),
        ({"iat": NOW + 60}, "issued at another time"),
        ({"iat": ABSENT}, "issued at another time"),
        ({"iat": True}, "issued at another time"),
        ({"iat": float("nan")}, "issued at another time"),
        ({"nonce": "n-2"}, "another nonce"),
        ({"nonce": ABSENT}, "another nonce"),
        ({"nonce": ""}, "another nonce"),
        ({"nonce": ["n-1"]}, "another nonce"),
        ({"nonce": "\u00e9"}, "another nonce"),
        ({"sub": ABSENT}, "no subject"),
        ({"sub": ""}, "no subject"),
        ({"sub": " "}, "no subject"),
        ({"sub": "x" * 256}, "no subject"),
    ],
    ids=str,
)
def test_a_token_for_somebody_or_something_else_is_refused_with_its_reason(claims: dict[str, Any], reason: str) -> None:
    told = {name: value for name, value in {**GOOD, **claims}.items() if value is not ABSENT}
    with pytest.raises(IdTokenError, match=reason):
        read(raw(json.dumps(told).encode()))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b",
        "a.b.c.d",
        "e30.\u00e9.x",
        "e30.!!!!.x",
        raw(b"[]"),
        raw(b"x"),
        raw(b'{"sub": "\xff"}'),
        raw(b'{"sub": "\\ud800"}'),
        raw(b"[" * 100_000),
    ],
)
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(IdTokenError, match="no token"):
        read(text)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3)
)


@given(st.sampled_from(sorted(GOOD)), JSON_VALUES)
def test_no_claim_of_any_kind_breaks_anything(name: str, value: Any) -> None:
    try:
        read(raw(json.dumps({**GOOD, name: value}).encode()))
    except IdTokenError:
        return


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "False"},
        {"email": ["ada@agency.example"]},
        {"email": "ada"},
        {"email": "ada@agency.example@evil.example"},
        {"email": "ada @agency.example"},
        {"email": "\u00e4da@agency.example"},
        {"email": "ada@agen\u212ay.example"},
        {"email": f"{'a' * 250}@agency.example"},
        {"email": ABSENT},
    ],
    ids=str,
)
def test_an_address_that_is_not_certain_does_not_count(claims: dict[str, Any]) -> None:
    assert read(token(**claims)).email is None


@pytest.mark.parametrize("verified", [True, "true", None, ABSENT])
def test_an_address_of_which_nothing_bad_is_said_counts(verified: Any) -> None:
    assert read(token(email_verified=verified)).email == "ada@agency.example"


@pytest.mark.parametrize(
    ("groups", "known"),
    [("finance", ("finance",)), (["finance", 5, None, ["owners"]], ("finance",)), ({"finance": 1}, ()), (None, ())],
)
def test_of_groups_those_are_kept_that_give_a_role(groups: Any, known: tuple[str, ...]) -> None:
    assert read(token(groups=groups)).groups == known


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("  Ada \n Example ", "Ada Example"),
        ("A" * 50, "A" * 40),
        ("\u202eadA", None),
        ("a\u0000b", None),
        ("", None),
        (5, None),
    ],
)
def test_a_name_is_shown_if_it_can_be(name: Any, shown: str | None) -> None:
    assert read(token(name=name)).name == shown
