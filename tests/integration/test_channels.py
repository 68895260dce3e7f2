"""What is sent over a real connection: to where it was looked at, within bounds, and no further."""

import gzip
import json
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws
from moto.ses.models import ses_backends
from standardwebhooks import Webhook

from functions.notify.channels.calling import MOST_BYTES, Caller
from functions.notify.channels.sending import Channels
from shared.destinations.answer import Answer
from shared.destinations.destination import Channel, Destination
from shared.storage.mail import Mail, Mailer, MailError, connect_mail
from tests.support.messages import message
from tests.support.receivers import OK, certificate, receiver

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
QUICK = 1.0


def destination(channel: Channel, *addresses: str) -> Destination:
    secrets = (SECRET,) if channel == "webhook" else ()
    return Destination(
        name="one", channel=channel, addresses=addresses, secrets=secrets, wants=frozenset({"digest"}), language="en"
    )


def post(address: str, **settings: Any) -> Answer:
    return Caller(loopback=True, **settings).post(address, {"Content-Type": "application/json"}, b"{}", NOW)


def status(line: str, *headers: str, body: bytes = b"") -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {line}", *headers, f"Content-Length: {len(body)}", "", ""])
    return head.encode() + body


def test_a_webhook_arrives_and_the_official_package_verifies_it() -> None:
    with receiver() as crm:
        now = datetime.now(UTC)  # noqa: TID251 - the official package compares with the clock
        answer = Channels(Caller(loopback=True), None).send(message(), destination("webhook", crm.address()), now)

    head, _, body = crm.received[0].partition(b"\r\n\r\n")
    line, *lines = head.decode().split("\r\n")
    headers = dict(header.split(": ", 1) for header in lines)
    assert line == "POST /received?key=hush HTTP/1.1"
    assert Webhook(SECRET).verify(body, headers)["type"] == "opmm.digest"
    assert headers["Host"] == f"127.0.0.1:{crm.port}"
    assert headers["Content-Type"] == "application/json"
    assert (answer.status, answer.fault, answer.taken, answer.ends, answer.said) == (200, None, True, False, "ok")
    assert answer.steps == ("resolved to 127.0.0.1", f"connected to port {crm.port}", "answered 200 OK")


@pytest.mark.parametrize("channel", ["slack", "teams"])
def test_a_channel_posts_its_own_document(channel: Channel) -> None:
    with receiver() as chat:
        answer = Channels(Caller(loopback=True), None).send(message(), destination(channel, chat.address()), NOW)

    assert answer.taken
    document = json.loads(chat.received[0].partition(b"\r\n\r\n")[2])
    assert ("blocks" in document, "attachments" in document) == (channel == "slack", channel == "teams")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (status("204 No Content"), (204, None, None, True, False)),
        (status("410 Gone"), (410, None, None, False, True)),
        (status("429 Too Many Requests", "Retry-After: 30"), (429, None, 30, False, False)),
        (status("429 Too Many Requests", "Retry-After: 99999999999999"), (429, None, 86_400, False, False)),
        (status("429 Too Many Requests", "Retry-After: -5"), (429, None, None, False, False)),
        (status("503 Service Unavailable", "Retry-After: soon"), (503, None, None, False, False)),
        (status("302 Found", "Location: http://169.254.169.254/"), (302, "redirect", None, False, False)),
        (status("307 Temporary Redirect", "Location: https://example.com/"), (307, "redirect", None, False, False)),
        (b"HTTP/1.1 200\r\n\r\n", (200, None, None, True, False)),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, (200, None, None, True, False)),
        (b"SSH-2.0-OpenSSH\r\n", (None, "no_http", None, False, False)),
        (b"HTTP/1.1 abc\r\n\r\n", (None, "no_http", None, False, False)),
        (b"", (None, "no_connection", None, False, False)),
    ],
)
def test_what_is_answered_is_told(sent: bytes, expected: tuple[Any, ...]) -> None:
    with receiver(sent) as crm:
        answer = post(crm.address())

    assert (answer.status, answer.fault, answer.retry_after, answer.taken, answer.ends) == expected
    assert len(crm.received) == 1
    assert not any("hush" in step for step in answer.steps)


def test_a_receiver_may_say_until_when_it_is_away() -> None:
    until = (NOW + timedelta(minutes=5)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    with receiver(status("503 Service Unavailable", f"Retry-After: {until}")) as crm:
        assert post(crm.address()).retry_after in range(298, 301)


@pytest.mark.parametrize(
    "header", [f"1{'0' * 30} Jan 00:00:00", "Mon, 01 Jan 2026 00:00:00 -99991111111111", "soon", "\xb2"]
)
def test_what_says_no_time_is_no_wait(header: str) -> None:
    with receiver(status("503 Service Unavailable", f"Retry-After: {header}")) as crm:
        told = post(crm.address())
    assert (told.status, told.retry_after) == (503, None)


def endless(begin: bytes) -> Callable[[socket.socket], None]:
    """Sends a beginning, and then a byte every tenth of a second."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(begin)
        for _ in range(100):
            connection.sendall(b"a")
            time.sleep(0.1)

    return answer


def silent(_connection: socket.socket) -> None:
    time.sleep(2 * QUICK)


@pytest.mark.parametrize("answering", [silent, endless(b"HTTP/1.1 200 OK\r\nX: "), endless(b"")])
def test_a_slow_answer_is_given_up_in_time_however_it_drips(answering: Any) -> None:
    with receiver(answering) as crm:
        begun = time.monotonic()
        answer = post(crm.address(), longest=QUICK)
        took = time.monotonic() - begun

    assert (answer.status, answer.fault) == (None, "timeout")
    assert took < QUICK + 0.5


def test_a_status_counts_although_the_rest_never_comes() -> None:
    with receiver(endless(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")) as crm:
        begun = time.monotonic()
        answer = post(crm.address(), longest=QUICK)
        took = time.monotonic() - begun

    assert answer.taken
    assert took < QUICK + 0.5


class Flood:
    """Sends as much as is taken."""

    def __init__(self, begin: bytes) -> None:
        self.begin = begin
        self.sent = 0

    def __call__(self, connection: socket.socket) -> None:
        connection.sendall(self.begin)
        with suppress(OSError):
            while self.sent < 100_000_000:
                connection.sendall(b"a" * 65_536)
                self.sent += 65_536


@pytest.mark.parametrize("begin", [b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_huge_answer_is_read_to_a_bound(begin: bytes) -> None:
    flood = Flood(begin)
    with receiver(flood) as crm:
        answer = post(crm.address())

    assert (answer.status, answer.said) == (200, "a" * 200)
    # What was taken lay in the buffers of the two sockets.
    assert flood.sent < 100 * MOST_BYTES


@pytest.mark.parametrize("begin", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000, b""])
def test_endless_headers_are_no_answer(begin: bytes) -> None:
    with receiver(Flood(begin)) as crm:
        assert post(crm.address()).fault == "no_http"


def test_a_gzip_bomb_is_not_opened() -> None:
    bomb = gzip.compress(b"a" * 10_000_000)
    with receiver(status("200 OK", "Content-Encoding: gzip", body=bomb)) as crm:
        answer = post(crm.address())

    assert b"Accept-Encoding: identity" in crm.received[0]
    assert answer.taken
    assert answer.said == f"({len(bomb)} bytes that are compressed)"


def test_nobody_there_is_told() -> None:
    with receiver() as crm:
        address = crm.address()
    answer = post(address)
    assert (answer.status, answer.fault, answer.steps) == (None, "no_connection", ("resolved to 127.0.0.1",))


def test_the_next_address_of_a_host_is_tried() -> None:
    with receiver(host="127.0.0.1") as crm:
        assert post(crm.address(host="localhost"), resolver=lambda _host, _port: ["127.0.0.3", "127.0.0.1"]).taken


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with receiver() as crm:
        assert post(crm.address()).taken


class Rebound:
    """A name that stands for something else each time."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, _host: str, _port: int) -> Sequence[str]:
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]


def test_a_name_that_came_to_stand_for_something_inside_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: connected.append(address))
    resolver = Rebound(["10.0.0.1"])

    answer = Caller(resolver=resolver).post("https://rebound.example/", {}, b"{}", NOW)

    assert (answer.fault, connected, resolver.asked) == ("inside_network", [], 1)


def test_what_was_looked_at_is_called_whatever_the_name_stands_for_next(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[Any] = []

    def refuse(_self: object, address: Any) -> None:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: pytest.fail("a name was looked up again"))
    resolver = Rebound(["8.8.8.8"], ["127.0.0.1"])

    answer = Caller(resolver=resolver).post("https://rebound.example/", {}, b"{}", NOW)

    assert (answer.fault, connected, resolver.asked) == ("no_connection", [("8.8.8.8", 443)], 1)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:80/", "https://localhost/", "https://10.0.0.1/", "http://a.example/"]
)
def test_an_address_inside_is_refused_again_when_it_is_called(address: str) -> None:
    answer = Caller().post(address, {}, b"{}", NOW)
    assert (answer.fault, answer.steps) == ("inside_network", ())


def test_an_unknown_or_slow_name_is_told() -> None:
    def unknown(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror

    def slow(_host: str, _port: int) -> Sequence[str]:
        time.sleep(2 * QUICK)
        return []

    assert Caller(resolver=unknown).post("https://a.example/", {}, b"", NOW).fault == "unknown_host"
    assert Caller(resolver=slow, longest=QUICK).post("https://a.example/", {}, b"", NOW).fault == "timeout"


def trusting(chain: Path) -> Callable[[], ssl.SSLContext]:
    return lambda: ssl.create_default_context(cafile=str(chain))


def test_a_certificate_of_the_host_is_trusted(tmp_path: Path) -> None:
    server, chain = certificate(tmp_path, ["localhost"])
    with receiver(tls=server) as crm:
        answer = post(crm.address("https", "localhost"), tls=trusting(chain), resolver=lambda *_: ["127.0.0.1"])

    assert answer.taken
    assert answer.steps[2] == "secured by TLSv1.3, with a certificate of localhost"


@pytest.mark.parametrize("names", [["other.example"], ["127.0.0.1"]])
def test_a_certificate_of_another_host_is_not_trusted(tmp_path: Path, names: Sequence[str]) -> None:
    server, chain = certificate(tmp_path, names)
    with receiver(tls=server) as crm:
        answer = post(crm.address("https", "localhost"), tls=trusting(chain), resolver=lambda *_: ["127.0.0.1"])

    assert (answer.fault, crm.received) == ("tls", [])
    assert "Hostname mismatch" in answer.steps[-1]


def test_a_certificate_of_nobody_is_not_trusted(tmp_path: Path) -> None:
    server, _ = certificate(tmp_path, ["localhost"])
    with receiver(tls=server) as crm:
        answer = post(crm.address("https", "localhost"), resolver=lambda *_: ["127.0.0.1"])
    assert (answer.fault, crm.received) == ("tls", [])


def test_what_speaks_no_tls_is_not_sent_to() -> None:
    with receiver() as crm:
        answer = post(crm.address("https"), longest=QUICK)
    assert (answer.fault, crm.received) in (("tls", []), ("timeout", []))


SENDER = "opmm@agency.example"
MAIL = Mail("Subject", "text", "<p>text</p>", {"X-OPMM-Id": "1"})


@mock_aws
def test_a_mail_is_handed_over_to_each_mailbox() -> None:
    client = connect_mail()
    client.create_email_identity(EmailIdentity=SENDER)
    mailboxes = ("sam@agency.example", "robin@agency.example")

    answer = Channels(Caller(), Mailer(client, SENDER)).send(message(), destination("email", *mailboxes), NOW)

    assert (answer.taken, answer.steps) == (True, ("mailbox 1: accepted", "mailbox 2: accepted"))
    [backend] = [regions[client.meta.region_name] for regions in ses_backends.values()]
    sent = backend.sent_messages
    assert [mail.destinations["ToAddresses"] for mail in sent] == [[mailbox] for mailbox in mailboxes]
    assert {(mail.source, mail.subject) for mail in sent} == {(SENDER, "Acme fell by 3 points")}


@mock_aws
def test_a_mail_that_is_refused_is_told_without_an_address() -> None:
    channels = Channels(Caller(), Mailer(connect_mail(), SENDER))
    answer = channels.send(message(), destination("email", "sam@agency.example"), NOW)

    assert (answer.status, answer.fault, answer.taken) == (400, "mail", False)
    assert answer.steps == ("mailbox 1: MessageRejected",)


def test_mailboxes_that_have_a_mail_are_told_apart_from_one_that_refuses_it() -> None:
    class Mails:
        def send(self, mailbox: str, _mail: Mail) -> None:
            if mailbox.startswith("sam"):
                raise MailError("MessageRejected", 400)

    mails: Any = Mails()
    mailboxes = ("kim@agency.example", "sam@agency.example", "robin@agency.example")
    answer = Channels(Caller(), mails).send(message(), destination("email", *mailboxes), NOW)

    assert (answer.status, answer.fault, answer.taken) == (400, "mail", False)
    assert answer.reached == ("kim@agency.example", "robin@agency.example")


def test_a_stack_without_a_sender_sends_no_mail() -> None:
    answer = Channels(Caller(), None).send(message(), destination("email", "sam@agency.example"), NOW)
    assert (answer.fault, answer.taken) == ("no_sender", False)


@pytest.mark.parametrize(
    ("mailbox", "mail"),
    [
        ("sam@agency.example\r\nBcc: b@b.example", MAIL),
        ("sam@agency.example", Mail("Subject\nBcc: b@b.example", "", "", {})),
        ("sam@agency.example", Mail("Subject", "", "", {"X-OPMM-Id": "1\r\nBcc: b@b.example"})),
        ("sam@agency.example", Mail("Subject", "", "", {"X\nBcc": "1"})),
    ],
)
def test_a_header_begins_no_other(mailbox: str, mail: Mail) -> None:
    class Client:
        def send_email(self, **_request: Any) -> None:
            pytest.fail("it was sent")

    with pytest.raises(ValueError, match="more than one line"):
        Mailer(Client(), SENDER).send(mailbox, mail)  # type: ignore[arg-type]


def test_a_mail_service_that_is_away_is_told() -> None:
    from botocore.exceptions import ReadTimeoutError  # noqa: PLC0415 - of this test only

    class Client:
        def send_email(self, **_request: Any) -> None:
            raise ReadTimeoutError(endpoint_url="https://email.eu-west-1.amazonaws.com")

    with pytest.raises(MailError) as raised:
        Mailer(Client(), SENDER).send("sam@agency.example", MAIL)  # type: ignore[arg-type]
    assert (raised.value.code, raised.value.status) == ("ReadTimeoutError", None)
