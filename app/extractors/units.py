"""How many units the firm manages, in its own words.

The number and its noun may stand in one sentence ("we manage over 1,250 doors") or in neighbouring
elements (a counter over its label). Only 5 to 50,000 is believed. Money, areas, listings, years,
sales and what others own are no units.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.crawl.document import Document
from app.extractors import Site
from app.extractors._facts import fact, is_about, is_aside, is_entry, readable
from app.extractors._firm.foreign_units import counts as foreign_counts
from app.extractors._firm.paired_units import pairs
from app.records.evidence import Evidence

LEAST, MOST = 5, 50_000
MAX_MATCHES = 100

MANAGED, COUNTER, OWNED, PAIRED, BARE = 0.9, 0.75, 0.7, 0.65, 0.45
OTHER_NOUN: Final = -0.1
GROUPS: Final = -0.3

_NUMBER = (
    r"(?P<number>\d(?<![\w$€£.,/-]\d)(?<!\d[ \u00a0\u202f’]\d)"
    r"(?:\d{0,2}(?:,\d{3})+|\d{0,5}(?:\.\d)?(?: ?[kK]\b)?))"
    r"(?![\d%]|[.,]\d|[-/]\d)"
    r"\+?"
)
_WORDED = (
    r"(?P<worded>(?:a|one|two|three|four|five|six|seven|eight|nine|ten)\s+(?:hundred|thousand))"
)
_KIND = (
    r"(?:(?:single|multi|one|two)[- ]?famil(?:y|ies)|multifamily|residential|rental|apartment|"
    r"vacation|holiday|managed|commercial|luxury|condo(?:minium)?|town(?:home|house)|student|"
    r"affordable|housing|homeowners?|individual|new|premium|short[- ]term|long[- ]term|furnished|"
    r"beach|investment|real estate|income|hoa|association|community|client|private|local|quality|"
    r"unique|and|&)"
)
_DOORS = (
    r"(?:units?|doors?|homes?|apartments?|flats|houses?|residences?|town(?:homes|houses)|condos|"
    r"condominiums|rentals|cabins|villas|cottages|dwellings|lots|tenancies)"
)
_PROPERTIES = r"(?:properties|buildings|assets)"
_GROUP_NOUNS = r"(?:associations?|communities|hoas)"
_NOUN = rf"(?P<doors>{_DOORS})|(?P<properties>{_PROPERTIES})|(?P<groups>{_GROUP_NOUNS})"
_WHAT = (
    r"[ -]?(?i:plus |or more )?(?i:different )?"
    rf"(?:(?i:{_KIND})[ ,-]+){{0,4}}(?i:{_NOUN})\b"
    r"(?P<managed>(?i: (?:under (?:our )?management|managed|we manage|in (?:our|management)"
    r"|currently managed)))?"
)
_CLAIM = re.compile(_NUMBER + _WHAT)
_WORDED_CLAIM = re.compile(rf"\b(?i:{_WORDED})" + _WHAT)
_LABEL_THEN_COUNT = re.compile(
    rf"\b(?:{_NOUN})\s+(?P<managed>managed|under (?:our )?management)[\s:–-]{{0,3}}"
    r"(?P<number>\d{1,3}(?:,\d{3})+|\d{1,6}(?:\.\d)?[kK]?)(?![\d%]|[.,]\d)",
    re.IGNORECASE,
)
_MANAGED_THEN_DIGIT = re.compile(r"[Mm](?:anaged|anagement|ANAGED|ANAGEMENT)[\s:–-]{0,3}\d")
_COUNT_LINE = re.compile(rf"^\W*{_NUMBER}\W*$")
_LABEL_LINE = re.compile(
    rf"^\W*(?:{_KIND}[\s,-]+){{0,4}}(?:{_NOUN})"
    r"(?P<managed>\s+(?:under (?:our )?management|managed|in (?:our )?portfolio))?\W*$",
    re.IGNORECASE,
)
_MANAGE = re.compile(
    r"\b(?:manag(?:e|es|ed|ing|ement)|look(?:s|ed|ing)? after|(?:car|tak)(?:e|es|ing) "
    r"(?:care of|for)|oversee(?:s|ing)?|"
    r"portfolio|responsible for|administer\w*|steward\w*|entrusted|"
    r"our (?:\w+ )?(?:program(?:me)?|collection|care))\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:own(?:s|ed)?|operat(?:e|es|ing)|ha(?:ve|s)|offer(?:s|ing)?|with|featur\w+)\b",
    re.IGNORECASE,
)
_NOT_UNITS = re.compile(
    r"\b(?:sold|closed|sell|for sale|available|vacan\w+|listings?|listed|built|build|square|sq|"
    r"feet|inspect\w*|renovat\w*|flipp\w*|leased|placed|viewed|searched|visited|bought|purchas\w*|"
    r"transactions?|acquired|acquisitions?|reviews?|donat\w+|damaged|"
    r"destroyed|paint\w+|insured)\b",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\b(?:if you|whether you|you (?:own|have|manage)|your|"
    r"(?:landlords?|owners?|investors?) (?:who|with)|average|typical|most (?:property|landlords)|"
    r"industry|nationwide|national|study|survey|census|according to|example|up to|fewer than|"
    r"less than|minimum|at least|from 1|as (?:few|many) as|software|pricing|per month|plans?|"
    r"tiers?|city has|county has|renters|households|population|"
    r"(?:clients?|customers?|members?|users?|they|others)(?: of ours)?(?:,)? "
    r"(?:(?!we\b|our\b)\w+ ){0,3}?(?:with|whose|ranging|manag\w+|own\w*|operat\w+|run|oversee\w*)|"
    r"represent(?:s|ed|ing)|counsel|advis(?:e|es|ed|ing))\b",
    re.IGNORECASE,
)
_RANGE_BEFORE = re.compile(r"\d\s*(?:to|and|or|[-–—])\s*$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNTED_BEFORE = re.compile(
    r"\b(?:manag(?:e|es|ing)|over|than|about|approximately|approx\.?|nearly|almost|around|roughly|some|"
    r"of|after)\s+$",
    re.IGNORECASE,
)
_SCALE: Final = {
    "hundred": 100,
    "thousand": 1000,
}
_COUNTS: Final = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5} | {
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_COUNTER_ATTRIBUTES: Final = (
    "data-target", "data-count", "data-to-value", "data-to", "data-end", "data-stop", "data-value",
    "data-val", "data-number", "data-purecounter-end", "data-countup", "data-counter",
)  # fmt: skip
_COUNTING = re.compile(r"data-(?:target|count|to|end|stop|val|number|purecounter)[\w-]*=[\"']?\d")


@dataclass(frozen=True, slots=True)
class _Claim:
    """A number of units, how sure, the words, and what kind of wording it was."""

    value: int
    confidence: float
    quote: str
    rule: str


def extract(document: Document, site: Site) -> Iterator[Evidence]:
    """`units_estimate` as a plain integer, each number once, in order of appearance."""
    if is_aside(document):
        return
    best: dict[int, _Claim] = {}
    for claim in _claims(document):
        if claim.value not in best or best[claim.value].confidence < claim.confidence:
            best[claim.value] = claim
    for claim in best.values():
        value, quote, sure = str(claim.value), claim.quote, claim.confidence
        yield fact(document, "units_estimate", value, quote, "text", sure, f"units.{claim.rule}")


def _claims(document: Document) -> Iterator[_Claim]:
    text = f"{document.description}\n{readable(document)}"
    tells_of_itself = is_entry(document) or is_about(document)
    matches = [*_CLAIM.finditer(text), *_labels_then_counts(text)]
    if "hundred" in text or "thousand" in text:
        matches += _WORDED_CLAIM.finditer(text)
    for match in matches[:MAX_MATCHES]:
        if claim := _sentence_claim(text, match, tells_of_itself):
            yield claim
    for value, sentence, match in foreign_counts(text):
        if LEAST <= value <= MOST:
            quote = " ".join(sentence.split())[:240]
            yield _Claim(value, MANAGED + _doubt(match), quote, "managed")
    for value, quote in pairs(text) if tells_of_itself else ():
        if LEAST <= value <= MOST:
            yield _Claim(value, PAIRED, quote[:240], "paired")
    yield from _counters(text.split("\n"))
    yield from _animated(document)


def _labels_then_counts(text: str) -> Iterator[re.Match[str]]:
    """ "Units managed: 640", sought only where a number follows such a word."""
    for hint in list(_MANAGED_THEN_DIGIT.finditer(text))[:MAX_MATCHES]:
        if match := _LABEL_THEN_COUNT.search(text, max(0, hint.start() - 30), hint.end() + 12):
            yield match


def _sentence_claim(text: str, match: re.Match[str], tells_of_itself: bool) -> _Claim | None:
    value = _value(match)
    if not LEAST <= value <= MOST or _is_year(text, match):
        return None
    sentence, before = _sentence(text, match.start(), match.end())
    if (
        sentence.endswith("?")
        or _RANGE_BEFORE.search(before[-20:])
        or _OF_OTHERS.search(before[-60:])
        or _NOT_UNITS.search(_near(sentence, match[0]))
    ):
        return None
    if match["managed"] or _MANAGE.search(before) or _MANAGE.search(sentence[len(before) :][:80]):
        sure, rule = MANAGED, "managed"
    elif _OWN.search(before[-40:]) and re.search(
        r"\b(?:we|our|has|owns|operates)\b", before, re.IGNORECASE
    ):
        sure, rule = OWNED, "owned"
    elif tells_of_itself and (len(before) <= 12 or len(sentence) <= 60):
        sure, rule = BARE, "bare"
    else:
        return None
    return _Claim(value, sure + _doubt(match), " ".join(sentence.split())[:240], rule)


def _value(match: re.Match[str]) -> int:
    """The number that a match holds; 0 for fractions."""
    held = match.groupdict()
    worded: str | None = held.get("worded")
    if worded:
        count, _, scale = worded.lower().partition(" ")
        return _COUNTS.get(count, 0) * _SCALE[scale.strip()]
    digits: str = match["number"].replace(",", "").replace(" ", "").lower()
    if digits.endswith("k"):
        return round(float(digits[:-1]) * 1000)
    return 0 if "." in digits else int(digits)


def _is_year(text: str, match: re.Match[str]) -> bool:
    """Four digits such as 1991 are a year unless the words before them count, or a plus follows."""
    written: str = match.groupdict().get("number") or ""
    counted = _COUNTED_BEFORE.search(text, max(0, match.start() - 20), match.start())
    plus = text[match.end("number") : match.end("number") + 1] == "+" if written else False
    return bool(_YEAR.fullmatch(written) and not counted and not plus)


def _doubt(match: re.Match[str]) -> float:
    """Properties may hold many units each; associations and communities surely do."""
    return GROUPS if match["groups"] else OTHER_NOUN if match["properties"] else 0.0


def _sentence(text: str, start: int, end: int) -> tuple[str, str]:
    """(the sentence that holds [start, end), the part of it before start)."""
    line_start = text.rfind("\n", 0, start) + 1
    stop = max(text.rfind(mark, line_start, start) for mark in (". ", "! ", "? ", "• "))
    begin = stop + 2 if stop >= 0 else line_start
    begin = max(begin, start - 160)
    finish = re.compile(r"[.!?](?:\s|$)|\n|$").search(text, end)
    last = finish.end() if finish else len(text)
    return text[begin : min(last, end + 160)].strip(), text[begin:start].lstrip()


def _near(sentence: str, words: str) -> str:
    """The words of a sentence close around a match."""
    at = sentence.find(words)
    return sentence[max(0, at - 40) : at + len(words) + 30]


def _counters(lines: list[str]) -> Iterator[_Claim]:
    """A line that is a number, with its label on the line after or before it."""
    for number, line in enumerate(lines):
        count = _COUNT_LINE.match(line) if len(line) <= 12 else None
        if count is None or not LEAST <= _value(count) <= MOST or _is_year(line, count):
            continue
        for other in (number + 1, number - 1):
            label = _LABEL_LINE.match(lines[other]) if 0 <= other < len(lines) else None
            if label and len(lines[other]) <= 60:
                pair = (line, lines[other]) if other > number else (lines[other], line)
                sure = (MANAGED if label["managed"] else COUNTER) + _doubt(label)
                yield _Claim(_value(count), sure, " ".join(pair), "counter")
                break


def _animated(document: Document) -> Iterator[_Claim]:
    """Counters that a script runs up: the number stands in an attribute, the text shows 0."""
    if not _COUNTING.search(document.html):
        return
    selector = ", ".join(f"[{name}]" for name in _COUNTER_ATTRIBUTES)
    for node in document.tree.css(selector)[:50]:
        held = node.attributes
        raw = next((held[name] for name in _COUNTER_ATTRIBUTES if held.get(name)), "") or ""
        count = _COUNT_LINE.match(raw.strip())
        above = node.parent.parent if node.parent and node.parent.parent else node.parent
        words = " ".join(above.text(separator=" ").split()) if above else ""
        label = (
            _LABEL_LINE.match(re.sub(r"[\d,.+\s]*", "", words, count=1))
            if len(words) < 80
            else None
        )
        if count and label and LEAST <= _value(count) <= MOST and not _is_year(raw.strip(), count):
            sure = (MANAGED if label["managed"] else COUNTER) + _doubt(label)
            yield _Claim(_value(count), sure, f"{raw} {words}", "counter")


EXTRACTOR = extract
