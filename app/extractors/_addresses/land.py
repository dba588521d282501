"""Which country an address is in that does not print it."""

import re
from typing import Final

from app.records._places import folded

PREFIXES: Final = {
    "A": "AT", "B": "BE", "D": "DE", "E": "ES", "F": "FR", "I": "IT", "L": "LU", "P": "PT",
}  # fmt: skip
CANTONS: Final = frozenset(
    "AG AI AR BE BL BS FR GE GL GR JU LU NE NW OW SG SH SO SZ TG TI UR VD VS ZG ZH".split()
)
_OVERSEAS: Final = {"971": "GP", "972": "MQ", "973": "GF", "974": "RE", "976": "YT"}
_TOWNS: Final = {
    town: country
    for country, towns in (
        ("AT", "wien graz linz salzburg innsbruck klagenfurt villach wels dornbirn bregenz"),
        ("BE", "bruxelles brussel antwerpen gent brugge leuven liege namur charleroi mechelen"),
        ("CH", "zurich geneve basel bern lausanne winterthur luzern lugano fribourg neuchatel zug"),
    )
    for town in towns.split()
}
_MEXICAN = re.compile(r"\bcol(?:\.|onia)\s", re.IGNORECASE)


def land_of(language: str, code: str, street: str, town: str) -> str:
    """The country that the form of an address tells; "" for four digits that Austria, Belgium and
    Switzerland share, unless the town is a large one of theirs or its street is spelt their way.
    Four digits in brackets are Argentina's."""
    if code.startswith("("):
        return "AR" if language in ("es", "ar") else ""
    if not code.isdigit():
        return "NL" if code[-1].isalpha() and code[0].isdigit() else "PT" if "-" in code else "AR"
    if len(code) == 4 and code[0] == "0":
        return ""
    if len(code) == 4:
        return _of_four(language, street, town)
    if language == "es":
        return "MX" if _MEXICAN.search(street) or int(code) >= 53000 else "ES"
    if language == "fr":
        return _OVERSEAS.get(code[:3], "FR")
    return {"de": "DE", "it": "IT", "": "DE"}.get(language, "")


def _of_four(language: str, street: str, town: str) -> str:
    if known := _TOWNS.get(folded(town).partition(" ")[0]):
        return known
    if language == "nl-be" or " bte" in street:
        return "BE"
    if language == "de":
        return "AT" if "ß" in street else "CH" if "strasse" in street.lower() else ""
    return "AR" if language == "ar" else ""
