"""Hosts from Common Crawl's index over HTTP (pywb's CDX server API), one domain at a time.

The service answers in pages; how many there are is asked first. An answer 404 means "no captures".
The public service is slow and asks to be spared: two seconds lie between two requests.
"""

import json
from typing import Any

from app.errors import BadResponse
from app.sources._network import Client, Network, Service
from app.sources._portal_file import MAX_HOSTS

MAX_PAGES = 500
"""Of one domain; a page holds some 15,000 captures."""


def service_at(address: str) -> Service:
    """The index of one crawl, such as https://index.commoncrawl.org/CC-MAIN-2026-38-index."""
    return Service(address, spacing=2.0, seconds=60.0)


async def hosts_below(network: Network, address: str, domain: str) -> dict[str, str]:
    """Host -> the day it was captured last ("2026-09-14"), for the hosts below `domain`.

    Raises RequestError; BadResponse ("too_large") for a domain of more than MAX_PAGES pages or
    MAX_HOSTS hosts.
    """
    seen: dict[str, str] = {}
    async with network.client(service_at(address)) as client:
        asked = {"url": f"*.{domain}", "output": "json"}
        for page in range(await _pages(client, asked, domain)):
            for host, day in await _page(client, {**asked, "fl": "urlkey,timestamp",
                                                  "page": str(page)}):  # fmt: skip
                if host.endswith(f".{domain}") and day >= seen.get(host, ""):
                    seen[host] = day
            if len(seen) > MAX_HOSTS:
                raise client.bad("too_large", f"more than {MAX_HOSTS:,} hosts below {domain}")
    return seen


async def _pages(client: Client, asked: dict[str, str], domain: str) -> int:
    try:
        said = await client.get_json({**asked, "showNumPages": "true"})
    except BadResponse as error:
        if error.cause == "http_404":
            return 0
        raise
    pages = said.get("pages") if isinstance(said, dict) else said
    if not isinstance(pages, int) or isinstance(pages, bool) or pages < 0:
        raise client.bad("no_index", "does not say how many pages it has; is it a CDX index?")
    if pages > MAX_PAGES:
        raise client.bad("too_large", f"{pages:,} pages below {domain}; use an index file")
    return pages


async def _page(client: Client, asked: dict[str, str]) -> list[tuple[str, str]]:
    """(host, day) of every line of a page."""
    try:
        body = await client.get(asked)
    except BadResponse as error:
        if error.cause == "http_404":
            return []
        raise
    found = [_capture(line) for line in body.splitlines() if line.strip()]
    if None in found:
        raise client.bad("no_index", "a line of the answer is no capture; is it a CDX index?")
    return [each for each in found if each]


def _capture(line: bytes) -> tuple[str, str] | None:
    """(host, day) of a line such as {"urlkey": "com,example)/", "timestamp": "20260914081500"}."""
    try:
        said: Any = json.loads(line)
    except (ValueError, RecursionError):
        return None
    key = said.get("urlkey") if isinstance(said, dict) else None
    time = said.get("timestamp") if isinstance(said, dict) else None
    if not isinstance(key, str) or not isinstance(time, str):
        return None
    labels = key.partition(")")[0].partition(":")[0].split(",")
    day = f"{time[:4]}-{time[4:6]}-{time[6:8]}" if time[:8].isdigit() else ""
    return ".".join(reversed([label for label in labels if label])), day
