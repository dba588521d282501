"""The job title in a person's own block."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.extractors._people.cards import Card
from app.extractors._people.lines import names_a_couple, read_line
from app.extractors._people.names import read_name
from app.extractors._people.outline import Line, Outline
from app.extractors._people.plurals import title_of_several
from app.extractors._people.prose import read_clause
from app.extractors._people.regions import Region
from app.extractors._people.sightings import Sighting
from app.extractors._people.titles import Title, read_area, read_title
from app.records.person_name import folded_name

AFTER_LINES = 6
BEFORE_LINES = 3
MAX_FILLED = 3

_NOISE = re.compile(
    r"^\W*(?:(?:he|she|they|sie|er|ella|él|elle|il)\s*/\s*\w+.*|[\W\d]+|.*@.*|(?:tel|phone|ph|fax|"
    r"cell|mobile|direct|office|email|e-mail)\b.*"
    r"|.*\b(?:lic(?:ense|ence)?|dre|nmls)\b\W*#?\W*\w*\d.*|(?:view|read|full|more|see|meet|contact|"
    r"linkedin|download|vcard|bio)\b.*)$",
    re.IGNORECASE,
)


_AS = re.compile(
    r"(?:As|Als|Comme|En tant que|Como)\s+"
    r"(?:(?:our|the|a|an|unser\w*|der|die|notre|l[ae]|nuestr[oa]|el)\s+)?"
    r"([^,.]{3,60}?)(?:,|\s+\w+\s+(?:er|sie)\b)"
)
_LETTERS = re.compile(r"(?:[A-Z](?:\.?[A-Z]){1,6}\.?(?: [IVX]{1,3})?(?:,? |, ?|$)){1,8}")
_OPENING = re.compile(
    r"((?:[\w'’-]+ ?){1,4}?)"
    r"(?:[.;(]| (?:since|seit|sinds|depuis|desde|dal) (?:\w+ )?(?:19|20)\d\d)"
)
_CLAUSE = re.compile(r"\s*[(;]|\. |,? (?:and|und|et|y) (?=$|[A-ZÀ-Þ])|\s\S+@")


@dataclass(frozen=True, slots=True)
class Found:
    """A title, the words that show it, and how: `slot` "after" when it is the first line behind the
    name, "marked" when only its box says title, "said" from a sentence of the block."""

    title: Title
    quote: str
    slot: str


def title_in_card(
    sighting: Sighting,
    card: Card,
    outline: Outline,
    indexes: Sequence[int],
    regions: Sequence[Region],
) -> Found | None:
    """The title of a person by the lines of the block, nearest first."""
    beside = _beside(sighting, outline)
    if beside is not None:
        return beside
    after = [index for index in indexes if index > sighting.line]
    before = [index for index in indexes if index < sighting.line]
    found = (
        _of_couple(sighting, outline)
        or _label_above(sighting, outline)
        or (_marked_above(before, after, outline, regions) if card.kind == "card" else None)
        or _after(after, outline, regions)
    )
    if found is None and card.kind != "flat":
        found = _before(before, outline, sighting, boxed=card.kind == "card")
    if found is None:
        found = _label_before(sighting, outline)
    if found is None:
        found = _marked(indexes, outline, regions, sighting)
    return found or _said(after, outline, sighting) or _letters(after, outline, sighting)


def first_line_after(sighting: Sighting, outline: Outline, indexes: Sequence[int]) -> Found | None:
    """What follows the name on its line, else the first short line behind it, where the blocks
    beside this one have their titles."""
    if sighting.rest:
        if not re.search(rf"[-–—|:(]\s*{re.escape(sighting.rest[:20])}", sighting.quote):
            return None  # ", Springfield"
        title = read_title(sighting.rest, loose=True)
        return Found(title, sighting.quote, "sibling") if title else None
    for index in indexes:
        if index > sighting.line:
            line = outline.lines[index]
            if _NOISE.match(line.text):
                continue
            title = read_title(line.text, loose=True)
            named = next(read_line(line.text), None)
            return Found(title, line.text, "sibling") if title and named is None else None
    return None


def _beside(sighting: Sighting, outline: Outline) -> Found | None:
    """What follows the name on its own line, in pieces of their own."""
    if sighting.piece < 0 or sighting.line < 0:
        return None
    line = outline.lines[sighting.line]
    pieces: list[str] = []
    for piece in line.pieces[sighting.piece + 1 :]:
        if read_name(piece.text):
            break
        pieces.append(piece.text)
    for text in (" ".join(pieces), *pieces):
        own = _CLAUSE.split(text.strip(" ,–—-|:"))[0]
        if title := read_title(own) or read_area(own):
            return Found(title, line.text, "after")
    for piece in reversed(line.pieces[: sighting.piece]):
        if not piece.text.startswith((",", "-", "–", "—", "|")) and (
            title := read_title(piece.text)
        ):
            return Found(title, line.text, "before")
    return None


def _of_couple(sighting: Sighting, outline: Outline) -> Found | None:
    """ "Owners" on the line below "John and Jane Doe"."""
    below = outline.lines[sighting.line + 1 : sighting.line + 2] if sighting.line >= 0 else ()
    for line in below:
        title = title_of_several(line.text) or read_title(line.text)
        if title and names_a_couple(outline.lines[sighting.line].text):
            return Found(title, line.text, "after")
    return None


def _label_above(sighting: Sighting, outline: Outline) -> Found | None:
    """ "Owners:" above lines that are names and nothing else."""
    above = sighting.line - 1
    element = outline.lines[sighting.line].element if sighting.line >= 0 else -1
    while above >= 0 and outline.lines[above].element == element:
        label = outline.lines[above].text
        if label.endswith(":") and (title := title_of_several(label[:-1]) or read_title(label)):
            return Found(title, f"{label} {sighting.quote}", "before")
        if not read_name(label):
            break
        above -= 1
    return None


def _marked_above(
    before: Sequence[int], after: Sequence[int], outline: Outline, regions: Sequence[Region]
) -> Found | None:
    """A title over the name in a box that says so, where none below the name does: what stands
    there unmarked ("Civil engineer") is a profession."""
    lines = [outline.lines[index] for index in after[:AFTER_LINES]]
    if any(_is_title_place(line, regions) for line in lines):
        return None
    for index in reversed(before[-BEFORE_LINES:]):
        line = outline.lines[index]
        title = read_title(line.text) if _is_title_place(line, regions) else None
        if title is not None:
            return Found(title, line.text, "before")
    return None


def _after(indexes: Sequence[int], outline: Outline, regions: Sequence[Region]) -> Found | None:
    filled = 0
    for index in indexes[:AFTER_LINES]:
        line = outline.lines[index]
        title = read_title(line.text)
        if title is None and len(line.pieces) > 1:
            title = read_title(line.pieces[0].text)
        if title is None and filled == 0:
            title = read_area(line.text) or _opening(line.text)
        if title is not None:
            return Found(title, line.text, "after")
        if (marked := _marked_title(line, regions)) is not None:
            return Found(marked, line.text, "marked")
        if not _NOISE.match(line.text):
            filled += 1
        if filled >= MAX_FILLED or len(line.text.split()) > 14:
            return None
    return None


def _opening(text: str) -> Title | None:
    """ "Partner since 2009, co-founder of the practice": what the text begins with."""
    opening = _OPENING.match(text)
    return read_title(opening[1]) if opening else None


def _before(
    indexes: Sequence[int], outline: Outline, sighting: Sighting, *, boxed: bool
) -> Found | None:
    """The nearest title above; a heading of higher rank only within a box of the person's own."""
    level = outline.lines[sighting.line].level if sighting.line >= 0 else 0
    for index in reversed(indexes[-BEFORE_LINES:]):
        line = outline.lines[index]
        if line.level and level and line.level < level and not boxed:
            return None
        if title := read_title(line.text) or read_area(line.text):
            return Found(title, line.text, "before")
        if len(line.text.split()) > 14:
            return None
    return None


def _in_one_row(outline: Outline, one: Line, other: Line) -> bool:
    """Whether two lines stand in cells of the same row."""
    rows = [
        next((box for box in chain if outline.elements[box].tag == "tr"), -1)
        for chain in (outline.ancestors(line.element, 6) for line in (one, other))
    ]
    return rows[0] == rows[1] >= 0


def _label_before(sighting: Sighting, outline: Outline) -> Found | None:
    """ "dt: Broker, dd: Jane Doe" and a cell before the name's cell."""
    if sighting.line < 1:
        return None
    own, above = outline.lines[sighting.line], outline.lines[sighting.line - 1]
    if own.tag == "td" and not _in_one_row(outline, above, own):
        return None
    title = read_title(above.text) or (read_area(above.text) if own.tag == "td" else None)
    if title and (above.tag, own.tag) in (("dt", "dd"), ("th", "td"), ("td", "td")):
        return Found(title, f"{above.text}: {own.text}", "before")
    return None


def _marked(
    indexes: Sequence[int], outline: Outline, regions: Sequence[Region], sighting: Sighting
) -> Found | None:
    for index in indexes:
        line = outline.lines[index]
        if index != sighting.line and (title := _marked_title(line, regions)) is not None:
            return Found(title, line.text, "marked")
    return None


def _marked_title(line: Line, regions: Sequence[Region]) -> Title | None:
    """What a box marked as a title holds, also without any word that we know as one."""
    if not _is_title_place(line, regions) or read_name(line.text):
        return None
    return read_title(line.text, loose=True)


def _is_title_place(line: Line, regions: Sequence[Region]) -> bool:
    return bool(
        (regions[line.element] | regions[line.pieces[0].element]) & Region.TITLE
    ) and line.level not in (1, 2)


def _letters(indexes: Sequence[int], outline: Outline, sighting: Sighting) -> Found | None:
    """Credentials on a line of their own right below the name, where nothing else says more."""
    for index in indexes[:1]:
        text = outline.lines[index].text
        if index == sighting.line + 1 and _LETTERS.fullmatch(text):
            return Found(Title(text, known=False), text, "sibling")
    return None


def _said(indexes: Sequence[int], outline: Outline, sighting: Sighting) -> Found | None:
    """ "Jane is our leasing manager" in the text below the name."""
    for index in indexes[:AFTER_LINES]:
        line = outline.lines[index]
        if len(line.text.split()) < 5:
            continue
        if (acting := _AS.match(line.text)) and (title := read_title(acting[1])):
            return Found(title, line.text[:240], "said")
        spelled = line.text.split()
        own = {folded_name(sighting.name.given), *sighting.name.surnames}
        for count in range(min(4, len(spelled) - 1), 0, -1):
            if folded_name(spelled[count - 1].strip(",")) in own or (
                count == 1 and spelled[0] in ("He", "She", "Sie", "Er", "Elle", "Il", "Ella", "Él")
            ):
                comma = "," if spelled[count - 1].endswith(",") else ""
                if clause := read_clause(f"{comma} {' '.join(spelled[count:])}"[:300]):
                    return Found(clause[0], line.text[:240], "said")
                break
    return None
