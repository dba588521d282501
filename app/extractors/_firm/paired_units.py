"""Units said beside what holds them, with no word for managing: "310 strata plans, 5,800 lots",
"112 apartments in nine buildings", "175 condomínios, mais de 3.900 frações".

A firm counts its buildings and what is in them in one breath; the dwellings are the units.
"""

import re
from collections.abc import Iterator
from typing import Final

from app.extractors._firm.foreign_units import DWELLINGS, GROUPS, HOLDINGS

MOST: Final = 20

_NUMBER = (
    r"(?<![\w$€£.,/-])(?<!\d[ '’])(?P<{}>\d{{1,3}}(?:[.,\u00a0\u202f '’]\d{{3}})+|\d{{1,5}})"
    r"(?![\d%]|[.,]\d)\+?"
)
_FEW = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,5}\+?)"
_KIND = r"(?:[\w-]{3,14} ){0,2}?"
_HOLDERS = (
    rf"(?:properties|buildings|blocks|schemes|(?:strata )?plans|estates|developments|complexes|"
    rf"owners corporations|bodies corporate|associations|communities|hoas|stabili|consorcios|"
    rf"häusern|objekten|{HOLDINGS}|{GROUPS})"
)
_DOORS = (
    rf"(?:units|doors|homes|apartments|flats|suites|houses|residences|dwellings|lots|tenancies|"
    rf"leaseholds|{DWELLINGS})"
)
_JOINT = (
    r"(?:,|;| and| with| y| e| und| et| en| con| com| mit| avec| met| containing| totall?ing|"
    r" comprising|,? for a total of|,? soit| \()"
)
_FILLER = r"(?:[^\d\n.;:!?]{0,24}?(?:ca\.)?)"
_INSIDE = (
    r"(?:in|across|over|within|among|spread (?:over|across)|répartis sur|en|em|repartid[ao]s en)"
)
_HELD_FIRST = re.compile(
    rf"{_NUMBER.format('holders')} {_KIND}{_HOLDERS}{_JOINT}{_FILLER} ?"
    rf"{_NUMBER.format('number')} {_KIND}{_DOORS}\b",
    re.IGNORECASE,
)
_DOORS_FIRST = re.compile(
    rf"{_NUMBER.format('number')} {_KIND}{_DOORS} {_INSIDE} (?:(?:over|more than|some|our) )?"
    rf"{_FEW} {_KIND}{_HOLDERS}\b",
    re.IGNORECASE,
)
_ONCE: Final = re.compile(
    r"\b(?:sold|sale|built|build|developed|acquired|leased|clients?|for rent|available|census|city|"
    r"county|vend\w*|verkauf\w*|construi\w*|complet\w+|construct\w+|insur\w*|inspect\w*|paint\w*|clean\w*|roof\w*)\b",
    re.IGNORECASE,
)


def pairs(text: str) -> Iterator[tuple[int, str]]:
    """(units, the words) of each such pair; not those of what was built, sold or is for sale."""
    for pattern in (_HELD_FIRST, _DOORS_FIRST):
        for match in list(pattern.finditer(text))[:MOST]:
            line = text.rfind("\n", 0, match.start()) + 1
            before = text[max(line, match.start() - 60) : match.start()]
            after = text[match.end() : match.end() + 30].partition("\n")[0]
            if not _ONCE.search(f"{before} {match[0]} {after}"):
                yield int(re.sub(r"\D", "", match["number"])), " ".join(match[0].split())
