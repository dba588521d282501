"""A TCP proxy before Postgres that delays, holds, swallows, resets, and loses replies.

It reads the messages of the protocol (without TLS), so that a reply can be lost exactly after the
server has done what it was asked: the client cannot know whether it was.
"""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

_CHUNK = 65536
_LINGER_NONE = struct.pack("ii", 1, 0)

Matches = Callable[[str], bool]


@dataclass(eq=False)
class Link:
    """One client's connection and its twin to the server."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    statements: dict[bytes, str] = field(default_factory=dict)
    doomed: bool = False

    def reset(self) -> None:
        """End both halves as a crashed machine or a firewall does: with RST."""
        for writer in (self.client, self.server):
            with suppress(OSError):
                sock = writer.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NONE)
            writer.transport.abort()


class Proxy:
    """Forwards to `target`. Faults last until `heal` is called.

    `delay`: seconds added to every piece, each way. `cuts` counts the replies that were lost.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self.target = target
        self.delay = 0.0
        self.cuts = 0
        self.links: set[Link] = set()
        self._flows = {"up": asyncio.Event(), "down": asyncio.Event()}
        self._swallowing = False
        self._refusing = False
        self._cut: Matches | None = None
        self._left = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None
        self.heal()

    async def listen(self, host: str = "127.0.0.1") -> None:
        """Accept clients on a free port of `host`."""
        self._listener = await asyncio.start_server(self._accept, host)

    @property
    def port(self) -> int:
        """Where clients connect."""
        assert self._listener is not None
        return int(self._listener.sockets[0].getsockname()[1])

    def url(self, url: str, host: str = "127.0.0.1") -> str:
        """The database address `url`, by way of this proxy."""
        parts = urlsplit(url)
        who = parts.netloc.rpartition("@")[0]
        return urlunsplit(parts._replace(netloc=f"{who}@{host}:{self.port}"))

    def hold(self, *ways: str) -> None:
        """Let nothing through ("up" to the server, "down" to the client; both by default) until
        healed; then it arrives late, as after a silent stall of the network."""
        for way in ways or ("up", "down"):
            self._flows[way].clear()

    def swallow(self) -> None:
        """Half-open connections: what is sent is taken and never arrives, also after healing."""
        self._swallowing = True

    def refuse(self) -> None:
        """Reset every connection and every new one at once: the server is away."""
        self._refusing = True
        self.reset()

    def reset(self) -> None:
        """Reset every connection there is; new ones are let through."""
        for link in list(self.links):
            link.reset()

    def cut_replies(self, matches: Matches, times: int = 1) -> None:
        """Lose the next replies to statements whose text matches, after the server has done them,
        and reset the connection."""
        self._cut, self._left = matches, times

    def heal(self) -> None:
        """Forward everything again."""
        self._swallowing = self._refusing = False
        self._cut = None
        for flow in self._flows.values():
            flow.set()

    async def close(self) -> None:
        """Stop listening and end every connection."""
        if self._listener is not None:
            self._listener.close()
        self.heal()
        self.refuse()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await self._flows["up"].wait()
        try:
            if self._refusing:
                raise ConnectionRefusedError
            behind, before = await asyncio.open_connection(*self.target)
        except OSError:
            writer.transport.abort()
            return
        link = Link(writer, before)
        self.links.add(link)
        async with asyncio.TaskGroup() as pumps:
            pumps.create_task(self._pump(link, reader, before, "up"))
            pumps.create_task(self._pump(link, behind, writer, "down"))
        self.links.discard(link)
        link.reset()

    async def _pump(
        self,
        link: Link,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        way: str,
    ) -> None:
        frames = Frames(started=way == "down")
        with suppress(OSError):
            while data := await source.read(_CHUNK):
                if self.delay:
                    await asyncio.sleep(self.delay)
                await self._flows[way].wait()
                if self._swallowing:
                    continue
                messages = frames.feed(data)
                if way == "up":
                    self._look(link, messages)
                elif link.doomed and any(kind == b"Z" for kind, _ in messages):
                    self.cuts += 1
                    link.reset()
                if not (link.doomed and way == "down"):
                    target.write(data)
                    await target.drain()
        target.close()

    def _look(self, link: Link, messages: list[tuple[bytes, bytes]]) -> None:
        """Note prepared statements; doom the connection when a statement asks for it."""
        for kind, body in messages:
            if kind == b"P":
                name, text, _ = body.split(b"\0", 2)
                link.statements[name] = text.decode()
                continue
            if kind == b"Q":
                text = body.rstrip(b"\0")
                sql = text.decode()
            elif kind == b"B":
                sql = link.statements.get(body.split(b"\0", 2)[1], "")
            else:
                continue
            if self._cut is not None and self._left > 0 and self._cut(sql):
                self._left -= 1
                link.doomed = True


class Frames:
    """Splits a stream into messages of the Postgres protocol (type, body).

    The client's first message has no type byte; it is passed over.
    """

    def __init__(self, *, started: bool) -> None:
        self._buffer = b""
        self._started = started

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """The messages that are whole by now."""
        self._buffer += data
        found: list[tuple[bytes, bytes]] = []
        while True:
            head = 1 if self._started else 0
            if len(self._buffer) < head + 4:
                return found
            end = head + struct.unpack_from("!i", self._buffer, head)[0]
            if len(self._buffer) < end:
                return found
            if self._started:
                found.append((self._buffer[:1], self._buffer[5:end]))
            self._started = True
            self._buffer = self._buffer[end:]


@asynccontextmanager
async def a_proxy(url: str, host: str = "127.0.0.1") -> AsyncIterator[Proxy]:
    """A proxy before the database at `url`, listening on an address of this machine."""
    parts = urlsplit(url)
    proxy = Proxy((parts.hostname or "127.0.0.1", parts.port or 5432))
    await proxy.listen(host)
    try:
        yield proxy
    finally:
        await proxy.close()
