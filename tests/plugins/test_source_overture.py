"""app/sources/overture.py"""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from app import registry, sample
from app.errors import InputError
from app.records.company import Company
from app.records.criteria import Criteria
from app.sources.overture import SOURCE
from tests.plugins.batches import read_on
from tests.plugins.places import (
    NEWER,
    NOW,
    OLDER,
    found,
    names,
    place,
    write_geojson,
    write_parquet,
)


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
    parts, end = await read_on(lambda offset: source.batch(criteria, offset, 7, NOW))

    assert parts == whole.found
    refs = [each.company.source_ref for each in parts]
    assert refs == sorted(refs)
    assert len(refs) == 66
    assert end == whole.next_offset


async def test_the_bundled_places_are_read() -> None:
    path = Path(sample.__file__).with_name("places.parquet")

    everything = await found(path)
    managers = await found(path, category="property managers", state="Texas", city="Austin")

    assert 0 < len(managers) < len(everything)
    assert {(c.company.state, c.company.city) for c in managers} == {("TX", "Austin")}
    assert {each.company.category for each in managers} == {"property_management"}
