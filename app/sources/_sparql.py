"""Questions to Wikidata in SPARQL (wikidata.org/wiki/Wikidata:SPARQL_query_service).

What a person typed goes into a query only through `quoted`. Trades are named by the English labels
of Wikidata's own classes and industries, so that the table below can be read: an item counts when
its industry (P452) or its kind (P31, or what that is a kind of, P279) has one of them.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from app.records.criteria import Criteria, category_spellings, state_country

_COMPANIES = "business|company|enterprise|public company|privately held company"
_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "property_management": "property management|property management company",
        "real_estate_brokerage": "real estate agency|real estate broker|real estate agent",
        "real_estate_service": "real estate agency|property management",
        "real_estate": "real estate|real estate industry|real estate company|real estate agency|"
        "real estate developer|real estate investment trust|property management",
        "vacation_rental_management": "vacation rental|holiday cottage|vacation rental company",
        "law_firm": "law firm",
        "dental_clinic": "dental clinic|dental practice|dentistry",
        "accounting_firm": "accounting firm|accounting network|accounting",
        "insurance_agency": "insurance company|insurance agency|insurance broker|insurance",
        "software_company": "software company|software industry|software development|"
        "software as a service",
        "nonprofit": "nonprofit organization|charitable organization|foundation",
        "hotel": "hotel|hotel chain|hotel industry",
        "restaurant": "restaurant|restaurant chain",
        "shop": "retail|retail chain|retail company|shop",
        "retail": "retail|retail chain|retail company|shop",
        "company": _COMPANIES,
    }
)
_PREFIXES = """\
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>"""
_DETAILS = """\
  ?item wdt:P856 ?website .
  OPTIONAL { ?item rdfs:label ?english . FILTER(LANG(?english) = "en") }
  OPTIONAL { ?item rdfs:label ?any . FILTER(LANG(?any) = "mul") }
  OPTIONAL { ?item wdt:P1448 ?official . }
  BIND(COALESCE(?english, ?any, ?official) AS ?name)
  OPTIONAL { ?item wdt:P1329 ?phone . }
  OPTIONAL { ?item wdt:P17/wdt:P297 ?home . }
  OPTIONAL {
    ?item wdt:P159 ?seat .
    OPTIONAL { ?seat rdfs:label ?city . FILTER(LANG(?city) = "en") }
    OPTIONAL { ?seat wdt:P17/wdt:P297 ?country . }
    OPTIONAL {
      ?seat wdt:P131* ?region . ?region wdt:P300 ?code .
      OPTIONAL { ?region rdfs:label ?state . FILTER(LANG(?state) = "en") }
    }
  }"""


def query(criteria: Criteria, least: int, limit: int) -> str:
    """The first `limit` items from number `least` on, in the order of their numbers; some rows for
    each: item, trade, name, website, phone, home, city, called, country, code, state.

    `called` is the name of the seat, or of what it lies in, that fits the city asked for. Items
    that ended (P576, P3999) or have no website are left out.
    """
    city = list(_called(criteria))
    return "\n".join(
        [
            _PREFIXES,
            "SELECT DISTINCT ?item ?trade ?name ?website ?phone ?home ?city ?called ?country"
            " ?code ?state WHERE {",
            "  { SELECT ?item ?number (MIN(STR(?label)) AS ?trade) WHERE {",
            *(f"    {line}" for line in _matching(criteria)),
            '    BIND(xsd:integer(STRAFTER(STR(?item), "entity/Q")) AS ?number)',
            f"    FILTER(?number >= {least})",
            f"  }} GROUP BY ?item ?number ORDER BY ?number LIMIT {limit} }}",
            _DETAILS,
            *(f"  {line}" for line in city),
            "}",
        ]
    )


def labels_of(category: str) -> tuple[str, ...]:
    """English labels of the classes and industries that a category means; of companies for ""."""
    if not category:
        return tuple(_COMPANIES.split("|"))
    spellings = category_spellings(category)
    known = [_LABELS[name] for name in (category, *spellings) if name in _LABELS]
    if known:
        return tuple(known[0].split("|"))
    words = [name.replace("_", " ") for name in spellings]
    return tuple(f"{word}{end}" for word in words for end in ("", " company", " industry"))


def quoted(text: str) -> str:
    """A string literal (SPARQL 1.1, 19.7); what cannot be printed becomes a space."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else " " for char in escaped) + '"'


def _matching(criteria: Criteria) -> Iterator[str]:
    labels = " ".join(f"{quoted(label)}@en" for label in labels_of(criteria.category))
    yield f"VALUES ?label {{ {labels} }}"
    yield "?class rdfs:label ?label ."
    if criteria.category:
        yield "{ ?item wdt:P452 ?class . } UNION { ?item wdt:P31/wdt:P279* ?class . }"
    else:
        yield "?item wdt:P31 ?class ."
    yield "?item wdt:P856 [] ."
    yield from _place(criteria)
    yield "FILTER NOT EXISTS { ?item wdt:P576 [] . }"
    yield "FILTER NOT EXISTS { ?item wdt:P3999 [] . }"


def _place(criteria: Criteria) -> Iterator[str]:
    country = criteria.country or state_country(criteria.state)
    if country and not (criteria.state or criteria.city):
        code = quoted(country)
        yield (
            f"{{ ?item wdt:P17/wdt:P297 {code} . }} UNION"
            f" {{ ?item wdt:P159/wdt:P17/wdt:P297 {code} . }}"
        )
    elif country:
        yield f"?item wdt:P159/wdt:P17/wdt:P297 {quoted(country)} ."
    if criteria.state and state_country(criteria.state):
        code = quoted(f"{country}-{criteria.state}")
        yield f"?item wdt:P159/wdt:P131*/wdt:P300 {code} ."
    elif criteria.state:
        yield "?item wdt:P159/wdt:P131*/rdfs:label ?within ."
        yield f"FILTER(LCASE(STR(?within)) = {quoted(criteria.state.lower())})"
    yield from _called(criteria)


def _called(criteria: Criteria) -> Iterator[str]:
    if criteria.city:
        yield "?item wdt:P159 ?seat . ?seat wdt:P131?/rdfs:label ?inLanguage ."
        yield "BIND(STR(?inLanguage) AS ?called)"
        yield f"FILTER(LCASE(?called) = {quoted(criteria.city.lower())})"
