"""Gives every sighting its own block, and the title that stands in it."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.extractors._people.card_titles import first_line_after, title_in_card
from app.extractors._people.cards import Card, Cards, Mark
from app.extractors._people.names import Likelihood
from app.extractors._people.nonsense import is_nonsense
from app.extractors._people.outline import Outline
from app.extractors._people.plurals import group_title, label_title
from app.extractors._people.regions import Region
from app.extractors._people.sightings import Sighting
from app.extractors._people.titles import read_area, read_title
from app.records.person_name import folded_name

STRUCTURAL = frozenset(("alone", "pair", "lead"))
SAME_TEXT_WORDS = 8
MAX_GROUP_LINES = 40


@dataclass(slots=True)
class Blocks:
    """The blocks of a page: `lines` gives the indexes of the lines of each sighting's block."""

    lines: dict[int, list[int]]
    fillers: set[str]


def lay_out(sightings: Sequence[Sighting], outline: Outline, regions: Sequence[Region]) -> Blocks:
    """Sets `card`, and `title` where the block has one; says whose blocks hold filler text."""
    cards = Cards(outline, _marks(sightings, outline, regions))
    lines: dict[int, list[int]] = {}
    for number, sighting in enumerate(sightings):
        sighting.card = _card(sighting, cards, outline)
        lines[number] = cards.lines(sighting.card)
        if sighting.title is None and sighting.form in STRUCTURAL:
            found = title_in_card(sighting, sighting.card, outline, lines[number], regions)
            if found is not None:
                sighting.title, sighting.shown, sighting.slot = found.title, found.quote, found.slot
    _turn_round(sightings, outline)
    _fill_from_siblings(sightings, outline, lines)
    _fill_from_above(sightings, outline)
    _fill_from_courtesy(sightings)
    _fill_from_heading(sightings, outline)
    return Blocks(lines, _fillers(sightings, outline, lines))


def _card(sighting: Sighting, cards: Cards, outline: Outline) -> Card:
    level = outline.lines[sighting.line].level if sighting.line >= 0 else 0
    if sighting.form in STRUCTURAL:
        return cards.around(Mark(sighting.pos, sighting.key, sighting.element), level)
    stop = outline.elements[sighting.element].stop
    if sighting.line + 1 < len(outline.lines):
        stop = max(stop, outline.lines[sighting.line].pos + 1)
        stop = min(stop, outline.lines[sighting.line + 1].pos)
    return Card(sighting.pos, max(stop, sighting.pos + 1), "loose", sighting.element)


def _marks(
    sightings: Sequence[Sighting], outline: Outline, regions: Sequence[Region]
) -> list[Mark]:
    """The names that divide the page: likely ones, and unlikely ones in places like theirs."""
    likely = [
        sighting
        for sighting in sightings
        if sighting.form in STRUCTURAL
        and not (sighting.region & Region.NAV and _is_linked(sighting, outline))
    ]
    places = {
        _place(sighting, outline)
        for sighting in likely
        if sighting.likelihood is Likelihood.KNOWN and sighting.line >= 0
    }
    return [
        Mark(sighting.pos, sighting.key, sighting.element)
        for sighting in likely
        if sighting.likelihood >= Likelihood.WEAK
        or sighting.title is not None
        or (sighting.line >= 0 and _place(sighting, outline) in places)
        or regions[sighting.element] & Region.NAME
        or _has_title_below(sighting, outline)
    ]


def _is_linked(sighting: Sighting, outline: Outline) -> bool:
    return any(outline.elements[index].href for index in outline.ancestors(sighting.element, 3))


def _place(sighting: Sighting, outline: Outline) -> tuple[str, str, int]:
    element = outline.elements[sighting.element]
    return element.tag, element.marks.split(" ")[0], outline.lines[sighting.line].level


def _has_title_below(sighting: Sighting, outline: Outline) -> bool:
    if not 0 <= sighting.line < len(outline.lines) - 1:
        return False
    return read_title(outline.lines[sighting.line + 1].text) is not None


def _turn_round(sightings: Sequence[Sighting], outline: Outline) -> None:
    """Where names and titles alternate without boxes, and it is the title that comes first."""
    groups: dict[int, list[Sighting]] = {}
    for sighting in sightings:
        card = sighting.card
        if card and card.kind == "flat" and sighting.form == "alone" and sighting.line > 0:
            groups.setdefault(card.opens, []).append(sighting)
    for group in groups.values():
        above = [read_title(outline.lines[sighting.line - 1].text) for sighting in group]
        if len(group) < 2 or not all(above) or group[-1].slot in ("after", "marked"):
            continue
        for sighting, title in zip(group, above, strict=True):
            sighting.title, sighting.slot = title, "before"
            sighting.shown = f"{outline.lines[sighting.line - 1].text}: {sighting.quote}"


def _fill_from_siblings(
    sightings: Sequence[Sighting], outline: Outline, lines: dict[int, list[int]]
) -> None:
    """Where blocks beside this one have their title right behind the name, this one has it too."""
    groups: dict[int | str, list[int]] = {}
    for number, sighting in enumerate(sightings):
        card = sighting.card
        if card and card.siblings and sighting.form in STRUCTURAL and sighting.line >= 0:
            groups.setdefault(_design(card, outline), []).append(number)
    for group in groups.values():
        titled = [number for number in group if _has_own_title(sightings[number])]
        if len(titled) < 2 or 5 * len(titled) < 2 * len(group):
            continue
        for number in group:
            sighting = sightings[number]
            if sighting.title is None or sighting.slot == "said":
                found = first_line_after(sighting, outline, lines[number])
                if found is not None:
                    title = replace(found.title, known=False)
                    sighting.title, sighting.shown, sighting.slot = title, found.quote, "sibling"


def _has_own_title(sighting: Sighting) -> bool:
    return sighting.slot in ("after", "marked") or (
        sighting.form == "pair" and sighting.title is not None
    )


def _design(card: Card, outline: Outline) -> int | str:
    """What the blocks of one row have in common: the mark of their boxes, or the box around."""
    own = outline.elements[card.element]
    if card.kind == "flat":
        return card.element
    return own.marks or own.parent


def _fill_from_above(sightings: Sequence[Sighting], outline: Outline) -> None:
    """A title on a line of its own that is nobody else's belongs to the name right below it; a
    table has its own ways to say so."""
    taken = {sighting.shown for sighting in sightings if sighting.title is not None}
    named = {sighting.line for sighting in sightings}
    at = [line.pos for line in outline.lines]
    for sighting in sightings:
        above = bisect_left(at, sighting.pos) - 1
        untitled = sighting.title is None and sighting.form in STRUCTURAL
        if not untitled or sighting.likelihood is not Likelihood.KNOWN or above < 0:
            continue
        label = outline.lines[above]
        level = outline.lines[sighting.line].level if sighting.line >= 0 else 0
        if (
            above in named
            or label.text in taken
            or 0 < label.level < level
            or label.tag in ("td", "th")
        ):
            continue
        if title := label_title(label.text):
            sighting.title, sighting.slot = title, "before"
            sighting.shown = f"{label.text}: {sighting.quote}"


def _fill_from_courtesy(sightings: Sequence[Sighting]) -> None:
    """ "Attorney Jane Doe" says what she is where nothing else does."""
    for sighting in sightings:
        word = sighting.name.honorific.rpartition(" ")[2]
        if (
            sighting.title is None
            and (title := read_title(word))
            and word.lower() not in ("dr.", "dr")
        ):
            sighting.title, sighting.shown, sighting.slot = title, sighting.quote, "group"


def _fill_from_heading(sightings: Sequence[Sighting], outline: Outline) -> None:
    """Who has no title of their own among the team is what the heading above says of them all:
    "Attorneys", "Accounting"."""
    named = {sighting.line for sighting in sightings}
    for sighting in sightings:
        if sighting.title is not None or sighting.form not in STRUCTURAL or sighting.line < 0:
            continue
        if not sighting.region & (Region.TEAM | Region.SECTION_TEAM):
            continue
        label = _heading_above(sighting.line, outline, named)
        title = group_title(label) or read_area(label)
        if title is not None:
            sighting.title, sighting.slot = replace(title, known=False), "group"
            sighting.shown = f"{label}: {sighting.quote}"


def _heading_above(index: int, outline: Outline, named: set[int]) -> str:
    """The heading, or the line that serves as one, that a name stands under."""
    level = outline.lines[index].level
    for above in range(index - 1, max(index - MAX_GROUP_LINES, -1), -1):
        line = outline.lines[above]
        heading = line.level and (not level or line.level < level) and above not in named
        if heading or (bool(line.level) >= bool(level) and group_title(line.text)):
            return line.text
    return ""


def _fillers(
    sightings: Sequence[Sighting], outline: Outline, lines: dict[int, list[int]]
) -> set[str]:
    """Keys of names that stand over filler text, in its row of blocks, or over one another's "
    "text."""
    texts: dict[str, set[str]] = {}
    rows: dict[int, set[str]] = {}
    bad: set[str] = set()
    for number, sighting in enumerate(sightings):
        card = sighting.card
        if card is None or sighting.form not in STRUCTURAL:
            continue
        if card.kind != "loose":
            rows.setdefault(outline.elements[card.element].parent, set()).add(sighting.key)
        own = [index for index in lines[number] if index > sighting.line]
        text = " ".join(outline.lines[index].text for index in own)
        if is_nonsense(text) and sighting.likelihood > Likelihood.UNKNOWN:
            bad.add(sighting.key)
        for index in own:
            same = folded_name(outline.lines[index].text)
            if sum(map(str.isalpha, same.split())) >= SAME_TEXT_WORDS:
                texts.setdefault(same, set()).add(sighting.key)
    for keys in texts.values():
        if len(keys) > 2:
            bad |= keys
    for keys in rows.values():
        if keys & bad:
            bad |= keys
    return bad
