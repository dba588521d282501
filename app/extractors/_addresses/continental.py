"""Postal addresses in text as continental Europe, Latin America and Quebec write them.

"Hafenstraße 12, 24103 Kiel"; "30 bis, rue de Paris – BP 60401 – 35704 Rennes"; "Via Roma 11,
Roncello (20877)"; "Av. Roe 670, Piso 3, Córdoba, Argentina". A street is found by its form; behind
it stand a floor, a box or a quarter, and then the town, with its postal code or its province or
country; a town alone only at the end of the line. The country follows from what is printed, else
from the form of the code and the language of the street.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from app.extractors._addresses.continental_streets import FORMS, HEAD, NAME, NUMBER, UPPER, Form
from app.extractors._addresses.land import CANTONS, PREFIXES, land_of
from app.extractors._addresses.postal import Address
from app.extractors._addresses.provinces import countries_of_province, provinces_of
from app.records._places import country_code

MOST: Final = 40
BEFORE, BEHIND = 160, 80
MOST_FILLERS: Final = 6
MOST_QUARTERS: Final = 2

_SEP = (
    r"(?:[ \t]{0,3}[,;·•|][ \t]{0,3}\n?[ \t]{0,3}|[ \t]{0,3}\n[ \t]{0,3}\n?[ \t]{0,3}|[ \t]{1,3}"
    r"[-–—][ \t]{0,3}|[ \t]{0,3}[-–—][ \t]{1,3}"
    r"|\.[ \t]{1,3}|\.\n)"
)
_NO_TOWN = (
    r"(?!(?i:tel|tél|fax|e-?mail|mail|mobil|phone|ph|web|www|cel|cell|whatsapp|contact[oe]?"
    r"|kontakt|of|"
    r"ofic|oficina|piso|planta|primo|local|edificio|bâtiment|impressum|horario|orari|montag|lundi|"
    r"lunes|copyright|c\.?p|cap|col|colonia)\b)"
)
_JOINED = (
    r"(?:an|am|im|bei|ob|der|de|den|dem|la|le|les|del|do|da|dos|das|di|of|op|aan|sur|sous|lès|en"
    r"|i|y|e|"
    r"a\.|d\.|i\.|b\.)"
)
_PART = rf"(?:(?:[{UPPER}]\.){{2,3}}|[{UPPER}][\w'’\-]{{0,30}}(?:(?<=\b\w)\.|(?<=\b\w\w)\.)?)"
_TOWN = (
    rf"(?P<city>{_NO_TOWN}(?![A-Z]{{2}}\b)(?:['’][a-z]-?|[Ll]['’])?{_PART}"
    rf"(?:[ \t](?:{_JOINED}[ \t]){{0,2}}{_NO_TOWN}(?:['’][a-z]-?|[dl]['’])?{_PART}){{0,3}})"
)
_CODE = (
    r"(?P<code>\d{4}-\d{3}|\d{4}[ \t]?[A-Z]{2}(?!\w)|\d{5}|\(\d{4}\)|\d{4}"
    r"|\([A-HJ-NP-Z]\d{4}[A-Z]{3}\)"
    r"|[A-HJ-NP-Z]\d{4}(?:[A-Z]{3})?)(?!\w)"
)
_LABEL = (
    r"(?i:\(?(?:c\.?[ \t]?p\.?|c\.?a\.?p\.?|cód(?:igo)?\.?[ \t]?postal|code postal"
    r"|plz):?[ \t]{0,2})"
)
_CODED = re.compile(
    rf"(?:{_SEP}|[ \t]{{1,3}})(?:(?P<land>AT|[ABDEFILP]|CH|LU|NL|BE|DE|FR|ES|IT|PT|MX)[ \t]?[-–]"
    rf"[ \t]?)?{_LABEL}?{_CODE}"
    rf"[ \t]{{0,3}}[,–\-\n]?[ \t]{{0,3}}{_TOWN}"
)
_CODE_FIRST = re.compile(
    rf"(?<!\w)(?P<code>\d{{5}})[ \t]{{1,3}}{_TOWN}"
    r"(?:[ \t]{0,3}[,|·•][ \t]{0,3}|[ \t][-–][ \t])$"
)
_CODE_LAST = re.compile(
    rf"{_SEP}{_TOWN}(?:,[ \t]?(?P<state>{_NO_TOWN}{NAME}(?:[ \t]{_NO_TOWN}{NAME})?))?[ \t]{{0,3}}"
    rf"[,–\-(]{{0,2}}[ \t]{{0,3}}{_LABEL}?{_CODE}\)?"
    rf"(?![ \t]{{1,3}}(?!M[ée]xico|España|Italia|Argentina)[{UPPER}][a-zé])"
)
_BARE = re.compile(rf"{_SEP}{_TOWN}")
_MORE = re.compile(
    rf"(?:[ \t]{{0,3}}\((?P<inside>[{UPPER}][^()\d\n]{{1,30}})\)"
    rf"|(?:{_SEP}|[ \t])(?P<next>{NAME}(?:[ \t](?:de[l ]?[ \t]?)?{NAME}){{0,2}}))"
)
_UNIT = (
    r"(?i:piso|planta|puerta|pta|escalera|esc|of|ofic|off?icinas?|dpto|depto|departamento|local"
    r"|int|interior|"
    r"interno|torre|edificio|edif|nave|bajo|entlo|entresuelo|ático|bloque|portal|apto"
    r"|consultorio|despacho|"
    r"étage|bât|bâtiment|bat|escalier|porte|appt|appartement|résidence|immeuble|bte|boîte|bus"
    r"|top|stiege|"
    r"stock|scala|piano|andar|sala|loja|fração|col|colonia|fracc|urb|barrio|zona|frazione|fraz"
    r"|loc|località|"
    r"lieu-dit|z\.?i|z\.?a|zac|pol[íi]gono|pol|parque|edifício|lote)\b"
)
_FLOOR = (
    r"(?:\d{1,2}\.?[ºª°][A-Z]?(?![\w])(?:[ \t]?[\"“‘'][A-Z\d][\"”’'])?"
    r"|\d{1,2}(?:er|e|ème|eme|ÈME|ER|[rnt]|[rn]a)\b(?:[ \t]\d"
    r"[aª]\b)?)\.?"
    r"(?:[ \t]?(?i:piso|planta|izq\w*|dcha|der|esq|dto|dta|andar|étage|[a-h])\b\.?){0,2}"
    r"|\d{1,2}\.[ \t]?(?i:OG|Stock|Etage|Obergeschoss)\b|(?:EG|DG|Hinterhaus|Haus[ \t]\w{1,2})\b"
)
_KEPT = re.compile(
    rf"(?:{_SEP}|[ \t]{{1,3}}|[ \t]?/[ \t]?)(?P<kept>{_FLOOR}|{_UNIT}"
    rf"(?:(?![ \t][-–—][ \t]|[ \t]\d{{4,5}}(?!\d)|\.[ \t]\d{{5}}|[ \t][Cc]\.?[Pp]\."
    rf"|(?<=\d)[ \t][{UPPER}][a-zéáíóú]{{3}})"
    rf"[^\n,;|•·()]){{0,28}})"
)
_BOX = re.compile(
    rf"(?:{_SEP}|[ \t]{{1,3}})(?i:BP|B\.P\.|CS|case postale|postfach|postbus|apartado"
    rf"(?: de correos)?"
    rf"|apdo\.?)"
    r"[ \t]?\d{0,3}[ \t]?\d{0,4}(?!\d)(?=[ \t]{0,3}[\n,;|•·–—-])|[ \t]{0,3}\([^()\n\d]{2,40}\)"
    r"(?=[ \t]{0,3}"
    r"[\n,|–-])"
)
_QUARTER = re.compile(
    rf"{_SEP}{_NO_TOWN}{NAME}(?:[ \t](?:{_JOINED}[ \t])?{NAME}){{0,3}}(?={_SEP}\S)"
)
_LINE_END = re.compile(r"[ \t.]*(?:\n|$)")
_STRONG = re.compile(r"(?i)\b(?:rue|avenue|boulevard|bd|quai|impasse|allée)\b")
_CEDEX = re.compile(r"[ \t]{1,3}cedex.*", re.IGNORECASE)
_GERMAN_PAGE = re.compile(
    r"\b(?:Impressum|Datenschutz|Anschrift|Kontakt|Deutschland|Österreich|Schweiz)\b"
)
_ALPINE = re.compile(r"\bÖsterreich\b|\bATU\d|\bSchweiz\b|\bCHE-\d")
_ENGLISH = re.compile(
    r"(?i)\b(?:street|st|road|rd|avenue|ave|drive|dr|lane|ln|blvd|way|court)\b\.?$"
)
_BRAZILIAN = re.compile(
    r"(?<![\w.,-])(?P<street>(?i:rua|avenida|av\.|alameda|praça|travessa|rodovia)"
    r"[ \t][^\n,|]{2,40},[ \t]?(?:n\.?º[ \t]?)?\d{1,5})[^\n]{0,60}?[,–-][ \t]{0,3}"
    rf"(?P<city>{NAME}(?:[ \t](?:{NAME}|d[aeo]s?)){{0,3}})[ \t]?[-–/,][ \t]?(?P<state>[A-Z]{{2}})"
    r"[,\s–-]*(?i:CEP:?)?[ \t]{0,3}(?P<code>\d{5}-\d{3})"
)
_RIVERS: Final = frozenset(("Saale", "Oder", "Main", "Havel", "Spree", "Westf", "Holst"))
_CAPITALS: Final = frozenset(("CDMX", "CABA"))
_LARGE_TOWNS: Final = frozenset(
    "bogotá medellín cali barranquilla cartagena bucaramanga pereira manizales cúcuta".split()
)
_ANY_CODE = re.compile(
    r"[A-Z\d](?<!\w.)(?:(?:(?<=\d)\d{3}|(?<=[A-Z])[A-Z]?-\d{4})"
    rf"\d?(?:-\d{{3}})?,?[ \t\n]{{1,3}}['’{UPPER}]"
    r"|(?<=\d)\d{3}(?:[A-Z]{2}\b|\d-\d{3}\b)|(?<=[GHJ])\d[A-Z])"
)
_QUEBEC = re.compile(
    rf"(?<![\w.,-])(?P<street>{NUMBER},?[ \t](?i:rue|avenue|av\.|boulevard|boul\.|place|chemin"
    rf"|ch\.|côte|"
    r"montée|rang|route|rte)[ \t][^\n,|•·()\d]{2,40}?(?:,[ \t]?(?i:bureau|suite|local)[ \t]?"
    r"[\w-]{1,6})?)"
    rf"(?:[ \t]{{0,3}}[,·•|][ \t]{{0,3}}|[ \t]{{0,3}}\n[ \t]{{0,3}}|[ \t]{{1,3}}[-–][ \t]{{1,3}})"
    rf"(?P<city>{NAME}(?:[ \t-]{NAME}){{0,3}}),?[ \t]{{0,3}}\(?(?:Qu[ée]bec|QC|Qc|P\.?Q\.?)\)?,?"
    r"[ \t\n]{0,3}(?P<code>[GHJ]\d[A-Z][ \t]?\d[A-Z]\d)\b"
)


_OF_ARGENTINA = "|".join(map(re.escape, (*provinces_of("AR"), "Argentina", "Chile")))
_PROVINCE = re.compile(rf"[, ](?=[A-Z])(?:{_OF_ARGENTINA})(?!\w)")


class _Place(NamedTuple):
    """What stands behind a street, and where it ends."""

    city: str
    state: str
    code: str
    country: str
    end: int


def find_continental(text: str) -> Iterator[Address]:
    """The addresses in a page's text, in no order, at most MOST of each form."""
    coded = _around(_ANY_CODE, text, BEFORE, BEHIND)
    near = {
        "code": coded,
        "word": _around(HEAD, text, 14, BEFORE),
        "province": _around(_PROVINCE, text, BEFORE - 1, BEHIND),
    }
    found = [
        (address, match.start(), match.end())
        for form in FORMS
        for match in _matches(form.pattern, text, near[form.near])
        if (address := _address(text, match, form))
    ]
    passed = -1
    for address, start, end in sorted(found, key=lambda one: one[1]):
        if start > passed:
            yield address
            passed = end
    for match in _matches(_BRAZILIAN, text, coded):
        yield _whole(match, "BR", match["state"], match["code"])
    for match in _matches(_QUEBEC, text, coded):
        plain = match["code"].replace(" ", "")
        yield _whole(match, "CA", "QC", f"{plain[:3]} {plain[3:]}")


def _around(sign: re.Pattern[str], text: str, before: int, behind: int) -> list[tuple[int, int]]:
    """Where addresses may stand: around what may be a postal code, or a word for a street."""
    found: list[tuple[int, int]] = []
    for hit in islice(sign.finditer(text), 8 * MOST):
        start, end = max(0, hit.start() - before), hit.end() + behind
        if found and start <= found[-1][1]:
            start = found.pop()[0]
        found.append((start, end))
    return found


def _matches(
    pattern: re.Pattern[str], text: str, near: list[tuple[int, int]]
) -> Iterator[re.Match[str]]:
    every = (match for start, end in near for match in pattern.finditer(text, start, end))
    return islice(every, 4 * MOST)


def _whole(match: re.Match[str], country: str, state: str, code: str) -> Address:
    street, city = (" ".join(match[part].split()).strip(" ,") for part in ("street", "city"))
    return Address(street, city, state, code, country, " ".join(match[0].split()), match.start())


def _address(text: str, match: re.Match[str], form: Form) -> Address | None:
    """The address whose street is `match`; None where no town follows."""
    street, at, passed = match[0], match.end(), 0
    for _ in range(MOST_FILLERS):
        place = _coded(text, at, street, form) or _uncoded(text, at, match[0], form, bool(passed))
        if place := place or (None if passed else _before(text, match, form)):
            street = " ".join(street.split()).strip(" ,;-–")
            begin = min(match.start(), place.end)
            quote = " ".join(text[begin : max(place.end, match.end())].split())
            parts = (street, place.city, place.state, place.code, place.country)
            return Address(*parts, quote, begin)
        if kept := _KEPT.match(text, at):
            street, at = f"{street}{text[at : kept.end()]}", kept.end()
        elif box := _BOX.match(text, at):
            at = box.end()
        elif passed < MOST_QUARTERS and (quarter := _QUARTER.match(text, at)):
            at, passed = quarter.end(), passed + 1
        else:
            return None
    return None


def _coded(text: str, at: int, street: str, form: Form) -> _Place | None:
    """A town with its postal code before or after it."""
    found = _CODED.match(text, at)
    if found is None and form.language in ("es", "it", "pt"):
        found = _CODE_LAST.match(text, at)
        if found and not _is_code_last(found):
            return None
    if found is None or (not form.language and not _is_alone(text, found)):
        return None
    code = found["code"].strip("()")
    groups = found.groupdict()
    land = groups.get("land") or ""
    place = _with_more(text, found.end(), found["city"], form, groups.get("state") or "")
    told = place.country or PREFIXES.get(land, land)
    country = told or land_of(form.language, found["code"], street, place.city)
    if re.fullmatch(r"\d{4}[A-Z]{2}", code):
        code = f"{code[:4]} {code[4:]}"
    if found.re is _CODE_LAST:
        place = place._replace(city=found["city"].strip(" ,."), end=found.end())
    return place._replace(code=code, country=country)


def _is_code_last(found: re.Match[str]) -> bool:
    """Whether a code behind a town is one: of five digits, behind the town itself or its province.
    In the United States Spanish names streets too: "Avenida Roe 5, San Clemente, CA 92672"."""
    if found["code"].isdigit() and len(found["code"]) == 4:
        return False
    return not found["state"] or bool(countries_of_province(found["state"]))


def _before(text: str, street: re.Match[str], form: Form) -> _Place | None:
    """A town with its postal code before the street, on its line ("20121 Milano, Via Roma 7")."""
    if form.language not in ("de", "it", "fr"):
        return None
    start = max(0, text.rfind("\n", 0, street.start()), street.start() - 60)
    found = _CODE_FIRST.search(text, start, street.start())
    if found is None or not re.match(r"[ \t]{0,3}(?:$|[\n.,;|(·])", text[street.end() :][:4]):
        return None
    country = land_of(form.language, found["code"], street[0], found["city"])
    return _Place(found["city"], "", found["code"], country, found.start())


def _is_alone(text: str, found: re.Match[str]) -> bool:
    """Whether a name with a number and a town behind it can be an address: on a page in German, and
    where the town ends its line (with four digits, only in the Alps)."""
    code, after = found["code"], text[found.end() : found.end() + 2]
    if not code.isdigit() or _ENGLISH.search(found["city"]) or re.match(r"[ \t]?[\w&'’]", after):
        return False
    if found["land"]:
        return True
    return bool((_GERMAN_PAGE if len(code) == 5 else _ALPINE).search(text))


def _uncoded(text: str, at: int, street: str, form: Form, passed: bool) -> _Place | None:
    """A town without postal code: with its province or country, or at the end of its line."""
    found = None if form.near == "code" else _BARE.match(text, at)
    named = any(word[0].isupper() for word in street.split()[1:])
    if found is None or not (named or form.language in ("co", "ar")) or country_code(found["city"]):
        return None
    place = _with_more(text, found.end(), found["city"], form, "")
    if place.state or place.country:
        country = place.country or ("CO" if form.language == "co" else "")
        return place._replace(country=country)
    if form.language == "ar" or passed:
        return None
    if form.language == "it" and street[0].islower():
        return None
    same_line = "\n" not in text[at : found.start("city")]
    large = form.language == "co" and found["city"].split()[0].lower() in _LARGE_TOWNS
    ends = _LINE_END.match(text, found.end()) and (form.language != "fr" or _STRONG.search(street))
    if large or (same_line and ends):
        return place._replace(country={"co": "CO", "it": "IT"}.get(form.language, ""))
    return None


def _with_more(text: str, at: int, town: str, form: Form, state: str) -> _Place:
    """A town with the province and the country that are printed behind it."""
    city = _CEDEX.sub("", town)
    country, end = "", at
    words = city.split()
    if len(words) > 1 and len(words[-1]) > 3 and words[-2] != "de" and country_code(words[-1]):
        country = country_code(words[-1])
        city = " ".join(words[:-1])
    elif len(words) > 1 and form.language == "it" and re.fullmatch(r"[A-Z]{2}", words[-1]):
        city, state = " ".join(words[:-1]), words[-1]
    for _ in range(2):
        more = None if country else _MORE.match(text, end)
        if more is None:
            break
        inside = (more["inside"] or "").strip()
        name = inside or _known(more["next"])
        code = country_code(name) if len(name) > 2 else ""
        province = _is_province(name, form, in_brackets=bool(inside)) and not state
        if name in CANTONS and form.language in ("de", "fr"):
            country = "CH"
        elif name in _RIVERS:
            city = f"{city} ({name})"
        elif code:
            country = code
        elif province:
            state = name
        elif not inside:
            break
        end = more.end() if inside else more.start("next") + len(name)
    told = countries_of_province(state if len(state) > 2 else city if city in _CAPITALS else "")
    return _Place(city.strip(" ,"), state, "", country or (told[0] if len(told) == 1 else ""), end)


def _is_province(name: str, form: Form, *, in_brackets: bool) -> bool:
    """Whether what stands behind a town is its province: by name, or in brackets as in Spain and
    Italy."""
    italian = form.language == "it" and re.fullmatch(r"[A-Z]{2}", name)
    return bool(countries_of_province(name) or (in_brackets and (italian or form.language == "es")))


def _known(name: str) -> str:
    """The longest beginning of `name` that names a country or a province; ""."""
    words = name.rstrip(" .").split()
    for count in range(len(words), 0, -1):
        begin = " ".join(words[:count])
        if len(begin) > 2 and (country_code(begin) or countries_of_province(begin)):
            return begin
    return ""
