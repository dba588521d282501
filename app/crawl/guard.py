"""No request leaves for an address that is not on the public internet.

A host name is resolved once; every address of the answer is checked, and so is each address handed
to a socket and the peer of each finished connection. A name that answers differently the second
time (rebinding) changes nothing: what is connected to is what was checked. There is no switch that
turns this off; test addresses are allowed one by one.

The blocks are those of the IANA special-purpose address registries (RFC 6890 and its updates) that
are not globally reachable, stated here because Python's own list differs between versions.
"""

import re
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

from app.errors import ConfigError, Refused

PORTS = frozenset((80, 443, 8080, 8443))

_NOT_PUBLIC = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
            "168.63.129.16/32",  # a cloud's metadata service on a public-looking address
        ),
    )
)
_UNICAST6 = IPv6Network("2000::/3")
_NOT_PUBLIC6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
_CARRIERS = (  # blocks that carry an IPv4 address, and how far right of the end it stands
    (IPv6Network("::ffff:0:0/96"), 0),
    (IPv6Network("64:ff9b::/96"), 0),
    (IPv6Network("2002::/16"), 80),
)
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")


class Blocked(OSError):
    """A Refused on its way through the HTTP client, which passes on only OSError."""

    def __init__(self, refusal: Refused) -> None:
        super().__init__("address refused")
        self.refusal = refusal


class Guard:
    """Says which addresses may be connected to.

    `allowed`: "ip" or "ip:port" (IPv6 in brackets) that pass although they are private or their
    port is unusual. Raises ConfigError where an entry is neither.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed = frozenset(map(_allowance, allowed))

    def check(self, address: str, port: int) -> None:
        """Raises Refused ("private_address", "forbidden_port", "bad_address")."""
        try:
            ip = ip_address(address)
        except ValueError:
            raise Refused("bad_address", f"{address!r} is no address") from None
        if (ip, None) in self._allowed or (ip, port) in self._allowed:
            return
        if not is_public(ip):
            raise Refused("private_address", f"{ip} is not on the public internet")
        if port not in PORTS:
            raise Refused("forbidden_port", f"port {port} is not one that websites use")

    def check_url(self, url: str) -> None:
        """Refuses a host that is written as a number before anything else sees it.

        Raises Refused as `check` does; host names pass, their addresses are checked later.
        """
        parts = urlsplit(url)
        literal = literal_address(parts.hostname or "")
        if literal is not None:
            self.check(str(literal), parts.port or (443 if parts.scheme == "https" else 80))

    def open_socket(self, info: tuple[Any, ...]) -> socket.socket:
        """A socket for this getaddrinfo entry, or Blocked. The HTTP client's socket factory."""
        family, kind, protocol, _, address = info
        try:
            self.check(address[0], address[1])
        except Refused as refusal:
            raise Blocked(refusal) from refusal
        return socket.socket(family, kind, protocol)


def is_public(ip: IPv4Address | IPv6Address) -> bool:
    """True for global unicast. An IPv6 address that carries an IPv4 one is as public as that."""
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _NOT_PUBLIC)
    if ip.scope_id is not None:
        return False
    for network, shift in _CARRIERS:
        if ip in network:
            return is_public(IPv4Address((int(ip) >> shift) & 0xFFFFFFFF))
    if ip not in _UNICAST6 or any(ip in network for network in _NOT_PUBLIC6):
        return False
    if (int(ip) >> 32) & 0xFDFFFFFF == 0x5EFE:  # ISATAP (RFC 5214)
        return is_public(IPv4Address(int(ip) & 0xFFFFFFFF))
    return True


def literal_address(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host written in numbers means; None for a name.

    IPv4 in every form that resolvers take: 127.1, 2130706433, 0x7f.1, 017700000001 (WHATWG URL,
    "IPv4 parser"). Raises Refused("bad_address") for numbers that are no address.
    """
    bare = host.strip("[]").rstrip(".").lower()
    if ":" in bare:
        return _parsed6(bare)
    labels = bare.split(".")
    if not _NUMBER.fullmatch(labels[-1]):
        return None
    numbers = [_number(label) for label in labels]
    *first, last = numbers
    if len(numbers) > 4 or max(first, default=0) > 255 or last >= 256 ** (5 - len(numbers)):
        raise Refused("bad_address", f"{host!r} is no address")
    high = sum(number << (24 - 8 * place) for place, number in enumerate(first))
    return IPv4Address(high + last)


def _parsed6(text: str) -> IPv6Address:
    try:
        return IPv6Address(text)
    except ValueError:
        raise Refused("bad_address", f"{text!r} is no address") from None


def _number(label: str) -> int:
    base = 16 if label.startswith("0x") else 8 if label.startswith("0") else 10
    try:
        if _NUMBER.fullmatch(label):
            return int(label.removeprefix("0x") or "0", base)
    except ValueError:
        pass  # an 8 or 9 in an octal number
    raise Refused("bad_address", f"{label!r} is no part of an address")


def _allowance(entry: str) -> tuple[IPv4Address | IPv6Address, int | None]:
    text, port = entry.strip(), ""
    if text.startswith("["):
        text, _, port = text[1:].partition("]")
        port = port.removeprefix(":")
    elif text.count(":") == 1:
        text, _, port = text.partition(":")
    try:
        return ip_address(text), int(port) if port else None
    except ValueError:
        raise ConfigError(f"allowed address {entry!r} is neither ip nor ip:port") from None
