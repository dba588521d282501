"""Places in the shapes of the Overture data, and what the source makes of them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.errors import InputError
from app.pipeline.outcomes import Found
from app.records.criteria import Criteria
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
