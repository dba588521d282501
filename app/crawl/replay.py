"""A folder behind the Fetcher contract: sites as `wget -m` leaves them, or as `--archive` does."""

import asyncio
import os
import re
from collections import OrderedDict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from app.clock import Clock
from app.crawl.answer import Answer, page_of
from app.crawl.follow import follow
from app.crawl.limits import Limits
from app.crawl.robots import Robots
from app.crawl.sidecar import Sidecar, raise_noted, read_sidecar
from app.errors import InputError, Unreachable
from app.records.page import Page

MAX_HOSTS = 256
MAX_FILE_NAME = 255

_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?::\d+)?")
_TYPES = {
    **dict.fromkeys(("", ".html", ".htm", ".xhtml", ".php", ".asp", ".aspx", ".jsp"), "text/html"),
    ".txt": "text/plain",
    ".xml": "application/xml",
    ".gz": "application/gzip",
    ".pdf": "application/pdf",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".ics": "text/calendar",
    ".vcf": "text/vcard",
    ".csv": "text/csv",
}
_MEDIA = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|mp[34]|mov|webm|woff2?|ttf|eot|zip)")


class ReplayFetcher:
    """Fetches pages from `folder/<host>/<path>`, robots.txt obeyed as on the network.

    A path is looked up as static hosts do: the file, the file with `.html`, `index.html` in the
    folder; a query as wget writes it (`path?query`), else without it. http and https are alike; a
    host without a folder is read from its www. or bare twin. Nothing outside the folder is read. A
    page was fetched when the sidecar says, else when its file was written: every replay tells the
    same.
    Raises InputError where `folder` is no folder or a sidecar in it is damaged.
    """

    def __init__(self, folder: Path, limits: Limits, clock: Clock, *, user_agent: str) -> None:
        if not folder.is_dir():
            raise InputError(f"{folder} is no folder; give one with a folder per host in it")
        self._folder = folder.resolve()
        self._limits = limits
        self._clock = clock
        self._robots = Robots(self._read, user_agent, clock)
        self._sidecars: OrderedDict[Path, Sidecar] = OrderedDict()

    async def fetch(self, url: str) -> Page:
        """The page at `url`; see Fetcher."""
        return page_of(await follow(url, self._get, self._limits.redirects))

    async def _get(self, url: str) -> Answer:
        home = self._home(url)
        raise_noted(self._sidecar(home).entry(url), url)
        await self._robots.check(url)
        return await self._read(url)

    async def _read(self, url: str) -> Answer:
        home = self._home(url)
        sidecar = self._sidecar(home)
        return await asyncio.to_thread(self._answer, url, home, sidecar)

    def _home(self, url: str) -> Path:
        """The folder of a host. Raises Unreachable("no_such_host")."""
        host = urlsplit(url).netloc.lower()
        bare = host.partition(":")[0]
        twin = bare.removeprefix("www.") if bare.startswith("www.") else f"www.{bare}"
        for name in (host, bare, twin):
            home = self._inside(self._folder / name) if _HOST.fullmatch(name) else None
            if home and home.is_dir():
                return home
        raise Unreachable("no_such_host", f"no folder {bare!r} among the stored sites")

    def _sidecar(self, home: Path) -> Sidecar:
        if home not in self._sidecars:
            self._sidecars[home] = read_sidecar(home)
            while len(self._sidecars) > MAX_HOSTS:
                self._sidecars.popitem(last=False)
        return self._sidecars[home]

    def _answer(self, url: str, home: Path, sidecar: Sidecar) -> Answer:
        entry = sidecar.entry(url)
        noted = sidecar.fetched_at(entry)
        moment = noted or self._clock.now()
        status = entry.get("status", 200)
        if status != 200:
            location = str(entry.get("location", ""))
            return Answer(url, int(status), moment, location=location)
        file = self._file(url, home, entry)
        if file is None:
            return Answer(url, 404, moment)
        cap = self._limits.page_bytes
        with file.open("rb") as stream:
            body = stream.read(cap + 1)
            written = datetime.fromtimestamp(int(os.fstat(stream.fileno()).st_mtime), UTC)
        return Answer(
            url=url,
            status=200,
            fetched_at=noted or written,
            content_type=str(entry.get("content_type", _type_of(file))),
            charset=str(entry.get("charset", "")),
            body=body[:cap],
            truncated=bool(entry.get("truncated")) or len(body) > cap,
        )

    def _file(self, url: str, home: Path, entry: dict[str, Any]) -> Path | None:
        """The file that holds this address, if there is one inside the host's folder."""
        named = entry.get("file")
        names = [named] if isinstance(named, str) else _candidates(url)
        for name in names:
            parts = PurePosixPath(name).parts
            if not all(map(_is_plain, parts)):
                continue
            file = self._inside(home.joinpath(*parts))
            if file and file.is_file():
                return file
        return None

    def _inside(self, path: Path) -> Path | None:
        """The path with its links resolved; None where they lead out of the folder."""
        try:
            real = path.resolve()
        except (OSError, RuntimeError, ValueError):
            return None
        return real if real.is_relative_to(self._folder) else None


def _candidates(url: str) -> Iterator[str]:
    """The names, relative to the host's folder, under which an address may be stored."""
    parts = urlsplit(url)
    for path in dict.fromkeys((unquote(parts.path), parts.path)):
        stem = path.strip("/")
        if parts.query:
            for query in dict.fromkeys((parts.query, unquote(parts.query))):
                name = stem if stem and not path.endswith("/") else f"{stem}/index.html".strip("/")
                safe = query.replace("/", "%2F")
                yield from (f"{name}?{safe}", f"{name}?{safe}.html")
        if stem and not path.endswith("/"):
            yield stem
        if stem:
            yield f"{stem}.html"
        yield f"{stem}/index.html".strip("/")
        if stem and path.endswith("/"):
            yield stem


def _is_plain(part: str) -> bool:
    """True for a name that stays in its folder and is not one of ours."""
    return (
        part not in ("", ".", "..", "/", "//")
        and not part.startswith(".sluice-")
        and "\0" not in part
        and "\\" not in part
        and len(part.encode("utf-8", "surrogateescape")) <= MAX_FILE_NAME
    )


def _type_of(file: Path) -> str:
    suffix = file.name.partition("?")[0].lower()
    suffix = suffix[suffix.rfind(".") :] if "." in suffix[1:] else ""
    return "image/other" if _MEDIA.fullmatch(suffix) else _TYPES.get(suffix, "text/html")
