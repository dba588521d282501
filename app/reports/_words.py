"""How a report says numbers, in every format."""

from app.report import StageTime
from app.reports import FullReport


def seconds(value: float | None) -> str:
    """ "0.35 s", "12.3 s", "4:05", "2:03:04"; empty for what has not begun."""
    if value is None:
        return ""
    if value < 60:
        return f"{value:.2f} s" if value < 10 else f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def percent(time: StageTime) -> int:
    """How much of a stage's items is over, 0 to 100."""
    if not time.total:
        return 100 if time.status in ("complete", "skipped") else 0
    return int(100 * (time.total - time.open) / time.total)


def slowest(full: FullReport) -> list[StageTime]:
    """Stages that took any time, the slowest first."""
    begun = [time for time in full.times if time.seconds is not None]
    return sorted(begun, key=lambda time: -(time.seconds or 0))


def headline(full: FullReport) -> str:
    """The run in a sentence."""
    progress = full.report.progress
    return f"Run {progress.run.short_id} is {progress.run.status}: {full.report.sentence()}"


def criteria(full: FullReport) -> str:
    """ "state: TX; pms: buildium", or that there are none."""
    given = full.report.progress.run.request.criteria
    values = given.model_dump(mode="json", exclude_defaults=True)
    words = (
        f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in values.items()
    )
    return "; ".join(words) or "everything that the sources hold"
