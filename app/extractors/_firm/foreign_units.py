"""Units that a firm says it manages, in Spanish, German, French, Portuguese, Italian and Dutch.

A number counts only right before a noun for dwellings and in one sentence with a word for managing,
said of the firm itself. Thousands may be parted by a dot, a space or an apostrophe.
"""

import re
from collections.abc import Iterator
from typing import Final

MAX_SENTENCES = 40

_MANAGED = re.compile(
    r"\b(?:administr(?:a|amos|ad[oa]s|ando|ación|ação|iamo|ati|ons|és|ées)"
    r"|gesti(?:ona|onamos|onad[oa]s|onando|ón|one|on|ti|te|amo|sce)|gest(?:ão|imos)|geri(?:mos|d[oa]s)"
    r"|a nuestro cargo|g[ée]r(?:ons|és|ées|ées|ant|e)|confi[ée]e?s"
    r"|verwalt(?:en|et|ete|eten|ung|end)|betreu(?:en|t|te|ten|ung)|bewirtschaft(?:en|et|ung)"
    r"|be(?:heren|heert|heer|heerde))\b",
    re.IGNORECASE,
)
DWELLINGS: Final = (
    # Spanish and Portuguese
    r"viviendas|casas|departamentos|apartamentos|pisos|inmuebles|unidades|alojamientos|cabañas|"
    r"imóveis|fra(?:ç|cç)ões|unidades funcionales|"
    # German
    r"(?:ferien|miet|eigentums)?wohnungen|(?:wohn|miet|gewerbe|verwaltungs)?einheiten|"
    r"(?:wohn|miet|gewerbe)- und (?:wohn|miet|gewerbe)einheiten|"
    r"(?:ferien|miet|wohn)?häuser|"
    # French
    r"logements|lots|appartements|maisons|hébergements|villas|gîtes|"
    # Italian and Dutch
    r"appartamenti|immobili|unità(?: immobiliari)?|case|woningen|appartementen|huurwoningen|"
    r"eenheden|appartementsrechten"
)
HOLDINGS: Final = (
    r"propiedades|edificios|immobilien|(?:miet|wohn)?objekte[n]?|immeubles|biens|edifici|stabili|panden|"
    r"propriedades"
)
GROUPS: Final = (
    r"comunidades|fincas|eigentümergemeinschaften|wegs?|copropriétés|condomínios|condomini|consorcios|"
    r"vve['’]?s"
)
_COUNTED = re.compile(
    r"(?<![\w.,/€$-])(?<!\d[ '’])"
    r"(?P<number>\d{1,3}(?:[.\u00a0\u202f '’]\d{3})+|\d{1,5})(?![\d%]|[.,]\d)"
    r"\s?\+?\s(?:(?:de|unités?|private[rn]?|eigene[rn]?|möblierte[rn]?|verschiedene[rn]?) )?"
    rf"(?:(?P<doors>{DWELLINGS})|(?P<properties>{HOLDINGS})|(?P<groups>{GROUPS}))\b",
    re.IGNORECASE,
)
_NOT_UNITS = re.compile(
    r"\b(?:vend(?:id[oa]s|us|ues|uti)|venta|vente|verkauf\w*|verkocht\w*|disponib\w+|verfügbar\w*|"
    r"frei(?:e[rn]?)?|beschikba\w+|vermittel\w*|construi\w+|gebaut\w*|alquilad[oa]s|"
    r"(?:nuestros|sus|los) clientes|unsere[rn]? (?:mandanten|kunden)|nos clients|software|programa|"
    r"hasta|bis zu|jusqu['’]à|mindestens|ab|si (?:usted )?tiene|wenn sie|si vous|durchschnitt\w*|"
    r"promedio|moyenne)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?<!\d)(?<!\bca)[.!?](?=\s)|(?<=\d)[.!?](?=\s+[A-ZÁÉÍÓÚÄÖÜÀÈÇ])|\n")


def counts(text: str) -> Iterator[tuple[int, str, re.Match[str]]]:
    """(number, the sentence, the match with its groups doors, properties, groups)."""
    seen: set[int] = set()
    for verb in list(_MANAGED.finditer(text))[: 5 * MAX_SENTENCES]:
        begin, end = _sentence(text, verb.start(), verb.end())
        if begin in seen or len(seen) >= MAX_SENTENCES:
            continue
        seen.add(begin)
        sentence = text[begin:end]
        if sentence.rstrip().endswith("?") or _NOT_UNITS.search(sentence):
            continue
        for match in _COUNTED.finditer(sentence):
            digits = re.sub(r"\D", "", match["number"])
            if not _is_year(match["number"]):
                yield int(digits), sentence, match


def _is_year(written: str) -> bool:
    return len(written) == 4 and written.startswith(("19", "20"))


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around [start, end) begins and ends, at most 200 characters off."""
    low = max(0, start - 200)
    begin = max((mark.end() for mark in _ENDS.finditer(text, low, start)), default=low)
    stop = _ENDS.search(text, end, end + 200)
    return begin, stop.end() if stop else min(len(text), end + 200)
