"""A folder of sites behind one web server on loopback: python -m bench.sites DIR prints its port.

`DIR/<host>/<path>`, by the Host header; "index.html" for folders, ".html" may be left out, "www."
may be there or not.
"""

import asyncio
import sys
from pathlib import Path

from aiohttp import web

_TYPES = {".xml": "application/xml", ".txt": "text/plain"}


def read_sites(folder: Path) -> dict[tuple[str, str], tuple[bytes, str]]:
    """(host, path) -> body and content type, all in memory: the server shall not be the limit."""
    found: dict[tuple[str, str], tuple[bytes, str]] = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        host, _, path = file.relative_to(folder).as_posix().partition("/")
        answer = (file.read_bytes(), _TYPES.get(file.suffix, "text/html"))
        names = [f"/{path}", f"/{path}".removesuffix(".html")]
        if file.name == "index.html":
            names += [name.removesuffix("index") for name in names] + [f"/{path[:-11]}"]
        for name in names:
            found.setdefault((host.removeprefix("www."), name), answer)
    return found


def start_pages(folder: Path) -> list[str]:
    """The hosts of the folder."""
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


async def _serve(folder: Path) -> None:
    sites = read_sites(folder)

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        host = request.host.partition(":")[0].removeprefix("www.")
        body, kind = sites.get((host, request.path), (b"", ""))
        status = 200 if kind else 404
        return web.Response(body=body, status=status, content_type=kind or "text/plain")

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
