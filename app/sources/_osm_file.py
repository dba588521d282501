"""Elements of a local .osm.pbf file, read with osmium.

The file's frame (wiki.openstreetmap.org/wiki/PBF_Format: a length, a BlobHeader, a Blob, and again)
is walked first, without unpacking what is in it: that takes milliseconds, and finds a download that
broke off and one that would unpack to far too much. Tags are filtered by osmium, outside of Python.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from app.errors import InputError
from app.sources._expansion import check_expansion
from app.sources._found import cell
from app.sources._osm_company import Element
from app.sources._table import label, regular_file

_MAX_HEADER = 64 * 1024
_MAX_BLOB = 32 * 1024 * 1024
_KINDS = {"n": 0, "w": 1, "r": 2}
_DATASIZE, _RAW_SIZE = 3, 2
"""Fields of BlobHeader and of Blob, varints."""
_BLOB_START = 32
"""Bytes of a blob in which its raw_size stands, unless it is written behind the data."""


def check_frame(path: Path) -> None:
    """See that the file is PBF and whole. Raises InputError with the place where it is not."""
    size = regular_file(path).stat().st_size
    try:
        with path.open("rb") as file:
            if b"OSMHeader" not in file.read(64):
                raise InputError(
                    f"{label(path)}: is no .osm.pbf file; convert it: "
                    "osmium cat FILE -o FILE.osm.pbf"
                )
            file.seek(0)
            unpacked = 0
            while file.tell() < size:
                start = file.tell()
                said = _skip_blob(file, size)
                unpacked += said or 0
                if said is None:
                    raise InputError(
                        f"{label(path)}: cut off or broken at byte {start:,} of {size:,}; "
                        "fetch it again"
                    )
    except OSError as error:
        raise InputError(f"{label(path)}: cannot be read: {error.strerror}") from None
    check_expansion(path, unpacked)


def elements(path: Path, keys: Iterable[str]) -> Iterator[Element]:
    """The elements with a name and one of these keys, in the order of the file.

    Raises InputError for a broken file, one with several versions of an element, and without
    osmium.
    """
    osmium = _osmium()
    try:
        file = osmium.io.File(str(path.absolute()), "pbf")
        found = osmium.FileProcessor(file)
        if found.header.has_multiple_object_versions:
            raise InputError(f"{label(path)}: is a history file; use an extract without history")
        found = found.with_filter(osmium.filter.KeyFilter("name"))
        for each in found.with_filter(osmium.filter.KeyFilter(*sorted(keys))):
            kind = _KINDS.get(each.type_str())
            if kind is not None and each.id > 0:
                yield Element(kind, each.id, {tag.k: tag.v for tag in each.tags})
    except (RuntimeError, UnicodeDecodeError) as error:
        reason = cell(str(error).partition("\n")[0])[:200]
        raise InputError(f"{label(path)}: cannot be read as .osm.pbf: {reason}") from None


def is_sorted(path: Path) -> bool:
    """Whether the file says that its elements stand in the order of kind and id."""
    osmium = _osmium()
    try:
        with osmium.io.Reader(osmium.io.File(str(path.absolute()), "pbf")) as reader:
            return "Type_then_ID" in reader.header().get("sorting", "")
    except RuntimeError:
        return False


def _osmium() -> Any:
    try:
        import osmium  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        raise InputError(
            "osm needs osmium to read a file: pip install 'sluice-leads[osm]'"
        ) from None
    return osmium


def _skip_blob(file: BinaryIO, size: int) -> int | None:
    """Go on behind the next blob; bytes that it says to unpack to, None where there is no whole
    one."""
    length = int.from_bytes(file.read(4), "big")
    header = file.read(length) if 0 < length <= _MAX_HEADER else b""
    data = _number(header, _DATASIZE)
    if len(header) != length or not 0 < data <= _MAX_BLOB or file.tell() + data > size:
        return None
    start = file.tell()
    unpacked = _number(file.read(min(data, _BLOB_START)), _RAW_SIZE)
    file.seek(start + data)
    return unpacked


def _number(message: bytes, field: int) -> int:
    """A field of a message (protocol buffers) that is a varint; 0 where there is none."""
    place = 0
    while place < len(message):
        tag, place = _varint(message, place)
        value, after = _varint(message, place)
        if tag & 7 == 0:
            if tag >> 3 == field:
                return value
            place = after
        elif tag & 7 == 2:
            place = after + value
        else:
            return 0
    return 0


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """(a base-128 number, the place behind it)."""
    value = shift = 0
    while place < len(data) and shift < 64:
        byte = data[place]
        value |= (byte & 127) << shift
        place, shift = place + 1, shift + 7
        if byte < 128:
            break
    return value, place
