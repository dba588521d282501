"""Wikidata: companies with a website, asked over HTTP in SPARQL.

    --source wikidata                       --source wikidata:https://sparql.example/query

- Without an address the public service is asked, one query at a time, with an identifying agent.
- Which category means which classes and industries: app/sources/_sparql.py. Without a category
  every company counts; name a place then, or the service runs out of time.
- Read: name (English, else the official one), website, phone, and of the headquarters location:
  city, state (its ISO 3166-2 code in the US and Canada, else its English name), country. Of several
  websites or seats the first that fits the criteria counts, in the order of the alphabet.
- Asked for a state or city, the headquarters must be stated; for a country, the country suffices.
- Confidence of the evidence: 0.7.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.pipeline.icp import Known, mismatch
from app.pipeline.outcomes import Found
from app.records.company import Company
from app.records.criteria import Criteria, country_code, state_code, state_country
from app.sources import Batch
from app.sources._found import cell, found, shortened
from app.sources._network import Client, Network, Service
from app.sources._paths import absolute
from app.sources._sparql import query
from app.sources._website import website_of

ENDPOINT = "https://query.wikidata.org/sparql"
CONFIDENCE = 0.7
_NAME = "wikidata"
_PAGE = 50
_MOST = 500
_LISTED = Known(researched=False)
_ENTITY = "/entity/Q"

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wikidata:
    """A SPARQL service at `endpoint`."""

    endpoint: str
    network: Network

    async def check(self, criteria: Criteria) -> None:
        """See that the address may be asked; asks nobody. Raises InputError."""
        self.network.check(self._service())

    async def batch(self, criteria: Criteria, offset: int, size: int, now: datetime) -> Batch:
        """Companies with an item number of `offset` or more. Raises RequestError."""
        matching: list[Found] = []
        async with self.network.client(self._service()) as client:
            while True:
                limit = min(max(size - len(matching) + 1, _PAGE), _MOST)
                asked = {"query": query(criteria, offset, limit), "format": "json"}
                items = _items(await client.get_json(asked), client)
                for number in sorted(items):
                    if number < offset:
                        continue
                    if len(matching) >= size:
                        return Batch(tuple(matching), offset, exhausted=False)
                    matching += _found(number, items[number], criteria, now)
                    offset = number + 1
                if len(items) < limit:
                    return Batch(tuple(matching), offset, exhausted=True)

    def _service(self) -> Service:
        return Service(self.endpoint, spacing=1.0, seconds=75.0)


def _items(answer: Any, client: Client) -> dict[int, list[Row]]:
    """Item number -> its rows, sorted. Raises BadResponse for what is no SPARQL result.

    A row without trade is no match: some services give such rows where nothing matches.
    """
    results = answer.get("results") if isinstance(answer, dict) else None
    bindings = results.get("bindings") if isinstance(results, dict) else None
    if not isinstance(bindings, list):
        raise client.bad("no_bindings", "the answer is no SPARQL result")
    items: dict[int, list[Row]] = {}
    for binding in bindings:
        row = _row(binding)
        digits = row.get("item", "").rpartition(_ENTITY)[2]
        if not (digits.isascii() and digits.isdigit() and len(digits) < 18):
            raise client.bad("no_bindings", "the answer has a row without an item")
        if row.get("trade"):
            items.setdefault(int(digits), []).append(row)
    return {number: sorted(rows, key=_order) for number, rows in items.items()}


def _row(binding: Any) -> Row:
    if not isinstance(binding, dict):
        return {}
    values = {
        name: bound.get("value") for name, bound in binding.items() if isinstance(bound, dict)
    }
    return {name: value for name, value in values.items() if isinstance(value, str)}


def _order(row: Row) -> tuple[str, ...]:
    """The same first row, however the service orders them; rows that say more come first."""
    parts = ("website", "called", "city", "code", "country", "home", "phone", "state", "name")
    return tuple(row.get(part) or "\U0010ffff" for part in parts)


def _found(number: int, rows: list[Row], criteria: Criteria, now: datetime) -> list[Found]:
    """The item as a company by its first row that fits; nothing where none does."""
    for row in rows:
        company = _company(number, row, criteria)
        if company.name and company.website and not mismatch(company, criteria, _LISTED):
            said = [row.get(part, "") for part in ("name", "trade", "city", "state", "website")]
            quote = shortened([f"Q{number}", *said, company.country])
            return [found(company, quote, CONFIDENCE, now)]
    return []


def _company(number: int, row: Row, criteria: Criteria) -> Company:
    website, domain = website_of(row.get("website", ""))
    country = country_code(row.get("country", "")) or country_code(row.get("home", ""))
    company = Company(
        cell(row.get("name", "")) or domain,
        domain=domain,
        website=website,
        phone=cell(row.get("phone", "")),
        category=criteria.category,
        discovery_source=_NAME,
        source_ref=f"{_NAME}:Q{number}",
    )
    code = row.get("code", "").partition("-")
    state = code[2] if state_country(code[2]) == code[0] != "" else row.get("state", "")
    city = row.get("called") or row.get("city", "")
    return replace(
        company,
        city=cell(city),
        state=state_code(cell(state), country),
        country=country,
    )


class WikidataKind:
    """Opens SPARQL services by address; the public one without."""

    licence = "Wikidata, CC0 1.0"
    needs_path = False

    def open(
        self, path: str, column_map: Mapping[str, str], network: Network | None = None
    ) -> Wikidata:
        """A service; it names its columns itself, so `column_map` does not concern it."""
        return Wikidata(path or ENDPOINT, network or Network())

    def absolute(self, path: str) -> str:
        """The address as it is."""
        return absolute(path)


SOURCE = WikidataKind()
