"""The firm's name in its register: words that end with a legal form or, in French, follow it.

A page prints the forms of others as well: the host, the accountant, the insurer. A legal name is
the firm's where it holds the telling words of the firm's name, or consists of half of them at
least; where the domain is made of it; or where the page says that this company publishes the site.
"""

import re
from collections.abc import Iterator
from typing import Final

from app.extractors._firm.company_name import name_key
from app.extractors._firm.domain_names import COMMON_WORDS, domain_backing
from app.records._places import folded

MOST: Final = 30
MAX_LENGTH, MAX_WORDS = 90, 10
OWN, PUBLISHER = 0.72, 0.6

_FORM = re.compile(
    r"(?<=[ ,])(?:L\.?L\.?C\b\.?|P\.?L\.?L\.?C\b\.?|L\.?L\.?P\b\.?|P\.C\.|P\.A\.|Inc\b\.?|"
    r"Incorporated|Corp\b\.?|Corporation|L(?:td|TD)\b\.?|Limited|plc|PLC|"
    r"GmbH(?: & Co\.? KG(?:aA)?)?|AG|KG|OHG|GbR|UG(?: \(haftungsbeschränkt\))?|PartG(?: ?mbB)?|"
    r"mbB|e\. ?V\.|e\. ?K\.|SARL|SASU?|EURL|SELARL|S\.?L\.?[UP]?\.(?!\w)|S\.A\.(?: de C\.V\.)?|"
    r"S\.C\.(?!\w)|S\. de R\.L\.(?: de C\.V\.)?|L(?:da|DA)\b\.?|[Ss]\.?[Rr]\.?[Ll]\.?s?\.?|"
    r"S\.[ap]\.[sA]\.|S\.n\.c\.|[BN]\.V\.|[BN]V|bv|nv|VOF|bvba)(?![\w@-])"
    r"(?: di [^\n,|–-]{3,50}?& C\.)?"
)
_FORM_FIRST = re.compile(
    r"\b(?:SELARL|SELAS|SARL|SASU?|EURL|SCP|SCI)\s(?P<name>[A-ZÀ-Þ][^\n,(:;|]{2,60}?)"
    r"(?=\s?[,(:;|\n]|\.\s|$| au capital)"
)
_LLC_DOT = re.compile(r"(?<=L[CP])\.$")
_BREAK = re.compile(
    r":\s|[|·•©;]|\([cC]\)|(?:19|20)\d\d|(?<!\b[A-Z])(?<!\bDr)(?<!\bCo)\.\s|\bc/o\b|"
    r"\b(?:by|von|par|por|da|door|société|sociedad|società|company)\s"
)
_WORD = re.compile(
    r"[A-ZÀ-Þ0-9(&+–][\w'’&.+()-]*,?|&|\+|–|of|and|und|et|y|e|de|do|da|di|del|der|la|le|the|für"
)
_SMALL: Final = frozenset("of and und et y e de do da di del der la le the für & + –".split())
_PUBLISHER = re.compile(
    r"(?:édité(?: et \w+)? par|éditeur|publisher|publié par|published by|diensteanbieter|anbieter|"
    r"medieninhaber|herausgeber|titular(?: del sitio)?|titolare(?: del sito)?|uitgever)"
    r"[^\n.]{0,30}$",
    re.IGNORECASE,
)


def legal_names(text: str, name: str, domain: str, url: str) -> Iterator[tuple[str, str, float]]:
    """(legal name, the words around it, how sure) of each that is the firm's, once."""
    seen: set[str] = set()
    for start, legal in _named(text):
        key = folded(legal)
        if key in seen or not 4 <= len(legal) <= MAX_LENGTH:
            continue
        seen.add(key)
        line = text.rfind("\n", 0, start) + 1
        if _is_own(legal, name, domain, url):
            yield legal, _quote(text, line, start, legal), OWN
        elif _PUBLISHER.search(text, max(line, start - 60), start):
            yield legal, _quote(text, line, start, legal), PUBLISHER


def _named(text: str) -> Iterator[tuple[int, str]]:
    """(place, name with its legal form) of each in the text."""
    for form in list(_FORM.finditer(text))[:MOST]:
        line = max(text.rfind("\n", 0, form.start()) + 1, form.start() - MAX_LENGTH)
        begin = max((hit.end() for hit in _BREAK.finditer(text, line, form.start())), default=line)
        kept: list[str] = []
        for word in reversed(text[begin : form.start()].split()):
            if len(kept) == MAX_WORDS or not _WORD.fullmatch(word):
                break
            kept.insert(0, word)
        while kept and kept[0] in _SMALL:
            kept.pop(0)
        if kept and (start := text.rfind(kept[0], begin, form.start())) >= 0:
            yield start, _LLC_DOT.sub("", " ".join((*kept, form[0])))
    for form in list(_FORM_FIRST.finditer(text))[:MOST]:
        yield form.start(), " ".join(form[0].split())


def _is_own(legal: str, name: str, domain: str, url: str) -> bool:
    """Whether the words of one name hold those of the other, and one of them tells it; or the
    domain is made of the legal name."""
    bare = _FORM_FIRST.sub(lambda form: form["name"], legal)
    key = name_key(_FORM.sub("", bare))
    own, known = set(folded(key).split()), set(folded(name).split())
    told, asked = own - COMMON_WORDS, known - COMMON_WORDS
    shared = any(len(word) >= 3 for word in told & asked)
    if shared and (asked <= own or (told <= known and 2 * len(told) >= len(asked))):
        return True
    return "whole_domain" in domain_backing(key, domain, url)


def _quote(text: str, line: int, start: int, legal: str) -> str:
    end = text.find("\n", start)
    return " ".join(text[max(line, start - 60) : (end if end >= 0 else len(text))].split())[:240]
