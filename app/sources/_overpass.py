"""Overpass (wiki.openstreetmap.org/wiki/Overpass_API): companies inside a place, page by page.

What a person typed goes into the query only through `quoted`. A page is "elements behind the last
one, the first N of them in the order of kind and id", so that no query asks for more than it needs
and a change of the map between two pages moves nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.errors import InputError, Unreachable
from app.pipeline.outcomes import Found
from app.records.criteria import Criteria, state_country
from app.sources import Batch
from app.sources._found import cell
from app.sources._network import Client, Network, Service
from app.sources._osm_company import KINDS, Element, Surroundings, company_of, split_key
from app.sources._osm_tags import Selector, selectors

_PAGE = 200
_MOST = 2_000
_QUERY_SECONDS = 60
_QUERY_BYTES = 256 * 1024 * 1024
_PLACE = "boundary"
_CONFIDENCE = 0.8


@dataclass(frozen=True, slots=True)
class Overpass:
    """An interpreter at `address`."""

    address: str
    network: Network

    async def check(self, criteria: Criteria) -> None:
        """See that the address may be asked, and that the criteria narrow the world down."""
        self.network.check(self._service())
        if not (criteria.category or criteria.country or criteria.state or criteria.city):
            raise InputError("osm over HTTP needs a category or a place in the criteria; "
                             "for everything use a file")  # fmt: skip

    async def batch(self, criteria: Criteria, offset: int, size: int, now: datetime) -> Batch:
        """Companies whose `Element.key` is `offset` or more. Raises RequestError, and InputError
        where Overpass knows no such place."""
        around = surroundings(criteria)
        matching: list[Found] = []
        async with self.network.client(self._service()) as client:
            while True:
                limit = min(max(size - len(matching) + 1, _PAGE), _MOST)
                answer = await client.get_json({"data": query(criteria, offset, limit)})
                page = _elements(answer, client, criteria)
                for element in page:
                    if element.key < offset:
                        continue
                    if len(matching) >= size:
                        return Batch(tuple(matching), offset, exhausted=False)
                    found = company_of(element, criteria, around, now)
                    matching += [found] if found else []
                    offset = element.key + 1
                if len(page) < limit:
                    return Batch(tuple(matching), offset, exhausted=True)

    def _service(self) -> Service:
        return Service(self.address, spacing=1.0, seconds=_QUERY_SECONDS + 15.0)


def query(criteria: Criteria, offset: int, limit: int) -> str:
    """Overpass QL for the first `limit` elements from the key `offset` on.

    Asks for the place too, where the criteria name one: an answer without it says that there is no
    such place, and not that there is no company in it.
    """
    kind, least = split_key(offset)
    place = list(_place(criteria))
    inside = "(area.place)" if place else ""
    wanted = [_wanted(selector) for selector in selectors(criteria.category)]
    lines = [f"[out:json][timeout:{_QUERY_SECONDS}][maxsize:{_QUERY_BYTES}];", *place, "("]
    for number in range(kind, len(KINDS)):
        behind = f"(if:id()>={least})" if number == kind and least else ""
        lines += [f'  {KINDS[number]}["name"]{tag}{inside}{behind};' for tag in wanted]
    return "\n".join([*lines, ");", f"out tags {limit};"])


def quoted(text: str) -> str:
    """A string literal of Overpass QL, which knows backslash escapes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else " " for char in escaped) + '"'


def surroundings(criteria: Criteria) -> Surroundings:
    """What lying inside the boundary that is asked says of every element."""
    country = criteria.country or state_country(criteria.state)
    values = {"country": country, "state": criteria.state, "city": criteria.city}
    values = {part: value for part, value in values.items() if value}
    where = ", ".join(reversed(values.values()))
    return Surroundings(values, _PLACE, f"inside the boundary of {where}", _CONFIDENCE)


def _wanted(selector: Selector) -> str:
    key, values = quoted(selector.key), sorted(selector.values)
    if not values:
        return f"[{key}]"
    if len(values) == 1:
        return f"[{key}={quoted(values[0])}]"
    either = "|".join(_literal(value) for value in values)
    return f"[{key}~{quoted(f'^({either})$')}]"


def _literal(value: str) -> str:
    """`value` in a POSIX extended regular expression."""
    return "".join(char if char.isalnum() or char == "_" else f"\\{char}" for char in value)


def _place(criteria: Criteria) -> Iterator[str]:
    """Statements that set `.place`, the narrowest place asked; none where none is asked."""
    country = criteria.country or state_country(criteria.state)
    outer = ""
    if country:
        yield f'area["ISO3166-1"={quoted(country)}]["boundary"="administrative"]->.place;'
        outer = "(area.place)"
    if criteria.state and state_country(criteria.state):
        code = f"{country}-{criteria.state}"
        yield f'area["ISO3166-2"={quoted(code)}]["boundary"="administrative"]->.place;'
    elif criteria.state:
        yield from _named(criteria.state, outer)
    if criteria.city:
        yield from _named(criteria.city, outer or ("(area.place)" if criteria.state else ""))
    if country or criteria.state or criteria.city:
        yield ".place out ids 1;"


def _named(name: str, outer: str) -> Iterator[str]:
    """The boundaries of this name, as typed or in capitals, in the local language or English."""
    yield "("
    for spelling in dict.fromkeys((name, name.title())):
        for key in ("name", "name:en"):
            yield f'  rel["boundary"="administrative"][{quoted(key)}={quoted(spelling)}]{outer};'
    yield ");"
    yield "map_to_area->.place;"


def _elements(answer: Any, client: Client, criteria: Criteria) -> Sequence[Element]:
    """The elements of an answer in order; what is malformed is no answer. Raises Unreachable for a
    query that was broken off, InputError for a place that is not known."""
    listed = answer.get("elements") if isinstance(answer, dict) else None
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise client.bad("no_elements", "the answer holds no list of elements")
    remark = answer.get("remark")
    if isinstance(remark, str) and "error" in remark.lower():
        raise Unreachable("overpass", f"Overpass gave up: {cell(remark)[:200]}")
    around = surroundings(criteria)
    if around.values and not any(each.get("type") == "area" for each in listed):
        raise InputError(f"Overpass knows no such place: {around.quote.removeprefix('inside the ')}"
                         "; write it as OpenStreetMap does, or use a file")  # fmt: skip
    found = [_element(each) for each in listed if each.get("type") != "area"]
    if None in found:
        raise client.bad("no_elements", "the answer holds an element without kind, id or tags")
    return sorted((each for each in found if each), key=lambda element: element.key)


def _element(raw: dict[str, Any]) -> Element | None:
    kind, number, tags = raw.get("type"), raw.get("id"), raw.get("tags")
    if kind not in KINDS or not isinstance(number, int) or not isinstance(tags, dict):
        return None
    if not 0 < number < 1 << 60 or not all(isinstance(value, str) for value in tags.values()):
        return None
    return Element(KINDS.index(kind), number, tags)
