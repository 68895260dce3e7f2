import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console

from shared.sheets.reading import FileOptions, Line
from shared.texts.words import Words
from tests.unit.tools.worlds import WORLD
from tools.errors import ToolError
from tools.transfer.clients import ServiceNames
from tools.transfer.importing import Effects, import_files
from tools.transfer.lines import opened, read
from tools.transfer.sending import PAUSES, batches, send
from tools.transfer.showing import Shown

HEADER = "client,response_id,score,responded_at\n"


def numbered(count: int, comment: str = "") -> Iterator[Line]:
    return (Line("r.csv", number, number, {"id": str(number), "comment": comment}) for number in range(count))


def service(answer: Callable[[httpx.Request], httpx.Response]) -> httpx.Client:
    return httpx.Client(base_url="http://opmm.test/", transport=httpx.MockTransport(answer))


def accepting(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"results": [{"status": "accepted"} for _ in json.loads(request.content)]})


def test_batches_hold_a_hundred_events() -> None:
    found = list(batches(numbered(250)))

    assert [len(batch.lines) for batch in found] == [100, 100, 50]
    assert [event["id"] for batch in found for event in json.loads(batch.body)] == [
        str(number) for number in range(250)
    ]


def test_batches_stay_within_the_bytes_that_a_call_takes() -> None:
    found = list(batches(numbered(100, "é" * 4000)))

    assert max(len(batch.body) for batch in found) <= 256 * 1024
    assert sum(len(batch.lines) for batch in found) == 100


def test_no_more_lines_are_read_than_a_batch_needs() -> None:
    lines = numbered(1000)

    next(batches(lines))

    assert next(lines).number == 101


@pytest.mark.parametrize("failing", [500, 503, 429, httpx.ReadTimeout("slow"), httpx.ConnectError("gone")])
def test_a_batch_is_sent_again_until_it_is_answered(failing: int | Exception) -> None:
    bodies: list[bytes] = []
    pauses: list[float] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        if len(bodies) > 2:
            return accepting(request)
        if isinstance(failing, Exception):
            raise failing
        return httpx.Response(failing)

    [outcome] = send(service(answer), next(batches(numbered(1))), pauses.append)

    assert outcome.status == "accepted"
    assert (len(bodies), len(set(bodies)), pauses) == (3, 1, list(PAUSES[:2]))


def test_a_service_that_stays_away_ends_the_import() -> None:
    with pytest.raises(ToolError, match="responded with 503, 6 times"):
        send(service(lambda _: httpx.Response(503)), next(batches(numbered(1))), lambda _: None)


@pytest.mark.parametrize("status", [401, 403, 413])
def test_a_refused_batch_ends_the_import_at_once(status: int) -> None:
    problem = {"title": "No", "status": status, "detail": "Not with this token."}

    with pytest.raises(ToolError, match=f"{status}: Not with this token"):
        send(service(lambda _: httpx.Response(status, json=problem)), next(batches(numbered(1))), lambda _: None)


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ({"status": 409, "detail": "The versions differ."}, "de versies zijn bekend met een tijd"),
        ({"status": 403, "detail": "The token does not grant it."}, "het token geldt niet voor de bron"),
        ({"status": 422, "errors": [{"pointer": "/x", "detail": "is wrong"}]}, "/x is wrong"),
    ],
)
def test_a_rejected_line_is_told_in_the_words_that_there_are(problem: dict[str, Any], said: str) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(207, json={"results": [{"status": "rejected", "problem": problem}]})

    [outcome] = send(service(answer), next(batches(numbered(1))), words=Words("nl"))

    assert outcome.faults[0].startswith(said)


def imported(path: Path, rows: str, answer: Callable[[httpx.Request], httpx.Response] | None) -> tuple[Any, str]:
    path.write_text(HEADER + rows)
    said = StringIO()
    with Shown([path], Console(file=said, width=200)) as shown:
        sent = service(answer) if answer else None
        counted = import_files([opened(path, WORLD, FileOptions("nps"))], WORLD, sent, shown, effects=Effects())
    return counted, said.getvalue()


def test_good_lines_are_sent_and_bad_ones_told(tmp_path: Path) -> None:
    rows = "acme,1,9,2026-11-01T10:00:00Z\nacme,2,x,2026-11-01T10:00:00Z\nacme,3,8,2026-11-01T10:00:00Z\n"

    counted, said = imported(tmp_path / "r.csv", rows, accepting)

    assert counted == Counter(accepted=2, bad=1)
    assert said == "r.csv:3: score: must be a whole number\n"


def test_what_the_service_rejects_is_told_with_its_line(tmp_path: Path) -> None:
    problem = {"detail": "Not valid.", "errors": [{"pointer": "/source", "detail": "is not granted"}]}
    answer = httpx.Response(207, json={"results": [{"status": "rejected", "problem": problem}]})

    counted, said = imported(tmp_path / "r.csv", "acme,1,9,2026-11-01T10:00:00Z\n", lambda _: answer)

    assert counted == Counter(rejected=1)
    assert said == "r.csv:2: /source is not granted\n"


def test_a_dry_run_sends_nothing_and_tells_every_bad_line(tmp_path: Path) -> None:
    counted, said = imported(tmp_path / "r.csv", "acme,1,9,2026-11-01T10:00:00Z\n" + "acme,1,9,then\n" * 300, None)

    assert counted == Counter(good=1, bad=300)
    assert said.count("responded_at: must be") == 300


def test_an_import_tells_the_clients_that_it_made_and_joined(tmp_path: Path) -> None:
    results = [
        {"status": "accepted", "client_id": "acme", "new_client": True},
        {"status": "accepted", "client_id": "beta", "joined": ["delta"]},
    ]
    path, effects = tmp_path / "r.csv", Effects()
    path.write_text(HEADER + "acme,1,9,2026-11-01T10:00:00Z\nbeta,2,9,2026-11-01T10:00:00Z\n")
    with Shown([path], Console(file=StringIO())) as shown:
        import_files(
            [opened(path, WORLD, FileOptions("nps"))],
            WORLD,
            service(lambda _: httpx.Response(200, json={"results": results})),
            shown,
            effects=effects,
        )

    assert effects == Effects({"acme"}, {"delta"})
    assert [*effects.told(Words("en"), dry_run=False)] == [
        "Made 1 new client: acme",
        "Joined to others 1 described client: delta",
    ]


LISTED = [
    {"client_id": "gloeiwijk", "name": "Gloeiwijk Energie"},
    {"client_id": "one", "name": "Jansen"},
    {"client_id": "two", "name": "JANSEN"},
]


def listing(request: httpx.Request) -> httpx.Response:
    """A service with three clients, of which one has an alias; a page holds two."""
    if request.url.path == "/v1/clients":
        if "cursor" in request.url.params:
            return httpx.Response(200, json={"clients": LISTED[2:], "next": None})
        return httpx.Response(200, json={"clients": LISTED[:2], "next": "2"})
    known = {row["client_id"]: row["client_id"] for row in LISTED} | {"gwe": "gloeiwijk"}
    client_id = known.get(request.url.path.removeprefix("/v1/clients/"))
    return httpx.Response(200, json={"client_id": client_id}) if client_id else httpx.Response(404)


def test_a_dry_run_finds_clients_by_their_names_and_tells_which_are_new(tmp_path: Path) -> None:
    path, effects, said = tmp_path / "r.csv", Effects(), StringIO()
    clients = ["gloeiwijk", "Gloeiwijk Energie!", "GWE", "C#", "Jansen", "one"]
    path.write_text(HEADER + "".join(f"{client},{client},9,2026-11-01T10:00:00Z\n" for client in clients))
    world = replace(WORLD, names=ServiceNames(service(listing)))
    with Shown([path], Console(file=said, width=200)) as shown:
        counted = import_files([opened(path, world, FileOptions("nps"))], world, None, shown, effects=effects)

    assert (counted, effects) == (Counter(good=5, bad=1), Effects({"c-951a4d36"}))
    assert said.getvalue().startswith("r.csv:6: client: several clients are called this")
    subjects = [line.event["subject"] for line in read(path, "nps", world)]
    assert subjects[:4] == ["gloeiwijk", "gloeiwijk", "gwe", "c-951a4d36"]


def test_a_token_that_may_not_read_is_told_what_an_import_needs_of_it(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text(HEADER + "acme,1,9,2026-11-01T10:00:00Z\n")
    world = replace(WORLD, names=ServiceNames(service(lambda _: httpx.Response(403))))

    with pytest.raises(ToolError, match="scores:read"):
        list(read(path, "nps", world))
