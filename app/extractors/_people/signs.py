"""What the surroundings of a name say for and against a person of the company."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from urllib.parse import urlsplit

from app.crawl.document import Document
from app.extractors._facts import built_by
from app.extractors._people.beside import (
    BIO_WORDS,
    CLOSES,
    OPENS,
    is_about,
    is_signature,
    names,
    says_more,
    slug_words,
)
from app.extractors._people.cards import Card
from app.extractors._people.firm import (
    Firm,
    has_left,
    is_elsewhere,
    is_foreign_rest,
    is_former,
    is_other_firm,
    is_over,
)
from app.extractors._people.lexicon import words
from app.extractors._people.names import Likelihood
from app.extractors._people.outline import Line, Outline
from app.extractors._people.regions import PageKind, Region, is_team_path
from app.extractors._people.sightings import Sighting, Sign
from app.extractors._people.titles import Title, read_title
from app.pipeline.mailbox_names import is_free_domain
from app.records._places import states_as_written
from app.records.person_name import PersonName, folded_name

QUOTE_WORDS = 6
FEW_WORDS = 6

_STATES = "|".join((*states_as_written(), "New [A-Z][a-z]+", "Canada", "USA", "UK"))
_PLACE = re.compile(
    rf"^\W*[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]+){{0,2}}(?:, ?(?:[A-Z]{{2}}|{_STATES})| "
    rf"[A-Z]{{2}})\W*(?:\d{{5}})?\W*$"
)
_STATE_END = re.compile(r"(?:^|,? )\b[A-Z]{2}\b\W*(?:\d{5})?\W*$")
_DASHED = re.compile(r"^\s*[-–—~]{1,2}\s*(?=\w)")
_TOWN = re.compile(r"(?:[A-Z]{1,2}-)?\d{4,5} [A-ZÀ-Þ][^\d]{2,40}$")
_HOUSE = re.compile(r"^(?:\d{1,4} ?\w?,? )?[^\W\d][^\d]{2,50}(?: \d{1,4} ?[a-zA-Z]?)?$")
_PROFESSION = re.compile(r"(?:gesetzliche )?berufsbezeichnung:? ([^\W\d]{4,40})", re.IGNORECASE)
_PARTNER = re.compile(
    r"(?:our |preferred |trusted )+(?:\w+ ){0,2}(?:partner|lender|vendor|contractor|sponsor)s?:"
    r"|[^:]{0,40}\bextern\w*:",
    re.IGNORECASE,
)
_AT_HOST = re.compile(r"@([\w-]{2,60}\.[\w.-]{2,40})")
_STARS = re.compile(r"★{2,}|⭐|\b[1-5](?:\.\d)? (?:out of 5|stars?)\b", re.IGNORECASE)
_PRAISE = re.compile(
    r"\b(?:I|I['’](?:ve|m|d)|we|we['’](?:ve|re|d)|my|me|they|yo|mi|nos|ich|wir|je|nous|highly "
    r"recommend|thanks?)\b",
    re.IGNORECASE,
)
_DIED = re.compile(
    r"(?:(?!\b(?:her|his|their|after|when|until|father|mother|husband|wife|who)\b)[^.!?]){3,90}?"
    r"\b(?:passed away|died (?:in|on|at)|verst[oa]rb|starb (?:im|am)|"
    r"est décédée?|falleció)\b",
    re.IGNORECASE,
)
_BOLD = frozenset(("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6"))
_DOCTORS = ("dr", "prof", "attorney", "atty", "rabbi", "rev")


class Reader:
    """Reads the signs of one page."""

    def __init__(
        self,
        outline: Outline,
        kind: PageKind,
        firm: Firm,
        regions: Sequence[Region],
        document: Document,
        imprint: int,
    ) -> None:
        self._outline = outline
        self._kind = kind
        self._firm = firm
        self._regions = regions
        self._slug = slug_words(document.url)
        self._imprint = imprint
        self._year = document.page.fetched_at.year
        self._pictures_at = [picture.pos for picture in outline.pictures]

    def read(self, sighting: Sighting, card: Card, indexes: Sequence[int]) -> set[Sign]:
        """The signs of one sighting; those of title and mailbox are added by who finds them."""
        signs = set(self._of_place(sighting, card))
        signs.update(self._of_words(sighting))
        signs.update(self._of_card(sighting, card, indexes))
        team = signs & {Sign.TEAM_BOX, Sign.TEAM_SECTION}
        if self._is_quoted(sighting, indexes, bool(team)):
            signs.add(Sign.QUOTED)
        if (
            self._is_over(sighting, indexes)
            or self._is_dead(sighting, indexes)
            or self._is_another_s(sighting)
        ):
            signs.add(Sign.ELSEWHERE)
        return signs

    def _is_another_s(self, sighting: Sighting) -> bool:
        """Whether the line of a name gives the address of another organisation and names it, or the
        line above says that here stands who made the site."""
        if sighting.line < 0:
            return False
        lines = self._outline.lines
        above = lines[sighting.line - 1].text if sighting.line else ""
        if above.lower().rstrip(" :").endswith(" by") and built_by(above):
            return True
        text = lines[sighting.line].text
        if _PARTNER.match(text):
            return True
        for host in _AT_HOST.findall(text):
            label = "".join(folded_name(host.partition(".")[0]).split())
            rest = {word for word in folded_name(text.replace(host, "")).split() if len(word) > 4}
            if any(word in label for word in rest - set(sighting.key.split("-"))):
                return not is_free_domain(host) and not self._firm.is_meant(label)
        return False

    def _is_over(self, sighting: Sighting, indexes: Sequence[int]) -> bool:
        """Whether the line of the name, or the next one of the block, gives years that ended."""
        near = [index for index in indexes if 0 <= index - sighting.line <= 1]
        lines = [self._outline.lines[index].text for index in near if sighting.line >= 0]
        own = lines[0] if lines else ""
        if has_left(own[own.find(sighting.name.family) + len(sighting.name.family) :]):
            return True
        return sighting.form != "prose" and any(
            is_over(line, self._year) or (len(line.split()) <= FEW_WORDS and is_former(line))
            for line in lines
        )

    def _is_dead(self, sighting: Sighting, indexes: Sequence[int]) -> bool:
        """Whether a sentence of the block that begins with the person tells of a death."""
        texts = (self._outline.lines[index].text for index in indexes)
        given = sighting.name.given
        return any(_DIED.match(text[text.find(given) :]) for text in texts if given in text[:90])

    def title_signs(self, sighting: Sighting, signs: set[Sign]) -> set[Sign]:
        """What the title adds: a title, or that it is one somewhere else."""
        if sighting.title is None and Sign.SEAT in signs:
            sighting.title, sighting.shown = self._profession()
        title = sighting.title
        if title is None:
            return set()
        team = signs & {Sign.TEAM_BOX, Sign.TEAM_SECTION, Sign.TEAM_PAGE}
        if is_elsewhere(self._firm, title, sighting.of):
            if sighting.slot == "made":
                sighting.title, sighting.slot = None, ""  # what somebody founded before
                return {Sign.PLACE_AFTER}
            if Sign.TEAM_PAGE in signs and title.after and sighting.form == "alone":
                sighting.title = None  # what a member of the board is in a company of their own
                return set()
            return {Sign.ELSEWHERE}
        if not team and self._is_signed_for(sighting):
            return {Sign.TITLE, Sign.ELSEWHERE}
        alone = sighting.card is None or not sighting.card.siblings
        if not team and alone and sighting.form != "prose" and is_foreign_rest(self._firm, title):
            return {Sign.TITLE, Sign.PLACE_AFTER}
        return {Sign.TITLE if title.known else Sign.TITLE_PLACE}

    def _is_signed_for(self, sighting: Sighting) -> bool:
        """Whether another organisation stands on its own line below name and title."""
        if sighting.line < 0 or sighting.form not in ("alone", "pair"):
            return False
        below = self._outline.lines[sighting.line + 1 : sighting.line + 3]
        return any(
            len(line.text.split()) <= 8
            and not read_title(line.text)
            and is_other_firm(self._firm, line.text)
            for line in below
        )

    def _is_below_praise(self, sighting: Sighting, indexes: Sequence[int]) -> bool:
        """Whether the text of the block stands above the name, in the first person, none below: how
        customers are quoted without quotation marks."""
        line = self._outline.lines[sighting.line]
        repeated = sighting.card is not None and sighting.card.siblings > 0
        above = [
            other.text
            for index in indexes
            if index < sighting.line
            and ((other := self._outline.lines[index]).element == line.element or repeated)
        ]
        below = [self._outline.lines[index].text for index in indexes if index > sighting.line]
        if any(len(text.split()) >= BIO_WORDS for text in below):
            return False
        return any(len(text.split()) >= BIO_WORDS and _PRAISE.search(text) for text in above)

    def _of_words(self, sighting: Sighting) -> set[Sign]:
        signs = set()
        if sighting.likelihood is Likelihood.KNOWN:
            signs.add(Sign.GIVEN_KNOWN)
        elif sighting.likelihood is Likelihood.WEAK:
            signs.add(Sign.GIVEN_WEAK)
        honorific = sighting.name.honorific.lower().rstrip(".")
        if sighting.name.credentials or honorific.startswith(_DOCTORS):
            signs.add(Sign.CREDENTIALS)
        if sighting.form in ("contact", "lead"):
            signs.add(Sign.CONTACT)
        elif sighting.form == "prose":
            signs.add(Sign.SAID)
        if (
            sighting.title is None
            and sighting.rest
            and (_PLACE.match(sighting.rest) or _STATE_END.search(sighting.rest))
        ):
            signs.add(Sign.PLACE_AFTER)
        return signs

    def _of_place(self, sighting: Sighting, card: Card) -> set[Sign]:
        region, kind = sighting.region, self._kind
        flags = (
            (region & Region.TEAM, Sign.TEAM_BOX),
            (region & Region.SECTION_TEAM, Sign.TEAM_SECTION),
            (kind.team, Sign.TEAM_PAGE),
            (kind.people or kind.home, Sign.PEOPLE_PAGE),
            (self._own_region(sighting) & Region.NAME, Sign.NAME_PLACE),
            (card.siblings, Sign.REPEATED),
            (self._is_prominent(sighting), Sign.PROMINENT),
            (self._is_bio_page(sighting), Sign.BIO_PAGE),
            (self._is_imprint_s(sighting), Sign.SEAT),
        )
        signs = {sign for holds, sign in flags if holds}
        if self._is_bio_link(sighting):
            signs.add(Sign.BIO_LINK)
        elif region & Region.NAV:
            signs.add(Sign.NAVIGATION)
        return signs

    def _own_region(self, sighting: Sighting) -> Region:
        parent = self._outline.elements[sighting.element].parent
        own = self._regions[sighting.element]
        return own | self._regions[parent] if parent >= 0 else own

    def _is_prominent(self, sighting: Sighting) -> bool:
        if sighting.form in ("prose", "contact") or sighting.line < 0:
            return False
        chain = self._outline.ancestors(sighting.element, 4)
        return any(self._outline.elements[index].tag in _BOLD for index in chain)

    def _is_bio_page(self, sighting: Sighting) -> bool:
        """The address of the page is the person's name, and the name stands in its main heading."""
        if not names(self._slug, sighting.name) or sighting.line < 0:
            return False
        line = self._outline.lines[sighting.line]
        sure = sighting.likelihood is Likelihood.KNOWN or self._kind.team
        return sure and line.level in (1, 2) and not sighting.region & Region.NAV

    def _is_imprint_s(self, sighting: Sighting) -> bool:
        """Whether the first address of an imprint is this person's: a line of its own, the street
        and the town below it."""
        if sighting.form != "alone" or sighting.line < 0 or sighting.pos < self._imprint:
            return False
        lines = self._outline.lines
        first = next(
            (
                i
                for i, line in enumerate(lines)
                if line.pos >= self._imprint and _TOWN.match(line.text)
            ),
            0,
        )
        return sighting.line == first - 2 and bool(_HOUSE.search(lines[first - 1].text))

    def _profession(self) -> tuple[Title | None, str]:
        """What an imprint says that the person answering for it is, and the line that says it."""
        for line in self._outline.lines:
            if line.pos >= self._imprint and (found := _PROFESSION.match(line.text)):
                return read_title(found[1]), line.text
        return None, ""

    def _is_bio_link(self, sighting: Sighting) -> bool:
        for index in self._outline.ancestors(sighting.element, 4):
            if href := self._outline.elements[index].href:
                path = urlsplit(href).path if "://" in href else href
                folders = {part for part in path.lower().split("/") if part}
                if folders & (words("regions", "article_paths") | words("regions", "place_paths")):
                    return False
                sure = sighting.likelihood is Likelihood.KNOWN or any(map(is_team_path, folders))
                slug = slug_words(path)
                return bool(sure) and names(slug, sighting.name) and not says_more(slug, sighting)
        return False

    def _of_card(self, sighting: Sighting, card: Card, indexes: Sequence[int]) -> set[Sign]:
        signs = set()
        if any(self._is_bio(self._outline.lines[index], sighting.name) for index in indexes):
            signs.add(Sign.BIO)
        first = bisect_left(self._pictures_at, card.start)
        for picture in self._outline.pictures[first : bisect_left(self._pictures_at, card.stop)][
            :6
        ]:
            if names(frozenset(folded_name(picture.target).split()), sighting.name):
                signs.add(Sign.PICTURE)
        if sighting.title is None and not signs & {Sign.BIO}:
            after = [index for index in indexes if index > sighting.line][:1]
            if after and _PLACE.match(self._outline.lines[after[0]].text):
                signs.add(Sign.PLACE_AFTER)
        return signs

    def _is_bio(self, line: Line, name: PersonName) -> bool:
        return is_about(line.text, name)

    def _is_quoted(self, sighting: Sighting, indexes: Sequence[int], team: bool) -> bool:
        """Whether the name signs a quote: after a dash, stars, or text in quotation marks."""
        if sighting.line < 0:
            return False
        outline = self._outline
        line = outline.lines[sighting.line]
        if is_signature(line.text, sighting.name):
            return True
        if sighting.form in ("prose", "contact"):
            return False
        above = [
            outline.lines[index].text for index in range(max(0, sighting.line - 3), sighting.line)
        ]
        said = bool(above) and len(above[-1].split()) >= QUOTE_WORDS and above[-1][-1] in ".!?"
        if _DASHED.match(line.text) and (
            not team or (said and not (sighting.title and sighting.title.known))
        ):
            return True
        block = [outline.lines[index].text for index in indexes]
        if any(_STARS.search(text) for text in block[:8]):
            return True
        nearest = next((text for text in reversed(above) if len(text.split()) >= QUOTE_WORDS), "")
        if not team and nearest.endswith(CLOSES) and nearest.startswith(OPENS):
            return True
        if not team and self._is_below_praise(sighting, indexes):
            return True
        return not team and any(
            text.startswith(OPENS)
            and text.rstrip(".").endswith(CLOSES)
            and len(text.split()) >= QUOTE_WORDS
            for text in block
        )
