"""Sites of eight pages, each on a loopback address of its own: python -m bench.polite_sites COUNT.

Prints its port. A ledger notes what was asked: GET /ledger on the first address gives
{address: [requests, pages, first, last]} in seconds, and forgets it.
"""

import asyncio
import socket
import sys
import time

from aiohttp import web

PAGES = ("", "team", "about", "contact", "services", "rentals", "owners", "tenants")
_PARAGRAPH = "<p>We look after houses and small buildings, and say what we do before we do it.</p>"


def addresses(count: int) -> list[str]:
    """One address for each site."""
    return [f"127.0.{1 + number // 250}.{1 + number % 250}" for number in range(count)]


def page(number: int, name: str) -> str:
    """A page of some 10 KiB that links all others."""
    links = "".join(f'<li><a href="/{each}">{each or "home"}</a></li>' for each in PAGES)
    person = f"<h3>Ines Vega-{number}</h3><p>Owner</p>" if name == "team" else ""
    return (
        f"<html><head><title>Firm {number} Property Management</title></head>"
        f"<body><ul>{links}</ul><h1>{name or 'Firm'} {number}</h1>{person}{_PARAGRAPH * 120}"
        f"<p>Page {name} of firm {number}</p></body></html>"
    )


class Ledger:
    """What was asked of each address, and when."""

    def __init__(self) -> None:
        self._asked: dict[str, list[float]] = {}

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """A page, the ledger, or 404."""
        host, name = request.host.partition(":")[0], request.path.strip("/")
        if name == "ledger":
            asked, self._asked = self._asked, {}
            return web.json_response(asked)
        known = name in PAGES
        now = time.monotonic()
        entry = self._asked.setdefault(host, [0, 0, now, now])
        entry[0] += 1
        entry[1] += known
        entry[3] = now
        if not known:
            return web.Response(status=404)
        number = int(host.split(".")[2]) * 250 + int(host.split(".")[3])
        return web.Response(text=page(number, name), content_type="text/html")


async def _serve(count: int) -> None:
    runner = web.ServerRunner(web.Server(Ledger()))
    await runner.setup()
    hosts = addresses(count)
    with socket.socket() as probe:
        probe.bind((hosts[0], 0))
        port = probe.getsockname()[1]
    for host in hosts:
        await web.TCPSite(runner, host, port).start()
    print(port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
