"""Software that the firm uses, by the fingerprints in app/fingerprints.

A link, form, script, frame or picture on a customer's address at the vendor is strong evidence;
"powered by X" or "our X owner portal" is fair; the name alone is weak, as is all text about what
clients use. An HTML comment, a link to the vendor's own pages, a comparison or a past job is none.
What manages property is given as `pms_detected`, other software (leasing, accounting, operations)
as `software`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from app.crawl.document import Document
from app.crawl.text import line
from app.extractors import Site
from app.extractors._facts import fact, is_aside, path_of, quote_around, readable
from app.fingerprints import PMS_KINDS, Fingerprint, Fingerprints, load
from app.records.evidence import Evidence, Method

LINKED, EMBEDDED, ADDRESS_IN_TEXT, IN_USE, MENTIONED = 0.95, 0.85, 0.85, 0.7, 0.4
IMPLIED = 0.45
MAX_HITS = 20
MAX_PICTURES = 100

_TRADES: Final = {
    "property_management": ("residential", "property_management"),
    "vacation_rental": ("vacation_rental", "vacation_rental_management"),
    "association": ("association", "homeowners_association_management"),
}
"""What a customer of a kind of software is: company_type and category."""

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_IN_TEXT = re.compile(r"\.(?=[a-z])", re.IGNORECASE)
_HOST_BEFORE = re.compile(r"(?<![\w@.-])[a-z0-9][a-z0-9_.-]*$", re.IGNORECASE)
_REST = re.compile(
    r"(?:[a-z0-9-]{1,63}\.){0,5}[a-z]{2,24}(?![\w-])(?:/[\w.~%+@:=-]{0,100}){0,10}", re.IGNORECASE
)
_IN_MARKUP = re.compile(
    r"""["'/;=(]([A-Za-z0-9][A-Za-z0-9_-]{0,62}(?:\.[A-Za-z0-9_-]{1,63}){1,6})"""
    r"""((?:\\?/[\w.~%+@:=-]{0,100}){0,10})"""
)

_USE_BEFORE = re.compile(
    r"\bour\s+(?:new |online |free )?$|\bour [\w -]{3,40}(?:program|service|package|partner) ?\($",
    re.IGNORECASE,
)
_CUSTOMER_BEFORE = re.compile(
    r"\b(?:pay|payments?|rent|log|account|portal|appl(?:y|ication)|tenants?|residents?|owners?|"
    r"statements?|requests?|listings?|book\w*)\b[^.!?\n]{0,80}\b(?:on|in|with|by|to|at|the)\s+$"
    r"|\b(?:(?:online-?)?termin\w*|buch\w+|rendez-vous|réserv\w+|prenot\w+|reserv\w+|citas?|afspra\w+)"
    r"\b[^.!?\n]{0,60}\b(?:über|mit|bei|auf|sur|avec|con|en|su|tramite|met|op|onze|unser\w*)\s+$"
    r"|\bwe(?:['’]ve| have)? partnered with\s+$",
    re.IGNORECASE,
)
_STRONG_BEFORE = re.compile(
    r"\b(?:powered by|provided by|hosted by|syndicated by|(?:web)?site by|run(?:s|ning)? on|"
    r"built on|via|through|using|uses?|utili[sz]\w+|"
    r"(?:log|sign)(?:s|ged)?[- ]?(?:in|on)(?:to| to)?|login to|switched to|moved to|"
    r"transition(?:ed|ing) to|"
    r"equipped with)\b[^.!?\n]{0,60}$"
    r"|\b(?:software|platform|system)(?: is|,|:)?(?: (?:called|named|from|by|is|[-–—]))?\s+$",
    re.IGNORECASE,
)
_NAMED_SOFTWARE = re.compile(
    r"\b(?:our|we) [^.!?\n]{0,40}(?:software|platform|system),? $", re.IGNORECASE
)
_USE_AFTER = re.compile(
    r"\s*[®™]?(?:['’]s)?\s+(?:\w+\s+){0,2}?(?:portals?|app|account|login|log[- ]in|(?:web)?site|"
    r"payments?|software|"
    r"platform|system|listings?|dashboard|application)\b"
    r"|\s+as (?:a|an|our|your|the) [^.!?\n]{0,60}\b(?:portal|software|platform|system|app)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"(?:[\w&.'’ ]{2,30},\s*){0,4}(?:[\w&.'’ ]{2,30}\s+(?:and|or|&)\s+)?$", re.IGNORECASE
)
_IN_CONTEXT_BEFORE = re.compile(
    r"\b(?:powered by|provided by|software by|booking (?:engine|system) by|managed (?:with|in|on)|"
    r"(?:our|the) (?:software|platform|booking system)(?: is|,)?|we use|log ?in to(?: the| our|"
    r" your)?)\s+$",
    re.IGNORECASE,
)
_IN_CONTEXT_AFTER = re.compile(
    r"\s*[®™]?\s+(?:owner|tenant|resident|guest|booking|vacation rental|property management)\s+"
    r"(?:portal|app|engine|software|login|system|platform)\b",
    re.IGNORECASE,
)
_NOT_IN_USE = re.compile(
    r"\b(?:unlike|alternatives?|versus|vs\.?|compar(?:e|ed|ison|ing)|competitors?|instead of|"
    r"no longer|"
    r"not (?:use|using|with|a|an|affiliated)|(?:do|does|did)(?:n['’]t| not) use|never used?|"
    r"(?:moved|migrat\w+|switch\w*|transition\w*) (?:away )?from|replac(?:ed|ing)|left|formerly|"
    r"former|"
    r"previous(?:ly)?|used to|worked (?:at|for)|career at|acquired|lawsuit|sued|antitrust|stock|"
    r"shares|"
    r"review of|such as|integrat\w+ with|compatible with|connects? (?:to|with)|works with)\b",
    re.IGNORECASE,
)
_CHANGED_TO = re.compile(
    r"\b(?:we|our|us)\b[^.!?\n]{0,40}\b(?:mov|migrat|switch|transition|chang)\w*\b[^.!?\n]{0,60}\bfrom\b[^.!?\n]{2,40}"
    r"\b(?:in)?to\s+$",
    re.IGNORECASE,
)
_OLD_BEFORE = re.compile(r"\b(?:old|alte[rns]?|ancienne?|antigu[oa])\b", re.IGNORECASE)
_ENDED = re.compile(
    r"\b(?:closed|retired|discontinued|shut down|switched off|no longer|abgeschaltet|fermée?)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"[^.!?\n]{0,120}\?")
"""What is asked is not said: "Do you use X?"."""
_OF_OTHERS = re.compile(
    r"\b(?:clients? of ours|"
    r"(?:our|a|the|this|one|that|another) (?:[\w-]+ ){0,2}(?:client|customer)(?! (?:portal|log))|"
    r"(?:client|customer)['’]s|(?<!most )(?<!many )(?<!some )(?<!all )of our (?:clients|customers)|"
    r"(?:clients|customers|companies|firms|managers|landlords|operators|businesses)"
    r"(?: \w+){0,4}? (?:utili[sz]\w+|us(?:e|es|ed|ing)|run(?:s|ning)?|rel(?:y|ies) on|choose)"
    r"(?! (?:our|the)\b)|"
    r"(?:the|an?|another|whose) (?:landlord|operator|owner|seller|buyer|borrower|lender|defendant|"
    r"plaintiff|developer|landlord['’]s manager) (?:utili[sz]\w+|us(?:es|ed)|runs|relies on)|"
    r"case study|success story|consult(?:ing|ants?)|(?:users|customers|clients) of|"
    r"software vendors)\b",
    re.IGNORECASE,
)
_STORY = re.compile(
    r"case-?stud|success-?stor|(?:client|customer)-?stor|practice-?areas?|integrations?(?:/|$|\.)"
    r"|/(?:our-)?(?:clients|customers|work)(?:/|$|\.)|careers?(?:/|$|\.)|/jobs?(?:/|$|\.)|hiring"
    r"|employment|join-(?:us|our-team)",
    re.IGNORECASE,
)
_SKILL = re.compile(
    r"\b(?:requirements?|experience\w*|familiar\w*|proficien\w*|knowledge|certified|skills?|preferred|required|"
    r"or similar|equivalent|qualifications?|e\.g\.|plus)\b",
    re.IGNORECASE,
)
_PROMISED = re.compile(
    r"\b(?:an?|the|your|their) (?:[\w-]+ ){1,2}experience\b(?! (?:with|in|using|of)\b)",
    re.IGNORECASE,
)
"""What software gives its users ("a seamless payment experience"): no skill that a job asks for."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """One sign of a vendor: how sure, the words or address, and the rule's ending."""

    vendor: Fingerprint
    confidence: float
    quote: str
    method: Method
    rule: str


def extract(document: Document, site: Site) -> Iterator[Evidence]:
    """`pms_detected` and `software` with the vendor's name: the best sign of each vendor and kind
    of sign (link, embed, text) on this page, in order of appearance. What is in use also implies,
    weakly, what the firm is."""
    fingerprints = load()
    best: dict[tuple[str, str], _Hit] = {}
    for hit in _hits(document, fingerprints):
        key = (hit.vendor.id, hit.rule)
        own = site.domain == hit.vendor.site
        if not own and (key not in best or best[key].confidence < hit.confidence):
            best[key] = hit
    for hit in best.values():
        field = "pms_detected" if hit.vendor.kind in PMS_KINDS else "software"
        rule = f"software.{hit.vendor.id}.{hit.rule}"
        yield fact(document, field, hit.vendor.vendor, hit.quote, hit.method, hit.confidence, rule)
    used = [hit for hit in best.values() if hit.confidence >= IN_USE and hit.vendor.kind in _TRADES]
    if used and not is_aside(document):
        yield from _implied(document, max(used, key=lambda hit: hit.confidence))


def _implied(document: Document, hit: _Hit) -> Iterator[Evidence]:
    """Who has a customer's address at such a vendor, or says it is used, manages such property."""
    rule = f"software.{hit.vendor.id}.customer"
    for field, value in zip(("company_type", "category"), _TRADES[hit.vendor.kind], strict=True):
        yield fact(document, field, value, hit.quote, "rule", IMPLIED, rule)


def _hits(document: Document, fingerprints: Fingerprints) -> Iterator[_Hit]:
    linked: set[str] = set()
    of_others = is_aside(document) or bool(_STORY.search(path_of(document)))
    for url in dict.fromkeys((document.url, *(link.url for link in document.links))):
        vendor = fingerprints.of_url(url)
        if vendor and not (of_others and _is_login_of(url, vendor)):
            linked.add(vendor.id)
            yield _Hit(vendor, LINKED, url[:240], "link", "link")
    text = readable(document)
    for vendor, address in _addresses(text, fingerprints):
        yield _Hit(vendor, ADDRESS_IN_TEXT, address, "text", "address")
    for vendor, address in _embedded(document, fingerprints):
        if vendor.id not in linked and not (of_others and _is_login_of(address, vendor)):
            yield _Hit(vendor, EMBEDDED, address, "link", "embed")
    yield from in_text(f"{text}\n{_labels(document)}", fingerprints, of_others)


def _is_login_of(address: str, vendor: Fingerprint) -> bool:
    """Whether an address is on the vendor's own host: a login page that all customers share."""
    return address.partition("//")[2].removeprefix("www.").startswith(f"{vendor.site}/")


def _labels(document: Document) -> str:
    """What pictures say, a line each: "Powered by ..."."""
    pictures = document.tree.css("img[alt]")[:MAX_PICTURES]
    return "\n".join(line(node.attributes.get("alt") or "")[:80] for node in pictures)


def _addresses(text: str, fingerprints: Fingerprints) -> Iterator[tuple[Fingerprint, str]]:
    """Customers' addresses that are printed on the page."""
    end = 0
    for dot in _IN_TEXT.finditer(text):
        if dot.start() < end:
            continue
        host = _HOST_BEFORE.search(text, max(0, dot.start() - 60), dot.start())
        rest = _REST.match(text, dot.end()) if host else None
        if host and rest:
            end = rest.end()
            vendor = fingerprints.of_url(f"https://{host[0]}.{rest[0]}")
            if vendor and not _is_given_up(text, host.start(), end):
                yield vendor, f"{host[0]}.{rest[0]}"


def _is_given_up(text: str, start: int, end: int) -> bool:
    """Whether the words around an address say that it is used no more."""
    line = text.rfind("\n", 0, start) + 1
    before = re.split(r"[.!?]\s", text[max(line, start - 120) : start])[-1]
    after = re.split(r"[.!?](?:\s|$)|\n", text[end : end + 80])[0]
    return bool(_NOT_IN_USE.search(before) or _OLD_BEFORE.search(before) or _ENDED.search(after))


def _embedded(document: Document, fingerprints: Fingerprints) -> Iterator[tuple[Fingerprint, str]]:
    """Addresses in inline scripts, event handlers and data attributes; comments are left out."""
    shown = _COMMENT.sub("", document.html)
    for host, path in dict.fromkeys(match.groups() for match in _IN_MARKUP.finditer(shown)):
        address = f"https://{host}{path}".replace("\\", "")
        if vendor := fingerprints.of_url(address):
            yield vendor, address


def in_text(text: str, fingerprints: Fingerprints, aside: bool = False) -> Iterator[_Hit]:
    """Vendors named in text. On pages about others (`aside`) a name is a mention at most."""
    low = text.lower()
    for vendor in fingerprints.named_in(low):
        for name, plain in vendor.folded_names:
            if plain in low:
                for match in list(_pattern(name, False).finditer(text))[:MAX_HITS]:
                    yield from _graded(vendor, text, match, aside)
        for name in vendor.names_in_context:
            if name in text and not aside:
                for match in list(_pattern(name, True).finditer(text))[:MAX_HITS]:
                    yield from _in_context(vendor, text, match)


@cache
def _pattern(name: str, exact: bool) -> re.Pattern[str]:
    """Where a name stands as a word of its own. Case counts for ordinary words, and for names of
    several words ("Ask the rent manager")."""
    exact_case = exact or " " in name
    capital = r"(?!\s+[A-Z][a-z])" if exact else ""
    return re.compile(
        rf"(?<![\w@./-]){re.escape(name)}(?![\w@-]|\.\w){capital}",
        0 if exact_case else re.IGNORECASE,
    )


def _graded(vendor: Fingerprint, text: str, match: re.Match[str], aside: bool) -> Iterator[_Hit]:
    sentence, before, after = _sentence(text, match)
    if _QUESTION.match(text, match.end()):
        return
    if _NOT_IN_USE.search(sentence):
        if _CHANGED_TO.search(before) and not aside and not _OF_OTHERS.search(sentence):
            yield _Hit(vendor, IN_USE, _quote(text, match), "text", "in_use")
        return
    lead = _LISTED.sub("", before)
    used = bool(
        _USE_AFTER.match(after)
        or _USE_BEFORE.search(before)
        or _CUSTOMER_BEFORE.search(before)
        or _STRONG_BEFORE.search(lead or before)
        or _NAMED_SOFTWARE.search(before)
    )
    asked = _SKILL.search(_PROMISED.sub("", sentence))
    if used and not aside and not asked and not _OF_OTHERS.search(sentence):
        yield _Hit(vendor, IN_USE, _quote(text, match), "text", "in_use")
    else:
        yield _Hit(vendor, MENTIONED, _quote(text, match), "text", "mention")


def _in_context(vendor: Fingerprint, text: str, match: re.Match[str]) -> Iterator[_Hit]:
    sentence, before, after = _sentence(text, match)
    if _NOT_IN_USE.search(sentence) or _OF_OTHERS.search(sentence):
        return
    if _IN_CONTEXT_BEFORE.search(before) or _IN_CONTEXT_AFTER.match(after):
        yield _Hit(vendor, IN_USE, _quote(text, match), "text", "in_use")


def _quote(text: str, match: re.Match[str]) -> str:
    return quote_around(text, match.start(), match.end())


_SENTENCE_END: Final = re.compile(r"[.!?](?=\s|$)|\n|$")


def _sentence(text: str, match: re.Match[str]) -> tuple[str, str, str]:
    """(the sentence around a match, the part before it, the part after it)."""
    line_start = text.rfind("\n", 0, match.start()) + 1
    stops = [text.rfind(mark, line_start, match.start()) for mark in (". ", "! ", "? ")]
    begin = max(max(stops) + 2 if max(stops) >= 0 else line_start, match.start() - 200)
    end = _SENTENCE_END.search(text, match.end())
    last = min(end.start() if end else len(text), match.end() + 200)
    return text[begin:last], text[begin : match.start()], text[match.end() : last]


EXTRACTOR = extract
