"""`sluice run`, `resume`, `watch`: a run from criteria to files, or the rest of one."""

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.asked import Asked
from app.cli.command import Call, command
from app.cli.opening import look_at_runs, open_runs
from app.cli.phases import Force, Only, Skip, StopAfter, phases_of
from app.cli.session import lead_session, newest_session
from app.cli.state import Full, LoadState, SaveState, check_save, saving
from app.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.pipeline.phases import Phases
    from app.records.run import Run, RunRequest
    from app.settings import Settings
    from app.wiring import Engine

Interactive = Annotated[
    bool, typer.Option("--interactive", "-i", help="Stop at each stage's end, and ask.")
]
RunId = Annotated[
    str, typer.Argument(metavar="RUN", help="Run id; its first characters are enough.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    command(app)(run)
    command(app)(resume)
    command(app)(watch)


async def run(
    call: Call,
    asked: Asked,
    detach: Annotated[bool, typer.Option(help="Do not wait; the workers go on.")] = False,
    only: Only = "",
    stop_after: StopAfter = "",
    skip: Skip = "",
    force: Force = False,
    save_state: SaveState = None,
    full: Full = False,
    load_state: LoadState = None,
    interactive: Interactive = False,
    resume_session: Annotated[
        bool, typer.Option(help="Take up the newest interactive session again.")
    ] = False,
) -> int:
    """Run criteria to files. Waits until they are written, unless --detach.

    With --load-state the run of that file goes on, with --resume-session that of the session, as
    it was created.
    """
    going = Going(
        phases_of(only, stop_after, skip, force=force),
        save_state,
        full,
        interactive or resume_session,
    )
    check_save(save_state, full=full)
    if load_state is not None or resume_session:
        _check_as_created(call)
        return await _go_on(call, "", load_state, going)
    if interactive and (detach or only or stop_after):
        raise InputError("-i stops at each stage: say it without --detach, --only, --stop-after")
    request = await asked.request(call.settings)
    for sentence in _warnings(request, call.settings):
        call.console.say(sentence)
    return await _start(call, request, going, detach=detach)


def _check_as_created(call: Call) -> None:
    """Raise InputError for options that a run which exists already would not use."""
    creating = {each.name for each in fields(Asked)} | {"detach"}
    if unused := [option for name, option in call.given.items() if name in creating]:
        raise InputError(
            f"the run goes on as it was created: say it without {', '.join(unused)}"
            " (other criteria, quantity, ICP rules: sluice resume)"
        )


async def resume(
    call: Call,
    run_id: Annotated[
        str, typer.Argument(metavar="[RUN]", help="Run id; its first characters are enough.")
    ] = "",
    stage_timeout: Annotated[
        float | None,
        typer.Option("--timeout", help="Seconds for one stage; default: as the run was created."),
    ] = None,
    only: Only = "",
    stop_after: StopAfter = "",
    skip: Skip = "",
    force: Force = False,
    criteria: Annotated[
        str | None, typer.Option(help="Other criteria from now on; JSON, or @FILE.")
    ] = None,
    quantity: Annotated[
        int | None, typer.Option(help="Another number of companies from now on.")
    ] = None,
    icp: Annotated[
        str | None, typer.Option(metavar="FILE", help="Other ICP rules from now on.")
    ] = None,
    save_state: SaveState = None,
    full: Full = False,
    load_state: LoadState = None,
    interactive: Interactive = False,
) -> int:
    """Lead a run again, or let a paused one go on; starts workers if it has none.

    What reads something that has changed since (criteria, ICP rules, settings) is done again, and
    only that. An active run keeps where it stops, unless said otherwise. Of a finished run with
    nothing to do again, prints what came of it.
    """
    phases = phases_of(only, stop_after, skip, force=force)
    check_save(save_state, full=full)
    going = Going(phases, save_state, full, interactive, stage_timeout)
    return await _go_on(call, run_id, load_state, going, (criteria, quantity, icp))


@dataclass(frozen=True, slots=True)
class Going:
    """How a command takes a run along: how far, where its state goes when it ends, whether a
    person is asked at each stage's end, and the seconds for one stage."""

    phases: "Phases"
    save_state: Path | None = None
    full: bool = False
    interactive: bool = False
    stage_timeout: float | None = None


async def _go_on(
    call: Call,
    run_id: str,
    load_state: Path | None,
    going: Going,
    given: "tuple[str | None, int | None, str | None]" = (None, None, None),
) -> int:
    """Let a run go on: of this database, of a file, or that of the newest session."""
    async with open_runs(call) as engine:
        if not run_id and load_state is None and going.interactive:
            run_id = await newest_session(engine)
        if bool(run_id) == bool(load_state):
            raise InputError("name one run: RUN (see: sluice runs), or --load-state FILE")
        found = await _find(call, engine, run_id, load_state)
        request = await _changed(call, found, *given)
        for sentence in await engine.control.preview(found.id, going.phases):
            call.console.say(sentence)
        if going.interactive:
            await engine.control.steer(found.id, going.phases)
            marked = await engine.control.change(found.id, request) if request else ()
        else:
            found, marked = await engine.control.resume(found.id, going.phases, request)
        for each in marked:
            call.console.say(each.sentence())
        async with saving(call, engine, found, going.save_state, full=going.full):
            return await _lead(call, engine, found, going)


async def _find(call: Call, engine: "Engine", run_id: str, load_state: Path | None) -> "Run":
    from app.state_file import load_state as load

    if load_state is None:
        return await engine.orchestrator.find(run_id)
    loaded = await load(engine, load_state)
    call.console.say(f"run {loaded.id} loaded from {load_state}")
    return loaded


async def _changed(
    call: Call, run: "Run", criteria: str | None, quantity: int | None, icp: str | None
) -> "RunRequest | None":
    """The run's request with what is given instead, checked as a new one; None where nothing is.
    An ICP file that still stands where it was is read again."""
    from app.request import check_request, read_again, read_criteria

    request = read_again(run.request) if icp is None else run.request
    if criteria is None and quantity is None and icp is None:
        return request if request != run.request else None
    if criteria is not None:
        request = replace(request, criteria=read_criteria(criteria))
    if quantity is not None:
        request = replace(request, target_quantity=quantity)
    return await check_request(replace(request, icp_file=icp or request.icp_file), call.settings)


async def watch(call: Call, run_id: RunId) -> int:
    """Look at a run until it ends. Starts nothing, leads nothing."""
    from contextlib import aclosing

    from app.cli.view import open_view
    from app.clock import SystemClock
    from app.watch import Watch

    async with look_at_runs(call) as engine:
        found = await engine.orchestrator.find(run_id)
        call.run_id = str(found.id)
        with open_view(call.console) as view:
            looks = Watch(engine, found.id, view, SystemClock()).progress()
            async with aclosing(looks):
                async for _ in looks:
                    pass
        return await _finish(call, engine, found)


def _warnings(request: "RunRequest", settings: "Settings") -> "Iterator[str]":
    """What a person should know before the run starts."""
    from app.mail import will_send
    from app.pipeline.country_gate import laws, message

    if request.notify_email and not will_send(settings):
        yield "no mail will be sent: SLUICE_SMTP_HOST is not set"
    asked = request.criteria.country
    if asked in laws() and asked not in request.allow_countries:
        yield message(asked, "by the criteria")
    if not (request.replay_dir or settings.contact):
        yield "the sites that are read cannot reach you: set SLUICE_CONTACT to an address or URL"


async def _start(call: Call, request: "RunRequest", going: Going, *, detach: bool) -> int:
    from app.pipeline.phases import choose
    from app.wiring import load_graph

    for sentence in choose(load_graph(), {}, going.phases).said:
        call.console.say(sentence)
    first = load_graph().stages[0].name
    phases = replace(going.phases, stop_after=first) if going.interactive else going.phases
    async with open_runs(call) as engine:
        created = await engine.control.create(request, phases)
        call.run_id = str(created.id)
        call.console.say(f"run {created.id}")
        async with saving(call, engine, created, going.save_state, full=going.full):
            if detach:
                return await go_on_detached(call, engine, created)
            return await _lead(call, engine, created, going)


async def lead_on(call: Call, engine: "Engine", run: "Run", *, detach: bool) -> int:
    """Lead a run to its end and print what came of it, or leave it to its workers."""
    if detach and run.status == "active":
        return await go_on_detached(call, engine, run)
    return await _lead(call, engine, run)


async def go_on_detached(call: Call, engine: "Engine", run: "Run") -> int:
    """See that workers serve the run, and leave it to them."""
    from app.cli.view import Plain
    from app.clock import SystemClock
    from app.leader import Leader

    leader = Leader(engine, run, Plain(call.console), SystemClock())
    await leader.staff()
    await leader.staffed()
    leader.leave()
    call.console.answer(
        {"run": str(run.id), "status": run.status, "exit_code": 0},
        f"run {run.short_id} goes on without this command: sluice watch {run.short_id}",
    )
    return 0


async def _lead(call: Call, engine: "Engine", run: "Run", going: Going | None = None) -> int:
    from app.api import lead_run
    from app.cli.view import open_view

    stage_timeout = going.stage_timeout if going else None
    if going and going.interactive:
        code = await lead_session(call, engine, run, stage_timeout)
        return await _finish(call, engine, run) if code is None else code
    if run.status == "active":
        call.run_id = str(run.id)
        with open_view(call.console) as view:
            await lead_run(engine, run, viewer=view, stage_timeout=stage_timeout)
    return await _finish(call, engine, run)


async def _finish(call: Call, engine: "Engine", run: "Run") -> int:
    """Print what came of a run; the exit code says it too."""
    from app.cli.summary import exit_code_of, summary
    from app.report import load_report

    report = await load_report(engine.database, run.id)
    code = exit_code_of(report, call.settings)
    call.console.answer(
        report.summary() | {"exit_code": code}, summary(report, call.settings.allowed_failures)
    )
    return code
