"""The program of docs/crm, as it stands there, keeps scores in stand-ins of HubSpot and Salesforce."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.notify.channels.calling import Caller
from functions.notify.channels.sending import Channels
from shared.destinations.answer import Answer
from shared.destinations.destination import Destination
from shared.destinations.message import Message
from tests.support.crms import Call, Crm, HubSpot, Reply, Salesforce, serving
from tests.support.erasing import erased
from tests.support.messages import message
from tests.support.post import CRM, Post, count_now
from tests.support.readme import examples_of
from tests.support.service import Service, event, token

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")


@dataclass
class Kept:
    """A service with some clients, a CRM, and the program that keeps one in the other."""

    service: Service
    crm: Crm
    folder: Path
    variables: Mapping[str, str]
    fields: Mapping[str, str]
    """What a field is called in this CRM, by what it says."""

    def run(self, *arguments: str, script: str = "follow.py") -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - the program of the pages
            [sys.executable, script, *arguments],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def environment(self, **further: str) -> dict[str, str]:
        return {**os.environ, **self.variables, **further}

    @contextmanager
    def running(self) -> Iterator[str]:
        """The program for good; gives the address of its doorbell."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        program = subprocess.Popen(
            [sys.executable, "follow.py"],
            cwd=self.folder,
            env=self.environment(OPMM_WEBHOOK_SECRET=SECRET, PORT=str(port)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            until(lambda: reachable(port))
            yield f"http://127.0.0.1:{port}/opmm"
        finally:
            program.terminate()
            program.wait(timeout=20)

    def said(self, client_id: str) -> dict[str, Any]:
        """What the record of a client says, by what it means."""
        return {name: self.crm.records[client_id].get(field) for name, field in self.fields.items()}

    def score(self, client_id: str) -> dict[str, Any]:
        """What it is to say, as this CRM says it."""
        card = self.service.get(f"/v1/clients/{client_id}", bearer=self.variables["OPMM_TOKEN"]).json
        told = {name: card[name] for name in self.fields} | {"changed_at": f"{card['changed_at'][:19]}Z"}
        if isinstance(self.crm, Salesforce):
            return told
        return {name: ("true" if value else "false") if name == "stale" else str(value) for name, value in told.items()}


def reachable(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def made(folder: Path, page: str) -> None:
    """The files of the program, as the pages have them."""
    calls, follow = examples_of("crm/README.md", "python")
    [crm] = examples_of(f"crm/{page}.md", "python")
    for name, text in (("calls", calls), ("follow", follow), ("crm", crm)):
        (folder / f"{name}.py").write_text(text)


EMPTY: dict[str, Any] = dict.fromkeys(("total", "max_total", "stale", "changed_at", "version"))

KINDS: dict[str, tuple[type[Crm], dict[str, str], str]] = {
    "hubspot": (HubSpot, {"HUBSPOT_KEY": "pat-eu1-key"}, "HUBSPOT_URL"),
    "salesforce": (Salesforce, {"SALESFORCE_KEY": "consumer", "SALESFORCE_SECRET": "hush"}, "SALESFORCE_URL"),
}


def named(kind: str, name: str) -> str:
    if kind == "hubspot":
        return f"opmm_{name}"
    return "OPMM_" + "_".join(part.capitalize() for part in name.split("_")) + "__c"


def api(service: Service) -> Callable[[Call], Reply]:
    """The service itself, over HTTP."""

    def answer(call: Call) -> Reply:
        query = "&".join(f"{name}={value}" for name, value in call.query.items())
        bearer = call.headers["authorization"].removeprefix("Bearer ")
        answer = service.get(f"{call.path}?{query}".rstrip("?"), bearer=bearer)
        return answer.status, answer.json, {}

    return answer


@pytest.fixture(params=KINDS)
def kept(request: pytest.FixtureRequest, service: Service, tmp_path: Path) -> Iterator[Kept]:
    shape, secrets, address = KINDS[request.param]
    crm = shape({"acme": {}, "beta": {}, "gamma": {}})
    made(tmp_path, request.param)
    for happy, client in ((12, "acme"), (25, "beta"), (40, "gamma"), (40, "nobody")):
        count_now(service, happy, client)
    fields = {name: named(request.param, name) for name in EMPTY}
    with serving(api(service)) as opmm, serving(crm) as served:
        variables = {
            "OPMM_URL": opmm,
            "OPMM_TOKEN": token(scopes=frozenset({"scores:read"})),
            address: served,
            **secrets,
        }
        yield Kept(service, crm, tmp_path, variables, fields)
    assert crm.wrong == []


def change(kept: Kept, client: str, happy: int) -> None:
    kept.service.clock.now += timedelta(minutes=5)
    count_now(kept.service, happy, client)


def followed(kept: Kept) -> subprocess.CompletedProcess[str]:
    """A look at what has happened since the last one; what had to be called is in `asked`."""
    kept.service.tell()
    kept.crm.asked.clear()
    return kept.run("once")


def writes(kept: Kept) -> int:
    return sum(method == "PATCH" for method, _ in kept.crm.asked)


def test_load_writes_every_record_that_names_a_client_and_says_which_client_none_names(kept: Kept) -> None:
    loaded = kept.run("load")

    assert (loaded.returncode, loaded.stdout, loaded.stderr) == (0, "nobody: no record names it\n", "")
    for client in ("acme", "beta", "gamma"):
        assert kept.said(client) == kept.score(client)
    assert set(kept.crm.records) == {"acme", "beta", "gamma"}


def test_a_change_is_written_once_however_often_it_is_looked_for(kept: Kept) -> None:
    first = followed(kept)
    assert (first.returncode, first.stdout) == (0, "nobody: no record names it\n")
    assert kept.said("beta") == kept.score("beta")

    change(kept, "acme", 1)
    change(kept, "acme", 40)
    assert followed(kept).returncode == 0
    assert writes(kept) == 1
    assert kept.said("acme") == kept.score("acme")
    assert followed(kept).returncode == 0
    assert kept.crm.asked == []


class Wired:
    """Sends over a real connection, signed at the time of the clock on the wall, by which a receiver goes."""

    def send(self, message: Message, destination: Destination, now: datetime) -> Answer:  # noqa: ARG002
        wall = datetime.now(UTC)  # noqa: TID251 - the official package compares with it
        return Channels(Caller(loopback=True), None).send(message, destination, wall)


def test_a_signed_webhook_is_a_doorbell_upon_which_the_change_is_written(kept: Kept) -> None:
    post = Post(kept.service)
    kept.service.tell()
    with kept.running() as bell:
        until(lambda: kept.said("gamma") == kept.score("gamma"))
        post.listens(replace(CRM, addresses=(bell,), secrets=(SECRET,)))
        post.worker = replace(post.worker, carrier=Wired())
        change(kept, "acme", 1)
        post.tell()
        post.deliver()

        until(lambda: kept.said("acme") == kept.score("acme"))
    assert {(each.status, each.answer) for each in post.of("crm")} == {("delivered", "204")}


def test_whoever_cannot_sign_rings_no_bell(kept: Kept) -> None:
    with kept.running() as bell:
        until((kept.folder / "cursor.txt").exists)
        stranger = replace(CRM, addresses=(bell,), secrets=("whsec_bm90LXRoZS1rZXktb2YtdGhlLWJlbGw=",))
        change(kept, "acme", 1)
        kept.service.tell()
        kept.crm.asked.clear()
        answer = Wired().send(message(), stranger, kept.service.clock.now)
        time.sleep(1)

        assert (answer.status, answer.taken) == (401, False)
        assert kept.crm.asked == []


def test_a_crm_that_is_away_costs_nothing_but_time(kept: Kept) -> None:
    kept.run("load")
    assert followed(kept).returncode == 0
    change(kept, "acme", 1)
    kept.crm.first = [(503, None, {"Retry-After": "0"})] * 5
    broken = followed(kept)

    assert broken.returncode == 1
    assert "503" in broken.stderr
    assert kept.said("acme") != kept.score("acme")
    assert followed(kept).returncode == 0
    assert kept.said("acme") == kept.score("acme")


def test_it_waits_where_it_is_asked_to(kept: Kept) -> None:
    kept.crm.first = [(429, None, {"Retry-After": "1"})]
    begun = time.monotonic()

    assert kept.run("load").returncode == 0
    assert time.monotonic() - begun >= 1
    assert kept.said("acme") == kept.score("acme")


def test_a_later_version_stays_and_load_writes_over_any(kept: Kept) -> None:
    kept.crm.records["acme"][kept.fields["version"]] = "900" if isinstance(kept.crm, HubSpot) else 900
    assert followed(kept).returncode == 0
    assert kept.said("acme")["total"] is None

    assert kept.run("load").returncode == 0
    assert kept.said("acme") == kept.score("acme")


def test_what_a_crm_refuses_for_good_holds_up_no_other_client(kept: Kept) -> None:
    written, refused = type(kept.crm).reply, []

    def refusing(self: Crm, call: Call) -> Reply:
        if call.method == "PATCH" and "/beta" in call.path:
            refused.append(call.path)
            return 400, {"message": "a rule of an admin"}, {}
        return written(self, call)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(type(kept.crm), "reply", refusing)
        looked = followed(kept)

    assert (looked.returncode, len(refused)) == (0, 1)
    assert "beta: refused with 400" in looked.stdout
    assert kept.said("gamma") == kept.score("gamma")


def emptied(kept: Kept, client: str) -> bool:
    return all(value in (None, False) for value in kept.said(client).values())


def test_a_client_that_is_erased_is_emptied_by_load(kept: Kept) -> None:
    kept.run("load")
    erased(kept.service, client_id="beta")

    assert kept.run("load").returncode == 0
    assert emptied(kept, "beta")
    assert kept.said("acme") == kept.score("acme")


def test_a_name_that_has_become_an_alias_is_emptied_and_the_client_that_it_is_of_written(kept: Kept) -> None:
    kept.run("load")
    followed(kept)
    change(kept, "beta", 30)
    now = kept.service.clock.now.isoformat()
    kept.service.post(event("client.described", {"aliases": ["beta"]}, time=now, id="joined"))
    kept.service.settle()

    assert followed(kept).returncode == 0
    assert emptied(kept, "beta")
    assert kept.said("acme") == kept.score("acme")


def test_the_properties_of_hubspot_are_made_once(tmp_path: Path) -> None:
    crm = HubSpot()
    made(tmp_path, "hubspot")
    with serving(crm) as served:
        kept = Kept(Any, crm, tmp_path, {"HUBSPOT_URL": served, "HUBSPOT_KEY": crm.key}, {})  # type: ignore[arg-type]
        first, second = (kept.run(script="crm.py").stdout.split("\n") for _ in range(2))

    assert crm.wrong == []
    assert [name for name, told in crm.properties.items() if told.get("hasUniqueValue")] == ["opmm_client"]
    assert crm.properties.keys() == {"opmm_client", *(f"opmm_{name}" for name in EMPTY)}
    assert first == [*(f"{name}: made" for name in crm.properties), ""]
    assert second == [*(f"{name}: is there" for name in crm.properties), ""]


def test_a_token_of_salesforce_that_has_ended_is_replaced(service: Service, tmp_path: Path) -> None:
    crm = Salesforce({"acme": {}, "beta": {}})
    made(tmp_path, "salesforce")
    for client in ("acme", "beta"):
        count_now(service, 12, client)
    told = type(crm).reply

    def ending(self: Crm, call: Call) -> Reply:
        """A token does for two calls."""
        assert isinstance(self, Salesforce)
        if len(self.asked) % 3 == 0:
            self.tokens = [*self.tokens, "another"] if self.tokens else []
        return told(self, call)

    with pytest.MonkeyPatch.context() as patched, serving(api(service)) as opmm, serving(crm) as served:
        patched.setattr(Salesforce, "reply", ending)
        variables = {"OPMM_URL": opmm, "OPMM_TOKEN": token(scopes=frozenset({"scores:read"})), "SALESFORCE_URL": served}
        variables |= KINDS["salesforce"][1]
        loaded = Kept(service, crm, tmp_path, variables, {}).run("load")

    assert (loaded.returncode, loaded.stderr) == (0, "")
    assert len(crm.tokens) > 2
    assert crm.records["beta"]["OPMM_Total__c"] == 4
    assert crm.wrong == []
