"""`sluice context`: what a run knew before it began, and what of it concerns one company."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.command import Call, command
from app.cli.console import table
from app.cli.opening import look_at_runs
from app.cli.run import RunId

if TYPE_CHECKING:
    from app.records.run import Run
    from app.wiring import Engine

_SHOWN = 200


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    command(app)(context)


async def context(
    call: Call,
    run_id: RunId,
    domain: Annotated[
        str | None, typer.Argument(metavar="[DOMAIN]", help="What concerns this company.")
    ] = None,
    tokens: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="What a company gets at most.")
    ] = 2000,
) -> None:
    """Show the context of a run: items with their sizes; of a company, what it gets."""
    async with look_at_runs(call) as engine:
        run = await engine.orchestrator.find(run_id)
        if domain:
            await _of_company(call, engine, run, domain.lower().strip(), tokens)
        else:
            await _of_run(call, engine, run)


async def _of_run(call: Call, engine: "Engine", run: "Run") -> None:
    from app.db.queries import query

    rows = await engine.database.fetch(query("context.list"), run.id, _SHOWN)
    total, characters = (rows[0]["total"], rows[0]["characters"]) if rows else (0, 0)
    items = [{name: row[name] for name in ("kind", "name", "domain", "size")} for row in rows]
    shown: list[tuple[object, ...]] = [tuple(each.values()) for each in items]
    text = table(shown, ("kind", "name", "about", "characters")) if rows else ""
    more = f", the first {_SHOWN} shown" if total > _SHOWN else ""
    call.console.answer(
        {"run": str(run.id), "items": items, "total": total, "characters": int(characters)},
        f"{text}\n{total} items, {characters} characters{more}".strip(),
    )


async def _of_company(call: Call, engine: "Engine", run: "Run", domain: str, tokens: int) -> None:
    from app.context import Library
    from app.db.queries import query
    from app.errors import UnknownName
    from app.runner import company_of

    row = await engine.database.fetchrow(query("context.company"), run.id, domain)
    if row is None:
        known = await engine.database.fetch(query("records.domains"), run.id)
        raise UnknownName("domain", domain, [each["domain"] for each in known])
    found = await Library(engine.database).of_company(run.id, company_of(row), tokens)
    used = sum(each.tokens for each in found)
    items = [
        {"kind": each.kind, "name": each.name, "rank": round(each.rank, 4),
         "tokens": each.tokens, "body": each.body}
        for each in found
    ]  # fmt: skip
    lines = [f"{domain}: {len(found)} item{'s' * (len(found) != 1)}, {used} of {tokens} tokens"]
    for each in found:
        lines += ["", f"{each.kind} {each.name}  (rank {each.rank:.3g}, {each.tokens} tokens)"]
        lines += [f"  {line}" for line in each.body.splitlines()]
    call.console.answer(
        {"run": str(run.id), "domain": domain, "tokens": used, "limit": tokens, "items": items},
        "\n".join(lines),
    )
