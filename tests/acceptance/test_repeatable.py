"""The same stored pages, rules and sources give the same bytes; what was read is not fetched again.

The network is three small sites and one that is closed to robots, on loopback addresses, with a
ledger of what was asked of them.
"""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.acceptance.conftest import Cli

SITES = ("127.0.0.21", "127.0.0.22", "127.0.0.23")
CLOSED = "127.0.0.24"
STAFF = ("Ines Marlowe", "Tobias Fenwick", "Odile Hargrave")


class Web:
    """Firms, each on an address of its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: Counter[str] = Counter()

    async def __call__(self, request: web.Request) -> web.Response:
        """One page; the robots rules forbid one, and one has moved."""
        self.asked[request.path] += 1
        if request.host.startswith(CLOSED):
            return web.Response(text="User-agent: *\nDisallow: /\n")
        number = SITES.index(request.host.partition(":")[0])
        match request.path:
            case "/":
                return self._page(
                    f"Firm {number} Property Management",
                    f"<p>Firm {number} manages {200 + number} rental units in Austin.</p>"
                    '<a href="/team">Our team</a> <a href="/about">About us</a>'
                    '<a href="/private">Contact</a> <a href="/gone">Owners</a>'
                    f'<a href="https://firm{number}.managebuilding.com/Resident/portal">Login</a>',
                )
            case "/team":
                name = STAFF[number]
                mail = f"{name.split()[0].lower()}@firm{number}.example"
                return self._page(
                    "Our team",
                    f'<div class="card"><h3>{name}</h3><p>Owner</p>'
                    f'<a href="mailto:{mail}">{mail}</a></div>',
                )
            case "/about":
                raise web.HTTPMovedPermanently("/about-us")
            case "/about-us":
                return self._page("About us", "<p>Full-service property management.</p>")
            case "/robots.txt":
                return web.Response(text="User-agent: *\nDisallow: /private\n")
        raise web.HTTPNotFound

    def _page(self, title: str, body: str) -> web.Response:
        head = f"<html><head><title>{title}</title></head>"
        text = f"{head}<body><h1>{title}</h1>{body}</body></html>"
        return web.Response(text=text, content_type="text/html")


@pytest.fixture
async def firms(cli: Cli) -> AsyncIterator[Web]:
    """The sites, and a list of them in the command line's folder."""
    with socket.socket() as probe:
        probe.bind((SITES[0], 0))
        port = probe.getsockname()[1]
    firms = Web(port)
    server = web.Server(firms)  # type: ignore[arg-type]
    runner = web.ServerRunner(server)
    await runner.setup()
    for address in (*SITES, CLOSED):
        await web.TCPSite(runner, address, port).start()
    rows = [
        f"Firm {n} Property Management,http://{a}:{port}/,TX"
        for n, a in enumerate((*SITES, CLOSED))
    ]
    (cli.folder / "firms.csv").write_text("\n".join(["name,website,state", *rows]))
    allowed = ",".join(f'"{address}:{port}"' for address in (*SITES, CLOSED))
    cli.env |= {"SLUICE_ALLOW_ADDRESSES": f"[{allowed}]", "SLUICE_HOST_SPACING": "0"}
    yield firms
    await runner.cleanup()


async def _run(cli: Cli, *more: str) -> dict[str, Any]:
    answer = await cli("run", "--contacts-min", "0", "--json", *more)
    assert answer.code == 0, answer.err[-2000:]
    return answer.json


async def _files(told: dict[str, Any]) -> Sequence[bytes]:
    paths = [Path(told[f"{kind}_path"]) for kind in ("companies", "contacts")]
    return [await asyncio.to_thread(path.read_bytes) for path in paths]


async def test_an_archive_replayed_is_the_run_that_it_was_made_by(cli: Cli, firms: Web) -> None:
    source = ("--source", "csv_file:firms.csv", "--evidence")

    live = await _run(cli, *source, "--archive", "kept")
    asked = firms.asked.total()
    again = [await _run(cli, *source, "--replay", "kept") for _ in range(2)]

    assert firms.asked.total() == asked
    first, *others = [[_without_check(file) for file in await _files(told)]
                      for told in (live, *again)]  # fmt: skip
    assert len(first[0]) == 1 + len(SITES)
    assert b"blocked: " in b"".join(first[1])
    assert others == [first, first]


def _without_check(file: bytes) -> list[bytes]:
    """The lines without their last cell: when the suppression list was asked."""
    return [line.rpartition(b",")[0] for line in file.splitlines()]


async def test_what_was_read_within_max_age_is_not_fetched_again_by_any_run(
    cli: Cli, firms: Web
) -> None:
    first = await _run(cli, "--source", "csv_file:firms.csv")
    asked = firms.asked.copy()
    assert asked["/robots.txt"] == len(SITES) + 1

    second = await _run(cli, "--source", "csv_file:firms.csv")

    assert firms.asked == asked
    assert await _files(second) == await _files(first)
    await _run(cli, "--source", "csv_file:firms.csv", "--max-age", "0")
    assert firms.asked.total() == 2 * asked.total()
    refused = await cli("run", "--source", "csv_file:firms.csv", "--max-age", "soon", "--json")
    assert (refused.code, "'soon' is no duration" in refused.complaint) == (2, True)
