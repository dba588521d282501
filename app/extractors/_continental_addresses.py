"""Postal addresses in text as continental Europe and Quebec write them.

"Hafenstraße 12, 24103 Kiel"; "12 rue de la Paix, 75002 Paris"; "Calle Mayor 12, 28013 Madrid";
"88, rue Wellington Nord, Sherbrooke (Québec) J1H 5B8". A word for a street must stand there, and a
postal code: a town alone is no address. The country follows from the language of that word, or from
a country that is printed behind the town.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from app.extractors._postal import Address
from app.records._places import country_code

MOST: Final = 40
BEFORE, BEHIND = 160, 80

_UPPER = r"A-ZÀ-ÖØ-Þ"
_NAME = rf"[{_UPPER}][\w'’.\-]{{0,30}}"
_JOIN = r"(?:[ \t]*[,·•|][ \t]*|[ \t]*\n[ \t]*|[ \t]+[-–][ \t]+)"
_NUMBER = r"\d{1,4}(?:[ \t]?[a-zA-Z]\b)?(?:[ \t]?[-–/][ \t]?\d{1,4}[a-zA-Z]?)?"
_CITY = (
    rf"(?P<city>{_NAME}(?:[ \t](?:{_NAME}|an|am|im|bei|der|de|la|le|del|sur|sous|lès|en)){{0,3}})"
)
_LAND = rf"(?:{_JOIN}(?P<land>{_NAME}(?:[ \t]{_NAME})?))?"
_BEFORE = r"(?<![\w.,-])"


class _Form(NamedTuple):
    country: str
    pattern: re.Pattern[str]


def _form(country: str, street: str, code: str) -> _Form:
    town = rf"(?:[A-Z]{{1,2}}-)?(?P<code>{code})[ \t]+{_CITY}{_LAND}"
    return _Form(country, re.compile(rf"{_BEFORE}(?P<street>{street}){_JOIN}{town}"))


_GERMAN = (
    rf"(?:{_NAME}[ \t])?(?:{_NAME}[ \t])?(?:{_NAME})?"
    r"(?:[Ss]tra(?:ß|ss)e|[Ss]tr\.|[Ww]eg|[Pp]latz|[Aa]llee|[Gg]asse|[Rr]ing|[Dd]amm|[Uu]fer|[Cc]haussee|"
    rf"[Mm]arkt|[Hh]of|[Ss]teig|[Pp]fad|[Gg]raben|[Bb]rücke|[Bb]erg)[ \t]+{_NUMBER}"
    rf"|(?:A[nm]|Auf|I[nm]|Unter|Zu[rm])(?:[ \t]de[rnm])?(?:[ \t]{_NAME}){{1,2}}[ \t]+{_NUMBER}"
)
_FRENCH_WORD = (
    r"(?:rue|avenue|av\.|boulevard|boul\.|bd\.?|place|pl\.|chemin|ch\.|allée|impasse|quai|cours|route|rte|"
    r"square|passage|côte|montée)"
)
_FRENCH = rf"{_NUMBER}(?:[ \t](?:bis|ter))?,?[ \t](?i:{_FRENCH_WORD})[ \t][^\n,|•·()\d]{{2,40}}?"
_BELGIAN = rf"(?i:{_FRENCH_WORD})[ \t][^\n,|•·()\d]{{2,40}}?,?[ \t]{_NUMBER}"
_SPANISH = (
    r"(?:C/|(?i:calle|avenida|avda\.?|av\.|plaza|paseo|carrer|ronda|camino|travesía))"
    r"[ \t]?[^\n,|•·()\d]{2,40}?,?"
    rf"[ \t](?:n\.?º[ \t]?)?{_NUMBER}(?:,[ \t]?\d{{1,2}}[.ºª][^\n,]{{0,12}})?"
    r"(?:,[ \t](?i:col\.|colonia)[ \t][^\n,]{2,30})?"
)
_ITALIAN = rf"(?i:via|viale|piazza|corso|largo)[ \t][^\n,|•·()\d]{{2,40}}?,?[ \t]{_NUMBER}"
_DUTCH = rf"{_NAME}(?:[ \t]{_NAME}){{0,2}}[ \t]{_NUMBER}"
_PORTUGUESE = (
    r"(?i:rua|avenida|av\.|praça|largo|travessa|estrada|alameda)[ \t][^\n,|•·()\d]{2,40}?,?"
    rf"[ \t\n](?i:n\.?º[ \t]?)?{_NUMBER}(?:,?[ \t]\d{{1,2}}\.?º[^\n,]{{0,12}})?"
)
_FORMS: Final = (
    _form("DE", _GERMAN, r"\d{4,5}"),
    _form("FR", _FRENCH, r"\d{5}"),
    _form("BE", _BELGIAN, r"\d{4}"),
    _form("ES", _SPANISH, r"\d{5}"),
    _form("IT", _ITALIAN, r"\d{5}"),
    _form("NL", _DUTCH, r"\d{4}[ \t]?[A-Z]{2}"),
    _form("PT", _PORTUGUESE, r"\d{4}-\d{3}"),
)
_BRAZILIAN = re.compile(
    r"(?<![\w.,-])(?P<street>(?i:rua|avenida|av\.|alameda|praça|travessa|rodovia)"
    r"[ \t][^\n,|]{2,40},[ \t]?(?:n\.?º[ \t]?)?\d{1,5})[^\n]{0,60}?[,–-][ \t]*"
    rf"(?P<city>{_NAME}(?:[ \t](?:{_NAME}|d[aeo]s?)){{0,3}})[ \t]?[-–/,][ \t]?(?P<state>[A-Z]{{2}})"
    r"[,\s–-]*(?i:CEP:?)?[ \t]*(?P<code>\d{5}-\d{3})"
)
_OVERSEAS: Final = {"971": "GP", "972": "MQ", "973": "GF", "974": "RE", "976": "YT"}
_NUMERO = re.compile(r"[Nn](?:[°º]|ro\.?|o\.)[ \t]?\d|#[ \t]?\d")
_LATIN = re.compile(
    r"(?<![\w.,-])(?P<street>"
    r"(?i:prolongación|prol\.|jirón|jr\.|avenida|av\.|calle|pasaje|carrera|cra\.?)"
    rf"[ \t]{_NAME}(?:[ \t](?:{_NAME}|de|del|la|los|las)){{0,4}},?[ \t]?"
    r"(?:[Nn][°º]|[Nn]ro\.?|No\.|#)[ \t]?\d{1,5})"
    rf"[ \t]?[-–,][ \t]?(?P<city>{_NAME}(?:[ \t]{_NAME}){{0,2}})[ \t.]*$",
    re.MULTILINE,
)
_COLOMBIAN = re.compile(
    r"(?<![\w.,-])(?P<street>"
    r"(?i:calle|carrera|cra\.?|cl\.?|avenida|av\.?|diagonal|transversal)[ \t]"
    r"\d{1,3}[ \t]?\w?[ \t]?#[ \t]?\d{1,3}\w?[ \t]?[-–][ \t]?\d{1,3})"
    r"(?:,? (?i:piso|of(?:f?icina)?\.?|local|apto\.?|torre|edificio)\b[^,\n]{1,30})*,[ \t]"
    rf"(?P<city>{_NAME}(?:[ \t]{_NAME})?)(?=[,.\n]|$)"
)
_CODE = re.compile(rf"\b\d{{4,5}}(?:-\d{{3}})?[ \t]+[{_UPPER}]|\b\d{{5}}-\d{{3}}\b|\b[GHJ]\d[A-Z]")
_QUEBEC = re.compile(
    rf"{_BEFORE}(?P<street>{_FRENCH}(?:,[ \t]?(?i:bureau|suite|local)[ \t]?[\w-]{{1,6}})?){_JOIN}"
    rf"(?P<city>{_NAME}(?:[ \t-]{_NAME}){{0,3}}),?[ \t]*\(?(?:Qu[ée]bec|QC|Qc|P\.?Q\.?)\)?,?"
    r"[ \t\n]*(?P<code>[GHJ]\d[A-Z][ \t]?\d[A-Z]\d)\b"
)


def find_continental(text: str) -> Iterator[Address]:
    """The addresses in a page's text, in no order, at most MOST of each form."""
    if _NUMERO.search(text):
        for pattern in (_LATIN, _COLOMBIAN):
            for match in islice(pattern.finditer(text), MOST):
                yield _address(match, "", "", "")
    near = _windows(text)
    for form in _FORMS:
        for match in _matches(form.pattern, text, near):
            printed = country_code(match["land"]) if match["land"] else ""
            spoken = _spoken(form.country, match["code"], match["street"])
            yield _address(match, printed or spoken, "", match["code"])
    for match in _matches(_BRAZILIAN, text, near):
        yield _address(match, "BR", match["state"], match["code"])
    for match in _matches(_QUEBEC, text, near):
        plain = match["code"].replace(" ", "")
        yield _address(match, "CA", "QC", f"{plain[:3]} {plain[3:]}")


def _windows(text: str) -> list[tuple[int, int]]:
    """Where addresses may stand: around what may be a postal code."""
    found: list[tuple[int, int]] = []
    for code in islice(_CODE.finditer(text), 4 * MOST):
        start, end = max(0, code.start() - BEFORE), code.end() + BEHIND
        if found and start <= found[-1][1]:
            start = found.pop()[0]
        found.append((start, end))
    return found


def _matches(
    pattern: re.Pattern[str], text: str, near: list[tuple[int, int]]
) -> Iterator[re.Match[str]]:
    every = (match for start, end in near for match in pattern.finditer(text, start, end))
    return islice(every, MOST)


def _spoken(country: str, code: str, street: str) -> str:
    """The country that the form of an address tells; "" for four digits, which Austria, Belgium and
    Switzerland share."""
    if code.isdigit() and len(code) == 4:
        return ""
    if country == "ES" and re.search(r"\bcol(?:\.|onia)\s", street, re.IGNORECASE):
        return "MX"
    return _OVERSEAS.get(code[:3], country) if country == "FR" else country


def _address(match: re.Match[str], country: str, state: str, code: str) -> Address:
    street = " ".join(match["street"].split()).strip(" ,")
    city = re.sub(r"[ \t]+cedex.*", "", match["city"], flags=re.IGNORECASE)
    city = " ".join(city.split()).strip(" ,")
    return Address(street, city, state, code, country, " ".join(match[0].split()), match.start())
