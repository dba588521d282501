"""Whose numbering plan the national numbers of a page follow.

What is sure comes first: the country that the source gives, a country's top-level domain, British
postcodes. The rest counts only where the page prints no number of North America, the default: who
writes "+34 ..." elsewhere on the page, the country of a printed address or of structured data, the
region of the page's language, the words of a country's register or tax office, and, last, a
language that is spoken in one country above all others.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

import phonenumbers

from app.crawl.document import Document
from app.extractors import Site
from app.extractors._addresses.continental import find_continental
from app.extractors._facts import readable
from app.records._places import country_code, state_code, state_country

DEFAULT: Final = "US"
MOST_LINKS: Final = 400
MAX_LINE: Final = 120
NANP: Final = frozenset(("US", "CA", "PR", "VI", "GU", "AS", "MP", "BS", "JM", "BM", "KY", "TT"))

_WORLDWIDE: Final = frozenset(
    "ac ag ai am bz cc co fm gg gl im io la ly me mn ms nu pw sc sh st to tv us vc ws".split()
)
"""Endings of countries that firms anywhere use."""
_COUNTRY_OF_LANGUAGE: Final = {
    "de": "DE", "fr": "FR", "es": "ES", "it": "IT", "nl": "NL", "da": "DK", "sv": "SE", "nb": "NO",
    "fi": "FI", "pl": "PL", "cs": "CZ", "el": "GR", "ja": "JP",
}  # fmt: skip
_SPOKEN: Final = {
    "de": "DE AT CH LI LU", "fr": "FR BE CH LU MC GP MQ GF RE YT", "it": "IT CH SM", "nl": "NL BE",
    "pt": "PT BR AO MZ",
}  # fmt: skip
"""Where a language is at home: another country on such a page is a partner's."""
_BRITISH = re.compile(r"[A-Z](?<!\w.)[A-Z]?\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b")
_DIGITS = re.compile(r"\d(?:[\s().\-/\u2010-\u2015·•]{0,4}\d){6}")
_AT_HOME = re.compile(
    r"[(2-9](?<![\d+].)(?:(?<=\()[2-9]\d\d\)|(?<=\d)\d\d[ .\-\u2010-\u2015])[ .\-]{0,2}"
    r"[2-9]\d\d[ .\-\u2010-\u2015]\d{4}(?!\d)"
)
_DIALLED = re.compile(r"(?:tel|sms):(?:\+?1)?\W{0,2}[2-9]\d\d\W{0,2}[2-9]\d\d\W?\d{4}(?!\d)")
_ABROAD = re.compile(r"(?<![\w+])\+[ ]?[2-9](?:[\s().\-/\u2010-\u2015]{0,3}\d){7,14}(?!\d)")
_WORDS: Final = tuple(
    (country, re.compile(words))
    for country, words in (
        ("AU", r"\bABN\b|\bPty\.? Ltd|\bAustralia\b|\bNSW \d{4}\b"),
        ("ZA", r"\(Pty\) Ltd|\bSouth Africa\b"),
        ("NZ", r"\bNZBN\b|\bNew Zealand\b"),
        ("IE", r"\bEircode\b|\bCo\. Dublin\b|\bDublin \d{1,2}\b"),
        ("IN", r"\bGSTIN\b|\bPvt\.? Ltd|\bMumbai\b"),
        ("GB", r"\bRegistered in (?:England|Scotland)|\bVAT (?:no|reg)|£\s?\d|\bARLA\b|"
               r"\bUnited Kingdom\b|\bLtd\b"),
        ("AT", r"\bUID(?:-Nr)?\b.{0,12}\bATU\d{8}|\bÖsterreich\b"),
        ("CH", r"\bCHE-\d{3}\.|\bSchweiz\b|\bSuisse\b"),
        ("DE", r"\bUSt\.?-?Id|\bHRB \d"),
        ("FR", r"\bSIRET\b|\bRCS [A-Z]|\bcarte professionnelle\b"),
        ("MX", r"\bCDMX\b|\bC\.P\. \d{5}|\bMéxico\b"),
        ("ES", r"\b[CN]\.?I\.?F\.?:? ?[A-Z]-?\d{8}\b|\bEspaña\b"),
        ("IT", r"\bP\.? ?IVA\b|\bPartita IVA\b"),
        ("PT", r"\bNIPC\b|\bPortugal\b"),
        ("BR", r"\bCNPJ\b|\bCEP:? \d{5}-\d{3}"),
        ("NL", r"\bKvK\b"),
    )
)  # fmt: skip


def region_of(document: Document, site: Site) -> str:
    """The two-letter code of the country whose national numbers this page prints."""
    if site.country not in ("", DEFAULT):
        return site.country
    if country := country_of_host(site.domain) or country_of_host(document.url):
        return country
    text = readable(document)
    if _BRITISH.search(text):
        return "GB"
    dialled = "\n".join(link.href for link in document.raw_links[:MOST_LINKS])
    if _AT_HOME.search(text) or _DIALLED.search(dialled):
        return _abroad(document, text, dialled) or DEFAULT
    if not (dialled or _DIGITS.search(text) or "telephone" in document.html):
        return DEFAULT
    spoken = _SPOKEN.get(document.lang, "")
    told = _told(document, text, dialled)
    return next((one for one in told if one and (not spoken or one in spoken)), DEFAULT)


def _abroad(document: Document, text: str, dialled: str) -> str:
    """The country of a page in another language than English whose numbers look North American and
    are none: it dials abroad, or its lines end with the country ("Bogotá, Colombia")."""
    if document.lang in ("", "en"):
        return ""
    country = country_of_numbers(dialled)[0] or country_at_ends(text)[0]
    numbers = [hit[0] for hit in islice(_AT_HOME.finditer(text), 10)]
    valid = bool(country) and all(_is_valid(number, country) for number in numbers)
    return country if valid else ""


def _is_valid(number: str, country: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, country))
    except phonenumbers.NumberParseException:
        return False


def country_at_ends(text: str) -> tuple[str, str]:
    """(country, such a line) where lines end with one country ("Bogotá, Colombia"); else ""."""
    lines = (line for line in text.split("\n") if "," in line and len(line) <= MAX_LINE)
    ends = {line.rpartition(",")[2].strip(" ."): line for line in lines}
    told = {
        country: line
        for end, line in ends.items()
        if len(end) > 3 and (country := country_code(end)) and not state_country(state_code(end))
    }
    return told.popitem() if len(told) == 1 else ("", "")


def country_of_host(host: str) -> str:
    """The country of a domain's ending (of a host or an address), or ""."""
    ending = (urlsplit(host).hostname or host).rpartition(".")[2]
    return country_code(ending) if len(ending) == 2 and ending not in _WORLDWIDE else ""


def _told(document: Document, text: str, dialled: str) -> Iterator[str]:
    """What a page says of its country, the strongest word first. "" = it does not say."""
    yield country_of_numbers(f"{text}\n{dialled}")[0]
    yield _only({address.country for address in find_continental(text)} - {""})
    yield _only({code for item in document.json_ld[:20] for code in _stated_countries(item)})
    language, region = _language(document)
    yield region
    yield country_at_ends(text)[0]
    yield next((country for country, words in _WORDS if words.search(text)), "")
    yield _COUNTRY_OF_LANGUAGE.get(language, "")


def _only(countries: set[str]) -> str:
    return countries.pop() if len(countries) == 1 else ""


def _stated_countries(item: dict[str, Any]) -> Iterator[str]:
    """The countries of the postal addresses of a JSON-LD object."""
    held = item.get("address")
    for address in held if isinstance(held, list) else [held]:
        stated = address.get("addressCountry") if isinstance(address, dict) else None
        stated = stated.get("name") if isinstance(stated, dict) else stated
        if isinstance(stated, str) and (code := country_code(stated)):
            yield code


def country_of_numbers(text: str) -> tuple[str, str]:
    """(country, one of them) of the numbers in international form, if all are of one; else ""."""
    hits = [hit[0] for hit in list(_ABROAD.finditer(text))[:20]]
    country = _only({_of_number(hit) for hit in hits} - {""})
    return (country, hits[0]) if country else ("", "")


def country_at_home(text: str) -> tuple[str, str]:
    """(country, one of them) of the North American numbers, if their area codes are of one."""
    hits = [hit[0] for hit in islice(_AT_HOME.finditer(text), 10)]
    country = _only({_of_number(hit, DEFAULT) for hit in hits} - {""})
    return (country, hits[0]) if country else ("", "")


def _of_number(text: str, region: str | None = None) -> str:
    """The country of a number: in international form, or of one that shares a plan (`region`)."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return ""
    free = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.TOLL_FREE
    return "" if free else phonenumbers.region_code_for_number(number) or ""


def _language(document: Document) -> tuple[str, str]:
    """(language, region) of the page: ("de", "AT"); "" for a region of North America."""
    node = document.tree.css_first("html[lang]")
    written = (node.attributes.get("lang") or "") if node else ""
    found = document.tree.css_first("meta[property='og:locale']")
    written = written or ((found.attributes.get("content") or "") if found else "")
    language, _, region = written.strip().replace("_", "-").partition("-")
    region = region.upper()
    known = len(region) == 2 and region.isalpha() and region not in NANP
    return language.lower(), region if known else ""
