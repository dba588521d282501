"""What the firm is: name, kind, description, founding year, address, LinkedIn page, and whether
it says that it has closed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from app.crawl.document import Document
from app.extractors import Site
from app.extractors._addresses.american import find_addresses
from app.extractors._addresses.map_links import mapped_address
from app.extractors._addresses.postal import Address
from app.extractors._addresses.region import country_of_host
from app.extractors._addresses.seat import country_told, seats
from app.extractors._addresses.whose_address import weight_before
from app.extractors._facts import (
    built_by,
    fact,
    in_frame,
    is_about,
    is_article,
    is_aside,
    is_entry,
    is_staff,
    linkedin_company,
    path_of,
    quote_around,
    readable,
)
from app.extractors._firm.company_name import Named, company_name
from app.extractors._firm.legal_names import legal_names
from app.extractors._firm.trades import REAL_ESTATE, trade_of_type, trades_of
from app.records._places import folded
from app.records.evidence import Evidence, Method

_BY_LANGUAGE: Final = {
    "ES": ("MX", "PE", "CR", "GT", "CU", "UY", "DO", "EC"),
    "FR": ("MA", "MC", "TN", "DZ"),
}
MAX_DESCRIPTION = 300
MAPPED = 0.55
MIN_DESCRIPTION = 60

_LISTINGS = re.compile(
    r"rental|listing|propert(?:y|ies)(?!-?manage)|available|vacanc|homes-for|apartments?|floor-?plan|"
    r"portfolio|communit|for-(?:rent|sale|lease)|search|/units?\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"[12](?<!\w[12])[089]\d\d\b(?!\s*[-–]\s*\d)")
_MONTH = (
    r"(?:jan|feb|mar|mär|mai|may|mag|apr|abr|avr|jun|juin|jul|juil|aug|ago|août|sep|set|oct|okt|ott|"
    r"nov|dec|dez|déc|dic|ene|gen|fév|giu|lug)[a-zé]{0,7}\.?"
)
_IN = (
    r"(?:\s+(?:back\s+)?(?:in|en|em|nel|im jahre?|im|as of|a (?:finales|principios|mediados)))?"
    r"(?:\s+(?:the\s+)?(?:early|late|spring|summer|fall|autumn|winter)(?:\s+of)?)?"
    r"(?:\s+(?:del? |el |l['’]|o |no |the )?(?:año|anno|ano|jaar|year))?(?:\s+de)?"
)
_FOUNDED_BEFORE = re.compile(
    r"\b(?:(?:founded|established|formed|incorporated|started|begun|began|launched|opened|set up|"
    r"est\.?|gegründet|gründungsjahr|entstand|fondée?|créée?|fundad[ao]|cread[ao]|constituid[ao]|"
    r"fundamos|nace|nacimos|iniciamos|abri(?:ó|mos)|"
    r"fondat[ao]|nasce|opgericht|ontstaan)"
    r"(?:\s+(?:our|its|the|this|sus|nuestras)\s+\w+)?"
    r"(?:\s+(?:in|by|von|par|por|da|door) [^.,\n]{2,40}?(?= (?:in|im|en|em|nel) ))?"
    rf"{_IN}"
    r"|(?P<since>(?:serving|managing|in business|family[- ]owned|trusted|operating|proudly|"
    r"experience|real estate|property management|properties|management|company|firm|"
    r"[A-Z]{2}|[A-Z][a-z]+)\b[^.\n]{0,80}?\bsince|^since|\bseit|\bdepuis|\bdesde))\s*:?\s*"
    rf"(?:{_MONTH}(?:\s+\d{{1,2}}(?:st|nd|rd|th)?)?,?\s+(?:de\s+)?)?$",
    re.IGNORECASE,
)
_FOUNDED_WHAT = re.compile(
    r"\b(?:founded|established|started|launched|gründeten?|eröffneten?|fund[óo]u?|abrió|creó|fonde|"
    r"fondé|fondò|fonda|créa)\s+"
    rf"(?P<what>[^.,\n]{{2,50}}?)(?=\s+(?:in|im|en|em|nel)\b){_IN}(?:\s+{_MONTH})?\s*$",
    re.IGNORECASE,
)
_BEGAN = re.compile(
    r"(?P<what>[^.,\n]{2,50}?)\s+(?:begon|startte|begann|comenzó|empezó|começou|iniziò|débuta)"
    rf"{_IN}\s*$",
    re.IGNORECASE,
)
_FIRM_WORD = re.compile(
    r"(?:\w+['’ ])?(?:firm|company|practice|agency|studio|business|office|brokerage|clinic|"
    r"administración|empresa|firma|despacho|bufete|estudio|gestoría|inmobiliaria|clínica|agence|"
    r"cabinet|société|étude|régie|entreprise|kanzlei|praxis|büro|unternehmen|hausverwaltung|agentur|"
    r"azienda|impresa|agenzia|società|ditta|escritório|kantoor|bedrijf|bureau|verein|association|"
    r"asociación|associazione)",
    re.IGNORECASE,
)
_OF_A_CLIENT = re.compile(
    r"\b(?:owner|client|customer|tenant|resident|patient|member|homeowner|landlord|mitglied|kunde|"
    r"kundin|mieter|mieterin|patientin|mandant|mandantin|cliente|locataire|propriétaire|adhérente?|"
    r"membre|propietari[oa]|inquilin[oa]|soci[oa]|klant|lid|huurder|condómino|visitors?|counter|besucher|copyright)\b(?!-)"
    r"(?! (?:owned|operated|managed|run|focused|and operator))[^\n]{0,40}$",
    re.IGNORECASE,
)
_VERB_NEXT = re.compile(r"\s(?:eröffnete|gründete|entstand)n?\b")
_IN_YEAR = re.compile(rf"\b[Ii][mn]\s(?:Jahre?\s|{_MONTH}\s)?$", re.IGNORECASE)
_SINCE = r"(?:since|seit|depuis|desde(?: el año)?|dal|sinds)"
_SINCE_ALONE = re.compile(rf"(?:^|[.!?,(|·•–—]\s*){_SINCE}\s*:?\s*$", re.IGNORECASE)
_ENDS = re.compile(r"\s*(?:[.!)|·•–—\n]|$)")
_YEAR_THEN_LABEL = re.compile(
    rf"^[^\w\n]{{0,5}}(?P<year>(?:18|19|20)\d\d)\s{{0,3}}(?:{_SINCE}|est\.?|established|founded|"
    r"(?:year|date) (?:founded|established)|gegründet|gründungsjahr|fundada|fondée)"
    r"[^\w\n]{0,5}$",
    re.IGNORECASE | re.MULTILINE,
)
_VERB_AFTER = re.compile(
    r"[^.\n]{0,50}?\s(?:gegründet|eröffnet|opgericht)\b(?<! neu eröffnet)", re.IGNORECASE
)
_VERB_BEFORE = re.compile(
    r"\b(?:wurde|wurden|habe|haben|hat|ist|werd)\b[^.\n]{0,60}$", re.IGNORECASE
)
_FOUNDED_AFTER = re.compile(
    r"\s?(?:established|founded|year (?:founded|established))\b", re.IGNORECASE
)
_A_PERSON = re.compile(
    r"\b(?:he|she|his|her|i|i['’]ve|my|mr|mrs|ms|dr|licensed|realtor|degree|born|lived|lives|married|graduat\w+|"
    r"zugelassen|approbiert|geboren|absolviert\w*|studiert\w*|tätig|diplômée?|né|née|inscrite?|"
    r"colegiad[ao]|licenciad[ao]|laureat[ao]|iscritt[ao])\b",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"\b(?:(?:is|are|has|have|now|been)\s+(?:now\s+)?permanently closed|permanently closed (?:its|"
    r"our) doors|"
    r"(?:we have|has|have) (?:closed|ceased) (?:our doors|its doors|operations|business|trading)|"
    r"(?:is|are) no longer (?:in business|operating|in operation)|out of business)\b",
    re.IGNORECASE,
)
_FOR_SALE = re.compile(
    r"\b(?:(?:this|the) domain(?: name)?(?: [\w.-]+)? (?:is|may be) (?:available )?for sale|"
    r"buy this domain|"
    r"domain (?:is )?parked|parked (?:free|domain)|this web ?site is for sale)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[A-Z0-9\"'“‘¿¡])")
_PROSE = re.compile(
    r"cookie|javascript|browser|copyright|©|rights reserved|click here|subscribe|sign up|"
    r"lorem ipsum|"
    r"flash plugin|loading|your cart|download the|log ?in\b",
    re.IGNORECASE,
)


def extract(document: Document, site: Site) -> Iterator[Evidence]:
    """The firm's profile as far as this page tells it."""
    addresses = list(find_addresses(readable(document)))
    yield from _name(document, site, addresses)
    yield from _address(document, addresses)
    yield from _description(document)
    yield from _trade(document)
    yield from _founded(document, site)
    yield from _linkedin(document)
    yield from _disqualifiers(document)


def _name(document: Document, site: Site, addresses: Sequence[Address]) -> Iterator[Evidence]:
    named = company_name(document, site.domain, addresses)
    yield from _legal_names(document, site, named)
    if named is None:
        return
    rule = "name." + "+".join(named.places)
    yield fact(document, "company_name", named.name, named.quote, "text", named.confidence, rule)
    if named.legal_name:
        sure = named.confidence - 0.1
        yield fact(document, "legal_name", named.legal_name, named.legal_name, "text", sure, rule)


def _legal_names(document: Document, site: Site, named: Named | None) -> Iterator[Evidence]:
    """Those that the text prints, but the one that the name itself is."""
    if is_article(document):
        return
    called, told = (named.name, folded(named.legal_name)) if named else ("", "")
    text = readable(document)
    for legal, quote, sure in legal_names(text, called, site.domain, document.url):
        if folded(legal) != told:
            yield fact(document, "legal_name", legal, quote, "text", sure, "legal.text")


def _address(document: Document, addresses: Sequence[Address]) -> Iterator[Evidence]:
    """Addresses with their parts; without any, the one that the page's map shows, or else the city
    or state that the page names."""
    for number, found in enumerate(addresses[:12]):
        address = replace(found, country=_country(document, found))
        sure = _address_confidence(document, address) - min(0.02 * number, 0.1)
        for field, value in address.fields():
            method: Method = "inferred" if field == "country" else "text"
            yield fact(document, field, value, address.quote, method, sure, "address.text")
    if addresses or is_aside(document):
        return
    tells_of_itself = is_entry(document) or is_about(document)
    if tells_of_itself and (shown := mapped_address(document)):
        for field, value in replace(shown, country=_country(document, shown)).fields():
            yield fact(document, field, value, shown.quote, "link", MAPPED, "address.map")
        return
    yield from _seats(document)


def _country(document: Document, address: Address) -> str:
    """The address's country; where only the language of its street tells it, the domain's ending
    may know better: Spanish is spoken in many."""
    told = country_of_host(document.url) if address.country in _BY_LANGUAGE else ""
    if not address.country or told in _BY_LANGUAGE.get(address.country, ()):
        return country_told(document)[0]
    return address.country


def _address_confidence(document: Document, address: Address) -> float:
    """Contact pages and footers hold the firm's own address, lists of rentals those of others."""
    framed = in_frame(readable(document), address.start)
    if is_aside(document) or _LISTINGS.search(path_of(document)):
        sure = 0.6 if framed else 0.35
    else:
        sure = 0.8 if framed or is_about(document) else 0.7 if is_entry(document) else 0.5
    sure += weight_before(readable(document), address)
    return sure if address.street and address.postcode else sure - 0.1


def _seats(document: Document) -> Iterator[Evidence]:
    for seat in seats(document):
        for field in ("street", "city", "state", "country"):
            if value := getattr(seat, field):
                method: Method = "inferred" if field == "country" else "text"
                yield fact(document, field, value, seat.quote, method, seat.confidence, seat.rule)


def _description(document: Document) -> Iterator[Evidence]:
    """Whole sentences of the meta description, or of the first paragraph that is one."""
    if is_aside(document):
        return
    contact = "contact" in path_of(document).lower()
    place = 0.8 if is_entry(document) else 0.65 if is_about(document) and not contact else 0.3
    if value := whole_sentences(document.description):
        yield fact(
            document, "description", value, document.description, "text", place, "description.meta"
        )
        return
    if place < 0.5:
        return
    for line in readable(document).split("\n"):
        value = whole_sentences(line) if len(line) >= MIN_DESCRIPTION else ""
        if value and value[0].isupper() and value[-1] in ".!":
            sure = place - 0.1
            yield fact(document, "description", value, value, "text", sure, "description.text")
            return


def whole_sentences(text: str) -> str:
    """As many whole sentences as MAX_DESCRIPTION characters hold; "" when not even one does, or
    when they say too little."""
    text = " ".join(text.split())
    if len(text) > MAX_DESCRIPTION:
        kept = ""
        for sentence in _SENTENCE_END.split(text):
            longer = f"{kept} {sentence}".strip()
            if len(longer) > MAX_DESCRIPTION:
                break
            kept = longer
        text = kept
    good = len(text) >= MIN_DESCRIPTION and text.count(" ") >= 7 and not _PROSE.search(text)
    return text if good else ""


def _trade(document: Document) -> Iterator[Evidence]:
    """company_type and category by counted phrases, those of the page's title, description and
    first heading twice; and by the type that structured data gives the firm."""
    if is_aside(document):
        return
    said = document.tree.css_first("h1")
    above = said.text(separator=" ", strip=True)[:200] if said else ""
    headline = f"{document.title}\n{document.description}\n{above}"
    text = f"{headline}\n{readable(document)}"
    found = trades_of(text, headline)
    for trade in found[:2]:
        quote = quote_around(text, trade.start, trade.end)
        sure = (
            min(0.35 + 0.5 * trade.share, 0.85) if is_entry(document) else 0.25 + 0.4 * trade.share
        )
        if trade is found[0] or trade.company_type in REAL_ESTATE:
            yield from _kind(document, trade.company_type, trade.category, quote, "rule", sure)
    for item in document.json_ld[:20]:
        names = item.get("@type")
        for name in names[:5] if isinstance(names, list) else [names]:
            if isinstance(name, str) and (known := trade_of_type(name)):
                yield from _kind(document, *known, f'"{name[:80]}"', "structured", 0.6)
                return


def _kind(
    document: Document, company_type: str, category: str, quote: str, method: Method, sure: float
) -> Iterator[Evidence]:
    for field, value in (("company_type", company_type), ("category", category)):
        yield fact(document, field, value, quote, method, sure, f"trade.{company_type}")


def _founded(document: Document, site: Site) -> Iterator[Evidence]:
    """The year that the page says the firm began in, of equals the first: before those it did
    something since, and those of a person, which are doubtful."""
    if is_aside(document):
        return
    text = f"{readable(document)}\n{document.description}"
    found: list[Evidence] = []
    for start, year, sure in (*_labelled_years(text), *_years_in_sentences(text, site.domain)):
        if 1800 <= int(year) <= document.page.fetched_at.year:
            quote = quote_around(text, start, start + 4)
            of_person = _A_PERSON.search(quote) or (
                is_staff(document) and not in_frame(text, start)
            )
            sure = 0.55 if of_person else sure
            found.append(fact(document, "founded", year, quote, "text", sure, "founded.text"))
    firms = [one for one in found if one.confidence > 0.55]
    yield from sorted(firms or found, key=lambda one: -one.confidence)[:1]


def _years_in_sentences(text: str, domain: str) -> Iterator[tuple[int, str, float]]:
    """(place, year, how sure) of years that a sentence says the firm began in."""
    for match in list(_YEAR.finditer(text))[:60]:
        line_start = text.rfind("\n", 0, match.start()) + 1
        before = text[max(line_start, match.start() - 110) : match.start()]
        said = _FOUNDED_BEFORE.search(before)
        if said and said["since"]:
            if not _OF_A_CLIENT.search(before):
                yield match.start(), match[0], 0.79
        elif (
            said
            or (not before.strip() and _FOUNDED_AFTER.match(text, match.end()))
            or (_VERB_BEFORE.search(before) and _VERB_AFTER.match(text, match.end()))
            or (_IN_YEAR.search(before) and _VERB_NEXT.match(text, match.end()))
            or _is_the_firm(_FOUNDED_WHAT.search(before) or _BEGAN.search(before), domain)
        ):
            yield match.start(), match[0], 0.8
        elif _SINCE_ALONE.search(before) and _ENDS.match(text, match.end()):
            yield match.start(), match[0], 0.7


def _is_the_firm(founded: re.Match[str] | None, domain: str) -> bool:
    """Whether what somebody founded, or who began, is named as the site is, or is "the firm":
    people found other firms too."""
    what = founded["what"].strip() if founded else ""
    label = domain.partition(".")[0].replace("-", "")
    words = folded(what).split()
    names = ("".join(words), "".join(words[-2:]), *words[-1:])
    return bool(_FIRM_WORD.fullmatch(what)) or any(len(one) > 3 and one in label for one in names)


def _labelled_years(text: str) -> Iterator[tuple[int, str, float]]:
    """A counter's year with its label after it: "2013" over "Since"."""
    for match in list(_YEAR_THEN_LABEL.finditer(text))[:3]:
        yield match.start("year"), match["year"], 0.75


def _linkedin(document: Document) -> Iterator[Evidence]:
    seen: set[str] = set()
    for link in document.links:
        if "linkedin.com" in link.url and link.kind in ("a", "area"):
            page = linkedin_company(link.url)
            if page and page not in seen and not built_by(link.text):
                seen.add(page)
                sure = (0.5 if is_article(document) else 0.9) - 0.2 * min(len(seen) - 1, 2)
                yield fact(document, "linkedin_url", page, link.url, "link", sure, "linkedin.link")


def _disqualifiers(document: Document) -> Iterator[Evidence]:
    """Only short lines of the first page: a long text may speak of something else that closed."""
    host = urlsplit(document.url).hostname or ""
    if not is_entry(document) or not host:
        return
    for line in [document.title, *readable(document).split("\n")[:200]]:
        if len(line) <= 200:
            for pattern, value in ((_CLOSED, "permanently_closed"), (_FOR_SALE, "domain_for_sale")):
                if pattern.search(line):
                    yield fact(
                        document, "disqualifiers", value, line, "text", 0.7, f"status.{value}"
                    )


EXTRACTOR = extract
