"""What happens on the running stack goes out: to receivers on this machine and to the outbox, whatever they do."""

import json
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import psutil
import pytest
from standardwebhooks import Webhook

from shared.destinations.schedule import moments
from shared.opmm.model_document import published_model
from shared.storage.deliveries import Deliveries, Delivery
from tests.end_to_end.calls import calling, eventually
from tests.end_to_end.test_transfer import run
from tests.support.receivers import OK, Receiver, receiver
from tests.support.service import event
from tools.demo.portfolio import ZONE
from tools.stack import Settings, Stack
from tools.stack.gate import OUTBOX
from tools.stack.process import Process
from tools.target import Target

FALLING, IMPORTED, KILLED = "told-falling", "told-imported", "told-killed"
KEY = "whsec_eFZOa3BQMlRyV3E5TG1YNHNCdjdHaDFKZDZLeUM4RnU="
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
GONE = b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"
NOW = datetime.now(ZONE)  # noqa: TID251 - a digest of a quarter of an hour that is just past
AT = NOW.replace(minute=NOW.minute // 15 * 15, second=0, microsecond=0).time()


@dataclass
class Hanging:
    """Says nothing until it is let go: by then whoever asked is no more."""

    asked: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def __call__(self, _: socket.socket) -> None:
        self.asked.set()
        self.over.wait(20)


@dataclass(frozen=True)
class Town:
    """The stack, who listens to it, and what they have got."""

    target: Target
    settings: Settings
    api: httpx.Client
    receivers: dict[str, Receiver]
    hanging: Hanging

    def kill(self) -> int:
        """Kills the processes in which the notify function of this very stack runs, whatever they do; says how many."""
        emulator = Process.read(self.settings.process_file)
        assert emulator is not None
        killed = 0
        for child in psutil.Process(emulator.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):  # it has ended meanwhile, or was killed before
                if any(f"ministack-lambda-{self.target.name}-notify-" in part for part in child.cmdline()):
                    child.send_signal(signal.SIGKILL)
                    killed += 1
        return killed

    def invoke(self, job: str) -> Any:
        lambdas = self.target.session.client("lambda", endpoint_url=self.target.endpoint_url)
        answer = lambdas.invoke(FunctionName=self.target.output("NotifyFunctionName"), Payload=json.dumps({"job": job}))
        return json.loads(answer["Payload"].read())

    def got(self, name: str) -> list[tuple[dict[str, str], Any]]:
        """What a receiver got: the headers and the document of each request."""
        found = []
        for request in list(self.receivers[name].received):
            head, _, body = request.partition(b"\r\n\r\n")
            lines = (line.decode().partition(": ") for line in head.split(b"\r\n")[1:])
            found.append(({field.lower(): value for field, _, value in lines}, json.loads(body)))
        return found

    def of(self, name: str) -> list[Delivery]:
        deliveries = Deliveries(self.target.dynamodb(), self.target.output("NotificationsTableName"))
        return list(deliveries.latest(name, 100).deliveries)

    def mail_to(self, mailbox: str) -> list[Any]:
        stack = self.target.local
        assert stack is not None
        asked = {"Authorization": f"Bearer {stack.secret_access_key}"}
        mail = httpx.get(f"{stack.endpoint_url}{OUTBOX}", headers=asked, trust_env=False).json()["mail"]
        return [each for each in mail if mailbox in json.dumps(each)]

    def count(self, client: str, happy: int, total: int, minute: int = 0) -> None:
        """Tells how many are happy at a client today, and waits for the total that this makes."""
        counted = {"working": 50, "happy": happy, "as_of": NOW.date().isoformat()}
        at = (NOW + timedelta(minutes=minute)).isoformat()
        self.tell(
            client, [event("consultants.counted", counted, subject=client, id=f"{client}-{minute}", time=at)], total
        )

    def tell(self, client: str, events: list[dict[str, Any]], total: int) -> None:
        """Posts these, and waits for the total that they make."""
        headers = {"Content-Type": "application/cloudevents-batch+json"}
        self.api.post("v1/events", json=events, headers=headers).raise_for_status()
        eventually(lambda: self.api.get(f"v1/clients/{client}/score").json().get("total"), total)

    def written(self, cursor: str | None) -> tuple[list[Any], str]:
        """What `GET /v1/changes` lists behind a cursor, and where it ends."""
        entries: list[Any] = []
        while True:
            page = self.api.get("v1/changes", params={"cursor": cursor} if cursor else {}).json()
            entries += page["entries"]
            cursor = page["next"]
            if not page["more"]:
                return entries, page["next"]


def described(receivers: dict[str, Receiver]) -> dict[str, Any]:
    """The destinations document."""

    def told(name: str, *clients: str, channel: str = "webhook", **further: Any) -> dict[str, Any]:
        signed = {"secrets": [KEY]} if channel == "webhook" else {}
        address = receivers[name].address().replace("127.0.0.1", "localhost")
        return {"channel": channel, "address": address, "clients": list(clients), **signed, **further}

    moment, _ = moments(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), AT, ZONE, NOW)
    week = {"wants": ["digest"], "days": [f"{moment.astimezone(ZONE):%A}".lower()], "at": f"{AT:%H:%M}"}
    mail = {"channel": "email", "clients": [FALLING]}
    return {
        "signed": told("signed", FALLING, IMPORTED, wants=["changes", "alerts"]),
        "slack": told("slack", FALLING, IMPORTED, channel="slack", wants=["alerts"], language="en"),
        "teams": told("teams", FALLING, IMPORTED, channel="teams", wants=["alerts"], language="nl"),
        "mail": {**mail, "mailboxes": ["sam@agency.example"], "wants": ["alerts"], "language": "en"},
        "busy": told("busy", FALLING, wants=["alerts"]),
        "gone": told("gone", FALLING, wants=["changes"]),
        "killed": told("killed", KILLED, wants=["alerts"]),
        "week-en": {**mail, **week, "mailboxes": ["week-en@agency.example"], "language": "en"},
        "week-nl": {**mail, **week, "mailboxes": ["week-nl@agency.example"], "language": "nl"},
    }


@pytest.fixture(scope="module")
def town(settings: Settings, stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Receivers, and a stack that tells them; nobody is told any more when this is over."""
    hanging, target = Hanging(), Target(settings.name, stack.session, stack)
    answers: dict[str, list[bytes | Any]] = {"busy": [BUSY, OK], "gone": [GONE], "killed": [hanging, OK]}
    with ExitStack() as opened:
        names = ("signed", "slack", "teams", "busy", "gone", "killed")
        receivers = {name: opened.enter_context(receiver(*answers.get(name, [OK]))) for name in names}
        file = tmp_path_factory.mktemp("destinations") / "destinations.json"
        file.write_text(json.dumps(described(receivers)))
        file.chmod(0o600)
        stored = run(settings, "destinations", "--file", str(file), "--yes")
        assert stored.returncode == 0, stored.stdout + stored.stderr
        town = Town(target, settings, opened.enter_context(calling(stack)), receivers, hanging)
        town.kill()  # a warm one knows the destinations of a minute ago
        yield town
        hanging.over.set()
        file.write_text("{}")
        run(settings, "destinations", "--file", str(file), "--yes")
        town.kill()


@pytest.fixture(scope="module")
def fallen(town: Town) -> tuple[Town, list[Any]]:
    """A client that fell by three points, and what the journal says of it."""
    _, before = town.written(None)
    long_ago = (NOW - timedelta(days=published_model().nps_window_days - 3)).isoformat()
    response = {"response_id": "told-1", "score": 10, "responded_at": long_ago}
    town.tell(FALLING, [event("nps.responded", response, subject=FALLING, id="told-1", time=NOW.isoformat())], 4)
    eventually(lambda: len(town.got("gone")), 1)
    town.count(FALLING, 12, 8)
    town.count(FALLING, 1, 5, minute=1)
    eventually(lambda: len(town.got("signed")), 4)
    entries, _ = town.written(before)
    return town, [entry for entry in entries if entry["client_id"] == FALLING]


Fallen = tuple[Town, list[Any]]


def test_changes_arrive_signed_with_the_ids_by_which_the_journal_lists_them(fallen: Fallen) -> None:
    town, entries = fallen
    verified = []
    for request in town.receivers["signed"].received:
        head, _, body = request.partition(b"\r\n\r\n")
        lines = (line.decode().partition(": ") for line in head.split(b"\r\n")[1:])
        headers = {name.lower(): value for name, _, value in lines}
        document = Webhook(KEY).verify(body, headers)
        verified.append((document["type"], headers["webhook-id"], document["data"]))
    changes = {id_: data for kind, id_, data in verified if kind == "opmm.score.changed"}

    assert sorted(changes) == sorted(entry["id"] for entry in entries)
    assert sorted(data["change"]["total_after"] for data in changes.values()) == [4, 5, 8]
    [alert] = [(id_, data["alerts"][0]) for kind, id_, data in verified if kind == "opmm.alert"]
    assert alert == (f"{entries[-1]['id']}-alert", {"kind": "fell", "points": 3, "dimension": None, "score": None})


def test_a_fall_is_told_at_once_in_slack_teams_and_by_mail(fallen: Fallen) -> None:
    town, _ = fallen
    eventually(lambda: [len(town.got(name)) for name in ("slack", "teams")], [1, 1])
    eventually(lambda: len(town.mail_to("sam@agency.example")), 1)
    [(_, slack)], [(_, teams)], [mail] = town.got("slack"), town.got("teams"), town.mail_to("sam@agency.example")
    english = f"{FALLING} fell 3 points, to 5 of 20"
    [attachment] = teams["attachments"]

    assert (slack["text"], slack["blocks"][0]["text"]["text"]) == (english, english)
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert attachment["content"]["fallbackText"].startswith(f"{FALLING} ")
    assert mail["Subject"] == english
    assert mail["To"] == ["sam@agency.example"]


def test_a_receiver_that_was_busy_gets_it_again_under_the_same_id(fallen: Fallen) -> None:
    town, _ = fallen
    eventually(lambda: len(town.got("busy")), 2)
    (first, body), (second, again) = town.got("busy")
    eventually(lambda: [(each.status, each.tries, each.answer) for each in town.of("busy")], [("delivered", 2, "200")])

    assert (first["webhook-id"], body) == (second["webhook-id"], again)
    waited = int(second["webhook-timestamp"]) - int(first["webhook-timestamp"])
    assert waited >= 5
    assert first["webhook-signature"] != second["webhook-signature"]


def test_a_receiver_that_is_gone_is_told_nothing_more(fallen: Fallen) -> None:
    town, _ = fallen
    ended = [("ended", "destination_ended"), ("ended", "destination_ended"), ("ended", "410")]

    eventually(lambda: [(each.status, each.answer) for each in town.of("gone")], ended)
    assert len(town.got("gone")) == 1


def test_what_happened_long_ago_alarms_nobody(fallen: Fallen) -> None:
    town, _ = fallen
    told_before = [len(town.got(name)) for name in ("slack", "teams")]
    day = (NOW - timedelta(days=60)).isoformat()
    events = [
        event(
            "nps.responded",
            {"response_id": f"old-{number}", "score": 0, "responded_at": day, "comment": "Too slow."},
            subject=IMPORTED,
            id=f"old-{number}",
            time=NOW.isoformat(),
        )
        for number in range(50)
    ]
    town.tell(IMPORTED, events, 1)

    def of_imported() -> set[str]:
        return {document["type"] for _, document in town.got("signed") if document["data"]["client_id"] == IMPORTED}

    eventually(of_imported, {"opmm.score.changed"})
    town.count(FALLING, 2, 6, minute=2)  # what comes behind it has been routed, so it has
    eventually(lambda: len(town.of("gone")), 4)
    assert of_imported() == {"opmm.score.changed"}
    assert [len(town.got(name)) for name in ("slack", "teams")] == told_before


def test_the_digest_of_a_quarter_of_an_hour_ago_comes_in_both_languages_once(fallen: Fallen) -> None:
    town, _ = fallen
    town.invoke("digests")
    assert town.invoke("digests") == {"sent": 0, "failed": 0}
    eventually(lambda: [len(town.mail_to(f"week-{each}@agency.example")) for each in ("en", "nl")], [1, 1])
    english, dutch = (town.mail_to(f"week-{each}@agency.example")[0] for each in ("en", "nl"))

    assert english["Subject"].startswith("Partnerships, ")
    assert dutch["Subject"].startswith("Partnerschappen, ")
    assert ".0 of 20 points, " in english["BodyText"]
    assert ",0 van 20 punten, " in dutch["BodyText"]
    for mail in (english, dutch):
        assert f"- {FALLING}: " in mail["BodyText"]
        assert f"/clients/{FALLING}" in mail["BodyHtml"]


@pytest.fixture
def impatient(town: Town) -> Iterator[None]:
    """A queue that shows what nobody has finished after some seconds, not after six minutes."""
    sqs = town.target.session.client("sqs", endpoint_url=town.target.endpoint_url)
    [url] = [found for found in sqs.list_queues()["QueueUrls"] if "DeliveriesQueue" in found]
    usual = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "6"})
    yield
    sqs.set_queue_attributes(QueueUrl=url, Attributes=usual)


@pytest.mark.usefixtures("impatient")
def test_what_a_function_was_killed_over_arrives_under_the_same_id(town: Town) -> None:
    town.count(KILLED, 12, 4)
    town.count(KILLED, 1, 1, minute=1)
    assert town.hanging.asked.wait(30)
    assert town.kill() >= 1
    town.hanging.over.set()
    [waiting] = town.of("killed")
    assert (waiting.status, waiting.tries) == ("pending", 0)

    eventually(lambda: [each.status for each in town.of("killed")], ["delivered"], seconds=45)
    first, second = (headers["webhook-id"] for headers, _ in town.got("killed"))
    assert first == second == waiting.id
