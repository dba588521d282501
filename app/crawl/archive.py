"""Records what a fetcher brings, so that replaying the folder is the same run."""

import asyncio
import fcntl
import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from app.crawl import Fetcher
from app.crawl.follow import fetchable
from app.crawl.sidecar import NAME, note_error, read_sidecar
from app.errors import Refused, RequestError
from app.records.page import Page

MAX_NAME = 120

_UNSAFE = re.compile(r"[^A-Za-z0-9_.,=&@+-]")
_PAGE = re.compile(r"\.(?:html?|xml|txt|gz)$")
_LOCK = ".sluice-lock"


class ArchivingFetcher:
    """Passes on what `inner` fetches and stores it in `folder`, in the layout of ReplayFetcher.

    Pages are stored as bytes after decoding; addresses, redirects, errors, types and times go into
    each host's sidecar. Files are written whole or not at all; several processes may share one
    folder. Raises OSError where the folder cannot be written.
    """

    def __init__(self, inner: Fetcher, folder: Path) -> None:
        self._inner = inner
        self._folder = folder

    async def fetch(self, url: str) -> Page:
        """The page at `url`; see Fetcher."""
        try:
            page = await self._inner.fetch(url)
        except RequestError as error:
            await asyncio.to_thread(self._store_error, url, error)
            raise
        await asyncio.to_thread(self._store, fetchable(url), page)
        return page

    def _store(self, url: str, page: Page) -> None:
        note = {
            "content_type": page.content_type,
            "charset": page.charset,
            "fetched_at": page.fetched_at.isoformat(),
            **({"truncated": True} if page.truncated else {}),
        }
        self._note(page.url, note, page.body)
        if page.url != url:
            self._note(url, {"status": 301, "location": page.url})

    def _store_error(self, url: str, error: RequestError) -> None:
        try:
            self._note(fetchable(url), note_error(error))
        except Refused:
            return  # no address that could be asked for again

    def _note(self, url: str, note: dict[str, Any], body: bytes | None = None) -> None:
        home = self._folder / urlsplit(url).netloc
        home.mkdir(parents=True, exist_ok=True)
        with (home / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            entries = read_sidecar(home).entries
            if body is not None:
                note = {**note, "file": _free_name(url, entries)}
                _write(home / note["file"], body)
            entries[url] = note
            text = json.dumps(entries, indent=1, sort_keys=True, ensure_ascii=False)
            _write(home / NAME, text.encode())


def _free_name(url: str, entries: dict[str, Any]) -> str:
    """The file for an address, relative to its host's folder; no other address has it."""
    taken = {
        str(entry.get("file")).lower()
        for key, entry in entries.items()
        if isinstance(entry, dict) and key != url
    }
    name = _file_name(url)
    if name.lower() not in taken:
        return name
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}~{hashlib.sha256(url.encode()).hexdigest()[:12]}{dot}{suffix}"


def _file_name(url: str) -> str:
    """As wget names it, every part safe; pages always end in .html, so that a page and the folder
    below it do not meet."""
    parts = urlsplit(url)
    *folders, last = map(_safe, parts.path.split("/")[1:] or [""])
    last = last or "index.html"
    if parts.query:
        last = f"{last}?{_safe(parts.query)}"
    if not _PAGE.search(last):
        last += ".html"
    return "/".join([*(_PAGE.sub("~", name) for name in folders if name), last])


def _safe(part: str) -> str:
    plain = _UNSAFE.sub("_", unquote(part))
    if plain in (".", "..") or plain.startswith(".sluice-"):
        plain = plain.replace(".", "_", 2)
    if plain == part and len(plain) <= MAX_NAME:
        return plain
    digest = hashlib.sha256(part.encode()).hexdigest()[:8]
    return f"{digest}~{plain[-MAX_NAME:]}"


def _write(path: Path, body: bytes) -> None:
    """The whole file or none of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".sluice-part-{os.getpid()}")
    part.write_bytes(body)
    part.replace(path)
