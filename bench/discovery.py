"""A million rows of which few match: read to the end by a source, and by nothing but its reader."""

import asyncio
import csv
import json
import random
import re
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app import registry
from app.records.criteria import build_criteria
from bench.server import Server

ROWS = 1_000_000
_ASKED = {"city": "Austin", "state": "TX", "category": "property management"}
_HEADER = (
    "company",
    "website",
    "street",
    "city",
    "state",
    "postcode",
    "country",
    "category",
    "phone",
)
_TOWNS = [("Austin", "TX"), *((f"Town {n}", ("CA", "NY", "TX")[n % 3]) for n in range(199))]
_TRADES = ["property_management", *(f"trade_{n}" for n in range(99))]
_PARQUET = """
    COPY (SELECT md5(website) AS id, {'primary': company} AS names, {'primary': category} AS
          categories, 0.9::DOUBLE AS confidence, [website] AS websites, [phone] AS phones,
          [{'freeform': street, 'locality': city, 'postcode': postcode, 'region': state,
            'country': country}] AS addresses
          FROM read_csv($csv, all_varchar = true)) TO '%s' (FORMAT parquet, COMPRESSION zstd)"""


async def discovery(_server: Server, rounds: int, *, profile: bool) -> None:
    """Every reading in a process of its own, one after the other; medians."""
    print(f"\ndiscovery: {ROWS:,} rows, place and category asked, few match")
    with TemporaryDirectory(prefix="sluice-bench-") as folder:
        files = await asyncio.to_thread(_files, Path(folder))
        for source, path in files.items():
            alone = [await _measured(f"alone_{source}", path) for _ in range(rounds)]
            ours = [await _measured(source, path) for _ in range(rounds)]
            _print(source, alone, ours)


def _print(source: str, alone: list[dict[str, float]], ours: list[dict[str, float]]) -> None:
    plain, read = (
        statistics.median(each["seconds"] for each in measured) for measured in (alone, ours)
    )
    if alone[0]["found"] != ours[0]["found"]:
        raise RuntimeError(f"{source} found {ours[0]['found']}, its reader {alone[0]['found']}")
    peak = max(each["mib"] for each in ours)
    print(f"  {source:9}  {read:5.1f} s, {ROWS / read:9,.0f} rows a second, {ours[0]['found']:.0f}"
          f" found, {peak:.0f} MiB at the highest; {read / plain:4.1f} times its reader alone"
          f" ({plain:.1f} s)")  # fmt: skip


def _files(folder: Path) -> dict[str, Path]:
    """The same rows as CSV and, with DuckDB, as an Overture extract."""
    chance = random.Random(7)  # the same rows every time
    files = {"csv_file": folder / "places.csv"}
    with files["csv_file"].open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(_HEADER)
        for n in range(ROWS):
            town, state = chance.choice(_TOWNS)
            firm = f"Firm {n}", f"https://firm{n}.example/", f"{n % 9999} Elm St"
            place = town, state, f"{n % 90000 + 10000}", "US"
            rows.writerow((*firm, *place, chance.choice(_TRADES), f"+1512{n:07d}"))
    try:
        import duckdb
    except ImportError:
        print("  overture: left out, DuckDB is not installed")
        return files
    path = folder / "places.parquet"
    with duckdb.connect() as connection:
        connection.execute(_PARQUET % path, {"csv": str(files["csv_file"])})
    return files | {"overture": path}


async def _measured(what: str, path: Path) -> dict[str, float]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.discovery", what, str(path)), stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    measured: dict[str, float] = json.loads(told)
    return measured


async def _discovered(source: str, path: str) -> int:
    """As intake and discovery read it."""
    opened = registry.load("app.sources", source, "SOURCE").open(path, {})
    criteria = build_criteria(_ASKED)
    await opened.check(criteria)
    found, offset = 0, 0
    while True:
        batch = await opened.batch(criteria, offset, 2000, datetime.now(UTC))
        found, offset = found + len(batch.found), batch.next_offset
        if batch.exhausted:
            return found


def _alone_csv_file(path: str) -> int:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return sum(
            (row["city"], row["category"]) == ("Austin", _TRADES[0]) for row in csv.DictReader(file)
        )


def _alone_overture(path: str) -> int:
    import duckdb

    where = "addresses[1].locality = 'Austin' AND categories.\"primary\" = 'property_management'"
    with duckdb.connect() as connection:
        asked = f"SELECT count(*) FROM read_parquet('{path}') WHERE {where}"
        [[found]] = connection.execute(asked).fetchall()
    return int(found)


def main(what: str, path: str) -> None:
    """One reading, in this process: seconds, rows found, memory."""
    alone: dict[str, Callable[[str], Any]] = {
        "alone_csv_file": _alone_csv_file,
        "alone_overture": _alone_overture,
    }
    started = time.perf_counter()
    found = alone[what](path) if what in alone else asyncio.run(_discovered(what, path))
    seconds = time.perf_counter() - started
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text("utf-8"))
    mib = int(peak[1]) / 1024 if peak else 0
    print(json.dumps({"seconds": seconds, "found": found, "mib": mib}))


if __name__ == "__main__":
    main(*sys.argv[1:])
