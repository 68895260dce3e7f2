"""Which addresses may be called: those outside the network that the service runs in, over TLS, by the name of a host.

An address is looked at twice: as it is written, and by what its name stands for. Both at storing and at every call, as
a name may come to stand for something else; the call then goes to the very address that was looked at.
"""

import re
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from shared.opmm.dataclass import dataclass

LONGEST_ADDRESS = 2000

Resolver = Callable[[str, int], Sequence[str]]
"""The IP addresses that a host name stands for. Raises OSError when nobody knows it."""

_HTTP, _HTTPS, _LAST_PORT = 80, 443, 65535
_LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?=.{{4,253}}\Z)(?:{_LABEL}\.)+{_LABEL}")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""What a last label must not be: a host that ends in one is an IP address in one of its many forms
(https://url.spec.whatwg.org/#ends-in-a-number-checker)."""

_LOCAL_NAMES = ("localhost", "local", "internal", "lan", "home.arpa", "localdomain", "intranet", "corp", "home")
"""Names that stand for nothing outside a network, if for anything at all."""

_INSIDE_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this host
            "10.0.0.0/8",
            "100.64.0.0/10",  # shared by the customers of a carrier, and metadata of a cloud
            "127.0.0.0/8",
            "169.254.0.0/16",  # link-local: metadata and credentials of AWS
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",  # relays of 6to4
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
"""https://www.iana.org/assignments/iana-ipv4-special-registry"""

_OUTSIDE_6 = IPv6Network("2000::/3")
"""The only part of IPv6 that is global unicast: neither loopback, nor unique local (where AWS has its metadata), nor
link-local, nor multicast, nor IPv4 in the form of IPv6."""

_INSIDE_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocols, Teredo among them, which leads to an IPv4 address
            "2001:db8::/32",
            "2002::/16",  # 6to4: the same
            "3fff::/20",
        ),
    )
)
"""https://www.iana.org/assignments/iana-ipv6-special-registry"""

_NAT64 = IPv6Network("64:ff9b::/96")
"""What a resolver of a network without IPv4 makes of an IPv4 address, which stands in its last 32 bits."""


class AddressError(ValueError):
    """An address that must not be called. Says why, without the address, which is a secret."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address that is well written; where its host leads has not been looked at yet."""

    scheme: str
    host: str
    """In lower case; of IPv6 without brackets."""
    port: int
    target: str
    """Its path, and what stands behind its `?`."""

    @property
    def is_loopback(self) -> bool:
        """Whether it is one of this machine, which only the local stack may call."""
        return self.host in _LOOPBACK_HOSTS

    @property
    def authority(self) -> str:
        """What a `Host` header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _HTTPS and self.scheme == "https" else f"{host}:{self.port}"


def read_address(text: str, *, loopback: bool = False) -> Address:
    """An address as it is written. Raises AddressError.

    With `loopback` one of this machine is taken, too: by `localhost`, 127.0.0.1 or [::1], at any port, without TLS.
    """
    if not re.fullmatch(rf"[!-~]{{1,{LONGEST_ADDRESS}}}", text) or "\\" in text:
        raise AddressError(f"must be an address of at most {LONGEST_ADDRESS} ASCII characters, without spaces")
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower()
    except ValueError:
        raise AddressError("must be an address, such as https://hooks.example.com/opmm") from None
    if "@" in parts.netloc:
        raise AddressError("must not name a user: what is before @ would be sent to whoever answers")
    if "#" in text:
        raise AddressError("must not have a #, which is never sent")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if loopback and host in _LOOPBACK_HOSTS and parts.scheme in ("http", "https"):
        usual = _HTTPS if parts.scheme == "https" else _HTTP
        return Address(parts.scheme, host, _port(parts, usual, f"must name a port from 1 to {_LAST_PORT}"), target)
    if parts.scheme != "https":
        raise AddressError("must begin with https://")
    if not host:
        raise AddressError("must name a host behind https://, such as https://hooks.example.com/opmm")
    only = f"must not name a port other than {_HTTPS}"
    if _port(parts, _HTTPS, only) != _HTTPS:
        raise AddressError(only)
    _check_host(host if "[" not in parts.netloc else f"[{host}]")
    return Address("https", host, _HTTPS, target)


def _port(parts: SplitResult, usual: int, fault: str) -> int:
    """The port that an address names, or the usual one. Raises AddressError for what nobody can call."""
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise AddressError(fault)
    return port or usual


def _check_host(host: str) -> None:
    """Raises AddressError for what is no name of a host somewhere else."""
    if host.startswith("[") or _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        raise AddressError("must name its host, not an IP address")
    if not _HOST.fullmatch(host):
        raise AddressError("must have a whole host name, such as hooks.example.com, and no dot behind it")
    if any(host == name or host.endswith(f".{name}") for name in _LOCAL_NAMES):
        raise AddressError("must not be inside the network")


def resolve(address: Address, resolver: Resolver) -> tuple[str, ...]:
    """The IP addresses that may be called for an address, those of IPv4 first.

    Raises AddressError when one of them is inside the network, and OSError when the name stands for none.
    """
    found = [_ip(text) for text in resolver(address.host, address.port)]
    if not found:
        raise OSError("the name stands for no address")
    # One inside is enough: a name that stands for both would lead inside every other time.
    inside = [ip for ip in found if not (ip.is_loopback if address.is_loopback else is_outside(ip))]
    if inside:
        raise AddressError("must not lead inside the network, as its name does")
    return tuple(dict.fromkeys(map(str, sorted(found, key=lambda ip: ip.version))))


def system_resolver(host: str, port: int) -> list[str]:
    """What the system knows of a name; it takes as long as it takes."""
    return [str(sockaddr[0]) for *_, sockaddr in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_outside(ip: IPv4Address | IPv6Address) -> bool:
    """Whether an IP address is one of the internet, that anybody may be found at."""
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _INSIDE_4)
    if ip in _NAT64:
        return is_outside(IPv4Address(int(ip) & 0xFFFF_FFFF))
    return ip in _OUTSIDE_6 and not any(ip in network for network in _INSIDE_6) and ip.scope_id is None


def _ip(text: str) -> IPv4Address | IPv6Address:
    """An address as a resolver writes it. Raises AddressError for anything else."""
    try:
        return ip_address(text)
    except ValueError:
        raise AddressError("must not lead to what is no IP address, as its name does") from None
