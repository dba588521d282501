"""Sentences that say who somebody is: "Jane Doe, CPM, is the founder and president of ..."."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.extractors._people.firm import has_left
from app.extractors._people.lexicon import words
from app.extractors._people.lines import Form, Named
from app.extractors._people.names import Likelihood, read_name, read_partner
from app.extractors._people.plurals import title_of_several
from app.extractors._people.titles import Title, read_title
from app.pipeline.title_rules import classify_title, names_a_role
from app.records.person_name import PersonName, folded_name

MAX_RUNS = 60
MAX_TITLE = 90

_WORD = r"[A-ZÀ-ÖØ-Þ][\w'’.\-]*"
_RUN = re.compile(rf"{_WORD}(?: (?:de|del|de la|van|von|der|den|da|dos|la|al|bin|{_WORD})){{1,7}}")
_AND = re.compile(rf"((?:{_WORD} ){{0,3}}{_WORD}) (?:and|&|und|et|y) $")
_CREDENTIALS = re.compile(r"^(?:,? (?:[JS]r\.?|(?:[A-Z][A-Za-z]?\.?){2,6}®?)(?=[,. ]))+,?")
_IS = re.compile(
    r"^,? (?:is|serves as|works as|acts as|has been|has served as|was named|was appointed|became|"
    r"joined [^.]{3,50}? as|"
    r"are|sind|sont|son|ist|leitet als|es|est|sera)\s+(?:currently |also |now |both |proud to be |"
    r"actuellement |aktuell )?"
    r"(?:(?:(?:the|our|a|an|your|its|their|one of our|one of the|der|die|das|ihr|ihre|unser|unsere|"
    r"eine?|la|el|le|notre|votre|une?|nuestr[oa]|su)\s+|l['’])"
    r"|(?:[A-Z][\w&.]*\s){1,4}?[A-Z]?\w*['’]s?\s+)?",
)
_APPOSITION = re.compile(
    r"^, (?:(?:the|our|a|an|your|its|their|der|die|ihr|ihre|unser|unsere|la|el|le|notre|nuestr[oa]|"
    r"su)\s+)?(?=\w)"
)
_CUT = re.compile(
    r"[.;:!?(–—]|, (?!\w+ (?:and|&) )| - | for (?=[a-z])(?!the )"
    r"| (?:at(?! law\b| large\b)|who|where|with|since|from|in|by|on|has|holds|brings|bei|seit|mit|"
    r"chez|depuis|en|desde|con) "
    r"| and (?:has|is|was|he|she|they|a member|brings|holds|works|one|lives|helps|oversees|loves|"
    r"his|her)\b"
)
_WITH = re.compile(r" and (?:the |an? |our |its )")
_HELD = re.compile(r"^ \(([^(),;\d]{3,60})[,;)]")
"""Brackets behind a name."""
_OF = re.compile(
    r" (?:of|for|de|du|der|von|del|of the|for the) (?=(?:the )?([A-ZÀ-Þ][\w&.'’\-]*(?: "
    r"[A-ZÀ-Þ&][\w&.'’\-]*){0,5}))"
)
_MADE_BY = re.compile(
    r"\b((?i:founded|started|established|created|owned(?: and operated| and managed)?|operated|led|"
    r"headed|run|managed|"
    r"gegründet|geführt|geleitet|fond[ée]e?s?|dirig[ée]e?s?|fundad[oa]|dirigid[oa]))\b"
    r"(?: in (?:the year )?\d{4}| (?:im Jahr|en) \d{4})?(?: (?:à|in|en|a) [^.,;]{2,40}?)?"
    r" (?:by|von|par|por) (?:our |the |brothers |"
    r"sisters |husband and wife |(?:his|her|their) (?:daughters?|sons?|children|wife|husband),? |"
    r"(?:[\w-]+ )?(?:team|duo) of )*$"
)
_FOUNDS = re.compile(
    r"^,? (?:(?:first|originally|also) )?(?:co-?)?"
    r"(?:founded|started|established|launched|(?P<owns>owns?(?: and (?:run|operate|manage)s?)?)) "
    r"(?:(?:the|our|this) (?:company|firm|agency|business|practice|office)\b"
    r"|(?:the )?(?P<of>[A-ZÀ-Þ][\w&.'’-]*(?: (?:[A-ZÀ-Þ&][\w&.'’-]*|of|and)){0,6}))"
)
_AND_BEFORE = re.compile(
    r"\b(?:founded|started|established|owned|led|fondée?|fundada|gegründet)\b[^.]{0,60} (?:by|par|"
    r"por|von) [^.]{3,40} (?:and|et|y|und) $"
)
_CONTACT = re.compile(
    r"\b(?:contact|call|email|e-mail|reach|text|ask for|speak (?:to|with)|reach out to|attention|"
    r"attn:?|talk to|"
    r"contactez|contacte a|kontaktieren sie|wenden sie sich an)\s+(?:our |your |the )?$",
    re.IGNORECASE,
)
_SELF = re.compile(
    r"(?:\bI am|\bI['’]m|\b[Mm]y name is|\b[Ii]ch bin|\b[Mm]i nombre es|\b[Jj]e suis|\b[Ss]oy)\s+$"
)
_WORKS_WITH = re.compile(
    r"\b(?:work|working|partner|cooperate|colabora\w*|collabor\w*|travaill\w*|zusammen\w*|arbeiten|"
    r"trabaja\w*|consulente|samen)\b[^.!?]{0,30}\b(?:with|con|avec|mit|met|com)\b[^.!?]{0,30}$"
    r"|\bconsulente\b[^.!?,]{0,20}$",
    re.IGNORECASE,
)
_LIFE = re.compile(
    r",?(?: [A-Z]{2,5},?)* (?:graduated|received|earned|attended|completed|"
    r"has (?:been|practiced|served)|practices|was born|grew up|lives|enjoys|joined|specializes|"
    r"began|opened)\b"
)
"""How the story of a doctor goes on."""
_PAST = re.compile(
    r"\b(?:former|formerly|late|previous|past|retired|ex|then|ehemalig\w*|ancien\w*|"
    r"antigu[oa])[\s-]+(?:\w+[\s-]+){0,3}$",
    re.IGNORECASE,
)
_AT = re.compile(r",? (?:at|chez|bei) (?:the )?([A-ZÀ-Þ][\w&.'’\-]*(?: [A-ZÀ-Þ&][\w&.'’\-]*){0,5})")
_OWN_FIRM = re.compile(
    r" (?:of|for|at|de|du|der|del|unserer|bei der)(?: (?:the|our|this|la|notre|nuestra|unserer?)| "
    r"l['’])? ?"
    r"(?:company|firm|agency|team|office|brokerage|business|practice|group|organi[sz]ation|kanzlei|"
    r"praxis|betriebs|unternehmens|büros|firma|cabinet|agence|empresa)\b",
    re.IGNORECASE,
)
_MADE_TITLE = {
    "founded": "Founder",
    "started": "Founder",
    "established": "Founder",
    "owned": "Owner",
    "gegründet": "Gründer",
    "fondée": "Fondateur",
    "fondé": "Fondateur",
    "fundada": "Fundador",
    "fundado": "Fundador",
}
_OF_OTHERS = re.compile(
    r"(?<!speak )(?<!talk )\b(?:with|under|for|alongside|against|before|like)"
    r"(?: [\w.]+(?: [A-ZÀ-Þ]\S*){1,3}(?: and)?)?$"
)
_OURS = re.compile(r"\b(?:our|my|your|the|its|owner|broker|notre|unser\w*|nuestr[oa])\b")
_OF_US = re.compile(
    r"^\w+ (?:by|von|par|por)\b|[.!?] \w+ (?:by|von|par|por)\b|\b(?:we|our|team|company|firm|"
    r"office|practice|agency|business|department|staff|kanzlei|praxis|cabinet|equipo|unser\w*|notre|"
    r"nuestr[oa]|is|are|ist|wird|est|es)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(1[6-9]\d\d|20\d\d)\b")
_OLD = 1985


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence says of a person. `start`: where the name begins. `of`: the organisation that
    the title is at, or "" for the page's own. `made`: they founded it, whatever they are now."""

    named: Named
    start: int
    of: str
    quote: str
    made: bool = False


def read_prose(text: str) -> Iterator[Said]:
    """Whom the sentences of a paragraph introduce, with title or as the one to call."""
    for run in list(_RUN.finditer(text))[:MAX_RUNS]:
        for name, likelihood, start, end in _names_in(run[0]):
            begin, stop = run.start() + start, run.start() + end
            partner = _partner(text[:begin], name)
            said = _said(name, likelihood, text, partner[1] if partner else begin, stop)
            if said is not None:
                if partner:
                    yield replace(said, named=replace(said.named, name=partner[0]))
                yield said
            break


def _partner(before: str, name: PersonName) -> tuple[PersonName, int] | None:
    """Who else is meant in "Jane and John Doe", and where that name begins."""
    joint = _AND.search(before[-80:])
    if joint is None:
        return None
    left = joint[1].split()
    for count in range(len(left), 0, -1):
        found = read_partner(" ".join(left[-count:]), name)
        if found and found[1] >= Likelihood.WEAK:
            return found[0], len(before) - len(joint[0]) + joint[0].rindex(" ".join(left[-count:]))
    return None


def _names_in(run: str) -> Iterator[tuple[PersonName, Likelihood, int, int]]:
    """The name within a run of capitalised words: it begins with a given name that we know, or with
    a doctor's title; titles before and other words behind are left out."""
    spelled = run.split(" ")
    offset = 0
    for index, word in enumerate(spelled[:-1]):
        plain = folded_name(word)
        if plain in words("names", "given") or plain in ("dr", "attorney"):
            for count in range(min(5, len(spelled) - index), 1, -1):
                part = " ".join(spelled[index : index + count])
                found = read_name(re.sub(r"['’]s$", "", part).rstrip(".,"))
                if found and found[1] >= Likelihood.WEAK:
                    yield *found, offset, offset + len(part)
                    return
        offset += len(word) + 1
    yield from _unknown_name(spelled)


def _unknown_name(spelled: list[str]) -> Iterator[tuple[PersonName, Likelihood, int, int]]:
    """A whole run that has the shape of a name; only a clear sentence makes it one."""
    start = 0
    while start < len(spelled) and _is_title_word(spelled[start]):
        start += 1
    rest = spelled[start : start + 5]
    for count in range(len(rest), 1, -1):
        part = " ".join(rest[:count])
        if found := read_name(re.sub(r"['’]s$", "", part).rstrip(".,")):
            offset = sum(len(word) + 1 for word in spelled[:start])
            yield *found, offset, offset + len(part)
            return


def _said(
    name: PersonName, likelihood: Likelihood, text: str, begin: int, stop: int
) -> Said | None:
    before, after = text[max(0, begin - 90) : begin], text[stop : stop + 220]
    if _PAST.search(before) or _WORKS_WITH.search(before) or has_left(after):
        return None
    form: Form = "prose"
    made = _founder(after)
    found = _opening_title(before) or read_clause(after) or _title_before(before) or _maker(before)
    found = found or made
    place = folded_name(name.family) in words("names", "place") | words("names", "place_too")
    doubtful = likelihood is Likelihood.UNKNOWN or place
    if doubtful and (found is None or not _is_introduced(before, after, place)):
        return None
    if found is None:
        doctor = name.honorific.startswith("Dr") and not before.strip() and _LIFE.match(after)
        if not (_CONTACT.search(before) or _SELF.search(before) or doctor):
            return None
        form, found = "contact", (None, "")
    title, of = found
    if not of and (at := _AT.match(after)):
        of = at[1]
    if title is not None and _is_old(text, begin):
        return None
    quote = _sentence(text, begin)
    return Said(Named(name, likelihood, form, title), begin, of, quote, found is made)


def _is_introduced(before: str, after: str, place: bool) -> bool:
    """Whether a sentence is about the one it begins with, or names a title right before the name:
    what it takes to believe a given name that we do not know. A name that ends like that of a
    `place` ("Captain Tully House") needs the sentence."""
    opened = not before or before.endswith((". ", "! ", "? ", ": ", "“"))
    if opened and _IS.match(_CREDENTIALS.sub("", after, count=1)):
        return True
    return not place and _title_before(before) is not None


def read_clause(after: str) -> tuple[Title, str] | None:
    """What follows a name: ", CPM, is the founder of Acme" -> the title, and whose it is ("" when
    that is not said)."""
    found = _CREDENTIALS.match(after)
    if found and not names_a_role(found[0]):
        after = (
            after[found.end() :] if after[found.end() - 1] != "," else "," + after[found.end() :]
        )
    held = _HELD.match(after)
    bracketed = read_title(held[1]) if held else None
    if bracketed is not None and bracketed.known:
        return bracketed, ""
    for opening in (_IS, _APPOSITION):
        found = opening.match(after)
        if found and (title := _phrase(after[found.end() :])):
            return title
    return None


def _phrase(text: str) -> tuple[Title, str] | None:
    """The title that a clause begins with, and whose it is."""
    text = text[: MAX_TITLE + 60]
    if re.match(r"(?:former|retired|past|previous|late)\b", text):
        return None
    of = ""
    at = re.search(
        r" (?:at|chez|bei) (?:the )?([A-ZÀ-Þ][\w&.'’\-]*(?: [A-ZÀ-Þ&][\w&.'’\-]*){0,5})", text
    )
    if cut := _CUT.search(text):
        of = at[1] if at and at.start() == cut.start() else ""
        text = text[: cut.start()]
    if any_firm := re.search(r" (?:of|at|for|with) an? (?=[a-z])", text):
        of, text = text[any_firm.end() - 2 :][:40], text[: any_firm.start()]
    elif own := _OWN_FIRM.search(text):
        text = text[: own.start()]
    elif (whose := _OF.search(text)) and not _is_work(whose[1]):
        of, text = whose[1], text[: whose.start()]
    if len(text) > MAX_TITLE or len(text.split()) > 9:
        return None
    if names_a_role((parts := _WITH.split(text, maxsplit=1))[-1]) and not names_a_role(parts[0]):
        text = parts[-1]
    title = title_of_several(text) or read_title(text)
    return (title, (of or title.after).partition(". ")[0]) if title else None


def _is_work(text: str) -> bool:
    """Whether words after "of" name a field of work, no organisation: "of Property Management"."""
    return names_a_role(text) or bool(classify_title(text).department)


def _title_before(before: str) -> tuple[Title, str] | None:
    """ "founder Jeffrey Roe", "our broker, Jane Doe", "Clinical Director Jane Doe"."""
    clause = re.split(r"[.;:!?()]\s", before)[-1].rstrip(' ,"“').split()
    if len(clause) > 1 and clause[-1] in ("is", "ist", "est", "es") and _OURS.search(before):
        clause.pop()
    best = ""
    for count in range(1, min(5, len(clause)) + 1):
        part = clause[-count:]
        if not (_is_title_word(part[0]) or title_of_several(part[0])) or part[-1] in (
            "of",
            "and",
            "&",
        ):
            break
        if names_a_role(" ".join(part)) or title_of_several(" ".join(part)):
            best = " ".join(part)
    best = _owned(clause) or best
    title = title_of_several(best) or read_title(best)
    if title and _OF_OTHERS.search(" ".join(clause[: -len(best.split())])):
        return None
    if title is None or (before.rstrip().endswith(",") and not _OURS.search(before)):
        return None
    shown = title.text[0].upper() + title.text[1:]
    return Title(shown, title.after), ""


def _owned(clause: Sequence[str]) -> str:
    """The role at the end of "... our property manager"; "" for none."""
    for count in range(2, min(5, len(clause)) + 1):
        if clause[-count].lower() in ("our", "your", "my", "its", "notre", "unser", "unsere"):
            role = " ".join(clause[1 - count :])
            return role if names_a_role(role) else ""
    return ""


def _opening_title(before: str) -> tuple[Title, str] | None:
    """ "Clinical Supervisor Jane Doe ...": capitalised words from the start of the sentence on."""
    clause = re.split(r"(?:^|[.!?])\s+", before)[-1].split()
    if not 1 <= len(clause) <= 5 or not all(
        word[0].isupper() or word in ("of", "and", "&") for word in clause
    ):
        return None
    shown = " ".join(clause)
    title = read_title(shown) if names_a_role(clause[-1]) else None
    return (title, "") if title else None


def _is_title_word(word: str) -> bool:
    plain = folded_name(word)
    return bool(plain) and (
        plain in words("wording", "modifiers")
        or names_a_role(plain)
        or bool(classify_title(plain).department)
    )


def _maker(before: str) -> tuple[Title | None, str] | None:
    """ "founded in 1998 by Jane Doe": a title for founders and owners, none for those who lead
    what is said to be the company."""
    found = _MADE_BY.search(before) or _AND_BEFORE.search(before)
    if found is None:
        return None
    verb = found[1].split()[0].lower() if found.re is _MADE_BY else "founded"
    made = _MADE_TITLE.get(verb)
    if made:
        return Title(made), ""
    return (None, "") if _OF_US.search(before) else None


def _founder(after: str) -> tuple[Title | None, str] | None:
    """ "Jane Doe started Maplegate Realty in 2009": a founder or owner, and of what."""
    found = _FOUNDS.match(after)
    return (Title("Owner" if found["owns"] else "Founder"), found["of"] or "") if found else None


def _is_old(text: str, begin: int) -> bool:
    """Whether the sentence tells of people of long ago."""
    years = [int(year) for year in _YEAR.findall(_sentence(text, begin))]
    return bool(years) and min(years) < _OLD


def _sentence(text: str, begin: int) -> str:
    """The sentence around a position, at most 240 characters."""
    start = max(text.rfind(mark, 0, begin) + 2 for mark in (". ", "! ", "? "))
    if begin - start > 140 or start < 2:
        start = max(0, begin - 100) if begin > 140 or start < 2 else start
        start = 0 if begin <= 140 else text.find(" ", start) + 1
    return text[start : start + 240].strip()
