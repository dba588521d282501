"""Job titles on a page: telling them from other short texts, and writing them cleanly."""

import re
from dataclasses import dataclass

from app.extractors._people.lexicon import phrases, words
from app.pipeline.title_rules import classify_title, names_a_role
from app.records.person_name import folded_name

MAX_CHARS = 110
MAX_WORDS = 14

_EDGES = ' \t.,;:*•·|–—-_/\\"“”„«»‹›()[]{}<>#~^►▸→✓✔★☎✉📞📧📍💼🏠'
_LICENCE = re.compile(
    r"[\s,;|/(–—-]*\b(?:(?:[A-Z]{2}\s+)?(?:real estate\s+)?(?:lic(?:en[cs]es?)?\b\.?|dre|bre|"
    r"calbre|cadre|trec|nmls|mls|srec|rera|oab|cro|crm|creci)\b(?:[/-][a-z]{2}\b)?"
    r"\s*(?:id|no|number|nr)?\.?\s*[#:]*\s*[a-z]{0,4}[-.]?\d.*|(?:#|n[o°º]\.?|nr\.?)\s*[a-z]{0,3}\d{3,}.*)",
    re.IGNORECASE,
)
_REACH = re.compile(r"\s*[|•·–—-]\s*\S{1,64}@\S{1,80}$")
_YEARS = re.compile(
    r"[\s,(]*\b(?:since |seit |depuis |desde )?(?:19|20)\d\d"
    r"(?:\s*[-–—]\s*(?:present|now|today|heute)?)?\)?$",
    re.IGNORECASE,
)
_QUALIFIED = re.compile(
    r"(?:licensed|certified|registered|serving|specializing|member)\b", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"(?<=[a-zà-ÿ]{4})\.\s+(?=[A-ZÀ-Þ])")
_JOINT = re.compile(r"^(?:and|und|et|y|the|our|your|a|an)\s|[\s,]+(?:and|und|et|y|&)$")
_SPLIT = re.compile(r"\s+[-–—|•·/]+\s+|\s*[|•·]\s*|\s+(?=\()")
_AT = re.compile(r"\s+(?:at|@|with|bei|chez|en)\s+(?!(?i:law|large)\b)(?=[A-ZÀ-Þ\d])")
_OF = re.compile(r"\s+(?:of|for|de|du|der)\s+(?=(?:the\s+)?[A-ZÀ-Þ\d])")
_DEGREE = re.compile(
    r"(?:[BM]\.?\s?(?:Sc|A|Eng|Ed|BA)\b|Dipl|Bachelor|Master of|Master's|Doctor of|Juris|Ph\.?\s?D|"
    r"J\.?\s?D\b|University|Universit|Licenciatura)",
)
_ELSEWHERE = re.compile(r"\d|\b[A-Z]{2}$|,")
_UNIT = re.compile(
    r"(?:(?:the )?(?:college|school|faculty|department|dept\.?|division|office|center|centre)"
    r" (?:of|for)|fakultät für|facultad de|faculté d)\b",
    re.IGNORECASE,
)
"""A part of an organisation, which belongs to the title."""
_ORGANISATION = re.compile(
    r"\b(?:inc|llc|ltd|llp|corp|co(?!-)|company|gmbh|ag|kg|group|associates|partners|properties|realty|"
    r"university|college|"
    r"school|church|hospital|bank|foundation|association|plumbing|construction|solutions|systems|"
    r"enterprises)\b\.?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Title:
    """A job title, and what is written after it, perhaps another organisation or a place. `known`:
    a word of the lexicon makes it a title; otherwise only its place on the page does."""

    text: str
    after: str = ""
    known: bool = True

    @property
    def whole(self) -> str:
        """The title with a short rest, as the company writes it: "Property manager, Hutto"."""
        if not self.after or len(self.after.split()) > 3 or _ELSEWHERE.search(self.after):
            return self.text
        return f"{self.text}, {self.after}" if self.comma else self.text

    comma: bool = False


def read_title(text: str, *, loose: bool = False) -> Title | None:
    """The title that the whole text is, or None. `loose` also accepts short texts without any word
    of the lexicon, where the page marks them as a title.

    >>> read_title("SALES AGENT - PA").text
    'Sales Agent'
    """
    if len(text) > 2 * MAX_CHARS:
        return None
    text = _SENTENCE_END.split(text, maxsplit=1)[0]
    bare = _YEARS.sub("", _LICENCE.sub("", _REACH.sub("", text)).strip(_EDGES))
    bare = _JOINT.sub("", bare.strip(_EDGES)).strip(_EDGES)
    if (
        not 2 <= len(bare) <= MAX_CHARS
        or "@" in bare
        or "://" in bare
        or any(char in "?!©" for char in bare)
    ):
        return None
    label, colon, value = bare.partition(":")
    if colon and value.strip():
        if folded_name(label) not in phrases("wording", "title_labels"):
            return None
        bare = value.strip(_EDGES)
    spelled = folded_name(bare).split()
    if not spelled or len(spelled) > MAX_WORDS or sum(map(str.isdigit, bare)) > 2:
        return None
    if spelled[0] == "contact" or _ends_as_a_link(bare, spelled):
        return None
    if any(word in words("wording", "sentence") for word in spelled):
        return None
    if not names_a_role(bare):
        return _loose(bare, spelled) if loose else None
    return _clean(bare)


def _ends_as_a_link(bare: str, spelled: list[str]) -> bool:
    """ "Owner Services" is a part of the site, "Vice President of Owner Services" a title."""
    role, of, _ = bare.partition(" of ")
    return spelled[-1] in words("wording", "last_never") and not (of and names_a_role(role))


def read_area(text: str) -> Title | None:
    """A field of work that stands for a title: "Accounts Receivable", "Buchhaltung"."""
    title = read_title(text, loose=True)
    if title is None or title.known or len(title.text.split()) > 4:
        return None
    return title if classify_title(title.text).department else None


def _loose(bare: str, spelled: list[str]) -> Title | None:
    if len(spelled) > 6 or spelled[0] in words("wording", "loose_never") or not bare[0].isalpha():
        return None
    if any(map(str.isdigit, bare)) or bare[0].islower() or _DEGREE.match(bare):
        return None
    return Title(_closed(_cased(bare)), known=False)


def _closed(text: str) -> str:
    """With the bracket that was taken for an edge."""
    return f"{text})" if text.count("(") > text.count(")") else text


def _clean(bare: str) -> Title | None:
    """The parts that are titles; what follows "at" or a comma and is none stands apart."""
    bare, after = _cased(bare), ""
    if found := _AT.search(bare):
        bare, after = bare[: found.start()], bare[found.end() :]
    parts = [part.strip(_EDGES) for part in _SPLIT.split(bare)]
    kept = [part for part in parts if part and names_a_role(part)]
    if not kept or folded_name(parts[0]) in words("names", "given"):
        return None
    kept = [part for part in parts if part in kept or _is_area(part)]
    whole = [part for part in parts if part]
    framed = (whole[0], whole[-1]) == (kept[0], kept[-1])
    if not framed:
        after = after or ", ".join(part for part in whole if part not in kept and len(part) > 2)
    text = bare.strip(_EDGES) if framed else " / ".join(kept)
    text, tail = _cut_commas(text)
    if found := _OF.search(text):
        rest = text[found.end() :]
        if _ORGANISATION.search(rest) and not names_a_role(rest):
            text, tail = text[: found.start()], rest
    if len(text) < 2:
        return None
    comma = bool(tail) and not after and not _ORGANISATION.search(tail)
    rest = after or tail
    return Title(
        _closed(text.strip(_EDGES)),
        "" if rest[:1].islower() or _QUALIFIED.match(rest) else rest,
        comma=comma,
    )


def _is_area(part: str) -> bool:
    """Whether a part only says what the work is about: "Sales" of "Agent - Sales"."""
    spelled = part.split()
    known = bool(classify_title(part).department) or part[:1].islower() or len(spelled) == 1
    plain = not (_ORGANISATION.search(part) or part.isupper() or "(" in part)
    return 0 < len(spelled) <= 3 and known and plain


def _cut_commas(text: str) -> tuple[str, str]:
    """ "Vice President, Doe Plumbing Inc" -> the title and the rest; areas of work stay."""
    parts = text.split(", ")
    kept = 1
    while kept < len(parts) and _belongs(parts[kept]):
        kept += 1
    return ", ".join(parts[:kept]), ", ".join(parts[kept:])


def _belongs(part: str) -> bool:
    if _UNIT.match(part):
        return True
    if names_a_role(part):
        return not _ORGANISATION.search(part)
    if part.isupper() and len(part) <= 6:
        return len(part) > 2
    return bool(classify_title(part).department) and not _ORGANISATION.search(part)


def _cased(text: str) -> str:
    """Capitals throughout become usual case; what is written otherwise stays as it is."""
    text = " ".join(text.split())
    letters = [char for char in text if char.isalpha()]
    if len(letters) < 5 or text == "REALTOR®" or not all(char.isupper() for char in letters):
        return text
    return re.sub(r"[^\W_]+(?:['’][^\W_]+)?", lambda word: _word_cased(word[0], word.start()), text)


def _word_cased(word: str, start: int) -> str:
    lower = word.lower()
    if lower in words("wording", "acronyms"):
        return word
    return lower if start and lower in words("wording", "small") else word[0] + word[1:].lower()
