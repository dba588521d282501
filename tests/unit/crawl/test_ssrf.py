"""No form of a private address is connected to, at no hop. The guard is on; a canary listens."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address

import pytest
from aiohttp import web
from aiohttp.abc import ResolveResult

from app.crawl.crawl import crawl_site
from app.crawl.fetch import HttpFetcher
from app.errors import BadResponse, InputError, RequestError
from app.settings import Settings
from app.sources._network import Network, Service
from tests.unit.crawl.support import AGENT, QUICK, FakeClock, FixedResolver, raw_server

FINAL = {"private_address", "bad_address", "forbidden_scheme", "forbidden_port", "bad_redirect"}
ADDRESSES = (
    "127.0.0.1 127.8.9.10 10.0.0.1 172.16.0.1 172.31.255.254 192.168.0.1 169.254.169.254 "
    "169.254.170.2 100.64.0.1 100.100.100.200 168.63.129.16 0.0.0.0 192.0.0.192 192.0.2.1 "
    "192.88.99.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 "
    "255.255.255.255"
).split()
ADDRESSES6 = (
    "::1 :: ::127.0.0.1 fe80::1 fe80::a9fe:a9fe febf::1 fec0::1 fc00::1 fd00:ec2::254 fdff::1 "
    "ff02::1 ff0e::1 100::1 2001:db8::1 2001::1 2001:2::1 2001:10::1 3fff::1 5f00::1 "
    "64:ff9b:1::1 2a00:1450::5efe:10.0.0.1"
).split()
NAMES = (
    "localhost localhost. LOCALHOST a.localhost ip6-localhost metadata.google.internal inside "
    "127.0.0.1.nip.example 169-254-169-254.sslip.example xn--bcher-kva.example bücher.example "
    "mixed.example mixed6.example"
).split()
FORGED = (
    "http://public.example@{canary}/ http://public.example:80@{canary}/ http://a:b@{canary}/ "
    "http://{canary}#@public.example/ http://{canary}?@public.example/ "
    "http://{canary}\\@public.example/ http:{canary}/ http:/{canary}/ http:///{canary}/ "
    "http:\\\\{canary}/ HTTP://{canary}/ http://%31%32%37.0.0.1/ http://127%2e0.0.1/ "
    "http://127.0.0.1%00.public.example/ http://①②⑦.0.0.1:{port}/ http://127。0。0。1:{port}/ "
    "http://[::ffff:127.0.0.1]:{port}/ http://[::1%25lo]:{port}/ http://[fe80::1%25lo]/ "
    "http://127.0.0.1:0/ http://127.0.0.1:65536/ http://127.0.0.1:/ http://8.8.8.8:22/ "
    "http://8.8.8.8:6379/ http://1.2.3.4.5/ http://0x1ffffffff/ http://127.0.0.0x/ http://[::1/ "
    "https://{canary}/ ws://{canary}/ ftp://{canary}/ gopher://{canary}/_ dict://{canary}/ "
    "file:///etc/passwd file://{canary}/etc/passwd ldap://{canary}/ data:text/html,x "
    "javascript:alert(1) blob:http://{canary}/x view-source:http://{canary}/ jar:http://{canary}/!/"
).split()


def forms(address: str) -> Iterator[str]:
    """Every way of writing it that some resolver or browser understands."""
    ip = IPv4Address(address)
    number, parts = int(ip), ip.packed
    yield from (
        address,
        f"{address}.",
        str(number),
        hex(number),
        hex(number).upper(),
        f"0{number:o}",
    )
    yield f"{parts[0]}.{number & 0xFFFFFF}"
    yield f"{parts[0]}.{parts[1]}.{number & 0xFFFF}"
    yield ".".join(hex(part) for part in parts)
    yield ".".join(f"0{part:o}" for part in parts)
    yield ".".join(f"000{part:o}" for part in parts)
    yield f"0x{parts[0]:x}.{parts[1]}.0{number & 0xFFFF:o}"
    yield "".join(chr(ord(char) + 0xFEE0) if char.isdigit() else char for char in address)
    yield address.replace(".", "\uff0e")
    for carried in (f"::ffff:{address}", f"64:ff9b::{address}"):
        yield f"[{carried}]"
        yield f"[{ip_address(carried).exploded}]"
    yield f"[2002:{parts[0]:02x}{parts[1]:02x}:{parts[2]:02x}{parts[3]:02x}::1]"


def vectors(port: int) -> list[str]:
    """Addresses that must not be reached; those on loopback are the canary's."""
    hosts = [form for address in ADDRESSES for form in forms(address)]
    hosts += [f"[{address}]" for address in ADDRESSES6]
    forged = [each.format(canary=f"127.0.0.1:{port}", port=port) for each in FORGED]
    return [*(f"http://{host}:{port}/" for host in (*hosts, *NAMES)), *forged]


@dataclass
class Trap:
    """A site that leads to `target`, a fetcher with the guard on, and a canary that counts who
    comes."""

    fetcher: HttpFetcher
    network: Network
    port: int
    canary: int
    target: str = ""
    heard: int = 0

    @property
    def targets(self) -> list[str]:
        return vectors(self.canary)

    def url(self, path: str, host: str = "site.example") -> str:
        return f"http://{host}:{self.port}{path}"

    async def cause(self, url: str) -> str:
        """Why a page was not had; "" where it was."""
        try:
            await self.fetcher.fetch(url)
        except RequestError as error:
            return error.cause
        return ""


class Names(FixedResolver):
    """Names -> addresses of both families."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        for each in found:
            each["port"] = port
            each["family"] = socket.AF_INET6 if ":" in each["host"] else socket.AF_INET
        return found


class Site:
    """What leads to the target: redirects, a meta refresh, robots.txt, links, a sitemap."""

    def __init__(self) -> None:
        self.trap: Trap | None = None

    async def answer(self, request: web.Request) -> web.StreamResponse:
        assert self.trap is not None
        target, path = self.trap.target, request.path
        if path == "/robots.txt":
            if request.host.startswith("robots"):
                return web.Response(status=302, headers={"Location": target})
            return web.Response(text=f"Sitemap: {target}\nSitemap: /sitemap.xml")
        if path in ("/1", "/2", "/3"):
            where = {"/1": "/2", "/2": "/3", "/3": target}[path]
            return web.Response(status=307, headers={"Location": where})
        if path == "/refresh":
            page = f'<meta http-equiv="refresh" content="0; url={target}">'
        elif path == "/sitemap.xml":
            page = "".join(f"<url><loc>{each}about</loc></url>" for each in self.trap.targets)
        elif path == "/":
            links = "".join(f'<a href="{each}about">about us</a>' for each in self.trap.targets)
            page = f'<link rel="canonical" href="{target}"><base href="{target}">{links}'
        else:
            page = f"<p>{path}"
        return web.Response(text=page, content_type="text/html")


@asynccontextmanager
async def a_trap(*, open_to_canary: bool = False) -> AsyncIterator[Trap]:
    site = Site()

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert site.trap is not None
        site.trap.heard += 1

    server = web.Server(site.answer)  # type: ignore[arg-type]
    runner = web.ServerRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    names = {name.lower(): ["127.0.0.1"] for name in (*NAMES, "site.example", "robots.example")}
    names |= {
        "xn--bcher-kva.example": ["::1"],
        "mixed.example": ["8.8.8.8", "127.0.0.1"],
        "mixed6.example": ["2606:4700::1111", "::ffff:127.0.0.1"],
    }
    resolver, clock = Names(names), FakeClock()
    try:
        async with raw_server(hear, listen=False) as canary:
            allowed = [f"127.0.0.1:{port}", *([f"127.0.0.1:{canary}"] if open_to_canary else [])]
            network = Network(AGENT, allowed, clock, resolver)
            async with HttpFetcher(
                QUICK, clock, user_agent=AGENT, allowed=allowed, resolver=resolver
            ) as fetcher:
                site.trap = Trap(fetcher, network, port, canary)
                yield site.trap
    finally:
        await runner.cleanup()


def test_there_are_some_hundred_of_them_and_nothing_is_allowed_by_default() -> None:
    assert len(set(vectors(80))) >= 450
    assert Settings().allow_addresses == ()


async def test_the_canary_would_hear() -> None:
    async with a_trap(open_to_canary=True) as trap:
        for target in ("127.0.0.1", "127.0.0.1.", "localhost"):
            await trap.cause(f"http://{target}:{trap.canary}/")

    assert trap.heard >= 3


@pytest.mark.parametrize("hop", ["start", "/3", "/1", "/refresh", "/robots.txt"])
async def test_no_form_of_a_private_address_is_reached(hop: str) -> None:
    host = "robots.example" if hop == "/robots.txt" else "site.example"
    causes = {}
    async with a_trap() as trap:
        for target in trap.targets:
            trap.target = target
            trap.fetcher._robots._entries.clear()
            causes[target] = await trap.cause(target if hop == "start" else trap.url(hop, host))

    assert trap.heard == 0
    final = {target for target, cause in causes.items() if cause in FINAL}
    assert len(final) >= 440
    assert set(causes.values()) <= {*FINAL, "", "no_such_host"}
    assert hop != "start" or len(causes) - len(final) <= 1  # public.example is no private address


async def test_no_link_canonical_base_or_sitemap_leads_to_a_private_address() -> None:
    async with a_trap() as trap:
        for target in trap.targets[::40]:
            trap.target = target
            await crawl_site(trap.fetcher, trap.url("/"), QUICK)

    assert trap.heard == 0


async def test_no_service_is_asked_at_a_private_address_nor_followed_there() -> None:
    async def ask(trap: Trap, address: str) -> None:
        trap.network.check(Service(address))
        async with trap.network.client(Service(address, spacing=0.0)) as client:
            await client.get({})

    async with a_trap() as trap:
        for target in trap.targets:
            with pytest.raises((InputError, RequestError)):
                await ask(trap, target)
        for target in trap.targets[::20]:
            trap.target = target
            with pytest.raises(BadResponse, match="has moved"):
                await ask(trap, trap.url("/3"))

    assert trap.heard == 0


async def test_a_name_that_is_rebound_to_another_address_is_checked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.crawl.connector.DNS_SECONDS", 0)
    async with a_trap() as trap:
        resolver = trap.fetcher._transport._resolver
        assert isinstance(resolver, Names)
        assert await trap.cause(trap.url("/team")) == ""

        resolver.names["site.example"] = ["127.0.0.2"]
        await trap.fetcher.close()
        trap.fetcher._transport._session = None
        rebound = await trap.cause(trap.url("/staff"))

    assert rebound == "private_address"
