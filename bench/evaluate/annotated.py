"""Annotated pages: names, numbers and addresses marked in a page's text. One page is one site."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from app.records.criteria import state_code, state_country
from bench.evaluate.compare import phone_digits
from bench.evaluate.labels import Person, Truth

MOST_NUMBERS = 10
LEAST_DIGITS = 10

_PLACE: Final = {"street": "STREET", "city": "CITY", "state": "STATE", "postcode": "ZIPCODE"}
_JUDGED: Final = frozenset(("phone", "people", "title"))


def truth_of_page(page: Mapping[str, Any], folder: Path) -> Truth:
    """The annotations of one page. Raises KeyError where a required key is missing."""
    found: dict[str, list[str]] = {}
    for one in page["entities"]:
        found.setdefault(one["type"], []).append(one["text"])
    numbers = _numbers(found.get("TEL", []))
    wanted = numbers if len(numbers) <= MOST_NUMBERS else ()
    return Truth(
        site=page["page"],
        website=page["base"],
        judged=_JUDGED,
        single=_single(found),
        phones=wanted,
        phones_ok=tuple(found.get("TEL", [])),
        fax=tuple(found.get("FAX", [])),
        people=tuple(_people(page["person_titles"])),
        people_ok=tuple(found.get("PER", [])),
        people_complete=True,
        page=folder / page["page"],
    )


def _single(found: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    single = {}
    if "ORG" in found:
        single["company_name"] = tuple(dict.fromkeys(found["ORG"]))
    if "STREET" in found:
        for field, kind in _PLACE.items():
            if values := tuple(one for one in found.get(kind, []) if _is_judged(field, one)):
                single[field] = tuple(dict.fromkeys(values))
    return single


def _is_judged(field: str, value: str) -> bool:
    """Counties and provinces elsewhere are no states."""
    return field != "state" or bool(state_country(state_code(value)))


def _numbers(printed: Iterable[str]) -> tuple[str, ...]:
    """Each number once; those that are parts of numbers are left out."""
    by_digits = {phone_digits(one)[-9:]: one for one in printed if _is_whole(one)}
    return tuple(by_digits.values())


def _is_whole(number: str) -> bool:
    return len(phone_digits(number)) >= LEAST_DIGITS


def _people(pairs: Iterable[tuple[str, str]]) -> Iterable[Person]:
    """The first title of each full name."""
    titles: dict[str, str] = {}
    for name, title in pairs:
        if len(name.split()) > 1 and "." not in name.split()[0]:
            titles.setdefault(name, title)
    return (Person(name, title) for name, title in titles.items())
