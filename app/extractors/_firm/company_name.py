"""What a page calls the firm: several places that name it, weighed by how many agree.

The same name with and without its legal form ("Maplegate", "Maplegate LLC") is one name.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.crawl.document import Document
from app.extractors._addresses.postal import Address
from app.extractors._facts import is_entry, readable
from app.extractors._firm.domain_names import COMMON_WORDS, domain_backing, spelled_names
from app.extractors._firm.unnamed import UNNAMED
from app.extractors._people.names import Likelihood, read_name

MAX_NAME = 80
LEAST, SURE = 0.45, 0.55

WEIGHTS: Final = {
    "structured": 0.6,
    "site_name": 0.6,
    "copyright": 0.55,
    "logo": 0.4,
    "letterhead": 0.35,
    "welcome": 0.35,
    "title": 0.3,
    "whole_domain": 0.6,
    "domain": 0.3,
    "legal_form": 0.3,
    "subject": 0.25,
    "banner": 0.15,
    "spelled": 0.53,
}

_LEGAL = re.compile(
    r"[\s,]+(?:l\.?l\.?c|inc(?:orporated)?|ltd|limited|corp(?:oration)?|co|company|l\.?l\.?p|p\.?l\.?l\.?c"
    r"|p\.?c|l\.?p|plc|gmbh|ag|s\.?a|s\.?l|s\.?r\.?l|b\.?v|lda|pty|pllc|dds|dmd|e\. ?[vk]"
    r"|s\.a\.s)\.?$",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s+[|–—·•»«:/~>›]+\s*|\s*[|»«•·]\s*|\s+\*+\s+|\s+-+\s+|:\s+|\s*[–—]\s+")
_MARK = re.compile(r"©|\(c\)|\(C\)|Copyright|copyright|COPYRIGHT|\ufffd|Reserved|reserved|RESERVED")
_STOP: Final = r"(?<!\b[A-Z])(?<!\bCo)(?<!\bDr)(?<!\bSt)(?<!\bMt)\.(?=\s|$)"
_COPYRIGHT = re.compile(
    r"(?:[©\ufffd]|\(c\)|copyright|(?=(?:19|20)\d\d))[\s©,]*(?:\(c\)|copyright)?[\s©:]*"
    r"(?:(?:19|20)\d\d(?:\s*[-–—/,]\s*(?:(?:19|20)?\d\d|present|today))?)?[\s.,:|·•\-–—]*"
    r"(?:by\s+)?(?P<name>[^\n|·•©]{2,90}?)"
    r"(?=\s*(?:[.,]?\s*(?:all rights|todos l?os|tous droits|alle rechte|tutti i)|[|·•©\n]|$|"
    rf"{_STOP}|\s[-–—]\s|,?\s(?:19|20)\d\d\b|"
    r"\s+(?:privacy|terms|site|web\s?(?:site|page|master|by\b|design(?:ed)? (?:by|:))|powered|"
    r"designed|licensed)\b))",
    re.IGNORECASE,
)
_NAME_THEN_YEAR = re.compile(
    r"(?P<name>[^\n|©]{2,80}?)\s*(?:©|\(c\)|copyright)\s*(?:19|20)\d\d", re.IGNORECASE
)
_WELCOME = re.compile(
    r"[WwAa](?:elcome to|ELCOME TO|bout|hy choose)\s+"
    rf"(?P<name>(?:the\s+)?[A-Z0-9][^\n!?,|]{{2,60}}?)(?=[\n!?,|]|{_STOP}|$)"
)
_DOES = re.compile(
    r"\s(?:provides|offers|serves|speciali[sz]es|manages|represents|was (?:founded|established)|"
    r"has been|bietet|betreut|propose|accompagne|ofrece|gestiona|offre|biedt)\s"
)
_GENERIC = re.compile(
    r"(?:home(?:\s?page)?|welcome|about(?: us)?|contact(?: us)?|our (?:team|story|company|"
    r"services)|"
    r"services|team|staff|blog|news|menu|logo|index|untitled.*|new page.*|page not found|404.*|"
    r"main|site|website|my (?:site|website|blog)|all rights reserved.*|the (?:company|firm|author|"
    r"owner)|us|"
    r"privacy policy|terms.*|faqs?|properties|rentals?|listings?|owners?|tenants?|residents?|login|"
    r"apply(?: online)?|pay rent|careers|gallery|testimonials|reviews|search.*|"
    r"(?:.*\s)?(?:office|headquarters|address|location)|visit(?: us)?|directions|map|hours|"
    r"meet (?:the|our) team|get in touch|locations?|(?:residential |commercial |vacation )?"
    r"(?:property management|real estate|rentals?|properties)(?: (?:company|services|in .*))?|"
    r"header|footer|image|photo|icon|banner|facebook|twitter|instagram|linkedin|youtube|"
    rf"(?:my|your|new|default)?\s?(?:web)?site(?: title| name)?|{UNNAMED}|"
    r"wordpress|wix(?:\.com)?|squarespace|just another wordpress site|copyright.*|respective .*|"
    r"(?:19|20)\d\d|"
    r"inicio|contacto|contáctenos|cont[aá]ctanos|nosotros|sobre nosotros|qui[eé]nes somos|"
    r"servicios|"
    r"(?:nuestro )?equipo|propietarios|inquilinos|oficinas?|direcci[oó]n|aviso legal|ubicaci[oó]n|"
    r"propiedades|blog|noticias|bienvenid[oa]s?|privacidad|"
    r"start(?:seite)?|kontakt|impressum|über uns|ueber uns|unser team|leistungen|willkommen|"
    r"anfahrt|"
    r"datenschutz(?:erklärung)?|anschrift|adresse|standorte?|aktuelles|mieter|eigentümer|"
    r"angaben gem(?:ä|ae)ß .*|herausgeber|verantwortlich.*|"
    r"accueil|contactez[- ]nous|nous contacter|à propos|qui sommes[- ]nous|notre équipe|équipe|"
    r"mentions légales|bienvenue|coordonnées|plan d['’]accès|adresses?|siège social|"
    r"contatti|chi siamo|servizi|dove siamo|início|in[ií]cio|contactos|contato|quem somos|serviços|"
    r"over ons|contactgegevens|diensten|contacts|(?:home|our|main|back to) ?(?:page|menu)?)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"\b(?:we|our|your|you|is|are|was|find|get|call|click|learn|read|best|top|affordable|trusted|"
    r"that|this|with|how|why|what|when|hire|looking|need|serving|near)\b",
    re.IGNORECASE,
)
_YEAR_BEFORE = re.compile(r"^(?:19|20)\d\d\s+(?=\D)")
_NUMBER_AFTER = re.compile(r"\W+\(?\d{3}\W{1,2}\d{3}\W\d{4}\W*$")
_OTHER_NAME = re.compile(
    r"^.+\b(?:d/?b/?a|doing business as|trading as|t/a)\b:?\s+(?=[A-Z])", re.IGNORECASE
)
_LOWER_HOST = re.compile(r"(?:www\.)?[a-z0-9-]+(?:\.[a-z]{2,10}){1,2}")
_PREFIX = re.compile(r"^(?:about|contact|welcome to|meet|why choose)\s+(?=[A-Z])", re.IGNORECASE)
_KIND_OF_SITE = re.compile(
    r"\s+(?:(?:(?:support|customer|client|tenant|resident|owner|online) )+portal|"
    r"official (?:web)?site)$",
    re.IGNORECASE,
)
_SMALL: Final = frozenset(
    "of and the for at by de du des la le les et l d del los las y e und der die am im von van "
    "da do dos di della".split()
)
"""Words that stay small inside a name."""
_IN_THE = re.compile(r"\b(?:in|on|over|under) (?=the [A-Z])")
"""So do these before "the" ("Inn on the Park"); else they begin a slogan ("Homes in Reno")."""
_LOOSE: Final = frozenset(("title", "welcome", "banner", "copyright"))
_SHORT: Final = frozenset(("structured", "site_name", "logo", "title"))
"""Places that hold a name and no sentence: there a firm may write itself small throughout."""
_TEXT_LOGOS: Final = (
    "[class*=logo], [id*=logo], [class*=brand], [class*=site-title], [class*=site-name]"
)
_EDGES = "\ufffd \t\"'“”‘’.,;:|-–—·•©®™→←↗*"


@dataclass(frozen=True, slots=True)
class Named:
    """A name, how sure (0 to 1), the words that hold it, and which places agree."""

    name: str
    legal_name: str
    confidence: float
    quote: str
    places: tuple[str, ...]


def company_name(
    document: Document, domain: str, addresses: Sequence[Address] = ()
) -> Named | None:
    """The name that most places of this page agree on; None when none is likely.

    `addresses` are those found in the page's text: the line above one is often the name.
    Confidence is 1 - prod(1 - weight) over the places that agree, at most 0.95.
    """
    spoken: dict[str, dict[str, tuple[str, str]]] = {}
    text = readable(document)
    for place, raw, quote in (*_places(document, domain), *_letterheads(text, addresses)):
        name = _clean(raw, small=place in _SHORT)
        if name:
            spoken.setdefault(name_key(name), {}).setdefault(place, (name, quote))
    _merge_spellings(spoken)
    _merge_parts(spoken, domain, document.url)
    weighed = [_weigh(key, places, domain, document.url) for key, places in spoken.items()]
    good = [one for one in weighed if one.confidence >= LEAST and not _is_a_label(one)]
    if any({"domain", "whole_domain"} & {*one.places} for one in good):
        weighed = [one for one in good if not _only_holds_rights(one)]
    best = max(weighed, key=lambda one: one.confidence, default=None)
    best = best and _firm_of(best, good)
    if best and best.confidence >= SURE:
        return best
    spelled = next(_spelled(text, domain, document.url), None)
    if spelled and not (best and name_key(spelled.name) in name_key(best.name)):
        return spelled
    return best if best and best.confidence >= LEAST else None


def _spelled(text: str, domain: str, url: str) -> Iterator[Named]:
    """Where nothing else names the firm surely: its domain, written in words in the text."""
    for raw, quote in spelled_names(text, domain, url):
        if name := _clean(raw):
            legal = name if _LEGAL.search(name) else ""
            yield Named(name, legal, WEIGHTS["spelled"], quote, ("spelled",))


def _firm_of(best: Named, good: Sequence[Named]) -> Named:
    """Where that is a person's name alone: the firm that carries the family name, if one is named
    as well ("Jane Delacroix" of "Delacroix Law")."""
    person = read_name(best.name)
    if person is None or person[1] < Likelihood.WEAK:
        return best
    family = name_key(person[0].family)
    firms = [
        one
        for one in good
        if f" {family} " in f" {name_key(one.name)} "
        and name_key(one.name) != family
        and not (read_name(one.name) or (None, Likelihood.NEVER))[1] >= Likelihood.WEAK
    ]
    return max(firms, key=lambda one: one.confidence, default=best)


def _is_a_label(named: Named) -> bool:
    """Whether the name is only an address of the web."""
    return bool(_LOWER_HOST.fullmatch(named.name))


def _only_holds_rights(named: Named) -> bool:
    """Whether only the line of the copyright has this name, and not the domain: a franchise, the
    vendor of the site's software, a company behind the firm."""
    return {*named.places} <= {"copyright", "banner", "legal_form"}


def name_key(name: str) -> str:
    """A name for comparison: no legal form, no punctuation, no leading "the"."""
    bare = _LEGAL.sub("", _LEGAL.sub("", name.strip()))
    words = re.sub(r"[^\w\s]", "", bare.replace("&", " and ").casefold()).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def _weigh(key: str, places: dict[str, tuple[str, str]], domain: str, url: str) -> Named:
    ordered = sorted(places, key=lambda place: -WEIGHTS[place])
    forms = [places[place] for place in ordered]
    legal = next((name for name, _ in forms if _LEGAL.search(name)), "")
    agreeing = [*ordered, *domain_backing(key, domain, url), *(["legal_form"] if legal else [])]
    doubt = 1.0
    for place in agreeing:
        doubt *= 1 - WEIGHTS[place]
    backing = {name: sum(WEIGHTS[p] for p in ordered if places[p][0] == name) for name, _ in forms}
    name, quote = max(forms, key=lambda form: (_is_cased(form[0]), backing[form[0]]))
    return Named(name, legal, min(1 - doubt, 0.95), quote, tuple(agreeing))


def _is_cased(name: str) -> bool:
    return not name.isupper() and not name.islower()


def _merge_spellings(spoken: dict[str, dict[str, tuple[str, str]]]) -> None:
    """ "maplegatehomes" is how a theme writes "Maplegate Homes"."""
    joined = {key.replace(" ", ""): key for key in spoken if " " in key}
    for key in [key for key in spoken if key in joined]:
        for place, form in spoken.pop(key).items():
            spoken[joined[key]].setdefault(place, form)


def _merge_parts(spoken: dict[str, dict[str, tuple[str, str]]], domain: str, url: str) -> None:
    """A title's "Contact Maplegate" backs "Maplegate" where that name stands on its own; a name
    that is the whole domain stays."""
    for key in sorted(spoken, key=len):
        if len(key) < 6 or key not in spoken or not set(spoken[key]) - {"banner", "welcome"}:
            continue
        for longer in list(spoken):
            if longer != key and _is_fuller(longer, spoken[longer], key):
                own = next(iter(spoken[longer].values()))[0]
                for place, (_, quote) in spoken.pop(key).items():
                    spoken[longer].setdefault(place, (own, quote))
                break
            if (
                longer != key
                and f" {key} " in f" {longer} "
                and _backs(longer, spoken[longer], key)
                and "whole_domain" not in domain_backing(longer, domain, url)
            ):
                own = next(iter(spoken[key].values()))[0]
                for place, (_, quote) in spoken.pop(longer).items():
                    spoken[key].setdefault(place, (own, quote))


def _is_fuller(longer: str, places: Iterable[str], key: str) -> bool:
    """Whether `longer` is the whole name of what `key` calls by its first words ("Maplegate" of
    "Maplegate Realty Group"), where a place that holds no slogans has it."""
    rest = longer.removeprefix(f"{key} ").split()
    told = set(places) & {"structured", "site_name", "copyright", "letterhead"}
    return longer.startswith(f"{key} ") and set(rest) <= COMMON_WORDS and bool(told)


def _backs(longer: str, places: Iterable[str], key: str) -> bool:
    """A copyright line backs a shorter name only if that is about half of it: a franchise's brand
    is in the copyright line of every office."""
    found = set(places)
    if "copyright" in found and (len(key) < 0.45 * len(longer) or " " not in key):
        return False
    return found <= _LOOSE


def _places(document: Document, domain: str) -> Iterator[tuple[str, str, str]]:
    """(place, raw name, words that hold it)."""
    for item in document.json_ld[:20]:
        name, kind = item.get("name"), item.get("@type")
        known = item.get("address") or item.get("telephone") or "Organization" in str(kind)
        if isinstance(name, str) and known and kind not in ("Person", "WebPage"):
            yield "structured", name, name
    yield from _meta(document)
    text = readable(document)
    for match in _copyright_lines(text):
        yield "copyright", match["name"], " ".join(match[0].split())
    yield from _logos(document, domain)
    for part in _title_parts(document.title):
        yield "title", part, document.title
    yield from _subjects(document, text)
    for match in list(_WELCOME.finditer(text))[:4]:
        yield "welcome", match["name"], " ".join(match[0].split())
    if is_entry(document):
        for line in text.split("\n", 6)[:6]:
            if len(line) <= MAX_NAME:
                yield "banner", line, line


def _subjects(document: Document, text: str) -> Iterator[tuple[str, str, str]]:
    """A part of the first page's title that does, in a sentence, what firms do."""
    low = text.casefold()
    for part in _title_parts(document.title) if is_entry(document) else ():
        at = low.find(f"{part.casefold()} ")
        begins = at == 0 or text[max(0, at - 2) : at].endswith(("\n", ". ", "! "))
        if at >= 0 and begins and _DOES.match(text, at + len(part)):
            yield "subject", part, text[at : at + 160].partition("\n")[0]


def _copyright_lines(text: str) -> Iterator[re.Match[str]]:
    """The last lines such as "© 2024 Name", "Name © 2024", "2024 Name. All rights reserved"."""
    for mark in list(_MARK.finditer(text))[-6:]:
        begin = text.rfind("\n", 0, mark.start()) + 1
        end = text.find("\n", mark.end())
        end = min(end if end >= 0 else len(text), mark.end() + 200)
        start = begin if mark[0].lower() == "reserved" else mark.start()
        for match in (
            _COPYRIGHT.match(text, start, end),
            _NAME_THEN_YEAR.match(text, max(begin, mark.start() - 90), end),
        ):
            if match:
                yield match


def _letterheads(text: str, addresses: Sequence[Address]) -> Iterator[tuple[str, str, str]]:
    for address in addresses[:6]:
        before = text[max(0, address.start - 100) : address.start].rstrip(" \n")
        line = before[before.rfind("\n") + 1 :]
        parts = _title_parts(line)
        if parts and not any(char.isdigit() for char in parts[-1]):
            yield "letterhead", parts[-1], line


def _meta(document: Document) -> Iterator[tuple[str, str, str]]:
    for node in document.tree.css("meta[property='og:site_name'], meta[name='application-name']"):
        content = node.attributes.get("content") or ""
        yield "site_name", content, content


def is_outdated(name: str, document: Document) -> bool:
    """Whether the site's name in its head and its line of copyright agree on another name than
    this one, of the structured data: few look at that again when a partner comes or goes."""
    key = name_key(name)
    heads = {name_key(_clean(raw, small=True)) for _, raw, _ in _meta(document)} - {""}
    lines = {name_key(_clean(one["name"])) for one in _copyright_lines(readable(document))}
    return any(head in lines and key not in head and head not in key for head in heads)


def _title_parts(title: str) -> list[str]:
    return [part for part in _SEPARATOR.split(title[:200]) if part][:6]


def _logos(document: Document, domain: str) -> Iterator[tuple[str, str, str]]:
    """Elements and pictures that are called a logo, and pictures whose words are the domain."""
    for node in document.tree.css(_TEXT_LOGOS)[:6]:
        shown = " ".join(node.text(separator=" ").split())
        if len(shown) <= MAX_NAME:
            yield "logo", shown, shown
    for node in document.tree.css("img[alt]")[:30]:
        held = node.attributes
        alt = held.get("alt") or ""
        above = node.parent.attributes if node.parent else {}
        hints = " ".join(
            one or ""
            for one in (held.get("class"), held.get("id"), held.get("src"), alt, above.get("class"))
        )
        whole = domain_backing(name_key(alt[:MAX_NAME]), domain, document.url) == ["whole_domain"]
        if whole or "logo" in hints.lower() or "brand" in hints.lower():
            yield (
                "logo",
                re.sub(r"\b(?:logo|home|homepage|link|image|icon)\b", "", alt, flags=re.IGNORECASE),
                alt,
            )


def _clean(raw: str, *, small: bool = False) -> str:
    """A likely name, or "": no generic words, no slogans, no sentences. `small`: also one that is
    written without capitals."""
    name = _OTHER_NAME.sub("", _NUMBER_AFTER.sub("", " ".join(raw.split()))).strip(_EDGES)
    name = _KIND_OF_SITE.sub("", _PREFIX.sub("", _YEAR_BEFORE.sub("", name)))
    if name.count("(") != name.count(")"):
        name = name.strip("()").strip(_EDGES)
    match = _LEGAL.search(name + ".")
    name = name + "." if match and raw.strip().endswith(f"{name[-3:]}.") else name
    words = name.split()
    if not 2 <= len(name) <= MAX_NAME or not 1 <= len(words) <= 9:
        return ""
    if _GENERIC.fullmatch(name) or _SENTENCE.search(name) or "http" in name or "@" in name:
        return ""
    bare = _IN_THE.sub("", _LEGAL.sub("", name)).split()
    lower = sum(word[0].islower() for word in bare if word not in _SMALL)
    letters = sum(char.isalpha() for char in name)
    fits = lower <= (len(words) < 4) or (small and name.islower() and 2 <= len(words) <= 4)
    return name if fits and letters >= 2 else ""
