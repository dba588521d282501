"""Boxes in a row: is the one with this name among boxes of people, or among boxes of other things?

A list of towns holds a "Wesley Chapel", a grid of services an "Amber Alert": their neighbours give
them away. Likewise an unusual name is believed among names.
"""

from bisect import bisect_left
from collections.abc import Sequence

from app.extractors._people.names import Likelihood
from app.extractors._people.outline import Outline
from app.extractors._people.sightings import Sighting, Sign

MIN_ROW = 3
MAX_ROW = 60
MAX_LEVELS = 8

_LISTED = frozenset(("li", "dt", "a", "option"))


class Rows:
    """The rows of one page."""

    def __init__(self, outline: Outline, sightings: Sequence[Sighting]) -> None:
        self._outline = outline
        self._lines_at = [line.pos for line in outline.lines]
        self._children: dict[int, list[int]] = {}
        for index, element in enumerate(outline.elements):
            self._children.setdefault(element.parent, []).append(index)
        self._people: dict[int, str] = {
            sighting.line: sighting.key
            for sighting in sightings
            if sighting.likelihood is Likelihood.KNOWN
            or (sighting.title is not None and sighting.title.known)
        }

        self._titled = {
            sighting.line
            for sighting in sightings
            if sighting.likelihood is Likelihood.KNOWN and sighting.title and sighting.title.known
        }
        self._pieces = {
            (sighting.line, sighting.piece)
            for sighting in sightings
            if sighting.likelihood is Likelihood.KNOWN
        }

    def sign(self, sighting: Sighting) -> Sign | None:
        """ODD_ONE_OUT, AMONG_PEOPLE, AMONG_STAFF (two of them with titles), or None where the row
        says nothing."""
        if sighting.line < 0:
            return None
        line = self._outline.lines[sighting.line]
        if sighting.piece >= 0 and len(line.pieces) >= MIN_ROW and self._is_listed(sighting):
            return Sign.ODD_ONE_OUT
        row = self._row(sighting)
        heads = [head for box in row if (head := self._head(box, line.tag, line.level)) is not None]
        others = sum(head not in self._people for head in heads)
        people = {self._people[head] for head in heads if head in self._people}
        if not line.level and line.tag not in _LISTED:
            strangers = [head for head in heads if head not in (*self._people, sighting.line)]
            return Sign.AMONG_PEOPLE if len(people) > 1 and not strangers else None
        if others >= 2 and len(people) <= others:
            return Sign.ODD_ONE_OUT
        if not people - {sighting.key} or len(people) <= others:
            return None
        titled = [head for head in heads if head in self._titled]
        return Sign.AMONG_STAFF if len(titled) > 1 and not others else Sign.AMONG_PEOPLE

    def _is_listed(self, sighting: Sighting) -> bool:
        """Whether the name is one of several links or tags side by side, most of them no names."""
        elements, line = self._outline.elements, self._outline.lines[sighting.line]
        own = elements[line.pieces[sighting.piece].element]
        alike = [
            number
            for number, piece in enumerate(line.pieces)
            if (elements[piece.element].tag, elements[piece.element].marks) == (own.tag, own.marks)
        ]
        named = {number for line_number, number in self._pieces if line_number == sighting.line}
        return len(alike) >= MIN_ROW and 2 * len(named & set(alike)) <= len(alike)

    def _row(self, sighting: Sighting) -> list[int]:
        """The boxes alike beside the innermost box of this name that has any."""
        elements = self._outline.elements
        for index in self._outline.ancestors(sighting.element, MAX_LEVELS):
            own = elements[index]
            beside = self._children.get(own.parent, ())
            if len(beside) >= MIN_ROW:
                alike = [
                    other
                    for other in beside[:MAX_ROW]
                    if elements[other].tag == own.tag and elements[other].marks == own.marks
                ]
                if len(alike) >= MIN_ROW:
                    return alike
        return []

    def _head(self, box: int, tag: str, level: int) -> int | None:
        """The first line of this shape in a box."""
        element = self._outline.elements[box]
        first = bisect_left(self._lines_at, element.start)
        for index in range(first, min(bisect_left(self._lines_at, element.stop), first + 12)):
            line = self._outline.lines[index]
            if line.tag == tag and line.level == level:
                return index
        return None
