"""How streets are written on the continent of Europe and in Latin America, by language.

A word for a street tells one ("Hafenstraße 12", "12, rue de la Paix", "Av. Roe 450"), or else a
name and a number alone ("Geilheim 200a"), which is a street only where a town with its postal code
or its province follows.
"""

import re
from typing import Final, Literal, NamedTuple

UPPER: Final = r"A-ZÀ-ÖØ-Þ"
NAME: Final = rf"[{UPPER}][\w'’.\-]{{0,30}}"
_BEFORE = r"(?<![\w.\-])"
_GLUED = rf"(?<=[a-zéóñ])(?=[{UPPER}])"
_UNGLUED = rf"(?![^\s]{{0,20}}[a-zéóñ](?=[{UPPER}][a-z.]))"
NUMBER: Final = (
    r"(?:(?:[Nn]\.?[º°o]\.?|[Nn]\.|[Nn](?:úm|um|ro)\.?|#)[ \t]?)?"
    r"\d{1,5}(?!\d)(?:[ \t]?[a-zA-Z](?![\w.'’]))?"
    r"(?:(?:[-–/]\d{1,4}|[ \t][-–/][ \t]\d{1,3}|/)[a-zA-Z]?(?![\w.]))*(?:[ \t]?(?i:bis|ter"
    r"|quater)\b)?"
)
_NONE = r"(?i:s/n|s\.n\.?c?\.?|snc|sin número|s/nº)(?!\w)"
_ANY_NUMBER = rf"(?:{NUMBER}|{_NONE}|(?i:km)\.?[ \t]?\d{{1,3}}(?:[.,]\d{{1,3}})?)"
_WORDS = r"(?:\d{1,2}[ \t](?:de[ \t])?(?=[^\W\d_]))?[^\n,;|•·()\d]{2,45}?"
_MONTHS = (
    r"(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
)


def _by_initial(words: str) -> str:
    """A pattern of words in any case. Told apart by their first letters, which case would not
    allow, most places in a text are passed at once."""
    groups: dict[str, list[str]] = {}
    for word in dict.fromkeys(words.split("|")):
        groups.setdefault(word[0], []).append(word[1:])
    return "|".join(
        f"[{initial.upper()}{initial}](?i:{'|'.join(rests)})" for initial, rests in groups.items()
    ).join(("(?:", ")"))


class Form(NamedTuple):
    """A language ("" = any), its pattern of a street, and beside what such a street is looked for:
    a word for a street, a postal code, the name of a province."""

    language: str
    pattern: re.Pattern[str]
    near: Literal["word", "code", "province"]


_GERMAN = (
    rf"(?:(?:{NAME}[ \t]){{0,3}}(?:{NAME})?"
    r"(?:[Ss]tra(?:ß|ss)e|[Ss]tr\.|(?<=[a-zäöü])str|[Ww]eg|[Pp]latz|[Aa]llee|[Gg]asse|[Rr]ing|"
    r"[Dd]amm|[Uu]fer|"
    r"[Cc]haussee|[Mm]arkt|[Hh]of|[Ss]teig|[Pp]fad|[Gg]raben|[Bb]rücke|[Bb]erg|[Tt]or|[Ww]all)"
    rf"|(?:A[nm]|Auf|I[nm]|Unter|Zu[rm]|Hinter|Vor)(?:[ \t]de[rnm])?(?:[ \t]{NAME}){{1,2}}"
    r"|(?:Straße|Strasse|Platz|Allee)[ \t](?:de[rsn]|am|zum)[ \t](?:\d{1,2}\.[ \t])?"
    rf"{NAME})[ \t]{{1,3}}{NUMBER}|Postfach[ \t]\d{{1,3}}(?:[ \t]\d{{2,3}}){{0,3}}"
)
_DUTCH_WORD = (
    r"(?:straat|laan|steenweg|weg|plein|dreef|lei|kaai|baan|markt|gracht|kade|singel|dijk|hof"
    r"|pad|park)"
)
_FLEMISH = (
    rf"(?:(?:{NAME}[ \t]){{0,2}}(?:{NAME})?(?<=\w){_DUTCH_WORD}|Steenweg[ \t](?:op|naar)[ \t]{NAME}"
    rf"|{NAME}[ \t](?:Steenweg|Baan|Laan))[ \t]{{1,3}}{NUMBER}"
)
_DUTCH = (
    rf"(?:\d{{1,2}}e[ \t])?{NAME}(?:[ \t](?:{NAME}|van|de|den|der|het|'t|op|aan)){{0,4}}"
    rf"(?<=[a-z])[ \t](?=\d{{1,4}}(?!\d)){NUMBER}(?=[^\d]{{0,30}}?\d{{4}}[ \t]?[A-Z]{{2}}\b)"
)
_NO_STREET = (
    r"(?!(?i:tel\w*|tél\w*|fax|handy|mobil\w*|zimmer|raum|etage|konto|kto|nr|hr[ab]|vr|seit|team"
    r"|seite|"
    r"cuenta|of|oficina|piso|local|dpto|apto|equipo|desde|matrícula|tomo|folio|expediente"
    r"|registro|años?|since|over|más|página)\b)"
)
_ALONE = (
    rf"(?:(?<=\n)|(?<=[|·•,:][ \t])|\A){_NO_STREET}{NAME}(?:[ \t](?!HR[AB]|VR\b){NAME}){{0,2}}"
    rf"[ \t]\d{{1,3}}"
    r"[ \t]?[a-h]?(?![\w.])(?=[ \t]{0,3}[\n,|·•])"
)
_ALONE_IN_PROVINCE = (
    rf"(?:(?<=\n)|(?<=[|·•,:][ \t])|\A){_NO_STREET}{NAME}(?:[ \t](?:{NAME}|de|del|la)){{0,3}}"
    rf"[ \t]\d{{1,5}}"
    r"(?![\w-])(?=[ \t]{0,3}(?:[.,(]|\d{1,2}[°º]|(?i:piso|dpto)\b))"
)
_FRENCH_WORDS = (
    r"rue|r\.|avenue|av\.?|ave|boulevard|boul\.|bld|bvd|bd\.?|place|pl\.?|chemin|ch\.|allée"
    r"|all\.|"
    r"impasse|imp\.|quai|cours|route|rte\.?|square|sq\.|passage|côte|montée|faubourg|fbg|sentier|"
    r"esplanade|promenade|rond-point|traverse|venelle|voie|chaussée|drève|quartier|parvis"
    r"|galerie|cité|mail|villa|clos"
)
_FRENCH_WORD = _by_initial(_FRENCH_WORDS)
_FRENCH_NAME = rf"(?:[^\n,;|•·()\d]{{2,45}}?(?:\d{{1,2}}(?:er)?[ \t]{_MONTHS}(?:[ \t]\d{{4}})?)?)"
_FRENCH_END = r"(?=[ \t]{0,3}(?:[\n,;|•·(]|[-–—][ \t]|\d{4,5}\b|BP\b|CS\b|$)|[ \t][A-Z]{1,2}-\d)"
_FRENCH = rf"{NUMBER},?[ \t](?:{_FRENCH_WORD}[ \t]{_FRENCH_NAME}|[Gg]rande[ -][Rr]ue){_FRENCH_END}"
_BELGIAN = rf"{_FRENCH_WORD}[ \t][^\n,;|•·()\d]{{2,45}}?,?[ \t]{NUMBER}"
_WITH_CODE = r"(?=[ \t]{0,3}(?:,|[-–]|\n)[ \t\n]{0,2}\d{5}[ \t])"
_NUMBERLESS = (
    rf"(?i:rue|avenue|boulevard|place|chemin|allée|quai|route|impasse)[ \t]"
    rf"[^\n,;|•·()\d]{{2,45}}?{_WITH_CODE}"
)
_MEXICAN = (
    rf"{NAME}(?:[ \t](?:{NAME}|de|del|la|los|y)){{0,4}},?[ \t]{NUMBER}"
    r"(?=[^\n]{0,30}[,\n][ \t]?(?:Col\.|Colonia|COL\.)[ \t])"
)
_ESTATE = (
    r"(?i:polígono|pol\.|parque)[ \t][^\n,;|]{2,40},[ \t]"
    r"(?i:parcelas?|naves?|c/|calle|manzana)[ \t]?[^\n,;|]{1,20}"
)
_SPANISH_WORDS = (
    r"calle|rúa|praza|bv\.|bvar\.|avenida|av[de]?a?\.|avda?\.?|plaza|pza\.?|plaça"
    r"|paseo|pº\.?|carrer|ronda"
    r"|camino|"
    r"travesía|carretera|ctra\.?|gran vía|rambla|glorieta|urbanización|prolongación|prol\.|jirón"
    r"|jr\.|"
    r"pasaje|pje\.?|carrera|bulevar|calzada|privada|cerrada|diagonal|autovía|polígono|pol\.|parque"
)
_SPANISH_WORD = _by_initial(_SPANISH_WORDS)
_SPANISH = (
    rf"(?:[Cc]/[ \t]?|[Cc]\.[ \t](?![-–—])|{_SPANISH_WORD}[ \t]{{1,2}}){_WORDS}(?:,[ \t]?|[ \t])"
    rf"{_ANY_NUMBER}(?:[ \t](?:Sur|Norte|Nte\.?|Ote\.?|Pte\.?|Oriente|Poniente)\b)?"
    rf"|(?i:gran vía)[ \t](?:{_WORDS}[ \t])?{NUMBER}"
)
_ITALIAN = (
    r"(?i:via|viale|v\.le|piazza|p\.zza|p\.za|piazzale|p\.le|corso|c\.so|largo|vicolo|strada"
    r"|contrada|"
    rf"lungomare|lungotevere|galleria|salita|borgo)[ \t]{_WORDS},?[ \t]{_ANY_NUMBER}"
)
_PORTUGUESE = (
    r"(?i:rua|r\.|avenida|av\.|praça|pç\.?|largo|travessa|estrada|alameda|rotunda|praceta"
    r"|urbanização)[ \t]"
    rf"{_WORDS},?[ \t\n](?i:n\.?º[ \t]?)?{_ANY_NUMBER}"
)
_COLOMBIAN = (
    r"(?i:calle|cll?e?\.?|carrera|cra\.?|kra\.?|cr\.?|kr\.?|avenida|av\.?|diagonal|diag\.?"
    r"|transversal|"
    r"transv\.?)[ \t]?(?:[A-Z][a-zé]+[ \t])?\d{1,3}[ \t]?[A-Z]{0,2}(?:[ \t](?i:bis|sur|norte"
    r"|este))*"
    r"[ \t]?(?:#|N[º°o]\.?|Núm\.)[ \t]?\d{1,3}[ \t]?[A-Z]{0,2}[ \t]?[-–][ \t]?\d{1,3}(?!\d)"
    r"|(?i:calle|avenida|av\.?)[ \t]\d{1,3}[A-Z]?[ \t]?(?:#|No\.?|Núm\.)[ \t]?\d{1,4}[ \t]?[A-Z]?"
    r"[ \t]x[ \t]\d{1,3}[A-Z]?(?:[ \t]y[ \t]\d{1,3}[A-Z]?)?"
)


def _form(language: str, street: str, near: Literal["word", "code", "province"] = "word") -> Form:
    before = rf"(?:{_BEFORE}|{_GLUED})" if near == "word" else rf"{_BEFORE}{_UNGLUED}"
    return Form(language, re.compile(rf"{before}(?:{street})"), near)


FORMS: Final = (
    _form("de", _GERMAN, "code"),
    _form("nl-be", _FLEMISH, "code"),
    _form("nl", _DUTCH, "code"),
    _form("", _ALONE, "code"),
    _form("ar", _ALONE_IN_PROVINCE, "province"),
    _form("co", _COLOMBIAN),
    _form("fr", _FRENCH),
    _form("es", _SPANISH),
    _form("es", _MEXICAN, "code"),
    _form("es", _ESTATE),
    _form("it", _ITALIAN),
    _form("pt", _PORTUGUESE),
    _form("fr", _BELGIAN),
    _form("fr", _NUMBERLESS),
)
_OTHER_WORDS = (
    r"via|viale|v\.le|piazza|p\.zza|p\.za|piazzale|p\.le|corso|c\.so|largo|vicolo|strada|contrada"
    r"|lungomare|lungotevere|galleria|salita|borgo|rua|praça|pç\.?|travessa|estrada|alameda|rotunda"
    r"|praceta|cll?e?\.?|cra\.?|kra\.?|cr\.?|kr\.?|av\.?|diag\.?|transversal|transv\.?"
)
_ANY_WORD = _by_initial(f"{_FRENCH_WORDS}|{_SPANISH_WORDS}|{_OTHER_WORDS}")
HEAD: Final = re.compile(
    rf"(?:(?<!\w)|{_GLUED})(?:[Cc]/|[Gg]rande[ -][Rr]ue|C\.(?=[ \t])|{_ANY_WORD}(?=[ \t\d]))"
)
"""The word that a street begins with, or that follows its number."""
