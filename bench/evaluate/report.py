"""Evaluations as plain text."""

from collections.abc import Iterator, Sequence

from bench.evaluate import figures
from bench.evaluate.evaluation import Evaluation
from bench.evaluate.figures import Figure
from bench.evaluate.marks import Mark

Row = Sequence[object]


def report(evaluation: Evaluation, *, with_errors: bool) -> str:
    """Figures, confusions, vendors, calibration and, if wanted, the errors."""
    marks = evaluation.marks
    corpus = evaluation.corpus
    head = f"{corpus.name}: {len(corpus.sites)} sites, {evaluation.pages} pages read"
    parts = [f"{head}\n{'=' * len(head)}", _fields(evaluation), _confusions(marks)]
    parts += [_vendors(marks), _calibration(marks)]
    if with_errors:
        parts.append(_errors("errors", figures.errors(marks, "wrong", "missed")))
        parts.append(_errors("open: the labels do not say", figures.errors(marks, "open")))
    return "\n\n".join(part for part in parts if part)


def _fields(evaluation: Evaluation) -> str:
    header = ("field", "precision", "recall", "F1", "right", "wrong", "missed", "open", "at worst")
    fields = figures.by_field(evaluation.marks)
    table = _table(header, [_field(*pair) for pair in fields.items()])
    given = [
        f"{field.removeprefix('person_')} given to the wrong person: {count}"
        for field, count in figures.given_wrongly(evaluation.marks).items()
    ]
    return "\n".join([table, *given])


def _cells(one: Figure) -> Row:
    shares = (_percent(share) for share in (one.precision, one.recall, one.f1))
    return (*shares, one.right, one.wrong, one.missed)


def _field(name: str, one: Figure) -> Row:
    return (name, *_cells(one), one.open, _percent(one.at_worst))


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.3f}"


def _confusions(marks: Sequence[Mark]) -> str:
    rows = [
        (field, kind, count)
        for field, kinds in figures.confusions(marks).items()
        for kind, count in sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    return _table(("confusion", "kind", "times"), rows) if rows else ""


def _vendors(marks: Sequence[Mark]) -> str:
    rows = [
        (name, *_cells(own), f"{traps.wrong} of {traps.right + traps.wrong}")
        for name, (own, traps) in figures.by_vendor(marks).items()
    ]
    header = ("software", "precision", "recall", "F1", "right", "wrong", "missed", "traps sprung")
    return _table(header, rows) if rows else ""


def _calibration(marks: Sequence[Mark]) -> str:
    """The bins as columns: how many, and the share that was right."""
    found = figures.calibration(marks)
    columns = [f"{one.low:g}-{one.high:g}" for one in next(iter(found.values()))]
    rows = [
        (group, *(f"{_percent(one.right)} of {one.count}" if one.count else "-" for one in bins))
        for group, bins in found.items()
    ]
    return _table(("share right at confidence", *columns), rows)


def _errors(title: str, marks: Sequence[Mark]) -> str:
    header = ("field", "site", "", "found", "label", "page", "rule", "sure", "why")
    return f"{title}: {len(marks)}\n" + _table(header, list(map(_error, marks))) if marks else ""


def _error(mark: Mark) -> Row:
    sure = "" if mark.confidence is None else f"{mark.confidence:.2f}"
    texts = (_cut(mark.found, 48), _cut(mark.label, 40), mark.page, mark.rule, sure, mark.why)
    return (mark.field, mark.site, mark.verdict, *texts)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _table(header: Row, rows: Sequence[Row]) -> str:
    """Columns two spaces apart; numbers and shares to the right, the rest to the left."""
    cells = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    right = [_is_numeric(column[1:]) for column in zip(*cells, strict=True)]
    return "\n".join(_line(row, widths, right) for row in cells)


def _is_numeric(column: Sequence[str]) -> bool:
    return all(cell[:1].isdigit() or cell == "-" for cell in column)


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    return "  ".join(_padded(row, widths, right)).rstrip()


def _padded(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> Iterator[str]:
    for cell, width, to_right in zip(row, widths, right, strict=True):
        yield cell.rjust(width) if to_right else cell.ljust(width)
