"""An interactive run: it stops at each stage's end, and a person says how it goes on.

Built on --stop-after: a session that is cut off is a run that waits at a stage's end, or comes to
one. Where standard input is no terminal nobody is asked: exit code 4, and the commands to answer
with.
"""

import asyncio
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from app.cli.command import Call
from app.errors import InputError, RunNotFound, SluiceError

if TYPE_CHECKING:
    from app.pipeline.phases import Phases
    from app.progress import Progress
    from app.records.run import Run
    from app.wiring import Engine

_QUESTION = "[c]ontinue, [r]etry {done}, [e]dit, [s]kip {next}, s[t]op? "
_WAITS = 4


async def newest_session(engine: "Engine") -> str:
    """The run of the newest interactive session that is not over. Raises RunNotFound."""
    from app.db.queries import query

    run_id = await engine.database.fetchval(query("runs.newest_session"))
    if run_id is None:
        raise RunNotFound("no interactive session waits; begin one with: sluice run -i")
    return str(run_id)


async def lead_session(
    call: Call, engine: "Engine", run: "Run", stage_timeout: float | None
) -> int | None:
    """Take a run from stage to stage. The exit code, None when what came of it is to be printed."""
    from app.events import add_event
    from app.pipeline.phases import Phases

    call.run_id, call.session = str(run.id), True
    async with engine.database.transaction() as connection:
        await add_event(connection, run.id, "session_began")
    while True:
        step = await _next(engine, run)
        if step is None:
            return None
        run, marked = await engine.control.resume(run.id, Phases(stop_after=step))
        for each in marked:
            call.console.say(each.sentence())
        progress = await _lead(call, engine, run, stage_timeout)
        run = progress.run
        if not progress.stopped:
            return None
        if not sys.stdin.isatty():
            return _tell(call, run, step)
        call.console.say(_how_it_went(progress, step))
        if not await _ask(call, engine, run, step):
            call.console.say(f"the session waits: sluice resume {run.short_id} -i")
            return 0
        run = await engine.orchestrator.find(str(run.id))


async def _next(engine: "Engine", run: "Run") -> str | None:
    """The first stage that is not settled; None when the run is through, or waits for another
    reason."""
    from app.pipeline.phases import settled

    async with engine.database.connection() as connection:
        status = await engine.control.status(connection, run.id)
    if run.status in ("needs_decision", "cancelled"):
        return None
    graph = engine.graph.only(run.route)
    return next((stage.name for stage in graph if not settled(stage, status)), None)


async def _lead(
    call: Call, engine: "Engine", run: "Run", stage_timeout: float | None
) -> "Progress":
    from app.api import lead_run
    from app.cli.view import open_view
    from app.progress import load_progress

    if run.status == "active":
        with open_view(call.console) as view:
            await lead_run(engine, run, viewer=view, stage_timeout=stage_timeout)
    return await load_progress(engine.database, run.id)


def _how_it_went(progress: "Progress", step: str) -> str:
    stage = next(each for each in progress.stages if each.stage == step)
    counts = ("done", "skipped", "review", "failed")
    said = [f"{getattr(stage, name)} {name}" for name in counts if getattr(stage, name)]
    ready = progress.companies
    what = ", ".join(said) or "nothing came to it"
    return f"{step} is complete: {what}; {ready.ready} of {ready.asked} are ready"


def _tell(call: Call, run: "Run", step: str) -> int:
    """Nobody can be asked: say how to answer."""
    short = run.short_id
    answers = {
        "continue": f"sluice resume {short} -i",
        "to the end": f"sluice resume {short}",
        "retry": f'sluice rerun {short} {step} --reason "..."',
        "edit": f"sluice resume {short} -i --criteria JSON --quantity N",
        "budget": f"sluice budget {short} raise AMOUNT",
        "skip": f"sluice resume {short} -i --skip {_after(run, step)}",
        "end": f"sluice cancel {short}",
    }
    lines = [f"run {short} waits after {step}, and standard input is no terminal; answer with:"]
    lines += [f"  {word:<10}  {command}" for word, command in answers.items()]
    call.console.answer(
        {"run": str(run.id), "status": run.status, "after": step, "answers": answers,
         "exit_code": _WAITS},
        "\n".join(lines),
    )  # fmt: skip
    return _WAITS


def _after(run: "Run", step: str) -> str:
    place = run.route.index(step) + 1
    return run.route[place] if place < len(run.route) else ""


async def _ask(call: Call, engine: "Engine", run: "Run", step: str) -> bool:
    """Ask until something was decided; whether the run goes on."""
    from app.pipeline.phases import Phases

    following = _after(run, step)
    while True:
        answer = (await _read(_QUESTION.format(done=step, next=following))).lower()
        try:
            match answer:
                case "c" | "continue":
                    return True
                case "t" | "stop" | "":
                    return False
                case "r" | "retry":
                    await engine.control.rerun(run.id, step, "retried in a session")
                    return True
                case "s" | "skip":
                    if await _skip(call, engine, run, Phases(skip=(following,))):
                        return True
                case "e" | "edit":
                    run = await _edit(call, engine, run)
                case _:
                    call.console.say(f"{answer!r} is none of: c, r, e, s, t")
        except SluiceError as error:
            call.console.say(str(error))


async def _skip(call: Call, engine: "Engine", run: "Run", phases: "Phases") -> bool:
    """Skip the next stage; what starves is said, and asked about, first."""
    try:
        await engine.control.preview(run.id, phases)
    except InputError as error:
        call.console.say(str(error))
        if (await _read("skip it all the same? [y/N] ")).lower() not in ("y", "yes"):
            return False
        phases = replace(phases, force=True)
    for sentence in await engine.control.preview(run.id, phases):
        call.console.say(sentence)
    await engine.control.steer(run.id, phases)
    return True


async def _edit(call: Call, engine: "Engine", run: "Run") -> "Run":
    """Other criteria, another quantity, another budget; empty leaves each as it is."""
    import json

    from app.records.budget import parse_money
    from app.request import check_request, read_criteria

    request = run.request
    now = json.dumps(request.criteria.model_dump(mode="json", exclude_defaults=True))
    if given := await _read(f"criteria, now {now}: "):
        request = replace(request, criteria=read_criteria(given))
    if given := await _read(f"quantity, now {request.target_quantity}: "):
        if not given.isdigit():
            raise InputError(f"quantity {given!r} is no number")
        request = replace(request, target_quantity=int(given))
    money = await _read("budget, in all: ")
    amount = parse_money(money, "budget") if money else None
    if request != run.request:
        request = await check_request(request, engine.settings)
        for each in await engine.control.change(run.id, request):
            call.console.say(each.sentence())
    if amount is not None:
        await engine.budget.raise_to(run.id, amount, stage="", company=False)
    return await engine.orchestrator.find(str(run.id))


async def _read(prompt: str) -> str:
    """One line from the terminal, without stopping what else goes on; empty at its end."""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str] = loop.create_future()

    def read() -> None:
        if not line.done():
            line.set_result(sys.stdin.readline())

    loop.add_reader(sys.stdin.fileno(), read)
    try:
        return (await line).strip()
    finally:
        loop.remove_reader(sys.stdin.fileno())
