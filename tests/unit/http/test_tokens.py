import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import jwt
import pytest

from shared.http.problems import ForbiddenError, ProblemError, UnauthenticatedError
from shared.http.tokens import ROLES, SCOPES, Role, Token, Verifier, mint, verify

KEY, PREVIOUS, FOREIGN = "k" * 64, "p" * 64, "f" * 64
LATER = datetime.now(UTC) + timedelta(hours=1)  # noqa: TID251 - PyJWT looks at the clock itself
SECONDS = int(LATER.timestamp())
EARLIER = LATER - timedelta(hours=2)
INVALID = "The token is not valid."


def minted(key: str = KEY, expires_at: datetime = LATER, **limits: Any) -> str:
    return "Bearer " + mint(key, subject="tool", scopes=["events:write"], expires_at=expires_at, **limits)


def signed(claims: dict[str, Any], key: str = KEY, algorithm: str = "HS256") -> str:
    said = {"sub": "tool", "exp": LATER, "scope": "events:write", **claims}
    told = {name: claim for name, claim in said.items() if claim is not None}
    return "Bearer " + jwt.encode(told, key, algorithm=algorithm)


def refusal(authorization: str | None, *keys: str) -> str:
    with pytest.raises(UnauthenticatedError) as refused:
        verify(authorization, keys or (KEY,))
    return refused.value.detail


def refused(problem: pytest.ExceptionInfo[ProblemError]) -> tuple[int, str]:
    return problem.value.status.value, problem.value.detail


def test_a_token_grants_what_it_was_minted_for() -> None:
    token = mint(
        KEY, subject="hr", scopes=["events:write", "scores:read"], expires_at=LATER, clients=["acme"], sources=["hr"]
    )
    assert verify(f"Bearer {token}", [KEY]) == Token(
        "hr", frozenset({"events:write", "scores:read"}), frozenset({"acme"}), frozenset({"hr"}), SECONDS
    )


def test_a_token_without_limits_reaches_every_client_and_source() -> None:
    token = verify(minted(), [KEY])
    assert token == Token("tool", frozenset({"events:write"}), clients=None, sources=None, expires_at=SECONDS)
    token.require_client("any")
    token.require_source("any")


@pytest.mark.parametrize("scopes", [["scores:write"], ["events:write", "root"], ["events:write scores:read"], []])
def test_unknown_scopes_are_not_minted(scopes: list[str]) -> None:
    with pytest.raises(ValueError, match=r"^unknown scopes: "):
        mint(KEY, subject="tool", scopes=scopes, expires_at=LATER)


def test_every_scope_can_be_minted_and_required() -> None:
    token = verify("Bearer " + mint(KEY, subject="tool", scopes=SCOPES, expires_at=LATER), [KEY])
    assert token.scopes == {
        *("events:write", "clients:write", "scores:read", "evidence:read"),
        *("people:write", "parked:read", "parked:write", "admin"),
    }
    for scope in SCOPES:
        token.require(scope)


def test_a_token_signed_with_the_previous_key_is_accepted() -> None:
    assert verify(minted(PREVIOUS), [KEY, PREVIOUS]).subject == "tool"


def test_a_token_signed_with_another_key_is_not_valid() -> None:
    assert refusal(minted(FOREIGN), KEY, PREVIOUS) == INVALID


def test_without_keys_no_token_is_valid() -> None:
    with pytest.raises(UnauthenticatedError):
        verify(minted(), [])


@pytest.mark.parametrize("key", [KEY, PREVIOUS])
def test_a_token_whose_time_is_over_has_expired(key: str) -> None:
    assert refusal(minted(key, EARLIER), KEY, PREVIOUS) == "The token has expired."


def test_an_expired_token_of_another_key_is_not_told_that_it_expired() -> None:
    assert refusal(minted(FOREIGN, EARLIER)) == INVALID


@pytest.mark.parametrize("claim", ["exp", "sub"])
def test_a_token_needs_a_subject_and_an_end(claim: str) -> None:
    assert refusal(signed({claim: None})) == INVALID


@pytest.mark.parametrize("exp", ["soon", [], {}, float("nan"), float("inf")], ids=str)
def test_a_token_needs_an_end_that_is_a_time(exp: object) -> None:
    assert refusal(signed({"exp": exp})) == INVALID


def test_a_token_is_not_valid_before_its_time() -> None:
    assert refusal(signed({"nbf": LATER})) == INVALID


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_only_one_algorithm_is_accepted(algorithm: str) -> None:
    assert refusal(signed({}, algorithm=algorithm)) == INVALID


def test_an_unsigned_token_is_not_valid() -> None:
    assert refusal(signed({}, "", "none")) == INVALID


def test_a_token_with_another_payload_under_its_signature_is_not_valid() -> None:
    header, _, signature = minted().split(".")
    claims = {"sub": "tool", "exp": LATER.timestamp(), "scope": "admin"}
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    assert refusal(f"{header}.{payload}.{signature}") == INVALID


@pytest.mark.parametrize(
    "authorization", [None, "", " ", "Bearer", "Bearer  ", "Basic dG9vbDp4", "Token abc", "bearerabc"], ids=repr
)
def test_whoever_sends_no_token_is_told_how(authorization: str | None) -> None:
    assert refusal(authorization) == "Send an access token: Authorization: Bearer <token>."


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "a.b.c",
        "..",
        "é.é.é",
        "\0",
        base64.urlsafe_b64encode(b"[" * 9_000).decode() + ".e30.e30",
        base64.urlsafe_b64encode(b'{"alg":' + b"9" * 9_000 + b"}").decode() + ".e30.e30",
        base64.urlsafe_b64encode(b'{"alg":["HS256"]}').decode() + ".e30.e30",
        base64.urlsafe_b64encode(b"null").decode() + ".e30.e30",
    ],
    ids=["a word", "three letters", "dots", "accents", "nul", "deep", "huge", "list", "null"],
)
def test_garbage_is_not_valid(text: str) -> None:
    assert refusal(f"Bearer {text}") == INVALID


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_read_in_any_case(scheme: str) -> None:
    assert verify(minted().replace("Bearer", scheme), [KEY]).subject == "tool"


def test_a_refused_token_is_asked_for_in_the_header() -> None:
    with pytest.raises(UnauthenticatedError) as problem:
        verify(None, [KEY])
    assert problem.value.headers == {"WWW-Authenticate": 'Bearer realm="opmm"'}


@pytest.mark.parametrize("scope", [None, [], ["admin"], {"admin": True}, 1, True, ""], ids=repr)
def test_scopes_of_the_wrong_type_grant_nothing(scope: object) -> None:
    assert verify(signed({"scope": scope}), [KEY]).scopes == frozenset()


@pytest.mark.parametrize("claim", ["clients", "sources"])
@pytest.mark.parametrize("value", ["acme", "", {"acme": True}, 1, True, False, [], [1, None, ["acme"]]], ids=repr)
def test_limits_of_the_wrong_type_reach_nothing(claim: str, value: object) -> None:
    assert getattr(verify(signed({claim: value}), [KEY]), claim) == frozenset()


@pytest.mark.parametrize("claim", ["clients", "sources"])
def test_a_limit_that_is_null_reaches_nothing_and_one_that_is_missing_limits_nothing(claim: str) -> None:
    null = jwt.encode({"sub": "tool", "exp": LATER, "scope": "events:write", claim: None}, KEY)

    assert getattr(verify(f"Bearer {null}", [KEY]), claim) == frozenset()
    assert getattr(verify(signed({}), [KEY]), claim) is None


def test_a_token_says_its_id_and_for_whom_it_is() -> None:
    token = verify(minted(token_id="0123", name="Sam Example"), [KEY])

    assert (token.id, token.name) == ("0123", "Sam Example")
    assert (verify(minted(), [KEY]).id, verify(minted(), [KEY]).name) == (None, None)


@pytest.mark.parametrize("name", [1, [], {"a": 1}, "Sam\nExample", "Sam \u202eelpmaxE", "\x00", "Sam\u2028"], ids=repr)
def test_a_name_that_cannot_be_shown_is_none(name: object) -> None:
    assert verify(signed({"name": name}), [KEY]).name is None
    if isinstance(name, str):
        with pytest.raises(ValueError, match="control characters"):
            minted(name=name)


@pytest.mark.parametrize("token_id", [1, [], {"a": 1}], ids=repr)
def test_an_id_of_the_wrong_type_is_not_valid(token_id: object) -> None:
    assert refusal(signed({"jti": token_id})) == INVALID


def test_a_withdrawn_token_is_refused_and_no_other() -> None:
    verifier = Verifier(lambda: [KEY], {"withdrawn"}.__contains__)

    assert [verifier(minted(token_id=token_id)).id for token_id in ("another", None)] == ["another", None]
    with pytest.raises(UnauthenticatedError) as problem:
        verifier(minted(token_id="withdrawn"))
    assert problem.value.detail == "The token was withdrawn."


def test_each_role_may_do_what_those_below_it_may_and_more() -> None:
    granted = [set(ROLES[role]) for role in get_args(Role)]

    assert list(ROLES) == list(get_args(Role)) == ["client", "viewer", "editor", "admin"]
    assert granted[0] == {"scores:read"}
    assert granted[1] - granted[0] == {"evidence:read"}
    assert granted[2] - granted[1] == {"events:write", "people:write"}
    assert granted[3] - granted[2] == {"clients:write", "parked:read", "parked:write", "admin"}
    assert granted[0] < granted[1] < granted[2] < granted[3] == set(SCOPES)


def test_names_among_limits_of_the_wrong_type_are_reached() -> None:
    assert verify(signed({"clients": ["acme", 1, None]}), [KEY]).clients == frozenset({"acme"})


def test_what_is_not_granted_is_forbidden() -> None:
    token = Token("tool", frozenset({"scores:read"}), frozenset({"acme"}), frozenset({"hr"}))
    token.require("scores:read")
    token.require_client("acme")
    token.require_source("hr")
    with pytest.raises(ForbiddenError) as scope:
        token.require("admin")
    with pytest.raises(ForbiddenError) as client:
        token.require_client("globex")
    with pytest.raises(ForbiddenError) as source:
        token.require_source("delighted")
    assert [refused(each) for each in (scope, client, source)] == [
        (403, "The token does not grant admin."),
        (403, "The token does not grant this client."),
        (403, "The token does not grant this source."),
    ]


def test_admin_does_not_stand_for_the_other_scopes() -> None:
    with pytest.raises(ForbiddenError):
        Token("tool", frozenset({"admin"})).require("scores:read")


def test_a_limit_to_nothing_reaches_nothing() -> None:
    token = Token("tool", frozenset(), clients=frozenset(), sources=frozenset())
    with pytest.raises(ForbiddenError):
        token.require_client("acme")
    with pytest.raises(ForbiddenError):
        token.require_source("hr")
