"""app/sources/wikidata.py"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from app import registry
from app.errors import BadResponse, InputError, RequestError, Unreachable
from app.records.company import Company
from app.records.criteria import build_criteria, state_country
from app.sources._network import Network
from app.sources._sparql import labels_of, query, quoted
from app.sources.wikidata import ENDPOINT, SOURCE, Wikidata
from tests.plugins.batches import read_on
from tests.unit.crawl.support import FakeClock, LocalSite, local_site

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TEXAS = {"category": "property_management", "state": "TX"}
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')


def row(number: int, **values: str) -> dict[str, Any]:
    """A row as the public service sends it."""
    bound = {
        "item": f"http://www.wikidata.org/entity/Q{number}",
        "trade": "property management",
        "name": f"Firm {number}",
        "website": f"https://www.firm{number}.example/",
        "city": "Austin",
        "country": "US",
        "code": "US-TX",
        "state": "Texas",
    } | values
    return {name: {"type": "literal", "value": value} for name, value in bound.items() if value}


@dataclass
class Service:
    """A SPARQL service that holds rows and understands which page is asked for."""

    site: LocalSite
    rows: list[dict[str, Any]] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)

    @property
    def queries(self) -> list[str]:
        return [request.query["query"] for request in self.site.ledger]

    async def batch(self, offset: int = 0, size: int = 10_000, **asked: Any) -> Any:
        network = Network(
            "Sluice/test (+https://contact.example)", (self.site.address,), self.clock
        )
        source = SOURCE.open(f"http://{self.site.address}/sparql", {}, network)
        criteria = build_criteria(asked or TEXAS)
        await source.check(criteria)
        return await source.batch(criteria, offset, size, NOW)

    async def answer(self, request: web.Request) -> web.Response:
        if self.answers:
            return self.answers.pop(0)
        asked = request.query["query"]
        least = int(re.findall(r"\?number >= (\d+)", asked)[0])
        limit = int(re.findall(r"LIMIT (\d+)", asked)[0])
        numbers = {each["item"]["value"]: int(each["item"]["value"].rpartition("Q")[2])
                   for each in self.rows}  # fmt: skip
        page = sorted(number for number in set(numbers.values()) if number >= least)[:limit]
        held = [each for each in self.rows if numbers[each["item"]["value"]] in page]
        return web.json_response({"head": {}, "results": {"bindings": held}})


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    routes: dict[str, Any] = {}
    async with local_site(routes) as site:
        held = Service(site)
        routes["/sparql"] = held.answer
        yield held


def test_the_folder_lists_it_with_its_licence_and_the_public_service() -> None:
    assert registry.load("app.sources", "wikidata", "SOURCE") is SOURCE
    assert SOURCE.licence == "Wikidata, CC0 1.0"
    assert not SOURCE.needs_path
    assert SOURCE.open("", {}).endpoint == ENDPOINT == "https://query.wikidata.org/sparql"


async def test_an_item_becomes_a_company_with_evidence_for_every_value(service: Service) -> None:
    service.rows = [row(100, phone="+1 512 555 0100")]

    batch = await service.batch()

    [each] = batch.found
    assert batch.exhausted
    assert each.company == Company(
        "Firm 100",
        domain="firm100.example",
        website="https://www.firm100.example/",
        city="Austin",
        state="TX",
        country="US",
        phone="+1 512 555 0100",
        category="property_management",
        discovery_source="wikidata",
        source_ref="wikidata:Q100",
    )
    assert {fact.field for fact in each.evidence} == {
        "company_name", "domain", "website", "city", "state", "country", "phone", "category",
        "discovery_source",
    }  # fmt: skip
    first = each.evidence[0]
    assert first.quote == (
        "Q100; Firm 100; property management; Austin; Texas; https://www.firm100.example/; US"
    )
    assert (first.rule, first.method, first.confidence) == ("source.wikidata", "source", 0.7)
    assert service.site.ledger[0].headers["User-Agent"].endswith("(+https://contact.example)")
    assert service.site.ledger[0].query["format"] == "json"


async def test_of_several_rows_the_first_that_fits_counts_in_whatever_order(
    service: Service,
) -> None:
    rows = [
        row(1, website="https://z.example/"),
        row(1, website="https://b.example/", code="", state="", city="Dallas"),
        row(1, website="https://www.facebook.com/a"),
        row(1, website="https://a.example/", code="US-NV", state="Nevada", city="Reno"),
        row(1, website="https://b.example/"),
    ]

    service.rows = rows
    one = await service.batch()
    service.rows = rows[::-1]
    other = await service.batch()

    assert one == other
    [each] = one.found
    assert (each.company.website, each.company.city) == ("https://b.example/", "Austin")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ("TX", "US")),
        ({"country": "", "home": "US"}, ("TX", "US")),
        ({"code": "DE-BY", "state": "Bavaria", "country": "DE"}, ("Bavaria", "DE")),
        ({"code": "GB-ENG", "state": "", "country": "GB"}, ("", "GB")),
        ({"code": "", "state": "", "country": "", "home": ""}, ("", "")),
    ],
)
async def test_a_seat_gives_state_and_country(
    service: Service, values: dict[str, str], expected: tuple[str, str]
) -> None:
    service.rows = [row(1, **values)]

    [each] = (await service.batch(category="property_management")).found

    assert (each.company.state, each.company.country) == expected


async def test_the_name_of_the_city_that_fits_is_taken(service: Service) -> None:
    service.rows = [row(1, city="Munich", called="München", country="DE", code="", state="")]

    [each] = (await service.batch(city="münchen", country="DE")).found

    assert each.company.city == "München"


async def test_what_has_no_website_of_its_own_or_no_trade_is_left_out(service: Service) -> None:
    service.rows = [
        row(1, website="https://www.linkedin.com/company/x"),
        row(2, trade=""),
        row(3, name=""),
        row(4),
    ]

    found = (await service.batch()).found

    assert [each.company.name for each in found] == ["firm3.example", "Firm 4"]


async def test_batches_go_on_where_the_last_one_ended(service: Service) -> None:
    service.rows = [row(number * 7 % 1009 + 1) for number in range(1, 130)]

    whole = await service.batch()
    parts, _ = await read_on(lambda offset: service.batch(offset, 20))

    assert parts == whole.found
    numbers = [int(each.company.source_ref.removeprefix("wikidata:Q")) for each in parts]
    assert numbers == sorted(numbers)
    assert len(numbers) == 129


async def test_it_waits_as_long_as_the_service_asks(service: Service) -> None:
    service.rows = [row(1)]
    service.answers = [web.Response(status=429, headers={"Retry-After": "30"})]

    assert len((await service.batch()).found) == 1
    assert service.clock.slept == [30.0]


async def test_a_ban_is_told_with_the_time_it_lasts(service: Service) -> None:
    service.answers = [web.Response(status=429, headers={"Retry-After": "3600"})]

    with pytest.raises(Unreachable, match="/sparql answered 429") as caught:
        await service.batch()

    assert caught.value.retry_after == 3600.0
    assert len(service.queries) == 1


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html></html>",
        "{}",
        '{"results": []}',
        '{"results": {"bindings": [1]}}',
        '{"results": {"bindings": [{"item": {"value": "http://x.example/P1"}}]}}',
        '{"results": {"bindings": [{"item": {"value": "/entity/Q\\u0661"}}]}}',
    ],
)
async def test_an_answer_that_makes_no_sense_is_no_empty_list(service: Service, body: str) -> None:
    service.answers = [web.Response(text=body)]

    with pytest.raises(BadResponse):
        await service.batch()


async def test_a_private_address_is_refused_before_a_run() -> None:
    with pytest.raises(InputError, match="not on the public internet"):
        await SOURCE.open("http://10.0.0.1/sparql", {}).check(build_criteria({}))


async def test_a_service_that_is_away_is_named() -> None:
    async with local_site({}) as site:
        address = site.address
    source = Wikidata(f"http://{address}/sparql", Network("x", (address,), FakeClock()))

    with pytest.raises(RequestError, match=re.escape(f"http://{address}/sparql")) as caught:
        await source.batch(build_criteria(TEXAS), 0, 5, NOW)

    assert caught.value.cause == "connection"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"category": "lawyers"}, ['?label { "law firm"@en }', "wdt:P452", "wdt:P279*"]),
        ({}, ['"business"@en', "?item wdt:P31 ?class ."]),
        ({"country": "FI"}, ['?item wdt:P17/wdt:P297 "FI"']),
        ({"state": "Texas"}, ['wdt:P17/wdt:P297 "US"', 'wdt:P131*/wdt:P300 "US-TX"']),
        ({"state": "Bayern", "country": "DE"}, ['LCASE(STR(?within)) = "bayern"']),
        ({"city": 'Aus"tin'}, [r'LCASE(?called) = "aus\"tin"']),
    ],
)
def test_the_query_says_what_is_asked(asked: dict[str, str], expected: list[str]) -> None:
    text = query(build_criteria(asked), 17, 51)

    assert all(part in text for part in [*expected, "?number >= 17", "LIMIT 51"])


def test_a_category_without_an_entry_is_asked_for_by_its_words() -> None:
    assert {"bakery", "bakeries", "bakery company"} <= set(labels_of("bakery"))


_TEXT = st.text(min_size=1, max_size=60)


@given(_TEXT)
def test_a_string_literal_ends_where_the_text_ends(text: str) -> None:
    assert _LITERAL.fullmatch(quoted(text))
    assert quoted(text).isprintable()


@given(_TEXT, _TEXT, _TEXT)
def test_nothing_typed_changes_the_shape_of_a_query(city: str, state: str, category: str) -> None:
    try:
        asked = build_criteria(
            {"city": city, "state": state, "category": category, "country": "DE"}
        )
    except InputError:
        asked = build_criteria(
            {"city": '"} DROP', "state": "a\\", "category": "x"} | {"country": "DE"}
        )
    state = "TX" if state_country(asked.state) else "y"  # a code is asked for otherwise than a name
    plain = build_criteria({"city": "x", "state": state, "category": "z", "country": "DE"})

    shapes = [
        re.sub(r'(""@en ?)+', "", _LITERAL.sub('""', query(each, 0, 50))) for each in (asked, plain)
    ]

    assert shapes[0] == shapes[1]
