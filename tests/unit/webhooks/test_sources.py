"""The sources document: its faults are listed by field, and never with a secret."""

import json
from typing import Any

import pytest

from shared.http.problems import UnavailableError
from shared.webhooks.signing import Scheme
from shared.webhooks.sources import SourcesDocument, SourcesError, load_sources
from tests.support.webhooks import NAMES, SOURCES
from tests.unit.webhooks.adapting import LOADED, MODEL, source_of

SECRET = "do-not-tell-anybody"
ASKED = {"roadmap": {"question": "r"}}
SIGNATURE = {"header": "x-signature"}
RESPONDED = {"type": "nps.responded", "response_id": "id", "score": "n", "responded_at": "at"}
RETRACTED = {"type": "nps.retracted", "response_id": "id"}


def settings(provider: str, /, **changes: Any) -> dict[str, Any]:
    """The source of the sample document, with some of it changed or (None) left out."""
    changed = SOURCES[NAMES[provider]] | {"secrets": [SECRET]} | changes
    return {name: value for name, value in changed.items() if value is not None}


def faults(document: Any) -> list[str]:
    with pytest.raises(SourcesError) as raised:
        load_sources(document, MODEL)
    assert SECRET not in str(raised.value)
    return raised.value.faults


@pytest.mark.parametrize(
    ("source", "field", "message"),
    [
        (settings("delighted", provider="nobody"), "provider", "must be one of afas, asknicely"),
        (settings("delighted", client=None), "client", "is missing"),
        (settings("delighted", client="a.b-c"), "client", "(a name with other signs than letters, digits and _"),
        (settings("delighted", client="a["), "client", "is no JMESPath expression: Incomplete expression"),
        (settings("delighted", client="lenght(a)"), "client", "there is no function lenght"),
        (settings("delighted", client=""), "client", "is empty"),
        (settings("delighted", secrets=[]), "secrets", "is empty"),
        (settings("delighted", secrets=["", SECRET]), "secrets.0", "is empty"),
        (settings("surveymonkey"), "secrets.0", "& between them"),
        (settings("asknicely", secrets=["geheim-zoals-caf\u00e9"]), "secrets.0", "must be ASCII"),
        (settings("custom", signature={"header": "x", "key": "hex"}), "secrets.0", "must be hexadecimal"),
        (settings("custom", signature={"header": "x", "key": "base64"}), "secrets.0", "must be base64"),
        (settings("delighted", secrets=[SECRET] * 3), "secrets", "must have at most 2 entries"),
        (settings("delighted", secrets=SECRET), "secrets", "must be a list"),
        (settings("delighted", secrets=[f"{SECRET}\n"]), "secrets.0", "must be printable"),
        (settings("delighted", secrets=["\ud800"]), "secrets.0", ""),
        (settings("delighted", secret=SECRET), "secret", "is not a field that can stand here"),
        (settings("standard"), "secrets.0", "must be base64"),
        (
            settings("delighted", answers=ASKED),
            "answers",
            "belongs to the providers formbricks, survicate, tally",
        ),
        (settings("typeform", answers=None), "answers", "is missing"),
        (settings("typeform", answers={"comment": {"question": "c"}}), "answers", "needs at least one of nps"),
        (settings("typeform", answers=ASKED | {"mood": {"question": "m"}}), "answers.mood", "is none of nps"),
        (
            settings("typeform", answers={"roadmap": {"question": "r", "choices": {"Ja": "ja"}}}),
            "answers.roadmap.choices.Ja",
            "must be one of co_creating",
        ),
        (
            settings("typeform", answers={"nps": {"question": "r", "choices": {"Ja": 11}}}),
            "answers.nps.choices.Ja",
            "0 to 10",
        ),
        (
            settings("typeform", answers={"specialisms": {"question": "r", "choices": {"Ja": 101}}}),
            "answers.specialisms.choices.Ja",
            "0 and 100",
        ),
        (settings("delighted", header="x-key"), "header", "belongs to the provider asknicely"),
        (settings("asknicely", header="x key"), "header", "must be the name of a header"),
        (settings("delighted", signature=SIGNATURE), "signature", "belongs to the provider custom"),
        (settings("custom", signature=None), "signature", "is missing"),
        (settings("custom", signature={"header": "x", "message": "{id}"}), "signature.message", "must hold {body}"),
        (
            settings("custom", signature={"header": "x", "message": "{url}{body}"}),
            "signature.message",
            "holds {url}, which is none of {body}, {id}, {timestamp}, {method}, {uri}",
        ),
        (
            settings("custom", signature={"header": "x", "message": "{id}{body}"}),
            "signature.message",
            "say in which header",
        ),
        (
            settings("custom", signature={"header": "x", "timestamp_header": "t"}),
            "signature.message",
            "does not hold {timestamp}",
        ),
        (
            settings("custom", signature={"header": "X-T", "message": "{timestamp}{body}", "timestamp_header": "x-t"}),
            "signature.header",
            "is the header of {timestamp}, too",
        ),
        (settings("custom", signature={"header": "x", "timestamp": "iso8601"}), "signature.timestamp", "which header"),
        (settings("custom", signature={"header": "x", "timestamp": "days"}), "signature.timestamp", "seconds"),
        (settings("custom", signature={"header": "x", "separator": ";"}), "signature.separator", "','"),
        (settings("custom", signature={"header": "x", "uri": "https://a.example"}), "signature.uri", "does nothing"),
        (
            settings("custom", signature={"header": "x", "message": "{uri}{body}", "uri": "a.example"}),
            "signature.uri",
            "must be an address: http:// or https://",
        ),
        (
            settings("custom", signature={"header": "x", "algorithm": "none", "key": "hex"}),
            "signature.key",
            "does nothing where the header holds the secret itself",
        ),
        (settings("custom", event=None), "event", "is missing"),
        (settings("custom", event={"type": "nps"}), "event.type", "must be one of nps.responded"),
        (settings("custom", event=RESPONDED | {"mood": "m"}), "event.mood", "is no field of nps.responded"),
        (settings("custom", event=RESPONDED | {"score": "n["}), "event.score", "is no JMESPath expression"),
        (settings("custom", event={"type": "nps.reported", "nps": "n"}), "event.measured_at", "is missing"),
        (settings("custom", event=RETRACTED), "event.time", "when did the tool record this?"),
        (settings("custom", event={"type": "survey.answered", "answered_at": "a"}), "event", "needs at least one of"),
    ],
)
def test_a_fault_is_told_with_its_field(source: dict[str, Any], field: str, message: str) -> None:
    found = faults({"mine": source})

    assert [fault for fault in found if fault.startswith(f"mine.{field}: ") and message in fault], found


def test_every_fault_is_told_at_once() -> None:
    document = {"one": settings("delighted", client=None, header="x"), "two": settings("custom", event=None)}

    assert [fault.partition(":")[0] for fault in faults(document)] == ["one.client", "one.header", "two.event"]


@pytest.mark.parametrize("document", [None, [], "text", {"Not A Slug": settings("delighted")}, {"a": None}])
def test_what_describes_no_sources_is_refused(document: Any) -> None:
    assert faults(document)


def test_a_secret_in_the_wrong_place_is_not_told_either() -> None:
    faults({"mine": settings("delighted", client=[SECRET], header={"x": SECRET}, signature=SECRET, event=SECRET)})


def test_the_scheme_of_a_source_is_its_own_before_the_one_of_its_provider() -> None:
    own = source_of(settings("asknicely", header="X-Key"))

    assert LOADED[NAMES["delighted"]].scheme == Scheme("x-delighted-webhook-signature", prefix="sha256=")
    assert LOADED[NAMES["asknicely"]].scheme == Scheme("x-opmm-key", None)
    assert own.scheme == Scheme("x-key", None)
    assert LOADED[NAMES["custom"]].scheme == Scheme("x-signature", prefix="sha256=")


def test_a_scheme_without_an_algorithm_is_a_plain_secret() -> None:
    plain = settings("custom", signature={"header": "Authorization", "algorithm": "none", "prefix": "Bearer "})

    assert source_of(plain).scheme == Scheme("authorization", None, prefix="Bearer ")


def test_a_source_that_only_notifies_needs_no_client() -> None:
    assert source_of({"provider": "bamboohr", "secrets": ["key"]}).client is None


class Held:
    """A secret that somebody changes."""

    def __init__(self, document: Any) -> None:
        self.document = document

    def read(self) -> Any:
        if self.document == "no JSON":
            raise json.JSONDecodeError("nothing", "", 0)
        return self.document


class Log:
    """What was logged."""

    def __init__(self) -> None:
        self.errors: list[tuple[str, dict[str, Any]]] = []

    def error(self, message: str, **details: Any) -> None:
        self.errors.append((message, details))


def held(document: Any) -> tuple[SourcesDocument, Held, Log]:
    secret, log = Held(document), Log()
    return SourcesDocument(secret, MODEL, log), secret, log  # type: ignore[arg-type]  # all that is asked of them


def test_a_source_is_read_once_for_each_version_of_the_document() -> None:
    sources, secret, log = held({})
    assert sources("hr") is None
    secret.document = json.loads(json.dumps(SOURCES))
    first = sources(NAMES["standard"])
    assert first is not None
    assert first is sources(NAMES["standard"])
    secret.document = json.loads(json.dumps(SOURCES))
    assert first is not sources(NAMES["standard"])
    assert log.errors == []


def test_a_source_that_cannot_be_read_stops_no_other() -> None:
    broken = settings("delighted", client=None, header={SECRET: SECRET})
    sources, _, log = held({"broken": broken, "Not A Slug": {}, "good": settings("delighted")})

    for name in ("broken", "Not A Slug", "broken"):
        with pytest.raises(UnavailableError) as refused:
            sources(name)
        assert refused.value.headers == {"Retry-After": "60"}
        assert SECRET not in refused.value.detail
    assert sources("good") is not None
    assert sources("nobody") is None
    told = [
        ("a source cannot be read", {"source": name, "faults": faults})
        for name, faults in (("broken", 2), ("Not A Slug", 3), ("broken", 2))
    ]
    assert log.errors == told


@pytest.mark.parametrize("document", [None, [], "text", 1, "no JSON"])
def test_without_a_document_of_sources_nobody_is_told_that_there_is_none(document: Any) -> None:
    sources, _, log = held(document)

    with pytest.raises(UnavailableError):
        sources("made-up-by-the-caller")
    assert log.errors == [("the sources cannot be read", {})]


def test_a_document_that_is_mended_is_read_again() -> None:
    sources, secret, _ = held({"mine": 1})
    with pytest.raises(UnavailableError):
        sources("mine")
    secret.document = {"mine": settings("delighted")}

    assert sources("mine") is not None
