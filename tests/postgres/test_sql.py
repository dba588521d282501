"""Every named statement fits the migrated schema."""

import re
from pathlib import Path

from app.db.pool import Database
from app.db.queries import statements

APP = Path(__file__).parents[2] / "app"


async def test_every_statement_prepares_and_its_header_names_every_parameter(
    database: Database,
) -> None:
    counts = {}
    async with database.connection() as connection:
        for statement in statements().values():
            prepared = await connection.prepare(statement.text)
            counts[statement.name] = len(prepared.get_parameters())

    assert counts == {each.name: len(each.parameters) for each in statements().values()}


def test_every_statement_is_used_and_every_used_statement_exists() -> None:
    code = "\n".join(path.read_text("utf-8") for path in APP.rglob("*.py"))

    written = set(re.findall(r'query\(\s*f?"([a-z_]+\.[a-z_{}]+)"', code))
    used = {name: re.compile(re.sub(r"\{\w+\}", r"\\w+", name)) for name in written}

    assert [n for n, each in used.items() if not any(map(each.fullmatch, statements()))] == []
    assert [n for n in statements() if not any(each.fullmatch(n) for each in used.values())] == []
