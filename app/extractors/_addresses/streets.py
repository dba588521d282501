"""Streets and towns as English writes them, read from the end of the words before a state."""

import re
from typing import Final

SUFFIX = (
    r"(?:street|st|avenue|ave?|road|rd|drive|dr|boulevard|blvd|lane|ln|court|ct|circle|cir|way|"
    r"parkway|pkwy|highway|hwy|place|pl|square|sq|terrace|ter|trail|trl|plaza|plz|loop|pike|"
    r"turnpike|tpke|crescent|cres|expressway|expy|freeway|fwy|row|run|point|pt|commons|crossing|quay|parade|pde|esplanade|marg|nagar|"
    r"xing|alley|broadway|close|gardens|grove|mews|route|rte)"
)
UNIT = (
    r"(?:(?:suite|ste|unit|apt|apartment|bldg|building|floor|fl|room|rm|box|pmb|no)\b\.?\s*#?\s*"
    r"[\w-]{1,6}|#\s?[\w-]{1,6}|\d{1,2}(?:st|nd|rd|th)\s+fl(?:oor)?)"
)
_DIRECTION = r"(?:\s+(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\b\.?)"
STREET_THEN_CITY = re.compile(
    rf"(.*\w\W+{SUFFIX}\b\.?{_DIRECTION}?(?:,?\s+{UNIT}\.?)?)\s+(\D{{2,40}})$",
    re.IGNORECASE | re.DOTALL,
)
_UNIT_THEN_CITY = re.compile(rf"(.*\b{UNIT})\s+(\D{{2,40}})$", re.IGNORECASE | re.DOTALL)
_STREET_START = re.compile(
    r"(?:P\.?\s?O\.?\s?Box\s+\d|Post Office Box \d|\bOne\s+[A-Z]"
    r"|(?<![\d.,$#/-])(?:\d{1,4}[A-Za-z]?/)?\d{1,6}[A-Za-z]?(?:\s?[-–]\s?(?!(?:19|20)\d\d\b)\d{1,5})?(?:\s1/2)?,?\s+(?:-\s)?"
    r"(?=(?:[NSEW]\.?\s|[NS][EW]\.?\s)?(?:\d{1,3}(?:st|nd|rd|th)\b|[A-Z]|\d+\s+(?:Street|St|Ave))))",
)
IS_STREET = re.compile(rf"\b{SUFFIX}\b|Box\s+\d|\bOne\s\w+ (?:Cent\w+|Tower|Park)", re.IGNORECASE)
_NO_STREET = re.compile(
    r"©|\(c\)|copyright|rights reserved|\bsince\b|\bphone\b|@|\byears?\b", re.IGNORECASE
)
_UNIT_BEFORE = re.compile(
    r"(?:\b(?:unit|suite|level|shop|flat|office)\s#?\w{1,5},?\s?)+$|#\s?\w{1,5}(?:\s?[-–])?$"
    r"|\b(?:unit|shop|flat|suite)$",
    re.IGNORECASE,
)
_BOX = re.compile(r"\bP\.?\s?O\.?\s?Box\s+\d", re.IGNORECASE)
_UNIT_OPEN = re.compile(r"\b(?:unit|suite|ste|level|shop|flat|floor|apt)\.?\s#?$", re.IGNORECASE)
_UNIT_ONLY = re.compile(rf"\W*{UNIT}\W*", re.IGNORECASE)
_SUBURB = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+){0,2}")
_CITY = re.compile(
    r"[A-Z][A-Za-zÀ-ÿ.'’\-]*(?: (?:[A-Z][A-Za-zÀ-ÿ.'’\-]*|of|the|on|upon|la|de|du|by)){0,3}"
)
_LABEL = re.compile(
    r"^.*\b(?:address|office|location|located at|located|visit us|mail(?:ing)?(?: to)?|"
    r"headquarters|hq|"
    r"corporate|in|at|of)\b\s*:?\s+(?=[A-Z])",
    re.IGNORECASE,
)
NO_CITY: Final = re.compile(
    r"(?:suite|unit|address|office|contact|phone|tel|fax|email|copyright|license\w*|zip|state|"
    r"lic|since|the|serving|all|and|box|floor)\b",
    re.IGNORECASE,
)


def street_and_city(before: str) -> tuple[str, str, int]:
    """(street, city, where they begin) read from the end of the text before a state."""
    body = before.rstrip(" \n,.\t")
    line_start = body.rfind("\n") + 1
    line = body[line_start:]
    head, comma, city = line.rpartition(",")
    if comma:
        head, city = head.strip(), city.strip()
    elif split := STREET_THEN_CITY.match(line) or _UNIT_THEN_CITY.match(line):
        head, city = split[1].strip(" ,"), split[2].strip()
    else:
        head, city = "", line.strip()
    if comma and (split := STREET_THEN_CITY.match(city) or _UNIT_THEN_CITY.match(city)):
        head, city = ", ".join(filter(None, (head, split[1].strip(" ,")))), split[2].strip()
    city = city_of(city)
    if not city:
        return "", "", 0
    street = _without_box(_street(head), city)
    begin = line_start + (line.find(street[:12]) if street else max(line.rfind(city), 0))
    if not street or _UNIT_ONLY.fullmatch(street):
        above, at = _street_above(body[: max(line_start - 1, 0)])
        if above:
            return ", ".join(filter(None, (above, street))), city, at
        street = "" if _UNIT_ONLY.fullmatch(street) else street
    return street, city, max(begin, 0)


def _without_box(street: str, city: str) -> str:
    """A street without the box in the same town that follows it ("12 Mill St., Reno, Nevada. Mail:
    PO Box 7")."""
    at = street.find(f", {city}")
    return street[:at] if at > 0 and _BOX.search(street, at) else street


def _street_above(before: str) -> tuple[str, int]:
    """The street on the up to three lines before the line of the city, and where it begins; one of
    them may name a suburb."""
    units: list[str] = []
    passed = False
    end = len(before)
    for _ in range(3):
        start = before.rfind("\n", 0, end) + 1
        line = before[start:end].strip(" ,")
        if _UNIT_ONLY.fullmatch(line):
            units.insert(0, line)
        elif (street := _street(line)) and (not passed or IS_STREET.search(street)):
            return ", ".join((street, *units)), start + max(before[start:end].find(street[:12]), 0)
        elif passed or not _SUBURB.fullmatch(line) or NO_CITY.match(line):
            return "", 0
        else:
            passed = True
        end = start - 1
        if end <= 0:
            return "", 0
    return "", 0


def _street(text: str) -> str:
    """The street in a line that may begin with other words: from its house number on.

    A unit without a street ("Suite 5") is given as it is.
    """
    text = text.strip(" ,\t")
    starts = [match.start() for match in _STREET_START.finditer(text)]
    plain = [start for start in starts if not _UNIT_OPEN.search(text, 0, start)]
    rests = [text[start:] for start in plain or starts]
    likely = [rest for rest in rests if len(tidy(rest)) <= 80 and not _NO_STREET.search(rest)]
    named = [rest for rest in likely if IS_STREET.search(rest)]
    if rests:
        street = tidy((named or likely or [""])[0])
        before = text[: text.rfind(street)].rstrip(" ,") if street else ""
        if unit := _UNIT_BEFORE.search(before):
            comma = "," if re.search(r"\s\w|#\s?\w+$", unit[0]) else ""
            street = f"{unit[0].rstrip(' ,')}{comma} {street}"
        return street if named or street[:1].isdigit() else ""
    unit = re.search(rf"{UNIT}$", text, re.IGNORECASE)
    return unit[0] if unit and _UNIT_ONLY.fullmatch(text) else ""


def city_of(text: str) -> str:
    """A place name of up to four words, without the label before it; "" for anything else."""
    text = _LABEL.sub("", re.split(r"[|•·*]", text)[-1]).strip(" .:-–—")
    found = _CITY.fullmatch(text)
    good = found and len(text) > 1 and not NO_CITY.match(text) and not text.endswith(" County")
    return text if good else ""


def tidy(text: str) -> str:
    return " ".join(text.split()).strip(" ,;|·•-")
