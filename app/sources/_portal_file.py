"""Hosts in an index file: CDXJ lines of Common Crawl, plain or gzip, or a plain list of hosts.

    com,managebuilding,maple)/resident 20260914081500 {"url": "https://maple...", ...}
    maple.managebuilding.com
    https://maple.managebuilding.com/resident

A CDXJ line begins with the host, its labels turned round, and the time of capture (UTC). Lines that
begin with "#", "!" or " CDX" say something about the file. The file is read as a stream of lines;
only the hosts below the wanted domains are kept.
"""

import gzip
import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, cast

from app.errors import InputError
from app.sources._expansion import HARMLESS_BYTES, check_expansion
from app.sources._table import label, regular_file

MAX_LINE = 1_000_000
MAX_HOSTS = 200_000
_GZIP = b"\x1f\x8b"
_SURT = re.compile(rb"([a-z0-9_-]+(?:,[a-z0-9_-]+)+),?(?::\d+)?\)")
_ANY_SURT = re.compile(rb"[^\s)]{1,4000}\)")
_TIME = re.compile(rb"[^ ]+ (\d{8})\d{0,6} ")
_HOST = re.compile(
    rb"(?:https?://)?([a-z0-9_-]+(?:\.[a-z0-9_-]+)+)\.?(?::\d+)?(?:[/?#]\S*)?\s*", re.IGNORECASE
)


def hosts_in(path: Path, domains: Sequence[str]) -> dict[str, str]:
    """Host -> the day it was captured last ("2026-09-14", "" where the file does not say), for the
    hosts below `domains`.

    Raises InputError with the line for what is no such file, a broken or cut-off gzip, and more
    than MAX_HOSTS hosts.
    """
    wanted = _Wanted(domains)
    seen: dict[str, str] = {}
    for number, line in _lines(path):
        found = wanted.in_line(line)
        if found is None:
            shown = line[:60].decode("ascii", "replace").strip()
            shown = "".join(char if char.isprintable() else "?" for char in shown)
            raise InputError(
                f"{label(path)} line {number}: {shown!r} is no CDXJ line, no host and no address"
            )
        host, day = found
        if host and day >= seen.get(host, ""):
            seen[host] = day
            if len(seen) > MAX_HOSTS:
                raise InputError(
                    f"{label(path)}: more than {MAX_HOSTS:,} portal hosts; name one software in "
                    "the criteria (pms)"
                )
    return seen


class _Wanted:
    """Finds the hosts below some domains in lines."""

    def __init__(self, domains: Sequence[str]) -> None:
        turned = (",".join(reversed(domain.split("."))) for domain in domains)
        self._surts = tuple(f"{name},".encode() for name in turned)
        self._hosts = tuple(f".{domain}" for domain in domains)

    def in_line(self, line: bytes) -> tuple[str, str] | None:
        """(host, day), ("", "") for a line about something else, None for no line of an index."""
        if line.startswith(self._surts):
            surt, time = _SURT.match(line), _TIME.match(line)
            if surt:
                host = ".".join(reversed(surt[1].decode("ascii").split(",")))
                return host, _day(time[1]) if time else ""
        if not line.strip() or line.startswith((b"#", b"!", b" CDX")) or _ANY_SURT.match(line):
            return "", ""
        plain = _HOST.fullmatch(line)
        if not plain:
            return None
        host = plain[1].decode("ascii").lower()
        return (host if host.endswith(self._hosts) else ""), ""


def _day(digits: bytes) -> str:
    text = digits.decode("ascii")
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}"


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers. Raises InputError for what cannot be read as text lines."""
    number = unpacked = 0
    try:
        with _opened(path) as file:
            while line := file.readline(MAX_LINE):
                number, unpacked = number + 1, unpacked + len(line)
                if unpacked > HARMLESS_BYTES:
                    check_expansion(path, unpacked)
                if b"\0" in line:
                    raise InputError(f"{label(path)} line {number}: holds a NUL byte, so it is no "
                                     "text file")  # fmt: skip
                if len(line) == MAX_LINE and not line.endswith(b"\n"):
                    raise InputError(
                        f"{label(path)} line {number}: is longer than {MAX_LINE:,} bytes"
                    )
                yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise InputError(
            f"{label(path)}: the gzip file is cut off or broken after line {number}; fetch it again"
        ) from None
    except OSError as error:
        raise InputError(f"{label(path)}: cannot be read: {error.strerror}") from None


def _opened(path: Path) -> BinaryIO:
    with regular_file(path).open("rb") as file:
        packed = file.read(2) == _GZIP
    return cast("BinaryIO", gzip.open(path)) if packed else path.open("rb")
