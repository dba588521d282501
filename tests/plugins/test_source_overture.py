"""app/sources/overture.py"""

import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app import registry, sample
from app.errors import InputError
from app.pipeline.outcomes import Found
from app.records.company import Company
from app.records.criteria import Criteria
from app.sources._duck import opened
from app.sources.overture import SOURCE

duckdb = pytest.importorskip("duckdb", reason="the extra 'geo' is not installed")

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SHARED = {
    "id": "VARCHAR",
    "names": {"primary": "VARCHAR"},
    "confidence": "DOUBLE",
    "websites": ["VARCHAR"],
    "phones": ["VARCHAR"],
    "addresses": [
        {
            "freeform": "VARCHAR",
            "locality": "VARCHAR",
            "postcode": "VARCHAR",
            "region": "VARCHAR",
            "country": "VARCHAR",
        }
    ],
}
OLDER = SHARED | {"categories": {"primary": "VARCHAR", "alternate": ["VARCHAR"]}, "open": "BIGINT"}
NEWER = SHARED | {
    "taxonomy": {"primary": "VARCHAR", "hierarchy": ["VARCHAR"], "alternates": ["VARCHAR"]},
    "basic_category": "VARCHAR",
    "operating_status": "VARCHAR",
}


def write_parquet(path: Path, rows: list[dict[str, Any]], shape: dict[str, Any]) -> Path:
    with duckdb.connect() as connection:
        relation = connection.sql(
            "SELECT unnest(each) FROM (SELECT unnest(from_json($rows, $shape)) AS each)",
            params={"rows": json.dumps(rows), "shape": json.dumps([shape])},
        )
        relation.write_parquet(str(path))
    return path


def write_geojson(path: Path, rows: list[dict[str, Any]]) -> Path:
    features = [{"type": "Feature", "geometry": None, "properties": row} for row in rows]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def place(number: int, **changes: Any) -> dict[str, Any]:
    address = {
        "freeform": f"{number} Elm St",
        "locality": "Austin",
        "postcode": "78701",
        "region": "TX",
        "country": "US",
    }
    return {
        "id": f"id{number}",
        "names": {"primary": f"Firm {number}"},
        "confidence": 0.8,
        "websites": [f"https://www.firm{number}.example/"],
        "phones": ["+15125550100"],
        "addresses": [address | changes.pop("address", {})],
    } | changes


async def found(path: Path, **asked: Any) -> list[Found]:
    source = SOURCE.open(str(path), {})
    await source.check(Criteria())
    return list((await source.batch(Criteria(**asked), 0, 1000, NOW)).found)


async def names(path: Path, **asked: Any) -> str:
    return " ".join(each.company.name.removeprefix("Firm ") for each in await found(path, **asked))


async def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        await SOURCE.open(str(path), {}).check(Criteria())
    assert str(caught.value).isprintable()
    return str(caught.value)


def test_the_folder_lists_it_with_its_licence() -> None:
    assert registry.load("app.sources", "overture", "SOURCE") is SOURCE
    assert SOURCE.licence == "Overture Maps Foundation, CDLA-Permissive-2.0"
    assert SOURCE.needs_path


async def test_a_place_becomes_a_company_with_evidence_for_every_value(tmp_path: Path) -> None:
    row = place(1, categories={"primary": "property_management", "alternate": ["real_estate"]})
    path = write_parquet(tmp_path / "places.parquet", [row], OLDER)

    [each] = await found(path)

    assert each.company == Company(
        "Firm 1",
        domain="firm1.example",
        website="https://www.firm1.example/",
        street="1 Elm St",
        city="Austin",
        state="TX",
        postcode="78701",
        country="US",
        phone="+15125550100",
        category="property_management",
        discovery_source="overture",
        source_ref="overture:id1",
    )
    assert {fact.field: fact.value for fact in each.evidence} == {
        "company_name": "Firm 1",
        "domain": "firm1.example",
        "website": "https://www.firm1.example/",
        "street": "1 Elm St",
        "city": "Austin",
        "state": "TX",
        "postcode": "78701",
        "country": "US",
        "phone": "+15125550100",
        "category": "property_management",
        "discovery_source": "overture",
    }
    first = each.evidence[0]
    assert (first.method, first.rule, first.source_url) == (
        "source",
        "source.overture",
        "overture:id1",
    )
    assert first.confidence == 0.72
    assert first.quote.startswith("Firm 1; property_management; 1 Elm St; Austin; TX; 78701; US;")
    assert first.seen_at == NOW


@pytest.mark.parametrize("kind", ["older", "newer", "geojson", "lines"])
async def test_every_shape_of_the_data_gives_the_same_companies(tmp_path: Path, kind: str) -> None:
    older = [place(n, categories={"primary": c}) for n, c in enumerate(["hotel", "lawyer"])]
    newer = [place(n, taxonomy={"primary": c}) for n, c in enumerate(["hotel", "lawyer"])]
    path = tmp_path / "places"
    if kind == "older":
        write_parquet(path, older, OLDER)
    elif kind == "newer":
        write_parquet(path, newer, NEWER)
    elif kind == "geojson":
        write_geojson(path, older)
    else:
        lines = [json.dumps({"type": "Feature", "properties": row}) for row in newer]
        path = tmp_path / "places.geojsonl"
        path.write_text("\n".join(lines))

    companies = [each.company for each in await found(path)]

    assert [(c.name, c.category, c.source_ref) for c in companies] == [
        ("Firm 0", "hotel", "overture:id0"),
        ("Firm 1", "law_firm", "overture:id1"),
    ]


@pytest.mark.parametrize(
    "categories",
    [
        {"categories": {"primary": "property_management"}},
        {"categories": {"primary": "x", "alternate": ["property_management"]}},
        {"categories": {"primary": "x", "alternates": ["property_management"]}},
        {"taxonomy": {"primary": "property_management"}},
        {"taxonomy": {"primary": "x", "hierarchy": ["y", "property_management"]}},
        {"taxonomy": {"primary": "x", "alternates": ["property_management"]}},
        {"basic_category": "property_management"},
    ],
)
async def test_a_category_matches_wherever_the_place_states_it(
    tmp_path: Path, categories: dict[str, Any]
) -> None:
    other = place(2, categories={"primary": "law_firm"}, taxonomy={"primary": "law_firm"})
    path = write_geojson(tmp_path / "p.geojson", [place(1, **categories), other])

    companies = [each.company for each in await found(path, category="property managers")]

    assert [(c.name, c.category) for c in companies] == [("Firm 1", "property_management")]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "1 2 3 4 5 6"),
        ({"state": "Texas"}, "1 2 3"),
        ({"country": "US"}, "1 2 3 6"),
        ({"city": "AUSTIN"}, "1 2 6"),
        ({"city": "san josé"}, "4"),
        ({"state": "ON"}, "5"),
        ({"state": "TX", "city": "austin", "country": "USA"}, "1 2"),
        ({"exclude_domains": ["firm1.example", "firm5.example"]}, "2 3 4 6"),
    ],
)
async def test_places_are_filtered_by_where_they_are(
    tmp_path: Path, asked: dict[str, Any], expected: str
) -> None:
    rows = [
        place(1),
        place(2, address={"region": "US-TX", "locality": "austin "}),
        place(3, address={"region": "Texas", "locality": "Dallas"}),
        place(4, address={"region": None, "locality": "San José", "country": "CR"}),
        place(5, address={"region": "ON", "locality": "Ottawa", "country": "CA"}),
        place(6, address={"region": None}),
    ]
    path = write_parquet(tmp_path / "p.parquet", rows, OLDER)

    assert await names(path, **asked) == expected


async def test_what_is_closed_is_left_out(tmp_path: Path) -> None:
    newer = [
        place(1, operating_status="open"),
        place(2, operating_status="permanently_closed"),
        place(3, operating_status="temporarily_closed"),
        place(4),
    ]
    older = [place(1, open=1), place(2, open=0), place(3)]

    assert await names(write_parquet(tmp_path / "n.parquet", newer, NEWER)) == "1 4"
    assert await names(write_parquet(tmp_path / "o.parquet", older, OLDER)) == "1 3"


async def test_a_confidence_threshold_leaves_out_what_is_below(tmp_path: Path) -> None:
    rows = [place(1, confidence=0.4), place(2, confidence=0.6), place(3, confidence=None)]
    path = write_parquet(tmp_path / "p.parquet", rows, OLDER)

    batch = await SOURCE.open(f"{path}?confidence=0.5", {}).batch(Criteria(), 0, 9, NOW)

    assert [each.company.name for each in batch.found] == ["Firm 2", "Firm 3"]
    assert [each.evidence[0].confidence for each in batch.found] == [0.54, 0.45]


@pytest.mark.parametrize("threshold", ["1.1", "-1", "nan", "high"])
def test_a_threshold_that_is_none_is_refused(threshold: str) -> None:
    with pytest.raises(InputError, match="is no number from 0 to 1"):
        SOURCE.open(f"places.parquet?confidence={threshold}", {})


async def test_a_text_that_no_place_needs_is_cut_before_it_is_read(tmp_path: Path) -> None:
    long = place(
        1, names={"primary": "a" * 3_000_000}, websites=["https://b.example/" + "b" * 9_000_000]
    )
    path = write_parquet(tmp_path / "p.parquet", [long, place(2)], OLDER)

    tracemalloc.start()
    [one, _] = await found(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(one.company.name) <= 500
    assert peak < 3_000_000


@pytest.mark.parametrize(
    ("websites", "domain"),
    [
        (["https://www.facebook.com/x", "https://linktr.ee/x", "https://own.example"],
         "own.example"),
        (["", None, "own.example"], "own.example"),
        (["https://www.yelp.com/biz/x"], ""),
        ([], ""),
        (None, ""),
    ],
)  # fmt: skip
async def test_the_website_is_the_first_that_is_the_companys_own(
    tmp_path: Path, websites: list[str | None] | None, domain: str
) -> None:
    path = write_parquet(tmp_path / "p.parquet", [place(1, websites=websites)], OLDER)

    [each] = await found(path)

    assert each.company.domain == domain


async def test_a_place_of_which_little_is_known_is_still_a_company(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"id": "a", "names": {"primary": "Bare"}},
        {"id": "b", "websites": ["own.example"]},
        {"id": "c"},
        {"names": {"primary": "No id"}},
    ]
    path = write_parquet(tmp_path / "p.parquet", rows, OLDER)

    assert [each.company.name for each in await found(path)] == ["Bare", "own.example"]


async def test_batches_go_on_in_the_order_of_ids(tmp_path: Path) -> None:
    rows = [place(n, id=f"{n * 37 % 100:03}") for n in range(100)] + [place(3, id="007")]
    source = SOURCE.open(str(write_parquet(tmp_path / "p.parquet", rows, OLDER)), {})
    criteria = Criteria(exclude_domains=tuple(f"firm{n}.example" for n in range(0, 100, 3)))

    whole = await source.batch(criteria, 0, 1000, NOW)
    parts: list[Found] = []
    offset: Any = 0
    while True:
        batch = await source.batch(criteria, offset, 7, NOW)
        parts += batch.found
        offset = batch.next_offset
        if batch.exhausted:
            break

    assert tuple(parts) == whole.found
    refs = [each.company.source_ref for each in parts]
    assert refs == sorted(refs)
    assert len(refs) == 66
    assert offset == whole.next_offset


@pytest.mark.parametrize(
    "name", ["a'b; DROP.parquet", "st*r.parquet", "[s]tar.parquet", "st?r.parquet", "s\nt.parquet"]
)
async def test_a_strange_file_name_reads_that_file_alone(tmp_path: Path, name: str) -> None:
    write_parquet(tmp_path / "star.parquet", [place(1)], OLDER)
    write_parquet(tmp_path / "twin", [place(2)], OLDER).rename(tmp_path / name)

    assert await names(tmp_path / name) == "2"


async def test_nothing_but_the_file_can_be_read(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "p.parquet", [place(1)], OLDER)
    (tmp_path / "other.csv").write_text("secret")

    for statement in (
        f"SELECT * FROM read_text('{tmp_path}/other.csv')",
        f"COPY (SELECT 1) TO '{tmp_path}/new.csv'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
    ):
        with (
            pytest.raises(InputError, match=r"disabled|locked|configuration"),
            opened(path) as (connection, _),
        ):
            connection.execute(statement)
    assert not (tmp_path / "new.csv").exists()


@pytest.mark.parametrize("kept", [4, 100, 0.5, -1])
async def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, kept: float) -> None:
    path = write_parquet(tmp_path / "p.parquet", [place(n) for n in range(50)], OLDER)
    whole = path.read_bytes()

    path.write_bytes(whole[: int(kept * len(whole)) if kept == 0.5 else int(kept)])

    assert "cut off" in await refused(path)


async def test_a_file_broken_inside_is_refused(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "p.parquet", [place(n) for n in range(50)], OLDER)
    whole = path.read_bytes()

    path.write_bytes(whole[:4] + bytes(len(whole) - 8) + whole[-4:])

    assert "p.parquet: cannot be read as parquet" in await refused(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"name,website\nOak,oak.example\n", "is neither Parquet nor GeoJSON"),
        (b"\x89PNG", "is neither Parquet nor GeoJSON"),
        (b'{"type": "FeatureCollection", "features": [', "cannot be read as geojson: "),
        (b'{"a": \xff}', "is not valid UTF-8"),
        (b"{}", "holds no place with a name"),
        (b'{"features": [1, {"properties": {"id": "x", "names": 3}}]}', "holds no place"),
    ],
)
async def test_what_is_no_place_data_is_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "p.parquet"
    path.write_bytes(content)

    assert message in await refused(path)


async def test_other_columns_are_refused_by_name(tmp_path: Path) -> None:
    no_names = write_parquet(tmp_path / "a", [{"id": "1"}], {"id": "VARCHAR"})
    no_category = write_parquet(tmp_path / "b", [place(1)], SHARED)
    names_are_text = write_parquet(
        tmp_path / "c", [{"id": 1, "names": "Oak"}],
        {"id": "BIGINT", "names": "VARCHAR", "categories": "VARCHAR"},
    )  # fmt: skip

    assert await refused(no_names) == "a: is no Overture Places file: no 'names'"
    assert await refused(no_category) == "b: is no Overture Places file: no 'categories'"
    assert "c: cannot be read as parquet: Conversion Error" in await refused(names_are_text)


_BOMBS = {
    "unpack to 2": "SELECT repeat('a', 1000000) || i AS id, {'primary': 'Firm'} AS names, "
    "{'primary': 'bar'} AS categories FROM range(200) AS t(i)",
    "says to hold 2,000,000 rows in": "SELECT 'id' AS id, {'primary': 'Firm'} AS names, "
    "{'primary': 'bar'} AS categories FROM range(2000000)",
}


@pytest.mark.parametrize("message", _BOMBS)
async def test_a_file_that_unpacks_to_far_too_much_is_refused(tmp_path: Path, message: str) -> None:
    path = tmp_path / "p.parquet"
    with duckdb.connect() as connection:
        connection.sql(_BOMBS[message]).write_parquet(str(path), compression="zstd")

    assert message in await refused(path)


async def test_a_long_honest_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    with duckdb.connect() as connection:
        connection.sql(
            "SELECT 'id' || i AS id, {'primary': 'Firm ' || i} AS names, "
            "{'primary': 'bar'} AS categories FROM range(1200000) AS t(i)"
        ).write_parquet(str(path), compression="zstd")

    await SOURCE.open(str(path), {}).check(Criteria())


async def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert "No such file" in await refused(tmp_path / "gone.parquet")
    assert "is not a file" in await refused(tmp_path)


async def test_the_bundled_places_are_read() -> None:
    path = Path(sample.__file__).with_name("places.parquet")

    everything = await found(path)
    managers = await found(path, category="property managers", state="Texas", city="Austin")

    assert 0 < len(managers) < len(everything)
    assert {(c.company.state, c.company.city) for c in managers} == {("TX", "Austin")}
    assert {each.company.category for each in managers} == {"property_management"}
