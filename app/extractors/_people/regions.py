"""What a part of a page is about: people of the company, others (customers, authors), or "
"neither."""

import re
from dataclasses import dataclass
from enum import Flag, auto
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from app.extractors._people.lexicon import phrases, words
from app.extractors._people.outline import MAX_NODES, Element, Line, Outline
from app.records.person_name import folded_name

MAX_HEADING_WORDS = 8

_MARK = re.compile(r"[a-z]+(?:-[a-z]+)*")
_DATED = re.compile(r"/(?:19|20)\d\d/\d{1,2}(?:/|$)")
_LETTER = re.compile(
    r"(?:an? )?(?:note|message|letter|word|welcome) from (?:our|the) (?!clients?|owners)"
)
_SECTIONS = frozenset("section aside article main header footer body blockquote".split())
_OF_A_PERSON = frozenset(("person", "team", "member", "staff"))
_OF_A_PAGE = frozenset("card section page entry post widget box block heading item".split())
_QUOTES = frozenset(("blockquote", "q", "cite"))


class Region(Flag):
    """TEAM: a box about people of the company; SECTION_TEAM: a section. OTHERS: about
    customers, authors, and so on; ASIDE: about listings, news, and so on, unless a box in it is of
    the team. NAME and TITLE: a box marked as a name or a job title."""

    NONE = 0
    TEAM = auto()
    OTHERS = auto()
    NAV = auto()
    FOOTER = auto()
    NAME = auto()
    TITLE = auto()
    SECTION_TEAM = auto()
    ASIDE = auto()


_INHERITED = Region.TEAM | Region.OTHERS | Region.ASIDE | Region.NAV | Region.FOOTER
_TAGS = {"nav": Region.NAV, "footer": Region.FOOTER}
OTHERS = Region.OTHERS | Region.ASIDE


@dataclass(frozen=True, slots=True)
class PageKind:
    """What the address says: a page of the team, one where people are often named (about, contact),
    an article or testimonial page, the home page."""

    team: bool
    people: bool
    others: bool
    home: bool


def page_kind(url: str, outline: Outline) -> PageKind:
    """The kind of a page by its address and the marks of its body."""
    path = unquote(urlsplit(url).path).lower()
    parts = [part.rpartition(".")[0] or part for part in path.split("/") if part]
    parts = [part for part in parts if part not in ("index", "home", "default")]
    body = outline.elements[0].marks if outline.elements else ""
    others = bool(_DATED.search(path)) or "single-post" in body.split()
    return PageKind(
        team=any(map(is_team_path, parts)),
        people=any(_among(part, "people_paths") for part in parts),
        others=others or any(_among(part, "article_paths") for part in parts),
        home=not parts,
    )


def is_team_path(part: str) -> bool:
    """Whether this part of an address is a word for the people of the company."""
    return _among(part, "team_paths") or part.endswith("team")


def _among(part: str, section: str) -> bool:
    known = words("regions", section)
    return part in known or part.replace("_", "-") in known


def imprint_start(url: str, outline: Outline) -> int:
    """The position from which a page says who answers for it, as the law asks: what stands there is
    the company's, whoever is named beside it. Behind the last one where it does not."""
    path = unquote(urlsplit(url).path).lower()
    parts = (part.rpartition(".")[0] or part for part in path.split("/"))
    if any(_among(part, "imprint_paths") for part in parts):
        return 0
    heads = (
        line.pos
        for line in outline.lines
        if line.level and folded_name(line.text) in phrases("regions", "imprint_headings")
    )
    return next(heads, MAX_NODES + 1)


def element_regions(outline: Outline) -> list[Region]:
    """The region of every element, what its boxes say included."""
    regions: list[Region] = []
    seen: dict[tuple[Region, str, str], Region] = {}
    for element in outline.elements:
        around = regions[element.parent] if element.parent >= 0 else Region.NONE
        alike = (around, element.tag, element.marks)
        if alike not in seen:
            seen[alike] = _region(around, element)
        regions.append(seen[alike])
        if element.tag == "img" and regions[-1] & Region.OTHERS:
            regions[element.parent] |= Region.OTHERS
    return regions


def _region(around: Region, element: Element) -> Region:
    """What a box says, with what the box around it said."""
    inherited = around & _INHERITED
    if element.tag in ("body", "html"):
        return inherited
    own = _marked(element.marks) if element.marks else Region.NONE
    if own & Region.TEAM:
        inherited &= ~Region.ASIDE
    if element.tag in _QUOTES:
        own |= Region.OTHERS
    return inherited | own | _TAGS.get(element.tag, Region.NONE)


def _marked(marks: str) -> Region:
    found = set()
    for mark in _MARK.findall(marks.replace("_", "-")):
        parts = mark.split("-")
        if parts[0] in _OF_A_PERSON and "author" in parts:
            continue  # a theme's word for the box of name and title
        if parts[-1] == "title" and parts[0] in _OF_A_PAGE:
            continue  # a heading
        found.update(parts)
        found.update(f"{one}-{two}" for one, two in pairwise(parts))
    region = Region.NONE
    for flag, section in _MARKS:
        if found & words("regions", section):
            region |= flag
    if found & {"nav", "menu", "navbar", "navigation", "breadcrumb", "breadcrumbs"}:
        region |= Region.NAV
    if "footer" in found:
        region |= Region.FOOTER
    return region


_MARKS = (
    (Region.TEAM, "team_marks"),
    (Region.OTHERS, "other_marks"),
    (Region.ASIDE, "aside_marks"),
    (Region.NAME, "name_marks"),
    (Region.TITLE, "title_marks"),
)


def section_regions(outline: Outline) -> list[Region]:
    """What the headings above say of every line: SECTION_TEAM, OTHERS or neither."""
    found: list[Region] = []
    open_headings: list[tuple[int, int, Region]] = []
    for line in outline.lines:
        level, said = _heading(line)
        open_headings = [
            opened
            for opened in open_headings
            if opened[1] > line.pos and not (level and opened[0] >= level)
        ]
        region = Region.NONE
        for _, _, above in open_headings:
            region |= above
        found.append(region)
        if said:
            open_headings.append((level, _section_stop(outline, line), said))
    return found


def _heading(line: Line) -> tuple[int, Region]:
    """The level of a heading (0: none) and what it says. A short line that is no heading but says
    it counts as one of the lowest level."""
    if len(line.text) > 80:
        return line.level, Region.NONE
    plain = folded_name(line.text).split()
    if len(plain) > MAX_HEADING_WORDS:
        return line.level, Region.NONE
    said = Region.NONE
    text = " ".join(plain)
    if text in phrases("regions", "team_headings"):
        said = Region.SECTION_TEAM
    elif _says_others(text, plain):
        said = Region.OTHERS
    if line.level:
        return line.level, said or _loosely_team(text)
    if said and line.tag not in ("li", "td", "a", "button"):
        return 7, said
    return 0, Region.NONE


def _loosely_team(text: str) -> Region:
    """A heading such as "Meet the Acme team" or "The people behind Acme"."""
    named = set(text.split()) & {
        "team",
        "staff",
        "attorneys",
        "lawyers",
        "equipo",
        "equipe",
        "people",
        "agents",
        "leadership",
        "mitarbeiter",
        "doctors",
    }
    if named_team := [word for word in text.split() if len(word) > 6 and word.endswith("team")]:
        named.update(named_team)  # "Unser Praxisteam"
    if _LETTER.match(text):
        return Region.SECTION_TEAM
    opened = text.startswith(("meet ", "our ", "the ", "your ", "unser ", "nuestro ", "notre "))
    return Region.SECTION_TEAM if named and opened else Region.NONE


def _says_others(text: str, plain: list[str]) -> bool:
    known = phrases("regions", "other_headings")
    if text in known or (plain and f"{plain[0]}*" in known):
        return True
    middle = f"{plain[0]} * {plain[-1]}" if len(plain) > 2 else ""
    return middle in known or any(
        f"{' '.join(plain[:count])} *" in known or f"* {' '.join(plain[-count:])}" in known
        for count in (1, 2, 3)
        if len(plain) > count
    )


def _section_stop(outline: Outline, line: Line) -> int:
    """Where what a heading speaks for must end: the end of the section that it stands in."""
    for index in outline.ancestors(line.element):
        if outline.elements[index].tag in _SECTIONS:
            return outline.elements[index].stop
    return outline.elements[0].stop
