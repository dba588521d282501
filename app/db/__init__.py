"""Postgres: the pool, named SQL, migrations, the built-in server."""
