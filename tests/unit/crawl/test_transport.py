import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiohttp import web

from app.crawl.guard import Guard
from app.crawl.limits import Limits
from app.crawl.transport import Transport
from app.errors import RequestError
from tests.unit.crawl.support import (
    AGENT,
    QUICK,
    FakeClock,
    FixedResolver,
    local_site,
    raw_server,
)

CAP = 50_000
NAMES = {"site.example": ["127.0.0.1"], "inside.example": ["8.8.8.8", "10.0.0.1"]}


@asynccontextmanager
async def transport(port: int, limits: Limits = QUICK) -> AsyncIterator[Transport]:
    opened = Transport(
        limits, FakeClock(), Guard([f"127.0.0.1:{port}"]), AGENT, FixedResolver(NAMES)
    )
    try:
        yield opened
    finally:
        await opened.close()


async def cause(port: int, url: str, limits: Limits = QUICK) -> str:
    async with transport(port, limits) as opened:
        with pytest.raises(RequestError) as caught:
            await opened.send(url, CAP)
    return caught.value.cause


def saying(*pieces: bytes) -> Callable[..., Awaitable[None]]:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()

    return talk


async def test_a_page_comes_with_its_type_and_charset() -> None:
    async def home(request: web.Request) -> web.Response:
        return web.Response(
            body=b"caf\xe9", headers={"Content-Type": "Text/HTML; charset=ISO-8859-1"}
        )

    async with local_site({"/": home}) as site, transport(site.port) as opened:
        answer = await opened.send(site.url(), CAP)

    assert (answer.status, answer.body) == (200, b"caf\xe9")
    assert (answer.content_type, answer.charset) == ("text/html", "iso-8859-1")


async def test_we_say_who_we_are_and_ask_for_what_we_can_read() -> None:
    async with local_site({"/": "hello"}) as site, transport(site.port) as opened:
        await opened.send(site.url(), CAP)

    headers = site.ledger[0].headers
    assert headers["User-Agent"] == AGENT
    assert headers["Accept-Encoding"] == "gzip, deflate"
    assert headers["Host"] == f"site.example:{site.port}"
    assert not {"Cookie", "Authorization", "Referer"} & set(headers)


async def test_cookies_are_not_kept() -> None:
    async def home(request: web.Request) -> web.Response:
        return web.Response(text="x", headers={"Set-Cookie": "id=1; Path=/"})

    async with local_site({"/": home}) as site, transport(site.port) as opened:
        for _ in range(2):
            await opened.send(site.url(), CAP)

    assert "Cookie" not in site.ledger[1].headers


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)]
)
async def test_packed_pages_are_unpacked(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    async def home(request: web.Request) -> web.Response:
        headers = {"Content-Encoding": encoding, "Content-Type": "text/html"}
        return web.Response(body=pack(b"<p>Jane</p>"), headers=headers)

    async with local_site({"/": home}) as site, transport(site.port) as opened:
        assert (await opened.send(site.url(), CAP)).body == b"<p>Jane</p>"


async def test_a_bomb_is_cut_at_the_cap_and_flagged() -> None:
    async def home(request: web.Request) -> web.Response:
        headers = {"Content-Encoding": "gzip", "Content-Type": "text/html"}
        return web.Response(body=gzip.compress(b"x" * 20_000_000), headers=headers)

    async with local_site({"/": home}) as site, transport(site.port) as opened:
        answer = await opened.send(site.url(), CAP)

    assert (len(answer.body), answer.truncated) == (CAP, True)


async def test_an_endless_page_is_cut_at_the_cap_and_flagged() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            writer.write(b"x" * 10_000)
            await writer.drain()

    async with raw_server(talk) as port, transport(port) as opened:
        answer = await opened.send(f"http://site.example:{port}/", CAP)

    assert (len(answer.body), answer.truncated) == (CAP, True)


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_bodies_of_redirects_and_errors_are_never_unpacked(status: int) -> None:
    async def home(request: web.Request) -> web.Response:
        headers = {"Content-Encoding": "gzip", "Location": "/x"}
        body = gzip.compress(b"x" * 20_000_000)
        return web.Response(status=status, body=body, headers=headers)

    async with local_site({"/": home}) as site, transport(site.port) as opened:
        answer = await opened.send(site.url(), CAP)

    assert (answer.status, answer.body, answer.location) == (status, b"", "/x")


async def test_a_page_shorter_than_announced_is_kept_and_flagged() -> None:
    said = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 999\r\n\r\n<p>Jane"

    async with raw_server(saying(said)) as port, transport(port) as opened:
        answer = await opened.send(f"http://site.example:{port}/", CAP)

    assert (answer.body, answer.truncated) == (b"<p>Jane", True)


async def test_what_is_no_page_is_not_downloaded() -> None:
    async def home(request: web.Request) -> web.Response:
        return web.Response(body=b"\0" * 100_000, content_type="video/mp4")

    async with local_site({"/": home}) as site:
        assert await cause(site.port, site.url()) == "not_html"


async def test_an_encoding_that_was_not_asked_for_is_refused() -> None:
    async def home(request: web.Request) -> web.Response:
        headers = {"Content-Encoding": "br", "Content-Type": "text/html"}
        return web.Response(body=b"\x0b\x02\x80", headers=headers)

    async with local_site({"/": home}) as site:
        assert await cause(site.port, site.url()) == "bad_encoding"


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
        b"this is no HTTP at all\r\n\r\n",
    ],
)
async def test_headers_that_no_honest_server_sends_are_refused(said: bytes) -> None:
    async with raw_server(saying(said)) as port:
        assert await cause(port, f"http://site.example:{port}/") == "bad_headers"


async def test_a_server_that_drips_bytes_is_left_at_the_deadline() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    limits = replace(QUICK, request_seconds=0.4, read_seconds=60.0)
    async with raw_server(talk) as port, asyncio.timeout(20):
        assert await cause(port, f"http://site.example:{port}/", limits) == "timeout"


async def test_a_server_that_says_nothing_is_left() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    limits = replace(QUICK, read_seconds=0.2)
    async with raw_server(talk) as port, asyncio.timeout(20):
        assert await cause(port, f"http://site.example:{port}/", limits) == "timeout"


async def test_a_server_that_hangs_in_the_tls_handshake_is_left() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    limits = replace(QUICK, request_seconds=0.4, connect_seconds=60.0, read_seconds=60.0)
    async with raw_server(talk, listen=False) as port, asyncio.timeout(20):
        assert await cause(port, f"https://site.example:{port}/", limits) == "timeout"


async def test_what_a_server_says_does_not_fill_the_error() -> None:
    said = (
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n" + b"x\x1b[2J\n" * 9_999
    )
    async with raw_server(saying(said)) as port, transport(port) as opened:
        with pytest.raises(RequestError) as caught:
            await opened.send(f"http://site.example:{port}/", CAP)

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


async def test_a_server_that_hangs_up_is_named() -> None:
    async with raw_server(saying()) as port:
        assert await cause(port, f"http://site.example:{port}/") == "disconnected"


async def test_a_closed_port_is_named() -> None:
    async with raw_server(saying()) as port:
        pass

    assert await cause(port, f"http://site.example:{port}/") == "connection"


async def test_a_name_that_does_not_exist_is_named() -> None:
    assert await cause(1, "http://nobody.example/") == "no_such_host"


async def test_a_server_that_speaks_no_tls_is_named() -> None:
    async with raw_server(saying(b"HTTP/1.1 400 Bad Request\r\n\r\n"), listen=False) as port:
        assert await cause(port, f"https://site.example:{port}/") == "tls"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1/", "private_address"),
        ("http://2130706433/", "private_address"),
        ("http://0x7f.1/", "private_address"),
        ("http://169.254.169.254/latest/meta-data/", "private_address"),
        ("http://[::ffff:127.0.0.1]/", "private_address"),
        ("http://inside.example/", "private_address"),
        ("http://site.example/", "private_address"),
        ("http://8.8.8.8:25/", "forbidden_port"),
        ("http://1.2.3.4.5/", "bad_address"),
    ],
)
async def test_private_targets_are_refused_before_a_connection(url: str, expected: str) -> None:
    assert await cause(1, url) == expected


async def test_a_connection_is_used_again() -> None:
    async with local_site({"/": "x"}) as site, transport(site.port) as opened:
        peers = []
        for path in ("/", "/missing", "/"):
            await opened.send(site.url(path), CAP)
            peer = site.ledger[-1].transport
            peers.append(peer and peer.get_extra_info("peername"))

    assert len(set(peers)) == 1


async def test_a_wait_that_is_asked_for_is_read() -> None:
    async def home(request: web.Request) -> web.Response:
        return web.Response(status=503, headers={"Retry-After": "120"})

    async with local_site({"/": home}) as site, transport(site.port) as opened:
        answer = await opened.send(site.url(), CAP)

    assert (answer.status, answer.retry_after) == (503, 120.0)
