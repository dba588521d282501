"""Tables that write people across cells: given and family name in columns of their own, or a row
of names above a row of titles."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from app.extractors._people.lines import Named
from app.extractors._people.names import Likelihood, read_name
from app.extractors._people.outline import Line, Outline
from app.extractors._people.titles import read_title
from app.records.person_name import folded_name

MAX_ROWS = 400

_GIVEN = frozenset(
    ("first", "first name", "given name", "vorname", "nombre", "prenom", "firstname")
)
_FAMILY = frozenset(
    (
        "last",
        "last name",
        "surname",
        "family name",
        "nachname",
        "name",
        "apellido",
        "apellidos",
        "nom",
        "lastname",
    )
)

_NAMES = frozenset(
    ("name", "full name", "employee", "employee name", "staff", "staff member", "person", "nombre")
)

_OWN_TITLES = frozenset(
    "manager assistant coordinator superintendent administrator accountant bookkeeper verwalter "
    "verwalterin sachbearbeiter sachbearbeiterin objektbetreuer objektbetreuerin gestionnaire "
    "gestor gestora".split()
)

Cell = tuple[int, Line]
"""Index of a line and the line: what a cell holds, when it holds one line."""


def read_tables(outline: Outline) -> Iterator[tuple[int, Named]]:
    """(index of the line, who) for the people of such tables."""
    for rows in _tables(outline):
        yield from _split_names(rows)
        yield from _turned_names(rows)
        yield from _under_titles(outline, rows)
        for above, below in pairwise(rows):
            yield from _names_over_titles(above, below)


def _tables(outline: Outline) -> list[list[list[Cell]]]:
    """The tables of a page: rows of cells, in document order."""
    tables: dict[int, dict[int, list[Cell]]] = {}
    for index, line in enumerate(outline.lines):
        row = table = -1
        for element in outline.ancestors(line.element, 6):
            tag = outline.elements[element].tag
            row = element if tag == "tr" and row < 0 else row
            table = element if tag == "table" and table < 0 else table
        if row >= 0 and table >= 0:
            tables.setdefault(table, {}).setdefault(row, []).append((index, line))
    return [list(rows.values())[:MAX_ROWS] for rows in tables.values()]


def _split_names(rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[int, Named]]:
    heads = [folded_name(line.text) for _, line in rows[0]]
    given = next((column for column, head in enumerate(heads) if head in _GIVEN), -1)
    family = next(
        (column for column, head in enumerate(heads) if head in _FAMILY and column != given), -1
    )
    if given < 0 or family < 0:
        return
    for row in rows[1:]:
        if len(row) > max(given, family):
            found = read_name(f"{row[given][1].text} {row[family][1].text}")
            if found:
                yield row[max(given, family)][0], Named(*found, "alone")


def _turned_names(rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[int, Named]]:
    """ "Doe, Jane" under a column head that says name, when most of the column is written so: a
    given name need not be a known one there."""
    heads = [folded_name(line.text) for _, line in rows[0]]
    column = next((column for column, head in enumerate(heads) if head in _NAMES), -1)
    if column < 0:
        return
    cells = [row[column] for row in rows[1:] if len(row) > column]
    turned = [(index, line) for index, line in cells if line.text.count(",") == 1]
    if 2 * len(turned) <= len(cells):
        return
    for index, line in turned:
        if found := read_name(line.text, inverted=True):
            yield index, Named(found[0], max(found[1], Likelihood.WEAK), "alone")


def _under_titles(outline: Outline, rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[int, Named]]:
    """Names under a column head that is a title of the firm's own people: of every community its
    manager and its assistant. Owners, buyers, presidents in such columns are clients."""
    heads = _cells(outline, rows[0])
    titles = [
        read_title(head[0][1].text)
        if folded_name(head[0][1].text).rpartition(" ")[2] in _OWN_TITLES and len(head) == 1
        else None
        for head in heads
    ]
    if not any(titles) or len(heads) < 2:
        return
    for row in rows[1:]:
        cells = _cells(outline, row)
        if len(cells) != len(heads):
            continue
        for title, ((index, line), *_) in zip(titles, cells, strict=True):
            found = read_name(line.text, inverted=True) if title else None
            if found and found[1] >= Likelihood.WEAK:
                yield index, Named(*found, "pair", title)


def _cells(outline: Outline, row: Sequence[Cell]) -> list[list[Cell]]:
    """The lines of a row, cell by cell."""
    cells: dict[int, list[Cell]] = {}
    for index, line in row:
        chain = outline.ancestors(line.element, 6)
        cell = next((box for box in chain if outline.elements[box].tag in ("td", "th")), -1)
        cells.setdefault(cell, []).append((index, line))
    return list(cells.values())


def _names_over_titles(above: Sequence[Cell], below: Sequence[Cell]) -> Iterator[tuple[int, Named]]:
    if len(above) < 2 or len(above) != len(below):
        return
    names = [read_name(line.text) for _, line in above]
    titles = [read_title(line.text) for _, line in below]
    if not all(names) or not all(titles):
        return
    if not any(name and name[1] is Likelihood.KNOWN for name in names):
        return
    for (index, _), name, title in zip(above, names, titles, strict=True):
        if name and title:
            yield index, Named(*name, "pair", title)
