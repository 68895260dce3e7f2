"""Which addresses may be called: every way to write one inside the network is refused."""

from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from shared.destinations.addresses import AddressError, is_outside, read_address, resolve

OUTSIDE = (
    "8.8.8.8",
    "93.184.216.34",
    "99.0.0.1",
    "172.15.255.255",
    "172.32.0.1",
    "2606:2800:220:1::1",
    "64:ff9b::808:808",
)
INSIDE = (
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "100.127.255.255", "127.0.0.1", "127.8.8.8"),  # noqa: S104 - which is refused
    *("169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.170", "192.0.2.1", "192.88.99.1"),
    *("192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1"),
    *("255.255.255.255", "::", "::1", "::8.8.8.8", "::ffff:8.8.8.8", "::ffff:10.0.0.1", "::ffff:0:10.0.0.1"),
    *("64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:20::1"),
    *("2001:db8::1", "2002:a00:1::1", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1"),
    *("fec0::1", "ff02::1", "2606:2800:220:1::1%eth0"),
)


def resolver(*addresses: str) -> "Resolving":
    return Resolving(addresses)


class Resolving:
    """Stands for these addresses, whatever is asked."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self.addresses = addresses
        self.asked: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        return self.addresses


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_on_the_internet_may_be_called(address: str) -> None:
    assert is_outside(ip_address(address))
    assert resolve(read_address("https://hooks.example.com/"), resolver(address)) == (address,)


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_stands_for_something_inside_the_network_is_refused(address: str) -> None:
    assert not is_outside(ip_address(address))
    with pytest.raises(AddressError, match="inside the network"):
        resolve(read_address("https://hooks.example.com/"), resolver(address))


def test_a_name_that_stands_for_something_inside_beside_something_outside_is_refused() -> None:
    with pytest.raises(AddressError):
        resolve(read_address("https://hooks.example.com/"), resolver("8.8.8.8", "10.0.0.1"))


def test_what_a_resolver_says_must_be_an_address() -> None:
    with pytest.raises(AddressError):
        resolve(read_address("https://hooks.example.com/"), resolver("hooks.example.net"))
    with pytest.raises(OSError, match="no address"):
        resolve(read_address("https://hooks.example.com/"), resolver())


def test_ipv4_comes_first_and_each_address_once() -> None:
    found = resolve(read_address("https://a.example/"), resolver("2606:2800:220:1::1", "8.8.8.8", "8.8.4.4", "8.8.8.8"))
    assert found == ("8.8.8.8", "8.8.4.4", "2606:2800:220:1::1")


@pytest.mark.parametrize(
    ("text", "host", "target", "authority"),
    [
        ("https://hooks.example.com", "hooks.example.com", "/", "hooks.example.com"),
        ("https://Hooks.Example.com:443/a/b?c=d&e", "hooks.example.com", "/a/b?c=d&e", "hooks.example.com"),
        ("https://xn--bcher-kva.example/%2e%2e/", "xn--bcher-kva.example", "/%2e%2e/", "xn--bcher-kva.example"),
        ("https://a.b-c_d.example/", "a.b-c_d.example", "/", "a.b-c_d.example"),
        ("https://10.example/", "10.example", "/", "10.example"),
    ],
)
def test_an_address_is_taken_apart(text: str, host: str, target: str, authority: str) -> None:
    address = read_address(text)
    assert (address.scheme, address.host, address.port, address.target) == ("https", host, 443, target)
    assert (address.authority, address.is_loopback) == (authority, False)


@pytest.mark.parametrize(
    "text",
    [
        *("http://hooks.example.com/", "ftp://hooks.example.com/", "hooks.example.com", "//hooks.example.com/", ""),
        *("https://", "https:///path", "https://?a", "https:/hooks.example.com", "https://hooks.example.com:8443/"),
        *("https://hooks.example.com:80/", "https://hooks.example.com:0/", "https://hooks.example.com:65536/"),
        *("https://sam@hooks.example.com/", "https://sam:secret@hooks.example.com/", "https://@hooks.example.com/"),
        *("https://hooks.example.com@10.0.0.1/", "https://hooks.example.com/#", "https://hooks.example.com/#a"),
        *("https://hooks.example.com\\@10.0.0.1/", "https://hooks.example.com/a b", "https://hooks.example.com/\n"),
        *(" https://hooks.example.com/", "https://hooks.example.com/\u00e9", "https://b\u00fccher.example/"),
        *(
            "https://hooks.example.com./",
            "https://.hooks.example.com/",
            "https://hooks..example.com/",
            "https://hooks/",
        ),
        *("https://-hooks.example.com/", "https://hooks-.example.com/", "https://hooks%2eexample.com/", "https://%31/"),
        *(
            "https://127.0.0.1/",
            "https://127.0.0.1./",
            "https://127.1/",
            "https://2130706433/",
            "https://017700000001/",
        ),
        *(
            "https://0x7f000001/",
            "https://0x7f.0.0.1/",
            "https://0177.0.0.1/",
            "https://0/",
            "https://0x/",
            "https://1.1/",
        ),
        *("https://8.8.8.8/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[2606:2800:220:1::1]/"),
        *("https://[::1%25eth0]/", "https://[v1.a]/", "https://[::1/", "https://169.254.169.254/latest/meta-data/"),
        *("https://localhost/", "https://LOCALHOST/", "https://a.localhost/", "https://printer.local/"),
        *("https://instance-data.ec2.internal/", "https://metadata.google.internal/", "https://nas.home.arpa/"),
        *("https://router.lan/", "https://localhost.localdomain/", "https://wiki.corp/", "https://intranet/"),
        f"https://{'a' * 64}.example/",
        f"https://{'a.' * 126}example/",
        f"https://hooks.example.com/{'a' * 2000}",
    ],
)
def test_an_address_that_is_written_otherwise_is_refused(text: str) -> None:
    with pytest.raises(AddressError) as refused:
        read_address(text)
    assert "must" in str(refused.value)
    assert "meta-data" not in str(refused.value)


@pytest.mark.parametrize(
    "text", ["http://localhost:8080/", "http://127.0.0.1/", "http://[::1]:9000/a", "https://localhost:8443/"]
)
def test_this_machine_may_be_called_by_the_local_stack_only(text: str) -> None:
    with pytest.raises(AddressError):
        read_address(text)

    address = read_address(text, loopback=True)
    assert address.is_loopback
    assert resolve(address, resolver("127.0.0.1")) == ("127.0.0.1",)
    with pytest.raises(AddressError):
        resolve(address, resolver("10.0.0.1"))
    with pytest.raises(AddressError):
        resolve(address, resolver("8.8.8.8"))


@pytest.mark.parametrize(
    "text",
    [
        *("http://hooks.example.com/", "http://10.0.0.1/", "http://localhost.example/", "http://2130706433/"),
        *("http://127.0.0.2/", "http://0.0.0.0/", "http://localhost./", "http://sam@localhost/", "ftp://localhost/"),
    ],
)
def test_the_switch_of_the_local_stack_opens_nothing_else(text: str) -> None:
    with pytest.raises(AddressError):
        read_address(text, loopback=True)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        *(
            (f"http://localhost:{port}/", "must name a port from 1 to 65535")
            for port in ("0", "00", "65536", "-1", "x")
        ),
        *((f"http://[::1]:{port}/", "must name a port from 1 to 65535") for port in ("0", "70000")),
        *(
            (f"https://hooks.example.com:{port}/", "must not name a port other than 443")
            for port in ("0", "80", "65536", "-1", "x")
        ),
        *(
            (text, "must name a host behind https://")
            for text in ("https://", "https:///path", "https://?a", "https://:9")
        ),
        *(
            (text, "must begin with https://")
            for text in ("", "hooks.example.com", "//hooks.example.com/", "http://:80/")
        ),
        *((text, "must not name a user") for text in ("https://sam:secret@a.example/", "http://sam@localhost/")),
        *((text, "must not have a #") for text in ("https://hooks.example.com/#", "http://localhost/#a")),
    ],
)
def test_what_is_wrong_with_an_address_is_told_as_what_it_is(text: str, fault: str) -> None:
    with pytest.raises(AddressError, match=f"^{fault}" if text else "must be an address of at most"):
        read_address(text, loopback=True)


@pytest.mark.parametrize(
    ("text", "port"),
    [("http://localhost/", 80), ("https://localhost", 443), ("http://localhost:/", 80), ("http://[::1]:65535/", 65535)],
)
def test_a_port_that_is_not_named_is_the_usual_one(text: str, port: int) -> None:
    assert read_address(text, loopback=True).port == port


def test_the_switch_lets_no_name_stand_for_this_machine() -> None:
    address = read_address("https://rebound.example/", loopback=True)
    with pytest.raises(AddressError):
        resolve(address, resolver("127.0.0.1"))
