"""app/sources/overture.py: files that are strange, broken or hostile."""

from pathlib import Path

import pytest

from app.errors import InputError
from app.records.criteria import Criteria
from app.sources._duck import opened
from app.sources.overture import SOURCE
from tests.plugins.places import OLDER, SHARED, duckdb, names, place, refused, write_parquet


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
