"""Postal addresses in text: United States, Canada, United Kingdom, Australia; more from next door.

An address is found by its end, which has a fixed form (state and ZIP code, province and postal
code, British postcode), and read backwards: city, then street, over up to four lines.
"""

import re
from collections.abc import Iterator
from typing import Final

from app.extractors._continental_addresses import find_continental
from app.extractors._postal import Address
from app.records._places import country_code, state_code, state_country

MAX_ADDRESSES = 40

_ZIP = re.compile(r"\d(?<![\d$.,#-]\d)\d{4}(?:-\d{4})?(?![\d,]\d|\d)")
_POSTAL = re.compile(
    r"[ABCEGHJ-NPRSTVXY](?<!\w[A-Z])\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d\b"
)
_POSTCODE = re.compile(r"[A-Z](?<!\w[A-Z])[A-Z]?\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b")
_EIRCODE = re.compile(r"\b[AC-FHKNPRTV-Y]\d[\dW] ?[0-9AC-FHKNPRTV-Y]{4}\b")
_STATE_BEFORE = re.compile(r"([A-Za-z][A-Za-z.]*(?:[^\S\n]+[A-Za-z.]+){0,2})[\s.,|]{0,4}$")
_SHORT_STATES: Final = {
    "calif": "CA", "colo": "CO", "conn": "CT", "fla": "FL", "ill": "IL", "mass": "MA",
    "mich": "MI", "minn": "MN", "penn": "PA", "penna": "PA", "tenn": "TN", "tex": "TX",
    "wash": "WA", "wis": "WI", "ont": "ON", "que": "QC", "alta": "AB", "sask": "SK", "man": "MB",
}  # fmt: skip

_SUFFIX = (
    r"(?:street|st|avenue|ave?|road|rd|drive|dr|boulevard|blvd|lane|ln|court|ct|circle|cir|way|"
    r"parkway|pkwy|highway|hwy|place|pl|square|sq|terrace|ter|trail|trl|plaza|plz|loop|pike|"
    r"turnpike|tpke|crescent|cres|expressway|expy|freeway|fwy|row|run|point|pt|commons|crossing|"
    r"xing|alley|broadway|close|gardens|grove|mews|route|rte)"
)
_UNIT = (
    r"(?:(?:suite|ste|unit|apt|apartment|bldg|building|floor|fl|room|rm|box|pmb|no)\b\.?\s*#?\s*"
    r"[\w-]{1,6}|#\s?[\w-]{1,6}|\d{1,2}(?:st|nd|rd|th)\s+fl(?:oor)?)"
)
_DIRECTION = r"(?:\s+(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\b\.?)"
_STREET_THEN_CITY = re.compile(
    rf"(.*\b{_SUFFIX}\b\.?{_DIRECTION}?(?:,?\s+{_UNIT}\.?)?)\s+(\D{{2,40}})$",
    re.IGNORECASE | re.DOTALL,
)
_UNIT_THEN_CITY = re.compile(rf"(.*\b{_UNIT})\s+(\D{{2,40}})$", re.IGNORECASE | re.DOTALL)
_STREET_START = re.compile(
    r"(?:P\.?\s?O\.?\s?Box\s+\d|Post Office Box \d|\bOne\s+[A-Z]"
    r"|(?<![\d.,$#/-])\d{1,6}[A-Za-z]?(?:\s?[-–]\s?(?!(?:19|20)\d\d\b)\d{1,5})?(?:\s1/2)?,?\s+(?:-\s)?"
    r"(?=(?:[NSEW]\.?\s|[NS][EW]\.?\s)?(?:\d{1,3}(?:st|nd|rd|th)\b|[A-Z]|\d+\s+(?:Street|St|Ave))))",
)
_IS_STREET = re.compile(rf"\b{_SUFFIX}\b|Box\s+\d|\bOne\s\w+ (?:Cent\w+|Tower|Park)", re.IGNORECASE)
_NO_STREET = re.compile(
    r"©|\(c\)|copyright|rights reserved|\bsince\b|\bphone\b|@|\byears?\b", re.IGNORECASE
)
_UNIT_BEFORE = re.compile(r"\b(?:unit|suite|level|shop|flat)\s\w{1,5}$", re.IGNORECASE)
_UNIT_ONLY = re.compile(rf"\W*{_UNIT}\W*", re.IGNORECASE)
_CITY = re.compile(
    r"[A-Z][A-Za-zÀ-ÿ.'’\-]*(?: (?:[A-Z][A-Za-zÀ-ÿ.'’\-]*|of|the|on|upon|la|de|du|by)){0,3}"
)
_LABEL = re.compile(
    r"^.*\b(?:address|office|location|located at|located|visit us|mail(?:ing)?(?: to)?|"
    r"headquarters|hq|"
    r"corporate|in|at|of)\b\s*:?\s+(?=[A-Z])",
    re.IGNORECASE,
)
_NO_CITY: Final = re.compile(
    r"(?:suite|unit|address|office|contact|phone|tel|fax|email|copyright|license\w*|zip|state|"
    r"lic|since|the|serving|all|and|box|floor)\b",
    re.IGNORECASE,
)
_CITY_AND_STATE = re.compile(
    r"(?P<city>[A-Z][A-Za-zÀ-ÿ.'’\-]+(?: [A-Z][A-Za-zÀ-ÿ.'’\-]+){0,2})"
    r"(?=, ?(?P<state>[A-Z]{2}|[A-Z][a-z]+(?: [A-Z][a-z]+)?)(?![\w-]))"
)
_CITY_THEN_STATE = re.compile(
    r"(?P<city>[A-Z][a-zÀ-ÿ.'’\-]+(?: [A-Z][a-zÀ-ÿ.'’\-]+){0,2}) (?P<state>[A-Z]{2})[ \t]*$",
    re.MULTILINE,
)
_AUSTRALIAN = re.compile(
    r",?[ \t\n]+(?P<state>NSW|VIC|Vic|QLD|Qld|SA|WA|TAS|Tas|ACT|NT|New South Wales|Victoria|"
    r"Queensland|South Australia|Western Australia|Tasmania),?[ \t\n]+(?P<code>\d{4})(?![\d-])"
)
_NEW_ZEALAND = re.compile(
    r"\b(?P<city>Auckland|Wellington|Christchurch|Hamilton|Tauranga|Dunedin|Napier|Queenstown|Nelson|"
    r"Rotorua|Whangarei|Palmerston North|New Plymouth|Invercargill),?[ \t]+(?P<code>\d{4})(?![\d-])"
)
_SHORT_AUSTRALIAN: Final = {
    "new south wales": "NSW", "victoria": "VIC", "queensland": "QLD", "south australia": "SA",
    "western australia": "WA", "tasmania": "TAS",
}  # fmt: skip
_PROVINCES: Final = {
    "A": "NL", "B": "NS", "C": "PE", "E": "NB", "G": "QC", "H": "QC", "J": "QC", "K": "ON",
    "L": "ON", "M": "ON", "N": "ON", "P": "ON", "R": "MB", "S": "SK", "T": "AB", "V": "BC",
    "Y": "YT",
}  # fmt: skip
"""The province of a Canadian postal code by its first letter."""
_BRITISH_START = re.compile(
    r"(?:\d+\w?(?:\s?[-–]\s?\d+)?\b|P\.?\s?O\.? Box|(?:Unit|Suite|Flat|One)\b)", re.IGNORECASE
)
_BUILDING_OR_ROAD = re.compile(
    r"(?:[A-Z][\w'’&-]+ ){1,4}(?:House|Cent(?:re|er)|Court|Buildings?|Park|Mill|Chambers|Hall|"
    r"Works|Studios?|Estate|Lodge|Barn|Farm|Exchange|Yard|Wharf|Tower|"
    r"Close|Road|Lane|Crescent|Mews|Drove)"
)
_COUNTIES: Final = frozenset(
    " ".join(name.split())
    for name in """
bedfordshire; berkshire; buckinghamshire; cambridgeshire; cheshire; cornwall; cumbria;
derbyshire; devon; dorset; durham; essex; gloucestershire; hampshire; herefordshire;
hertfordshire; kent; lancashire; leicestershire; lincolnshire; merseyside; middlesex; norfolk;
northamptonshire; northumberland; nottinghamshire; oxfordshire; rutland; shropshire; somerset;
staffordshire; suffolk; surrey; warwickshire; wiltshire; worcestershire; yorkshire; east sussex;
west sussex; west midlands; tyne and wear; greater manchester; north yorkshire; south yorkshire;
west yorkshire; east yorkshire; greater london; england; scotland; wales; northern ireland;
united kingdom; uk
""".split(";")
)
_CODE_FOLLOWS = re.compile(r"[\s.,]*(?:\d{5}|[A-Z]\d[A-Z])")
_LONE_STREET = re.compile(
    r"(?:^|\b(?i:located at|visit us at|address|office)\b:?[ \t]{1,3})"
    rf"(?P<street>\d{{1,5}} (?:[NSEW]\.? )?(?:[A-Z0-9][\w'’-]* ){{1,3}}(?i:{_SUFFIX})\b\.?"
    rf"(?:,? {_UNIT})?)"
    r"(?=[.,;]?(?: on the | in | \(|$))",
    re.MULTILINE,
)
_NAMED_CITIES: Final = frozenset(
    ("Baltimore City", "New York City", "St. Louis City", "Richmond City")
)
_COUNTY_AT_END = re.compile(rf"(?<=\w)\s+(?:{'|'.join(sorted(_COUNTIES))})$", re.IGNORECASE)


def address_of_parts(
    *, street: str, city: str, state: str, postcode: str, country: str
) -> Address | None:
    """An address whose parts structured data gives; None when there is nothing to keep."""
    words = ", ".join(
        part for part in (street, city, f"{state} {postcode}".strip(), country) if part
    )
    whole = read_address(street) if not postcode else None
    if whole and whole.city:
        return whole
    if not (street or city or postcode):
        return None
    code = _state(state)
    known = country_code(country) or state_country(code)
    if state_country(code) != known and state_country(code):
        code = state
    return Address(_tidy(street), _tidy(city), code or state, postcode.upper(), known, words)


def read_address(text: str) -> Address | None:
    """The first address in a short text, or None."""
    return next(find_addresses(text), None)


def find_addresses(text: str) -> Iterator[Address]:
    """The addresses in a page's text, in document order, at most MAX_ADDRESSES."""
    found = [
        *_north_american(text),
        *_british(text),
        *_antipodean(text),
        *find_continental(text),
        *_without_code(text),
    ]
    seen: set[tuple[str, str, str]] = set()
    for address in sorted(found, key=lambda one: (one.start, not one.postcode))[
        : 2 * MAX_ADDRESSES
    ]:
        key = (address.street.lower().strip("."), address.city.lower(), address.state)
        if key not in seen:
            seen.add(key)
            yield address


def cities_with_state(text: str) -> Iterator[tuple[str, str, str]]:
    """(city, state code, words) for every "City, ST" of the United States and Canada."""
    for match in _CITY_AND_STATE.finditer(text):
        code = _state(match["state"])
        if code and not _NO_CITY.match(match["city"]) and not match["city"].isupper():
            yield _town(match["city"]), code, f"{match['city']}, {match['state']}"


def lone_street(text: str) -> str:
    """The only street that the text prints after "located at" and the like, or on a line of its
    own; "" where there are several."""
    found = {_tidy(match["street"]).rstrip(".") for match in _LONE_STREET.finditer(text)}
    return found.pop() if len(found) == 1 else ""


def _town(city: str) -> str:
    """A city without the word that tells it from its county or state."""
    return city.removesuffix(" City") if city in _NAMED_CITIES else city


def _state(text: str) -> str:
    """The code of a US or Canadian state, or ""."""
    code = _SHORT_STATES.get(text.strip(" .").lower()) or state_code(text)
    return code if state_country(code) else ""


def _state_at_end(text: str) -> tuple[str, int]:
    """The state that `text` ends with, and where it starts; ("", -1) for none.

    Two small letters are words ("in", "or"), not states.
    """
    match = _STATE_BEFORE.search(text)
    if match is None:
        return "", -1
    words = list(re.finditer(r"\S+", match[1]))
    for count in range(len(words), 0, -1):
        start = match.start(1) + words[-count].start()
        name = text[start : match.end(1)]
        if name[0].isupper() and not (len(name) == 2 and not name.isupper()):
            code = _state(name)
            if code:
                return code, start
    return "", -1


def _north_american(text: str) -> Iterator[Address]:
    for pattern, country in ((_ZIP, "US"), (_POSTAL, "CA")):
        for match in list(pattern.finditer(text))[:MAX_ADDRESSES]:
            window = max(0, match.start() - 160)
            before = re.sub(r"[\s,.]*\bCanada[\s,]*$", "", text[window : match.start()])
            state, at = _state_at_end(before)
            if not state and country == "CA":
                after = _state_after(text[match.end() : match.end() + 30])
                state, at = after or _PROVINCES.get(match[0][0], ""), len(before)
            if state_country(state) != country and not (country == "US" and state == "PR"):
                continue
            street, city, begin = _street_and_city(text[window : window + at])
            if not city:
                continue
            code = match[0].upper() if country == "US" else _canadian(match[0])
            quote = " ".join(text[window + begin : match.end()].split())
            yield Address(street, city, state, code, country, quote, window + begin)


def _antipodean(text: str) -> Iterator[Address]:
    """Addresses of Australia by their state, of New Zealand by their city."""
    for pattern, country in ((_AUSTRALIAN, "AU"), (_NEW_ZEALAND, "NZ")):
        for match in list(pattern.finditer(text))[:MAX_ADDRESSES]:
            window = max(0, match.start() - 160)
            end = match.start() if country == "AU" else match.end("city")
            street, city, begin = _street_and_city(text[window:end])
            if city:
                quote = " ".join(text[window + begin : match.end()].split())
                named = match["state"] if country == "AU" else ""
                state = _SHORT_AUSTRALIAN.get(named.lower(), named.upper())
                yield Address(street, city, state, match["code"], country, quote, window + begin)


def _state_after(text: str) -> str:
    """The province behind a postal code ("V7P 1B3 BC")."""
    found = re.match(r"[\s,]*([A-Z]{2}|[A-Z][a-z]+(?: [A-Z][a-z]+)?)\b", text)
    return _state(found[1]) if found else ""


def _canadian(code: str) -> str:
    plain = code.replace(" ", "").upper()
    return f"{plain[:3]} {plain[3:]}"


def _without_code(text: str) -> Iterator[Address]:
    """Street, city and state without ZIP code: only with a street before the city."""
    bare = list(_CITY_THEN_STATE.finditer(text))[:MAX_ADDRESSES]
    for match in [*list(_CITY_AND_STATE.finditer(text))[: 4 * MAX_ADDRESSES], *bare]:
        code, end = _state(match["state"]), match.end("state")
        if not code or _CODE_FOLLOWS.match(text, end):
            continue
        window = max(0, match.start() - 120)
        street, city, begin = _street_and_city(text[window : match.end("city")])
        if street and city and _IS_STREET.search(street):
            quote = " ".join(text[window + begin : end].split())
            country = state_country(code)
            yield Address(street, city, code, "", country, quote, window + begin)


def _street_and_city(before: str) -> tuple[str, str, int]:
    """(street, city, where they begin) read from the end of the text before a state."""
    body = before.rstrip(" \n,.\t")
    line_start = body.rfind("\n") + 1
    line = body[line_start:]
    head, comma, city = line.rpartition(",")
    if comma:
        head, city = head.strip(), city.strip()
    elif split := _STREET_THEN_CITY.match(line) or _UNIT_THEN_CITY.match(line):
        head, city = split[1].strip(" ,"), split[2].strip()
    else:
        head, city = "", line.strip()
    if comma and (split := _STREET_THEN_CITY.match(city) or _UNIT_THEN_CITY.match(city)):
        head, city = ", ".join(filter(None, (head, split[1].strip(" ,")))), split[2].strip()
    city = _city(city)
    if not city:
        return "", "", 0
    street = _street(head)
    begin = line_start + (line.find(street[:12]) if street else max(line.rfind(city), 0))
    if not street or _UNIT_ONLY.fullmatch(street):
        above, at = _street_above(body[: max(line_start - 1, 0)])
        if above:
            return ", ".join(filter(None, (above, street))), city, at
        street = "" if _UNIT_ONLY.fullmatch(street) else street
    return street, city, max(begin, 0)


def _street_above(before: str) -> tuple[str, int]:
    """The street on the up to three lines before the line of the city, and where it begins."""
    units: list[str] = []
    end = len(before)
    for _ in range(3):
        start = before.rfind("\n", 0, end) + 1
        line = before[start:end].strip(" ,")
        if _UNIT_ONLY.fullmatch(line):
            units.insert(0, line)
        elif street := _street(line):
            return ", ".join((street, *units)), start + max(before[start:end].find(street[:12]), 0)
        else:
            return "", 0
        end = start - 1
        if end <= 0:
            return "", 0
    return "", 0


def _street(text: str) -> str:
    """The street in a line that may begin with other words: from its house number on.

    A unit without a street ("Suite 5") is given as it is.
    """
    text = text.strip(" ,\t")
    rests = [text[match.start() :] for match in _STREET_START.finditer(text)]
    likely = [rest for rest in rests if len(_tidy(rest)) <= 80 and not _NO_STREET.search(rest)]
    named = [rest for rest in likely if _IS_STREET.search(rest)]
    if rests:
        street = _tidy((named or likely or [""])[0])
        before = text[: text.rfind(street)].rstrip(" ,") if street else ""
        if unit := _UNIT_BEFORE.search(before):
            street = f"{unit[0]}, {street}"
        return street if named or street[:1].isdigit() else ""
    unit = re.search(rf"{_UNIT}$", text, re.IGNORECASE)
    return unit[0] if unit and _UNIT_ONLY.fullmatch(text) else ""


def _city(text: str) -> str:
    """A place name of up to four words, without the label before it; "" for anything else."""
    text = _LABEL.sub("", text.split("|")[-1].split("•")[-1].split("·")[-1]).strip(" .:-–—")
    found = _CITY.fullmatch(text)
    good = found and len(text) > 1 and not _NO_CITY.match(text) and not text.endswith(" County")
    return text if good else ""


def _british(text: str) -> Iterator[Address]:
    """British addresses, and Irish ones with their Eircode."""
    for pattern, country in ((_POSTCODE, "GB"), (_EIRCODE, "IE")):
        for match in list(pattern.finditer(text))[:MAX_ADDRESSES]:
            window = max(0, match.start() - 160)
            found = _british_parts(text[window : match.start()])
            if found:
                street, town, first = found
                start = max(text.rfind(first, window, match.start()), window)
                quote = " ".join(text[start : match.end()].split())
                yield Address(street, town, "", match[0], country, quote, start)


def _british_parts(before: str) -> tuple[str, str, str] | None:
    """(street, town, the part that they begin with) of the words before a postcode."""
    lines = re.split(r"[,\n]", before)
    parts = [part.strip(" .\t") for part in lines if part.strip(" .\t")][-6:]
    reached = [n for n, part in enumerate(parts) if "@" in part or not re.search("[A-Za-z]", part)]
    parts = [_after_sentence(part) for part in parts[reached[-1] + 1 if reached else 0 :]]
    begin = next((n for n, part in enumerate(parts) if _BRITISH_START.match(part)), -1)
    if begin < 0:
        begin = next((n for n, part in enumerate(parts) if _BUILDING_OR_ROAD.fullmatch(part)), -1)
    if begin < 0:
        return None
    if begin == len(parts) - 1:
        split = _STREET_THEN_CITY.match(parts[begin])
        return (_tidy(split[1]), split[2].strip(), parts[begin]) if split else None
    towns = [re.sub(r"^(Dublin) \d{1,2}$", r"\1", part) for part in parts]
    good = [
        n
        for n, part in enumerate(towns)
        if n > begin and part.lower() not in _COUNTIES and _city(part)
    ]
    if not good:
        return None
    town = _COUNTY_AT_END.sub("", _city(towns[good[-1]]))
    return _tidy(", ".join(parts[begin : good[-1]])), town, parts[begin]


def _after_sentence(part: str) -> str:
    """What stands behind the last full stop, if a house number begins it."""
    rest = part.rpartition(". ")[2]
    return rest if _BRITISH_START.match(rest) else part


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(" ,;|·•-")
