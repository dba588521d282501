"""The country gate: people of some countries are not given out unless the run allows it by name.

Listed are countries where, to the best of our knowledge, the law asks for consent before a first
commercial message and does not take a published business address for it, or bars lists gathered
from the web. The table is a caution, neither complete nor legal advice; what applies is
for the sender to judge.

A company's country is the first of these that is known: its address (country, else a US state or
Canadian province), its phone number's country code, a listed country's top-level domain, what the
criteria ask for. All of its people are taken to be there.
"""

from collections.abc import Collection
from types import MappingProxyType
from typing import Final

import phonenumbers

from app.records.company import Company
from app.records.criteria import country_code, state_country

LAWS: Final = MappingProxyType(
    {
        "AT": "Telekommunikationsgesetz 2021, s. 174",
        "AU": "Spam Act 2003, part 3 (harvested lists)",
        "BE": "Code of Economic Law, art. XII.13",
        "CH": "Federal Act against Unfair Competition, art. 3(1)(o)",
        "CN": "Measures for Internet E-mail Services 2006, art. 13",
        "CZ": "Act 480/2004, s. 7",
        "DE": "Gesetz gegen den unlauteren Wettbewerb, s. 7",
        "DK": "Marketing Practices Act, s. 10",
        "ES": "Law 34/2002 (LSSI), art. 21",
        "GR": "Law 3471/2006, art. 11",
        "IT": "Privacy Code, art. 130",
        "KR": "Network Act, art. 50",
        "NL": "Telecommunications Act, art. 11.7",
        "NO": "Marketing Control Act, s. 15",
        "PL": "Electronic Communications Law 2024, art. 398",
        "RO": "Law 506/2004, art. 12",
        "SK": "Electronic Communications Act 452/2021, s. 116",
    }
)


def withheld(company: Company, asked_country: str, allowed: Collection[str]) -> str:
    """Why the people of `company` are not given out, for a person; "" when they may be.

    `asked_country`: of the criteria. `allowed`: countries that the run names.
    """
    country, how = country_of(company, asked_country)
    return "" if country not in LAWS or country in allowed else message(country, how)


def message(country: str, how: str) -> str:
    """Why the people of a listed country are withheld, and what to do."""
    return (
        f"people in {country} ({how}) are withheld unless --allow-country {country} is given:"
        f" {LAWS[country]} asks for prior consent"
    )


def country_of(company: Company, asked_country: str) -> tuple[str, str]:
    """The code of a company's country and by what it is known; two empty texts when it is not."""
    address = country_code(company.country) or state_country(company.state)
    if address:
        return address, "by its address"
    if dialled := _dialled(company.phone):
        return dialled, "by its phone number"
    ending = company.domain.rpartition(".")[2].upper()
    if ending in LAWS:
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
