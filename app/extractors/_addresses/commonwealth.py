"""Postal addresses in text: United Kingdom, Ireland, Australia, New Zealand, India."""

import re
from collections.abc import Iterator
from typing import Final

from app.extractors._addresses.postal import Address
from app.extractors._addresses.provinces import provinces_of
from app.extractors._addresses.streets import (
    IS_STREET,
    STREET_THEN_CITY,
    city_of,
    street_and_city,
    tidy,
)
from app.records._places import country_code, state_code, state_country

MAX_ADDRESSES = 40

_POSTCODE = re.compile(r"[A-Z](?<!\w[A-Z])[A-Z]?\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b")
_EIRCODE = re.compile(r"[AC-FHKNPRTV-Y](?<!\w.)\d[\dW] ?[0-9AC-FHKNPRTV-Y]{4}\b")
_OF_AUSTRALIA = re.compile(
    r"(?P<state>NSW|VIC|Vic|QLD|Qld|SA|WA|TAS|Tas|ACT|NT|New South Wales|Victoria|Queensland"
    r"|South Australia|Western Australia|Tasmania),?[ \t\n]{1,4}(?P<code>\d{4})(?![\d-])"
)
_AUSTRALIAN = re.compile(rf",?[ \t\n]{{1,4}}{_OF_AUSTRALIA.pattern}")
_TOWNS = (
    r"Auckland|Wellington|Christchurch|Hamilton|Tauranga|Dunedin|Napier|Queenstown|Nelson"
    r"|Rotorua|Whangarei|Palmerston North|New Plymouth|Invercargill"
)
_OF_NEW_ZEALAND = re.compile(rf"{_TOWNS}|New Zealand")
_NEW_ZEALAND = re.compile(
    rf"\b(?P<city>{_TOWNS}),?[ \t]{{1,4}}(?P<code>\d{{4}})(?![\d-])"
    r"|(?P<town>[A-Z][a-z]{1,30}(?: [A-Z][a-z]{1,30}){0,2}),?[ \t]{1,4}"
    r"(?P<its_code>\d{4}),?\s{1,3}New Zealand\b"
)
_GOES_ON = r"[a-z'’.-]{1,30}(?: [A-Z][a-z'’.-]{1,30}){0,2}"
_WORDS = rf"[A-Z]{_GOES_ON}"
_BEFORE_LAND = re.compile(
    rf"[A-Z](?:(?P<town>{_GOES_ON})"
    rf"(?=(?:,[ \n]|\n)(?P<land>(?:Co\.?|County) [A-Z][a-z]+|{_WORDS}|UAE|UK)(?![\w-]))"
    r"|(?<=D)(?P<dublin>ublin) \d{1,2}W?\b)"
)
"""A town before its Irish county or its country, which stand where others have a postcode."""
_INDIAN_STATES = "|".join(provinces_of("IN"))
_METROS = (
    r"Mumbai|New Delhi|Delhi|Bengaluru|Bangalore|Chennai|Hyderabad|Kolkata|Pune|Ahmedabad|Gurugram|"
    r"Gurgaon|Noida|Kochi|Jaipur|Coimbatore"
)
_SIX_DIGITS = re.compile(r"[1-9]\d\d ?\d{3}(?![\d,.-]\d|\d)")
_PIN = rf"(?:[Pp][Ii][Nn](?:[ -]?[Cc]ode)?\W{{0,3}})?(?P<code>{_SIX_DIGITS.pattern})"
_OF_INDIA = re.compile(rf"India|INDIA|{_METROS}|{_INDIAN_STATES}")
_INDIAN = re.compile(
    rf"(?P<city>{_WORDS})(?:[ \t]{{0,3}}[,–-]?[ \t\n]{{0,3}}(?P<state>{_INDIAN_STATES}))?\.?"
    rf"[ \t]{{0,3}}[,–-]?"
    rf"[ \t\n]{{0,3}}{_PIN}"
    rf"(?:[ \t]{{0,3}}[,.]?[ \t\n]{{0,3}}\(?(?P<later>{_INDIAN_STATES}))?(?P<land>"
    rf"[,.\s)]{{0,4}}\bI(?:ndia|NDIA)\b)?"
)
_INDIAN_START = re.compile(
    r"(?:#|\d|(?:[Dd]oor|[Pp]lot|[Ss]urvey|[Hh]ouse|[Ff]lat|[Ss]hop|[Oo]ffice(?= [Nn]o| \d)|"
    r"[Uu]nit|[Ss]uite|"
    r"[Gg]round|"
    r"[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Nn]o|H|D)\b\.?|[A-Z]{1,2}[-/ ]?\d)"
)
_SHORT_AUSTRALIAN: Final = {
    "new south wales": "NSW", "victoria": "VIC", "queensland": "QLD", "south australia": "SA",
    "western australia": "WA", "tasmania": "TAS",
}  # fmt: skip
_BRITISH_START = re.compile(
    r"(?:\d+\w?(?:\s?[-–]\s?\d+)?\b|P\.?\s?O\.? Box|(?:Unit|Suite|Flat|One)\b)", re.IGNORECASE
)
_BUILDING_OR_ROAD = re.compile(
    r"(?:[A-Z][\w'’&-]+ ){1,4}(?:House|Cent(?:re|er)|Court|Buildings?|Park|Mill|Chambers|Hall|"
    r"Works|Studios?|Estate|Lodge|Barn|Farm|Exchange|Yard|Wharf|Tower|"
    r"Close|Road|Lane|Crescent|Mews|Drove|Street|Square|Avenue|Quay|Terrace|Place|Drive|Gardens|"
    r"Parade|Grove|Row|Walk|Way|Green|Embankment|Passage)"
    r"|Main Street"
)
_COUNTIES: Final = frozenset(
    " ".join(name.split())
    for name in """
bedfordshire; berkshire; buckinghamshire; cambridgeshire; cheshire; cornwall; cumbria;
derbyshire; devon; dorset; county durham; essex; gloucestershire; hampshire; herefordshire;
hertfordshire; kent; lancashire; leicestershire; lincolnshire; merseyside; middlesex; norfolk;
northamptonshire; northumberland; nottinghamshire; oxfordshire; rutland; shropshire; somerset;
staffordshire; suffolk; surrey; warwickshire; wiltshire; worcestershire; yorkshire; east sussex;
west sussex; west midlands; tyne and wear; greater manchester; north yorkshire; south yorkshire;
west yorkshire; east yorkshire; greater london; england; scotland; wales; northern ireland;
united kingdom; uk
""".split(";")
)
_PIN_INSIDE = re.compile(r"\b\d{3} ?\d{3}\b")
_NO_PLACE = re.compile(
    r":|@|\b[Pp]hone\b|\b[Bb]ed(?:room)?s?\b|, (?:[A-Z][\w-]+ )*(?:Centre|Center|Tower"
    r"|Building)\b[^,]*$"
)
_NUMBER_ALONE = re.compile(r"[^A-Za-z\d]*(?:\d[^A-Za-z\d]*){4,}")
_LANDS: Final = frozenset(
    ("england", "scotland", "wales", "northern ireland", "united kingdom", "uk")
)
_BRITISH_COUNTY = re.compile(
    rf"(?<=[, ])(?P<county>{'|'.join(sorted(_COUNTIES - _LANDS, key=len)[::-1])})"
    rf"(?:,? (?:{'|'.join(sorted(_LANDS))}))?(?:,? {_POSTCODE.pattern})?$",
    re.IGNORECASE,
)
_IRISH_COUNTY = re.compile(r"(?<=[, ])(?P<county>(?:Co\.?|County) [A-Z][a-z]+)\b")
_NO_COUNTY = re.compile(r"(?!)(?P<county>)")
_COUNTY_AT_END = re.compile(rf"(?<=\w)\s+(?:{'|'.join(sorted(_COUNTIES))})$", re.IGNORECASE)


def find_commonwealth(text: str) -> Iterator[Address]:
    """The addresses in a page's text, in no order."""
    yield from _british(text)
    yield from _antipodean(text)
    yield from _indian(text)
    yield from _without_postcode(text)


def _antipodean(text: str) -> Iterator[Address]:
    """Addresses of Australia by their state, of New Zealand by their city."""
    for sign, pattern, country in (
        (_OF_AUSTRALIA, _AUSTRALIAN, "AU"),
        (_OF_NEW_ZEALAND, _NEW_ZEALAND, "NZ"),
    ):
        matches = pattern.finditer(text) if sign.search(text) else ()
        for match in list(matches)[:MAX_ADDRESSES]:
            window = max(0, match.start() - 160)
            towns = () if country == "AU" else (match.end("city"), match.end("town"))
            end = max(towns, default=match.start())
            street, city, begin = street_and_city(text[window:end])
            if city:
                quote = " ".join(text[window + begin : match.end()].split())
                named = match["state"] if country == "AU" else ""
                state = _SHORT_AUSTRALIAN.get(named.lower(), named.upper())
                code = match["code"] or match["its_code"]
                if country == "NZ" and not street and code.startswith(("19", "20")):
                    continue
                yield Address(street, city, state, code, country, quote, window + begin)


def _indian(text: str) -> Iterator[Address]:
    """Addresses of India by their PIN: six digits beside a state, the country or a large city."""
    if not (_SIX_DIGITS.search(text) and _OF_INDIA.search(text)):
        return
    for match in list(_INDIAN.finditer(text))[: 4 * MAX_ADDRESSES]:
        city, state = match["city"].strip("-"), match["state"] or match["later"] or ""
        if not (state or match["land"] or re.search(rf"\b(?:{_METROS})$", city)):
            continue
        window = max(0, match.start() - 160)
        parts = _parts(text[window : match.start()])
        begin = next((n for n, part in enumerate(parts) if _INDIAN_START.match(part)), len(parts))
        first = parts[begin] if begin < len(parts) else city
        start = max(text.rfind(first, window, match.end()), window)
        quote = " ".join(text[start : match.end()].split())
        street = tidy(", ".join(parts[begin:]))
        if not (street or state or match["land"]):
            continue
        yield Address(street, city, state, match["code"], "IN", quote, start)


def _without_postcode(text: str) -> Iterator[Address]:
    """Street and town before an Irish county or a country: only where the street is plainly one."""
    for match in list(_BEFORE_LAND.finditer(text))[: 4 * MAX_ADDRESSES]:
        land = match["land"] or "County Dublin"
        irish = land.startswith(("Co. ", "Co ", "County "))
        country = "IE" if irish else country_code(land)
        if country in ("", "US", "CA") or state_country(state_code(land)):
            continue
        last = max(match.end(), match.end("land"))
        if _EIRCODE.match(text[last : last + 20].lstrip(" ,\n.")):
            continue
        end = match.end("dublin" if match["dublin"] else "town")
        window = max(0, end - 120)
        found = _british_parts(text[window:end])
        plain = found and len(found[0]) <= 80 and not _NO_PLACE.search(f"{found[0]}, {found[1]}")
        if found and plain and IS_STREET.search(found[0]) and not _PIN_INSIDE.search(found[0]):
            street, town, first = found
            start = max(text.rfind(first, window, end), window)
            quote = " ".join(text[start:last].split())
            county = _county_printed(quote, town, country)
            yield Address(street, town, county, "", country, quote, start)


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
                county = _county_printed(quote, town, country)
                yield Address(street, town, county, match[0], country, quote, start)


def _county_printed(quote: str, town: str, country: str) -> str:
    """The county that a British or Irish address prints behind the town, or ""."""
    found = {"GB": _BRITISH_COUNTY, "IE": _IRISH_COUNTY}.get(country, _NO_COUNTY).search(quote)
    return found["county"] if found and found["county"] != town else ""


def _british_parts(before: str) -> tuple[str, str, str] | None:
    """(street, town, the part that they begin with) of the words before a postcode."""
    parts = _parts(before)
    begin = next((n for n, part in enumerate(parts) if _BRITISH_START.match(part)), -1)
    if begin < 0:
        begin = next((n for n, part in enumerate(parts) if _BUILDING_OR_ROAD.fullmatch(part)), -1)
    if begin < 0:
        return None
    if begin == len(parts) - 1:
        split = STREET_THEN_CITY.match(parts[begin])
        return (tidy(split[1]), split[2].strip(), parts[begin]) if split else None
    towns = [re.sub(r"^(Dublin) \d{1,2}$", r"\1", part) for part in parts]
    good = [
        n for n, part in enumerate(towns) if n > begin and not _is_county(part) and city_of(part)
    ]
    if not good:
        return None
    town = _COUNTY_AT_END.sub("", city_of(towns[good[-1]]))
    return tidy(", ".join(parts[begin : good[-1]])), town, parts[begin]


def _parts(before: str) -> list[str]:
    """The up to six parts between commas and lines, behind the last number or e-mail address,
    without what labels them."""
    lines = re.split(r"[,\n|]", before)
    parts = [part.strip(" .\t") for part in lines if part.strip(" .\t")][-6:]
    reached = [n for n, part in enumerate(parts) if "@" in part or _NUMBER_ALONE.fullmatch(part)]
    return [_after_sentence(part) for part in parts[reached[-1] + 1 if reached else 0 :]]


def _is_county(part: str) -> bool:
    return part.lower() in _COUNTIES or part.startswith(("Co. ", "County "))


def _after_sentence(part: str) -> str:
    """What stands behind the last full stop or a label, if a house number begins it."""
    rest = re.split(r"(?<!\b[Nn]o)\. |: ?", part)[-1]
    return rest if _BRITISH_START.match(rest) and re.search("[A-Za-z]", rest) else part
