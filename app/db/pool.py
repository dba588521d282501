"""One asyncpg pool per process, every call with a deadline."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from app.db.embedded import Hold, has_data, hold_async
from app.errors import ConfigError, DatabaseGone, DatabaseUnavailable
from app.log import mask
from app.settings import Settings

Connection = Any
"""An asyncpg connection (asyncpg ships no types that mypy can follow)."""

OUTAGE = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
)
"""What a database that is away, restarting, full or busy raises: worth another try. A connection
that is ended in the middle of an answer is an internal error to asyncpg."""

_BROKEN = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
)
"""What leaves doubt whether the other connections still lead anywhere."""

_SEARCH_PATH = "sluice,procrastinate"
_RELEASE = 2.0
"""Seconds to give a connection back: it may have to take back a statement that hangs."""
_CLOSE = 0.4
"""Seconds to say goodbye to the server."""
_REVIVE = 3.0
"""Seconds to wait at once for a built-in server that starts again."""
_LOOK = 0.3
"""Seconds between looks for the folder of a built-in server: one that has lost it may answer on for
minutes."""
_SILENCE = {"IDLE": 5, "INTVL": 3, "CNT": 3}
"""Keepalive, seconds and probes: a peer that is silent is given up after 14 s, by both sides. The
server's side matters as much: a machine that is gone must not keep its locks."""
_UNACKNOWLEDGED = 10_000
"""Milliseconds that sent data may stay unacknowledged."""


class Database:
    """A pool whose connections see Sluice's schema first, and the built-in server if it is used."""

    def __init__(self, pool: Any, dsn: str, settings: Settings, held: Hold | None = None) -> None:
        self._pool = pool
        self._held = held
        self._reviving = asyncio.Lock()
        self._options = _options(settings)
        self.dsn = dsn
        self.timeout = settings.database_timeout

    @classmethod
    async def open(cls, settings: Settings, *, size: int = 6) -> "Database":
        """Connect, starting the built-in server when no database is configured.

        Raises DatabaseUnavailable when nothing answers within the settings' database_deadline,
        ConfigError for an address that is none.
        """
        held = None
        dsn = settings.dsn
        if not dsn:
            held = await hold_async(settings.data_dir)
            dsn = held.dsn
        try:
            pool = await _connect(dsn, settings, size)
        except BaseException:
            if held:
                held.release()
            raise
        return cls(pool, dsn, settings, held)

    async def close(self) -> None:
        """Close the pool, at once if it does not close in time, and let go of the server."""
        try:
            await asyncio.wait_for(self._pool.close(), _CLOSE)
        except TimeoutError:
            self._pool.terminate()
        finally:
            if self._held:
                await asyncio.to_thread(self._held.release)

    async def distrust(self, error: BaseException) -> None:
        """A call failed so: the pool's other connections may be as dead, and each would cost
        another timeout to find out. They are replaced when they are next needed."""
        if isinstance(error, _BROKEN):
            await self._pool.expire_connections()

    async def revive(self, settings: Settings) -> None:
        """Start the built-in server again if it died; a configured one is not ours to start.
        Raises as `require_data`, and DatabaseUnavailable when it does not come up at once."""
        if self._held is None:
            return
        self.require_data(settings)
        async with self._reviving:
            fresh = await hold_async(settings.data_dir, within=_REVIVE)
            if fresh.dsn == self.dsn:
                fresh.release()
                return
            pool = await _connect(fresh.dsn, settings, self._pool.get_max_size())
            (stale, self._held), self.dsn = (self._held, fresh), fresh.dsn
            old, self._pool = self._pool, pool
            stale.release()
            old.terminate()

    async def gone(self, settings: Settings) -> None:
        """Look every now and then, without end; raises as `require_data`."""
        while True:
            self.require_data(settings)
            await asyncio.sleep(_LOOK)

    def require_data(self, settings: Settings) -> None:
        """Raise DatabaseGone when the built-in server has lost its folder: the runs are lost with
        it, and an empty database in its place would help nobody."""
        if self._held is not None and not has_data(settings.data_dir):
            raise DatabaseGone(
                f"the built-in database in {settings.data_dir} is gone:"
                " put its folder back, or begin a new run"
            )

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """One connection of the pool."""
        pool = self._pool
        connection = await pool.acquire(timeout=self.timeout)
        try:
            yield connection
        finally:
            await pool.release(connection, timeout=_RELEASE)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One connection inside a transaction: all or nothing."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def fetch(self, sql: str, *values: object) -> list[Any]:
        """All rows of one statement."""
        async with self.connection() as connection:
            rows: list[Any] = await connection.fetch(sql, *values)
            return rows

    async def fetchrow(self, sql: str, *values: object) -> Any:
        """The first row of one statement, or None."""
        async with self.connection() as connection:
            return await connection.fetchrow(sql, *values)

    async def fetchval(self, sql: str, *values: object) -> Any:
        """The first value of one statement, or None."""
        async with self.connection() as connection:
            return await connection.fetchval(sql, *values)

    async def listener(self, *, silence: float = 0.0) -> Connection:
        """A connection of its own, for LISTEN and session locks; the caller closes it. With
        `silence`, the server ends it, and its locks, when nothing is asked for so many seconds:
        its process may be stopped."""
        options = {
            "application_name": "sluice listener",
            "idle_session_timeout": str(int(silence * 1000)),
        }
        options = self._options | {"server_settings": self._options["server_settings"] | options}
        connection = await asyncpg.connect(self.dsn, timeout=self.timeout, **options)
        _watch_socket(connection)
        return connection


def _options(settings: Settings) -> dict[str, Any]:
    timeout = settings.database_timeout
    return {
        "command_timeout": timeout,
        "server_settings": {
            "search_path": _SEARCH_PATH,
            "application_name": "sluice",
            "timezone": "UTC",
            "statement_timeout": str(int(timeout * 3000)),
            # A process that sleeps inside a transaction holds locks: no longer than its leases.
            "idle_in_transaction_session_timeout": str(int(settings.lease * 1000)),
            "tcp_user_timeout": str(_UNACKNOWLEDGED),
            "tcp_keepalives_idle": str(_SILENCE["IDLE"]),
            "tcp_keepalives_interval": str(_SILENCE["INTVL"]),
            "tcp_keepalives_count": str(_SILENCE["CNT"]),
            "client_connection_check_interval": "5000",
        },
    }


def _watch_socket(connection: Connection) -> None:
    """Let the kernel end a connection whose other side is silent; asyncpg has no option for it."""
    transport = getattr(connection, "_transport", None)
    sock = transport and transport.get_extra_info("socket")
    if sock is None or sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    options = {f"TCP_KEEP{name}": value for name, value in _SILENCE.items()}
    for name, value in (options | {"TCP_USER_TIMEOUT": _UNACKNOWLEDGED}).items():
        if hasattr(socket, name):  # not every system has all of them
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


async def _connect(dsn: str, settings: Settings, size: int) -> Any:
    deadline = asyncio.get_running_loop().time() + settings.database_deadline
    pause = 0.1
    while True:
        try:
            return await _open_pool(dsn, settings, size)
        except (ValueError, asyncpg.ClientConfigurationError) as error:
            raise ConfigError(f"SLUICE_DATABASE_URL is no Postgres address: {error}") from None
        except asyncpg.InvalidAuthorizationSpecificationError as error:
            raise DatabaseUnavailable(_unavailable(dsn, error)) from None
        except asyncpg.InvalidCatalogNameError as error:
            raise DatabaseUnavailable(_unavailable(dsn, error)) from None
        except OUTAGE as error:
            if asyncio.get_running_loop().time() + pause > deadline:
                raise DatabaseUnavailable(_unavailable(dsn, error)) from None
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2)


async def _open_pool(dsn: str, settings: Settings, size: int) -> Any:
    """A pool that has connected once. It keeps no minimum: asyncpg would restore that by itself,
    with a traceback for every try."""
    pool = await asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=size,
        timeout=settings.database_timeout,
        init=_prepare,
        **_options(settings),
    )
    try:
        async with pool.acquire(timeout=settings.database_timeout):
            return pool
    except BaseException:
        pool.terminate()
        raise


def _unavailable(dsn: str, error: BaseException) -> str:
    where = re.sub(r"\?.*", "", mask(dsn))
    why = str(error) or type(error).__name__
    return (
        f"database {where} cannot be reached ({why}): check SLUICE_DATABASE_URL,"
        " or unset it to use the built-in one"
    )


async def _prepare(connection: Connection) -> None:
    _watch_socket(connection)
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",  # a composite that holds jsonb (a job to defer) takes no text codec
        encoder=lambda value: b"\x01" + json.dumps(value, ensure_ascii=False).encode(),
        decoder=lambda data: json.loads(data[1:]),
    )
