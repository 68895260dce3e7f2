import jwt
import pytest

from shared.http.problems import UnauthenticatedError
from shared.http.tokens import mint, verify
from shared.people.document import Person
from shared.people.sessions import Attempt, SignedIn, TooLongError, logged_as

NOW = 1_800_000_000.0
KEY, OTHER = "k" * 64, "o" * 64
ADA = Person("person-" + "a" * 32, "Ada Example", "ada@agency.example", ("owners", "finance"))
GROUPS = tuple(f"group-{number:03}-{'x' * 29}" for number in range(200))


def session(person: Person = ADA) -> SignedIn:
    return SignedIn.now(person, "issuer", NOW)


def test_a_session_is_read_as_it_was_written_until_it_ends() -> None:
    signed_in = session()
    text = signed_in.text(KEY)

    assert SignedIn.read(text, [OTHER, KEY], NOW) == signed_in
    assert SignedIn.read(text, [KEY], NOW + 43_199) == signed_in
    assert SignedIn.read(text, [KEY], NOW + 43_200) is None


def test_no_two_sessions_have_one_id() -> None:
    assert len({session().id for _ in range(100)}) == 100


def test_an_attempt_is_read_as_it_was_written_for_ten_minutes() -> None:
    attempt = Attempt.new("/clients/acme")
    text = attempt.text(KEY, NOW)

    assert Attempt.read(text, [KEY], NOW + 599) == attempt
    assert Attempt.read(text, [KEY], NOW + 600) is None
    assert 43 <= len(attempt.verifier) <= 128


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "\ud800", mint(KEY, subject="x", scopes=["admin"], expires_at=NOW)])  # type: ignore[arg-type]  # a time as JWT has it
def test_anything_else_is_neither(text: str) -> None:
    assert SignedIn.read(text, [KEY], NOW) is None
    assert Attempt.read(text, [KEY], NOW) is None


def test_a_session_an_attempt_and_a_token_never_pass_for_one_another() -> None:
    signed_in, attempt = session().text(KEY), Attempt.new("/").text(KEY, NOW)

    assert Attempt.read(signed_in, [KEY], NOW) is None
    assert SignedIn.read(attempt, [KEY], NOW) is None
    for text in (signed_in, attempt):
        with pytest.raises(UnauthenticatedError, match="not valid"):
            verify(f"Bearer {text}", [KEY])


def test_an_unsigned_session_is_none() -> None:
    claims = jwt.decode(session().text(KEY), options={"verify_signature": False})

    assert SignedIn.read(jwt.encode(claims, "", algorithm="none"), [KEY], NOW) is None
    assert SignedIn.read(session().text(OTHER), [KEY], NOW) is None


@pytest.mark.parametrize(
    "person",
    [
        Person("person-" + "a" * 32, "\u0416" * 40, f"{'a' * 239}@agency.example", ("owners", "finance")),
        Person("person-" + "a" * 32, "Ada", "ada@agency.example", GROUPS),
    ],
    ids=["long", "many groups"],
)
def test_a_session_stays_under_a_kilobyte_and_keeps_what_gives_the_highest_role(person: Person) -> None:
    text = session(person).text(KEY)
    kept = SignedIn.read(text, [KEY], NOW)

    assert len(f"__Host-opmm={text}") < 1024
    assert kept
    assert kept.person.email == person.email
    assert kept.person.groups == person.groups[: len(kept.person.groups)]


def test_of_many_groups_the_first_are_kept() -> None:
    kept = SignedIn.read(session(Person("person-x", None, None, GROUPS)).text(KEY), [KEY], NOW)

    assert kept
    assert len(kept.person.groups) >= 10


def test_who_does_not_fit_is_not_signed_in() -> None:
    with pytest.raises(TooLongError):
        session(Person("person-x", None, "a" * 1000)).text(KEY)


def test_a_person_is_logged_under_a_short_hash_that_only_we_can_make() -> None:
    assert logged_as("person-x", KEY) == logged_as("person-x", KEY)
    assert len({logged_as("person-x", KEY), logged_as("person-x", OTHER), logged_as("person-y", KEY)}) == 3
    assert len(logged_as("person-x", KEY)) == 12
