"""What cannot be read is as good as absent: nothing fails on it, and what comes next makes it anew from the facts."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from moto import mock_aws

from shared.storage.records import Scored, Unreadable
from shared.storage.scores import Scores
from tests.support.calls import look
from tests.support.clients import dynamodb_client
from tests.support.damage import KINDS, REMOVED, Path, at, damaged, entries_of, item_of, lay_down, places, remove
from tests.support.ledgers import adds_up, ledger
from tests.support.plain_tables import plain_tables
from tests.support.readings import counted
from tests.support.service import Service, event, in_memory, responses

READS = (
    "/v1/clients",
    "/v1/clients?status=all&sort=name&limit=1",
    "/v1/clients?sort=-changed_at&complete=true",
    "/v1/portfolio",
    "/v1/clients/acme-old",
    "/v1/clients/acme",
    "/v1/clients/acme/score",
    "/v1/clients/acme/score?as_of=2026-08-01",
    "/v1/clients/acme/history",
    "/v1/clients/acme/next-steps",
    "/v1/clients/acme/evidence",
    "/v1/clients/acme/evidence?dimension=roadmap",
    "/v1/clients/acme/nps",
)
PAGES = ("/", "/?sort=name", "/clients/acme", "/clients/acme-old")
SAYS = ("/v1/clients?sort=name", "/v1/portfolio", "/v1/clients/acme-old", "/v1/clients/acme", "/v1/clients/acme/nps")

FIELDS = (
    "format",
    "version",
    "made_with",
    "aliases",
    "holdings",
    "overruled",
    "since",
    "inputs",
    "earlier",
    "unnamed",
    "agenda",
    "past",
    "status",
    "name_key",
    "by_total",
    "by_name",
    "by_change",
    "summary",
)

DAMAGES: Mapping[str, tuple[Path, Mapping[str, Any]]] = {
    **{f"{field} is missing": ((field,), REMOVED) for field in FIELDS},
    "another format": (("format",), {"N": "2"}),
    "no version that can follow": (("version",), {"N": "0"}),
    "a version that is no number": (("version",), {"S": "two"}),
    "another model": (("made_with", 0), {"S": "opmm-0#0123456789abcdef"}),
    "another zone": (("made_with", 1), {"S": "Pacific/Auckland"}),
    "another status": (("status",), {"S": "asleep"}),
    "aliases that are a text": (("aliases",), {"S": "acme-old"}),
    "a cause that there is none of": (("unnamed", "response#a#1"), {"S": "boredom"}),
    "no answers": (("inputs", "answers"), REMOVED),
    "an answer that is missing": (("inputs", "answers", "roadmap"), REMOVED),
    "an answer that is cut off": (("inputs", "answers", "roadmap", 5), REMOVED),
    "an answer that nobody can give": (("inputs", "answers", "roadmap", 0), {"S": "perhaps"}),
    "a count that is a text": (("inputs", "answers", "specialisms", 0), {"S": "3"}),
    "an earlier answer that nobody can give": (("earlier", "answers", "roadmap", 0), {"S": "perhaps"}),
    "an answer on another ground": (("inputs", "answers", "roadmap", 1), {"S": "hearsay"}),
    "no day": (("inputs", "answers", "roadmap", 2), {"S": "yesterday"}),
    "no time": (("inputs", "answers", "roadmap", 3), {"S": "yesterday"}),
    "a source that is no text": (("inputs", "answers", "roadmap", 4), KINDS["number"]),
    "responses that are no bytes": (("inputs", "responses"), KINDS["text"]),
    "responses that are cut off": (("inputs", "responses"), {"B": b"\x01\x00\x00"}),
    "a latest response that is no list": (("inputs", "latest_response"), KINDS["truth"]),
    "a reported NPS that is no list": (("inputs", "reported"), KINDS["text"]),
    "a reported NPS that is a text": (("inputs", "reported", 0), KINDS["text"]),
    "a row without a name": (("summary", "name"), REMOVED),
    "a row whose name is a number": (("summary", "name"), KINDS["number"]),
    "a name that is looked up as another": (("name_key",), {"S": "0" * 32}),
    "a row that does not say whether it was described": (("summary", "described"), REMOVED),
    "a description that is a text": (("summary", "described"), KINDS["text"]),
    "a total that is a text": (("summary", "total"), KINDS["text"]),
    "a total that is another": (("summary", "total"), {"N": "3"}),
    "a question that is cut off": (("summary", "dimensions", 2, 3), REMOVED),
    "points that are a text": (("summary", "dimensions", 2, 1), KINDS["text"]),
    "points that are others": (("summary", "dimensions", 2, 1), {"N": "0"}),
    "a day that is none": (("summary", "as_of"), {"S": "2026-02-30"}),
    "a last day of the calendar": (("summary", "as_of"), {"S": "9999-12-31"}),
    "a change at no time": (("summary", "changed_at"), {"S": "2026"}),
    "reasons that are no list": (("summary", "discussion"), KINDS["map"]),
}
MARKERS: Mapping[str, tuple[Path, Mapping[str, Any]]] = {
    **{f"{field} is missing": ((field,), REMOVED) for field in ("format", "version", "alias_of", "claimants")},
    "another format": (("format",), {"N": "2"}),
    "an owner that is no name": (("alias_of",), {"S": "Acme B.V."}),
    "an owner that is a number": (("alias_of",), KINDS["number"]),
    "claimants that are a text": (("claimants",), {"S": "acme"}),
}
DAMAGES_OF_ENTRIES = [
    (field, attribute)
    for field in ("format", "version", "at", "cause", "total_before", "moves", "facts", "names")
    for attribute in (REMOVED, KINDS["text"], KINDS["map"])
    if (field, attribute) != ("names", REMOVED)  # an earlier release named none
]


def survey(at: str, survey_id: str, **answers: Any) -> dict[str, Any]:
    return event("survey.answered", {"answered_at": at, "survey_id": survey_id, "answers": answers})


def filled(service: Service) -> Service:
    """A client with an alias, facts under both names, answers that have replaced others, and a second client."""
    service.post(event("consultants.counted", {"working": 9, "as_of": "2026-11-10"}, subject="acme-old"))
    service.post(responses([10], subject="acme-old"))
    service.post(responses([9, 0, 7]))
    service.settle()
    service.post(
        [
            event("client.described", {"name": "Acme B.V.", "aliases": ["acme-old", "acme-nl"]}),
            survey("2026-05-01T10:00:00Z", "spring", specialisms=2, roadmap="yes"),
            survey("2026-11-01T10:00:00Z", "autumn", specialisms=3, roadmap="no", inspiration="regularly"),
            event("nps.reported", {"nps": 30, "measured_at": "2026-10-01T00:00:00Z"}),
            event("consultants.counted", {"working": 4, "happy": 1, "as_of": "2026-07-01"}),
            event("consultants.counted", {"working": 1, "as_of": "2026-07-01"}, subject="beta"),
            counted(2, "beta"),
        ]
    )
    service.settle()
    return service


def told(service: Service) -> dict[str, Any]:
    """What is said of the clients, without what making it anew moves on."""
    return {path: _lasting(service.get(path).json) for path in SAYS}


def _lasting(document: Any) -> Any:
    if isinstance(document, dict):
        return {key: _lasting(value) for key, value in document.items() if key not in ("version", "changed_at")}
    return [_lasting(entry) for entry in document] if isinstance(document, list) else document


def failing(service: Service, reads: Sequence[str] = READS, pages: Sequence[str] = PAGES) -> list[tuple[str, int]]:
    """The requests that fail, by their status."""
    answers = [(path, service.get(path).status) for path in reads]
    answers += [(path, look(service, path).status) for path in pages]
    return [(path, status) for path, status in answers if status != 200]


def by_an_event(service: Service, subject: str = "acme") -> None:
    """A head count of long ago, each time another, so that no score moves by it."""
    service.clock.now += timedelta(seconds=1)
    recorded = service.clock.now.isoformat()
    service.post(event("consultants.counted", {"working": 1, "as_of": "2025-01-01"}, subject=subject, time=recorded))
    service.settle()


def by_an_event_of_the_alias(service: Service) -> None:
    by_an_event(service, "acme-old")


def by_the_nightly_refresh(service: Service) -> None:
    service.night()


def by_a_rebuild(service: Service) -> None:
    service.rebuild()


Heal = Callable[[Service], None]
HEALS = (by_an_event, by_the_nightly_refresh, by_a_rebuild)
HEALS_OF_MARKERS = (by_an_event_of_the_alias, by_the_nightly_refresh, by_a_rebuild)


@pytest.fixture(scope="module")
def acme() -> Iterator[Service]:
    """The clients of `filled`; each test leaves them healed."""
    with mock_aws(), plain_tables():
        yield filled(in_memory())


@pytest.fixture(scope="module")
def undamaged(acme: Service) -> dict[str, Any]:
    """What was told before anything was damaged."""
    assert failing(acme) == []
    return told(acme)


def sound(service: Service, version: int) -> bool:
    """Whether the ledger adds up to the total, and its versions went on from this one."""
    card, changes = service.get("/v1/clients/acme").json, ledger(service, "acme")
    versions = [change["version"] for change in changes]
    return (
        adds_up(changes, card["total"])
        and versions == sorted(set(versions))
        and card["version"] >= max(version, *versions)
    )


def version_of(service: Service) -> int:
    return int(service.get("/v1/clients/acme").json["version"])


@pytest.mark.usefixtures("acme")
def test_every_field_of_a_scorecard_is_damaged_here() -> None:
    assert sorted(item_of("acme")) == sorted((*FIELDS, "client_id", "item", "standing"))


def ways(damages: Iterable[str], heals: Sequence[Heal]) -> list[Any]:
    """What is missing is healed in every way, and the rest in one of them each: it is no less unreadable."""
    return [
        pytest.param(damage, heal, id=f"{damage}-{heal.__name__}")
        for place, damage in enumerate(damages)
        for heal in (heals if damage.endswith("is missing") else heals[place % len(heals) :][:1])
    ]


@pytest.mark.parametrize("damage", ["summary is missing", "another zone", "an earlier answer that nobody can give"])
def test_no_request_and_no_page_fails_on_a_damaged_scorecard(acme: Service, damage: str) -> None:
    item = item_of("acme")
    lay_down(damaged(item, *DAMAGES[damage]))

    assert failing(acme) == []
    lay_down(item)


@pytest.mark.parametrize(("damage", "heal"), ways(DAMAGES, HEALS))
def test_a_damaged_scorecard_fails_nothing_and_heals(
    acme: Service, undamaged: dict[str, Any], damage: str, heal: Heal
) -> None:
    version = version_of(acme)
    lay_down(damaged(item_of("acme"), *DAMAGES[damage]))

    assert failing(acme, ["/v1/clients?status=all&sort=name", "/v1/portfolio"], ["/"]) == []
    assert _lasting(acme.get("/v1/clients/acme").json) == undamaged["/v1/clients/acme"]
    heal(acme)

    assert told(acme) == undamaged
    assert sound(acme, version)


@pytest.mark.parametrize(("damage", "heal"), ways(MARKERS, HEALS_OF_MARKERS))
def test_a_damaged_alias_fails_nothing_and_heals(
    acme: Service, undamaged: dict[str, Any], damage: str, heal: Heal
) -> None:
    version, marker = version_of(acme), item_of("acme-old")
    lay_down(damaged(marker, *MARKERS[damage]))

    assert failing(acme, ["/v1/clients", "/v1/clients/acme"], ["/", "/clients/acme-old"]) == []
    assert _lasting(acme.get("/v1/clients/acme-old").json) == undamaged["/v1/clients/acme"]
    heal(acme)

    assert told(acme) == undamaged
    healed = item_of("acme-old")
    assert (healed["alias_of"], healed["claimants"]) == (marker["alias_of"], marker["claimants"])
    assert sound(acme, version)


@pytest.mark.parametrize("heal", [by_an_event, by_a_rebuild])
def test_a_scorecard_that_is_gone_is_made_anew_and_goes_on_where_its_ledger_ends(
    acme: Service, undamaged: dict[str, Any], heal: Heal
) -> None:
    before = ledger(acme, "acme")
    remove("acme")

    assert {acme.get(path).status for path in READS} == {200, 404}
    assert {look(acme, path).status for path in PAGES} == {200, 404}
    heal(acme)

    assert told(acme) == undamaged
    assert ledger(acme, "acme") == before
    assert version_of(acme) > before[-1]["version"]


@pytest.mark.parametrize(("field", "attribute"), DAMAGES_OF_ENTRIES)
def test_a_damaged_entry_of_the_ledger_is_left_out_and_fails_nothing(
    acme: Service, undamaged: dict[str, Any], field: str, attribute: dict[str, Any]
) -> None:
    version, before = version_of(acme), ledger(acme, "acme")
    entry = item_of("acme", entries_of("acme")[0])
    lay_down(damaged(entry, (field,), attribute))

    assert acme.get("/v1/clients/acme/history").json["changes"][::-1] == before[1:]
    assert look(acme, "/clients/acme").status == 200
    by_a_rebuild(acme)

    assert told(acme) == undamaged
    lay_down(entry)
    assert sound(acme, version)


def test_whatever_field_is_of_another_type_a_scorecard_is_read_as_it_was_or_not_at_all(acme: Service) -> None:
    item = item_of("acme")
    scores = Scores(dynamodb_client(), "ScoresTable", acme.model, ZoneInfo("Europe/Amsterdam"))
    sound = scores.read("acme")
    assert isinstance(sound, Scored)
    wrong = []
    cases = [(path, attribute) for path in places(item) for attribute in KINDS.values()]
    for path, attribute in cases[::13]:
        nullable = path[-1] in ("reported", "latest_response", "changes_on") and attribute == KINDS["nothing"]
        of_an_index = (isinstance(path[0], str) and path[0].startswith("by_")) or path in (("status",), ("name_key",))
        if at(item, path).keys() == attribute.keys() or nullable or of_an_index:
            continue
        lay_down(damaged(item, path, attribute))
        read = scores.read("acme")
        if not isinstance(read, Unreadable) and read != sound:
            wrong.append((path, attribute))
    lay_down(item)
    assert wrong == []


def test_what_is_damaged_beyond_sense_is_told_as_json_that_is_never_wrong(acme: Service) -> None:
    lay_down(damaged(item_of("acme"), ("summary", "dimensions", 0, 0), KINDS["number"]))

    assert [row["client_id"] for row in acme.get("/v1/clients").json["clients"]] == ["beta"]
    assert json.loads(acme.get("/v1/portfolio").text)["count"] == 1
    by_a_rebuild(acme)
