"""Short lines that name a person: a name alone, or with a title before or after it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from app.extractors._people.lexicon import words
from app.extractors._people.names import Likelihood, read_name, read_partner
from app.extractors._people.plurals import title_of_several
from app.extractors._people.titles import Title, read_area, read_title
from app.pipeline.title_rules import classify_title, names_a_role
from app.records.person_name import PersonName, folded_name

MAX_CHARS = 160
MAX_SPLITS = 6

Form = Literal["alone", "pair", "lead", "prose", "contact", "author"]

_SEPARATOR = re.compile(r"\s+[-–—|•·/]+\s+|\s*[|•·;:(]\s*|,\s+|\s*[–—]\s*|\s+-(?=\w)|(?<=\w)-\s+")
_SEPARATES = re.compile(r"[-–—|•·/;:(,]")
_LEAD = re.compile(
    r"(?:(?:meet|introducing|about|contact|(?:\w+ )?contact(?: person)?:|call|email|"
    r"e-mail|ask for|text|attn:?|attention:?|bio of|biography of|"
    r"hi,? i['’]?\s?a?m|hello,? i['’]?\s?a?m|i['’]m|i am|my name is|message from|a (?:note|message|"
    r"word) from|name:|"
    r"your (?:agent|host|contact|broker|manager|property manager):?|"
    r"(?:ihre? )?ansprechpartner(?:in)?:?|"
    r"kontakt:?|contacto:|conoce a|conozca a|"
    r"(?:gesetzlich )?vertreten durch(?: (?:den|die|ihren?|seinen?))?:?|vertretungsberechtigt:?|"
    r"(?:inhaltlich |redaktionell )?verantwortlich[^:]{0,60}:|"
    r"rencontrez|contactez|name|led by|inh\.|v\.i\.s\.d\.p\.:?|owned by)\s+)(?=[A-ZÀ-Þ“\"])",
    re.IGNORECASE,
)
_AUTHOR = re.compile(
    r"(?:(?:web ?)?(?:site|page|design|development)(?: \w+){0,3} by|"
    r"(?:designed|developed|built|made|created|powered|maintained) (?:\w+ ){0,3}by|"
    r"webdesign|umsetzung|realisation|by|posted by|written by|author|submitted by|story by|"
    r"photos? by|von|por|par|publié par|"
    r"geschrieben von|webmaster|about the author)"
    r"\s*:?\s+(?=[A-ZÀ-Þ])",
    re.IGNORECASE,
)
_TAIL_NOISE = re.compile(
    r"[\s,;|(–—-]*(?<!\w)\(?(?:he|she|they|ella|él|elle|il|sie|er)\s*/\s*(?:him|her|them|they|ella|"
    r"él|elle|"
    r"il|lui|ihr|ihm|ihn|suya?)(?:\s*/\s*\w{2,6})?\)?\s*$",
    re.IGNORECASE,
)
_LIST = re.compile(r"\s*[,;]\s*(?:(?:and|und|et|y)\s+)?|\s+(?:&|and|und|et|y)\s+")
_OPEN_END = re.compile(r",? \d[\d\s().-]{6,}.*$|\s(?:vous|begrüß|help|are |is |atien|sono ).*$")
"""What follows the last of a list: a number, or how the sentence goes on."""
_BRACKETED = re.compile(r"([^()]{4,60}) \(([^()]{2,60})\)")
_JOINED = re.compile(r"^[\s,]*(?:(?:and|&|und|et|y)\s+)?")
_BRACKETS = re.compile(r"\s*\([^()]{1,40}\)")
_COUPLE = re.compile(r"\s+(?:&|and|und|et|y)\s+")
_INITIALS = re.compile(r"^([^\W\d_][^()\d@]{3,50}?)\s*\(([A-Z]{2,4})\)")
_POSSESSIVE = re.compile(r"['’]s$")


@dataclass(frozen=True, slots=True)
class Named:
    """A person that a text names. `title`: on the same line. `rest`: what else follows the name."""

    name: PersonName
    likelihood: Likelihood
    form: Form
    title: Title | None = None
    rest: str = ""


def read_line(text: str, *, inverted: bool = False) -> Iterator[Named]:
    """Whom a short line names: mostly nobody or one person, sometimes a couple."""
    text = text.strip()
    if "/" in text:
        text = _TAIL_NOISE.sub("", text)
    if "(" in text:
        text = _INITIALS.sub(_unless_own, text)
    if not 4 <= len(text) <= MAX_CHARS or " " not in text or text.islower():
        return
    turned = _inverted(text) if inverted and "," in text else None
    if turned is None and (found := _AUTHOR.match(text)):
        rest = text[found.end() :]
        if whole := read_name(_before_separator(rest)):
            yield Named(*whole, "author")
        else:
            yield from (replace(named, form="author") for named in _leading_name(rest))
        return
    if whole := read_name(text):
        yield Named(*whole, "alone")
    elif several := _several(text):
        yield from several
    elif turned is not None:
        yield turned
    elif ":" in text and (listed := list(_listed(text))):
        yield from listed
    elif led := _LEAD.match(text):
        yield from _led(text[led.end() :])
    elif pair := _divided(text) or _adjacent(text):
        yield pair
    else:
        yield from _couple(text)


def _several(text: str) -> list[Named]:
    """ "Jane Doe, President; John Roe, Treasurer", "Jane Doe (Leasing) and John Roe (Repairs)"."""
    if ";" in text:
        found = [pair for part in text.split(";") if (pair := _divided(part.strip()))]
        return found if len(found) > 1 and all(each.title for each in found) else []
    if text.count("(") < 2:
        return []
    named = []
    for match in _BRACKETED.finditer(text):
        person = read_name(_JOINED.sub("", match[1].rpartition(":")[2]).strip(" ,"))
        title = read_title(match[2]) or read_area(match[2])
        if person and title and person[1] >= Likelihood.WEAK:
            named.append(Named(*person, "pair", title))
    return named if len(named) > 1 else []


def _listed(text: str) -> Iterator[Named]:
    """ "Owners: John Doe, Jane Roe": a title for each of several names."""
    label, _, rest = text.partition(":")
    title = title_of_several(label) or (read_title(label) if names_a_role(label) else None)
    title = title or read_area(label)
    parts = _LIST.split(_BRACKETS.sub("", _OPEN_END.sub("", rest)).strip())
    found = [read_name(part) for part in parts[:20]]
    if len(parts) == 2 and title and found[1] and not found[0]:
        found[0] = read_partner(parts[0], found[1][0])
    known = sum(each is not None and each[1] is Likelihood.KNOWN for each in found)
    if title is None and (len(label.split()) > 3 or known < 2):
        return
    least = Likelihood.UNKNOWN if known > 1 else Likelihood.WEAK
    named = [each for each in found if each and each[1] >= least]
    if len(named) == len(found) > 1:
        yield from (Named(*each, "pair" if title else "alone", title) for each in named)


def _unless_own(found: re.Match[str]) -> str:
    """Brackets, unless they only hold the initials of the name before them: "Jane DOE (JD)"."""
    first = [word[0] for word in found[1].replace("-", " ").split()]
    own = found[2][0] == first[0] and any(letter in found[2][1:] for letter in first[1:])
    return found[1] if own else found[0]


def _before_separator(text: str) -> str:
    found = _SEPARATOR.search(text)
    return text[: found.start()] if found else text


def _inverted(text: str) -> Named | None:
    """ "Doe, Jane" in a table, when Jane is a given name and Doe is not the only one that is."""
    found = read_name(text, inverted=True)
    if found and found[1] is Likelihood.KNOWN:
        return Named(*found, "alone")
    return None


def _led(rest: str) -> Iterator[Named]:
    """After "Meet ", "Contact " and so on: the name, perhaps a title behind it."""
    rest = rest.strip(' "“”!.')
    if whole := read_name(_POSSESSIVE.sub("", rest)):
        yield Named(*whole, "lead")
    elif pair := _divided(rest) or _adjacent(rest):
        yield Named(pair.name, pair.likelihood, "lead", pair.title, pair.rest)
    else:
        named = list(_couple(rest))
        yield from named or _leading_name(rest)


def _leading_name(text: str) -> Iterator[Named]:
    """ "Jane Doe at 555-0100", "Jane Doe today"."""
    spelled = text.split()
    for count in range(min(5, len(spelled) - 1), 1, -1):
        if spelled[count][0].isupper():
            continue
        if found := read_name(" ".join(spelled[:count])):
            yield Named(*found, "lead", rest=" ".join(spelled[count:]))
            return


def _divided(text: str) -> Named | None:
    """Name and title with a dash, comma, bar or colon between, in either order."""
    if not _SEPARATES.search(text):
        return None
    breaks = list(_SEPARATOR.finditer(text))[:MAX_SPLITS]
    for cut in reversed(breaks):
        found = read_name(text[: cut.start()])
        if found:
            rest = text[cut.end() :].strip()
            return _with_rest(found, rest, cut[0])
    for cut in breaks:
        left, right = text[: cut.start()], text[cut.end() :]
        title = read_title(left) if names_a_role(left) else None
        title = title or (_labelled(left) if ":" in cut[0] else None)
        if title is not None:
            for end in (len(right), _stop(right)):
                found = read_name(right[:end])
                if found and (found[1] >= Likelihood.WEAK or ":" in cut[0]):
                    return Named(*found, "pair", title, right[end:].strip(" ,;|-–—"))
    return _of_section(text, breaks)


def _of_section(text: str, breaks: list[re.Match[str]]) -> Named | None:
    """ "North ward – Jane Doe": a part of the organisation, in few words, and who stands for it."""
    if len(breaks) != 1 or breaks[0][0].strip() not in ("-", "–", "—", ":"):
        return None
    section, found = text[: breaks[0].start()], read_name(text[breaks[0].end() :])
    small = len(section.split()) <= 3 and section[:1].isupper() and not section.endswith(".")
    return Named(*found, "alone") if found and found[1] is Likelihood.KNOWN and small else None


def _labelled(label: str) -> Title | None:
    """ "Maintenance" of "Maintenance: Jane Doe"; "Design" and "Content" credit the site's maker."""
    made = classify_title(label).department in ("creative", "it", "marketing", "operations")
    return None if made else read_area(label)


def _stop(text: str) -> int:
    found = _SEPARATOR.search(text)
    return found.start() if found else len(text)


def _with_rest(found: tuple[PersonName, Likelihood], rest: str, cut: str) -> Named | None:
    """What stands behind the name: a title, or a rest that is shown to the reader of the page."""
    rest = rest.rstrip(")") if "(" in cut else rest
    title = read_title(rest)
    if title is None and found[1] is Likelihood.KNOWN:
        title = read_area(rest)
    if title is None:
        for other in list(_SEPARATOR.finditer(rest))[:MAX_SPLITS]:
            if ":" in other[0] and rest[other.end() :][:1].islower():
                break  # "Owner: private"
            if title := read_title(rest[: other.start()]):
                break
            if title := read_title(rest[other.end() :]):
                break
    return Named(*found, "pair" if title else "alone", title, "" if title else rest)


def _adjacent(text: str) -> Named | None:
    """ "President Jeff Pierce", "Kathy Roddy Tutor": side by side, for known given names only."""
    spelled = text.split()
    if not 3 <= len(spelled) <= 10 or not names_a_role(text):
        return None
    for count in range(min(len(spelled) - 1, 4), 1, -1):
        if _starts_known(spelled) and spelled[count][0].isupper():
            found = read_name(" ".join(spelled[:count]))
            title = read_title(" ".join(spelled[count:])) if found else None
            if found and title and found[1] is Likelihood.KNOWN:
                return Named(*found, "pair", title)
    for count in range(1, len(spelled) - 1):
        if _starts_known(spelled[count:]):
            title = read_title(" ".join(spelled[:count]))
            found = read_name(" ".join(spelled[count:])) if title else None
            if found and title and found[1] is Likelihood.KNOWN:
                return Named(*found, "pair", title)
    return None


def _starts_known(spelled: list[str]) -> bool:
    first = folded_name(spelled[0])
    return first in words("names", "given") or first in ("dr", "mr", "mrs", "ms")


def names_a_couple(text: str) -> bool:
    """Whether a line names two people: "John and Jane Doe"."""
    return len(list(_couple(text))) == 2


def _couple(text: str) -> Iterator[Named]:
    """ "John and Jane Doe, Owners" and "John Doe & Jane Roe": both are meant."""
    joint = _COUPLE.search(text)
    if joint is None or len(text) > 90:
        return
    left, right = text[: joint.start()], text[joint.end() :]
    second = read_name(right)
    title = None
    if second is None:
        cut = _SEPARATOR.search(right)
        rest = right[cut.end() :].strip(" )") if cut else ""
        title = title_of_several(rest) or read_title(rest)
        second = read_name(right[: cut.start()]) if cut and title else None
        if second is None:
            return
    first = read_partner(left, second[0])
    sure = (first[1], second[1]) if first else ()
    if first and Likelihood.KNOWN in sure and min(sure) >= Likelihood.WEAK:
        form: Form = "pair" if title else "alone"
        yield Named(*first, form, title)
        yield Named(*second, form, title)
