"""The country gate: people of some countries are not given out unless the run allows it by name.

Withheld are people of countries whose law asks for consent before a first commercial e-mail to a
person at work and does not take a published business address for it, or bars lists gathered from
the web. Where the law protects consumers alone, leaves firms an opt-out, or takes a published
business address for consent, nobody is withheld: `open_laws` says of which countries that is known.

The table (app/pipeline/lexicons/country_laws.toml) names for each country the law with its article
and a page that says what it asks. It is a caution, neither complete nor legal advice; what applies
is for the sender to judge.

A company's country is the first of these that is known: its address (country, else a US state or
Canadian province), its phone number's country code, a listed country's top-level domain, what the
criteria ask for. All of its people are taken to be there.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import phonenumbers

from app.records.company import Company
from app.records.criteria import country_code, state_country

_FILE = Path(__file__).parent / "lexicons" / "country_laws.toml"


@dataclass(frozen=True, slots=True)
class Law:
    """What the law of a country says of e-mail to people at work. `asks` goes on after its name;
    `source`: a page that says so."""

    name: str
    asks: str
    source: str


def laws() -> Mapping[str, Law]:
    """The countries whose people are withheld, by code."""
    return _table("withheld")


def open_laws() -> Mapping[str, Law]:
    """Countries that were looked up, and whose people are not withheld."""
    return _table("open")


@cache
def _table(part: str) -> Mapping[str, Law]:
    with _FILE.open("rb") as file:
        rows = tomllib.load(file)[part]
    return {code: Law(row["law"], row["asks"], row["source"]) for code, row in rows.items()}


def withheld(company: Company, asked_country: str, allowed: Collection[str]) -> str:
    """Why the people of `company` are not given out, for a person; "" when they may be.

    `asked_country`: of the criteria. `allowed`: countries that the run names.
    """
    country, how = country_of(company, asked_country)
    return "" if country not in laws() or country in allowed else message(country, how)


def message(country: str, how: str) -> str:
    """Why the people of a listed country are withheld, and what to do."""
    law = laws()[country]
    return (
        f"people in {country} ({how}) are withheld unless --allow-country {country} is given:"
        f" {law.name} {law.asks}"
    )


def country_of(company: Company, asked_country: str) -> tuple[str, str]:
    """The code of a company's country and by what it is known; two empty texts when it is not."""
    address = country_code(company.country) or state_country(company.state)
    if address:
        return address, "by its address"
    if dialled := _dialled(company.phone):
        return dialled, "by its phone number"
    ending = company.domain.rpartition(".")[2].upper()
    if ending in laws():
        return ending, "by its domain"
    return (asked_country, "by the criteria") if asked_country else ("", "")


def _dialled(phone: str) -> str:
    if not phone.startswith("+"):
        return ""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return ""
    region = str(phonenumbers.region_code_for_country_code(number.country_code or 0))
    return "" if region == "ZZ" else region
