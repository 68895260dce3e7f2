"""Receivers on this machine: they keep what they are sent, and answer what a test wants."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

Answering = Callable[[socket.socket], None]
"""What is done with a connection, once a request was read from it."""


@dataclass
class Receiver:
    """One that answers, to one connection after the other, the next of its answers, and the last of them for good."""

    port: int
    answers: list[bytes | Answering]
    received: list[bytes] = field(default_factory=list)
    """Each request, as it came."""

    def address(self, scheme: str = "http", host: str = "127.0.0.1") -> str:
        return f"{scheme}://{host}:{self.port}/received?key=hush"

    def serve(self, connection: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request and (piece := connection.recv(65_536)):
            request += piece
        head, ended, body = request.partition(b"\r\n\r\n")
        if not ended:
            return  # no request: TLS, say, where there is none
        [length] = [int(line[16:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length: ")]
        while len(body) < length and (piece := connection.recv(65_536)):
            body += piece
        self.received.append(head + b"\r\n\r\n" + body)
        answer = self.answers[min(len(self.received), len(self.answers)) - 1]
        if callable(answer):
            answer(connection)
        else:
            connection.sendall(answer)


@contextmanager
def receiver(
    *answers: bytes | Answering, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> Iterator[Receiver]:
    """A receiver until the end; a connection that is broken off is no matter of its own."""
    with socket.create_server((host, 0)) as server:
        opened = Receiver(server.getsockname()[1], list(answers or (OK,)))

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    try:
                        connection.settimeout(20)
                        if tls is None:
                            opened.serve(connection)
                        else:
                            with tls.wrap_socket(connection, server_side=True) as secured:
                                opened.serve(secured)
                    except OSError:
                        continue

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield opened
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=20)


def certificate(folder: Path, names: Sequence[str]) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS with a certificate of these names, and the file by which it is trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver of a test")])
    now = datetime.now(UTC)  # noqa: TID251 - a certificate counts by the clock
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName([_name(each) for each in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, private)
    return context, chain


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)
