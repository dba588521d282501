"""Content-encodings undone piece by piece, never further than a cap.

The HTTP client's own decompression is off: it would unpack a bomb as far as it goes, in bodies of
redirects and errors too.
"""

import zlib

from app.errors import BadResponse

ACCEPTED = "gzip, deflate"

_GZIP = 31
_ZLIB = 15
_RAW = -15
_MAGIC = b"\x1f\x8b"


def encoding_of(header: str) -> str:
    """The one encoding that a Content-Encoding header names: "gzip", "deflate" or "".

    Raises BadResponse("bad_encoding") for several, and for one that was not asked for.
    """
    names = [name.strip().lower().removeprefix("x-") for name in header.split(",")]
    used = [name for name in names if name not in ("", "identity", "none", "utf-8")]
    if not used:
        return ""
    if len(used) > 1 or used[0] not in ("gzip", "deflate"):
        raise BadResponse("bad_encoding", f"content-encoding {header[:80]!r} was not asked for")
    return used[0]


class Inflater:
    """Collects a body. `body` never grows past `cap`; `full` says that nothing more is taken.

    `truncated`: the cap or broken compression cut the body. Bytes that come in are counted too, so
    that an endless stream which unpacks to nothing ends.
    """

    def __init__(self, encoding: str, cap: int) -> None:
        self.body = bytearray()
        self.full = False
        self.truncated = False
        self._encoding = encoding
        self._cap = cap
        self._left = cap + 1024
        self._head = b""
        self._stream: zlib._Decompress | None = None

    def feed(self, data: bytes) -> None:
        """Take more bytes as they came off the wire."""
        if self.full:
            return
        self._left -= len(data)
        if self._encoding:
            self._unpack(data)
        else:
            self._add(data)
        if self._left < 0 and not self.full:
            self._stop(truncated=True)

    def _unpack(self, data: bytes) -> None:
        if self._stream is None:
            data = self._head = self._head + data
            if len(data) < 2:
                return
            self._stream = zlib.decompressobj(_window(self._encoding, data))
        try:
            while data and not self.full:
                data = self._step(data)
        except zlib.error:
            self._stop(truncated=True)

    def _step(self, data: bytes) -> bytes:
        """One piece of one compressed member; what is left of the input."""
        assert self._stream is not None
        self._add(self._stream.decompress(data, self._cap + 1 - len(self.body)))
        if not self._stream.eof:
            return self._stream.unconsumed_tail
        rest = self._stream.unused_data
        if rest and not rest.startswith(_MAGIC[: len(rest)]):
            self._stop(truncated=False)
        elif self._encoding == "gzip":
            self._stream = zlib.decompressobj(_GZIP)
        return rest if self._encoding == "gzip" else b""

    def _add(self, data: bytes) -> None:
        self.body += data
        if len(self.body) > self._cap:
            del self.body[self._cap :]
            self._stop(truncated=True)

    def _stop(self, *, truncated: bool) -> None:
        self.full = True
        self.truncated = truncated


def gunzip(data: bytes, cap: int) -> bytes:
    """The content of a gzip file, at most `cap` bytes of it; what is no gzip stays as it is."""
    if not data.startswith(_MAGIC):
        return data
    inflater = Inflater("gzip", cap)
    inflater.feed(data)
    return bytes(inflater.body)


def _window(encoding: str, head: bytes) -> int:
    """Servers send "deflate" both with and without the zlib header."""
    if encoding == "gzip":
        return _GZIP
    is_zlib = head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0
    return _ZLIB if is_zlib else _RAW
