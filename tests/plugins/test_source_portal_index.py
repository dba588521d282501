"""app/sources/portal_index.py: companies by the hosts that their software's vendor gives them."""

import gzip
import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from app import registry
from app.errors import BadResponse, InputError, RequestError
from app.pipeline.outcomes import Found
from app.records.criteria import build_criteria
from app.sources import _portal_file
from app.sources._network import Network
from app.sources._portal_hosts import portals_for
from app.sources.portal_index import SOURCE
from tests.plugins.batches import read_on
from tests.unit.crawl.support import FakeClock, LocalSite, local_site

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
Write = Callable[..., str]

PLACES = """\
Company,Website,City,State,Country,Category
"Maple Gate Property Management, LLC",https://maplegate.example/,Austin,TX,US,Property Management
Oak Realty,https://oak-homes.example/,Reno,NV,US,Real Estate Agent
Cedar Point Rentals,,Boise,ID,US,Property Management
Elm Street Books,https://elmstreet.example/,Austin,TX,US,Book Store
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes an index and places; gives what stands behind the source's name."""

    def write_both(index: str | bytes, places: str = PLACES, name: str = "index.cdxj") -> str:
        content = index.encode() if isinstance(index, str) else index
        (tmp_path / name).write_bytes(content)
        (tmp_path / "places.csv").write_text(places)
        return f"{tmp_path / name}+{tmp_path / 'places.csv'}"

    return write_both


def cdxj(host: str, time: str = "20260914081500", path: str = "/") -> str:
    labels = ",".join(reversed(host.split(".")))
    return f'{labels}){path} {time} {{"url": "https://{host}{path}", "status": "200"}}\n'


async def found(path: str, **asked: Any) -> list[Found]:
    source = SOURCE.open(path, {})
    criteria = build_criteria(asked)
    await source.check(criteria)
    return list((await source.batch(criteria, 0, 1000, NOW)).found)


async def hosts(path: str, **asked: Any) -> list[str]:
    refs = [each.company.source_ref for each in await found(path, **asked)]
    return [ref.removeprefix("portal_index:") for ref in refs]


async def refused(path: str, **asked: Any) -> str:
    with pytest.raises(InputError) as caught:
        await SOURCE.open(path, {}).check(build_criteria(asked))
    assert str(caught.value).isprintable()
    return str(caught.value)


def test_the_folder_lists_it_with_its_licence() -> None:
    assert registry.load("app.sources", "portal_index", "SOURCE") is SOURCE
    assert "Common Crawl" in SOURCE.licence
    assert SOURCE.needs_path


async def test_a_portal_finds_its_place_and_says_how(write: Write) -> None:
    host = "maplegatepm.managebuilding.com"
    path = write(cdxj(host, "20260301000000") + cdxj(host) + cdxj(host, "20260102000000"))

    [each] = await found(path)

    facts = {fact.field: fact for fact in each.evidence}
    company = each.company
    assert (company.name, company.city) == ("Maple Gate Property Management, LLC", "Austin")
    assert (company.domain, company.discovery_source) == ("maplegate.example", "portal_index")
    assert company.source_ref == f"portal_index:{host}"
    assert company.pms_detected == ""
    pms = facts["pms_detected"]
    assert (pms.value, pms.method, pms.source_url) == ("Buildium", "source", company.source_ref)
    assert (pms.rule, pms.confidence, pms.seen_at) == ("source.portal_index.name", 0.5, NOW)
    assert pms.quote == (
        f'{host} in index.cdxj, captured 2026-09-14; "maplegate pm" is '
        "Maple Gate Property Management, LLC, Austin, TX in places.csv; rule name, score 95"
    )
    assert facts["company_name"].rule == "source.csv_file"
    assert facts["discovery_source"].value == "portal_index"
    assert len([f for f in each.evidence if f.field == "discovery_source"]) == 1


async def test_a_place_without_website_or_of_another_trade_is_no_company(write: Write) -> None:
    path = write(
        "cedarpointrentals.appfolio.com\nelmstreetbooks.appfolio.com\noakrealty.rentvine.com\n"
    )

    assert await hosts(path) == ["oakrealty.rentvine.com"]
    assert await hosts(path, category="book stores") == ["elmstreetbooks.appfolio.com"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["maplegate.managebuilding.com", "oakrealty.appfolio.com"]),
        ({"pms": "Buildium"}, ["maplegate.managebuilding.com"]),
        ({"pms": "AppFolio"}, ["oakrealty.appfolio.com"]),
        ({"state": "TX"}, ["maplegate.managebuilding.com"]),
        ({"city": "reno"}, ["oakrealty.appfolio.com"]),
        ({"country": "CA"}, []),
        ({"exclude_domains": ["maplegate.example"]}, ["oakrealty.appfolio.com"]),
        ({"category": "property managers"}, ["maplegate.managebuilding.com"]),
    ],
)
async def test_criteria_choose_vendors_and_places(
    write: Write, asked: dict[str, Any], expected: list[str]
) -> None:
    path = write(cdxj("maplegate.managebuilding.com") + cdxj("oakrealty.appfolio.com"))

    assert await hosts(path, **asked) == expected


async def test_a_name_that_firms_elsewhere_share_is_left_out_wherever_one_asks(
    write: Write,
) -> None:
    places = (
        "Company,Website,City,State\n"
        "Premier Property Management,https://premier-atx.example,Austin,TX\n"
        "Premier Realty,https://premier-reno.example,Reno,NV\n"
    )
    path = write("premier.managebuilding.com\npremieraustin.appfolio.com\n", places)

    assert await hosts(path, state="TX") == ["premieraustin.appfolio.com"]


async def test_one_firm_with_two_portals_is_one_company_with_both(write: Write) -> None:
    path = write("maplegate.managebuilding.com\nmaplegatepm.appfolio.com\n")

    [each] = await found(path)

    said = [fact.value for fact in each.evidence if fact.field == "pms_detected"]
    assert said == ["Buildium", "AppFolio"]


async def test_a_website_at_a_vendor_is_not_the_firms_own(write: Write) -> None:
    places = "Company,Website\nMaple Gate,https://maplegate.managebuilding.com/Resident\n"

    assert await hosts(write("maplegate.managebuilding.com\n", places)) == []


@pytest.mark.parametrize(
    ("host", "slug"),
    [
        ("maple.managebuilding.com", "maple"),
        ("www.maple.managebuilding.com", "maple"),
        ("maple.twa.rentmanager.com", "maple"),
        ("maple.app.doorloop.com", "maple"),
        ("www.managebuilding.com", None),
        ("managebuilding.com", None),
        ("signin.managebuilding.com", None),
        ("help.appfolio.com", None),
        ("images.cdn.appfolio.com", None),
        ("maple.oak.appfolio.com", None),
        ("12345.appfolio.com", None),
        ("-x-.appfolio.com", None),
        ("maple.managebuilding.com.evil.example", None),
    ],
)
def test_the_hosts_that_a_vendor_shares_are_nobodys_portal(host: str, slug: str | None) -> None:
    portal = portals_for("").of_host(host)

    assert (portal.slug if portal else None) == slug


@pytest.mark.parametrize("packed", [False, True])
async def test_lines_of_every_kind_are_read(write: Write, packed: bool) -> None:
    lines = (
        "\ufeff# hosts\n\n"
        + cdxj("maplegate.managebuilding.com", path="/x?a=(b)")
        + cdxj("unrelated.example")
        + "com,managebuilding)/ 20260914081500 {}\n"
        + "HTTPS://OakRealty.AppFolio.com:443/listings?x=1\r\n"
        + "!meta 0 {}\n CDX N b a\n"
        + "unrelated.example"
    )
    content = gzip.compress(lines.encode()) if packed else lines.encode()

    assert len(await hosts(write(content, name="index"))) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "index.cdxj: is empty"),
        (b"maple.managebuilding.com\nhello, world\n", "index.cdxj line 2: 'hello, world' is no"),
        (b"a.example\n\x01\x02\xff\n", "index.cdxj line 2: '??"),
        (b"a.example\nb\0\n", "index.cdxj line 2: holds a NUL byte"),
        (b"a.example\n" + b"x" * 1_100_000, "index.cdxj line 2: is longer than 1,000,000 bytes"),
        (b"unrelated.example\n", "index.cdxj: holds no portal of a known vendor"),
        (gzip.compress(b"a.example\n" * 9999)[:-9], "cut off or broken after line"),
        (b"\x1f\x8bnonsense", "cut off or broken after line 0"),
    ],
)
async def test_what_is_no_index_is_refused_with_its_line(
    write: Write, content: bytes, message: str
) -> None:
    assert message in await refused(write(content))


async def test_what_cannot_work_is_refused_before_a_run(write: Write, tmp_path: Path) -> None:
    path = write(cdxj("maplegate.managebuilding.com"))

    assert "holds no portal of AppFolio" in await refused(path, pms="AppFolio")
    assert "Innago gives its customers no hosts" in await refused(path, pms="Innago")
    assert "No such file" in await refused(f"{tmp_path}/gone+{tmp_path}/places.csv")
    assert "No such file" in await refused(f"{tmp_path}/index.cdxj+{tmp_path}/gone.csv")
    assert "no column holds" in await refused(write(cdxj("a1b.appfolio.com"), "a,b\n1,2\n"))
    for wrong in ("index.cdxj", "+places.csv", "index+", "index+https://places.example"):
        with pytest.raises(InputError, match=r"INDEX\+PLACES"):
            SOURCE.open(wrong, {})


async def test_hosts_are_bounded(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_portal_file, "MAX_HOSTS", 10)
    lines = "".join(f"firm{n}.appfolio.com\n" for n in range(11))

    assert "more than 10 portal hosts; name one software" in await refused(write(lines))


async def test_batches_go_on_in_the_order_of_hosts(write: Write) -> None:
    numbers = range(1, 41)
    rows = [f"Firm{n} Rentals,https://firm{n}.example,Austin,TX" for n in numbers]
    lines = [f"firm{n}rentals.appfolio.com" for n in reversed(numbers)]
    path = write("\n".join(lines), "\n".join(["Company,Website,City,State", *rows]))
    source = SOURCE.open(path, {})
    criteria = build_criteria({})

    whole = await source.batch(criteria, 0, 1000, NOW)
    parts, _ = await read_on(lambda offset: source.batch(criteria, offset, 7, NOW))

    assert parts == whole.found
    refs = [each.company.source_ref for each in parts]
    assert refs == sorted(refs)
    assert len(refs) == 40


async def test_columns_of_the_places_can_be_mapped(write: Write) -> None:
    path = write("maplegate.appfolio.com\n", "Wer,Wo im Netz\nMaple Gate,maple.example\n")
    source = SOURCE.open(path, {"name": "Wer", "website": "Wo im Netz"})

    [each] = (await source.batch(build_criteria({}), 0, 9, NOW)).found

    assert each.company.domain == "maple.example"


def test_paths_become_absolute_and_addresses_stay() -> None:
    here = Path.cwd()

    assert SOURCE.absolute("a.gz+b.csv") == f"{here}/a.gz+{here}/b.csv"
    assert SOURCE.absolute("https://cc.example/x+b.csv") == f"https://cc.example/x+{here}/b.csv"


@dataclass
class Index:
    """A CDX service with two captures to a page."""

    site: LocalSite
    captures: dict[str, list[str]] = field(default_factory=dict)
    answers: list[web.Response] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)

    def source(self, path: str) -> Any:
        network = Network("Sluice/test", (self.site.address,), self.clock)
        address = f"http://{self.site.address}/CC-MAIN-2026-38-index"
        return SOURCE.open(f"{address}+{path.partition('+')[2]}", {}, network)

    async def answer(self, request: web.Request) -> web.Response:
        if self.answers:
            return self.answers.pop(0)
        held = self.captures.get(request.query["url"].removeprefix("*."), [])
        if "showNumPages" in request.query:
            return web.json_response({"pages": (len(held) + 1) // 2, "pageSize": 5, "blocks": 1})
        start = 2 * int(request.query["page"])
        lines = [
            json.dumps({"urlkey": ",".join(reversed(host.split("."))) + ")/", "timestamp": "2026"
                        "0914081500"}) for host in held[start : start + 2]
        ]  # fmt: skip
        if not lines:
            return web.json_response({"message": "No Captures found"}, status=404)
        return web.Response(text="\n".join(lines) + "\n", content_type="text/x-ndjson")


@pytest.fixture
async def index() -> AsyncIterator[Index]:
    routes: dict[str, Any] = {}
    async with local_site(routes) as site:
        service = Index(site)
        routes["/CC-MAIN-2026-38-index"] = service.answer
        yield service


async def test_an_index_over_http_is_read_page_by_page(write: Write, index: Index) -> None:
    index.captures["managebuilding.com"] = [
        "managebuilding.com", "other.managebuilding.com", "maplegate.managebuilding.com",
    ]  # fmt: skip
    source = index.source(write(""))
    criteria = build_criteria({"pms": "Buildium"})
    await source.check(criteria)

    batch = await source.batch(criteria, 0, 10, NOW)

    [each] = batch.found
    assert batch.exhausted
    assert each.company.source_ref == "portal_index:maplegate.managebuilding.com"
    quote = next(f.quote for f in each.evidence if f.field == "pms_detected")
    assert "/CC-MAIN-2026-38-index, captured 2026-09-14" in quote
    asked = [dict(request.query) for request in index.site.ledger]
    assert asked[0] == {"url": "*.managebuilding.com", "output": "json", "showNumPages": "true"}
    assert [q.get("page") for q in asked] == [None, "0", "1"]
    assert index.clock.slept == [2.0, 2.0]


async def test_batches_over_http_ask_only_for_the_domains_they_need(
    write: Write, index: Index
) -> None:
    index.captures["appfolio.com"] = ["oakrealty.appfolio.com"]
    index.captures["managebuilding.com"] = ["maplegate.managebuilding.com"]
    source = index.source(write(""))
    criteria = build_criteria({})

    first = await source.batch(criteria, 0, 1, NOW)
    asked = {request.query["url"] for request in index.site.ledger}
    rest = await source.batch(criteria, first.next_offset, 10, NOW)

    assert asked == {"*.activebuilding.com", "*.appfolio.com"}
    assert not first.exhausted
    assert rest.exhausted
    assert [f.company.domain for f in (*first.found, *rest.found)] == [
        "oak-homes.example", "maplegate.example",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "cause"),
    [
        ([web.Response(text="<html>")], "not_json"),
        ([web.Response(text='{"pages": "3"}')], "no_index"),
        ([web.Response(text='{"pages": 501}')], "too_large"),
        ([web.Response(text='{"pages": 1}'), web.Response(text="com,x)/ 2026")], "no_index"),
        ([web.Response(text='{"pages": 1}'), web.Response(text='{"urlkey": 1}')], "no_index"),
        ([web.Response(status=403)], "http_403"),
    ],
)
async def test_an_answer_that_makes_no_sense_is_no_empty_list(
    write: Write, index: Index, answers: list[web.Response], cause: str
) -> None:
    index.answers = answers
    source = index.source(write(""))

    with pytest.raises(RequestError, match=re.escape(index.site.address)) as caught:
        await source.batch(build_criteria({"pms": "Buildium"}), 0, 9, NOW)

    assert isinstance(caught.value, BadResponse)
    assert caught.value.cause == cause


async def test_an_index_that_unpacks_to_far_too_much_is_refused(write: Write) -> None:
    packed = gzip.compress(b"# nothing in this line is of use\n" * 2_500_000)

    assert "more than 100 times as many" in await refused(write(packed, name="index.gz"))


async def test_an_index_at_a_private_address_is_refused(write: Write) -> None:
    places = write("").partition("+")[2]

    assert "not on the public internet" in await refused(f"http://127.0.0.1:9/x-index+{places}")
