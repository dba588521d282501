"""A person's own block: the smallest repeated unit of the page that holds exactly this name."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from app.extractors._people.outline import Line, Outline

MAX_LOOSE_LINES = 14
MAX_CARD_LINES = 150
MAX_FLAT_LINES = 24

_PAGE_BOXES = frozenset("body main header footer nav html".split())

_FRAMES = frozenset("footer nav aside form".split())

CardKind = Literal["card", "flat", "loose"]


@dataclass(frozen=True, slots=True)
class Card:
    """Positions [start, stop) of a person's own block. `card`: a box that is repeated, one person
    in each. `flat`: from the name to the next one, without a box. `loose`: a box around the only
    name there is. `siblings`: how many other people stand in boxes like this one. `opens`: where
    the box begins that a flat block is cut out of."""

    start: int
    stop: int
    kind: CardKind
    element: int
    siblings: int = 0
    opens: int = -1


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a name stands: its position, whose it is, and the innermost box around it."""

    pos: int
    key: str
    element: int


class Cards:
    """Finds blocks on one page. `marks`: every name that divides the page, in order."""

    def __init__(self, outline: Outline, marks: Sequence[Mark]) -> None:
        self._outline = outline
        self._marks = sorted(marks, key=lambda mark: mark.pos)
        self._at = [mark.pos for mark in self._marks]
        self._lines_at = [line.pos for line in outline.lines]
        self._card_tables: dict[int, bool] = {}
        self._frames = [each.start for each in outline.elements if each.tag in _FRAMES]

    def around(self, mark: Mark, level: int) -> Card:
        """The block of a name that stands in a heading of this level (0: in none)."""
        before, after = self._neighbours(mark)
        box = self._largest_box(mark, before, after)
        if box is None:
            return self._flat(mark, mark.pos, -1, after, level)
        parent = self._outline.elements[box].parent
        siblings = self._siblings(box, parent, mark.key) if parent >= 0 else 0
        if not siblings and parent >= 0:
            siblings = int(self._is_cell_of_cards(box, parent))
        if self._holds_only_the_name(box, mark):
            start = self._outline.elements[box].start
            if siblings:
                return self._flat(mark, start, parent, after, level, siblings)
        if siblings and self._count(box) <= MAX_CARD_LINES:
            element = self._outline.elements[box]
            return Card(element.start, element.stop, "card", box, siblings)
        return self._loose(mark, before, after, level)

    def lines(self, card: Card) -> list[int]:
        """Indexes of the lines in a block."""
        first = bisect_left(self._lines_at, card.start)
        return list(range(first, bisect_left(self._lines_at, card.stop)))

    def _neighbours(self, mark: Mark) -> tuple[int, int]:
        """Positions of the nearest other people before and after."""
        index = bisect_left(self._at, mark.pos)
        before = index - 1
        while before >= 0 and self._marks[before].key == mark.key:
            before -= 1
        after = index
        while after < len(self._marks) and self._marks[after].key == mark.key:
            after += 1
        return (
            self._at[before] if before >= 0 else -1,
            self._at[after] if after < len(self._marks) else self._end(),
        )

    def _end(self) -> int:
        return self._outline.elements[0].stop if self._outline.elements else 0

    def _largest_box(self, mark: Mark, before: int, after: int) -> int | None:
        best = None
        elements = self._outline.elements
        for index in self._outline.ancestors(mark.element):
            element = elements[index]
            if element.start <= before or element.stop > after:
                break
            if best is not None and self._is_cell_of_cards(best, index):
                break
            best = index
        return best

    def _is_cell_of_cards(self, cell: int, row: int) -> bool:
        """Whether a cell is a card: it holds more than a name, in a table of such cells."""
        if self._outline.elements[cell].tag != "td" or self._count(cell) < 2:
            return False
        return self._is_row_of_cards(row)

    def _is_row_of_cards(self, row: int) -> bool:
        """Whether a row of this table holds several people, each in a cell of their own."""
        elements = self._outline.elements
        parent = elements[row].parent
        if elements[row].tag != "tr" or parent < 0:
            return False
        if parent not in self._card_tables:
            self._card_tables[parent] = self._has_row_of_cards(parent)
        return self._card_tables[parent]

    def _has_row_of_cards(self, parent: int) -> bool:
        elements = self._outline.elements
        cells: dict[int, set[int]] = {}
        start = bisect_left(self._at, elements[parent].start)
        for mark in self._marks[start : bisect_left(self._at, elements[parent].stop)][:200]:
            chain = self._outline.ancestors(mark.element)
            for cell, around in pairwise(chain):
                if elements[around].parent == parent:
                    cells.setdefault(around, set()).add(cell)
                    break
        return any(len(held) > 1 for held in cells.values())

    def _siblings(self, box: int, parent: int, key: str) -> int:
        """How many other boxes of this kind around it hold a person."""
        elements = self._outline.elements
        own, around = elements[box], elements[parent]
        holders: dict[int, str] = {}
        start = bisect_left(self._at, around.start)
        for mark in self._marks[start : bisect_left(self._at, around.stop)][:200]:
            if mark.key == key or own.start <= mark.pos < own.stop:
                continue
            for index in self._outline.ancestors(mark.element):
                if elements[index].parent == parent:
                    if elements[index].tag == own.tag:
                        holders[index] = mark.key
                    break
        return len(set(holders.values()))

    def _count(self, box: int) -> int:
        element = self._outline.elements[box]
        first = bisect_left(self._lines_at, element.start)
        return bisect_left(self._lines_at, element.stop) - first

    def _holds_only_the_name(self, box: int, mark: Mark) -> bool:
        element = self._outline.elements[box]
        if self._count(box) > 1:
            return False
        return not any(
            element.start <= link.pos < element.stop
            and link.target.lower().startswith(("mailto:", "tel:"))
            for link in self._outline.links
        )

    def _flat(
        self, mark: Mark, start: int, parent: int, after: int, level: int, siblings: int = 0
    ) -> Card:
        """From the name on to the next one, the next heading of its rank, or the end of the box."""
        elements = self._outline.elements
        around = parent if parent >= 0 else self._block_of(mark.element)
        stop = min(elements[around].stop, self._start_of_next(after, around))
        frame = bisect_left(self._frames, mark.pos)
        if frame < len(self._frames):
            stop = min(stop, self._frames[frame])
        first = bisect_left(self._lines_at, start)
        last = first + MAX_FLAT_LINES
        if last < len(self._outline.lines):
            stop = min(stop, self._outline.lines[last].pos)
        for index in range(first, min(last, len(self._outline.lines))):
            line = self._outline.lines[index]
            if line.pos >= stop:
                break
            if line.pos > mark.pos and _ends(line, level) and index > first:
                stop = line.pos
                break
        return Card(start, stop, "flat", around, siblings, elements[around].start)

    def _block_of(self, element: int) -> int:
        chain = self._outline.ancestors(element, 6)
        return next((index for index in chain if self._count(index) > 1), chain[-1])

    def _start_of_next(self, after: int, around: int) -> int:
        """Where the box of the next person begins, among the children of `around`."""
        if after >= self._end():
            return after
        mark = self._marks[bisect_left(self._at, after)]
        elements = self._outline.elements
        for index in self._outline.ancestors(mark.element):
            if elements[index].parent == around:
                return elements[index].start
        return after

    def _loose(self, mark: Mark, before: int, after: int, level: int) -> Card:
        best = mark.element
        for index in self._outline.ancestors(mark.element):
            element = self._outline.elements[index]
            if element.start <= before or element.stop > after or element.tag in _PAGE_BOXES:
                break
            if self._count(index) > MAX_LOOSE_LINES:
                break
            best = index
        if self._holds_only_the_name(best, mark):
            parent = self._outline.elements[best].parent
            below = self._flat(mark, self._outline.elements[best].start, parent, after, level)
            return Card(below.start, below.stop, "loose", best)
        element = self._outline.elements[best]
        return Card(element.start, element.stop, "loose", best)


def _ends(line: Line, level: int) -> bool:
    """Whether this line begins something else than the block of a name in a heading of `level`."""
    return bool(line.level) and (level == 0 or line.level <= level)
