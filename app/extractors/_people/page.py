"""The people of one page: sightings weighed, each with what stands in its own block."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.crawl.document import Document
from app.extractors import Site
from app.extractors._addresses.region import region_of
from app.extractors._people.blocks import lay_out
from app.extractors._people.channels import Channel, find_channels
from app.extractors._people.facts import Fact, seen_facts, stated_facts
from app.extractors._people.firm import Firm, firm_of
from app.extractors._people.names import Likelihood
from app.extractors._people.outline import Outline, read_outline
from app.extractors._people.reach import Owner, Reach, assign
from app.extractors._people.regions import (
    OTHERS,
    PageKind,
    Region,
    element_regions,
    imprint_start,
    page_kind,
)
from app.extractors._people.rows import Rows
from app.extractors._people.sightings import Sighting, Sign, collect
from app.extractors._people.signs import Reader
from app.extractors._people.structured import Stated, stated_people
from app.extractors._people.weigh import AGAINST, confidence, is_person, points
from app.pipeline.mailbox_names import Fit, mailbox_fit
from app.records.person_name import person_key

MIN_OWNER = 3


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a page."""

    key: str
    facts: tuple[Fact, ...]


def read_people(document: Document, site: Site) -> list[Person]:
    """The people of a page, in order of appearance. Pure, bounded, never raises."""
    outline = read_outline(document.tree)
    if not outline.elements:
        return []
    kind = page_kind(document.url, outline)
    stated = {} if kind.others else _by_key(stated_people(document.json_ld, document.tree))
    imprint = imprint_start(document.url, outline)
    sightings = [] if kind.others else _weighed(document, site, outline, kind, imprint)
    if not sightings and not stated:
        return []
    region = region_of(document, site)
    channels = find_channels(outline, region, site.domain)
    given = _channels(channels, sightings, stated, imprint, site.domain)
    people: list[Person] = []
    for key in dict.fromkeys([*(sighting.key for sighting in sightings), *stated]):
        own = [sighting for sighting in sightings if sighting.key == key]
        facts = _facts(own, stated.get(key), given.get(key, []), outline)
        if facts is not None and key in stated:
            others = [sighting.name for sighting in sightings if sighting.key != key]
            facts = _joined(list(stated_facts(stated[key], others, region)), facts)
        if facts:
            people.append(Person(key, tuple(facts)))
    return people


def _by_key(stated: Iterable[Stated]) -> dict[str, Stated]:
    """The fullest statement about every person."""
    found: dict[str, Stated] = {}
    for each in stated:
        key = person_key(each.name.full)
        if key not in found or _fullness(each) > _fullness(found[key]):
            found[key] = each
    return found


def _fullness(stated: Stated) -> int:
    return bool(stated.title) + len(stated.emails) + len(stated.phones) + len(stated.links)


def _weighed(
    document: Document, site: Site, outline: Outline, kind: PageKind, imprint: int
) -> list[Sighting]:
    """The sightings with blocks, titles and signs, without those of others."""
    regions = element_regions(outline)
    sightings = collect(outline, regions)
    blocks = lay_out(sightings, outline, regions)
    firm = firm_of(document, site)
    reader = Reader(outline, kind, firm, regions, document, imprint)
    rows = Rows(outline, sightings)
    shown = [each for each in sightings if each.line >= 0 and each.form == "alone"]
    among = {
        each.key
        for each in sightings
        if each.title
        and each.title.known
        and rows.sign(each) in (Sign.AMONG_PEOPLE, Sign.AMONG_STAFF)
    }
    kept: list[Sighting] = []
    for number, sighting in enumerate(sightings):
        if sighting.region & OTHERS or sighting.form == "author" or sighting.card is None:
            continue
        if sighting.key in blocks.fillers or _is_firm_name(sighting, firm):
            continue
        if sighting.line < 0 and _is_renamed(sighting, shown, outline):
            continue
        sighting.signs = reader.read(sighting, sighting.card, blocks.lines[number])
        sighting.signs |= reader.title_signs(sighting, sighting.signs)
        row = rows.sign(sighting)
        if row and not (row is Sign.ODD_ONE_OUT and sighting.key in among):
            sighting.signs.add(row)
        kept.append(sighting)
    return kept


def _is_renamed(picture: Sighting, shown: Sequence[Sighting], outline: Outline) -> bool:
    """Whether the nearest name that is printed beside a picture is another than the one in the
    words behind it: those stay when a portrait is exchanged."""
    if picture.key in {each.key for each in shown}:
        return False
    for index in outline.ancestors(picture.element, 6):
        box = outline.elements[index]
        if inside := {each.key for each in shown if box.start <= each.pos < box.stop}:
            return len(inside) == 1
    return False


def _is_firm_name(sighting: Sighting, firm: Firm) -> bool:
    """ "Alder Oar" on the site of Alder & Oar; a person's name that is the firm's stays."""
    initials = len(sighting.name.given.rstrip(".")) == 1 or "." in sighting.name.given
    if sighting.likelihood is Likelihood.KNOWN or sighting.name.credentials or initials:
        return False
    spelled = [word for word in sighting.key.split("-") if len(word) > 1]
    first = sighting.likelihood is Likelihood.UNKNOWN and spelled[0] in firm.labels
    return first or all(word in firm.words for word in spelled)


def _channels(
    channels: Sequence[Channel],
    sightings: Sequence[Sighting],
    stated: dict[str, Stated],
    imprint: int,
    domain: str,
) -> dict[str, list[Reach]]:
    """Whose the addresses on the page are; the signs of those who have one grow."""
    everyone = {key: each.name for key, each in stated.items()}
    for sighting in sightings:
        unknown = sighting.likelihood is Likelihood.UNKNOWN
        if not unknown or points(sighting.signs) >= MIN_OWNER:
            everyone[sighting.key] = sighting.name
    given = assign(channels, _owners(sightings, imprint), everyone, domain)
    for sighting in sightings:
        for reach in given.get(sighting.key, []):
            kind, value = reach.channel.kind, reach.channel.value
            if kind == "linkedin_url":
                sighting.signs.add(Sign.LINKEDIN)
            elif kind == "email" and mailbox_fit(value, sighting.name) >= Fit.PART:
                sighting.signs.add(Sign.MAILBOX)
    return given


def _owners(sightings: Sequence[Sighting], imprint: int) -> list[Owner]:
    """Who may own what stands in their blocks; from the position of the imprint on, only those with
    a box of their own."""
    grouped: dict[str, list[Sighting]] = {}
    for sighting in sightings:
        if sighting.card is None or points(sighting.signs) < MIN_OWNER:
            continue
        framed = sighting.region & Region.FOOTER and sighting.card.siblings < 2
        framed = framed or (sighting.pos >= imprint and sighting.card.kind != "card")
        if not framed:
            grouped.setdefault(sighting.key, []).append(sighting)
    return [
        Owner(
            key,
            own[0].name,
            tuple(dict.fromkeys(sighting.card for sighting in own if sighting.card)),
            tuple(sighting.line for sighting in own if sighting.line >= 0) or (0,),
            tuple(sighting.pos for sighting in own),
            any({Sign.TEAM_BOX, Sign.TITLE} <= sighting.signs for sighting in own),
        )
        for key, own in grouped.items()
    ]


def _facts(
    own: Sequence[Sighting],
    stated: Stated | None,
    reaches: Sequence[Reach],
    outline: Outline,
) -> list[Fact] | None:
    """What the page shows of a person, when the signs are enough; else None."""
    if _is_of_another_firm(own):
        return None
    sound = [sighting for sighting in own if not sighting.signs & AGAINST] or list(own)
    signs = {sign for sighting in sound for sign in sighting.signs}
    if stated is not None:
        signs.add(Sign.STRUCTURED)
    if not is_person(signs):
        return None
    return list(seen_facts(sound, reaches, outline, confidence(signs))) if sound else []


def _is_of_another_firm(own: Sequence[Sighting]) -> bool:
    """Whether one place says so, and none that the person is of the team."""
    team = {Sign.TEAM_BOX, Sign.TEAM_SECTION, Sign.TEAM_PAGE, Sign.MAILBOX, Sign.BIO_PAGE}
    return any(Sign.ELSEWHERE in sighting.signs for sighting in own) and not any(
        sighting.signs & team for sighting in own
    )


def _joined(stated: Sequence[Fact], seen: Sequence[Fact]) -> list[Fact]:
    """Structured data goes first: it is written to be read by programs. What the page prints
    alike is not said twice; the name is the printed one."""
    printed = {fact.field for fact in seen}
    said = [fact for fact in stated if fact.field != "full_name" or "full_name" not in printed]
    known = {(fact.field, fact.value.lower()) for fact in said}
    return [*said, *(fact for fact in seen if (fact.field, fact.value.lower()) not in known)]
