"""app/sources/osm.py with an Overpass service, and how services are asked."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadResponse, InputError, Refused, RequestError, Unreachable
from app.records.criteria import build_criteria
from app.sources import _network
from app.sources._network import Network
from app.sources._overpass import query, quoted
from app.sources.osm import SOURCE
from tests.plugins.batches import read_on
from tests.unit.crawl.support import FakeClock, FixedResolver, LocalSite, local_site

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PLACE = {"type": "area", "id": 3600113314}
AUSTIN = {"category": "property_management", "state": "TX", "city": "Austin"}
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')


def element(kind: str, number: int, **tags: str) -> dict[str, Any]:
    named = {"name": f"Firm {number}", "office": "property_management"}
    return {"type": kind, "id": number, "tags": named | tags}


@dataclass
class Overpass:
    """A service that holds these elements and understands the pages that are asked for."""

    site: LocalSite
    elements: list[dict[str, Any]] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)
    at_work: int = 0

    @property
    def address(self) -> str:
        return f"http://{self.site.address}/api/interpreter"

    @property
    def queries(self) -> list[str]:
        return [request.query["data"] for request in self.site.ledger]

    def network(self) -> Network:
        return Network("Sluice/test", (self.site.address,), self.clock)

    async def batch(self, offset: int = 0, size: int = 10_000, **asked: Any) -> Any:
        source = SOURCE.open(self.address, {}, self.network())
        criteria = build_criteria(asked or AUSTIN)
        await source.check(criteria)
        return await source.batch(criteria, offset, size, NOW)

    async def answer(self, request: web.Request) -> web.Response:
        self.at_work += 1
        assert self.at_work == 1, "two requests at a time"
        await asyncio.sleep(0.01)
        self.at_work -= 1
        if self.answers:
            return self.answers.pop(0)
        asked = request.query["data"]
        limit = int(re.findall(r"out tags (\d+);", asked)[0])
        held = [each for each in self.elements if self._asked(each, asked)]
        place = [PLACE] if "out ids" in asked else []
        return web.json_response({"elements": [*place, *held[:limit]]})

    def _asked(self, each: dict[str, Any], asked: str) -> bool:
        line = re.search(rf"^  {each['type']}.*$", asked, re.MULTILINE)
        least = re.search(r"id\(\)>=(\d+)", line[0]) if line else None
        return line is not None and each["id"] >= (int(least[1]) if least else 0)


@pytest.fixture
async def overpass() -> AsyncIterator[Overpass]:
    routes: dict[str, Any] = {}
    async with local_site(routes) as site:
        service = Overpass(site)
        routes["/api/interpreter"] = service.answer
        yield service


async def test_companies_are_found_inside_the_boundary_asked_for(overpass: Overpass) -> None:
    overpass.elements = [element("node", 7, website="https://oak.example/", phone="+15125550100")]

    batch = await overpass.batch()

    [each] = batch.found
    facts = {fact.field: fact for fact in each.evidence}
    assert batch.exhausted
    assert (each.company.city, each.company.state, each.company.country) == ("Austin", "TX", "US")
    assert (each.company.source_ref, each.company.domain) == ("osm:node/7", "oak.example")
    assert facts["city"].quote == "inside the boundary of Austin, TX, US"
    assert (facts["city"].rule, facts["city"].confidence) == ("source.osm.boundary", 0.8)
    assert facts["website"].quote == "name=Firm 7; website=https://oak.example/"


async def test_the_query_says_what_is_asked(overpass: Overpass) -> None:
    await overpass.batch()

    assert overpass.queries == [
        "[out:json][timeout:60][maxsize:268435456];\n"
        'area["ISO3166-1"="US"]["boundary"="administrative"]->.place;\n'
        'area["ISO3166-2"="US-TX"]["boundary"="administrative"]->.place;\n'
        "(\n"
        '  rel["boundary"="administrative"]["name"="Austin"](area.place);\n'
        '  rel["boundary"="administrative"]["name:en"="Austin"](area.place);\n'
        ");\n"
        "map_to_area->.place;\n"
        ".place out ids 1;\n"
        "(\n"
        '  node["name"]["office"="property_management"](area.place);\n'
        '  way["name"]["office"="property_management"](area.place);\n'
        '  relation["name"]["office"="property_management"](area.place);\n'
        ");\n"
        "out tags 2000;"
    ]
    assert overpass.site.ledger[0].headers["User-Agent"] == "Sluice/test"


async def test_batches_go_on_where_the_last_one_ended(overpass: Overpass) -> None:
    kinds = ("node", "way", "relation")
    overpass.elements = [element(kind, n * 3 + 1) for kind in kinds for n in range(230)]

    whole = await overpass.batch()
    parts, _ = await read_on(lambda offset: overpass.batch(offset, 150))

    assert parts == whole.found
    assert [f.company.source_ref for f in parts] == [
        f"osm:{each['type']}/{each['id']}" for each in overpass.elements
    ]
    assert all(int(re.findall(r"out tags (\d+)", q)[0]) == 200 for q in overpass.queries[1:])


async def test_the_world_is_not_asked_for(overpass: Overpass) -> None:
    with pytest.raises(InputError, match="needs a category or a place"):
        await SOURCE.open(overpass.address, {}, overpass.network()).check(build_criteria({}))


async def test_a_place_that_is_not_known_is_said(overpass: Overpass) -> None:
    overpass.answers = [web.json_response({"elements": []})]

    with pytest.raises(InputError, match="knows no such place: boundary of Austin, TX, US"):
        await overpass.batch()


async def test_it_waits_as_long_as_the_service_asks(overpass: Overpass) -> None:
    overpass.elements = [element("node", 1)]
    overpass.answers = [
        web.Response(status=429, headers={"Retry-After": "12"}),
        web.Response(status=504),
    ]

    batch = await overpass.batch()

    assert len(batch.found) == 1
    assert overpass.clock.slept == [12.0, 8.0]
    assert len(overpass.queries) == 3


async def test_requests_to_a_service_keep_their_distance(overpass: Overpass) -> None:
    network = overpass.network()
    source = SOURCE.open(overpass.address, {}, network)

    await asyncio.gather(*(source.batch(build_criteria(AUSTIN), 0, 5, NOW) for _ in range(3)))

    assert overpass.clock.slept == [1.0, 1.0]


@pytest.mark.parametrize(
    ("status", "header", "kind", "cause", "requests"),
    [
        (429, "600", Unreachable, "rate_limited", 1),
        (504, "", Unreachable, "server_error", 4),
        (500, "", Unreachable, "query_failed", 1),
        (400, "", BadResponse, "http_400", 1),
        (302, "", BadResponse, "moved", 1),
    ],
)
async def test_a_service_that_does_not_answer_is_named(
    overpass: Overpass, status: int, header: str, kind: Any, cause: str, requests: int
) -> None:
    headers = {"Location": "http://127.0.0.1:1/"} | ({"Retry-After": header} if header else {})
    overpass.answers = [web.Response(status=status, headers=headers) for _ in range(9)]

    with pytest.raises(kind, match=re.escape(overpass.address)) as caught:
        await overpass.batch()

    assert isinstance(caught.value, RequestError)
    assert caught.value.cause == cause
    assert len(str(caught.value)) < 300
    assert len(overpass.queries) == requests
    if header:
        assert getattr(caught.value, "retry_after", None) == float(header)
        assert str(caught.value).endswith(f"answered {status} and asks for a pause of {header} s")


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("<html>busy</html>", "not_json"),
        ("[" * 100_000, "not_json"),
        ("[]", "no_elements"),
        ('{"elements": {}}', "no_elements"),
        ('{"elements": [1]}', "no_elements"),
        ('{"elements": [{"type": "area", "id": 1}, {"type": "node", "id": 1}]}', "no_elements"),
        ('{"elements": [{"type": "area"}, {"type": "node", "id": -1, "tags": {}}]}', "no_elements"),
        ('{"elements": [{"type": "area"}, {"type": "moon", "id": 1, "tags": {}}]}', "no_elements"),
        ('{"elements": [], "remark": "runtime error: Query timed out"}', "overpass"),
    ],
)
async def test_an_answer_that_makes_no_sense_is_no_empty_list(
    overpass: Overpass, body: str, cause: str
) -> None:
    overpass.answers = [web.Response(text=body)]

    with pytest.raises(RequestError) as caught:
        await overpass.batch()

    assert caught.value.cause == cause


async def test_an_answer_that_is_too_long_is_refused(
    overpass: Overpass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_network, "MAX_ANSWER", 1_000)
    overpass.elements = [element("node", n, note="x" * 100) for n in range(1, 20)]

    with pytest.raises(BadResponse, match="narrow the criteria") as caught:
        await overpass.batch()

    assert caught.value.cause == "too_large"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/api",
        "http://2130706433/api",
        "http://169.254.169.254/latest",
        "http://[::1]/api",
        "https://",
        "https://overpass.example/api#x",
    ],
)
async def test_addresses_that_may_not_be_asked_are_refused_before_a_run(address: str) -> None:
    source = SOURCE.open(address, {}, Network("Sluice/test"))

    with pytest.raises(InputError):
        await source.check(build_criteria(AUSTIN))


async def test_a_name_that_leads_to_a_private_address_is_not_asked(overpass: Overpass) -> None:
    resolver = FixedResolver({"overpass.example": ["127.0.0.1"]})
    network = Network("Sluice/test", (), overpass.clock, resolver)
    address = f"http://overpass.example:{overpass.site.port}/api/interpreter"
    source = SOURCE.open(address, {}, network)
    await source.check(build_criteria(AUSTIN))

    with pytest.raises(Refused):
        await source.batch(build_criteria(AUSTIN), 0, 5, NOW)

    assert not overpass.queries


_TEXT = st.text(min_size=1, max_size=60)


@given(_TEXT)
def test_a_string_literal_ends_where_the_text_ends(text: str) -> None:
    literal = quoted(text)

    assert _LITERAL.fullmatch(literal)
    assert json.loads(literal) == "".join(c if c.isprintable() else " " for c in text)


_LINE = re.compile(
    r"""\[out:json\]\[timeout:60\]\[maxsize:268435456\];
    |area\[""=""\]\[""=""\]->\.place; |\(|\); |map_to_area->\.place; |\.place\ out\ ids\ 1;
    |\ \ rel\[""=""\]\[""=""\](\(area\.place\))?;
    |\ \ (node|way|relation)\[""\]\[""([=~]"")?\](\(area\.place\))?(\(if:id\(\)>=7\))?;
    |out\ tags\ 50;""",
    re.VERBOSE,
)


@given(_TEXT, _TEXT, st.sampled_from(["", "DE", "US"]))
def test_nothing_typed_changes_the_shape_of_a_query(city: str, category: str, country: str) -> None:
    try:
        asked = build_criteria({"city": city, "category": category, "country": country})
    except InputError:
        asked = build_criteria({"city": 'x"];out;//', "country": country})

    lines = _LITERAL.sub('""', query(asked, 7, 50)).splitlines()

    assert all(_LINE.fullmatch(line) for line in lines)


async def test_a_key_in_an_address_is_sent_and_not_shown(overpass: Overpass) -> None:
    overpass.answers = [web.Response(status=403)]
    source = SOURCE.open(f"{overpass.address}?key=secret", {}, overpass.network())

    with pytest.raises(BadResponse) as caught:
        await source.batch(build_criteria(AUSTIN), 0, 5, NOW)

    assert overpass.site.ledger[0].query["key"] == "secret"
    assert "secret" not in str(caught.value)
