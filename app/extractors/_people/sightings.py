"""Every place of a page that may name a person."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from app.extractors._people.cards import Card
from app.extractors._people.lines import Form, Named, read_line
from app.extractors._people.names import Likelihood, read_name
from app.extractors._people.outline import Line, Outline, Piece
from app.extractors._people.prose import read_prose
from app.extractors._people.regions import Region, section_regions
from app.extractors._people.tables import read_tables
from app.extractors._people.titles import Title
from app.records.person_name import PersonName, person_key

MAX_SIGHTINGS = 400
PROSE_WORDS = 7

_PICTURE = re.compile(
    r"^(?:photo|picture|portrait|headshot|image|foto|bild|retrato)s? (?:of|von|de)\s+|[\s,|"
    r"–-]+(?:photo|picture|portrait|headshot|image|"
    r"profile|pic|foto|bio)s?\W*\d*$",
    re.IGNORECASE,
)
_LINK_WORDS = re.compile(
    r"(?:[\s|•·(–-]+(?:e-?mail(?: me)?|bio(?:graphy)?|profile|linkedin|vcard|website|"
    r"(?:read|view|full|see) (?:more|bio|profile)))+[\s)]*$",
    re.IGNORECASE,
)
"""What links behind a name are called."""
_GOES_ON = re.compile(r"(?:(?:[JS]r\.?|[A-Z]{2,5}),? )*[a-zà-ÿ]")
_TURNED = frozenset(("td", "th", "li", "dt", "dd"))


class Sign(Enum):
    """What speaks for or against a name on a page being that of one of the company's people."""

    GIVEN_KNOWN = auto()
    GIVEN_WEAK = auto()
    TITLE = auto()
    TITLE_PLACE = auto()
    NAME_PLACE = auto()
    TEAM_BOX = auto()
    TEAM_SECTION = auto()
    TEAM_PAGE = auto()
    PEOPLE_PAGE = auto()
    REPEATED = auto()
    PROMINENT = auto()
    BIO_LINK = auto()
    BIO_PAGE = auto()
    BIO = auto()
    MAILBOX = auto()
    LINKEDIN = auto()
    PICTURE = auto()
    CREDENTIALS = auto()
    STRUCTURED = auto()
    SAID = auto()
    SEAT = auto()
    CONTACT = auto()
    AMONG_PEOPLE = auto()
    AMONG_STAFF = auto()
    ODD_ONE_OUT = auto()
    PLACE_AFTER = auto()
    NAVIGATION = auto()
    QUOTED = auto()
    ELSEWHERE = auto()


@dataclass(slots=True)
class Sighting:
    """One place that names somebody. `line`: index of the line, -1 for a picture. `piece`: index of
    the piece within it, -1 for the whole line. `of`: another organisation said with the title.
    `shown` and `slot`: the words that hold the title, and where (see card_titles)."""

    name: PersonName
    likelihood: Likelihood
    form: Form
    pos: int
    element: int
    line: int
    quote: str
    region: Region
    title: Title | None = None
    rest: str = ""
    of: str = ""
    piece: int = -1
    signs: set[Sign] = field(default_factory=set)
    card: Card | None = None
    shown: str = ""
    slot: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        self.key = person_key(self.name.full)


def collect(outline: Outline, regions: list[Region]) -> list[Sighting]:
    """The sightings of a page, in order, at most MAX_SIGHTINGS."""
    sections = section_regions(outline)
    found: list[Sighting] = []
    for sighting in _all(outline, regions, sections):
        found.append(sighting)
        if len(found) >= MAX_SIGHTINGS:
            break
    return sorted(found, key=lambda sighting: sighting.pos)


def _all(outline: Outline, regions: list[Region], sections: list[Region]) -> Iterator[Sighting]:
    yield from _over_two_lines(outline, regions, sections)
    for index, line in enumerate(outline.lines):
        yield from _of_line(index, line, regions, sections[index])
    for index, named in read_tables(outline):
        line = outline.lines[index]
        region = regions[line.pieces[0].element] | sections[index]
        yield _sighting(named, line.pos, line.pieces[0].element, index, line.text, region)
    for picture in outline.pictures:
        for named in read_line(_PICTURE.sub("", picture.target)):
            if named.form in ("alone", "pair"):
                yield _sighting(
                    named,
                    picture.pos,
                    picture.element,
                    -1,
                    picture.target,
                    regions[picture.element],
                )


def _over_two_lines(
    outline: Outline, regions: list[Region], sections: list[Region]
) -> Iterator[Sighting]:
    """A heading broken between given and family name."""
    for index in range(1, len(outline.lines)):
        above, line = outline.lines[index - 1], outline.lines[index]
        if not line.level or above.element != line.element or " " in above.text or " " in line.text:
            continue
        found = read_name(f"{above.text} {line.text}")
        if found and found[1] is Likelihood.KNOWN:
            element = line.pieces[0].element
            quote = f"{above.text} {line.text}"
            region = regions[element] | sections[index]
            yield _sighting(Named(*found, "alone"), above.pos, element, index, quote, region)


def _of_line(index: int, line: Line, regions: list[Region], section: Region) -> Iterator[Sighting]:
    if line.text.count(":") > 1 and (labelled := list(_labelled(line))):
        for named, piece in labelled:
            region = regions[piece.element] | section
            yield _sighting(named, piece.pos, piece.element, index, line.text, region)
        return
    text = _LINK_WORDS.sub("", line.text) if len(line.pieces) > 1 else line.text
    turned = bool(regions[line.pieces[0].element] & Region.NAME) or line.tag in _TURNED
    whole = list(read_line(text, inverted=turned))
    if (
        whole
        and len(line.pieces) > 1
        and any(
            regions[piece.element] & Region.NAME and read_name(piece.text) for piece in line.pieces
        )
    ):
        whole = []
    if whole and not _is_sentence(whole[0]):
        piece = line.pieces[0]
        for named in whole:
            element = _element_of(line, named, piece.element)
            yield _sighting(named, line.pos, element, index, line.text, regions[element] | section)
        return
    if len(line.pieces) > 1 and not whole and len(line.text) <= 220:
        yield from _of_pieces(index, line, regions, section)
    if whole or len(line.text.split()) >= PROSE_WORDS:
        said_of = list(read_prose(line.text))
        if whole and not said_of:
            element = line.pieces[0].element
            found = replace(whole[0], form="prose")
            yield _sighting(found, line.pos, element, index, line.text, regions[element] | section)
        for said in said_of:
            element = line.pieces[0].element
            sighting = _sighting(
                said.named, line.pos, element, index, said.quote, regions[element] | section
            )
            sighting.of, sighting.slot = said.of, "made" if said.made else ""
            yield sighting


def _labelled(line: Line) -> Iterator[tuple[Named, Piece]]:
    """ "President: Jane Doe Treasurer: Richard Roe" with bold labels: one after the other."""
    parts: list[list[Piece]] = []
    bold = [piece.element for piece in line.pieces if piece.element != line.element]
    for piece in line.pieces:
        if piece.element in bold or not parts:
            parts.append([])
        parts[-1].append(piece)
    for pieces in parts if len(parts) > 1 else ():
        for named in read_line(" ".join(piece.text for piece in pieces)):
            if named.form == "pair":
                yield named, pieces[-1]


def _is_sentence(named: Named) -> bool:
    """Whether the name only begins a sentence: "Jane Doe, CPM, is director of operations."."""
    opens = named.form in ("alone", "lead") and named.title is None
    return opens and len(named.rest.split()) >= 3 and bool(_GOES_ON.match(named.rest))


def _element_of(line: Line, named: Named, fallback: int) -> int:
    """The innermost box of the piece that holds the name."""
    for piece in line.pieces:
        if named.name.family.split()[-1].lower() in piece.text.lower():
            return piece.element
    return fallback


def _of_pieces(
    index: int, line: Line, regions: list[Region], section: Region
) -> Iterator[Sighting]:
    """ "<b>Jane Doe</b> Property Manager": a name in a piece of its own."""
    for number, piece in enumerate(line.pieces[:12]):
        if piece.element == line.element and number:
            continue
        for named in read_line(piece.text):
            if named.form in ("alone", "pair", "lead"):
                region = regions[piece.element] | section
                sighting = _sighting(named, piece.pos, piece.element, index, line.text, region)
                sighting.piece = number
                yield sighting


def _sighting(
    named: Named, pos: int, element: int, line: int, quote: str, region: Region
) -> Sighting:
    return Sighting(
        named.name,
        named.likelihood,
        named.form,
        pos,
        element,
        line,
        quote[:240],
        region,
        named.title,
        named.rest,
    )
