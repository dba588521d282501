"""Writes places.parquet: the companies of the sample, and other places, in the Overture schema.

Run `python -m app.sample.build_places` after companies.csv, other_places.csv or labels.json
changed. Columns as in Overture Places (https://docs.overturemaps.org/schema/reference/places/):
both `categories`, as older releases have it, and `taxonomy` with `basic_category`.
"""

import csv
import json
import struct
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FOLDER = Path(__file__).parent
RELEASED = "2026-10-21T00:00:00.000Z"

COLUMNS = {
    "id": "VARCHAR",
    "geometry": "BLOB",
    "bbox": "STRUCT(xmin DOUBLE, xmax DOUBLE, ymin DOUBLE, ymax DOUBLE)",
    "type": "VARCHAR",
    "version": "INTEGER",
    "sources": "STRUCT(property VARCHAR, dataset VARCHAR, record_id VARCHAR,"
    " update_time VARCHAR, confidence DOUBLE)[]",
    "names": 'STRUCT("primary" VARCHAR, common MAP(VARCHAR, VARCHAR),'
    " rules STRUCT(variant VARCHAR, language VARCHAR, value VARCHAR)[])",
    "categories": 'STRUCT("primary" VARCHAR, alternate VARCHAR[])',
    "basic_category": "VARCHAR",
    "taxonomy": 'STRUCT("primary" VARCHAR, hierarchy VARCHAR[], alternates VARCHAR[])',
    "confidence": "DOUBLE",
    "operating_status": "VARCHAR",
    "websites": "VARCHAR[]",
    "socials": "VARCHAR[]",
    "emails": "VARCHAR[]",
    "phones": "VARCHAR[]",
    "brand": 'STRUCT(wikidata VARCHAR, names STRUCT("primary" VARCHAR))',
    "addresses": "STRUCT(freeform VARCHAR, locality VARCHAR, postcode VARCHAR, region VARCHAR,"
    " country VARCHAR)[]",
}
"""Column -> DuckDB type, in the order of the file."""

_OVERTURE_CATEGORY = {
    "vacation_rental_management": "holiday_rental_home",
    "hoa_management": "homeowner_association",
    "real_estate_brokerage": "real_estate_agent",
    "law_firm": "lawyer",
    "dental_clinic": "dentist",
}

_PARENTS = {
    "property_management": ("services_and_business", "real_estate_service"),
    "homeowner_association": ("services_and_business", "real_estate_service"),
    "real_estate_agent": ("services_and_business", "real_estate_service"),
    "apartments": ("services_and_business", "real_estate_service"),
    "lawyer": ("services_and_business", "legal_service"),
    "self_storage_facility": ("services_and_business", "storage_facility"),
    "plumbing": ("services_and_business", "home_service"),
    "holiday_rental_home": ("lodging", "private_lodging"),
    "dentist": ("health_care", "dental_care"),
    "coffee_shop": ("food_and_drink", "beverage_shop"),
}

_CENTRES = {
    "Austin, TX": (-97.7431, 30.2672),
    "Round Rock, TX": (-97.6789, 30.5083),
    "Cedar Park, TX": (-97.8203, 30.5052),
    "Dallas, TX": (-96.7970, 32.7767),
    "Houston, TX": (-95.3698, 29.7604),
    "San Antonio, TX": (-98.4936, 29.4241),
    "New Braunfels, TX": (-98.1245, 29.7030),
    "Port Aransas, TX": (-97.0611, 27.8339),
    "Galveston, TX": (-94.7977, 29.3013),
    "Estes Park, CO": (-105.5217, 40.3772),
    "Portland, OR": (-122.6784, 45.5152),
    "Tacoma, WA": (-122.4443, 47.2529),
    "Austin, MN": (-92.9746, 43.6666),
    "Tulsa, OK": (-95.9928, 36.1540),
    "Phoenix, AZ": (-112.0740, 33.4484),
    "Toronto, ON": (-79.3832, 43.6532),
}
"""City -> longitude and latitude of its centre, degrees (WGS84)."""


def places() -> list[dict[str, Any]]:
    """The rows of the file, one per place, ordered by id."""
    rows = [_place(row) for row in (*_companies(), *_read("other_places.csv"))]
    return sorted(rows, key=lambda row: row["id"])


def write(path: Path) -> None:
    """Write the places to `path` as Parquet."""
    import duckdb

    columns = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
    marks = ", ".join("?" for _ in COLUMNS)
    with duckdb.connect() as db:
        db.execute(f"CREATE TABLE places ({columns})")
        db.executemany(
            f"INSERT INTO places VALUES ({marks})",  # noqa: S608  (question marks only)
            [[row[name] for name in COLUMNS] for row in places()],
        )
        target = str(path).replace("'", "''")
        db.execute(f"COPY places TO '{target}' (FORMAT parquet, COMPRESSION zstd)")


def _read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _companies() -> Iterator[dict[str, str]]:
    """companies.csv without its duplicate, with the streets that the labels know."""
    labels = json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))["sites"]
    expected = {host_of(site["website"]): site["expected"] for site in labels}
    seen: set[str] = set()
    for row in _read("companies.csv"):
        host = host_of(row["website"])
        if host and host in seen:
            continue
        seen.add(host)
        known: Mapping[str, Any] = expected.get(host, {})
        yield {
            **row,
            "name": row["company"],
            "website": _with_scheme(row["website"]),
            "street": known.get("street") or "",
            "postcode": known.get("postal_code") or "",
            "category": _OVERTURE_CATEGORY.get(row["category"], row["category"]),
            "phone": e164(row["phone"]),
            "confidence": f"{0.70 + _share(row['company'], 'confidence') * 0.29:.2f}",
            "operating_status": "open",
        }


def _place(row: Mapping[str, str]) -> dict[str, Any]:
    longitude, latitude = _position(row)
    category, confidence = row["category"], float(row["confidence"])
    identity = sha256(f"{row['name']}|{row['city']}|{row['state']}".encode()).hexdigest()[:32]
    address = {
        "freeform": row["street"] or None,
        "locality": row["city"],
        "postcode": row["postcode"] or None,
        "region": row["state"],
        "country": row["country"],
    }
    source = {
        "property": "",
        "dataset": "sluice-sample",
        "record_id": identity[:12],
        "update_time": RELEASED,
        "confidence": confidence,
    }
    return {
        "id": identity,
        "geometry": struct.pack("<BIdd", 1, 1, longitude, latitude),
        "bbox": {"xmin": longitude, "xmax": longitude, "ymin": latitude, "ymax": latitude},
        "type": "place",
        "version": 1,
        "sources": [source],
        "names": {"primary": row["name"], "common": None, "rules": None},
        "categories": {"primary": category, "alternate": None},
        "basic_category": _PARENTS[category][-1],
        "taxonomy": {
            "primary": category,
            "hierarchy": [*_PARENTS[category], category],
            "alternates": None,
        },
        "confidence": confidence,
        "operating_status": row["operating_status"],
        "websites": [row["website"]] if row["website"] else None,
        "socials": None,
        "emails": None,
        "phones": [row["phone"]] if row["phone"] else None,
        "brand": None,
        "addresses": [address],
    }


def _position(row: Mapping[str, str]) -> tuple[float, float]:
    """A point within some 5 km of the city's centre; the same for the same name."""
    longitude, latitude = _CENTRES[f"{row['city']}, {row['state']}"]
    east, north = (_share(row["name"], axis) * 0.1 - 0.05 for axis in ("east", "north"))
    return round(longitude + east, 6), round(latitude + north, 6)


def _share(text: str, salt: str) -> float:
    """A number from 0 to 1 that only the text and the salt decide."""
    return int.from_bytes(sha256(f"{salt}:{text}".encode()).digest()[:4], "big") / 2**32


def host_of(website: str) -> str:
    """Host without www., lower case; empty for an empty website."""
    return (urlsplit(_with_scheme(website)).hostname or "").removeprefix("www.")


def e164(phone: str) -> str:
    """A North American number as +1 and ten digits; empty for an empty one."""
    digits = "".join(filter(str.isdigit, phone))
    return f"+1{digits[-10:]}" if digits else ""


def _with_scheme(website: str) -> str:
    return website if "//" in website or not website else f"https://{website}"


if __name__ == "__main__":
    write(FOLDER / "places.parquet")
