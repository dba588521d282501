"""The end of a run for a person: what was delivered, what is missing, what to type next."""

import json
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from app.cli.console import table
from app.pipeline.causes import phrase

if TYPE_CHECKING:
    from app.records.run import RunRequest
    from app.report import Decision, Report
    from app.settings import Settings

DAY = 86_400.0
_CRITERIA_OF = {
    "wrong_software": ("pms",),
    "software_not_known": ("pms",),
    "wrong_place": ("state", "city", "country"),
    "wrong_category": ("category",),
    "units_out_of_range": ("units_min", "units_max"),
    "missing_keyword": ("keywords",),
    "excluded_domain": ("exclude_domains",),
}
"""Which criteria ask for what these causes reject."""
_MAY_PASS = frozenset(
    {
        "unreachable",
        "connection",
        "disconnected",
        "timeout",
        "server_error",
        "rate_limited",
        "site_rests",
        "robots_unreachable",
        "process_lost",
        "cancelled",
    }
)
"""Causes that another try may not meet again."""
_OURS = frozenset({"unexpected_error", "quarantined", "records_refused"})
"""Causes that the workers' logs explain."""


def exit_code_of(report: "Report", settings: "Settings") -> int:
    """0 done or stopped as asked, 1 failed or too many failed items, 4 paused, 6 export not
    written."""
    run = report.progress.run
    match run.status:
        case "completed":
            return int(report.failed_share > settings.allowed_failures)
        case "failed" if run.stage == "export":
            return 6
        case "paused" if report.progress.stopped:
            return 0
        case "paused" | "needs_decision":
            return 4
        case "active":
            return 0
        case _:
            return 1


def summary(report: "Report", allowed_failures: float) -> str:
    """Asked and delivered; what is missing by cause; what to type next; the files. Notes stand
    first where they say why a run is not complete."""
    run = report.progress.run
    lines = [f"run {run.short_id} {run.status} in {report.progress.seconds:.1f} s"]
    notes = [f"  {note}" for note in report.progress.notes]
    notes += [f"  {time.warning()}" for time in report.times() if time.slow]
    account = [report.sentence(), f"{report.contacts} contacts", _sum(report)]
    lines += [*account, *notes] if run.status == "completed" else [*notes, *account]
    if run.request.icp_file:
        digest = report.summary()["icp"]["digest"]
        lines.append(f"fit and score by {run.request.icp_file} (SHA-256 {digest}...)")
    lines += _repeated(report)
    if report.failed_share > allowed_failures:
        lines.append(
            f"{report.failed_share:.0%} of the items failed, more than the"
            f" {allowed_failures:.0%} that setting allowed_failures allows"
        )
    if report.missing:
        lines += ["", "not delivered:", _missing_table(report)]
    if report.sources:
        lines += ["", "sources:", _sources_table(report)]
    if report.decisions:
        lines += ["", "decisions:", *(f"  {_told(each)}" for each in report.decisions)]
    if steps := next_steps(report):
        lines += ["", "next:", *(f"  {step}" for step in steps)]
    if report.files:
        lines += ["", "files:", *(f"  {each.line}" for each in report.files)]
    return "\n".join(lines)


def _told(decision: "Decision") -> str:
    why = f": {decision.reason}" if decision.reason else ""
    return f"{decision.at:%Y-%m-%d %H:%M} UTC  {decision.who} {decision.told}{why}"


def _sum(report: "Report") -> str:
    """ "found 50: 37 delivered, 0 spare, 13 not delivered"."""
    account = report.account
    parts = [f"{account.delivered} {report.word}", f"{account.spare} spare"]
    parts += [f"{account.in_work} in work"] if account.in_work else []
    parts += [f"{sum(each.count for each in account.missing)} not delivered"]
    return f"found {account.found}: {', '.join(parts)}"


def _repeated(report: "Report") -> list[str]:
    """Rows that were another row, and companies that an earlier run delivered."""
    duplicates = sum(each.count for each in report.duplicates)
    rows = "row is a duplicate" if duplicates == 1 else "rows are duplicates"
    lines = [f"{duplicates} {rows} of others"] if duplicates else []
    if report.disagreements:
        said = ", ".join(f"{each.what} ({each.count})" for each in report.disagreements)
        lines.append(f"rows of one company differ in {said}: the first one counts")
    for each in report.delivered_earlier:
        out = " and left out" if report.progress.run.request.exclude_earlier else ""
        lines.append(f"{each.count} delivered by {each.what} already{out}, e.g. {each.sample}")
    return lines


def _missing_table(report: "Report") -> str:
    rows: list[tuple[object, ...]] = [
        (f"  {each.count}", each.status, phrase(each.cause), each.sample, each.reason[:100])
        for each in report.missing
    ]
    return table(rows, ("  count", "status", "cause", "for example", "reason"))


def _sources_table(report: "Report") -> str:
    rows: list[tuple[object, ...]] = [
        (f"  {each.found}", each.status, each.source, each.licence or "your own")
        for each in report.sources
    ]
    return table(rows, ("  found", "status", "source", "data"))


def next_steps(report: "Report") -> list[str]:
    """Commands that would change the result, without repeating any."""
    run = report.progress.run
    if run.status == "active":
        return [f"sluice watch {run.short_id}"]
    if run.status == "paused" and _waits_for_budget(report):
        command = f"sluice budget {run.short_id}"
        return [f"{command} approve", f"{command} raise AMOUNT"]
    if run.status == "needs_decision":
        return _answers(report)
    if report.progress.stopped:
        return [f"sluice resume {run.short_id}"]
    if run.status == "failed" and run.stage == "export":
        return [f"sluice export {run.short_id}"]
    if report.again:
        return [f"sluice resume {run.short_id}"]
    again = f"sluice retry {run.short_id}"
    steps = [_step(each.cause, run.request) for each in report.missing if each.status != "failed"]
    if any(each.status == "review" for each in report.missing):
        steps.append(f"sluice review {run.short_id} export review.csv")
    steps += ["sluice doctor" for each in report.failures if each.cause in _OURS]
    if run.status == "failed" or any(each.cause in _MAY_PASS | _OURS for each in report.failures):
        steps.append(again)
    return list(dict.fromkeys(filter(None, steps)))


def _waits_for_budget(report: "Report") -> bool:
    return any(note.startswith("budget: ") for note in report.progress.notes[-1:])


def _answers(report: "Report") -> list[str]:
    """The commands that answer a run that waits for a decision; wider criteria leave out what
    rejects most."""
    decide = f"sluice decide {report.progress.run.short_id}"
    criteria = report.progress.run.request.criteria.model_dump(mode="json", exclude_defaults=True)
    rejecting = (_CRITERIA_OF.get(each.cause, ()) for each in report.missing)
    in_the_way = next((names for names in rejecting if criteria.keys() & set(names)), ())
    wider = {name: value for name, value in criteria.items() if name not in in_the_way}
    widen = f"{decide} widen --criteria {shlex.quote(json.dumps(wider, ensure_ascii=False))}"
    steps = [f"{decide} accept", *([widen] if criteria else [])]
    return [*steps, f"{decide} widen --source NAME:PATH", f"{decide} cancel"]


def _step(cause: str, request: "RunRequest") -> str:
    if cause in ("too_few_contacts", "people_withheld") and request.contacts_min > 0:
        return command_of(replace(request, contacts_min=0))
    if cause in _CRITERIA_OF:
        return _without(request, _CRITERIA_OF[cause])
    return command_of(request) if cause in _MAY_PASS else ""


def _without(request: "RunRequest", criteria: tuple[str, ...]) -> str:
    """The same run without these criteria; empty when it had none of them."""
    kept = request.criteria.model_dump(exclude_defaults=True)
    if not kept.keys() & set(criteria):
        return ""
    kept = {name: value for name, value in kept.items() if name not in criteria}
    return command_of(replace(request, criteria=type(request.criteria).model_validate(kept)))


def command_of(request: "RunRequest") -> str:
    """The command line that makes this request, to be pasted into a shell."""
    criteria = request.criteria.model_dump(mode="json", exclude_defaults=True)
    words = ["sluice", "run", "--criteria", json.dumps(criteria, ensure_ascii=False)]
    words += ["--quantity", str(request.target_quantity)]
    words += ["--contacts-min", str(request.contacts_min)]
    words += ["--contacts-max", str(request.contacts_max)]
    words += ["--output-dir", request.output_dir]
    for source in request.sources:
        words += ["--source", source]
    for name, column in request.column_map.items():
        words += ["--map", f"{name}={column}"]
    for flag, value in (
        ("--replay", request.replay_dir),
        ("--archive", request.archive_dir),
        ("--notes", request.notes_dir),
        ("--icp", request.icp_file),
        ("--max-age", "" if request.max_age == DAY else f"{request.max_age:g}s"),
        ("--notify-email", request.notify_email),
        ("--on-shortfall", request.on_shortfall if request.on_shortfall != "deliver" else ""),
        *(("--allow-country", country) for country in request.allow_countries),
    ):
        words += [flag, value] if value else []
    words += ["--evidence"] if request.with_evidence else []
    words += ["--exclude-earlier"] if request.exclude_earlier else []
    return shlex.join(words)
