"""One asyncpg pool per process, every call with a deadline."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from app.db.embedded import Hold, hold_async
from app.errors import ConfigError, DatabaseUnavailable
from app.log import mask
from app.settings import Settings

Connection = Any
"""An asyncpg connection (asyncpg ships no types that mypy can follow)."""

OUTAGE = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
)
"""What a database that is away, restarting, full or busy raises: worth another try."""

_SEARCH_PATH = "sluice,procrastinate"


class Database:
    """A pool whose connections see Sluice's schema first, and the built-in server if it is used."""

    def __init__(self, pool: Any, dsn: str, timeout: float, held: Hold | None = None) -> None:
        self._pool = pool
        self._held = held
        self._reviving = asyncio.Lock()
        self.dsn = dsn
        self.timeout = timeout

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
        return cls(pool, dsn, settings.database_timeout, held)

    async def close(self) -> None:
        """Close the pool, at once if it does not close in time, and let go of the server."""
        try:
            await asyncio.wait_for(self._pool.close(), 5)
        except TimeoutError:
            self._pool.terminate()
        finally:
            if self._held:
                await asyncio.to_thread(self._held.release)

    async def revive(self, settings: Settings) -> None:
        """Start the built-in server again if it died; a configured one is not ours to start."""
        if self._held is None:
            return
        async with self._reviving:
            fresh = await hold_async(settings.data_dir)
            if fresh.dsn == self.dsn:
                fresh.release()
                return
            pool = await _connect(fresh.dsn, settings, self._pool.get_max_size())
            (stale, self._held), self.dsn = (self._held, fresh), fresh.dsn
            old, self._pool = self._pool, pool
            stale.release()
            old.terminate()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """One connection of the pool."""
        async with self._pool.acquire(timeout=self.timeout) as connection:
            yield connection

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

    async def listener(self) -> Connection:
        """A connection of its own, for LISTEN and session locks; the caller closes it."""
        return await asyncpg.connect(self.dsn, timeout=self.timeout, **_options(self.timeout))


def _options(timeout: float) -> dict[str, Any]:
    return {
        "command_timeout": timeout,
        "server_settings": {
            "search_path": _SEARCH_PATH,
            "application_name": "sluice",
            "timezone": "UTC",
            "statement_timeout": str(int(timeout * 3000)),
            "idle_in_transaction_session_timeout": "60000",
            "tcp_user_timeout": "10000",
            "client_connection_check_interval": "5000",
        },
    }


async def _connect(dsn: str, settings: Settings, size: int) -> Any:
    deadline = asyncio.get_running_loop().time() + settings.database_deadline
    pause = 0.1
    while True:
        try:
            return await asyncpg.create_pool(
                dsn,
                min_size=1,
                max_size=size,
                timeout=settings.database_timeout,
                init=_prepare,
                **_options(settings.database_timeout),
            )
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


def _unavailable(dsn: str, error: BaseException) -> str:
    where = re.sub(r"\?.*", "", mask(dsn))
    why = str(error) or type(error).__name__
    return (
        f"database {where} cannot be reached ({why}): check SLUICE_DATABASE_URL,"
        " or unset it to use the built-in one"
    )


async def _prepare(connection: Connection) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",  # a composite that holds jsonb (a job to defer) takes no text codec
        encoder=lambda value: b"\x01" + json.dumps(value, ensure_ascii=False).encode(),
        decoder=lambda data: json.loads(data[1:]),
    )
