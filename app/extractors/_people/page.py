"""The people of one page: sightings weighed, each with what stands in its own block."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.crawl.document import Document
from app.extractors import Site
from app.extractors._people.blocks import lay_out
from app.extractors._people.channels import Owner, Reach, assign, find_channels, profile_url
from app.extractors._people.firm import Firm, firm_of
from app.extractors._people.names import Likelihood
from app.extractors._people.outline import Outline, read_outline
from app.extractors._people.regions import OTHERS, PageKind, Region, element_regions, page_kind
from app.extractors._people.rows import Rows
from app.extractors._people.sightings import Sighting, Sign, collect
from app.extractors._people.signs import Reader, is_about
from app.extractors._people.structured import Stated, stated_people
from app.extractors._people.titles import read_title
from app.extractors._people.weigh import AGAINST, confidence, is_person, points
from app.extractors.emails import address
from app.extractors.phones import e164, region_of
from app.pipeline.mailbox_names import Fit, is_role_mailbox, mailbox_fit
from app.records.evidence import Method
from app.records.person_name import PersonName, person_key

MAX_BIO = 300
MIN_OWNER = 3


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of a person with where it comes from."""

    field: str
    value: str
    quote: str
    method: Method
    confidence: float
    rule: str


@dataclass(slots=True)
class Person:
    """One person of a page."""

    key: str
    facts: list[Fact] = field(default_factory=list)


def read_people(document: Document, site: Site) -> list[Person]:
    """The people of a page, in order of appearance. Pure, bounded, never raises."""
    outline = read_outline(document.tree)
    if not outline.elements:
        return []
    kind = page_kind(document.url, outline)
    stated = {} if kind.others else _by_key(stated_people(document.json_ld, document.tree))
    sightings = [] if kind.others else _weighed(document, site, outline, kind)
    given = _channels(document, site, outline, sightings, stated)
    people: list[Person] = []
    for key in dict.fromkeys([*(sighting.key for sighting in sightings), *stated]):
        own = [sighting for sighting in sightings if sighting.key == key]
        person = _person(key, own, stated.get(key), given.get(key, []), outline)
        if person is not None:
            _add_stated(person, stated.get(key), document, site, sightings)
            people.append(person)
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


def _weighed(document: Document, site: Site, outline: Outline, kind: PageKind) -> list[Sighting]:
    """The sightings with blocks, titles and signs, without those of others."""
    regions = element_regions(outline)
    sightings = collect(outline, regions)
    blocks = lay_out(sightings, outline, regions)
    firm = firm_of(document, site)
    reader = Reader(outline, kind, firm, regions, document.url)
    rows = Rows(outline, sightings)
    kept: list[Sighting] = []
    for number, sighting in enumerate(sightings):
        if sighting.region & OTHERS or sighting.form == "author" or sighting.card is None:
            continue
        if sighting.key in blocks.fillers or _is_firm_name(sighting, firm):
            continue
        sighting.signs = reader.read(sighting, sighting.card, blocks.lines[number])
        sighting.signs |= reader.title_signs(sighting, sighting.signs)
        if row := rows.sign(sighting):
            sighting.signs.add(row)
        kept.append(sighting)
    return kept


def _is_firm_name(sighting: Sighting, firm: Firm) -> bool:
    """ "Alder Oar" on the site of Alder & Oar; a person's name that is the firm's stays."""
    if sighting.likelihood is Likelihood.KNOWN or sighting.name.credentials:
        return False
    spelled = [word for word in sighting.key.split("-") if len(word) > 1]
    first = sighting.likelihood is Likelihood.UNKNOWN and spelled[0] in firm.labels
    return first or all(word in firm.words for word in spelled)


def _channels(
    document: Document,
    site: Site,
    outline: Outline,
    sightings: Sequence[Sighting],
    stated: dict[str, Stated],
) -> dict[str, list[Reach]]:
    """Whose the addresses on the page are; the signs of those who have one grow."""
    everyone = {key: each.name for key, each in stated.items()}
    for sighting in sightings:
        unknown = sighting.likelihood is Likelihood.UNKNOWN
        if not unknown or points(sighting.signs) >= MIN_OWNER:
            everyone[sighting.key] = sighting.name
    channels = find_channels(outline, region_of(document, site), site.domain)
    given = assign(channels, _owners(sightings), everyone)
    for sighting in sightings:
        for reach in given.get(sighting.key, []):
            kind, value = reach.channel.kind, reach.channel.value
            if kind == "linkedin_url":
                sighting.signs.add(Sign.LINKEDIN)
            elif kind == "email" and mailbox_fit(value, sighting.name) >= Fit.PART:
                sighting.signs.add(Sign.MAILBOX)
    return given


def _owners(sightings: Sequence[Sighting]) -> list[Owner]:
    grouped: dict[str, list[Sighting]] = {}
    for sighting in sightings:
        if sighting.card is None or points(sighting.signs) < MIN_OWNER:
            continue
        framed = sighting.region & Region.FOOTER and sighting.card.siblings < 2
        if not framed:
            grouped.setdefault(sighting.key, []).append(sighting)
    return [
        Owner(
            key,
            own[0].name,
            tuple(dict.fromkeys(sighting.card for sighting in own if sighting.card)),
            tuple(sighting.line for sighting in own if sighting.line >= 0) or (0,),
            tuple(sighting.pos for sighting in own),
        )
        for key, own in grouped.items()
    ]


def _person(
    key: str,
    own: Sequence[Sighting],
    stated: Stated | None,
    reaches: Sequence[Reach],
    outline: Outline,
) -> Person | None:
    """The person, when the signs are enough; without titles, bio and structured data so far."""
    if _is_of_another_firm(own):
        return None
    sound = [sighting for sighting in own if not sighting.signs & AGAINST] or list(own)
    signs = {sign for sighting in sound for sign in sighting.signs}
    if stated is not None:
        signs.add(Sign.STRUCTURED)
    if not is_person(signs):
        return None
    sure = confidence(signs)
    person = Person(key)
    if sound:
        best = max(sound, key=_clarity)
        name = max((sighting.name for sighting in sound), key=lambda name: len(name.full))
        rule = f"people.{_place_of(best)}"
        person.facts.append(Fact("full_name", name.full, best.quote, "text", sure, rule))
        if title := _title_fact(sound, sure):
            person.facts.append(title)
        person.facts.extend(_reach_facts(reaches))
        if bio := _bio_fact(sound, outline):
            person.facts.append(bio)
    return person


def _is_of_another_firm(own: Sequence[Sighting]) -> bool:
    """Whether one place says so, and none that the person is of the team."""
    team = {Sign.TEAM_BOX, Sign.TEAM_SECTION, Sign.TEAM_PAGE, Sign.MAILBOX, Sign.BIO_PAGE}
    return any(Sign.ELSEWHERE in sighting.signs for sighting in own) and not any(
        sighting.signs & team for sighting in own
    )


def _clarity(sighting: Sighting) -> tuple[bool, int]:
    return sighting.form in ("alone", "pair", "lead") and sighting.line >= 0, points(sighting.signs)


def _place_of(sighting: Sighting) -> str:
    if sighting.form in ("prose", "contact"):
        return sighting.form
    if sighting.line < 0:
        return "picture"
    return sighting.card.kind if sighting.card else "line"


_TITLE_SURE = {"after": 0.92, "before": 0.86, "marked": 0.82, "sibling": 0.75, "said": 0.7}


def _title_fact(sound: Sequence[Sighting], sure: float) -> Fact | None:
    """The title that is surest: on the name's own line, then in the block, then in sentences."""
    titled = [sighting for sighting in sound if sighting.title is not None]
    if not titled:
        return None
    best = max(titled, key=_title_rank)
    assert best.title is not None
    slot = best.slot or ("line" if best.form in ("pair", "lead") else "prose")
    quote = best.shown or best.quote
    if best.name.family not in quote and not best.shown:
        quote = best.quote
    value = best.title.whole
    confident = min(sure + 0.05, _title_rank(best)[1])
    return Fact("title", value, quote, "text", confident, f"people.title.{slot}")


def _title_rank(sighting: Sighting) -> tuple[bool, float, int]:
    assert sighting.title is not None
    slot = sighting.slot or ("line" if sighting.form in ("pair", "lead") else "prose")
    rank = {"line": 0.95, "prose": 0.8} | _TITLE_SURE
    wordy = len(sighting.title.text.split()) > 6
    return sighting.title.known, min(rank[slot], 0.78 if wordy else 1.0), points(sighting.signs)


def _reach_facts(reaches: Sequence[Reach]) -> list[Fact]:
    best: dict[str, Reach] = {}
    for reach in sorted(reaches, key=lambda reach: -reach.confidence):
        best.setdefault(reach.channel.kind, reach)
    return [
        Fact(
            kind,
            reach.channel.value,
            reach.channel.quote,
            "link" if reach.channel.linked else "text",
            reach.confidence,
            reach.rule,
        )
        for kind, reach in sorted(best.items())
    ]


def _bio_fact(sound: Sequence[Sighting], outline: Outline) -> Fact | None:
    """The first paragraph of the person's own block that is about the person."""
    for sighting in sorted(sound, key=_clarity, reverse=True):
        if sighting.card is None:
            continue
        for line in outline.lines:
            if sighting.card.start <= line.pos < sighting.card.stop and is_about(
                line.text, sighting.name
            ):
                text = _cut(line.text)
                return Fact("bio", text, text, "text", 0.8, "people.bio")
    return None


def _cut(text: str) -> str:
    """At most MAX_BIO characters, ended at a sentence where one ends, else at a word."""
    if len(text) <= MAX_BIO:
        return text
    head = text[:MAX_BIO]
    end = max(head.rfind(mark) for mark in (". ", "! ", "? "))
    return head[: end + 1] if end > MAX_BIO // 3 else head[: head.rfind(" ")]


def _add_stated(
    person: Person,
    stated: Stated | None,
    document: Document,
    site: Site,
    sightings: Sequence[Sighting],
) -> None:
    """What structured data says of the person goes first: it is written to be read by programs."""
    if stated is None:
        return
    facts: list[Fact] = []
    if not any(fact.field == "full_name" for fact in person.facts):
        facts.append(
            Fact("full_name", stated.name.full, stated.quote, "structured", 0.9, stated.rule)
        )
    title = read_title(stated.title, loose=True) if stated.title else None
    if title is not None:
        facts.append(Fact("title", title.whole, stated.quote, "structured", 0.95, stated.rule))
    others = [sighting.name for sighting in sightings if sighting.key != person.key]
    for value in map(address, stated.emails):
        if value and not is_role_mailbox(value) and not _is_others(value, stated.name, others):
            facts.append(Fact("email", value, stated.quote, "structured", 0.95, stated.rule))
            break
    region = region_of(document, site)
    for value in (e164(phone, region) for phone in stated.phones):
        if value:
            facts.append(Fact("phone", value, stated.quote, "structured", 0.9, stated.rule))
            break
    for value in map(profile_url, stated.links):
        if value:
            facts.append(Fact("linkedin_url", value, stated.quote, "structured", 0.95, stated.rule))
            break
    person.facts = [*facts, *(fact for fact in person.facts if not _same(fact, facts))]


def _is_others(value: str, name: PersonName, others: Iterable[PersonName]) -> bool:
    own = mailbox_fit(value, name)
    return any(mailbox_fit(value, other) > max(own, Fit.INITIALS) for other in others)


def _same(fact: Fact, facts: Iterable[Fact]) -> bool:
    """Whether the page prints what the structured data says: once is enough."""
    return any(
        other.field == fact.field and other.value.lower() == fact.value.lower() for other in facts
    )
