"""A database whose writes are seen by whoever makes them, and undone at the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.db.pool import Connection, Database
from app.db.queries import query


class Undone(Database):
    """One connection inside one transaction that is never committed. Calls take turns."""

    def __init__(self, database: Database, connection: Connection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()
        self.dsn = database.dsn
        self.timeout = database.timeout

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """The one connection; what fails on it undoes only itself."""
        async with self._turn, self._connection.transaction():
            yield self._connection


@asynccontextmanager
async def open_undone(database: Database) -> AsyncIterator[Undone]:
    """A view of the database as it is now, for work that must leave no trace in it."""
    async with database.connection() as connection:
        transaction = connection.transaction(isolation="repeatable_read")
        await transaction.start()
        try:
            await connection.execute(query("progress.take_time"))
            yield Undone(database, connection)
        finally:
            await transaction.rollback()
