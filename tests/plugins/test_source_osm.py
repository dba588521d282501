"""app/sources/osm.py with a file; with a service in test_source_osm_overpass.py."""

import json
import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import registry
from app.errors import InputError, UnknownName
from app.pipeline.outcomes import Found
from app.records.company import Company
from app.records.criteria import build_criteria, category_fits, category_name
from app.sources._osm_company import Element, split_key
from app.sources._osm_tags import category_of
from app.sources.osm import SOURCE
from tests.plugins.batches import read_on

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
Rows = list[tuple[str, int, dict[str, str]]]


@pytest.fixture
def osmium() -> ModuleType:
    module: ModuleType = pytest.importorskip("osmium", reason="the extra 'osm' is not installed")
    return module


@pytest.fixture
def write(osmium: ModuleType, tmp_path: Path) -> Any:
    """Writes elements (kind, id, tags), in this order, as a .osm.pbf file."""

    def write_rows(rows: Rows, name: str = "x.osm.pbf", **header: str) -> Path:
        path = tmp_path / name
        head = osmium.io.Header()
        for key, value in header.items():
            head.set(key, value)
        file = osmium.io.File(str(tmp_path / "written.osm.pbf"), "pbf")
        with osmium.SimpleWriter(file, header=head, overwrite=True) as writer:
            for kind, number, tags in rows:
                _add(osmium, writer, kind, number, tags)
        return (tmp_path / "written.osm.pbf").rename(path)

    return write_rows


def _add(osmium: ModuleType, writer: Any, kind: str, number: int, tags: dict[str, str]) -> None:
    mutable = osmium.osm.mutable
    if kind == "node":
        writer.add_node(mutable.Node(id=number, location=(24.9, 60.1), tags=tags))
    elif kind == "way":
        writer.add_way(mutable.Way(id=number, nodes=[1, 2], tags=tags))
    else:
        writer.add_relation(mutable.Relation(id=number, members=[("n", 1, "")], tags=tags))


def office(number: int, kind: str = "node", **tags: str) -> tuple[str, int, dict[str, str]]:
    given_tags = {key.replace("__", ":"): value for key, value in tags.items()}
    return kind, number, {"name": f"Firm {number}", "office": "company"} | given_tags


async def found(path: Path | str, **asked: Any) -> list[Found]:
    source = SOURCE.open(str(path), {})
    criteria = build_criteria(asked)
    await source.check(criteria)
    return list((await source.batch(criteria, 0, 10_000, NOW)).found)


async def names(path: Path | str, **asked: Any) -> str:
    return " ".join(each.company.name.removeprefix("Firm ") for each in await found(path, **asked))


async def refused(path: Path | str, **asked: Any) -> str:
    with pytest.raises(InputError) as caught:
        await SOURCE.open(str(path), {}).check(build_criteria(asked))
    assert str(caught.value).isprintable()
    return str(caught.value)


def test_the_folder_lists_it_with_its_licence() -> None:
    assert registry.load("app.sources", "osm", "SOURCE") is SOURCE
    assert SOURCE.licence == "(c) OpenStreetMap contributors, ODbL 1.0"
    assert SOURCE.needs_path


async def test_an_element_becomes_a_company_with_evidence_for_every_value(write: Any) -> None:
    tags = {
        "name": "Oak  Offices\n",
        "office": "property_management",
        "addr:street": "Elm St",
        "addr:housenumber": "1",
        "addr:city": "Austin",
        "addr:state": "Texas",
        "addr:postcode": "78701",
        "addr:country": "US",
        "website": "https://www.facebook.com/oak;oak.example/",
        "contact:phone": "+1 512 555 0100; +1 512 555 0101",
        "email": "hello@oak.example;not an address",
    }

    [each] = await found(write([("way", 7, tags)]))

    assert each.company == Company(
        "Oak Offices",
        domain="oak.example",
        website="https://oak.example/",
        street="1 Elm St",
        city="Austin",
        state="TX",
        postcode="78701",
        country="US",
        phone="+1 512 555 0100",
        category="property_management",
        discovery_source="osm",
        source_ref="osm:way/7",
    )
    quotes = {fact.field: (fact.value, fact.quote) for fact in each.evidence}
    assert quotes["state"] == ("TX", "name=Oak Offices; addr:state=Texas")
    assert quotes["phone"][1] == f"name=Oak Offices; contact:phone={tags['contact:phone']}"
    assert quotes["category"][1] == "name=Oak Offices; office=property_management"
    assert quotes["email"] == ("hello@oak.example", f"name=Oak Offices; email={tags['email']}")
    assert set(quotes) == {
        "company_name", "domain", "website", "street", "city", "state", "postcode", "country",
        "phone", "category", "discovery_source", "email",
    }  # fmt: skip
    assert {(f.source_url, f.rule, f.method, f.confidence, f.seen_at) for f in each.evidence} == {
        ("osm:way/7", "source.osm", "source", 0.7, NOW)
    }


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("property managers", "1"),
        ("real estate agents", "2"),
        ("real estate", "1 2"),
        ("lawyers", "3"),
        ("dentists", "4"),
        ("hotels", "5"),
        ("guest houses", "6"),
        ("vacation rentals", "7"),
        ("companies", "8"),
        ("shops", "9 10"),
        ("bakeries", "9"),
        ("plumber", "11"),
        ("florist", ""),
        ("", "1 2 3 4 5 6 7 8 9 10 11"),
    ],
)
async def test_a_category_asks_for_its_tags(write: Any, asked: str, expected: str) -> None:
    pairs = (
        "office=property_management office=estate_agent office=lawyer amenity=dentist "
        "tourism=hotel tourism=guest_house tourism=apartment office=company shop=bakery "
        "shop=books;gift craft=plumber office=government shop=vacant amenity=bench highway=bus_stop"
    )
    tags = [dict([pair.split("=")]) | {"name": f"Firm {n}"} for n, pair in enumerate(
        pairs.split(), 1)]  # fmt: skip
    path = write([("node", number, each) for number, each in enumerate(tags, 1)])

    assert await names(path, category=asked) == expected


async def test_what_is_closed_or_has_no_name_is_left_out(write: Any) -> None:
    path = write(
        [
            office(1, disused="yes"),
            office(2, end_date="2019"),
            office(3, opening_hours="closed"),
            ("node", 4, {"office": "company"}),
            ("node", 5, {"name": "Gone", "disused:office": "company"}),
            office(6, opening_hours="Mo-Fr 08:00-16:00"),
        ]
    )

    assert await names(path) == "6"


@pytest.mark.parametrize(
    ("options", "asked", "expected"),
    [
        ("", {"city": "helsinki"}, "1"),
        ("", {"country": "FI"}, "1"),
        ("?country=FI", {"country": "FI"}, "1 3"),
        ("?country=Finland&city=Helsinki", {"country": "FI", "city": "Helsinki"}, "1 3"),
        ("?city=Helsinki", {"city": "Espoo"}, "2"),
        ("?city=Helsinki", {}, "1 2 3"),
    ],
)
async def test_what_is_said_of_the_whole_extract_stands_where_an_element_says_nothing(
    write: Any, options: str, asked: dict[str, str], expected: str
) -> None:
    path = write(
        [
            office(1, addr__city="Helsinki", addr__country="FI"),
            office(2, addr__city="Espoo", addr__country="SE"),
            office(3),
        ]
    )

    assert await names(f"{path}{options}", **asked) == expected


async def test_what_is_said_of_the_extract_is_weaker_evidence_of_its_own(write: Any) -> None:
    path = write([office(1, addr__street="Elm St", addr__housenumber="1")])

    [each] = await found(f"{path}?state=TX&country=US")

    facts = {fact.field: fact for fact in each.evidence}
    assert (each.company.state, each.company.street) == ("TX", "1 Elm St")
    assert (facts["state"].rule, facts["state"].confidence) == ("source.osm.extract", 0.6)
    assert facts["state"].quote == "the whole extract: country=US, state=TX"
    assert facts["street"].rule == "source.osm"


async def test_a_place_that_no_element_states_is_refused_with_what_to_do(write: Any) -> None:
    path = write([office(1, addr__city="Austin")])

    assert await names(path, city="Austin") == "1"
    assert await refused(path, state="TX", city="Austin") == (
        "x.osm.pbf: no company in it states its state; say where all of it lies: "
        "osm:x.osm.pbf?state=TX"
    )


async def test_wrong_options_are_refused() -> None:
    with pytest.raises(UnknownName, match="did you mean 'country'"):
        SOURCE.open("x.osm.pbf?contry=FI", {})
    with pytest.raises(InputError, match="given twice"):
        SOURCE.open("x.osm.pbf?city=A&city=B", {})
    with pytest.raises(InputError, match="unknown country"):
        SOURCE.open("x.osm.pbf?country=Atlantis", {})


async def test_batches_go_on_by_kind_and_id_in_whatever_order_the_file_is(write: Any) -> None:
    ids = [n * 37 % 101 for n in range(1, 60)]
    kinds = ("relation", "node", "way")
    rows = [office(number, kinds[number % 3]) for number in ids]
    source = SOURCE.open(str(write(rows)), {})
    criteria = build_criteria({})

    whole = await source.batch(criteria, 0, 1000, NOW)
    parts, _ = await read_on(lambda offset: source.batch(criteria, offset, 7, NOW))

    assert parts == whole.found
    refs = [each.company.source_ref for each in parts]
    by_kind = {kind: [int(r.split("/")[1]) for r in refs if f":{kind}/" in r] for kind in kinds}
    assert all(numbers == sorted(numbers) for numbers in by_kind.values())
    assert [r.split("/")[0] for r in refs] == (
        ["osm:node"] * len(by_kind["node"]) + ["osm:way"] * len(by_kind["way"])
        + ["osm:relation"] * len(by_kind["relation"])
    )  # fmt: skip
    assert len(refs) == 59


async def test_a_sorted_file_is_read_no_further_than_needed(write: Any) -> None:
    rows = [office(number) for number in range(1, 40)]
    path = write(rows, sorting="Type_then_ID")
    source = SOURCE.open(str(path), {})

    first = await source.batch(build_criteria({}), 0, 5, NOW)
    rest = await source.batch(build_criteria({}), first.next_offset, 100, NOW)

    assert not first.exhausted
    assert [f.company.name for f in (*first.found, *rest.found)] == [r[2]["name"] for r in rows]


@pytest.mark.parametrize("kept", [1, 14, 70, 0.5, -1])
async def test_a_file_that_is_cut_off_is_refused(write: Any, kept: float) -> None:
    path = write([office(number) for number in range(1, 200)])
    whole = path.read_bytes()

    path.write_bytes(whole[: int(kept * len(whole)) if kept == 0.5 else int(kept)])

    message = await refused(path)
    assert "cut off" in message or "is no .osm.pbf" in message


async def test_a_file_broken_inside_is_refused(write: Any) -> None:
    path = write([office(number) for number in range(1, 200)])
    whole = path.read_bytes()
    middle = whole.rindex(b"OSMData") + 40

    path.write_bytes(whole[:middle] + bytes(20) + whole[middle + 20 :])

    assert "x.osm.pbf: cannot be read as .osm.pbf: " in await refused(path)


async def test_an_extract_that_unpacks_to_far_too_much_is_refused(
    write: Any, tmp_path: Path
) -> None:
    whole = write([office(1)]).read_bytes()
    packed = zlib.compress(bytes(16_000_000))
    blob = b"\x10" + _varint(16_000_000) + b"\x1a" + _varint(len(packed)) + packed
    header = b"\x0a\x07OSMData\x18" + _varint(len(blob))
    path = tmp_path / "bomb.osm.pbf"

    path.write_bytes(whole + 8 * (len(header).to_bytes(4, "big") + header + blob))

    assert "bytes unpack to 128,0" in await refused(path)
    with pytest.raises(InputError, match="more than 100 times as many"):
        await SOURCE.open(str(path), {}).batch(build_criteria({}), 0, 9, NOW)


def _varint(number: int) -> bytes:
    groups = [number >> shift & 127 for shift in range(0, max(number.bit_length(), 1), 7)]
    return bytes([*(group | 128 for group in groups[:-1]), groups[-1]])


async def test_what_is_no_extract_is_refused(write: Any, tmp_path: Path) -> None:
    (tmp_path / "text.osm.pbf").write_text("<osm version='0.6'></osm>")
    (tmp_path / "empty.osm.pbf").write_bytes(b"")

    assert "is no .osm.pbf file; convert it" in await refused(tmp_path / "text.osm.pbf")
    assert "is empty" in await refused(tmp_path / "empty.osm.pbf")
    assert "No such file" in await refused(tmp_path / "gone.osm.pbf")
    assert "is not a file" in await refused(tmp_path)
    bench = write([("node", 1, {"name": "Seat", "amenity": "bench"})], "bench.osm.pbf")
    assert "holds no company" in await refused(bench)


@pytest.mark.parametrize("name", ["a?b.pbf", "a b.osm", "-", "it's.pbf", "x.osm.pbf,add_meta=true"])
async def test_a_strange_file_name_reads_that_file_alone(write: Any, name: str) -> None:
    assert await names(write([office(4)], name)) == "4"


async def test_without_osmium_one_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = b"\x0a\x09OSMHeader\x18\x01"
    path = tmp_path / "x.osm.pbf"
    path.write_bytes(len(header).to_bytes(4, "big") + header + b"x")
    monkeypatch.setitem(sys.modules, "osmium", None)

    message = await refused(path)

    assert message == "osm needs osmium to read a file: pip install 'sluice-leads[osm]'"


def test_paths_become_absolute_and_addresses_stay() -> None:
    assert SOURCE.absolute("x.pbf?country=FI") == f"{Path.cwd()}/x.pbf?country=FI"
    assert SOURCE.absolute("https://overpass.example/api") == "https://overpass.example/api"


@given(st.integers(0, 2), st.integers(1, (1 << 60) - 1))
def test_a_key_is_a_cursor_that_json_can_carry(kind: int, number: int) -> None:
    key = Element(kind, number, {}).key

    assert split_key(json.loads(json.dumps(key))) == (kind, number)
    assert key < 1 << 63


_KEYS = st.sampled_from(["office", "shop", "amenity", "tourism", "craft", "building", "name"])
_VALUES = st.sampled_from(["lawyer", "company", "yes", "no", "vacant", "hotel", "a;b", "", "x y"])


@given(
    st.dictionaries(_KEYS, _VALUES),
    st.sampled_from(["", "law_firm", "hotel", "shop", "company", "real_estate", "x"]),
)
def test_the_category_of_an_element_is_what_was_asked_or_none(
    tags: dict[str, str], asked: str
) -> None:
    category = category_of(tags, asked)

    assert category == category_name(category)
    assert not asked or not category or category_fits(category, asked)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=400), st.booleans())
async def test_any_bytes_are_read_or_refused_in_one_line(
    osmium: ModuleType, tmp_path: Path, content: bytes, framed: bool
) -> None:
    head = b"\0\0\0\x0d\x0a\x09OSMHeader\x18\x05" if framed else b""
    (tmp_path / "any.osm.pbf").write_bytes(head + content)

    assert await refused(tmp_path / "any.osm.pbf")
