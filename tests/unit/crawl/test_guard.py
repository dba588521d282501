import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crawl.guard import Blocked, Guard, is_public, literal_address
from app.errors import ConfigError, Refused

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "0.0.0.0",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
    "2002:7f00:1::1",
    "2002:a9fe:a9fe::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "3fff::1",
    "2a00:1450::5efe:10.0.0.1",
    "100::1",
    "5f00::1",
]
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "172.32.0.1",
    "100.128.0.1",
    "192.0.1.1",
    "2606:4700::1111",
    "2a00:1450:4001:80b::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
]
LOOPBACK_FORMS = [
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0X7F.0x0.0.1",
    "017700000001",
    "0177.0.0.01",
    "127.0.0.1.",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[0:0:0:0:0:0:0:1]",
]


def refusal(guard: Guard, address: str, port: int = 443) -> str:
    with pytest.raises(Refused) as caught:
        guard.check(address, port)
    return caught.value.cause


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert refusal(Guard(), address) == "private_address"


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_passes(address: str) -> None:
    Guard().check(address, 443)


@pytest.mark.parametrize("host", LOOPBACK_FORMS)
def test_loopback_is_seen_through_every_way_of_writing_it(host: str) -> None:
    with pytest.raises(Refused) as caught:
        Guard().check_url(f"http://{host}/")

    assert caught.value.cause == "private_address"


@pytest.mark.parametrize(
    "host",
    [
        "1.2.3.4.5",
        "256.1.1.1",
        "1.2.3.999",
        "0x100000000",
        "08.1.1.1",
        "1..2",
        "a.0x",
        "99999999999",
    ],
)
def test_numbers_that_are_no_address_are_refused(host: str) -> None:
    with pytest.raises(Refused) as caught:
        literal_address(host)

    assert caught.value.cause == "bad_address"


@pytest.mark.parametrize("host", ["firm.example", "1firm.example", "127.0.0.1.example", "0x1.de"])
def test_a_name_is_not_taken_for_an_address(host: str) -> None:
    assert literal_address(host) is None


@given(st.ip_addresses(v=4))
def test_every_form_of_an_address_means_that_address(ip: IPv4Address) -> None:
    number = int(ip)
    high, low = number >> 24, number & 0xFFFFFF

    forms = [str(number), hex(number), f"0{number:o}", f"{high}.{low}", f"0x{high:x}.0{low:o}"]

    assert {literal_address(form) for form in [*forms, str(ip), f"{ip}."]} == {ip}


@given(st.ip_addresses(v=4))
def test_an_address_inside_ipv6_is_as_public_as_it_is_alone(ip: IPv4Address) -> None:
    number = int(ip)
    shifted = number << 80
    carriers = [0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | shifted]

    assert {is_public(IPv6Address(carrier)) for carrier in carriers} == {is_public(ip)}


@given(st.ip_addresses(v=4))
def test_nothing_that_python_calls_private_is_public_here(ip: IPv4Address) -> None:
    assert not (is_public(ip) and (ip.is_private or ip.is_multicast or ip.is_reserved))


@given(st.ip_addresses(v=6))
def test_only_global_unicast_ipv6_is_public(ip: IPv6Address) -> None:
    known = ip.is_private or ip.is_multicast or ip.is_link_local or ip.is_loopback

    assert not (is_public(ip) and known and ip.ipv4_mapped is None)


@given(st.text(alphabet="0123456789abcdefx.:[]%", max_size=30))
def test_a_host_of_numbers_is_an_address_a_name_or_refused(host: str) -> None:
    with suppress(Refused):
        found = literal_address(host)
        assert found is None or found == ip_address(str(found))


def test_an_unusual_port_is_refused() -> None:
    assert refusal(Guard(), "8.8.8.8", 25) == "forbidden_port"


@pytest.mark.parametrize("port", [80, 443, 8080, 8443])
def test_the_ports_of_websites_pass(port: int) -> None:
    Guard().check("8.8.8.8", port)


def test_an_allowed_address_and_port_passes_and_its_neighbours_do_not() -> None:
    guard = Guard(["127.0.0.1:8001", "[::1]:8001", "10.0.0.5"])

    guard.check("127.0.0.1", 8001)
    guard.check("::1", 8001)
    guard.check("10.0.0.5", 9999)

    assert refusal(guard, "127.0.0.1", 8002) == "private_address"
    assert refusal(guard, "127.0.0.2", 8001) == "private_address"
    assert refusal(guard, "::1", 80) == "private_address"


@pytest.mark.parametrize("entry", ["localhost", "127.0.0.1:x", "10.0.0.0/8", "", "*"])
def test_an_allowance_that_is_no_address_is_a_wrong_setting(entry: str) -> None:
    with pytest.raises(ConfigError, match="neither ip nor ip:port"):
        Guard([entry])


def test_a_socket_to_a_private_address_is_never_made() -> None:
    info = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 80))

    with pytest.raises(Blocked) as caught:
        Guard().open_socket(info)

    assert caught.value.refusal.cause == "private_address"
