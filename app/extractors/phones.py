"""Phone and fax numbers: what the page prints, and what its tel: links hold.

A regular expression finds what may be a number; only that goes to phonenumbers. North American
numbers that are written plainly ("(512) 555-0142") are taken when they are possible, even if no
carrier uses them: lists of exchanges age, and the numbers reserved for fiction (555-0100 to
555-0199; in Britain 01632 960000 to 960999) are possible but may be invalid. Dummies such as
123-456-7890 and (555) 123-4567 are not.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

import phonenumbers

from app.crawl.document import Document, RawLink
from app.extractors import Site
from app.extractors._addresses.region import NANP, region_of
from app.extractors._facts import fact, is_aside, is_staff, quote_around, readable
from app.extractors._reach.in_passing import is_in_passing, is_legal
from app.extractors._reach.others import is_of_another, is_of_builder, is_of_partner, is_of_said
from app.records.evidence import Evidence, Method

MAX_NUMBERS = 200
DIRECTORY, OWN = 10, 5

MAIN, LABELLED, BARE, LINKED, BOTH, CHAT = 0.96, 0.92, 0.8, 0.85, 0.95, 0.6
OF_STAFF, URGENT, PASSING, AGREEING = 0.65, 0.7, 0.55, 0.14

_ZONE = re.compile(r"[+(\d](?:[\s().\-/·•\[\]\u2010-\u2015]{0,4}\d){6,}")
_LETTERED = re.compile(r"\d\d\d\)? ?[-.]?(?:\d\d\d[-.]?)?[A-Z]{3}")
_GAP = r"[\s.\-\u2010-\u2015·•]"
_PLAIN = re.compile(
    rf"(?<![\d$€£])(?<!\d[-.,/:])(?:(?:\+|00)?1{_GAP}{{0,3}})?"
    rf"(?:\(\s?[2-9]\d\d\s?\){_GAP}{{0,3}}/?{_GAP}?|[2-9]\d\d(?:{_GAP}{{1,3}}|\s?/\s?))"
    rf"[2-9]\d\d(?:{_GAP}{{1,3}}|(?<=\)\d\d\d)|(?<=\)\s\d\d\d))\d{{4}}(?![\d%])(?![-/]\d)",
)
_RUN_TOGETHER = re.compile(r"(?<![\w.,/@#$=&-])\+?1?[2-9]\d\d[2-9]\d{6}(?![\w@%]|[.,/-]\d)")
_VANITY = re.compile(
    r"(?<![\w-])(?:1[-.])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-.])(?=[\dA-Z-]*[A-Z]{3})"
    r"(?:\d{3}[-.]?[A-Z]{4}|[A-Z]{3}[-.]?[A-Z]{4}|[A-Z]{7,9})(?![\w-])"
)
_ABROAD = re.compile(
    r"(?:(?<![\d+])\+|(?<![\w+])00)[ ]?\(?[2-9]"
    r"(?:(?!\s/\s\(?0)[\s().\-/\u2010-\u2015]{0,3}\d){6,14}(?!\d)"
)
_NATIONAL = re.compile(
    r"(?<![\d.,/+-])(?<![A-Z])\(?0"
    r"(?:(?!\s/\s\(?0)[\s().\-/\u2010-\u2015]{0,3}\d){7,13}(?![\d%])"
)
_SPANISH_STYLE = re.compile(
    r"(?<![\w.,/+-])(?:\([1-9]\d{1,3}\)|[1-9]\d{1,3})"
    r"(?:(?:[ .-]\d{2,5}){2,4}|[ .-]\d{6,8})(?![\d%])"
)
_UNSPACED = re.compile(r"(?<![\w.,/@#$=&+-])[1-9]\d{7,10}(?![\w@%]|[.,/-]\d)")
_ANYWHERE: Final = (_PLAIN, _ABROAD)

_FAX_BEFORE = re.compile(
    r"(?:\bfax\b|facsimile|telefax|t[ée]l[ée]copi\w*|(?<![\w'’])fx?(?=[\s:.)]))[^\w\n]*(?:us\s+)?"
    r"(?:no\.?|number|line|is|us|at|nr\.?)?[^\w\n]*\(?\n?[^\w\n]*$",
    re.IGNORECASE,
)
_FAX_AFTER = re.compile(
    r"[^\S\n]*[\-–|,]*[^\S\n]*[(\[]?\s*(?:toll[- ]free\s+)?(?:fax|facsimile)\b(?!\s*(?:no\b|"
    r"number)?[\s.:#]*\n?[\d(+])",
    re.IGNORECASE,
)
_AND_PHONE = re.compile(
    r"(?:phone|tel(?:ephone)?|ph|voice)\.?\s*(?:/|&|and|\+|,)\s*fax", re.IGNORECASE
)
_FAX_NODES: Final = (
    "img[alt*='fax' i], img[src*='fax' i], i[class*='fax' i], svg[class*='fax' i], "
    "span[class*='fax' i], p[class*='fax' i], div[class*='fax' i], li[class*='fax' i], "
    "[id*='fax' i], [title='fax' i], [aria-label='fax' i]"
)
_PHONE_BEFORE = re.compile(
    r"(?:phones?|tel\w*|t[ée]l[ée]?\w*|ph|call(?:ing)?|text|sms|mobile|móvil|cell\w*|handy|office|"
    r"direct|toll[- ]?free|main|line|voice|hotline|emergency|hours|dial|contact|reach\w*|us|at|"
    r"or|#|\b[ptomcd])[^\w\n+(]*\n?[^\w\n+(]*$",
    re.IGNORECASE,
)
_MAIN_BEFORE = re.compile(
    r"\b(?:office|main(?: line| number| office)?|reception|front desk|head(?: office|quarters)|"
    r"standard|zentrale|centralita|general)\W{0,3}(?:phone|tel\w*|number)?\W{0,3}$",
    re.IGNORECASE,
)
_STAFF_BEFORE = re.compile(
    r"\b(?:direct(?: line| dial)?|cell\w*|mobile|móvil|mobil|handy|ext)\W*$", re.IGNORECASE
)
_URGENT_BEFORE = re.compile(
    r"(?:after[- ]?hours|out[- ]of[- ]hours|emergenc\w+|urgent\w*|notfall\w*|notfälle|notruf\w*|"
    r"notdienst|urgences?|urgencias?|emergenz[ae]|reperibilità|spoed|buiten kantooruren|urgências?)"
    r"[^\n.|·•\d]{0,30}$",
    re.IGNORECASE,
)
_PHONE_LABEL = re.compile(
    r"phone|tel[.:\b]|tel[ée]|call|text|mobile|cell|contact us|fax", re.IGNORECASE
)
_NO_PHONE_BEFORE = re.compile(
    r"(?:licen[cs]e|\blic|\bno|\bnr|nmls|\bmls|\bdre|calbre|\bbre|\bein|\bvat|\btax|\bid|\breg\w*|"
    r"account|acct|invoice|order|isbn|sku|parcel|apn|model|item|part|case|\bref|serial|routing|"
    r"permit|policy|charity|company|tty|tdd|relay|isrc|patent|sire[nt]|tva|iban|kto|konto|blz|cuenta|bic|rcs|hrb|[cn]if|"
    r"a[bc]n|gstin|nzbn|ust\W{0,2}id\w*|uid|btw|kvk|kbo|ondernemingsnummer|p\.? ?iva|partita iva|"
    r"c\.? ?f\.?|ni[fp]c?|nipc|steuer\w*|vergi|rea|inps|spendenkonto)"
    r"\W*(?:id|no|nr|number|num)?\W*(?:[A-Z]{2})?\W*$|\biban\W*[A-Z]{2}[\d ]{0,30}$",
    re.IGNORECASE,
)
_ALSO = re.compile(
    r"[^\w\n]*(?:or|oder|ou|o|of|and|und|et|y|e|en|(?:tele)?fax)?[^\w\n]*", re.IGNORECASE
)
_DATE = re.compile(r"\d{1,2}[.\-/ ]{1,2}\d{1,2}[.\-/ ]{1,2}(?:19|20)\d\d")
_FOREIGN_BEFORE = re.compile(
    r"(?:tel\w*|ph(?:one)?|fax)\W{0,3}(?!1[ -])\d{1,3}[ -]$", re.IGNORECASE
)

_FICTION = re.compile(r"441632960\d{3}$")
"""Numbers of no area that Britain reserves for fiction; its others are of areas in use."""
_OF_LINKS: Final = ("phone.link", "phone.unseen", "phone.chat")
_OVERSEAS: Final = {"FR": ("GP", "MQ", "GF", "RE", "YT")}
"""Parts of a country with numbering plans of their own, dialled alike."""


@dataclass(frozen=True, slots=True)
class _Mention:
    """A number on the page: E.164, what kind it is, and the words that show it."""

    number: str
    field: str
    confidence: float
    quote: str
    rule: str


def extract(document: Document, site: Site) -> Iterator[Evidence]:
    """`phone` and `fax` of this page, E.164, each once, in order of appearance.

    Where a link and its text differ (call tracking), both are given, the printed one higher. A
    number that the page only calls a fax is no phone, even if a tel: link holds it. Pages where
    others are named (articles, legal texts, partners) are not read: the firm's own number stands on
    the others too.
    """
    if is_aside(document):
        return
    region = region_of(document, site)
    iconed = _by_icon(document, region)
    of_staff = is_staff(document)
    mentions, others = _printed(document, region, site, of_staff)
    printed = [
        one
        for one in mentions
        if one.field != "phone" or one.confidence > BARE or one.number not in iconed
    ] + [
        _Mention(number, "fax", LABELLED, quote, "phone.fax_icon")
        for number, quote in iconed.items()
    ]
    faxes = {m.number for m in printed if m.field == "fax"}
    phones = {m.number for m in printed if m.field == "phone"}
    passed = (faxes | others) - phones
    linked = [m for m in _linked(document, region, of_staff) if m.number not in passed]
    held = {m.number for m in linked}
    best: dict[tuple[str, str], _Mention] = {}
    for mention in (*printed, *(m for m in linked if m.number not in phones)):
        key = (mention.field, mention.number)
        if key not in best or best[key].confidence < mention.confidence:
            best[key] = mention
    urgent = {one.number for one in mentions if one.confidence == URGENT}
    passed = _listed([one.number for one in mentions if one.field == "phone"], held)
    for (field, number), mention in list(best.items())[:MAX_NUMBERS]:
        if number in passed:
            continue
        agree = field == "phone" and number in held and number in phones
        sure = min(mention.confidence, URGENT) if number in urgent else mention.confidence
        sure = max(sure, min(sure + AGREEING, BOTH)) if agree else sure
        method: Method = "link" if mention.rule in _OF_LINKS else "text"
        yield fact(document, field, number, mention.quote, method, sure, mention.rule)


def _listed(numbers: list[str], held: set[str]) -> set[str]:
    """Those that a directory holds: of very many on one page the first ones are the firm's, and
    those that are links or stand there twice (in the frame as well)."""
    different = list(dict.fromkeys(numbers))
    if len(different) <= DIRECTORY:
        return set()
    return {one for one in different[OWN:] if one not in held and numbers.count(one) < 2}


def e164(text: str, region: str = "US") -> str:
    """A number as written -> E.164, or "" where it is none. Extensions are left out."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return ""
    national = str(number.national_number)
    if region in _OVERSEAS and not phonenumbers.is_valid_number(number):
        return next(filter(None, (e164(text, other) for other in _OVERSEAS[region])), "")
    if number.country_code == 1:
        if not _plain_nanp(national) or not phonenumbers.is_possible_number(number):
            return ""
        abroad = "" if text[:1] != "(" or _is_assigned(national[:3]) else e164(f"+{national}")
        if abroad:
            return abroad
    elif len(set(national)) == 1 or not (
        phonenumbers.is_valid_number(number) or _FICTION.match(f"{number.country_code}{national}")
    ):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _is_assigned(area: str) -> bool:
    """Whether a North American area code is in use: (592) is not, but Guyana's country code."""
    number = phonenumbers.parse(f"+1{area}2002345")
    return area == "555" or phonenumbers.region_code_for_number(number) is not None


def _plain_nanp(national: str) -> bool:
    """Ten digits whose area and exchange can exist, and no dummy (exchange 555 holds only
    directory assistance and the numbers reserved for fiction)."""
    if len(national) != 10 or national[0] in "01" or national[3] in "01":
        return False
    if national[3:6] == "555" and national[6:8] != "01" and national[6:] != "1212":
        return False
    if national[:3] == "555" and national[3:8] != "55501":
        return False
    return len(set(national)) > 2 and len(set(national[3:])) > 1 and national != "2345678901"


def _by_icon(document: Document, region: str) -> dict[str, str]:
    """Numbers that a picture or the name of their element calls a fax, with the words shown."""
    if not _names_fax(document.html):
        return {}
    found: dict[str, str] = {}
    for node in document.tree.css(_FAX_NODES)[:20]:
        shown = node.text(separator=" ")
        after = node.next
        for _ in range(3):
            if re.search(r"\d", shown) or after is None:
                break
            shown, after = after.text(separator=" "), after.next
        words = " ".join(shown.split())
        number = _first_number(words, region)[0] if len(words) <= 40 else ""
        if number:
            found.setdefault(number, f"fax {words}")
    return found


def _names_fax(html: str) -> bool:
    """Whether the word fax stands inside a tag."""
    low = html.lower()
    at = low.find("fax")
    for _ in range(50):
        if at < 0:
            break
        if low.rfind("<", max(0, at - 300), at) > low.rfind(">", max(0, at - 300), at):
            return True
        at = low.find("fax", at + 3)
    return False


def _printed(
    document: Document, region: str, site: Site, of_staff: bool
) -> tuple[list[_Mention], set[str]]:
    """(the firm's numbers in the text, the numbers of others)."""
    text, domain = readable(document), site.domain
    own = f"{document.title} {domain} {site.name}"
    legal, passing = is_legal(document), False
    mentions: list[_Mention] = []
    others: set[str] = set()
    end_before = 0
    for start, end, raw in _candidates(text, region):
        if start < end_before:
            continue
        before = text[max(end_before, start - 60) : start]
        number, length = _first_number(raw, region)
        if (
            not number
            or _DATE.fullmatch(raw)
            or _NO_PHONE_BEFORE.search(before)
            or _FOREIGN_BEFORE.search(before)
        ):
            continue
        since, end_before = end_before, end - len(raw) + length
        if (
            is_of_another(before, domain)
            or is_of_builder(text, start, domain, headings=False)
            or is_of_partner(text, start, domain)
            or is_of_said(text, start, own)
        ):
            others.add(number)
            continue
        if not (since and _ALSO.fullmatch(text, since, start)):
            passing = legal or is_in_passing(text, start, end_before, since, domain, own)
        doubt = OF_STAFF if of_staff else BOTH
        doubt = PASSING if passing else doubt
        mentions += _mention(text, start, end_before, before, number, doubt)
    return mentions, others


def _first_number(raw: str, region: str) -> tuple[str, int]:
    """The number that `raw` begins with, and its length: what follows may be a house number."""
    for _ in range(4):
        if number := e164(raw, region):
            return number, len(raw)
        raw = re.sub(r"[^\d]+\d+$", "", raw)
    return "", 0


def _mention(
    text: str, start: int, end: int, before: str, number: str, doubt: float
) -> Iterator[_Mention]:
    """A number with what the words beside it call it; `doubt`: how sure it can be at most, among
    people, where it is one's own, and in passing."""
    quote = quote_around(text, start, end)
    is_fax = bool(_FAX_BEFORE.search(before) or _FAX_AFTER.match(text, end))
    passing = doubt == PASSING
    if is_fax:
        sure, rule = (PASSING, "phone.passing") if passing else (LABELLED, "phone.fax_label")
        yield _Mention(number, "fax", sure, quote, rule)
    if not is_fax or _AND_PHONE.search(before):
        sure = LABELLED if _PHONE_BEFORE.search(before) else BARE
        if passing:
            yield _Mention(number, "phone", PASSING, quote, "phone.passing")
            return
        if _MAIN_BEFORE.search(before):
            sure = MAIN
        elif doubt == OF_STAFF or _STAFF_BEFORE.search(before):
            sure = OF_STAFF
        elif _URGENT_BEFORE.search(before):
            sure = URGENT
        yield _Mention(number, "phone", sure, quote, "phone.text")


def _candidates(text: str, region: str) -> list[tuple[int, int, str]]:
    """Where numbers may stand, in document order; of two that overlap the longer comes first."""
    found: list[tuple[int, int, str]] = []
    at_home = region in NANP
    patterns = _ANYWHERE if at_home else (*_ANYWHERE, _NATIONAL, _SPANISH_STYLE)
    unspaced = _RUN_TOGETHER if at_home else _UNSPACED
    for zone in list(_ZONE.finditer(text))[: 5 * MAX_NUMBERS]:
        first, last = max(0, zone.start() - 1), zone.end() + 3
        for pattern in patterns:
            found += [(m.start(), m.end(), m[0]) for m in pattern.finditer(text, first, last)]
        found += [
            (m.start(), m.end(), m[0])
            for m in unspaced.finditer(text, first, last)
            if _PHONE_LABEL.search(text, max(0, m.start() - 20), m.start())
        ]
    if _LETTERED.search(text):
        found += [
            (m.start(), m.end(), phonenumbers.convert_alpha_characters_in_number(m[0]))
            for m in _VANITY.finditer(text)
        ]
    return sorted(found, key=lambda hit: (hit[0], -hit[1]))[: 2 * MAX_NUMBERS]


def _linked(document: Document, region: str, of_staff: bool) -> Iterable[_Mention]:
    for link in document.raw_links[: 2 * MAX_NUMBERS]:
        if number := _of_link(link, region):
            quote = f"{link.href} {link.text}".strip()[:240]
            sure, rule = OF_STAFF if of_staff else LINKED, "phone.link"
            if _first_number(link.text, region)[0] not in ("", number):
                rule = "phone.unseen"
            yield _Mention(number, "phone", sure, quote, rule)
    for chat in document.links:
        path = chat.url.partition("//wa.me/")[2]
        number = e164("+" + path.partition("?")[0].strip("/")) if path else ""
        if number and _is_of(number, region):
            yield _Mention(number, "phone", CHAT, chat.url[:240], "phone.chat")


def _is_of(number: str, region: str) -> bool:
    """Whether an E.164 number is of the site's country: a foreign chat is a partner's."""
    code = phonenumbers.country_code_for_region(region)
    return number.startswith(f"+{code}")


def _of_link(link: RawLink, region: str) -> str:
    scheme, _, rest = link.href.partition(":")
    if scheme.lower() not in ("tel", "sms", "callto"):
        return ""
    raw = re.split(r"[;?&]|,{2}|ext|x(?=\d)", unquote(rest).lower(), maxsplit=1)[0]
    if re.search(r"\bfax\b", link.text, re.IGNORECASE):
        return ""
    return e164(raw.upper(), region)


EXTRACTOR = extract
