"""One POST to an address that somebody else chose: to the very host that was looked at, within bounds, and no further.

The standard library, as what counts is which socket is opened: a client that is given an address resolves it once more,
follows redirects, and counts its timeout anew for each piece that comes.
"""

import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from io import BufferedReader, RawIOBase
from time import monotonic
from typing import Any

from shared.destinations.addresses import Address, AddressError, Resolver, read_address, resolve, system_resolver
from shared.destinations.answer import Answer, Fault

LONGEST = 10.0
"""Seconds for all of it: the name, the connection, TLS, what is sent, and the answer."""

MOST_BYTES = 65_536
"""That are read of an answer, its headers among them."""

_MOST_PER_CONNECTION = 4.0
"""Seconds after which the next address of a host is tried."""

_SHOWN = 200
"""Characters of an answer that are told to whoever tries a destination out."""

_LONGEST_WAIT = 86_400
"""Seconds for which a receiver may want to be left alone."""

_REDIRECTS = range(300, 400)


class _CallError(Exception):
    """There is no answer that counts."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


class Caller:
    """Calls addresses, each over a connection of its own: it may be used by several threads."""

    def __init__(
        self,
        *,
        loopback: bool = False,
        resolver: Resolver | None = None,
        tls: Callable[[], ssl.SSLContext] | None = None,
        longest: float = LONGEST,
    ) -> None:
        self._loopback = loopback
        self._resolver = resolver or system_resolver
        self._tls = tls or _default_tls
        self._longest = longest

    def post(self, text: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Answer:
        """What an address answers. Never raises for what an address or whoever is there does."""
        steps: list[str] = []
        until = _Until(self._longest)
        try:
            address, ips = self._found(text, until)
            steps.append(f"resolved to {', '.join(ips)}")
            with self._connected(address, ips, until, steps) as connection:
                response = _response(_Wire(connection, until), address, headers, body)
                steps.append(f"answered {response.status} {response.reason[:_SHOWN]}".rstrip())
                # The status counts, whatever becomes of what follows it.
                return Answer(
                    status=response.status,
                    fault="redirect" if response.status in _REDIRECTS else None,
                    retry_after=_seconds(response.getheader("Retry-After"), now),
                    steps=tuple(steps),
                    said=_said(response),
                )
        except _CallError as failed:
            return Answer(fault=failed.fault, steps=tuple(steps))

    def _found(self, text: str, until: "_Until") -> tuple[Address, tuple[str, ...]]:
        """The address, and where it leads by now."""
        # A resolver has no timeout of its own. The thread ends when it does; nobody waits for it.
        pool = ThreadPoolExecutor(max_workers=1)
        try:
            address = read_address(text, loopback=self._loopback)
            return address, pool.submit(resolve, address, self._resolver).result(timeout=until.left())
        except AddressError:
            raise _CallError("inside_network") from None
        except TimeoutError:
            raise _CallError("timeout") from None
        except OSError:
            raise _CallError("unknown_host") from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _connected(self, address: Address, ips: Sequence[str], until: "_Until", steps: list[str]) -> socket.socket:
        """A connection to the first of these addresses where somebody is, with a certificate of the host's name."""
        try:
            plain = _first(ips, address.port, until)
        except TimeoutError:
            raise _CallError("timeout") from None
        except OSError:
            raise _CallError("no_connection") from None
        steps.append(f"connected to port {address.port}")
        if address.scheme == "http":
            return plain
        try:
            plain.settimeout(until.left())
            secured = self._tls().wrap_socket(plain, server_hostname=address.host)
        except (OSError, ValueError) as error:
            plain.close()
            if isinstance(error, ssl.SSLCertVerificationError):
                steps.append(f"not trusted: {error.verify_message}")
            raise _CallError("timeout" if isinstance(error, TimeoutError) else "tls") from None
        steps.append(f"secured by {secured.version()}, with a certificate of {address.host}")
        return secured


@cache
def _default_tls() -> ssl.SSLContext:
    """The authorities of the system; reading them takes a while."""
    return ssl.create_default_context()


def _first(ips: Sequence[str], port: int, until: "_Until") -> socket.socket:
    *others, last = ips
    for ip in others:
        try:
            return _connection(ip, port, until)
        except OSError:
            continue
    return _connection(last, port, until)


def _connection(ip: str, port: int, until: "_Until") -> socket.socket:
    """A connection to an IP address: nothing is looked up any more."""
    connection = socket.socket(socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM)
    try:
        connection.settimeout(min(until.left(), _MOST_PER_CONNECTION))
        connection.connect((ip, port))
    except OSError:
        connection.close()
        raise
    return connection


def _response(wire: "_Wire", address: Address, headers: Mapping[str, str], body: bytes) -> HTTPResponse:
    """What is answered over a connection, as far as its headers."""
    http = HTTPConnection(address.host, address.port)
    http.sock = wire
    try:
        http.putrequest("POST", address.target, skip_host=True, skip_accept_encoding=True)
        own = {"Host": address.authority, "Accept-Encoding": "identity", "Connection": "close"}
        for name, value in {**own, **headers, "Content-Length": str(len(body))}.items():
            http.putheader(name, value)
        http.endheaders(body)
        response = http.getresponse()
    except TimeoutError:
        raise _CallError("timeout") from None
    except ssl.SSLError:
        raise _CallError("tls") from None
    except OSError:  # before HTTPException: a connection that ends without a word is both
        raise _CallError("no_connection") from None
    except HTTPException:
        raise _CallError("no_http") from None
    if wire.is_spent:
        raise _CallError("no_http")  # headers without an end
    return response


def _said(response: HTTPResponse) -> str:
    """The beginning of a body, once it was read. What is compressed stays so, however much it would become."""
    try:
        body = response.read(MOST_BYTES)
    except (OSError, HTTPException) as error:
        body = getattr(error, "partial", b"")
    encoding = response.getheader("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        return f"({len(body)} bytes that are compressed)" if body else ""
    return body[: 4 * _SHOWN].decode("utf-8", "replace")[:_SHOWN]


def _seconds(header: str | None, now: datetime) -> int | None:
    """How long a receiver wants to be left alone: so many seconds, or until a date; None when it does not say."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the second for a year, or a zone, beyond all numbers
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0, min(int((until - now).total_seconds()), _LONGEST_WAIT))


class _Until:
    """When all of a call must be over."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left. Raises TimeoutError when none are."""
        left = self._end - monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Wire:
    """A connection as HTTPConnection takes it: each piece has the time that is left, not its own."""

    def __init__(self, connection: socket.socket, until: _Until) -> None:
        self._connection = connection
        self._until = until
        self._incoming = _Incoming(connection, until)

    @property
    def is_spent(self) -> bool:
        """Whether nothing more is read of it."""
        return self._incoming.left == 0

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        self._connection.settimeout(self._until.left())
        self._connection.sendall(data)

    def makefile(self, _mode: str) -> BufferedReader:
        """What is answered."""
        return BufferedReader(self._incoming)

    def close(self) -> None:
        """Nothing: it is closed by whoever has opened it, once the answer is read."""


class _Incoming(RawIOBase):
    """What comes over a connection, as though it ended after so many bytes."""

    def __init__(self, connection: socket.socket, until: _Until) -> None:
        self._connection = connection
        self._until = until
        self.left = MOST_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self.left:
            return 0
        self._connection.settimeout(self._until.left())
        received = self._connection.recv_into(memoryview(buffer)[: self.left])
        self.left -= received
        return received
